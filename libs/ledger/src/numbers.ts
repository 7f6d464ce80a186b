/**
 * Where every voucher is, in twenty bytes each: for one book and year, which numbers are taken in which series, the seq
 * of the event that holds each, and the fingerprint of what it said. The state holds no lines; a command that must see
 * a voucher has it fetched by the seq found here.
 */
import type { Journal } from './journal.js';

export type Taken = { readonly seq: number; readonly fingerprint: string };
/** What can be saved and sent to another thread: numbers, seqs and fingerprints (two words each) in order of number, per series. */
export type SavedSeries = {
  readonly numbers: Float64Array;
  readonly seqs: Uint32Array;
  readonly prints: Uint32Array;
  readonly named: ReadonlyMap<string, Taken>;
};
export type SavedBook = ReadonlyMap<string, SavedSeries>;

/** A plain whole number of at most fifteen digits, without zeros in front; 0 for any other text. */
function plain(text: string): number {
  if (text.length > 15 || text.charCodeAt(0) === 0x30) return 0;
  let number = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return 0;
    number = number * 10 + digit;
  }
  return number;
}

/** One series: numbers in ascending order in typed arrays that grow by half; numbers that are not plain whole numbers in a map. */
class Series {
  #numbers: Float64Array;
  #seqs: Uint32Array;
  #prints: Uint32Array;
  #length: number;
  /** The stretch of the journal that knows how long this was when it began. */
  #noted = -1;
  readonly #named: Map<string, Taken>;

  constructor(
    private readonly journal: Journal,
    saved?: SavedSeries,
  ) {
    this.#numbers = saved?.numbers.slice() ?? new Float64Array(8);
    this.#seqs = saved?.seqs.slice() ?? new Uint32Array(8);
    this.#prints = saved?.prints.slice() ?? new Uint32Array(16);
    this.#length = saved?.numbers.length ?? 0;
    this.#named = new Map(saved?.named);
  }

  get count(): number {
    return this.#length + this.#named.size;
  }
  get highest(): number {
    return this.#length ? this.#numbers[this.#length - 1]! : 0;
  }

