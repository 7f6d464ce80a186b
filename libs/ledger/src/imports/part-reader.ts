/**
 * The vouchers of an import's part, read from the packed bytes in which they are stored (packed.ts), into columns: a ledger of a million
 * vouchers is folded and projected without a value being made of each. What comes again (a line's coding, a series, a date) is
 * numbered, so that what it means is settled once. Bytes of any other kind it leaves alone: JSON.parse reads everything.
 */
import { NumberedBytes, REMEMBERED } from './numbered-bytes.js';
import { accountOf, codingOf, dateOf, NotPacked, objectsOf, seriesOf, textOf } from './packed-values.js';
import type { Coding, Objects, Series } from './packed.js';

/** What a line says beside account, amount, counterpart, the file's own coding and row. */
export type Placing = Omit<Coding, 'counterpart'> & { readonly unit: string };

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const [QUOTE, BACKSLASH, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, MINUS, ZERO] = [0x22, 0x5c, 0x2c, 0x7b, 0x7d, 0x5b, 0x5d, 0x2d, 0x30];
const CODINGS = bytesOf('{"codings":[');
const DATES = bytesOf(',"dates":[');
const OBJECTS = bytesOf(',"objects":[');
const SERIES = bytesOf(',"series":[');
const UNITS = bytesOf(',"units":[');
const VOUCHERS = bytesOf(',"vouchers":[');
const BEFORE_LINES = bytesOf('",[');
/** Codings times units of a part that are remembered by their places: a region's part has some thousands. */
const PAIRS = 1 << 20;
/** Digits of a whole number that a double holds exactly. */
const DIGITS = 15;
const HEX = Int8Array.from({ length: 256 }, (_, byte) => '0123456789abcdef'.indexOf(String.fromCharCode(byte)));
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Thrown and caught here: the bytes are not of the kind that is read here. */
class Unknown extends Error {}
function unknown(): never {
  throw new Unknown();
}

/** What stands in one of a part's tables, by its place there: the number that it has here. */
type Table = number[];

/** Placings numbered by the numbers of their coding and unit. */
class Placings {
  /** By number. */
  readonly values: Placing[] = [];
  readonly #numbers = new Map<number, number>();

  /** @param coding its number, and that of the unit: both below 2^16 */
  of(coding: number, unit: number, placing: () => Placing): number {
    const key = coding * 65_536 + unit;
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, (number = this.values.push(placing()) - 1));
    return number;
  }

  get isFull(): boolean {
    return this.values.length >= REMEMBERED;
  }
}

/** Reads one part after another; its columns hold the last. Vouchers go by their place in the part, lines by theirs. */
export class PartReader {
  vouchers = 0;
  lines = 0;
  /** What the columns' numbers stand for. They are new ones once they have grown large: whoever keeps something by number sees it by that. */
  placings!: Placings;
  accounts!: NumberedBytes<string>;
  dates!: NumberedBytes<string>;
  serieses!: NumberedBytes<Series>;
  objectses!: NumberedBytes<Objects>;
  #codings!: NumberedBytes<Coding>;
  #units!: NumberedBytes<string>;

  eventDate = new Uint32Array(0);
  /** One more than the number of the date; 0 where none is claimed. */
  registered = new Uint32Array(0);
  series = new Uint32Array(0);
  /** A number that is plain and whole; NaN for those in `named`. */
  number = new Float64Array(0);
  readonly named = new Map<number, string>();
  /** Two words a voucher. */
  fingerprint = new Uint32Array(0);
  /** The number of its first line here: more than 1 where it goes on from the part before. */
  firstLine = new Uint32Array(0);
  /** The place of its first line; one more of them than there are vouchers. */
  lineFrom = new Uint32Array(1);
  /** Whether the last voucher goes on in the next part. */
  more = false;

