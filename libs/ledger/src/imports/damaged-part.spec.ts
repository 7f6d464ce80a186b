/** A part whose stored vouchers are no longer what an import writes is said by its number: never a figure that nobody posted, nor two readers that say different things. */
import { describe, expect, it } from '@jest/globals';
import { Verbatim, type Json } from '../canonical.js';
import { vouchersOf } from '../events.js';
import { headBytes, readRecord, UnreadableEvent, type Head } from '../record.js';
import type { Line, Voucher } from '../voucher.js';
import { packedBytes, unpacked, type PackedVouchers } from './packed.js';
import { PartReader } from './part-reader.js';

const line: Line = {
  account: '7550',
  amountOre: 500,
  effect: 'cost',
  grant: '9916',
  decision: '9916-23',
  period: '2023-03',
  row: 2,
  unit: '614',
};
const [ref, eventDate, fingerprint] = [{ book: 'erp', year: 2023, series: 'LEV', version: 1 }, '2023-03-14', '0123456789abcdef'];
const vouchers: readonly Voucher[] = [
  { ref: { ...ref, number: '7' }, eventDate, fingerprint, registered: '2023-03-20', lines: [line, { ...line, account: '7990', internal: true, counterpart: '130', amountOre: -500 }] },
  { ref: { ...ref, series: 'Ö', number: '8-B' }, eventDate, fingerprint, firstLine: 3, more: true, lines: [{ ...line, unit: '605', objects: [['1', '6110'], ['20', '9916']] }] },
]; // prettier-ignore
const told = JSON.parse(new TextDecoder().decode(packedBytes(vouchers))) as Json;

type Path = readonly (string | number)[];
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const fieldsOf = (value: Json): Path =>
  isList(value) ? [...value.keys()] : typeof value === 'object' && value !== null ? Object.keys(value) : [];
const at = (value: Json, path: Path): Json => path.reduce<Json>((inside, step) => (inside as never)[step], value);
/** Every place in the packed vouchers, the tables and lists themselves too. */
function places(value: Json, path: Path = []): Path[] {
  return fieldsOf(value).flatMap((step) => [[...path, step], ...places((value as never)[step], [...path, step])]);
}
/** The packed vouchers with another value in one place; `undefined` leaves it out. */
function changed(path: Path, instead: Json | undefined): Json {
  const copy = structuredClone(told);
  const [last, inside] = [path.at(-1)!, at(copy, path.slice(0, -1))];
  if (instead !== undefined) (inside as never as { [step in typeof last]: Json })[last] = instead;
  else if (isList(inside)) (inside as Json[]).splice(last as number, 1);
  else delete (inside as { [field: string]: Json })[last];
  return copy;
}
/** What no import would have written there. */
const instead = (value: Json): readonly (Json | undefined)[] => [
  ...[undefined, null, true, -1, 0, 1, 2, 99, 0.5, 1e300, '', 'x', '1', 'length', '2023-02-30', [], ['x'], [['1']], {}],
  ...(typeof value === 'number' ? [-value - 1, value + 0.5, String(value)] : []),
  ...(typeof value === 'string' ? [`${value}x`, Number(value), [value]] : []),
  ...(isList(value) ? [[...value, ...value], [...value, 5], [...value, 'x'], { ...value }] : []),
  ...(typeof value === 'object' && !isList(value) ? [{ ...value, amountOre: 7 }, { ...value, row: 7 }, { ...value, unit: '605' }, { ...value, number: '9' }] : []),
]; // prettier-ignore

const head = (packed: Json): Uint8Array =>
  headBytes({
    ...{ v: 2, ledgerId: 'l', seq: 31, id: 'i', type: 'VouchersImported', recordedAt: '2023-05-03T08:00:00.000Z', actor: 'a', role: 'r', proposedBy: 'a' },
    ...{ approvedBy: null, policy: 'p', command: 'c', inputHash: 'h', cause: null, program: 'x', source: 's', annexHash: null },
    data: { import: 'a1', part: 0, vouchers: new Verbatim(new TextEncoder().encode(JSON.stringify(packed))) } as unknown as Json,
  } as Head); // prettier-ignore

