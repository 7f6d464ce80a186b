/**
 * The server's side of a projection: starts the worker, rings when there is something new, waits until an answer can be given.
 * `startProjection` runs it in a worker thread and starts a crashed one anew; `followInThread` is the same without a thread,
 * for tests and for programs that answer once and end.
 */
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EventAltered, type EventReader } from '#eventstore';
import { Refusal } from '#ledger';
import type { FromWorker, ToWorker, WorkerStart } from './projection-messages.js';
import { Projector, type Positions } from './projector.js';
import { READ_MODELS_FILE } from './schema.js';
import { openReader, type StoreDescription } from './store-description.js';

const RESTART_MS = 100;
const RESTART_AT_MOST_MS = 30_000;
const STOP_MS = 5_000;

export interface Projection {
  /** How far the figures and the lines have come; −1 before the first event. */
  readonly positions: Positions;
  /** The last trouble, until something goes well again. */
  readonly trouble: Error | null;
  /** The read models' file: {@link Answers} are opened on it. */
  readonly file: string;
  /** How far the figures have come. */
  readonly position: number;
  /** Tells that there are new events. Never waits. */
  ring(): void;
  /**
   * Resolves when the lines, and so everything, or only the figures have come to that seq: tables need no more.
   * Refuses `projection-behind` when they have not within the time.
   */
  waitFor(seq: number, timeoutMs: number, group?: 'figures' | 'lines'): Promise<void>;
  /** Stops between two batches. */
  close(): Promise<void>;
}

export type ProjectionOptions = {
  /** The ledger's folder. */
  readonly folder: string;
  /** Where its events are; the SQLite file in the folder where left out. */
  readonly store?: StoreDescription;
  /** Where the read models are; {@link readModelsOf} the folder where left out. */
  readonly file?: string;
  /** Hears of every trouble: a batch that failed (tried again), a worker that died (started again). */
  /** The worker's program; another one in a test. */
  readonly worker?: URL;
  readonly onTrouble?: (error: Error) => void;
};

/** Where the read models of a ledger's folder lie, in a folder that may be deleted at any time. */
export const readModelsOf = (folder: string): string => join(folder, 'read-models', READ_MODELS_FILE);

/** Starts the projection in a worker thread. Resolves once the read models are open, wherever they have come: answers may then be opened. @throws what opening the read models met */
export async function startProjection({
  folder,
  store = { kind: 'sqlite', folder },
  file = readModelsOf(folder),
  worker = new URL('./projector-worker.js', import.meta.url),
  onTrouble,
}: ProjectionOptions): Promise<Projection> {
  mkdirSync(dirname(file), { recursive: true });
  const projection = new ThreadedProjection({ store, file }, worker, onTrouble);
  await projection.start();
  return projection;
}

/** The same in this thread, over a reader that the caller closes. Every ring reads on by itself, in small steps. */
export async function followInThread(reader: EventReader, file: string, onTrouble?: (error: Error) => void): Promise<Projection> {
  const projection = new InThreadProjection(new Projector(reader, file), onTrouble);
  await projection.start();
  return projection;
}

/** Brings the read models of a ledger up to date once, for a program that answers and ends. */
export async function catchUp(store: StoreDescription, file: string): Promise<Positions> {
  mkdirSync(dirname(file), { recursive: true });
  const reader = openReader(store);
  const projector = new Projector(reader, file);
  try {
    await projector.open();
    return await projector.advance();
  } finally {
    projector.close();
    await projector.ending;
    await reader.close();
  }
}

/** Who waits for which position, and the trouble met on the way; the same for both kinds. */
abstract class Following {
  positions: Positions = { figures: -1, lines: -1 };
  trouble: Error | null = null;
  protected closed = false;
  readonly #moved = new EventEmitter().setMaxListeners(0);

  constructor(
    readonly file: string,
    private readonly onTrouble: ((error: Error) => void) | undefined,
  ) {}

  get position(): number {
    return this.positions.figures;
  }

  abstract ring(): void;

