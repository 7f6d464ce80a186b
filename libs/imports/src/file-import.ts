/**
 * A month's file into the ledger, whole or not at all: received and hashed, read and checked in a worker thread, then
 * opened, posted in parts and closed. A refused file leaves one event; a failure on the way leaves an abandoned import and
 * no figure. Called by the doors through the command bus's owner.
 */
import { randomUUID, createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AbandonImport,
  checkedYear,
  CloseImport,
  ImportVouchers,
  fileKey,
  importedElsewhere,
  isBook,
  OpenImportOfFile,
  RecordFindings,
  Refusal,
  refuse,
  RefuseImport,
  sentence,
  Verbatim,
  isRefusalName,
  textOf,
  type Finding,
  type RowCounts,
} from '#ledger';
import { type Caller, type LedgerCommands, type Moved } from '#eventstore';
import { Cuts, type Cut } from './cuts.js';
import type { FileRead } from './read-file.js';
import { readReceived, removeSpools } from './reading.js';

export interface ImportRequest {
  readonly caller: Caller;
  readonly book: string;
  readonly year: number;
  /** The name that the user knows the file by. */
  readonly name: string;
  readonly dryRun?: boolean;
  /** The import's id; a random one where left out. A demo gives its own, so that it is the same everywhere. */
  readonly id?: string;
}

/** How far an import has come. `bytes` of the file while it is read, `vouchers` while they are posted. */
export type ImportProgress = { readonly stage: 'receiving' | 'reading' | 'posting'; readonly done: number; readonly of: number };

export interface ImportResult {
  readonly outcome: 'imported' | 'nothing-new' | 'already-imported' | 'dry-run';
  /** The import's id; of the earlier import where the file was imported already, null where nothing was opened. */
  readonly import: string | null;
  readonly sha256: string;
  readonly bytes: number;
  readonly counts: RowCounts | null;
  readonly vouchers: number;
  readonly findings: readonly Finding[];
  readonly effects: readonly Moved[];
  /** The ledger's position when it answered. */
  readonly seq: number;
}

/** A file that was not imported, with what was wrong row by row. */
export class FileRefused extends Refusal {
  constructor(
    readonly findings: readonly Finding[],
    readonly findingsInAll: number,
  ) {
    const { row, finding, facts } = findings[0]!;
    super('file-refused', { findingsInAll, row, first: isRefusalName(finding) ? sentence(finding, facts, 'sv') : finding });
  }
}

/** The profile of the simple voucher CSV: its columns say themselves what they are. */
const PROFILE = 'voucher-csv';
/** Parts on their way to the log at a time; posts by hand get in between. */
const IN_FLIGHT = 2;
/** Findings in one event. */
const FINDINGS_A_PART = 500;

export class FileImports {
  readonly #originals: string;
  readonly #incoming: string;
  /** Why, by the id of each import of ours that failed and may still be open, because the store could not be told. */
  readonly #left = new Map<string, string>();
  #opening: Promise<unknown> = Promise.resolve();

  /** @param folder the ledger's folder: `originals/<sha256>` keeps what was imported, `incoming/` what is on its way */
  constructor(
    folder: string,
    private readonly commands: LedgerCommands,
  ) {
    this.#originals = join(folder, 'originals');
    this.#incoming = join(folder, 'incoming');
  }

