/**
 * A ledger's folder, opened for writing by this process: its lock, store, commands, imports, projector and answers, taken in
 * that order and given back in the other. Opened by the Nest module and by the demo; two may be open in one process.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  EVENTS_FILE,
  FolderLocked,
  LedgerCommands,
  lockFolder,
  openSqliteStore,
  StoreUnavailable,
  type Caller,
  type EventStore,
  type Lock,
} from '#eventstore';
import { FileImports } from '#imports';
import { Refusal, refuse } from '#ledger';
import { Answers, readModelsOf, startProjection, type Projection } from '#projections';
import { systemUser } from './desk.js';

export interface FolderOptions {
  readonly folder: string;
  /** Makes an empty folder a ledger's; without it a folder without a ledger is refused. */
  readonly create?: boolean;
  /** Who acts; the system's user where left out. */
  readonly caller?: Caller;
  /** How long to wait for another process to give the folder free. */
  readonly patienceMs?: number;
  /** UTC in ms; a demo may have its own. */
  readonly clock?: () => number;
  readonly random?: (bytes: number) => Uint8Array;
  /** Told what an operator should know. */
  readonly report?: (what: string) => void;
}

/** Name and version, as each event and GET /ledger says it. */
export const PROGRAM = 'liggaren 0.1.0';
/** How long a reader waits for the answers to take in an event. */
const REACH_MS = 5_000;

const POOL_BYTES = 8_192;

/** Random bytes out of a page of them, each used once: asking the system for sixteen at a time costs more than deciding a command. */
function randomFromPool(): (bytes: number) => Uint8Array {
  let [pool, used] = [randomBytes(POOL_BYTES), 0];
  return (bytes) => {
    if (used + bytes > POOL_BYTES) [pool, used] = [randomBytes(POOL_BYTES), 0];
    return pool.subarray(used, (used += bytes));
  };
}

export class LedgerFolder {
  /** Called after each durable append; the module rings the bus with it. */
  appended: (seq: number) => void = () => this.projection.ring();

  private constructor(
    readonly folder: string,
    readonly caller: Caller,
    readonly lock: Lock,
    readonly commands: LedgerCommands,
    readonly imports: FileImports,
    readonly projection: Projection,
    readonly answers: Answers,
  ) {}

  /** @throws Refusal `ledger-missing`, `ledger-held`, `store-unavailable` */
  static async open(options: FolderOptions): Promise<LedgerFolder> {
    const { folder, create = false, caller = systemUser(), clock = Date.now, random = randomFromPool(), report = () => {} } = options;
    if (!existsSync(join(folder, EVENTS_FILE))) {
      if (!create) refuse('ledger-missing', { folder });
      mkdirSync(folder, { recursive: true });
    }
    const undo: (() => unknown)[] = [];
    try {
      const lock = await lockPatiently(folder, caller, options.patienceMs ?? 0);
      undo.push(() => lock.release());
      const store: EventStore = openSqliteStore(folder);
      undo.push(() => store.close());
      const models = dirname(readModelsOf(folder));
      mkdirSync(models, { recursive: true });
      const rung: { appended(seq: number): void } = { appended: () => {} };
      const commands = await LedgerCommands.open(store, {
        stateFolder: models,
        clock,
        random,
        program: PROGRAM,
        report,
        appended: (seq) => rung.appended(seq),
      });
      const projection = await startProjection({ folder, onTrouble: (error) => report(`projector: ${error.message}`) });
      undo.push(() => projection.close());
      const answers = new Answers(projection.file);
      undo.push(() => answers.close());
      const opened = new LedgerFolder(folder, caller, lock, commands, new FileImports(folder, commands), projection, answers);
      rung.appended = (seq) => opened.appended(seq);
      await opened.imports.recover(caller);
      return opened;
    } catch (error) {
      for (const step of undo.reverse()) await step();
      throw error instanceof StoreUnavailable ? new Refusal('store-unavailable', { reason: error.reason }) : error;
    }
  }

  /** Waits until the figures (or the lines too) have taken in that event · refuses `seq-ahead`, `projection-behind`. */
  async reach(minSeq: number | undefined, group: 'figures' | 'lines', patienceMs = REACH_MS): Promise<void> {
    if (minSeq === undefined) return;
    if (minSeq > this.commands.seq) refuse('seq-ahead', { seq: minSeq, last: this.commands.seq });
    await this.projection.waitFor(minSeq, patienceMs, group);
  }

  /** Lets what is under way finish, and gives everything back. */
  async close(): Promise<void> {
    this.lock.announce(null);
    this.appended = () => {};
    this.answers.close();
    await this.projection.close();
    // The store last: its connection may then tidy away the write-ahead log, which a reader's may not.
    await this.commands.close();
    this.lock.release();
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
