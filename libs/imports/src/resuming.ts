/**
 * Imports that stopped half way: by a crash, a cut of power, a full disk, a store that went away. Each is carried to its end by the very
 * commands that it began with: what is there is acknowledged by its key, the rest is stored, and the close decides as always. Where the
 * file no longer reads as it did, the import is abandoned, and its reason says why. Used by file-import.ts.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AbandonImport, Refusal, sentence, type ImportOpened, type RefusalName, type SavedLedger } from '#ledger';
import type { Caller, LedgerCommands } from '#eventstore';
import type { ImportProgress } from './import-request.js';
import { lookedThrough, onDisk, type Incoming, type Originals } from './originals.js';
import { openingOf, Posting } from './posting.js';
import type { FileRead } from './read-file.js';
import { removeSpools } from './reading.js';
import type { Readings } from './readings.js';

/** What became of an import that had stopped; `stopped`: it still has, for the store or the disk is in trouble. */
export type Resumed = { readonly import: string; readonly outcome: 'resumed' | 'abandoned' | 'stopped'; readonly because: string | null };
/** An import that is open, as the saved state has it. */
type Open = SavedLedger['imports'][number];
type Told = (progress: ImportProgress) => void;
/** Reads a kept original as its opening says, on the present state; null where the file is of another year. @param asked whether the year was asked for · @param spools what its parts' names begin with */
export type ReadAgain = (
  file: string,
  seen: Incoming,
  opening: ImportOpened['data'],
  asked: boolean,
  spools: string,
  told: Told,
) => Promise<FileRead | null>;

/** Told of each import that stopped, that was resumed, or that was given up here because it could not be. */
export type ToldOfFate = (fate: Resumed['outcome'], id: string) => void;

/** Why an import cannot be resumed, as its abandonment says it. */
const CANNOT = 'stannade innan den var klar och kan inte återupptas: ';
const REGISTER_CHANGED = `${CANNOT}registret eller boken har ändrats sedan dess, så att filen läses annorlunda`;
const PROGRAM_CHANGED = `${CANNOT}programmet är ett annat och läser filen annorlunda`;
const ORIGINAL_MISSING = `${CANNOT}originalet är inte kvar`;
const ORIGINAL_ALTERED = `${CANNOT}originalet är inte som det kom`;
const READING_LOST = `${CANNOT}läsningen av filen är inte kvar som den var, och bara de valda raderna är sparade; läs in filen igen`;
const PERSON_ERASED = `${CANNOT}vem som började den, eller filens namn, är raderat`;

export class Resuming {
  /** How far each import has come that this process is at, by its id. */
  readonly underWay = new Map<string, ImportProgress>();

  /** @param ours whether an open import was begun here, where other machines write to the same ledger */
  constructor(
    private readonly originals: Originals,
    private readonly readings: Readings,
    private readonly incoming: string,
    private readonly commands: LedgerCommands,
    readonly ours: (id: string) => boolean,
    private readonly readAgain: ReadAgain,
    private readonly fate: ToldOfFate,
  ) {}

  /** Does the work of an import that nobody else is at; undefined where somebody is, here or on another machine. */
  async alone<T>(id: string, work: (told: Told) => Promise<T>): Promise<T | undefined> {
    if (this.underWay.has(id) || !this.ours(id)) return undefined;
    const told: Told = (progress) => void this.underWay.set(id, progress);
    told({ stage: 'reading', done: 0, of: 0 });
    try {
      return await work(told);
    } finally {
      this.underWay.delete(id);
    }
  }

  /**
   * Posts an import to its end. Where the store is in trouble it stays open, to be resumed; what fails for any other reason is abandoned.
   * @param post what to do; done twice where the store was in trouble, by the same keys @throws what it failed for · refuses `import-stopped` where it stays open
   */
  async carry(id: string, by: Caller, post: () => Promise<void>): Promise<void> {
    try {
      await onceMore(post);
      await this.readings.forget(id);
    } catch (error) {
      if (inTrouble(error)) throw this.#stopped(id, error);
      await this.abandon(id, sayable(error), by).catch(() => undefined); // a store that is away now is told when it is resumed: it fails again
      throw error;
    }
  }

  /**
   * Carries on with an import that stopped.
   * @param read its file, read again on the present state; or why it could not be
   * @returns null, or why it could not be resumed: it is abandoned then · refuses `import-stopped` where it stays open
   */
  async resume(open: Open, read: FileRead | string, by: Caller, told: Told): Promise<string | null> {
    const why = typeof read === 'string' ? read : await this.#goOn(open, read, told);
    if (why !== null) await this.abandon(open.import, why, by);
    else {
      await this.readings.forget(open.import);
      this.fate('resumed', open.import);
    }
    return why;
  }

  /** What the log says of its opening. */
  async openingOf({ openedSeq }: Open): Promise<ImportOpened['data']> {
    return ((await this.commands.recorded(openedSeq))!.event as ImportOpened).data;
  }

  /** Resumes, one by one, every import of ours that has stopped, from the originals that were kept. */
  async all(by: Caller): Promise<Resumed[]> {
    const ids = await this.commands.look((ledger) => [...ledger.openImports.entries()].map(([, open]) => open.import));
    const resumed: Resumed[] = [];
    for (const id of ids) {
      const one = await this.alone(id, (told) => this.#again(id, by, told));
      if (one) resumed.push(one);
    }
    return resumed;
  }

  /** Abandons it, unless it is closed or abandoned already. */
  async abandon(id: string, because: string, caller: Caller): Promise<void> {
    try {
      await this.commands.handle(new AbandonImport({ import: id, because }), { caller });
      this.fate('abandoned', id);
    } catch (error) {
      if (!(error instanceof Refusal && error.refusal === 'import-not-open')) throw error;
    }
    await this.readings.forget(id);
  }

  /** The trouble, as it is told of an import that stays open. */
  #stopped(id: string, error: unknown): Refusal {
    this.fate('stopped', id);
    const { facts, message } = error as Refusal;
    return new Refusal('import-stopped', { import: id, reason: String(facts['reason'] ?? message) });
  }

