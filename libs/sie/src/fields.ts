/**
 * One line of a SIE file, field by field (spec 5.5-5.7): fields apart by spaces or tabs, any of them quoted, `\"` for a mark
 * inside. The hot loop of an import: works on bytes, and makes no text that it has made before. Used by reader.ts only.
 */
import { isDate, parseOre } from '#ledger';
import type { ComplaintName } from './complaint.js';
import { Decoder, type Encoding } from './encoding.js';
import { encodingOfField } from './encoding-judge.js';
import { Interned } from './interned.js';
import { isBlank } from './line-ends.js';
import type { SieObject } from './records.js';

const [SPACE, QUOTE, MINUS, POINT, ZERO, BACKSLASH, OPEN, CLOSE] = [32, 0x22, 0x2d, 0x2e, 0x30, 0x5c, 0x7b, 0x7d];
/** What a byte makes of the text it stands in: a control character, perhaps an escaped mark, or no ASCII. */
const [CONTROL, ESCAPED, HIGH] = [1, 2, 4];
const ODD = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 32 || byte === 127 ? CONTROL : byte === BACKSLASH ? ESCAPED : byte > 127 ? HIGH : 0,
);
const NO_OBJECTS: readonly SieObject[] = [];
/** Fields so short that they are made as quickly as found. */
const SHORT = 8;
/** Different dates that are remembered. */
const DATES = 10_000;

export class Fields {
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the next field is looked for, and where the line ends (its line end and trailing blanks left out). */
  at = 0;
  end = 0;
  /** Whether the last account had not been met before. */
  newAccount = false;
  /** An object list that had not been met before; the reader looks at it and takes it away. */
  fresh: readonly SieObject[] | null = null;
  /** What was odd about the fields read so far. */
  readonly flaws: ComplaintName[] = [];
  /** A brace that stood alone among the fields, and so ended them. */
  brace = 0;
  /** The encoding of the last field that was not in the file's. */
  other: Encoding = 'ascii';
  readonly #accounts = new Interned<string>();
  readonly #texts = new Interned<string>();
  readonly #lists = new Interned<readonly SieObject[]>();
  #lastNumber = -1;
  #lastDay = '';
  readonly #dates = new Map<number, string | null>();

  /** @param mixed the file has more than one encoding: each field is judged by itself */
  constructor(
    readonly decoder: Decoder,
    private readonly mixed: boolean,
  ) {}

  set(bytes: Uint8Array, from: number, end: number): void {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
    this.brace = 0;
    if (this.flaws.length) this.flaws.length = 0;
  }

  /** The next field, or null where the line has no more. */
  next(): string | null {
    const { bytes, end } = this;
    const from = this.#skip();
    if (from >= end) return null;
    if (bytes[from] === QUOTE) return this.#quoted(from + 1, false);
    let to = from;
    let hash = 0;
    let odd = 0;
    for (let byte; to < end && !isBlank((byte = bytes[to]!)); to += 1) {
      hash = (Math.imul(hash, 31) + byte) | 0;
      odd |= ODD[byte]!;
    }
    if (to === from + 1 && (bytes[from] === OPEN || bytes[from] === CLOSE)) {
      this.brace = bytes[from]!;
      this.at = to;
      return null;
    }
    this.at = to;
    return this.#text(from, to, hash, odd);
  }

  /** A name that is the last of its record: quoted, or all that is left of the line (programs forget the marks). */
  name(): string {
    const first = this.next() ?? '';
    if (this.bytes[this.at - 1] === QUOTE) return first;
    const words = [first];
    for (let word; (word = this.next()) !== null;) words.push(word);
    return words.join(' ');
  }

  /** Finds a brace that stands alone at the end of the line, behind fields that the standard does not have yet (7.3). */
  lastBrace(): void {
    const { bytes, at, end } = this;
    if (at >= end || this.brace !== 0) return;
    const last = bytes[end - 1]!;
    if (last !== OPEN && last !== CLOSE) return;
    if (!isBlank(bytes[end - 2]!) || bytes.subarray(at, end).includes(last === OPEN ? CLOSE : OPEN)) return; // the end of an object list
    this.brace = last;
    this.at = end;
  }

