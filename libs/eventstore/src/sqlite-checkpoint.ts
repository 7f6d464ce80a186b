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

export class Checkpoints {
  #bytes = 0;
  #running: Promise<void> | null = null;
  #worker: Worker | null = null;

  /** @param db the appending connection */
  constructor(private readonly db: Database.Database) {}

  /** Told of every append, in bytes of heads and annexes. Never waits. */
  appended(bytes: number): void {
    this.#bytes += Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
    if (this.#bytes < EVERY_BYTES || this.#running) return;
    this.#bytes = 0;
    this.#running = this.#copied().finally(() => (this.#running = null));
  }

  /** Waits for the thread; it has the file open. */
  async close(): Promise<void> {
    this.#worker?.ref();
    await this.#running;
  }

  async #copied(): Promise<void> {
    const worker = new Worker(new URL('./sqlite-checkpoint-worker.js', import.meta.url), { workerData: this.db.name });
    worker.unref(); // nobody waits for it but close
    this.#worker = worker;
    // a disk without room, say: the log stays as it is, and is put back another time
    const done = await new Promise<boolean>((resolve) =>
      worker.on('error', () => resolve(false)).on('exit', (code) => resolve(code === 0)),
    );
    this.#worker = null;
    if (!done || !this.db.open) return;
    try {
      this.db.pragma('wal_checkpoint(PASSIVE)');
    } catch {
      // as above
    }
  }
}
