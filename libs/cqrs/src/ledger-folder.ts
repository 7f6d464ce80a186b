/**
 * A ledger's folder, opened for writing by this process: its lock, store, commands, imports, projector and answers, taken in
 * that order and given back in the other. The events are in the folder's own file, or on a server that other processes, with folders of
 * their own, may write to as well. Opened by the Nest module and by the demo; two may be open in one process.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  FolderLocked,
  holdsLedger,
  inWords,
  LedgerCommands,
  lockFolder,
  openStore,
  STORE_FILE,
  type Acknowledgement,
  type Caller,
  type CommandOptions,
  type EventStore,
  type Lock,
  type StoreDescription,
} from '#eventstore';
import {
  FileImports,
  Starts,
  type ImportProgress,
  type ImportRequest,
  type ImportResult,
  type StartRequest,
  type StartResult,
  type ToldOfFate,
} from '#imports';
import { Refusal, refuse, type Command } from '#ledger';
import { Answers, readModelsOf, startProjection, type Positions, type Projection } from '#projections';
import { systemUser } from './desk.js';
import { ImportResumer } from './import-resumer.js';
import { LinesAhead } from './lines-ahead.js';
import { OwnImports } from './own-imports.js';
import { checkOriginals, joins, storeOf } from './store-place.js';
import { watched, WatchedStore, type Report, type Watch } from './watch.js';

export interface FolderOptions {
  readonly folder: string;
  /** Makes an empty folder a ledger's; without it a folder without a ledger is refused. */
  readonly create?: boolean;
  /**
   * Where the events are, as LIGGARE_STORE says it; empty or left out for the file in the folder. A description where the caller
   * knows already, for tests.
   */
  readonly store?: string | StoreDescription | undefined;
  /** Who acts; the system's user where left out. */
  readonly caller?: Caller;
  /** How long to wait for another process to give the folder free. */
  readonly patienceMs?: number;
  /** UTC in ms; a demo may have its own. */
  readonly clock?: () => number;
  readonly random?: (bytes: number) => Uint8Array;
  /** Told what an operator should know. */
  readonly report?: Report;
  /** Looks on while the ledger works; nothing is measured without one. */
  readonly watch?: Watch | null;
  /** Opens the store; another one in a test. */
  readonly opening?: (store: StoreDescription) => EventStore;
}

/** Whether the ledger can be written and its answers follow, as GET /health/ready says it. `lag` is in events. */
export interface Readiness {
  readonly trouble: string | null;
  readonly seq: number;
  readonly positions: Positions;
  readonly lag: Positions;
}

/** Name and version, as each event and GET /ledger says it. */
export const PROGRAM = 'liggaren 0.1.0';
/** How long a reader waits for the answers to take in an event. */
const REACH_MS = 5_000;
/** A command on a server's store is answered within 5 s, whatever the store and the queue in front of it do. */
const ANSWER_MS = 4_800;
/** How often a shared store is asked whether somebody else wrote, besides what its subscription tells. */
const LOOK_EVERY_MS = 2_000;
/** One look for all that rings within. */
const LOOK_AFTER_MS = 50;
/** An answer about the store's health is used this long. */
const HEALTH_MS = 1_000;

/** What becomes of an import that does not come to its end at once, for the log. */
const FATES: { readonly [fate in Parameters<ToldOfFate>[0]]: string } = {
  stopped: 'an import has stopped, and can be resumed',
  resumed: 'an import that had stopped was resumed',
  abandoned: 'an import could not go on, and was abandoned',
};

const POOL_BYTES = 8_192;

/** Random bytes out of a page of them, each used once: asking the system for sixteen at a time costs more than deciding a command. */
export function randomFromPool(): (bytes: number) => Uint8Array {
  let [pool, used] = [randomBytes(POOL_BYTES), 0];
  return (bytes) => {
    if (used + bytes > POOL_BYTES) [pool, used] = [randomBytes(POOL_BYTES), 0];
    return pool.subarray(used, (used += bytes));
  };
}

export class LedgerFolder {
  /** Called after each durable append; the module rings the bus with it. */
  appended: (seq: number) => void = () => this.projection.ring();
  #heardSeq = -1;
  #lookSoon: NodeJS.Timeout | null = null;
  #lookAgain: NodeJS.Timeout | null = null;
  #checkedAt = 0;
  #marked = false;
  readonly #resumer: ImportResumer;
  readonly linesAhead = new LinesAhead(this);

