/**
 * How an import's part keeps its vouchers (VouchersImported, version 2): what lines have in common stands once, in tables, and a line is a
 * few numbers that point into them. A third of the bytes that the vouchers have one by one, so a third to store, hash and copy; what
 * is read back is the same vouchers (`unpacked`). The tables and the list are canonical JSON like everything in a head.
 */
import { canonical, quoted, utf8, type Json } from '../canonical.js';
import type { Reference } from '../reference.js';
import type { Line, Voucher } from '../voucher.js';
import * as values from './packed-values.js';

/** What a line says beside account, unit, amount, row and the file's own coding. */
export type Coding = Omit<Line, 'account' | 'amountOre' | 'objects' | 'row' | 'unit'>;
export type Objects = NonNullable<Line['objects']>;
/** What a voucher's reference says beside its number. */
export type Series = Omit<Reference, 'number'>;

/** `coding`, `unit` and `objects` are places in the tables, from 0; row 0 is none; what comes last is left out where it says nothing. */
export type PackedLine = readonly [account: string, coding: number, unit: number, amountOre: number, row?: number, objects?: number];
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
  readonly units: readonly string[];
  readonly vouchers: readonly PackedVoucher[];
};

/** The vouchers of a part. @throws NotPacked where anything stands there that no import writes */
export function unpacked(packed: PackedVouchers): Voucher[] {
  values.demand(values.isFields(packed));
  const [codings, objects, series] = [
    tableOf(packed.codings, values.codingOf),
    tableOf(packed.objects, values.objectsOf),
    tableOf(packed.series, values.seriesOf),
  ];
  const [dates, units] = [tableOf(packed.dates, values.dateOf), tableOf(packed.units, values.textOf)];
  const list = values.listOf(packed.vouchers);
  const lineOf = (packedLine: unknown): Line => {
    const { length, 0: ofAccount, 1: coding, 2: unit, 3: ore, 4: row = 0, 5: ofObjects } = values.listOf(packedLine);
    values.demand(length <= 6 && values.wholeOf(row) >= 0);
    return {
      account: values.accountOf(ofAccount),
      amountOre: values.wholeOf(ore),
      ...codings(coding),
      unit: units(unit),
      ...(row !== 0 && { row: row as number }),
      ...(ofObjects !== undefined && { objects: objects(ofObjects) }),
    };
  };
  return list.map((packedVoucher, place) => {
    const {
      length,
      0: ofSeries,
      1: number,
      2: day,
      3: fingerprint,
      4: lines,
      5: registered = -1,
      6: firstLine = 1,
      7: more = 0,
    } = values.listOf(packedVoucher);
    values.demand(length <= 8 && typeof fingerprint === 'string' && FINGERPRINT.test(fingerprint));
    values.demand(values.wholeOf(firstLine) >= 1 && (more === 0 || (more === 1 && place === list.length - 1)));
    return {
      eventDate: dates(day),
      ...(fingerprint !== '' && { fingerprint }),
      ...(firstLine !== 1 && { firstLine: firstLine as number }),
      lines: values.listOf(lines).map(lineOf),
      ...(more === 1 && { more: true as const }),
      ref: { ...series(ofSeries), number: values.textOf(number) },
      ...(registered !== -1 && { registered: dates(registered) }),
    };
  });
}

/** What gives what stands at a place of a table. */
function tableOf<T>(table: unknown, of: (value: unknown) => T): (place: unknown) => T {
  const list = values.listOf(table).map(of);
  return (place) => {
    values.demand(values.wholeOf(place) >= 0 && (place as number) < list.length);
    return list[place as number]!;
  };
}
const FINGERPRINT = /^(?:[0-9a-f]{16})?$/;

/** What a part numbers from 0 as it comes. */
class Places {
  /** The canonical texts of what was numbered, by place. */
  readonly texts: string[] = [];
  readonly #keys: string[] = [];
  readonly #places = new Map<string, number>();

  /** @param key what it is known by; its canonical text is `text` of it @returns its place */
  of(key: string, text: (key: string) => string): number {
    let place = this.#places.get(key);
    if (place === undefined) {
      this.#places.set(key, (place = this.#keys.push(key) - 1));
      this.texts.push(text(key));
    }
    return place;
  }

  cutTo(length: number): void {
    this.texts.length = length;
    while (this.#keys.length > length) this.#places.delete(this.#keys.pop()!);
  }
}
const itself = (text: string): string => text;

/** What a line says beside account, amount, period and row; whoever writes many that are alike gives the same object for them. */
export type LineCoding = Omit<Line, 'account' | 'amountOre' | 'period' | 'row'>;
/** Such an object, met before: its text with the period that it was last met with, and its places in the tables of a round. */
type Met = { period: string; text: string; round: number; coding: number; unit: number; objects: number };
/** Accounts and such that come back: beyond this they are not remembered. */
const REMEMBERED = 100_000;

/** Writes the vouchers of one part after another; `close` gives the tables and begins the next part. */
export class Packing {
  readonly #codings = new Places();
  readonly #dates = new Places();
  readonly #objects = new Places();
  readonly #series = new Places();
  readonly #units = new Places();
  readonly #met = new WeakMap<LineCoding, Met>();
  readonly #objectTexts = new WeakMap<Objects, string>();
  readonly #quoted = new Map<string, string>();
  #lastRef: Reference | null = null;
  #lastSeries = 0;
  readonly #tables = [this.#codings, this.#dates, this.#objects, this.#series, this.#units];
  /** Places that were given in an earlier round are of no use in this one. */
  #round = 1;
  /** Bytes of the tables so far. */
  size = 0;