  async waitFor(seq: number, timeoutMs: number, group: 'figures' | 'lines' = 'lines'): Promise<void> {
    if (this.positions[group] >= seq) return;
    this.ring();
    await new Promise<void>((resolve, reject) => {
      const late = () => {
        this.#moved.off('moved', look);
        reject(new Refusal('projection-behind', { position: this.positions[group], seq, waitedMs: timeoutMs }));
      };
      const timer = setTimeout(late, timeoutMs);
      const look = () => {
        if (this.positions[group] < seq && !this.closed) return;
        clearTimeout(timer);
        if (this.positions[group] < seq) return late();
        this.#moved.off('moved', look);
        resolve();
      };
      this.#moved.on('moved', look);
    });
  }

  protected cameTo(positions: Positions): void {
    this.positions = positions;
    this.trouble = null;
    this.#moved.emit('moved');
  }

  protected met(error: Error): void {
    this.trouble = error;
    this.onTrouble?.(error);
  }

  protected endWaiting(): void {
    this.closed = true;
    this.#moved.emit('moved');
  }
}

class ThreadedProjection extends Following implements Projection {
  #worker: Worker | null = null;
  #failures = 0;
  #restart: NodeJS.Timeout | undefined;

  constructor(
    private readonly from: WorkerStart,
    private readonly program: URL,
    onTrouble: ((error: Error) => void) | undefined,
  ) {
    super(from.file, onTrouble);
  }

  async start(): Promise<void> {
    const worker = new Worker(this.program, { workerData: this.from, resourceLimits: { maxYoungGenerationSizeMb: 6 } });
    this.#worker = worker;
    await new Promise<void>((ready, failed) => {
      let started = false;
      worker.on('message', (message: FromWorker) => {
        if ('error' in message) return this.met(Object.assign(new Error(message.error.message), { name: message.error.name }));
        if ('at' in message) this.#failures = 0;
        this.cameTo('at' in message ? message.at : message.ready);
        if ('ready' in message) {
          started = true;
          ready();
        }
      });
      worker.on('error', (error) => {
        this.met(fromThread(error as Error));
        if (!started) failed(this.trouble!);
      });
      worker.on('exit', () => {
        this.#worker = null;
        if (this.closed || !started) return failed(this.trouble ?? new Error('the projector ended before it began'));
        this.#startAgain();
      });
    });
  }

  ring(): void {
    this.#worker?.postMessage({ ring: true } satisfies ToWorker);
  }

  async close(): Promise<void> {
    this.endWaiting();
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (!worker) return;
    await new Promise<void>((ended) => {
      const timer = setTimeout(() => void worker.terminate(), STOP_MS);
      worker.once('exit', () => {
        clearTimeout(timer);
        ended();
      });
      worker.postMessage({ stop: true } satisfies ToWorker);
    });
  }

  #startAgain(): void {
    if (this.closed) return;
    this.#restart = setTimeout(
      () => void this.start().catch(() => this.#startAgain()),
      Math.min(RESTART_AT_MOST_MS, RESTART_MS * 2 ** this.#failures++),
    );
  }
}

/** An error as it was thrown in the thread: on its way here it keeps its fields and loses its class. */
function fromThread(error: Error & { readonly seq?: unknown }): Error {
  return error.name === 'EventAltered' && typeof error.seq === 'number' ? new EventAltered(error.seq, 'head') : error;
}

class InThreadProjection extends Following implements Projection {
  #running: Promise<void> | null = null;
  #rung = false;

  constructor(
    private readonly projector: Projector,
    onTrouble: ((error: Error) => void) | undefined,
  ) {
    super(projector.file, onTrouble);
  }

  async start(): Promise<void> {
    this.cameTo(await this.projector.open());
    this.ring();
  }

  ring(): void {
    this.#rung = true;
    if (!this.closed) this.#running ??= this.#advance().finally(() => (this.#running = null));
  }

  async close(): Promise<void> {
    this.endWaiting();
    await this.#running;
    this.projector.close();
    await this.projector.ending;
  }

  async #advance(): Promise<void> {
    try {
      while (this.#rung && !this.closed) {
        this.#rung = false;
        while (!this.closed && (await this.projector.step())) {
          this.cameTo(this.projector.positions);
          await new Promise(setImmediate);
        }
      }
    } catch (error) {
      this.met(error as Error);
    }
  }
}
