/**
 * How an import's part keeps its vouchers (VouchersImported, version 2): what lines have in common stands once, in tables, and a line is a
 * few numbers that point into them. A third of the bytes that the vouchers have one by one, so a third to store, hash and copy; what
 * is read back is the same vouchers (`unpacked`). The tables and the list are canonical JSON like everything in a head.
 */
import type { Reference } from '../reference.js';
import type { Line, Voucher } from '../voucher.js';
import * as values from './packed-values.js';
import { Packing } from './packing.js';

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

/** The canonical bytes of vouchers as one part holds them. */
export function packedBytes(vouchers: readonly Voucher[]): Uint8Array {
  const packing = new Packing();
  for (const voucher of vouchers) {
    packing.begin(voucher);
    for (const line of voucher.lines) packing.line(line.account, line.amountOre, line.row ?? 0, line.period, line);
    packing.end(voucher, voucher.firstLine ?? 1, voucher.more ?? false);
  }
  const pieces = packing.close();
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  pieces.reduce((at, piece) => (bytes.set(piece, at), at + piece.length), 0);
  return bytes;
}