  find(number: string): Taken | null {
    const numeric = plain(number);
    if (numeric === 0) return this.#named.get(number) ?? null;
    const at = this.#placeOf(numeric);
    if (at === this.#length || this.#numbers[at] !== numeric) return null;
    return { seq: this.#seqs[at]!, fingerprint: hex(this.#prints[2 * at]!) + hex(this.#prints[2 * at + 1]!) };
  }

  get named(): Iterable<string> {
    return this.#named.keys();
  }

  add(number: string, seq: number, fingerprint: string): void {
    const numeric = plain(number);
    if (numeric === 0) {
      this.#named.set(number, { seq, fingerprint });
      this.journal.note(() => this.#named.delete(number));
      return;
    }
    if (fingerprint === '') this.addPlain(numeric, seq, 0, 0);
    else this.addPlain(numeric, seq, parseInt(fingerprint.slice(0, 8), 16) || 0, parseInt(fingerprint.slice(8), 16) || 0);
  }

  addPlain(number: number, seq: number, high: number, low: number): void {
    const at = this.#placeOf(number);
    const before = this.#length;
    if (before === this.#numbers.length) this.#grow();
    if (at < before) this.#shift(at, before, 1);
    this.#numbers[at] = number;
    this.#seqs[at] = seq;
    this.#prints[2 * at] = high;
    this.#prints[2 * at + 1] = low;
    this.#length += 1;
    if (at < before)
      this.journal.note(() => {
        this.#shift(at + 1, this.#length, -1);
        this.#length -= 1;
      });
    else this.#noteLength(before);
  }

  /** A part of an import adds hundreds of numbers at the end: they go together, and leave one opposite. */
  #noteLength(before: number): void {
    const { recording, stretch } = this.journal;
    if (!recording || this.#noted === stretch) return;
    this.#noted = stretch;
    this.journal.note(() => (this.#length = before));
  }

  saved(): SavedSeries {
    const n = this.#length;
    return {
      numbers: this.#numbers.slice(0, n),
      seqs: this.#seqs.slice(0, n),
      prints: this.#prints.slice(0, 2 * n),
      named: new Map([...this.#named].sort(byName)),
    };
  }

  /** Takes over every number of another series, in one merge (an import of a million vouchers closes at once). */
  absorb(other: Series): void {
    const before = [this.#numbers, this.#seqs, this.#prints, this.#length] as const;
    const size = this.#length + other.#length;
    const [numbers, seqs, prints] = [new Float64Array(size), new Uint32Array(size), new Uint32Array(2 * size)];
    for (let to = 0, mine = 0, theirs = 0; to < size; to += 1) {
      const takeMine = theirs === other.#length || (mine < this.#length && this.#numbers[mine]! < other.#numbers[theirs]!);
      const from: Series = takeMine ? this : other;
      const at = takeMine ? mine++ : theirs++; // no pair of both: it would be made a million times
      numbers[to] = from.#numbers[at]!;
      seqs[to] = from.#seqs[at]!;
      prints[2 * to] = from.#prints[2 * at]!;
      prints[2 * to + 1] = from.#prints[2 * at + 1]!;
    }
    [this.#numbers, this.#seqs, this.#prints, this.#length] = [numbers, seqs, prints, size];
    this.journal.note(() => ([this.#numbers, this.#seqs, this.#prints, this.#length] = before));
    for (const [number, { seq, fingerprint }] of other.#named) this.add(number, seq, fingerprint);
  }

  #placeOf(number: number): number {
    if (this.#length === 0 || number > this.#numbers[this.#length - 1]!) return this.#length;
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#numbers[middle]! < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #shift(from: number, to: number, by: number): void {
    this.#numbers.copyWithin(from + by, from, to);
    this.#seqs.copyWithin(from + by, from, to);
    this.#prints.copyWithin(2 * (from + by), 2 * from, 2 * to);
  }

  #grow(): void {
    const size = Math.ceil(this.#numbers.length * 1.5) + 8;
    const grown = <A extends Float64Array | Uint32Array>(to: A, from: A): A => (to.set(from), to);
    this.#numbers = grown(new Float64Array(size), this.#numbers);
    this.#seqs = grown(new Uint32Array(size), this.#seqs);
    this.#prints = grown(new Uint32Array(2 * size), this.#prints);
  }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);
const hex = (word: number) => word.toString(16).padStart(8, '0');

/** The taken numbers of one book and year. */
export class Numbers {
  readonly #series = new Map<string, Series>();

  constructor(
    private readonly journal: Journal,
    saved: SavedBook = new Map(),
  ) {
    for (const [name, series] of saved) this.#series.set(name, new Series(journal, series));
  }

  find(series: string, number: string): Taken | null {
    return this.#series.get(series)?.find(number) ?? null;
  }

  /** How many numbers are taken, over all series. */
  get count(): number {
    return [...this.#series.values()].reduce((sum, series) => sum + series.count, 0);
  }

  /** The taken numbers that are not plain whole numbers. */
  *named(): Iterable<{ readonly series: string; readonly number: string }> {
    for (const [series, { named }] of this.#series) for (const number of named) yield { series, number };
  }

  /** The highest plain number of a series; 0 where there is none. */
  highest(series: string): number {
    return this.#series.get(series)?.highest ?? 0;
  }

  /** Takes a number; the caller has seen that it is free. @param fingerprint 16 hex digits, or empty */
  add(series: string, number: string, seq: number, fingerprint = ''): void {
    this.#of(series).add(number, seq, fingerprint);
  }

  /** As {@link add}, from stored bytes: the number as such, or NaN and its text; the fingerprint in two words. */
  addRead(series: string, number: number, named: string | undefined, seq: number, high: number, low: number): void {
    if (named === undefined) this.#of(series).addPlain(number, seq, high, low);
    else this.#of(series).add(named, seq, hex(high) + hex(low));
  }

  /** Takes over all numbers of another book (an import that closes). */
  absorb(other: Numbers): void {
    for (const [name, series] of other.#series) this.#of(name).absorb(series);
  }

  /** What is taken, in order of series: the same numbers always look the same, whatever was tried and taken back. */
  saved(): SavedBook {
    return new Map(
      [...this.#series]
        .filter(([, { count }]) => count > 0)
        .sort(byName)
        .map(([name, series]) => [name, series.saved()]),
    );
  }

  #of(name: string): Series {
    let series = this.#series.get(name);
    if (!series) this.#series.set(name, (series = new Series(this.journal)));
    return series;
  }
}
