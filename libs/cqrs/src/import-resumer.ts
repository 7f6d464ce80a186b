/**
 * Carries on, behind everything else, with imports that stopped half way: at once when a server starts, and again while it runs, for as
 * long as a store or a disk in trouble has left any. Only a server does; a verb of the terminal leaves them open.
 */
import type { Resumed } from '#imports';
import type { Report } from './watch.js';

/** How soon it looks again; each time that an import is still stopped it waits twice as long, up to the longest. */
const [LOOK_AGAIN_MS, LONGEST_MS] = [2_000, 300_000];

export class ImportResumer {
  #timer: NodeJS.Timeout | null = null;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  /** @param resume tries every import that has stopped here, and says what became of each */
  constructor(
    private readonly resume: () => Promise<readonly Resumed[]>,
    private readonly report: Report,
  ) {}

  /** Looks now, and from now on. */
  start(waitMs = LOOK_AGAIN_MS): void {
    this.#working = this.#look(waitMs);
  }

  /** Looks no more. Resolves when what is under way has ended: at once where the ledger is closed. */
  close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer ?? undefined);
    return this.#working;
  }

  async #look(waitMs: number): Promise<void> {
    let stopped = false;
    try {
      stopped = (await this.resume()).some(({ outcome }) => outcome === 'stopped');
    } catch (error) {
      stopped = true;
      if (!this.#closed) this.report(`imports could not be resumed: ${(error as Error).name}`, 'import-stopped');
    }
    if (this.#closed) return;
    const wait = stopped ? waitMs : LOOK_AGAIN_MS;
    const next = stopped ? Math.min(2 * wait, LONGEST_MS) : wait;
    this.#timer = setTimeout(() => this.start(next), wait).unref();
  }
}
