/** Parts of an import: the bytes that the reader writes are the canonical bytes of what it means, and nothing is lost at the cuts. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  canonical,
  packedBytes,
  PART_BYTES,
  unpacked,
  type Json,
  type Line,
  type PackedVouchers,
  type Voucher,
  type VoucherTexts,
} from '#ledger';
import { Parts } from './parts.js';

type Read = { vouchers: Voucher[]; texts: VoucherTexts[]; count: number; bytes: number; text: string };

/** The parts of these vouchers, each checked to be canonical. */
function partsOf(vouchers: readonly (readonly [Voucher, VoucherTexts])[], bytes?: number): Read[] {
  const parts: Read[] = [];
  const writer = new Parts(({ vouchers: some, texts, count }) => {
    const text = Buffer.concat(some).toString();
    const packed = JSON.parse(text) as PackedVouchers;
    const read = { vouchers: unpacked(packed), texts: JSON.parse(Buffer.from(texts).toString()) as VoucherTexts[], count };
    expect(text).toBe(canonical(packed as unknown as Json));
    expect(text).toBe(new TextDecoder().decode(packedBytes(read.vouchers))); // no table holds more than its vouchers need
    expect(Buffer.from(texts).toString()).toBe(canonical(read.texts as unknown as Json));
    expect(read.texts).toHaveLength(read.vouchers.length);
    parts.push({ ...read, bytes: Buffer.byteLength(text) + texts.length, text });
  }, bytes);
  for (const [voucher, texts] of vouchers) writer.add(voucher, texts);
  writer.end();
  return parts;
}

/** The vouchers put together again from their parts. */
function whole(parts: readonly Read[]): (readonly [Voucher, VoucherTexts])[] {
  const found: [Voucher, VoucherTexts][] = [];
  for (const { vouchers, texts } of parts)
    for (const [i, { firstLine, more: _more, ...voucher }] of vouchers.entries()) {
      if (firstLine === undefined) found.push([voucher, texts[i]!]);
      else {
        const [before, kept] = found.pop()!;
        expect([before.ref, before.lines.length]).toEqual([voucher.ref, firstLine - 1]);
        const lines = kept.lines && { lines: [...kept.lines, ...texts[i]!.lines!] };
        found.push([
          { ...before, lines: [...before.lines, ...voucher.lines] },
          { ...kept, ...lines },
        ]);
      }
    }
  return found;
}

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', '"', '\\', '\n', '\u007f', 'å', '🦌', '\u2028'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 30,
});
const code = fc.constantFrom('9916', '614', 'å.ä_ö-1', 'LEV');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
const line: fc.Arbitrary<Line> = fc
  .record({
    ...{
      account: fc.constantFrom('7550', '2440'),
      amountOre: fc.maxSafeInteger().map((ore) => ore || 0),
      unit: code,
      period: fc.constantFrom('2023-03', '2023-13'),
    },
    ...{ effect: fc.constantFrom('cost' as const, 'none' as const), grant: maybe(code), decision: maybe(code), counterpart: maybe(code) },
    ...{ objects: maybe(fc.array(fc.tuple(fc.constantFrom('1', '20', 'Objekt "å"'), text), { minLength: 1, maxLength: 3 })) },
    ...{ row: maybe(fc.integer({ min: 1 })), internal: maybe(fc.constant(true as const)) },
  })
  .map(present);
const voucher = (lines: fc.Arbitrary<Line[]>): fc.Arbitrary<readonly [Voucher, VoucherTexts]> =>
  fc
    .record({
      ref: fc.record({
        book: fc.constant('erp'),
        year: fc.constant(2023),
        series: fc.constantFrom('', 'A', 'Å'),
        number: fc.constantFrom('1', '"7"', 'å\\1'),
        version: fc.constant(1),
      }),
      ...{
        eventDate: fc.constant('2023-03-14'),
        fingerprint: fc.constant('0123456789abcdef'),
        lines,
        registered: maybe(fc.constant('2023-03-20')),
      },
      ...{ text, counterparty: maybe(text), document: maybe(text), said: maybe(fc.array(text, { minLength: 40, maxLength: 40 })) },
    })
    .map(({ text: words, counterparty, document, said, ...rest }) => [
      present(rest),
      present({ text: words, counterparty, document, lines: said?.slice(0, rest.lines.length) }),
    ]);

