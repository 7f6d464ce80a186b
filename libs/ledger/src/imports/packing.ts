/**
 * Writes the vouchers of one part after another in packed form (packed.ts), straight to bytes: a number made into a string and the string
 * into bytes cost three times as much. Used by whoever cuts a file into parts, and for vouchers that are given as values.
 */
import { canonical, quoted, utf8, type Json } from '../canonical.js';
import type { Reference } from '../reference.js';
import type { Line, Voucher } from '../voucher.js';

/** What a line says beside account, amount, period and row; whoever writes many that are alike gives the same object for them. */
export type LineCoding = Omit<Line, 'account' | 'amountOre' | 'period' | 'row'>;

/** What has a place in a table: its canonical text, the bytes of that with a comma, and where it was last, which holds where it still stands there. */
type Place = { readonly text: string; readonly bytes: number; at: number };
/** Texts that are remembered from part to part, in each table. */
const REMEMBERED = 20_000;

/** What a part numbers from 0 as it comes. Parts have much in common: what was met before is not looked for again. */
class Places {
  /** By place. */
  readonly taken: Place[] = [];
  readonly #known = new Map<string, Place>();

  /** @param textOf the canonical text of what is known by a key */
  constructor(private readonly textOf: (key: string) => string) {}

  placeOf(key: string): Place {
    let place = this.#known.get(key);
    if (place === undefined) {
      const text = this.textOf(key);
      this.#known.set(key, (place = { text, bytes: utf8(text).length + 1, at: 0 }));
    }
    return place;
  }

  /** Whether it has a place in this part. */
  has(place: Place): boolean {
    return this.taken[place.at] === place;
  }

  add(place: Place): void {
    place.at = this.taken.push(place) - 1;
  }

  cutTo(length: number): void {
    this.taken.length = length;
  }

  get isFull(): boolean {
    return this.#known.size > REMEMBERED;
  }

  forget(): void {
    this.#known.clear();
  }
}
const itself = (text: string): string => text;

/** A coding met before: its places with the period that it was last met with. */
type Met = { period: string; coding: Place; readonly unit: Place; readonly objects: Place | null };

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, MINUS, ZERO] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x2d, 0x30];
/** What one number or sign takes at most; six bytes a letter more for a text. */
const ROOM = 128;
const CLOSING = utf8(']}');

/** `begin`, `line` for each line, `end`; `close` gives the part and begins the next. */
export class Packing {
  readonly #codings = new Places(itself);
  readonly #dates = new Places(quoted);
  readonly #objects = new Places(itself);
  readonly #series = new Places(itself);
  readonly #units = new Places(quoted);
  readonly #tables = [this.#codings, this.#dates, this.#objects, this.#series, this.#units];
  #met = new WeakMap<LineCoding, Met>();
  #lastRef: Reference | null = null;
  #lastSeries: Place = { text: '', bytes: 0, at: 0 };
  /** The list of vouchers so far, without its brackets. */
  #bytes = new Uint8Array(512 * 1_024);
  #at = 0;
  /** Whether a line of the voucher has been written. */
  #lined = false;
  /** Bytes of the tables so far. */
  #tableSize = 0;
  readonly #mark = { at: 0, lined: false, tableSize: 0, lengths: this.#tables.map(() => 0) };

  /** Bytes of the part so far. */
  get size(): number {
    return this.#tableSize + this.#at;
  }

