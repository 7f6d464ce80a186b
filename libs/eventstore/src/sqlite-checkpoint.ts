/**
 * Puts the write-ahead log back into the file without holding up who appends: copying 32 MiB and syncing them took 50 to 90 ms of the thread
 * that answers. A thread of its own copies what there is; the appending connection then only has to copy what came meanwhile, after which SQLite
 * writes the log from its beginning again. Nothing depends on it: a log that grows on is put back by the appending connection in the end.
 */
import type Database from 'better-sqlite3';
import { Worker } from 'node:worker_threads';

/**
 * At SQLite's own 4 MiB an import would wait for a second sync every few parts. Not much more either: until the log has been put back once it
 * grows with every append, and a sync of a file that grows takes twice as long as of one that is written over.
 */
const EVERY_BYTES = 16 * 1024 * 1024;
/** The log grows by whole pages, a small append by one at least. */
const PAGE_BYTES = 4_096;
/** How many pages the log may grow to where the thread does not come to its work: 128 MiB. */
export const LAST_RESORT_PAGES = 32_768;
/** How long the thread waits for more to do before it ends: starting one for every 16 MiB of an import cost 3 s of CPU in a million vouchers. */
const IDLE_MS = 5_000;

/** Starts the thread on a file. It opens no more than the file, so it needs little room. */
export const startThread = (file: string): Worker =>
  new Worker(new URL('./sqlite-checkpoint-worker.js', import.meta.url), {
    workerData: file,
    resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 },
  });

export class Checkpoints {
  #bytes = 0;
  #running: Promise<void> | null = null;
  #thread: Worker | null = null;
  #ending: Promise<unknown> | null = null;
  #idle: NodeJS.Timeout | undefined;

  /** @param db the appending connection @param start starts the thread that copies when it is first needed */
  constructor(
    private readonly db: Database.Database,
    private readonly start = startThread,
    private readonly idleMs = IDLE_MS,
  ) {}

  /** Told of every append, in bytes of heads and annexes. Never waits. */
  appended(bytes: number): void {
    this.#bytes += Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
    if (this.#bytes < EVERY_BYTES || this.#running) return;
    this.#bytes = 0;
    this.#running = this.#copied().finally(() => (this.#running = null));
  }

  /** Waits for the thread and ends it; it has the file open. */
  async close(): Promise<void> {
    this.#thread?.ref();
    await this.#running;
    await this.#end();
  }

  async #copied(): Promise<void> {
    clearTimeout(this.#idle);
    const thread = (this.#thread ??= this.#started());
    // a disk without room, say, or a thread that died: the log stays as it is, and is put back another time
    const done = await new Promise<boolean>((resolve) => {
      const ended = () => resolve(false);
      thread.once('exit', ended);
      thread.once('message', (copied: boolean) => {
        thread.off('exit', ended);
        resolve(copied);
      });
      thread.postMessage('copy');
    });
    this.#idle = setTimeout(() => void this.#end(), this.idleMs).unref();
    if (!done || !this.db.open) return;
    try {
      this.db.pragma('wal_checkpoint(PASSIVE)');
    } catch {
      // as above
    }
  }

  #started(): Worker {
    const thread = this.start(this.db.name);
    thread.unref(); // nobody waits for it but close
    thread.on('error', () => undefined); // it ends then, and another is started when there is something to do
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = null;
    });
    return thread;
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    if (thread !== null) {
      this.#thread = null;
      thread.ref();
      this.#ending = new Promise((resolve) => thread.once('exit', resolve));
      thread.postMessage('end');
    }
    await this.#ending;
  }
}
