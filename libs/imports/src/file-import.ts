/**
 * A file into the ledger, whole or not at all: received and hashed, read and checked in a worker thread, then opened, posted in parts
 * and closed. A refused file leaves one event; a failure on the way no figure: the import is abandoned, or where the store was in trouble
 * resumed (resuming.ts). What it would change of what is there already waits for the accountant's consent. Called by the doors.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkedTotals,
  checkedYear,
  FINDINGS_LISTED,
  importedAsItStands,
  importedElsewhere,
  isBook,
  isOtherYear,
  livingProfile,
  OpenImportOfFile,
  profileName,
  profileText,
  RecordControlTotals,
  Refusal,
  refuse,
  RefuseImport,
  sameKindAndBook,
  textOf,
  VOUCHER_CSV,
  yearOf,
  type Finding,
  type ImportOpened,
  type ProfileVersions,
  type Reference,
  type RefusalName,
  type SavedLedger,
} from '#ledger';
import type { Caller, LedgerCommands } from '#eventstore';
import { formatOf } from './file-bytes.js';
import { yearOfFile, type FileYear } from './file-year.js';
import { CHANGED, CHANGED_UNNUMBERED, consentTo, FLAG, type Ask } from './intake.js';
import { FileRefused, type ImportProgress, type ImportRequest, type ImportResult } from './import-request.js';
import { onDisk, Originals, receive, type Incoming } from './originals.js';
import { effectsOf } from './effects.js';
import { inOtherBooks } from './other-books.js';
import { openingOf, Posting } from './posting.js';
import { onlyAsked } from './as-new.js';
import { foundInAll } from './noticed.js';
import type { FileRead } from './read-file.js';
import { readReceived, removeSpools } from './reading.js';
import { Readings } from './readings.js';
import { onceMore, Resuming, type ReadAgain, type Resumed, type ToldOfFate } from './resuming.js';
import type { FileFormat } from './source.js';
import { firstVouchers, triedProfile, TRIED } from './trial.js';

/** A file and everything that was settled about it before it is read. */
type About = Incoming & {
  readonly path: string;
  readonly format: FileFormat;
  readonly kind: ImportOpened['data']['kind'];
  readonly profile: string;
  readonly versions: ProfileVersions | null;
  readonly book: string;
  readonly year: number;
  readonly fileYear: FileYear;
  readonly state: SavedLedger;
};

/** Refusals of an opening, for what has happened since the file was read: read anew, it says of each row what stands against it. */
const OVERTAKEN: readonly RefusalName[] = ['file-overtaken', 'period-closed'];
/** How often a file is read before its opening is given up. */
const READINGS = 3;

type Progress = (progress: ImportProgress) => void;
type AskedOfFile = Partial<Pick<ImportRequest, 'name' | 'profile' | 'tried' | 'book' | 'year' | 'control'>>;

export class FileImports {
  readonly #originals: Originals;
  readonly #incoming: string;
  readonly #readings: Readings;
  readonly #resuming: Resuming;

  /**
   * @param folder the ledger's folder: `originals/<sha256>` keeps what was imported, `incoming/` what is on its way, `readings/` what {@link Readings} keep
   * @param ours whether an open import was begun here; they all were where nobody else writes to the ledger
   * @param fate told of imports that stop, and of what becomes of them
   */
  constructor(
    folder: string,
    private readonly commands: LedgerCommands,
    ours: (id: string) => boolean = () => true,
    fate: ToldOfFate = () => {},
  ) {
    this.#originals = new Originals(folder);
    this.#incoming = join(folder, 'incoming');
    this.#readings = new Readings(folder);
    const readAgain: ReadAgain = async (file, seen, opening, asked, spools, told) => {
      const profile = opening.profile === VOUCHER_CSV ? null : profileName(opening.profile);
      const about = await this.#about(file, seen, { profile, book: opening.book, ...(asked && { year: opening.year }) });
      return about.year === opening.year ? this.#read(about, saidNew(opening), spools, told) : null;
    };
    this.#resuming = new Resuming(this.#originals, this.#readings, this.#incoming, commands, ours, readAgain, fate);
  }

