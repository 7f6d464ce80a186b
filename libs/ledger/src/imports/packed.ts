/**
 * How an import's part keeps its vouchers (VouchersImported, version 2): what lines have in common stands once, in tables, and a line is a
 * few numbers that point into them. A third of the bytes that the vouchers have one by one, so a third to store, hash and copy; what
 * is read back is the same vouchers (`unpacked`). The tables and the list are canonical JSON like everything in a head.
 */
import { canonical, quoted, type Json } from '../canonical.js';
import type { Reference } from '../reference.js';
import type { Line, Voucher } from '../voucher.js';

/** What a line says beside account, amount, row and the file's own coding. */
export type Coding = Omit<Line, 'account' | 'amountOre' | 'objects' | 'row'>;
type Objects = NonNullable<Line['objects']>;
/** What a voucher's reference says beside its number. */
export type Series = Omit<Reference, 'number'>;

/** `coding` and `objects` are places in the tables, from 0; row 0 is none; what comes last is left out where it says nothing. */
export type PackedLine = readonly [account: string, coding: number, amountOre: number, row?: number, objects?: number];
/** `series`, `date` and `registered` are places in the tables; a fingerprint of no letters is none, −1 claims no date; `firstLine` and `more` (0 or 1) stand on a voucher that goes on from one part to the next. */
export type PackedVoucher = readonly [
  series: number,
  number: string,
  date: number,
  fingerprint: string,
  lines: readonly PackedLine[],
  registered?: number,
  firstLine?: number,
  more?: 0 | 1,
];
export type PackedVouchers = {
  readonly codings: readonly Coding[];
  readonly dates: readonly string[];
  readonly objects: readonly Objects[];
  readonly series: readonly Series[];
  readonly vouchers: readonly PackedVoucher[];
};

/** The vouchers of a part. @throws RangeError where one names what stands in no table */
export function unpacked({ codings, dates, objects, series, vouchers }: PackedVouchers): Voucher[] {
  const at = <T>(table: readonly T[], place: number): T => {
    const value = table[place];
    if (value === undefined) throw new RangeError(`no ${place} in a table of ${table.length}`);
    return value;
  };
  return vouchers.map(([ofSeries, number, date, fingerprint, lines, registered = -1, firstLine = 1, more = 0]) => ({
    eventDate: at(dates, date),
    ...(fingerprint !== '' && { fingerprint }),
    ...(firstLine > 1 && { firstLine }),
    lines: lines.map(([account, coding, amountOre, row = 0, list]) => ({
      account,
      amountOre,
      ...at(codings, coding),
      ...(row > 0 && { row }),
      ...(list !== undefined && { objects: at(objects, list) }),
    })),
    ...(more === 1 && { more: true as const }),
    ref: { ...at(series, ofSeries), number },
    ...(registered >= 0 && { registered: at(dates, registered) }),
  }));
}

/** Texts that are remembered from part to part. */
const PLACES = 20_000;
/** A text and its place in the table: where it was last, which holds where it still stands there. */
type Place = { readonly text: string; at: number };

/** Texts that a part numbers from 0 as they come. Parts have much in common, and a text that is known by its place is not looked for. */
class Places {
  readonly texts: string[] = [];
  readonly #places = new Map<string, Place>();

  placeOf(text: string): Place {
    let place = this.#places.get(text);
    if (place === undefined) this.#places.set(text, (place = { text, at: 0 }));
    return place;
  }

  number(place: Place): number {
    if (this.texts[place.at] !== place.text) place.at = this.texts.push(place.text) - 1;
    return place.at;
  }

  cutTo(length: number): void {
    this.texts.length = length;
  }

  get isFull(): boolean {
    return this.#places.size > PLACES;
  }

  forget(): void {
    this.#places.clear();
  }
}