  private constructor(
    readonly folder: string,
    readonly caller: Caller,
    readonly lock: Lock,
    readonly commands: LedgerCommands,
    readonly imports: FileImports,
    readonly projection: Projection,
    readonly answers: Answers,
    readonly store: WatchedStore,
    /** Whether other processes may write to the same store. */
    readonly shared: boolean,
    private readonly watch: Watch | null,
    private readonly ownImports: OwnImports | null,
    report: Report,
  ) {
    this.#resumer = new ImportResumer(async () => {
      if ((await commands.look(({ openImports }) => openImports.size)) === 0) return [];
      const resume = () => imports.resume(caller);
      return ownImports ? ownImports.amid(caller, resume) : resume();
    }, report);
  }

  /** @throws Refusal `ledger-missing`, `folder-unusable`, `ledger-held`, `store-unavailable`, `event-altered`, and those of {@link storeOf} and {@link checkOriginals} */
  static async open(options: FolderOptions): Promise<LedgerFolder> {
    const { folder, create = false, caller = systemUser(), clock = Date.now, random = randomFromPool(), report = () => {} } = options;
    const { store: setting, watch = null, opening = openStore } = options;
    const described = typeof setting === 'object' ? setting : null;
    const joining = !create && described === null && joins(setting as string | undefined, folder);
    if (!create && !joining && described === null && !holdsLedger(folder)) refuse('ledger-missing', { folder });
    makeFolder(folder);
    const undo: (() => unknown)[] = [];
    try {
      const lock = await lockPatiently(folder, caller, options.patienceMs ?? 0);
      undo.push(() => lock.release());
      const place = described ?? storeOf(setting as string | undefined, folder, create || joining);
      const store = new WatchedStore(opening(place), watch, report);
      undo.push(() => store.close());
      const models = dirname(readModelsOf(folder));
      mkdirSync(models, { recursive: true });
      const rung: { appended(seq: number): void } = { appended: () => {} };
      const commands = await LedgerCommands.open(store, {
        stateFolder: models,
        clock,
        random,
        program: PROGRAM,
        report: (what) => report(what, 'ledger'),
        appended: (seq) => rung.appended(seq),
      });
      if (!create && commands.seq < 0) {
        if (joining) rmSync(join(folder, STORE_FILE), { force: true }); // a misspelt stream: the folder must not belong to it
        refuse('ledger-missing', { folder });
      }
      const projection = await startProjection({
        folder,
        store: place,
        onTrouble: (error) => report(`projector: ${error.message}`, 'projector-trouble', { error: error.name }),
      });
      undo.push(() => projection.close());
      const answers = new Answers(projection.file);
      undo.push(() => answers.close());
      const shared = place.kind !== 'sqlite' || place.folder !== folder;
      const own = shared ? new OwnImports(folder, commands) : null;
      const fate: ToldOfFate = (came, id) => report(FATES[came], `import-${came}`, { import: id });
      const imports = new FileImports(folder, commands, own?.has, fate);
      const opened = new LedgerFolder(folder, caller, lock, commands, imports, projection, answers, store, shared, watch, own, report);
      await opened.#checkOriginals();
      rung.appended = (seq) => opened.appended(seq);
      await imports.clear();
      opened.#follow();
      return opened;
    } catch (error) {
      for (const step of undo.reverse()) await step();
      throw inWords(error);
    }
  }

  /** The seq of the last event that is known here, also of those that others wrote; −1 for an empty ledger. */
  get seq(): number {
    return Math.max(this.commands.seq, this.#heardSeq, this.projection.position);
  }

  /** Decides and stores, as {@link LedgerCommands.handle}, seen by the watch. */
  handle(command: Command, options: CommandOptions): Promise<Acknowledgement> {
    const decide = () => (this.shared ? inTime(this.commands.handle(command, options)) : this.commands.handle(command, options));
    if (this.watch === null) return decide();
    return watched(this.watch, command.constructor.name, decide, ({ dryRun, repeated, seq }) => [
      dryRun ? 'tried' : repeated ? 'repeated' : 'stored',
      dryRun || repeated ? null : seq,
    ]);
  }

  /** A file into the ledger, as {@link FileImports.importFile}, seen by the watch. */
  importFile(
    chunks: AsyncIterable<Uint8Array>,
    request: ImportRequest,
    progress?: (progress: ImportProgress) => void,
  ): Promise<ImportResult> {
    const run = async (asked: ImportRequest): Promise<ImportResult> => {
      await this.#checkOriginals();
      return this.imports.importFile(chunks, asked, progress);
    };
    return watched(
      this.watch,
      'ImportFile',
      () => (this.ownImports ? this.ownImports.around(request, run) : this.imports.importFile(chunks, request, progress)),
      ({ outcome }) => [outcome === 'imported' ? 'stored' : outcome === 'dry-run' ? 'tried' : 'repeated', null],
    );
  }

  /** Tells whoever asks the folder where this server answers · refuses `store-unavailable`. */
  announce(address: string): void {
    try {
      this.lock.announce(address);
    } catch (error) {
      throw inWords(error);
    }
  }

  /** Carries on with imports that stopped here before they were done, now and for as long as there are any: a server does. */
  resumeImports(): void {
    this.#resumer.start();
  }

  /** Registers what a start workbook holds, as {@link Starts.read}. */
  start(workbook: Uint8Array, request: StartRequest): Promise<StartResult> {
    return new Starts(this.folder, this.commands).read(workbook, request);
  }

  /** Waits until the figures (or the lines too) have taken in that event · refuses `seq-ahead`, `projection-behind`. */
  async reach(minSeq: number | undefined, group: 'figures' | 'lines', patienceMs = REACH_MS): Promise<void> {
    if (minSeq === undefined) return;
    if (minSeq > this.seq && this.shared)
      await this.#look().catch(() => refuse('projection-behind', { position: this.projection.positions[group], seq: minSeq, waitedMs: 0 }));
    if (minSeq > this.seq) refuse('seq-ahead', { seq: minSeq, last: this.seq });
    await this.projection.waitFor(minSeq, patienceMs, group);
  }

  /** Asks the store whether it answers, at most once a second, and says how far the answers have come. */
  async readiness(): Promise<Readiness> {
    if (this.store.trouble !== null || Date.now() - this.#checkedAt >= HEALTH_MS) {
      await this.#look().catch(() => undefined);
      this.#checkedAt = Date.now();
    }
    const { seq, projection } = this;
    const { positions } = projection;
    const trouble = this.store.trouble ?? projection.trouble;
    const lag = { figures: Math.max(0, seq - positions.figures), lines: Math.max(0, seq - positions.lines) };
    return { trouble: trouble && ((trouble as { reason?: string }).reason ?? trouble.message), seq, positions, lag };
  }

  /** Lets what is under way finish, and gives everything back. */
  async close(): Promise<void> {
    try {
      this.lock.announce(null);
    } catch {
      // On a full disk nothing can be written; what holder.json says goes with the lock.
    }
    this.appended = () => {};
    clearInterval(this.#lookAgain ?? undefined);
    clearTimeout(this.#lookSoon ?? undefined);
    this.linesAhead.stop();
    this.answers.close();
    await this.projection.close();
    // The store last: its connection may then tidy away the write-ahead log, which a reader's may not.
    await this.commands.close();
    await this.#resumer.close();
    this.lock.release();
  }

  /** Others may write to a shared store: its bell tells, and where it does not, a look now and then. */
  #follow(): void {
    if (!this.shared) return;
    const look = () => void this.#look().catch(() => undefined);
    this.#lookAgain = setInterval(look, LOOK_EVERY_MS).unref();
    this.store.watch(() => {
      this.#lookSoon ??= setTimeout(() => {
        this.#lookSoon = null;
        look();
      }, LOOK_AFTER_MS).unref();
    });
  }

  /** Asks the store how far the ledger goes, and rings the projector where somebody else has written. */
  async #look(): Promise<void> {
    this.#heardSeq = Math.max(this.#heardSeq, await this.store.last());
    if (this.#heardSeq > this.projection.positions.figures) this.projection.ring();
  }

  /** A ledger whose machines share their originals must have the right ones. */
  async #checkOriginals(): Promise<void> {
    if (!this.shared || this.#marked) return;
    const { ledgerId, imports } = await this.commands.look(({ seq, facts, filesImported }) => ({
      ledgerId: seq < 0 ? null : facts.ledgerId,
      imports: filesImported.size > 0,
    }));
    if (ledgerId === null) return;
    checkOriginals(this.folder, ledgerId, imports);
    this.#marked = true;
  }
}

/** The answer, or `result-unknown` where it takes too long: the command goes on, and its key tells what came of it. */
function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Refusal('result-unknown', { reason: 'unreachable' })), ANSWER_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR' || code === 'EEXIST') throw new Refusal('folder-unusable', { folder });
    throw inWords(error);
  }
}

async function lockPatiently(folder: string, { login }: Caller, patienceMs: number): Promise<Lock> {
  const holder = { pid: process.pid, user: login, host: hostname(), since: new Date().toISOString(), address: null };
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return lockFolder(folder, holder);
    } catch (error) {
      if (!(error instanceof FolderLocked)) throw error;
      const { user, pid, host, since, address } = error.holder;
      // One that listens is a server: it will not go away, and is to be asked instead.
      if (Date.now() >= deadline || address !== null) throw new Refusal('ledger-held', { user, pid, host, since, address });
      await pause(50);
    }
  }
}
