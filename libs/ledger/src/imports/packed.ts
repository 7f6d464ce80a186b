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

/** Texts that a part numbers from 0 as they come. */
class Places {
  readonly texts: string[] = [];
  /** Where a text was last: holds where it still stands there, for parts have much in common and a table that is emptied must grow again. */
  readonly #places = new Map<string, number>();

  /** @returns its place, and whether it is new there */
  of(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined && this.texts[known] === text) return known;
    const place = this.texts.length;
    this.#places.set(text, place);
    this.texts.push(text);
    return place;
  }

  cutTo(length: number): void {
    this.texts.length = length;
    if (length === 0 && this.#places.size > PLACES) this.#places.clear();
  }
}

/** What was last met under a list of objects (or a unit, where a line has none), so that a line like it is not put together again. */
type Met = {
  round: number;
  readonly line: Line;
  readonly text: string;
  /** In this round: its place, what stands before the amount of a line on that account, and after the row. */
  coding: number;
  account: string | null;
  head: string;
  tail: string;
};
const metFirst = (line: Line): Met => ({ round: 0, line, text: codingText(line), coding: 0, account: null, head: '', tail: '' });
/** Units and such that come back: beyond this they are forgotten. */
const REMEMBERED = 100_000;

/** Writes the vouchers of one part after another; `close` gives the tables and begins the next part. */
export class Packing {
  readonly #codings = new Places();
  readonly #dates = new Places();
  readonly #objects = new Places();
  readonly #series = new Places();
  readonly #byCoding = new WeakMap<object, Met>();
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
    const dated = registered === undefined ? -1 : this.#numbered(this.#dates, quoted(registered));
    const rest = firstLine > 1 || more ? `,${dated},${firstLine},${more ? 1 : 0}` : dated < 0 ? '' : `,${dated}`;
    return `[${this.#seriesOf(ref)},${quoted(ref.number)},${this.#numbered(this.#dates, quoted(eventDate))},"${fingerprint}",[${lines}]${rest}]`;
  }

  /** The canonical text that goes before the list of vouchers, up to its first; the next part begins. */
  close(): string {
    const list = ({ texts }: Places) => `[${texts.join(',')}]`;
    const text = `{"codings":${list(this.#codings)},"dates":${list(this.#dates)},"objects":${list(this.#objects)},"series":${list(this.#series)},"vouchers":`;
    this.undoTo([0, 0, 0, 0, 0]);
    return text;
  }

  #metByCoding(coding: object, line: Line, objects: Objects | undefined): Met {
    let met = this.#byCoding.get(coding);
    if (met === undefined || met.line.period !== line.period) this.#byCoding.set(coding, (met = metFirst(line)));
    return met.round === this.#round ? met : this.#numberedIn(met, objects);
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
      met = metFirst(line);
      if (objects !== undefined) this.#byObjects.set(objects, met);
      else if (this.#byUnit.size < REMEMBERED) this.#byUnit.set(unit, met);
    }
    return met.round === this.#round ? met : this.#numberedIn(met, objects);
  }

  /** Gives it its places in this round. */
  #numberedIn(met: Met, objects: Objects | undefined): Met {
    met.round = this.#round;
    met.coding = this.#numbered(this.#codings, met.text);
    met.account = null;
    met.tail = objects === undefined ? ']' : `,${this.#numbered(this.#objects, this.#objectsText(objects))}]`;
    return met;
  }

  #seriesOf(ref: Reference): number {
    const last = this.#lastRef;
    if (last?.series !== ref.series || last.book !== ref.book || last.year !== ref.year || last.version !== ref.version) {
      const text = `{"book":${quoted(ref.book)},"series":${quoted(ref.series)},"version":${ref.version},"year":${ref.year}}`;
      [this.#lastRef, this.#lastSeries] = [ref, this.#numbered(this.#series, text)];
    }
    return this.#lastSeries;
  }

  #numbered(places: Places, text: string): number {
    const known = places.texts.length;
    const place = places.of(text);
    if (place === known) this.size += text.length + 1;
    return place;
  }

  /** Accounts come back a million times and are few. */
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