  /** Remembers what is written now, for {@link undo}. */
  mark(): void {
    const mark = this.#mark;
    [mark.at, mark.lined, mark.tableSize] = [this.#at, this.#lined, this.#tableSize];
    for (let i = 0; i < this.#tables.length; i++) mark.lengths[i] = this.#tables[i]!.taken.length;
  }

  /** Takes back what was written since the mark. */
  undo(): void {
    const mark = this.#mark;
    [this.#at, this.#lined, this.#tableSize] = [mark.at, mark.lined, mark.tableSize];
    for (let i = 0; i < this.#tables.length; i++) this.#tables[i]!.cutTo(mark.lengths[i]!);
  }

  /** The voucher up to its lines. */
  begin({ ref, eventDate, fingerprint = '' }: Omit<Voucher, 'lines'>): void {
    this.#reserve(ROOM);
    if (this.#at > 0) this.#byte(COMMA);
    this.#byte(OPEN_LIST);
    this.#placed(this.#series, this.#seriesOf(ref));
    this.#byte(COMMA);
    this.#text(ref.number);
    this.#byte(COMMA);
    this.#placed(this.#dates, this.#dates.placeOf(eventDate));
    this.#byte(COMMA);
    this.#text(fingerprint);
    this.#byte(COMMA);
    this.#byte(OPEN_LIST);
    this.#lined = false;
  }

  /** @param row 0 where there is none */
  line(account: string, amountOre: number, row: number, period: string, lineCoding: LineCoding): void {
    const { coding, unit, objects } = this.#metOf(lineCoding, period);
    this.#reserve(ROOM);
    if (this.#lined) this.#byte(COMMA);
    this.#lined = true;
    this.#byte(OPEN_LIST);
    this.#text(account);
    this.#byte(COMMA);
    this.#placed(this.#codings, coding);
    this.#byte(COMMA);
    this.#placed(this.#units, unit);
    this.#byte(COMMA);
    this.#integer(amountOre);
    if (row !== 0 || objects !== null) {
      this.#byte(COMMA);
      this.#integer(row);
    }
    if (objects !== null) {
      this.#byte(COMMA);
      this.#placed(this.#objects, objects);
    }
    this.#byte(CLOSE_LIST);
  }

  /** What comes after the lines. @param firstLine the number of the first of them that stands here @param more whether some are still to come */
  end({ registered }: Omit<Voucher, 'lines'>, firstLine: number, more: boolean): void {
    this.#reserve(ROOM);
    this.#byte(CLOSE_LIST);
    const goesOn = firstLine > 1 || more;
    if (registered !== undefined) {
      this.#byte(COMMA);
      this.#placed(this.#dates, this.#dates.placeOf(registered));
    } else if (goesOn) {
      this.#byte(COMMA);
      this.#integer(-1);
    }
    if (goesOn) {
      this.#byte(COMMA);
      this.#integer(firstLine);
      this.#byte(COMMA);
      this.#integer(more ? 1 : 0);
    }
    this.#byte(CLOSE_LIST);
  }

  /** The part's canonical bytes, in pieces that are good until the next part is begun. */
  close(): readonly Uint8Array[] {
    const list = ({ taken }: Places) => `[${taken.map(({ text }) => text).join(',')}]`;
    const tables = `{"codings":${list(this.#codings)},"dates":${list(this.#dates)},"objects":${list(this.#objects)},"series":${list(this.#series)},"units":${list(this.#units)},"vouchers":[`;
    const vouchers = this.#bytes.subarray(0, this.#at);
    [this.#at, this.#tableSize] = [0, 0];
    for (const table of this.#tables) table.cutTo(0);
    if (this.#tables.some(({ isFull }) => isFull)) this.#forget();
    return [utf8(tables), vouchers, CLOSING];
  }

  /** Places and what rests on them go together: of one text there is one place. */
  #forget(): void {
    for (const table of this.#tables) table.forget();
    this.#met = new WeakMap();
    this.#lastRef = null;
  }

  #metOf(lineCoding: LineCoding, period: string): Met {
    let met = this.#met.get(lineCoding);
    if (met === undefined) {
      const { unit, objects } = lineCoding;
      met = {
        period,
        coding: this.#codings.placeOf(codingText(lineCoding, period)),
        unit: this.#units.placeOf(unit),
        objects: objects === undefined ? null : this.#objects.placeOf(canonical(objects as unknown as Json)),
      };
      this.#met.set(lineCoding, met);
    } else if (met.period !== period) {
      met.period = period;
      met.coding = this.#codings.placeOf(codingText(lineCoding, period));
    }
    return met;
  }

  #seriesOf(ref: Reference): Place {
    const last = this.#lastRef;
    if (last?.series !== ref.series || last.book !== ref.book || last.year !== ref.year || last.version !== ref.version) {
      const text = `{"book":${quoted(ref.book)},"series":${quoted(ref.series)},"version":${ref.version},"year":${ref.year}}`;
      [this.#lastRef, this.#lastSeries] = [ref, this.#series.placeOf(text)];
    }
    return this.#lastSeries;
  }

  /** Writes where it stands in its table, which it comes into where it is new in this part. */
  #placed(table: Places, place: Place): void {
    if (!table.has(place)) {
      table.add(place);
      this.#tableSize += place.bytes;
    }
    this.#integer(place.at);
  }

  /** Makes room for so many bytes more. */
  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * (this.#at + bytes));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  #byte(byte: number): void {
    this.#bytes[this.#at++] = byte;
  }

  /** A text in quotation marks; room for what follows it is left. */
  #text(text: string): void {
    const [from, { length }] = [this.#at, text];
    this.#reserve(6 * length + ROOM);
    const bytes = this.#bytes;
    let at = from;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) {
        const encoded = utf8(quoted(text));
        bytes.set(encoded, from);
        this.#at = from + encoded.length;
        return;
      }
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.#at = at;
  }

  #integer(value: number): void {
    const bytes = this.#bytes;
    let rest = value;
    if (rest < 0) {
      bytes[this.#at++] = MINUS;
      rest = -rest;
    }
    if (rest >= 1e9) {
      const digits = String(rest);
      for (let i = 0; i < digits.length; i++) bytes[this.#at++] = digits.charCodeAt(i);
      return;
    }
    rest |= 0;
    let length = 1;
    for (let limit = 10; limit <= rest; limit *= 10) length += 1;
    this.#at += length;
    for (let at = this.#at - 1; length > 0; at -= 1, length -= 1) {
      const tenth = (rest / 10) | 0;
      bytes[at] = ZERO + rest - 10 * tenth;
      rest = tenth;
    }
  }
}

function codingText({ counterpart, decision, effect, grant, internal }: LineCoding, period: string): string {
  return `{${counterpart === undefined ? '' : `"counterpart":${quoted(counterpart)},`}${decision === undefined ? '' : `"decision":${quoted(decision)},`}"effect":"${effect}",${grant === undefined ? '' : `"grant":${quoted(grant)},`}${internal ? '"internal":true,' : ''}"period":"${period}"}`;
}