  /** The rest of the line after a brace that ended its fields. */
  get hasMore(): boolean {
    return this.#skip() < this.end;
  }

  /** The next field, an account; null where there is none. */
  account(): string | null {
    const { bytes, end } = this;
    const from = this.#skip();
    let hash = 0;
    let to = from;
    for (; to < end && isDigit(bytes[to]!); to += 1) hash = (Math.imul(hash, 31) + bytes[to]!) | 0;
    this.newAccount = true;
    if (to === from || (to < end && !isBlank(bytes[to]!))) return this.next();
    this.at = to;
    const known = this.#accounts.find(hash, bytes, from, to);
    if (known !== undefined) {
      this.newAccount = false;
      return known;
    }
    const account = this.decoder.text(bytes, from, to);
    this.#accounts.keep(hash, bytes, from, to, account);
    return account;
  }

  /**
   * The object list that comes next; empty where there is none. Null where it is not closed or its fields are not pairs.
   */
  objects(): readonly SieObject[] | null {
    const { bytes, end } = this;
    const from = this.#skip();
    if (bytes[from] !== OPEN || from >= end) return NO_OBJECTS;
    let hash = 0;
    let to = from + 1;
    for (; to < end && bytes[to] !== CLOSE; to += 1) hash = (Math.imul(hash, 31) + bytes[to]!) | 0;
    if (to === from + 1 && to < end) {
      this.at = to + 1;
      return NO_OBJECTS;
    }
    const known = this.#lists.find(hash, bytes, from + 1, to);
    if (known !== undefined) {
      this.at = to + 1;
      return known;
    }
    const objects = this.#list(from + 1);
    this.fresh = objects;
    if (this.at === to + 1 && objects !== null && this.flaws.length === 0) this.#lists.keep(hash, bytes, from + 1, to, objects);
    return objects;
  }

  /** Öre of the next field · throws the Refusal of `parseOre` where it is no amount, null where there is no field. */
  amount(): number | null {
    const { bytes, end } = this;
    const from = this.#skip();
    let at = from;
    const negative = bytes[at] === MINUS;
    if (negative) at += 1;
    let value = 0;
    const first = at;
    for (; at < end && isDigit(bytes[at]!); at += 1) value = value * 10 + bytes[at]! - ZERO;
    let decimals = 0;
    let plain = at > first && at - first < 14;
    if (plain && at < end && bytes[at] === POINT) {
      for (at += 1; at < end && isDigit(bytes[at]!) && decimals < 3; at += 1, decimals += 1) value = value * 10 + bytes[at]! - ZERO;
      plain = decimals === 1 || decimals === 2;
    }
    if (plain && (at >= end || isBlank(bytes[at]!))) {
      this.at = at;
      const ore = decimals === 2 ? value : decimals === 1 ? value * 10 : value * 100;
      return negative && ore !== 0 ? -ore : ore;
    }
    const text = this.next();
    return text === null ? null : parseOre(text.replace(BARE_POINT, '$<minus>0.$<decimals>'));
  }

