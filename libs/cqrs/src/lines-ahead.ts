/**
 * Has all lines looked through before somebody asks for those without a grant code: the first such question would wait for it, seconds
 * of it in a great ledger. Begun by a server when it listens, and done for good when nothing is left: what is posted later takes moments.
 */
import type { Answers, Positions } from '#projections';

/** Between two slices, so many times as long as a slice took: others have the thread to themselves meanwhile. */
const PAUSE_TIMES = 4;
/** How long to wait for lines that are still being projected; also before the first slice, when a server has just started. */
const WAIT_MS = 1_000;

export interface TakenFrom {
  readonly answers: Pick<Answers, 'takeLines'>;
  readonly projection: { readonly positions: Positions };
  /** The last event that is known. */
  readonly seq: number;
}

export class LinesAhead {
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly from: TakenFrom) {}

  /** Begins, in the background; nobody waits for it and no process stays alive for it. */
  start(waitMs = WAIT_MS): void {
    const again = (ms: number) => (this.#timer = setTimeout(slice, ms).unref());
    const slice = () => {
      const { answers, projection, seq } = this.from;
      if (projection.positions.lines < seq) return again(waitMs);
      const started = performance.now();
      try {
        return answers.takeLines() ? again(PAUSE_TIMES * (performance.now() - started)) : null;
      } catch {
        return null; // whoever asks takes them then, and hears what is wrong
      }
    };
    again(waitMs);
  }

  /** No slice is taken any more. */
  stop(): void {
    clearTimeout(this.#timer ?? undefined);
  }
}