  /** Abandons what an earlier run left open, and clears what it left behind. Called once, when the ledger is opened for writing. */
  async recover(caller: Caller): Promise<void> {
    await rm(this.#incoming, { recursive: true, force: true });
    for (const id of await this.commands.look((ledger) => [...ledger.openImports.entries()].map(([, open]) => open.import)))
      this.#left.set(id, 'avbruten: programmet avslutades innan importen var klar');
    await this.#abandonLeft(caller);
  }

  /** The path of an imported file as it was, or null. @param sha256 64 hex digits */
  original(sha256: string): string | null {
    const path = join(this.#originals, sha256);
    return /^[0-9a-f]{64}$/.test(sha256) && existsSync(path) ? path : null;
  }

  /**
   * Imports the voucher CSV.
   * @param chunks the file's bytes, in order
   * @throws FileRefused with every finding · Refusal `file-refused`, `import-open`, `import-overtaken`, `book-malformed`, `store-unavailable` …; nothing counts then
   */
  async importCsv(
    chunks: AsyncIterable<Uint8Array>,
    request: ImportRequest,
    progress: (progress: ImportProgress) => void = () => {},
  ): Promise<ImportResult> {
    const { book, year, dryRun = false } = request;
    if (!isBook(book)) refuse('book-malformed', { book: book.slice(0, 40) });
    checkedYear(year);
    textOf('file', request.name);
    if (!dryRun) await this.#abandonLeft(request.caller);
    await onDisk(() => mkdir(this.#incoming, { recursive: true }));
    const incoming = join(this.#incoming, randomUUID());
    try {
      const { sha256, bytes, cut } = await onDisk(() => receive(chunks, incoming, progress));
      const [earlier, elsewhere, state] = await this.commands.look((ledger) => [
        ledger.filesImported.get(fileKey({ sha256, book, year, profile: PROFILE })),
        importedElsewhere({ sha256, book, profile: PROFILE }, ledger),
        ledger.save(),
      ]);
      const facts = {
        import: earlier ?? null,
        sha256,
        bytes,
        counts: null,
        vouchers: 0,
        findings: [],
        effects: [],
        seq: this.commands.seq,
      };
      if (earlier !== undefined) return { ...facts, outcome: 'already-imported' };
      if (elsewhere) {
        const errors = [{ row: 1, finding: 'file-other-book', facts: elsewhere }];
        return await this.#refused({ errors, errorsInAll: 1 }, sha256, bytes, request);
      }
      const open = state.imports.find((other) => other.book === book && other.year === year);
      if (open && !dryRun) refuse('import-open', { import: open.import, book, year });
      const readAtSeq = state.facts.seq;
      const read = await onDisk(() =>
        readReceived({ file: incoming, cut, state, book, year }, (done) => progress({ stage: 'reading', done, of: bytes })),
      );
      const { counts } = read.gathered;
      if (read.errorsInAll > 0) return await this.#refused(read, sha256, bytes, request);
      const answer = {
        ...facts,
        counts,
        vouchers: read.gathered.vouchers,
        findings: read.findings,
        effects: [...read.gathered.effects.values()],
      };
      if (dryRun) return { ...answer, outcome: 'dry-run' };
      if (read.gathered.vouchers === 0) return { ...answer, outcome: 'nothing-new' };
      const { id = `i-${sha256.slice(0, 12)}-${randomUUID().slice(0, 8)}` } = request;
      await this.#post(id, incoming, read, { sha256, bytes, readAtSeq }, request, progress);
      return { ...answer, outcome: 'imported', import: id, seq: this.commands.seq };
    } finally {
      await rm(incoming, { force: true });
      await removeSpools(incoming);
    }
  }

  async #refused(
    read: Pick<FileRead, 'errors' | 'errorsInAll'>,
    sha256: string,
    bytes: number,
    { book, year, name, caller, dryRun }: ImportRequest,
  ): Promise<never> {
    const { errors: findings, errorsInAll: findingsInAll } = read;
    if (!dryRun)
      await this.commands.handle(new RefuseImport({ sha256, bytes, book, year, findings, findingsInAll, file: name }), {
        caller,
        source: `import:${sha256}`,
      });
    throw new FileRefused(findings, findingsInAll);
  }

  /** The original, durable before the import opens (R10). */
  async #keep(incoming: string, sha256: string): Promise<void> {
    await mkdir(this.#originals, { recursive: true });
    await syncPath(incoming);
    await rename(incoming, join(this.#originals, sha256));
    for (const folder of [this.#originals, join(this.#originals, '..')]) await syncPath(folder);
  }

  async #post(
    id: string,
    incoming: string,
    read: FileRead,
    file: { sha256: string; bytes: number; readAtSeq: number },
    request: ImportRequest,
    progress: (progress: ImportProgress) => void,
  ): Promise<void> {
    const { book, year, caller, name } = request;
    const options = { caller, source: `import:${file.sha256}` };
    const { counts, vouchers, periods, grants, decisions, units } = read.gathered;
    const sorted = (set: ReadonlySet<string>) => [...set].sort();
    const opening = {
      ...file,
      import: id,
      kind: 'whole-vouchers' as const,
      format: 'csv' as const,
      profile: PROFILE,
      book,
      year,
      counts,
      vouchers,
      file: name,
      periods: sorted(periods),
      grants: sorted(grants),
      decisions: sorted(decisions),
      units: sorted(units),
    };
    try {
      await this.#open(incoming, file.sha256, () => this.commands.handle(new OpenImportOfFile(opening), { ...options, key: `${id}-open` }));
      await this.#parts(id, read, options, progress);
      for (let from = 0; from < read.findings.length; from += FINDINGS_A_PART)
        await this.commands.handle(new RecordFindings({ import: id, findings: read.findings.slice(from, from + FINDINGS_A_PART) }), {
          ...options,
          key: `${id}-findings-${from}`,
        });
      await this.commands.handle(new CloseImport({ import: id }), { ...options, key: `${id}-close` });
    } catch (error) {
      this.#left.set(id, sayable((error as Error).message));
      await this.#abandonLeft(caller).catch(() => undefined); // a store that is away cannot be told: the next import or the next start tells it
      const closed = await this.commands.look((ledger) => ledger.filesImported.get(fileKey(opening)) === id);
      if (!closed) throw error; // it was closed after all where only the answer to the close was lost
    }
  }

  /** Keeps the original, durable before its import opens (R10), and opens. One file at a time, so that an original goes again where its opening was refused and nobody else's import rests on it. */
  #open(incoming: string, sha256: string, open: () => Promise<unknown>): Promise<void> {
    const opening = this.#opening.then(async () => {
      const before = this.original(sha256);
      await onDisk(() => this.#keep(incoming, sha256));
      try {
        await open();
      } catch (error) {
        const refused = error instanceof Refusal && error.refusal !== 'result-unknown';
        if (refused && before === null) await rm(join(this.#originals, sha256), { force: true });
        throw error;
      }
    });
    this.#opening = opening.catch(() => undefined);
    return opening;
  }

  async #abandonLeft(caller: Caller): Promise<void> {
    for (const [id, because] of this.#left) {
      await this.commands.handle(new AbandonImport({ import: id, because }), { caller }).catch((error: unknown) => {
        if (!(error instanceof Refusal && error.refusal === 'import-not-open')) throw error;
      });
      this.#left.delete(id);
    }
  }

  async #parts(
    id: string,
    read: FileRead,
    options: { caller: Caller; source: string },
    progress: (progress: ImportProgress) => void,
  ): Promise<void> {
    const spools = new Map<string, FileHandle>();
    try {
      for (const { spool } of read.parts) if (!spools.has(spool)) spools.set(spool, await open(spool, 'r'));
      await this.#eachPart(id, spools, read, options, progress);
    } finally {
      for (const handle of spools.values()) await handle.close();
    }
  }

  async #eachPart(
    id: string,
    spools: ReadonlyMap<string, FileHandle>,
    read: FileRead,
    options: { caller: Caller; source: string },
    progress: (progress: ImportProgress) => void,
  ): Promise<void> {
    const flying: Promise<unknown>[] = [];
    let done = 0;
    for (const [part, { spool, offset, voucherBytes, textBytes, count }] of read.parts.entries()) {
      const bytes = Buffer.alloc(voucherBytes + textBytes);
      await spools.get(spool)!.read(bytes, 0, bytes.length, offset);
      const [vouchers, texts] = [new Verbatim(bytes.subarray(0, voucherBytes)), new Verbatim(bytes.subarray(voucherBytes))];
      if (flying.length >= IN_FLIGHT) await flying.shift();
      const posting = this.commands.handle(new ImportVouchers({ import: id, part, vouchers, texts }), {
        ...options,
        key: `${id}-part-${part}`,
      });
      posting.catch(() => undefined); // awaited below or above; a second one that fails must not go unheard by Node
      flying.push(posting);
      progress({ stage: 'posting', done: (done += count), of: read.gathered.vouchers });
    }
    await Promise.all(flying);
  }
}

async function receive(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  progress: (progress: ImportProgress) => void,
): Promise<{ sha256: string; bytes: number; cut: Cut | null }> {
  const [digest, cuts] = [createHash('sha256'), new Cuts()];
  const handle = await open(path, 'wx', 0o600);
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      digest.update(chunk);
      cuts.push(chunk);
      await handle.writeFile(chunk);
      progress({ stage: 'receiving', done: (bytes += chunk.length), of: 0 });
    }
  } finally {
    await handle.close();
  }
  return { sha256: digest.digest('hex'), bytes, cut: cuts.middle };
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A full or failing disk in the catalogue's words. */
async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inWords(error);
  }
}

const DISK_TROUBLE: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES'];

function inWords(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  return DISK_TROUBLE.includes(code) ? new Refusal('store-unavailable', { reason: code === 'ENOSPC' ? 'disk-full' : code! }) : error;
}

/** A message as an event can hold it, whatever went wrong. */
const sayable = (message: string): string =>
  message
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, 500)
    .toWellFormed() || 'okänt fel';