  /** Clears what an earlier run left on its way. Called once, when the ledger is opened for writing; what it left open can be resumed. */
  async clear(): Promise<void> {
    await rm(this.#incoming, { recursive: true, force: true });
    await this.#readings.clear(await this.commands.look((ledger) => [...ledger.openImports.entries()].map(([, open]) => open.import)));
  }

  /** Carries on with every import of ours that has stopped, or abandons it where that cannot be, and says what became of each. */
  resume(caller: Caller): Promise<readonly Resumed[]> {
    return this.#resuming.all(caller);
  }

  /** How far the import has come that this process is at; null where it is at none with that id. */
  progressOf(id: string): ImportProgress | null {
    return this.#resuming.underWay.get(id) ?? null;
  }

  /** Whether an open import is another machine's, which alone can go on with it. */
  isElsewhere(id: string): boolean {
    return !this.#resuming.ours(id);
  }

  /** The path of an imported file as it was kept, or null. @param sha256 64 hex digits */
  original(sha256: string): string | null {
    return this.#originals.path(sha256);
  }

  /**
   * Imports a file: SIE, CSV or Excel through a profile, or the simple voucher CSV. The file of an import that has stopped carries on with it.
   * @param chunks the file's bytes, in order
   * @throws FileRefused with every finding, or with what it asks consent to · Refusal `profile-unknown`, `import-open`, `import-elsewhere`, `import-overtaken`, `import-stopped`, `book-malformed`, `store-unavailable` …; nothing counts then
   */
  async importFile(chunks: AsyncIterable<Uint8Array>, request: ImportRequest, progress: Progress = () => {}): Promise<ImportResult> {
    const { tried, profile = null, book } = request;
    const dryRun = tried !== undefined || (request.dryRun ?? false);
    if (tried === undefined && profile === null && !isBook(book ?? '')) refuse('book-malformed', { book: (book ?? '').slice(0, 40) });
    if (request.year !== undefined) checkedYear(request.year);
    textOf('file', request.name);
    await onDisk(() => mkdir(this.#incoming, { recursive: true }));
    const path = join(this.#incoming, randomUUID());
    try {
      const incoming = await onDisk(() => receive(chunks, path, (done) => progress({ stage: 'receiving', done, of: 0 })));
      for (let tries = 1; ; tries += 1)
        try {
          return await this.#import(await this.#about(path, incoming, request), { ...request, dryRun }, progress);
        } catch (error) {
          if (tries === READINGS || !(error instanceof Refusal && OVERTAKEN.includes(error.refusal))) throw error;
        }
    } finally {
      await rm(path, { force: true });
      await removeSpools(path);
    }
  }

  /** By what the file is read, and into which book and year. */
  async #about(
    path: string,
    incoming: Incoming,
    { name: file = '', profile: named = null, tried, book, year, control }: AskedOfFile,
  ): Promise<About> {
    const name = tried ? TRIED : named;
    const [profile, state] = await this.commands.look((ledger) => [
      tried ? triedProfile(tried) : name === null ? null : livingProfile(name, ledger),
      ledger.save(),
    ]);
    const settings = profile?.versions[0]?.settings;
    if (settings && book !== undefined) sameKindAndBook(name!, settings, { kind: settings.kind, book });
    // the opening refuses them too, but only when all of the file has been read
    if (control && settings?.kind !== 'selection') refuse('import-not-selection', { import: file });
    if (control) await this.commands.look((ledger) => checkedTotals(control, ledger));
    const format = formatOf(incoming.head);
    const versions = profile?.versions ?? null;
    const { bytes, encoding } = incoming;
    const fileYear = await onDisk(() => yearOfFile({ path, bytes, format, encoding, versions }, year, yearOf(state.facts.recordedAt)));
    return {
      ...incoming,
      path,
      format,
      kind: settings?.kind ?? 'whole-vouchers',
      profile: profile ? profileText(name!, profile.newest) : VOUCHER_CSV,
      versions,
      book: settings?.book ?? book!,
      year: fileYear.into.year,
      fileYear,
      state,
    };
  }

  /** Reads it, and checks all of it. @param spools what its parts' names begin with */
  #read({ path: file, ...about }: About, asNew: readonly string[], spools: string, progress: Progress): Promise<FileRead> {
    const { cut, state, book, year, fileYear, format, encoding, versions, bytes } = about;
    const received = { file, spools, cut, state, book, year, fileYear, format, encoding, versions, asNew };
    const find = (ref: Reference) => this.commands.voucher(ref);
    return onDisk(() => readReceived(received, find, (done) => progress({ stage: 'reading', done, of: bytes })));
  }

  async #import(about: About, request: ImportRequest, progress: Progress): Promise<ImportResult> {
    const { sha256, bytes, format, kind, profile, book, year, state } = about;
    const [earlier, elsewhere] = await this.commands.look((ledger) => [
      importedAsItStands({ sha256, book, year, profile }, ledger),
      importedElsewhere({ sha256, book, profile }, ledger),
    ]);
    const nothing = {
      counts: null,
      vouchers: 0,
      corrections: 0,
      leftOut: null,
      asNew: [],
      findings: [],
      findingsInAll: 0,
      asks: [],
      asksInAll: 0,
      consent: null,
      effects: [],
      first: [],
      resumed: null,
    };
    const facts = { import: earlier ?? null, format, kind, profile, book, year, sha256, bytes, ...nothing, seq: this.commands.seq };
    if (earlier !== undefined) return { ...facts, outcome: 'already-imported' };
    if (elsewhere) return this.#refused([{ row: 1, finding: 'file-other-book', facts: elsewhere }], 1, about, request);
    const taken = await this.#takenYear(about);
    if (taken) return this.#refused([{ row: 1, finding: 'file-fiscal-year-taken', facts: taken }], 1, about, request);
    const open = state.imports.find((other) => other.book === book && other.year === year);
    if (!open || request.dryRun) return this.#enter(about, request, facts, progress);
    const both =
      (told: Progress): Progress =>
      (came) => {
        told(came);
        progress(came);
      };
    const again =
      open.sha256 === sha256 && open.profile === profile
        ? await this.#resuming.alone(open.import, (told) => this.#enter(about, request, facts, both(told), open))
        : undefined;
    return again ?? refuse(this.isElsewhere(open.import) ? 'import-elsewhere' : 'import-open', { import: open.import, book, year });
  }

  /** The fiscal year that the book holds under the name of the file's where that is another; null where nothing is in the way. */
  async #takenYear({ book, year, fileYear: { into, said } }: About): Promise<Finding['facts'] | null> {
    const known = await this.commands.look((ledger) => ledger.fiscalYears.get(`${book}-${year}`));
    if (!known || !said || !isOtherYear(known, into)) return null;
    const { from, through } = into;
    const { stated, first, last } = known;
    return { book, year, from, through, knownFrom: stated?.from ?? first, knownThrough: stated?.through ?? last };
  }