/** What was last met under a list of objects (or a unit, where a line has none), so that a line like it is not put together again. */
type Met = {
  round: number;
  readonly line: Line;
  readonly ofCoding: Place;
  readonly ofObjects: Place | null;
  /** In this round: its place, what stands before the amount of a line on that account, and after the row. */
  coding: number;
  account: string | null;
  head: string;
  tail: string;
};
/** Units and such that come back: beyond this they are forgotten. */
const REMEMBERED = 100_000;

/** Writes the vouchers of one part after another; `close` gives the tables and begins the next part. */
export class Packing {
  readonly #codings = new Places();
  readonly #dates = new Places();
  readonly #objects = new Places();
  readonly #series = new Places();
  #byCoding = new WeakMap<object, Met>();
  #byObjects = new WeakMap<Objects, Met>();
  readonly #byUnit = new Map<string, Met>();
  readonly #objectTexts = new WeakMap<Objects, string>();
  readonly #quoted = new Map<string, string>();
  #lastRef: Reference | null = null;
  #lastSeries = 0;
  /** Places that were given in an earlier round are of no use in this one. */
  #round = 1;
  /** Characters of the tables so far. */
  size = 0;

  /** What the tables hold now, for {@link undoTo}. */
  mark(): readonly number[] {
    return [this.#codings.texts.length, this.#dates.texts.length, this.#objects.texts.length, this.#series.texts.length, this.size];
  }

  undoTo([codings, dates, objects, series, size]: readonly number[]): void {
    this.#codings.cutTo(codings!);
    this.#dates.cutTo(dates!);
    this.#objects.cutTo(objects!);
    this.#series.cutTo(series!);
    this.size = size!;
    this.#nextRound();
  }

  /** The canonical text of a line. @param line `coding`: one and the same object for lines that say the same beside account, amount, period and row */
  line(line: Line & { readonly coding?: object }): string {
    const { account, amountOre, row = 0, objects, coding } = line;
    const met = coding === undefined ? this.#met(line, objects) : this.#metByCoding(coding, line, objects);
    if (met.account !== account) {
      met.account = account;
      met.head = `[${this.#code(account)},${met.coding},`;
    }
    return objects === undefined && row === 0 ? `${met.head}${amountOre}]` : `${met.head}${amountOre},${row}${met.tail}`;
  }

  /** The canonical text of a voucher. @param lines the texts of the lines of it that stand here, by commas @param firstLine the number of the first of them */
  voucher(voucher: Omit<Voucher, 'lines'>, lines: string, firstLine: number, more: boolean): string {
    const { ref, eventDate, fingerprint = '', registered } = voucher;
    const dated = registered === undefined ? -1 : this.#numbered(this.#dates, this.#dates.placeOf(this.#code(registered)));
    const rest = firstLine > 1 || more ? `,${dated},${firstLine},${more ? 1 : 0}` : dated < 0 ? '' : `,${dated}`;
    return `[${this.#seriesOf(ref)},${quoted(ref.number)},${this.#numbered(this.#dates, this.#dates.placeOf(this.#code(eventDate)))},"${fingerprint}",[${lines}]${rest}]`;
  }

  /** The canonical text that goes before the list of vouchers, up to its first; the next part begins. */
  close(): string {
    const list = ({ texts }: Places) => `[${texts.join(',')}]`;
    const text = `{"codings":${list(this.#codings)},"dates":${list(this.#dates)},"objects":${list(this.#objects)},"series":${list(this.#series)},"vouchers":`;
    this.undoTo([0, 0, 0, 0, 0]);
    if ([this.#codings, this.#dates, this.#objects, this.#series].some(({ isFull }) => isFull)) this.#forget();
    return text;
  }

  /** Places and what rests on them go together: of one text there is one place. */
  #forget(): void {
    for (const places of [this.#codings, this.#dates, this.#objects, this.#series]) places.forget();
    this.#byCoding = new WeakMap();
    this.#byObjects = new WeakMap();
    this.#byUnit.clear();
  }

  #metByCoding(coding: object, line: Line, objects: Objects | undefined): Met {
    let met = this.#byCoding.get(coding);
    if (met === undefined || met.line.period !== line.period) this.#byCoding.set(coding, (met = this.#metFirst(line, objects)));
    return met.round === this.#round ? met : this.#numberedIn(met);
  }

  #met(line: Line, objects: Objects | undefined): Met {
    const { effect, unit, grant, period, decision, counterpart, internal } = line;
    let met = objects === undefined ? this.#byUnit.get(unit) : this.#byObjects.get(objects);
    const same = met?.line;
    if (
      met === undefined ||
      same!.effect !== effect ||
      same!.unit !== unit ||
      same!.grant !== grant ||
      same!.period !== period ||
      same!.decision !== decision ||
      same!.counterpart !== counterpart ||
      same!.internal !== internal
    ) {
      met = this.#metFirst(line, objects);
      if (objects !== undefined) this.#byObjects.set(objects, met);
      else if (this.#byUnit.size < REMEMBERED) this.#byUnit.set(unit, met);
    }
    return met.round === this.#round ? met : this.#numberedIn(met);
  }

  /** Gives it its places in this round. */
  #numberedIn(met: Met): Met {
    met.round = this.#round;
    met.coding = this.#numbered(this.#codings, met.ofCoding);
    met.account = null;
    met.tail = met.ofObjects === null ? ']' : `,${this.#numbered(this.#objects, met.ofObjects)}]`;
    return met;
  }

  #metFirst(line: Line, objects: Objects | undefined): Met {
    const ofCoding = this.#codings.placeOf(codingText(line));
    const ofObjects = objects === undefined ? null : this.#objects.placeOf(this.#objectsText(objects));
    return { round: 0, line, ofCoding, ofObjects, coding: 0, account: null, head: '', tail: '' };
  }

  #seriesOf(ref: Reference): number {
    const last = this.#lastRef;
    if (last?.series !== ref.series || last.book !== ref.book || last.year !== ref.year || last.version !== ref.version) {
      const text = `{"book":${quoted(ref.book)},"series":${quoted(ref.series)},"version":${ref.version},"year":${ref.year}}`;
      [this.#lastRef, this.#lastSeries] = [ref, this.#numbered(this.#series, this.#series.placeOf(text))];
    }
    return this.#lastSeries;
  }

  #numbered(places: Places, place: Place): number {
    const known = places.texts.length;
    const at = places.number(place);
    if (at === known) this.size += place.text.length + 1;
    return at;
  }

