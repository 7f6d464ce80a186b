/**
 * Where a file can be cut in two so that two threads read it: the places are noted while its bytes come in. A CSV is cut where a row
 * begins, so never inside a quotation; where the voucher that the cut falls into ends is for the readers to see (read-file.ts). A SIE
 * file is cut where a voucher begins: its readers take any such line for one, whatever stands before it.
 */
import { formatOf } from './file-bytes.js';

/** A row begins at this byte; `row` is its number, the first of the file being 1. `head`: bytes of a SIE file before its first voucher, which both its readers need; 0 of a CSV. */
export type Cut = { readonly offset: number; readonly row: number; readonly head: number };

const [LF, QUOTE, SPACE, TAB] = [0x0a, 0x22, 0x20, 0x09];
const VER = [...'#VER'].map((letter) => letter.charCodeAt(0));
/** One cut in so many bytes. */
const EVERY = 4 * 1024 * 1024;
const BLOCK = 64 * 1024;

export class Cuts {
  readonly #cuts: Cut[] = [];
  #offset = 0;
  #row = 1;
  #quoted = false;
  #next: number;
  /** Of a SIE file; null before its first voucher, and before the first bytes of any. */
  #head: number | null = null;
  #sie: boolean | null = null;
  readonly #block: Uint8Array;
  #held = 0;

  /** @param every bytes between two cuts · @param block bytes that are looked at together */
  constructor(
    private readonly every = EVERY,
    block = BLOCK,
  ) {
    this.#next = every;
    this.#block = new Uint8Array(block);
  }

  /** The file's next bytes. They are looked at in blocks, so that a file is cut alike whatever chunks it comes in: an import that stopped must find the same parts. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const taken = chunk.subarray(at, at + this.#block.length - this.#held);
      at += taken.length;
      if (taken.length === this.#block.length) this.#look(taken);
      else {
        this.#block.set(taken, this.#held);
        this.#held += taken.length;
        if (this.#held === this.#block.length) this.#lookAtHeld();
      }
    }
  }

  #lookAtHeld(): void {
    const held = this.#block.subarray(0, this.#held);
    this.#held = 0;
    this.#look(held);
  }

  /** What the file is must be seen in the first block, or it is cut as a CSV, which the readers then refuse to do. */
  #look(block: Uint8Array): void {
    this.#sie ??= formatOf(block) === 'sie';
    if (this.#sie) this.#vouchers(block);
    else this.#rows(block);
    this.#offset += block.length;
  }

  #rows(chunk: Uint8Array): void {
    let quote = chunk.indexOf(QUOTE);
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, end + 1)) {
      for (; quote >= 0 && quote < end; quote = chunk.indexOf(QUOTE, quote + 1)) this.#quoted = !this.#quoted;
      this.#row += 1;
      const offset = this.#offset + end + 1;
      if (offset < this.#next || this.#quoted) continue;
      this.#cuts.push({ offset, row: this.#row, head: 0 });
      this.#next = offset + this.every;
    }
    for (; quote >= 0; quote = chunk.indexOf(QUOTE, quote + 1)) this.#quoted = !this.#quoted;
  }

  #vouchers(chunk: Uint8Array): void {
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, end + 1)) {
      this.#row += 1;
      const offset = this.#offset + end + 1;
      if ((this.#head !== null && offset < this.#next) || !isVoucher(chunk, end + 1)) continue;
      if (this.#head === null) this.#head = offset;
      else this.#cuts.push({ offset, row: this.#row, head: this.#head });
      this.#next = offset + this.every;
    }
  }

  /** When all has come: the cut nearest to the middle, or null for a file that is too small to be worth a second thread. */
  get middle(): Cut | null {
    if (this.#held > 0) this.#lookAtHeld();
    const from = (cut: Cut) => Math.abs(cut.offset - this.#offset / 2);
    return this.#cuts.reduce<Cut | null>((best, cut) => (best === null || from(cut) < from(best) ? cut : best), null);
  }
}

/** Whether a `#VER` begins there; one that lies in two blocks is passed over. */
const isVoucher = (bytes: Uint8Array, at: number): boolean =>
  VER.every((letter, i) => bytes[at + i] === letter) && (bytes[at + 4] === SPACE || bytes[at + 4] === TAB);
