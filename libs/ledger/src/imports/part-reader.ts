/**
 * The vouchers of an import's part, read from the canonical bytes in which they are stored, into columns: a ledger of a million
 * vouchers is folded and projected without a value being made of each. What comes again (a line's coding, a series, a date) is
 * numbered, so that what it means is settled once. Bytes of any other kind it leaves alone: JSON.parse reads everything.
 */
import type { Line } from '../voucher.js';
import { NumberedBytes } from './numbered-bytes.js';

/** What a line says beside account, amount, counterpart, the file's own coding and row. */
export type Placing = Omit<Line, 'account' | 'amountOre' | 'counterpart' | 'objects' | 'row'>;
/** What a voucher's reference says beside its number. */
export type Series = { readonly book: string; readonly year: number; readonly series: string; readonly version: number };

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const [QUOTE, BACKSLASH, COMMA, COLON, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, MINUS, ZERO] = [
  0x22, 0x5c, 0x2c, 0x3a, 0x7b, 0x7d, 0x5b, 0x5d, 0x2d, 0x30,
];
const EVENT_DATE = bytesOf('{"eventDate":"');
const FINGERPRINT = bytesOf('","fingerprint":"');
const FIRST_LINE = bytesOf('","firstLine":');
const LINES = bytesOf(',"lines":[');
const MORE = bytesOf(',"more":true');
const REF = bytesOf(',"ref":{"book":"');
const NUMBER = bytesOf('","number":"');
const REGISTERED = bytesOf(',"registered":"');
const ACCOUNT = bytesOf('{"account":"');
const AMOUNT = bytesOf('","amountOre":');
const COUNTERPART = bytesOf('"counterpart":"');
const OBJECTS = bytesOf('"objects":');
const ROW = bytesOf('"row":');
/** Digits of a whole number that a double holds exactly. */
const DIGITS = 15;
const HEX = Int8Array.from({ length: 256 }, (_, byte) => '0123456789abcdef'.indexOf(String.fromCharCode(byte)));
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Thrown and caught here: the bytes are not of the kind that is read here. */
class Unknown extends Error {}

/** Reads one part after another; its columns hold the last. Vouchers go by their place in the part, lines by theirs. */
export class PartReader {
  vouchers = 0;
  lines = 0;
  /** What the columns' numbers stand for. They are new ones once they have grown large: whoever keeps something by number sees it by that. */
  placings!: NumberedBytes<Placing>;
  accounts!: NumberedBytes<string>;
  dates!: NumberedBytes<string>;
  serieses!: NumberedBytes<Series>;
  objectses!: NumberedBytes<NonNullable<Line['objects']>>;

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
  readonly #scratch = new Uint8Array(4_096);

  constructor() {
    this.#forget();
  }