  /** Accounts and days come back a million times and are few. */
  #code(code: string): string {
    let text = this.#quoted.get(code);
    if (text === undefined) {
      text = quoted(code);
      if (this.#quoted.size < REMEMBERED) this.#quoted.set(code, text);
    }
    return text;
  }

  #objectsText(objects: Objects): string {
    let text = this.#objectTexts.get(objects);
    if (text === undefined) this.#objectTexts.set(objects, (text = canonical(objects as unknown as Json)));
    return text;
  }

  #nextRound(): void {
    this.#round += 1;
    this.#lastRef = null;
  }
}

function codingText({ counterpart, decision, effect, grant, internal, period, unit }: Line): string {
  return `{${counterpart === undefined ? '' : `"counterpart":${quoted(counterpart)},`}${decision === undefined ? '' : `"decision":${quoted(decision)},`}"effect":"${effect}",${grant === undefined ? '' : `"grant":${quoted(grant)},`}${internal ? '"internal":true,' : ''}"period":"${period}","unit":${quoted(unit)}}`;
}

/** The canonical text of vouchers as one part holds them. */
export function packedText(vouchers: readonly Voucher[]): string {
  const packing = new Packing();
  const texts = vouchers.map((voucher) =>
    packing.voucher(voucher, voucher.lines.map((line) => packing.line(line)).join(','), voucher.firstLine ?? 1, voucher.more ?? false),
  );
  return `${packing.close()}[${texts.join(',')}]}`;
}