describe('parts', () => {
  it('are canonical bytes, and whatever is cut is whole again when put together', () => {
    const vouchers = fc.array(voucher(fc.array(line, { minLength: 1, maxLength: 40 })), { maxLength: 12 });
    fc.assert(
      fc.property(vouchers, fc.integer({ min: 1_200, max: 20_000 }), (given, bytes) => {
        const parts = partsOf(given, bytes);
        expect(whole(parts)).toEqual(given);
        expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(given.length);
        for (const { count, vouchers: some } of parts) expect(count).toBe(some.filter(({ firstLine }) => firstLine === undefined).length);
      }),
      { numRuns: 120 },
    );
  });

  it('hold each coding once, also where a file has more of them than are remembered from part to part', () => {
    const coded = (unit: string): Line => ({ account: '7550', amountOre: 1, effect: 'cost', unit, period: '2023-03', row: 1, ...{ coding: {} } }); // prettier-ignore
    const one = (at: number, ...lines: Line[]): readonly [Voucher, VoucherTexts] => [
      { ref: { book: 'erp', year: 2023, series: '', number: String(at), version: 1 }, eventDate: '2023-03-14', lines },
      { text: '' },
    ];
    const units = Array.from({ length: 21_000 }, (_, at) => coded(`u${at}`));
    const again = units.slice(0, 3_000).map((line, at) => one(at, line, coded(line.unit))); // known by its coding, and by a new one that says the same
    const parts = partsOf([...units.map((line, at) => one(at, line)), ...again]);
    expect(parts.flatMap(({ vouchers }) => vouchers)).toHaveLength(24_000);
  });

  it('say of a voucher that goes on that it does, and nothing comes after it in its part', () => {
    const long: Line[] = Array.from({ length: 400 }, (_, i) => ({
      account: '7550',
      amountOre: i,
      effect: 'cost',
      unit: '614',
      period: '2023-03',
      row: i + 1,
    }));
    const one = (number: string, lines: Line[]): readonly [Voucher, VoucherTexts] => [
      { ref: { book: 'erp', year: 2023, series: '', number, version: 1 }, eventDate: '2023-03-14', lines, fingerprint: '0123456789abcdef' },
      { text: number },
    ];
    const parts = partsOf([one('1', long.slice(0, 2)), one('2', long), one('3', long.slice(0, 2))], 3_000);
    expect(parts.length).toBeGreaterThan(3);
    for (const [i, { vouchers }] of parts.entries()) {
      for (const { more } of vouchers.slice(0, -1)) expect(more).toBeUndefined();
      expect(vouchers.at(-1)!.more === true).toBe(parts[i + 1]?.vouchers[0]!.firstLine !== undefined);
    }
    expect(
      parts
        .flatMap(({ vouchers }) => vouchers)
        .filter(({ ref }) => ref.number === '2')
        .map(({ firstLine = 1 }) => firstLine)[1],
    ).toBeGreaterThan(1);
  });

  it('are cut by bytes: none much larger than its size, and none small without need', () => {
    const lines: Line[] = Array.from({ length: 4 }, () => ({
      account: '7550',
      amountOre: 1,
      effect: 'cost',
      unit: '614',
      period: '2023-03',
      row: 1,
    }));
    const many = Array.from({ length: 5_000 }, (_, i): readonly [Voucher, VoucherTexts] => [
      {
        ref: { book: 'erp', year: 2023, series: 'LEV', number: String(i), version: 1 },
        eventDate: '2023-03-14',
        lines,
        fingerprint: '0123456789abcdef',
      },
      { text: 'å'.repeat(i % 1_000) },
    ]);
    const parts = partsOf(many);
    expect(Math.max(...parts.map(({ bytes }) => bytes))).toBeLessThan(PART_BYTES + 10_000);
    expect(Math.min(...parts.slice(0, -1).map(({ bytes }) => bytes))).toBeGreaterThan(PART_BYTES - 10_000);
  });

  const odd = ['–', '日', '"', '\\', '\u0001', '🦌', 'å'];
  it.each(odd)('keep to their size whatever the letters are, in texts, lists of objects and codes (%j)', (letter) => {
    const number = (i: number) => String(i).padStart(6, '0');
    const lineOf = (i: number, more: Partial<Line> = {}): Line => ({
      ...{ account: '7550', amountOre: i, effect: 'cost', unit: '614', period: '2023-03', row: i + 2 },
      ...more,
    });
    const of = (lines: Line[], texts: VoucherTexts, place = 1): readonly [Voucher, VoucherTexts] => [
      { ref: { book: 'erp', year: 2023, series: letter.repeat(9), number: String(place), version: 1 }, eventDate: '2023-03-14', lines, fingerprint: '0123456789abcdef' },
      texts,
    ]; // prettier-ignore
    const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
    const given = [
      of(many(400, lineOf), { text: letter.repeat(1_000), counterparty: letter.repeat(1_000), lines: many(400, () => letter.repeat(1_000)) }),
      of(many(400, (i) => lineOf(i, { objects: [['1', letter.repeat(1_994) + number(i)]] })), { text: '' }, 2),
      of(many(9_000, (i) => lineOf(i, { unit: letter.repeat(5) + number(i), grant: letter.repeat(12) + number(i % 3_000) })), { text: '' }, 3),
      ...many(900, (i) => of([lineOf(i, { objects: [['1', letter.repeat(994) + number(i)]] })], { text: letter.repeat(1_000), document: letter.repeat(1_000) }, 4 + i)),
    ]; // prettier-ignore
    const parts = partsOf(given);
    expect(whole(parts)).toEqual(given);
    for (const { bytes } of parts) expect(bytes).toBeLessThan(PART_BYTES + 20_000);
    expect(parts.reduce((sum, { bytes }) => sum + bytes, 0) / parts.length).toBeGreaterThan(PART_BYTES / 2);
  });

  it('of nothing are none', () => expect(partsOf([])).toEqual([]));
});