  async #again(id: string, by: Caller, told: Told): Promise<Resumed | null> {
    const state = await this.commands.look((ledger) => ledger.save());
    const open = state.imports.find((one) => one.import === id);
    if (!open) return null;
    const spools = join(this.incoming, randomUUID());
    try {
      const read = await this.#readKept(open, spools, told).catch((error: unknown) =>
        inTrouble(error) ? Promise.reject(error as Error) : sayable(error),
      );
      const because = await this.resume(open, read, by, told);
      return { import: id, outcome: because === null ? 'resumed' : 'abandoned', because };
    } catch (error) {
      if (!inTrouble(error)) throw error;
      if ((error as Refusal).refusal !== 'import-stopped') this.fate('stopped', id);
      return { import: id, outcome: 'stopped', because: sayable(error) };
    } finally {
      await removeSpools(spools);
    }
  }

  /** The original as it was kept, read on the present state; or why it cannot be. */
  async #readKept(open: Open, spools: string, told: Told): Promise<FileRead | string> {
    const [file, opening] = [this.originals.path(open.sha256), await this.openingOf(open)];
    if (opening.keptSha256 !== undefined) return (await onDisk(() => this.readings.of(open.import))) ?? READING_LOST;
    if (file === null) return ORIGINAL_MISSING;
    await onDisk(() => mkdir(this.incoming, { recursive: true }));
    const seen = await onDisk(() => lookedThrough(createReadStream(file)));
    if (seen.sha256 !== open.sha256) return ORIGINAL_ALTERED;
    const read = (await this.readAgain(file, seen, opening, true, spools, told))!;
    // whether the year was asked for is not kept, and some files are read otherwise where it was
    return readsAs(read, opening) ? read : ((await this.readAgain(file, seen, opening, false, spools, told)) ?? read);
  }

  /** Posts by the keys that the log knows, in the name of who began it, and consented to what it changes. @returns null, or why it cannot be */
  async #goOn(open: Open, read: FileRead, told: Told): Promise<string | null> {
    const { import: id, sha256, overtakenBy, openedSeq } = open;
    const { head, event } = (await this.commands.recorded(openedSeq))!;
    const { data, annex } = event as ImportOpened;
    const [login, codingSeq] = await this.commands.look((ledger) => [
      [...ledger.persons.entries()].find(([, person]) => person === head.actor)?.[0],
      ledger.facts.codingSeq,
    ]);
    if (login === undefined || annex === undefined) return PERSON_ERASED;
    if (this.originals.path(data.keptSha256 ?? sha256) === null) return ORIGINAL_MISSING;
    if (overtakenBy !== undefined) return sentence('import-overtaken', { code: overtakenBy }, 'sv');
    const otherwise = codingSeq > openedSeq ? REGISTER_CHANGED : PROGRAM_CHANGED;
    if (!readsAs(read, data)) return otherwise;

    const of = data.vouchers + (data.corrections ?? 0);
    const options = { caller: { login, name: '', role: head.role }, source: `import:${sha256}` };
    const progress = (done: number) => told({ stage: 'posting', done, of });
    try {
      await onceMore(() => new Posting(id, read, this.commands, options, progress).post(annex.file));
      return null;
    } catch (error) {
      if (inTrouble(error)) throw this.#stopped(id, error);
      return error instanceof Refusal && READ_OTHERWISE.includes(error.refusal) ? otherwise : sayable(error);
    }
  }
}

/** Whether the reading comes to what the opening says. */
function readsAs(read: FileRead, opening: ImportOpened['data']): boolean {
  const { import: id, sha256, bytes, kind, format, profile, book, year, fiscalYear } = opening;
  const about = { import: id, sha256, bytes, kind, format, profile, book, year, ...(fiscalYear && { fiscalYear }) };
  return read.errorsInAll === 0 && isDeepStrictEqual(openingOf(read, about), opening);
}

/** A part, correction or finding that is there says something else. */
const READ_OTHERWISE: readonly RefusalName[] = ['key-used-otherwise', 'import-part-out-of-order', 'already-corrected', 'import-incomplete'];
/** What is no fault of the import: it can go on when the store or the disk can. */
const TROUBLE: readonly RefusalName[] = ['store-unavailable', 'result-unknown', 'ledger-busy', 'too-many-writers', 'import-stopped'];
const inTrouble = (error: unknown): boolean =>
  error instanceof Refusal && TROUBLE.includes(error.refusal) && error.facts['reason'] !== 'too-large';

const unknown = (error: unknown): boolean => (error as Refusal).refusal === 'result-unknown';

/** Once more where the store was in trouble for a moment: keys see to that nothing is stored twice. @throws the first trouble where there is more; an unknown result before any other, for then it may be there */
export async function onceMore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (first) {
    if (!inTrouble(first)) throw first;
    return work().catch((second: unknown) => Promise.reject((inTrouble(second) && !unknown(second) ? first : second) as Error));
  }
}

/** What went wrong, as an event can hold it. */
const sayable = (error: unknown): string =>
  (error as Error).message
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, 500)
    .toWellFormed() || 'okänt fel';