/** As the fold and the projector read it: from the bytes where they can be, else from the values. */
function ofBytes(packed: Json): unknown {
  const read = new PartReader();
  if (!read.read(new TextEncoder().encode(JSON.stringify(packed)))) return null;
  const word = (place: number) => read.fingerprint[place]!.toString(16).padStart(8, '0');
  return Array.from({ length: read.vouchers }, (_, v) => [
    read.serieses.values[read.series[v]!], read.numberOf(v), read.dates.values[read.eventDate[v]!], word(2 * v) + word(2 * v + 1),
    read.registered[v] === 0 ? null : read.dates.values[read.registered[v]! - 1], read.firstLine[v], v === read.vouchers - 1 && read.more,
    Array.from({ length: read.lineFrom[v + 1]! - read.lineFrom[v]! }, (_, i) => read.lineFrom[v]! + i).map((l) => [
      read.placings.values[read.placing[l]!], read.accounts.values[read.account[l]!], read.amountOre[l], read.row[l], read.counterpart.get(l) ?? null,
      read.objects[l] === 0 ? null : read.objectses.values[read.objects[l]! - 1],
    ]),
  ]); // prettier-ignore
}
function ofValues(list: readonly Voucher[]): unknown {
  return list.map(({ ref: { number, ...series }, eventDate: day, fingerprint: digits, registered = null, firstLine = 1, more = false, lines }) => [
    series, number, day, digits, registered, firstLine, more,
    lines.map(({ account, amountOre, row = 0, counterpart = null, objects = null, ...placing }) => [placing, account, amountOre, row, counterpart, objects]),
  ]); // prettier-ignore
}
/** Whether it is a voucher as imports write them. */
const isWhole = ({ ref: { book, year, series, number, version }, eventDate: day, registered = day, fingerprint: digits = '', firstLine = 1, lines }: Voucher) =>
  [book, number].every((text) => typeof text === 'string' && text !== '') && typeof series === 'string' && [year, version, firstLine].every((whole) => Number.isSafeInteger(whole) && whole > 0) &&
  [day, registered].every((text) => /^\d{4}-\d\d-\d\d$/.test(text) && text !== '2023-02-30') && /^([0-9a-f]{16})?$/.test(digits) &&
  lines.every(
    ({ account, amountOre, effect, grant = 'x', decision = 'x', counterpart = 'x', unit, period, row = 1, internal = true, objects = [], ...rest }) =>
      /^\d{1,10}$/.test(account) && Number.isSafeInteger(amountOre) && ['received', 'recognised', 'both', 'cost', 'reallocated', 'repaid', 'none'].includes(effect) &&
      [grant, decision, counterpart, unit].every((text) => typeof text === 'string' && text !== '') && /^\d{4}-(0[1-9]|1[0-6])$/.test(period) && Number.isSafeInteger(row) && row > 0 && internal &&
      objects.every((pair) => pair.length === 2 && pair.every((text) => typeof text === 'string')) && Object.keys(rest).length === 0,
  ); // prettier-ignore

describe('packed vouchers that were changed in one place', () => {
  const every = places(told).flatMap((path) => instead(at(told, path)).map((other) => [path, other] as const));

  it('are read alike by both readers, as vouchers such as imports write, or named by the number of their event', () => {
    let [named, read] = [0, 0];
    for (const [path, other] of every) {
      const packed = changed(path, other);
      const { event } = readRecord(31, head(packed), null);
      let found: readonly Voucher[] | null = null;
      try {
        found = vouchersOf(event);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableEvent);
        expect((error as UnreadableEvent).seq).toBe(31);
      }
      const bytes = ofBytes(packed);
      const about = `${path.join('.')} ${JSON.stringify(other)}`;
      if (found === null) {
        expect([about, bytes]).toEqual([about, null]);
        named += 1;
        continue;
      }
      read += 1;
      expect([about, found.every(isWhole)]).toEqual([about, true]);
      if (bytes !== null) expect([about, bytes]).toEqual([about, ofValues(found)]);
    }
    expect(every.length).toBeGreaterThan(1_500);
    expect([named > 0.8 * every.length, read > 50]).toEqual([true, true]);
  });

  it('are named where nothing of them is left', () => {
    for (const other of [null, 5, 'x', [], {}] satisfies Json[]) {
      expect(() => vouchersOf(readRecord(31, head(other), null).event)).toThrow(UnreadableEvent);
      expect(ofBytes(other)).toBe(null);
    }
  });

  it('are what was packed where nothing was changed', () => {
    expect(ofValues(unpacked(told as unknown as PackedVouchers))).toEqual(ofValues(vouchers));
    expect(ofBytes(told)).toEqual(ofValues(vouchers));
  });
});
