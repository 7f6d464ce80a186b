/** What is read from a part's stored bytes is what its vouchers say, and the state that comes of it is the same. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonical, Verbatim, type Json } from '../canonical.js';
import { vouchersOf } from '../events.js';
import { Ledger } from '../ledger.js';
import { headBytes, readRecord, UnreadableEvent, type Head } from '../record.js';
import type { Line, Voucher } from '../voucher.js';
import { NotPacked } from './packed-values.js';
import { packedBytes, unpacked, type PackedVouchers } from './packed.js';
import { PartReader } from './part-reader.js';

/** Mostly what imports write, now and then what they do not. */
const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 60, arbitrary: usual }, { weight: 1, arbitrary: rare });
const text = mostly(fc.stringMatching(/^[0-9A-Za-zÅÄÖåäö._-]{1,20}$/), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 }));
const ore = mostly(fc.integer({ min: -(10 ** 15) + 1, max: 10 ** 15 - 1 }), fc.maxSafeInteger());
const line = fc.record(
  {
    account: fc.constantFrom('7550', '2440', '3511', '1', '0012345678'),
    amountOre: ore.map((value) => value + 0),
    effect: fc.constantFrom<Line['effect']>('received', 'recognised', 'both', 'cost', 'reallocated', 'repaid', 'none'),
    unit: fc.constantFrom('614', '605', 'Å-1'),
    period: fc.constantFrom('2023-01', '2023-12', '2023-13'),
    grant: fc.constantFrom('9916', '9929'),
    decision: fc.constantFrom('9916-23', '9929-23'),
    internal: fc.constant(true as const),
    counterpart: text,
    row: fc.integer({ min: 1, max: 2_000_000 }),
    objects: fc.array(fc.tuple(fc.constantFrom('1', '6', 'ansvar'), text), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['account', 'amountOre', 'effect', 'unit', 'period'] },
);
const date = fc.constantFrom('2023-01-01', '2023-03-14', '2024-01-31');
const number = fc.oneof(
  fc.integer({ min: 1, max: 1e9 }).map(String),
  fc.constantFrom('0', '007', 'A-7', '999999999999999', '9999999999999999', '"7"'),
);
const voucher: fc.Arbitrary<Voucher> = fc.record(
  {
    ref: fc.record({ book: fc.constantFrom('erp', 'pay'), year: fc.constant(2023), series: fc.constantFrom('', 'LEV', 'Ö'), number, version: fc.constantFrom(1, 2) }),
    eventDate: date,
    fingerprint: fc.stringMatching(/^[0-9a-f]{16}$/),
    lines: fc.array(line, { minLength: 1, maxLength: 4 }),
    registered: date,
    firstLine: fc.integer({ min: 2, max: 5_000 }),
    more: fc.constant(true as const),
  },
  { requiredKeys: ['ref', 'eventDate', 'fingerprint', 'lines'] },
); // prettier-ignore
const part = fc
  .array(voucher, { minLength: 1, maxLength: 8 })
  .map((vouchers) => vouchers.map((one, i) => (i < vouchers.length - 1 ? { ...one, more: undefined } : one)));
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
const bytesOf = (vouchers: readonly Voucher[]) => packedBytes(vouchers);

/** The vouchers again, out of the columns. */
function vouchersIn(read: PartReader): unknown[] {
  const word = (at: number) => read.fingerprint[at]!.toString(16).padStart(8, '0');
  return Array.from({ length: read.vouchers }, (_, v) => ({
    ref: { ...read.serieses.values[read.series[v]!]!, number: read.numberOf(v) },
    eventDate: read.dates.values[read.eventDate[v]!],
    fingerprint: word(2 * v) + word(2 * v + 1),
    registered: read.registered[v] === 0 ? undefined : read.dates.values[read.registered[v]! - 1],
    firstLine: read.firstLine[v] === 1 ? undefined : read.firstLine[v],
    more: v === read.vouchers - 1 && read.more ? true : undefined,
    lines: Array.from({ length: read.lineFrom[v + 1]! - read.lineFrom[v]! }, (_, i) => read.lineFrom[v]! + i).map((l) => ({
      ...read.placings.values[read.placing[l]!],
      account: read.accounts.values[read.account[l]!],
      amountOre: read.amountOre[l],
      row: read.row[l] === 0 ? undefined : read.row[l],
      counterpart: read.counterpart.get(l),
      objects: read.objects[l] === 0 ? undefined : read.objectses.values[read.objects[l]! - 1],
    })),
  }));
}

const head = (data: Json): Head => ({
  ...{ v: 2, ledgerId: 'l', seq: 1, id: 'i', type: 'VouchersImported', recordedAt: '2023-05-03T08:00:00.000Z', actor: 'a', role: 'r', proposedBy: 'a' },
  ...{ approvedBy: null, policy: 'p', command: ']},"id":"', inputHash: 'h', cause: null, program: 'x', source: '"data":{"import":"', data, annexHash: null },
}); // prettier-ignore

describe('a part, read from its stored bytes', () => {
  it('says what its vouchers say, or is left alone', () => {
    const read = new PartReader();
    let known = 0;
    fc.assert(
      fc.property(part, (vouchers) => {
        if (!read.read(bytesOf(vouchers))) return;
        known += 1;
        expect(plain(vouchersIn(read))).toEqual(plain(vouchers));
      }),
      { numRuns: 500 },
    );
    expect(known).toBeGreaterThan(50);
  });

  it('is left alone only for what no import writes: an escaped letter, sixteen digits, a place that no table has', () => {
    const line = { account: '7550', amountOre: 500, effect: 'cost', grant: '9916', period: '2023-03', row: 2, unit: '614', counterpart: '130' } as const;
    const one = { ref: { book: 'erp', year: 2023, series: 'LEV', number: '7', version: 1 }, eventDate: '2023-03-14', fingerprint: '0123456789abcdef', lines: [line] };
    const reads = (changed: object, inLine: object = {}) => new PartReader().read(bytesOf([{ ...one, lines: [{ ...line, ...inLine }], ...changed }]));
    expect(reads({ registered: '2023-03-20', firstLine: 2, more: true })).toBe(true);
    for (const inLine of [{ unit: 'a"b' }, { amountOre: 10 ** 15 }, { objects: [['1', 'a"b']] }]) expect(reads({}, inLine)).toBe(false);
    for (const changed of [{ fingerprint: '' }, { lines: [] }]) expect(reads(changed)).toBe(false);
    const whole = bytesOf([one]);
    for (const cut of [1, 2, 50, 200]) expect(new PartReader().read(whole.subarray(0, -cut))).toBe(false);
    const told = new TextDecoder().decode(packedBytes([one]));
    for (const [there, instead] of [['["7550",0,0,500,2]', '["7550",1,0,500,2]'], ['["7550",0,0,500,2]', '["7550",-1,0,500,2]'], ['["7550",0,0,500,2]', '["7550",0,1,500,2]'], ['[0,"7",0', '[0,"7",1'], ['[0,"7"', '[9,"7"']] as const) {
      expect(told).toContain(there);
      expect(new PartReader().read(new TextEncoder().encode(told.replace(there, instead)))).toBe(false);
      expect(() => unpacked(JSON.parse(told.replace(there, instead)) as PackedVouchers)).toThrow(NotPacked);
    }
  }); // prettier-ignore

  it('holds however many codings come: they are numbered anew when they are many', () => {
    const read = new PartReader();
    const seen = new Set<unknown>();
    for (let i = 0; i < 40; i += 1) {
      const lines = Array.from({ length: 1_000 }, (_, l) => ({ account: '7550', amountOre: 1, effect: 'cost' as const, period: '2023-03', unit: `${i}-${l}` }));
      const vouchers = [{ ref: { book: 'erp', year: 2023, series: '', number: '7', version: 1 }, eventDate: '2023-03-14', fingerprint: '0123456789abcdef', lines }];
      expect(read.read(bytesOf(vouchers))).toBe(true);
      expect(plain(vouchersIn(read))).toEqual(vouchers);
      seen.add(read.placings);
    }
    expect(seen.size).toBe(2);
  }); // prettier-ignore

  it('holds however many units each of many codings has, in one part and in all', () => {
    const read = new PartReader();
    const seen = new Set<unknown>();
    const parts = [[1_100, 1_100], ...Array.from({ length: 30 }, () => [40, 40] as const)];
    for (const [at, [codings, units]] of parts.entries()) {
      const lines = Array.from({ length: at === 0 ? 1_100 : 1_600 }, (_, l) => {
        const [coding, unit] = at === 0 ? [l, l] : [l % codings!, Math.floor(l / units!)];
        return { account: '7550', amountOre: 1, effect: 'cost' as const, grant: `${at % 40}-${coding}`, period: '2023-03', unit: `${unit}` };
      });
      const vouchers = [{ ref: { book: 'erp', year: 2023, series: '', number: '7', version: 1 }, eventDate: '2023-03-14', fingerprint: '0123456789abcdef', lines }];
      expect(read.read(bytesOf(vouchers))).toBe(true);
      expect(plain(vouchersIn(read))).toEqual(vouchers);
      expect(read.placings.values.length).toBeLessThan(1 << 16);
      seen.add(read.placings);
    }
    expect(seen.size).toBe(2);
  }); // prettier-ignore
});

describe('packed vouchers', () => {
  it('are canonical, and what is read back from them is the same vouchers', () => {
    fc.assert(
      fc.property(part, (vouchers) => {
        const told = JSON.parse(new TextDecoder().decode(packedBytes(vouchers))) as PackedVouchers;
        expect(new TextDecoder().decode(packedBytes(vouchers))).toBe(canonical(told as unknown as Json));
        expect(plain(unpacked(told))).toEqual(plain(vouchers));
      }),
      { numRuns: 300 },
    );
  });

  it('take a third of the bytes that the same vouchers take one by one', () => {
    const vouchers = Array.from({ length: 1_000 }, (_, i): Voucher => ({
      ref: { book: 'erp', year: 2023, series: 'LEV', number: String(i + 1), version: 1 },
      eventDate: `2023-03-${String(1 + (i % 28)).padStart(2, '0')}`,
      fingerprint: '0123456789abcdef',
      registered: '2023-04-03',
      lines: [
        { account: '7630', amountOre: 100 + i, effect: 'cost', grant: '9904', objects: [['1', `03${i % 60}`], ['20', '9904']], period: '2023-03', row: 3 * i + 2, unit: `03${i % 60}` },
        { account: '2440', amountOre: -100 - i, effect: 'none', period: '2023-03', row: 3 * i + 2, unit: '0900' },
      ],
    })); // prettier-ignore
    expect(new TextDecoder().decode(packedBytes(vouchers)).length).toBeLessThan(canonical(vouchers as unknown as Json).length / 3);
  });
});

describe('the event of a part', () => {
  it('reads as JSON reads it, the vouchers only when they are asked for', () => {
    fc.assert(
      fc.property(part, (vouchers) => {
        const written = head({ import: 'a1', part: 0, vouchers: new Verbatim(bytesOf(vouchers)) });
        const record = readRecord(1, headBytes(written), null);
        expect(record.part && [...record.part]).toEqual([...bytesOf(vouchers)]);
        expect(plain(record.event.data)).toEqual(plain({ import: 'a1', part: 0, vouchers }));
        expect({ ...record.head, data: null }).toEqual({ ...written, data: null });
      }),
      { numRuns: 50 },
    );
  });

  it('says so where its vouchers point beside its tables', () => {
    const told = new TextDecoder().decode(
      packedBytes([{ ref: { book: 'erp', year: 2023, series: '', number: '7', version: 1 }, eventDate: '2023-03-14', lines: [] }]),
    );
    const wrong = new Verbatim(new TextEncoder().encode(told.replace('[0,"7"', '[1,"7"')));
    const { event } = readRecord(1, headBytes(head({ import: 'a1', part: 0, vouchers: wrong })), null);
    expect(() => vouchersOf(event)).toThrow(UnreadableEvent);
  });

  it('leaves the same state as its vouchers one by one, as version 1 has them, also where it was taken back before', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const folded = (['bytes', 'values', 'version 1'] as const).map((how) => {
          const ledger = new Ledger();
          const [recordedAt, ledgerId] = ['2023-05-03T08:00:00.000Z', 'l'];
          const opening = { import: 'a1', sha256: 's', profile: 'p', book: 'erp', year: 2023, vouchers: 1, periods: [], grants: [], decisions: [], units: [] };
          const opened = { type: 'ImportOpened', v: 1, data: opening };
          ledger.evolve({ head: { ...head(null), seq: 0, ledgerId, recordedAt }, event: opened as never });
          parts.forEach((vouchers, i) => {
            const [v, list]: [number, Json] = how === 'version 1' ? [1, vouchers as unknown as Json] : [2, new Verbatim(bytesOf(vouchers))];
            const { part: bytes, ...record } = readRecord(i + 1, headBytes({ ...head({ import: 'a1', part: i, vouchers: list }), v, seq: i + 1 }), null);
            expect(bytes === undefined).toBe(how === 'version 1');
            if (how === 'bytes') {
              ledger.journal.record(); // an append that failed: the part is taken back and comes again
              ledger.evolve({ ...record, part: bytes! });
              ledger.journal.undoTo(0);
            }
            ledger.evolve(how === 'bytes' ? { ...record, part: bytes! } : record);
            ledger.journal.pause();
          });
          return ledger.save();
        });
        expect(folded[1]).toEqual(folded[0]);
        expect(folded[2]).toEqual(folded[0]);
      }),
      { numRuns: 100 },
    );
  }); // prettier-ignore
});
