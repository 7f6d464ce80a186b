/**
 * How an import's part keeps its vouchers (VouchersImported, version 2): what lines have in common stands once, in tables, and a line is a
 * few numbers that point into them. A third of the bytes that the vouchers have one by one, so a third to store, hash and copy; what
 * is read back is the same vouchers (`unpacked`). The tables and the list are canonical JSON like everything in a head.
 */
import type { Reference } from '../reference.js';
import type { Line, Voucher } from '../voucher.js';
import { Packing } from './packing.js';

/** What a line says beside account, unit, amount, row and the file's own coding. */
export type Coding = Omit<Line, 'account' | 'amountOre' | 'objects' | 'row' | 'unit'>;
type Objects = NonNullable<Line['objects']>;
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

/** The vouchers of a part. @throws RangeError where one names what stands in no table */
export function unpacked({ codings, dates, objects, series, units, vouchers }: PackedVouchers): Voucher[] {
  const at = <T>(table: readonly T[], place: number): T => {
    const value = table[place];
    if (value === undefined) throw new RangeError(`no ${place} in a table of ${table.length}`);
    return value;
  };
  return vouchers.map(([ofSeries, number, date, fingerprint, lines, registered = -1, firstLine = 1, more = 0]) => ({
    eventDate: at(dates, date),
    ...(fingerprint !== '' && { fingerprint }),
    ...(firstLine > 1 && { firstLine }),
    lines: lines.map(([account, coding, unit, amountOre, row = 0, list]) => ({
      account,
      amountOre,
      ...at(codings, coding),
      unit: at(units, unit),
      ...(row > 0 && { row }),
      ...(list !== undefined && { objects: at(objects, list) }),
    })),
    ...(more === 1 && { more: true as const }),
    ref: { ...at(series, ofSeries), number },
    ...(registered >= 0 && { registered: at(dates, registered) }),
  }));
}

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