  /** Reads the file, and imports what is new in it. @param open the import of the same file that has stopped: carried on with, or where that cannot be abandoned first */
  async #enter(
    about: About,
    request: ImportRequest,
    facts: Omit<ImportResult, 'outcome'>,
    progress: Progress,
    open?: SavedLedger['imports'][number],
  ): Promise<ImportResult> {
    const { path, sha256, bytes, format, kind, profile, book, year } = about;
    const { dryRun = false, consent: given, caller, control } = request;
    const asNew = open ? saidNew(await this.#resuming.openingOf(open)) : (request.asNew ?? []);
    const read = await this.#read(about, asNew, path, progress);
    if (read.errorsInAll > 0) {
      if (!open) return this.#refused(read.errors, read.errorsInAll, about, request);
      await this.#resuming.resume(open, read, caller, progress);
      return this.#enter(about, request, facts, progress);
    }
    if (!open) onlyAsked(asNew, read.asNew, about);

    const { counts, vouchers, corrections } = read.gathered;
    const { moved: effects, takenBack, differences } = await effectsOf(read, request.name, this.commands);
    const known = await this.commands.look((ledger) => [...ledger.filesImported.entries()].some(([key]) => key.startsWith(sha256)));
    const asks = [
      ...read.asks
        .filter(({ finding }) => finding !== FLAG || (!known && vouchers + corrections > 0))
        .map((ask) => {
          const { from, voucher = '' } = ask.facts;
          if (ask.finding !== CHANGED && ask.finding !== CHANGED_UNNUMBERED) return ask;
          return { ...ask, facts: { ...ask.facts, difference: differences.get(String(from ?? voucher))! } };
        }),
      ...takenBack.map((finding) => ({ ...finding, mark: JSON.stringify(finding) })),
      ...(open ? [] : await inOtherBooks(read, about, this.commands)),
    ];
    const consent = asks.length > 0 ? consentTo(sha256, asks) : null;
    const { from, through } = about.fileYear.into;
    const broken = from !== `${year}-01` || through !== `${year}-12`;
    const into = { import: '', sha256, bytes, kind, format, profile, book, year };
    const opening = openingOf(read, { ...into, ...(broken && { fiscalYear: { from, through } }) });
    const { leftOut = null, asNew: said = [] } = opening;
    const { findings } = read;
    const answer = {
      ...facts,
      counts,
      vouchers,
      corrections,
      leftOut,
      asNew: said,
      findings,
      findingsInAll: foundInAll(findings),
      asks: listed(asks),
      asksInAll: asks.length,
      consent,
    };
    if (dryRun)
      return {
        ...answer,
        outcome: 'dry-run',
        ...(request.allAsks && { asks: asks.map(stored) }),
        effects,
        first: await firstVouchers(read),
      };
    if (open) {
      if ((await this.#resuming.resume(open, read, caller, progress)) !== null) return this.#enter(about, request, facts, progress);
      if (control) await this.commands.handle(new RecordControlTotals({ import: open.import, totals: control }), { caller });
      const resumed = open.arrived + open.corrected.length;
      return { ...answer, outcome: 'imported', import: open.import, effects, resumed, seq: this.commands.seq };
    }
    if (consent !== null && consent !== given) return this.#refused(listed(asks), asks.length, about, request, consent);
    if (vouchers + corrections === 0 && !findings.some(({ finding }) => finding === 'finding-voucher-gone'))
      return { ...answer, outcome: 'nothing-new' };
    const { id = `i-${sha256.slice(0, 12)}-${randomUUID().slice(0, 8)}` } = request;
    await this.#post({ ...opening, import: id }, about, read, request, progress);
    return { ...answer, outcome: 'imported', import: id, effects, seq: this.commands.seq };
  }

  async #refused(
    findings: readonly Finding[],
    findingsInAll: number,
    about: About,
    request: ImportRequest,
    consent: string | null = null,
  ): Promise<never> {
    const { sha256, bytes, book, year, fileYear } = about;
    const { name: file, caller, dryRun } = request;
    if (!dryRun)
      await this.commands.handle(new RefuseImport({ sha256, bytes, book, ...(fileYear.said && { year }), findings, findingsInAll, file }), {
        caller,
        source: `import:${sha256}`,
      });
    throw new FileRefused(findings, findingsInAll, consent);
  }

  async #post(
    opening: ImportOpened['data'],
    { path, sha256, state }: About,
    read: FileRead,
    { caller, name, control }: ImportRequest,
    progress: Progress,
  ): Promise<void> {
    const { import: id, vouchers, corrections = 0 } = opening;
    const options = { caller, source: `import:${sha256}` };
    const open = new OpenImportOfFile({ ...opening, file: name, readAtSeq: state.facts.seq, ...(control && { control }) });
    const alone = await this.#resuming.alone(id, async (told) => {
      const posted = (done: number) => {
        told({ stage: 'posting', done, of: vouchers + corrections });
        progress({ stage: 'posting', done, of: vouchers + corrections });
      };
      const reading = read.kept ? await onDisk(() => this.#readings.keep(id, read)) : read;
      const opened = () => onceMore(() => this.commands.handle(open, { ...options, key: `${id}-open` }));
      await this.#originals.keep(read.kept?.path ?? path, read.kept?.sha256 ?? sha256, opened).catch(async (error: unknown) => {
        if (!(error instanceof Refusal && error.refusal === 'result-unknown')) await this.#readings.forget(id);
        throw error;
      });
      await this.#resuming.carry(id, caller, () => new Posting(id, reading, this.commands, options, posted).post(name));
      return true;
    });
    if (!alone) refuse('import-open', { import: id, book: opening.book, year: opening.year }); // somebody else is at an import of that id
  }
}

/** What the accountant said was new when the import was opened. */
const saidNew = ({ asNew = [] }: ImportOpened['data']): string[] => asNew.map(({ voucher }) => voucher);

/** What is asked, as an event can hold it; and the first of it. */
const stored = ({ row, finding, facts }: Ask): Finding => ({ row, finding, facts });
const listed = (asks: readonly Ask[]): Finding[] => asks.slice(0, FINDINGS_LISTED).map(stored);