  /** @param bytes the canonical list of vouchers @returns whether it could be read; if not, the columns hold nothing of use */
  read(bytes: Uint8Array): boolean {
    if ([this.placings, this.accounts, this.dates, this.serieses, this.objectses].some(({ isFull }) => isFull)) this.#forget();
    this.#bytes = bytes;
    this.#at = 0;
    [this.vouchers, this.lines, this.more] = [0, 0, false];
    this.named.clear();
    this.counterpart.clear();
    try {
      this.#byte(OPEN_LIST);
      while (bytes[this.#at] !== CLOSE_LIST) {
        if (this.vouchers > 0) this.#byte(COMMA);
        this.#voucher();
      }
      return this.vouchers > 0 && this.#at === bytes.length - 1;
    } catch (error) {
      // the others are JSON.parse's and the decoder's
      if (error instanceof Unknown || error instanceof SyntaxError || error instanceof TypeError) return false;
      throw error;
    } finally {
      this.#bytes = new Uint8Array(0); // the bytes are the caller's
    }
  }

  /** The text of a voucher's number. */
  numberOf(voucher: number): string {
    return this.named.get(voucher) ?? String(this.number[voucher]);
  }

  #voucher(): void {
    const v = this.vouchers;
    if (this.more) throw new Unknown(); // only the last may go on
    if (v === this.series.length) this.#growVouchers();
    this.#literal(EVENT_DATE);
    this.eventDate[v] = this.#numbered(this.dates);
    this.#literal(FINGERPRINT);
    this.fingerprint[2 * v] = this.#word();
    this.fingerprint[2 * v + 1] = this.#word();
    if (this.#isLiteral(FIRST_LINE)) this.firstLine[v] = this.#integer();
    else {
      this.firstLine[v] = 1;
      this.#byte(QUOTE);
    }
    this.#literal(LINES);
    this.lineFrom[v] = this.lines;
    this.#line();
    while (this.#bytes[this.#at] === COMMA) {
      this.#at += 1;
      this.#line();
    }
    this.#byte(CLOSE_LIST);
    this.more = this.#isLiteral(MORE);
    this.#reference(v);
    this.registered[v] = 0;
    if (this.#isLiteral(REGISTERED)) {
      this.registered[v] = 1 + this.#numbered(this.dates);
      this.#byte(QUOTE);
    }
    this.#byte(CLOSE);
    this.vouchers = v + 1;
    this.lineFrom[v + 1] = this.lines;
  }

  #reference(v: number): void {
    const scratch = this.#scratch;
    this.#literal(REF);
    const [bookFrom, bookTo] = [this.#at, this.#textEnd()];
    this.#at = bookTo;
    this.#literal(NUMBER);
    this.#number(v);
    const rest = this.#at + 1;
    let to = rest;
    while (this.#bytes[to] !== CLOSE) if (to - rest > 200 || this.#bytes[to++] === BACKSLASH) throw new Unknown();
    scratch.set(this.#bytes.subarray(bookFrom, bookTo));
    scratch.set(this.#bytes.subarray(this.#at, to), bookTo - bookFrom);
    this.series[v] = this.serieses.of(scratch, 0, bookTo - bookFrom + to - this.#at);
    this.#at = to + 1;
  }

  /** A number as text: plain whole numbers as such, others by name. */
  #number(v: number): void {
    const [from, to] = [this.#at, this.#textEnd()];
    const bytes = this.#bytes;
    let [number, plain] = [0, to - from <= DIGITS && to > from && bytes[from] !== ZERO];
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
    this.#literal(ACCOUNT);
    this.account[l] = this.#numbered(this.accounts);
    this.#literal(AMOUNT);
    this.amountOre[l] = this.#integer();
    this.row[l] = 0;
    this.objects[l] = 0;
    this.#placingOf(l);
    this.lines = l + 1;
  }

  /** The rest of a line, field by field: what makes up its coding is gathered and numbered. */
  #placingOf(l: number): void {
    const [bytes, scratch] = [this.#bytes, this.#scratch];
    let [p, n] = [this.#at, 0];
    while (bytes[p] === COMMA) {
      const first = bytes[p + 2];
      this.#at = p + 1;
      if (first === COUNTERPART[1] && this.#isLiteral(COUNTERPART)) {
        const [from, to] = [this.#at, this.#textEnd()];
        this.counterpart.set(l, decoder.decode(bytes.subarray(from, to)));
        p = to + 1;
        continue;
      }
      if (first === ROW[1] && this.#isLiteral(ROW)) {
        this.row[l] = this.#integer();
        p = this.#at;
        continue;
      }
      if (first === OBJECTS[1] && this.#isLiteral(OBJECTS)) {
        p = this.#listEnd();
        this.objects[l] = 1 + this.objectses.of(bytes, this.#at, p);
        continue;
      }
      // a key, a colon, and a text, a number or a word; nothing that has an inside
      let quotes = 0;
      for (scratch[n++] = COMMA, p += 1; ; p++) {
        const byte = bytes[p];
        if (byte === QUOTE) quotes += 1;
        else if ((quotes & 1) === 0 && byte !== COLON) {
          if (byte === COMMA || byte === CLOSE) break;
          if (byte === OPEN || byte === OPEN_LIST) throw new Unknown();
        }
        if (byte === undefined || byte === BACKSLASH || n >= scratch.length - 1) throw new Unknown();
        scratch[n++] = byte;
      }
    }
    this.#at = p;
    this.#byte(CLOSE);
    scratch[n++] = CLOSE;
    this.placing[l] = this.placings.of(scratch, 0, n);
  }

  #byte(byte: number): void {
    if (this.#bytes[this.#at] !== byte) throw new Unknown();
    this.#at += 1;
  }

  #literal(literal: Uint8Array): void {
    if (!this.#isLiteral(literal)) throw new Unknown();
  }

  /** Passes over what is expected, where it is there. */
  #isLiteral(literal: Uint8Array): boolean {
    const [bytes, at] = [this.#bytes, this.#at];
    for (let i = 0; i < literal.length; i++) if (bytes[at + i] !== literal[i]) return false;
    this.#at = at + literal.length;
    return true;
  }

  /** Where the text that begins here ends. */
  #textEnd(): number {
    const bytes = this.#bytes;
    for (let p = this.#at; p < bytes.length; p++) {
      if (bytes[p] === QUOTE) return p;
      if (bytes[p] === BACKSLASH) break;
    }
    throw new Unknown();
  }

  /** Where the list that begins here, of whatever lists, ends. */
  #listEnd(): number {
    const bytes = this.#bytes;
    let [depth, quoted] = [0, false];
    for (let p = this.#at; p < bytes.length; p++) {
      const byte = bytes[p];
      if (byte === BACKSLASH) break;
      if (byte === QUOTE) quoted = !quoted;
      else if (!quoted && byte === OPEN_LIST) depth += 1;
      else if (!quoted && byte === CLOSE_LIST && --depth === 0) return p + 1;
    }
    throw new Unknown();
  }

  #numbered(texts: NumberedBytes<string>): number {
    const to = this.#textEnd();
    const id = texts.of(this.#bytes, this.#at, to);
    this.#at = to;
    return id;
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
    this.placings = new NumberedBytes((text) => JSON.parse(`{${text.slice(1)}`) as Placing);
    this.accounts = new NumberedBytes(String);
    this.dates = new NumberedBytes(String);
    this.objectses = new NumberedBytes((text) => JSON.parse(text) as NonNullable<Line['objects']>);
    this.serieses = new NumberedBytes((text) => JSON.parse(`{"book":"${text}}`) as Series);
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