  placing = new Uint32Array(0);
  account = new Uint32Array(0);
  amountOre = new Float64Array(0);
  /** 0 where the line names none. */
  row = new Float64Array(0);
  /** One more than the number of the list; 0 where the line has none. */
  objects = new Uint32Array(0);
  /** By the line's place. */
  readonly counterpart = new Map<number, string>();

  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  readonly #ofCoding: Table = [];
  readonly #ofDate: Table = [];
  readonly #ofObjects: Table = [];
  readonly #ofSeries: Table = [];
  readonly #ofUnit: Table = [];
  /** The placing of each coding and unit of the part, by their places; −1 where no line has had it yet. */
  #placed = new Int32Array(0);
  /** By the place of their coding. */
  readonly #counterparts = new Map<number, string>();

  constructor() {
    this.#forget();
  }

  /** @param bytes the packed vouchers @returns whether they could be read; if not, the columns hold nothing of use */
  read(bytes: Uint8Array): boolean {
    if ([this.placings, this.#codings, this.#units, this.accounts, this.dates, this.serieses, this.objectses].some(({ isFull }) => isFull))
      this.#forget();
    this.#bytes = bytes;
    this.#at = 0;
    [this.vouchers, this.lines, this.more] = [0, 0, false];
    this.named.clear();
    this.counterpart.clear();
    try {
      this.#table(CODINGS, this.#codings, this.#ofCoding);
      this.#table(DATES, this.dates, this.#ofDate);
      this.#table(OBJECTS, this.objectses, this.#ofObjects);
      this.#table(SERIES, this.serieses, this.#ofSeries);
      this.#table(UNITS, this.#units, this.#ofUnit);
      this.#literal(VOUCHERS);
      this.#readyPlacings();
      while (bytes[this.#at] !== CLOSE_LIST) {
        if (this.vouchers > 0) this.#byte(COMMA);
        this.#voucher();
      }
      return this.vouchers > 0 && this.#at === bytes.length - 2 && bytes[this.#at + 1] === CLOSE;
    } catch (error) {
      // SyntaxError is JSON.parse's, TypeError the decoder's
      if ([Unknown, NotPacked, SyntaxError, TypeError].some((kind) => error instanceof kind)) return false;
      throw error;
    } finally {
      this.#bytes = new Uint8Array(0); // the bytes are the caller's
    }
  }

  /** The text of a voucher's number. */
  numberOf(voucher: number): string {
    return this.named.get(voucher) ?? String(this.number[voucher]);
  }

  /** One of the tables before the list, each of its values numbered. */
  #table(label: Uint8Array, numbered: NumberedBytes<unknown>, table: Table): void {
    this.#literal(label);
    table.length = 0;
    while (this.#bytes[this.#at] !== CLOSE_LIST) {
      if (table.length > 0) this.#byte(COMMA);
      const to = this.#valueEnd();
      table.push(numbered.of(this.#bytes, this.#at, to));
      this.#at = to;
    }
    this.#at += 1;
  }

  #voucher(): void {
    const v = this.vouchers;
    if (this.more) throw new Unknown(); // only the last may go on
    if (v === this.series.length) this.#growVouchers();
    this.#byte(OPEN_LIST);
    this.series[v] = this.#placeIn(this.#ofSeries);
    this.#byte(COMMA);
    this.#byte(QUOTE);
    this.#number(v);
    this.#byte(QUOTE);
    this.#byte(COMMA);
    this.eventDate[v] = this.#placeIn(this.#ofDate);
    this.#byte(COMMA);
    this.#byte(QUOTE);
    this.fingerprint[2 * v] = this.#word();
    this.fingerprint[2 * v + 1] = this.#word();
    this.#literal(BEFORE_LINES);
    this.lineFrom[v] = this.lines;
    this.#line();
    while (this.#bytes[this.#at] === COMMA) {
      this.#at += 1;
      this.#line();
    }
    this.#byte(CLOSE_LIST);
    [this.registered[v], this.firstLine[v]] = [0, 1];
    if (this.#isNext(COMMA)) this.#rest(v);
    this.#byte(CLOSE_LIST);
    this.vouchers = v + 1;
    this.lineFrom[v + 1] = this.lines;
  }

  /** What not every voucher says: its date of registration, and where it goes on. */
  #rest(v: number): void {
    if (this.#bytes[this.#at] === MINUS) {
      if (this.#integer() !== -1) throw new Unknown();
    } else this.registered[v] = 1 + this.#placeIn(this.#ofDate);
    if (!this.#isNext(COMMA)) return;
    const firstLine = this.#integer();
    this.#byte(COMMA);
    const more = this.#integer();
    if (firstLine < 1 || more < 0 || more > 1) throw new Unknown();
    [this.firstLine[v], this.more] = [firstLine, more === 1];
  }

  /** A number as text: plain whole numbers as such, others by name. */
  #number(v: number): void {
    const [from, to] = [this.#at, this.#textEnd(this.#at)];
    const bytes = this.#bytes;
    if (from === to) throw new Unknown();
    let [number, plain] = [0, to - from <= DIGITS && bytes[from] !== ZERO];
    for (let p = from; p < to && plain; p++) {
      const digit = bytes[p]! - ZERO;
      plain = digit >= 0 && digit <= 9;
      number = number * 10 + digit;
    }
    this.number[v] = plain ? number : NaN;
    if (!plain) this.named.set(v, decoder.decode(bytes.subarray(from, to)));
    this.#at = to;
  }

  #line(): void {
    const l = this.lines;
    if (l === this.row.length) this.#growLines();
    this.#byte(OPEN_LIST);
    const to = this.#textEnd(this.#at + 1) + 1;
    this.account[l] = this.accounts.of(this.#bytes, this.#at, to);
    this.#at = to;
    this.#byte(COMMA);
    const coding = this.#integer();
    this.#byte(COMMA);
    this.placing[l] = this.#placingOf(coding, this.#integer());
    if (this.#counterparts.size > 0) {
      const counterpart = this.#counterparts.get(coding);
      if (counterpart !== undefined) this.counterpart.set(l, counterpart);
    }
    this.#byte(COMMA);
    this.amountOre[l] = this.#integer();
    if ((this.row[l] = this.#isNext(COMMA) ? this.#integer() : 0) < 0) throw new Unknown();
    this.objects[l] = this.#isNext(COMMA) ? 1 + this.#placeIn(this.#ofObjects) : 0;
    this.#byte(CLOSE_LIST);
    this.lines = l + 1;
  }

  #readyPlacings(): void {
    const [codings, units] = [this.#ofCoding, this.#ofUnit];
    const pairs = Math.min(codings.length * units.length, PAIRS);
    if (this.#placed.length < pairs) this.#placed = new Int32Array(2 * pairs);
    this.#placed.fill(-1, 0, pairs);
    this.#counterparts.clear();
    for (let place = 0; place < codings.length; place++) {
      const { counterpart } = this.#codings.values[codings[place]!]!;
      if (counterpart !== undefined) this.#counterparts.set(place, counterpart);
    }
  }

  /** @param coding its place in the part's table, and that of the unit */
  #placingOf(coding: number, unit: number): number {
    const [codings, units] = [this.#ofCoding, this.#ofUnit];
    if (!(coding >= 0 && coding < codings.length && unit >= 0 && unit < units.length)) throw new Unknown();
    const pair = coding * units.length + unit;
    const known = pair < PAIRS ? this.#placed[pair]! : -1;
    if (known >= 0) return known;
    const [ofCoding, ofUnit] = [codings[coding]!, units[unit]!];
    return (this.#placed[pair] = this.placings.of(ofCoding, ofUnit, () => {
      const { counterpart: _counterpart, ...placing } = this.#codings.values[ofCoding]!;
      return { ...placing, unit: this.#units.values[ofUnit]! };
    }));
  }

  /** The number here of what stands at the place that is named. */
  #placeIn(table: Table): number {
    return table[this.#integer()] ?? unknown();
  }

  #isNext(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  #byte(byte: number): void {
    if (this.#bytes[this.#at] !== byte) throw new Unknown();
    this.#at += 1;
  }

  #literal(literal: Uint8Array): void {
    const [bytes, at] = [this.#bytes, this.#at];
    for (let i = 0; i < literal.length; i++) if (bytes[at + i] !== literal[i]) throw new Unknown();
    this.#at = at + literal.length;
  }

  /** Where the text that begins here ends. @param from after its quotation mark */
  #textEnd(from: number): number {
    const bytes = this.#bytes;
    for (let p = from; p < bytes.length; p++) {
      if (bytes[p] === QUOTE) return p;
      if (bytes[p] === BACKSLASH) break;
    }
    throw new Unknown();
  }

  /** Where the text, list or object that begins here ends. */
  #valueEnd(): number {
    const bytes = this.#bytes;
    let [depth, quoted] = [0, false];
    for (let p = this.#at; p < bytes.length; p++) {
      const byte = bytes[p];
      if (byte === BACKSLASH) break;
      if (byte === QUOTE) quoted = !quoted;
      else if (!quoted && (byte === OPEN_LIST || byte === OPEN)) depth += 1;
      else if (!quoted && (byte === CLOSE_LIST || byte === CLOSE)) depth -= 1;
      if (depth === 0 && !quoted) return p + 1;
    }
    throw new Unknown();
  }

  #integer(): number {
    const bytes = this.#bytes;
    const negative = bytes[this.#at] === MINUS;
    let p = this.#at + (negative ? 1 : 0);
    const from = p;
    let value = 0;
    for (let digit; (digit = bytes[p]! - ZERO) >= 0 && digit <= 9; p++) value = value * 10 + digit;
    if (p === from || p - from > DIGITS || (negative && value === 0)) throw new Unknown();
    this.#at = p;
    return negative ? -value : value;
  }

  /** Eight hex digits. */
  #word(): number {
    let word = 0;
    for (let i = 0; i < 8; i++) {
      const digit = HEX[this.#bytes[this.#at + i]!] ?? -1;
      if (digit < 0) throw new Unknown();
      word = (word << 4) | digit;
    }
    this.#at += 8;
    return word >>> 0;
  }

  #forget(): void {
    const parsed =
      <V>(of: (value: unknown) => V) =>
      (text: string) =>
        of(JSON.parse(text));
    this.placings = new Placings();
    this.#codings = new NumberedBytes(parsed(codingOf));
    this.#units = new NumberedBytes(parsed(textOf));
    this.accounts = new NumberedBytes(parsed(accountOf));
    this.dates = new NumberedBytes(parsed(dateOf));
    this.objectses = new NumberedBytes(parsed(objectsOf));
    this.serieses = new NumberedBytes(parsed(seriesOf));
  }

  #growVouchers(): void {
    const size = 2 * this.series.length + 512;
    this.eventDate = grown(new Uint32Array(size), this.eventDate);
    this.registered = grown(new Uint32Array(size), this.registered);
    this.series = grown(new Uint32Array(size), this.series);
    this.number = grown(new Float64Array(size), this.number);
    this.fingerprint = grown(new Uint32Array(2 * size), this.fingerprint);
    this.firstLine = grown(new Uint32Array(size), this.firstLine);
    this.lineFrom = grown(new Uint32Array(size + 1), this.lineFrom);
  }

  #growLines(): void {
    const size = 2 * this.row.length + 1_024;
    this.placing = grown(new Uint32Array(size), this.placing);
    this.account = grown(new Uint32Array(size), this.account);
    this.amountOre = grown(new Float64Array(size), this.amountOre);
    this.objects = grown(new Uint32Array(size), this.objects);
    this.row = grown(new Float64Array(size), this.row);
  }
}

function grown<A extends Uint32Array | Float64Array>(to: A, from: A): A {
  to.set(from);
  return to;
}
