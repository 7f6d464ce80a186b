/**
 * Where a CSV file can be cut in two so that two threads read it: the places are noted while its bytes come in. A cut lies where a
 * row begins, so never inside a quotation; where the voucher that it falls into ends is for the readers to see (read-file.ts).
 */

/** A row begins at this byte; `row` is its number, the header being row 1. */
export type Cut = { readonly offset: number; readonly row: number };

const [LF, QUOTE] = [0x0a, 0x22];
/** One cut in so many bytes. */
const EVERY = 4 * 1024 * 1024;

export class Cuts {
  readonly #cuts: Cut[] = [];
  #offset = 0;
  #row = 1;
  #quoted = false;
  #next: number;

  /** @param every bytes between two cuts */
  constructor(private readonly every = EVERY) {
    this.#next = every;
  }

  /** The file's next bytes. */
  push(chunk: Uint8Array): void {
    let quote = chunk.indexOf(QUOTE);
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, end + 1)) {
      for (; quote >= 0 && quote < end; quote = chunk.indexOf(QUOTE, quote + 1)) this.#quoted = !this.#quoted;
      this.#row += 1;
      const offset = this.#offset + end + 1;
      if (offset < this.#next || this.#quoted) continue;
      this.#cuts.push({ offset, row: this.#row });
      this.#next = offset + this.every;
    }
    for (; quote >= 0; quote = chunk.indexOf(QUOTE, quote + 1)) this.#quoted = !this.#quoted;
    this.#offset += chunk.length;
  }

  /** The cut nearest to the middle, or null for a file that is too small to be worth a second thread. */
  get middle(): Cut | null {
    const from = (cut: Cut) => Math.abs(cut.offset - this.#offset / 2);
    return this.#cuts.reduce<Cut | null>((best, cut) => (best === null || from(cut) < from(best) ? cut : best), null);
  }
}