  /** The next field as `YYYY-MM-DD`; empty where it is empty or missing, null where it is no day that exists (it stands in `unread`). */
  date(): string | null {
    const { bytes, end } = this;
    const from = this.#skip();
    let to = from;
    let number = 0;
    for (; to < end && to < from + 8 && isDigit(bytes[to]!); to += 1) number = number * 10 + bytes[to]! - ZERO;
    if (to === from + 8 && (to >= end || isBlank(bytes[to]!))) this.at = to;
    else {
      const text = this.next();
      if (text === null || text === '') return '';
      this.unread = text;
      if (!/^\d{8}$/.test(text)) return null;
      number = Number(text);
    }
    if (number === this.#lastNumber) return this.#lastDay;
    let day = this.#dates.get(number);
    if (day === undefined) {
      const text = String(number).padStart(8, '0');
      const written = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
      day = isDate(written) ? written : null;
      if (this.#dates.size < DATES) this.#dates.set(number, day);
    }
    if (day === null) this.unread = String(number).padStart(8, '0');
    else {
      this.#lastNumber = number;
      this.#lastDay = day;
    }
    return day;
  }

  /** The field that was no date. */
  unread = '';

  #list(from: number): SieObject[] | null {
    const { bytes, end } = this;
    const fields: string[] = [];
    for (this.at = from; ;) {
      const at = this.#skip();
      if (at >= end) return null;
      if (bytes[at] === CLOSE) break;
      if (bytes[at] === QUOTE) {
        fields.push(this.#quoted(at + 1, true));
        continue;
      }
      let to = at;
      while (to < end && bytes[to] !== CLOSE && !isBlank(bytes[to]!)) to += 1;
      fields.push(this.#fresh(at, to, CONTROL | ESCAPED | HIGH));
      this.at = to;
    }
    this.at += 1;
    if (fields.length % 2) return null;
    const objects: SieObject[] = [];
    for (let at = 0; at < fields.length; at += 2) objects.push({ dim: fields[at]!, object: fields[at + 1]! });
    return objects;
  }

  /** A field whose opening mark stands before `from`. */
  #quoted(from: number, inList: boolean): string {
    const { bytes, end } = this;
    let to = from;
    let hash = 0;
    let odd = 0;
    for (; to < end; to += 1) {
      const byte = bytes[to]!;
      if (byte === QUOTE) {
        const after = to + 1 < end ? bytes[to + 1]! : SPACE;
        if (isBlank(after) || (inList && after === CLOSE)) break;
        this.flaws.push('sie-quote-misplaced');
      } else if (byte === BACKSLASH && to + 1 < end && bytes[to + 1] === QUOTE) {
        odd |= ESCAPED;
        to += 1;
      } else odd |= ODD[byte]!;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (to >= end) {
      to = end;
      this.flaws.push('sie-quote-open');
    }
    this.at = Math.min(end, to + 1);
    return this.#text(from, to, hash, odd | (this.flaws.length > 0 ? ESCAPED : 0));
  }

  #text(from: number, to: number, hash: number, odd: number): string {
    if (from === to) return '';
    if (to - from <= SHORT || (odd & (this.mixed ? CONTROL | ESCAPED | HIGH : CONTROL | ESCAPED)) !== 0) return this.#fresh(from, to, odd);
    const known = this.#texts.find(hash, this.bytes, from, to);
    if (known !== undefined) return known;
    const text = this.#fresh(from, to, 0);
    if (this.flaws.length === 0) this.#texts.keep(hash, this.bytes, from, to, text);
    return text;
  }

  #fresh(from: number, to: number, odd: number): string {
    let text = this.mixed && odd & HIGH ? this.#judged(from, to) : this.decoder.text(this.bytes, from, to);
    if (odd & ESCAPED) text = text.replaceAll('\\"', '"');
    if (odd & CONTROL && text.search(CONTROLS) >= 0) {
      text = text.replace(CONTROLS, ' ');
      this.flaws.push('sie-control-character');
    }
    if (this.decoder.encoding === 'utf-8' && text.includes('\ufffd')) this.flaws.push('sie-text-damaged');
    return text;
  }

  /** In a file that mixes, a field is read by its own encoding, and said. */
  #judged(from: number, to: number): string {
    const { encoding, differs } = encodingOfField(this.bytes.subarray(from, to), this.decoder.encoding);
    if (differs) {
      this.flaws.push('sie-encoding-mixed');
      this.other = encoding;
    }
    return (encoding === this.decoder.encoding ? this.decoder : new Decoder(encoding)).text(this.bytes, from, to);
  }

  #skip(): number {
    const { bytes, end } = this;
    let { at } = this;
    while (at < end && isBlank(bytes[at]!)) at += 1;
    return (this.at = at);
  }
}

/** An amount without the nought before its point, as some programs write it: `.20` */
const BARE_POINT = /^(?<minus>-?)\.(?<decimals>\d+)$/;
const CONTROLS = /[\u0000-\u001f\u007f]/g;

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= 57;