  /** What the tables hold now, for {@link undoTo}. */
  mark(): readonly number[] {
    return [this.size, ...this.#tables.map(({ texts }) => texts.length)];
  }

  undoTo([size, ...lengths]: readonly number[]): void {
    this.size = size!;
    this.#tables.forEach((table, i) => table.cutTo(lengths[i]!));
    this.#nextRound();
  }

  /** As a part begins. */
  static readonly empty: readonly number[] = [0, 0, 0, 0, 0, 0];

  /** The canonical text of a line. @param row 0 where there is none */
  line(account: string, amountOre: number, row: number, period: string, lineCoding: LineCoding): string {
    const { coding, unit, objects } = this.#placesOf(lineCoding, period);
    if (objects >= 0) return `[${this.#code(account)},${coding},${unit},${amountOre},${row},${objects}]`;
    return `[${this.#code(account)},${coding},${unit},${amountOre}${row === 0 ? '' : `,${row}`}]`;
  }

  /** The canonical text of a voucher. @param lines the texts of the lines of it that stand here, by commas @param firstLine the number of the first of them */
  voucher(voucher: Omit<Voucher, 'lines'>, lines: string, firstLine: number, more: boolean): string {
    const { ref, eventDate, fingerprint = '', registered } = voucher;
    const dated = registered === undefined ? -1 : this.#numbered(this.#dates, registered, quoted);
    const rest = firstLine > 1 || more ? `,${dated},${firstLine},${more ? 1 : 0}` : dated < 0 ? '' : `,${dated}`;
    return `[${this.#seriesOf(ref)},${quoted(ref.number)},${this.#numbered(this.#dates, eventDate, quoted)},"${fingerprint}",[${lines}]${rest}]`;
  }

  /** The canonical text that goes before the list of vouchers, up to its first; the next part begins. */
  close(): string {
    const list = ({ texts }: Places) => `[${texts.join(',')}]`;
    const text = `{"codings":${list(this.#codings)},"dates":${list(this.#dates)},"objects":${list(this.#objects)},"series":${list(this.#series)},"units":${list(this.#units)},"vouchers":`;
    this.undoTo(Packing.empty);
    return text;
  }

  #placesOf(lineCoding: LineCoding, period: string): Met {
    let met = this.#met.get(lineCoding);
    if (met === undefined) this.#met.set(lineCoding, (met = { period: '', text: '', round: 0, coding: 0, unit: 0, objects: -1 }));
    if (met.period !== period) {
      met.period = period;
      met.text = codingText(lineCoding, period);
      met.round = 0;
    }
    if (met.round !== this.#round) {
      const { objects, unit } = lineCoding;
      met.round = this.#round;
      met.coding = this.#numbered(this.#codings, met.text, itself);
      met.unit = this.#numbered(this.#units, unit, quoted);
      if (objects !== undefined) met.objects = this.#numbered(this.#objects, this.#objectsText(objects), itself);
    }
    return met;
  }

  #seriesOf(ref: Reference): number {
    const last = this.#lastRef;
    if (last?.series !== ref.series || last.book !== ref.book || last.year !== ref.year || last.version !== ref.version) {
      const text = `{"book":${quoted(ref.book)},"series":${quoted(ref.series)},"version":${ref.version},"year":${ref.year}}`;
      [this.#lastRef, this.#lastSeries] = [ref, this.#numbered(this.#series, text, itself)];
    }
    return this.#lastSeries;
  }

  #numbered(places: Places, key: string, text: (key: string) => string): number {
    const known = places.texts.length;
    const place = places.of(key, text);
    if (place === known) this.size += utf8(places.texts[place]!).length + 1;
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

function codingText({ counterpart, decision, effect, grant, internal }: LineCoding, period: string): string {
  return `{${counterpart === undefined ? '' : `"counterpart":${quoted(counterpart)},`}${decision === undefined ? '' : `"decision":${quoted(decision)},`}"effect":"${effect}",${grant === undefined ? '' : `"grant":${quoted(grant)},`}${internal ? '"internal":true,' : ''}"period":"${period}"}`;
}

/** The canonical text of vouchers as one part holds them. */
export function packedText(vouchers: readonly Voucher[]): string {
  const packing = new Packing();
  const texts = vouchers.map((voucher) => {
    const lines = voucher.lines.map((line) => packing.line(line.account, line.amountOre, line.row ?? 0, line.period, line));
    return packing.voucher(voucher, lines.join(','), voucher.firstLine ?? 1, voucher.more ?? false);
  });
  return `${packing.close()}[${texts.join(',')}]}`;
}
