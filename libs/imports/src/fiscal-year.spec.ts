/** Files of a broken fiscal year, and of more years than one: what goes in, under which year, and what is said of the rest. */
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fiscalYearOf, referenceText, SetProfile, type ProfileSettings } from '#ledger';
import { encode } from '#sie';
import { anna } from './given.js';
import { addsUp, Desk, saidOf, settings, sie, ver, type Said } from './profile-given.js';

let desk: Desk;
afterEach(() => desk.close());
const opened = (rest: Partial<ProfileSettings> = {}) => Desk.open([['2000-01-01', { ...settings, ...rest }]]);
const references = () => desk.vouchers().map(({ ref }) => referenceText(ref));
const periods = () => [...new Set(desk.vouchers().flatMap(({ lines }) => lines.map(({ period }) => period)))];
/** A SIE file that says that its year is this one. */
const of = (from: string, to: string, ...records: string[]) => sie(...records).replace('#RAR 0 20230101 20231231', `#RAR 0 ${from} ${to}`);
/** A SIE file that says nothing of its year. */
const bare = (...records: string[]) => sie(...records).replace(/#RAR.*\r\n/, '');

describe('a file that says nothing of its year', () => {
  it.each([
    ['has none', bare],
    ['has it without days', (...records: string[]) => sie(...records).replace(/#RAR.*\r\n/, '#RAR 0  \r\n')],
  ])('where #RAR %s: goes into that of its first voucher', async (_how, file) => {
    desk = await opened();
    expect(await desk.run(file(...ver(1, 1, { date: '20210501' })))).toMatchObject({ year: 2021, vouchers: 1 });
  });
  it('and whose first voucher has no day that can be read is refused for that alone', async () => {
    desk = await opened();
    const refused = await desk.refused(bare(...ver(1, 1, { date: 'igår' }), ...ver(2, 1, { date: '20210501' })));
    expect(saidOf(refused.findings)).toEqual(['4 sie-date-malformed']);
  });
});

describe('a file of a broken fiscal year', () => {
  const broken = of('20220701', '20230630', ...ver(1, 100, { date: '20220714' }), ...ver(2, 200, { date: '20230630' }));

  it('goes in whole under the year in which that begins, each line in its own period', async () => {
    desk = await opened();
    const result = await desk.run(broken);
    expect(result).toMatchObject({ outcome: 'imported', year: 2022, vouchers: 2, findings: [{ finding: 'sie-year-broken' }] });
    expect(references()).toEqual(['erp-2022-A-1', 'erp-2022-A-2']);
    expect(periods()).toEqual(['2022-07', '2023-06']);
    expect(await desk.run(broken)).toMatchObject({ outcome: 'already-imported' });
    expect(await desk.run(of('20220701', '20230630', ...ver(2, 200, { date: '20230630' })), { year: 2022 })).toMatchObject({
      outcome: 'nothing-new',
    });
  });
  it('goes into no other year, so that nothing counts twice', async () => {
    desk = await opened();
    const refused = await desk.refused(broken, { year: 2023 });
    expect(refused.findings).toMatchObject([
      { row: 5, finding: 'file-year-absent', facts: { asked: 2023, askedFrom: '2023-01', askedThrough: '2023-12', years: '2022' } },
    ]);
  });
  it('is followed by the year after it, whose numbers begin anew', async () => {
    desk = await opened();
    await desk.run(broken);
    await desk.run(of('20230701', '20240630', ...ver(1, 300, { date: '20230701' })));
    expect(references()).toEqual(['erp-2022-A-1', 'erp-2022-A-2', 'erp-2023-A-1']);
  });
  it('closes in the year in which it ends', async () => {
    desk = await opened({ period: { from: 'voucher-date', closingSeries: [{ series: 'B', month: 13 }] } });
    await desk.run(of('20220701', '20230630', ...ver(1, 1, { date: '20230630', series: 'B' })));
    expect(periods()).toEqual(['2023-13']);
  });
  it('may have eighteen months, and is refused on a row outside it', async () => {
    desk = await opened();
    const long = (...days: string[]) => of('20220701', '20231231', ...days.flatMap((date, at) => ver(at + 1, 1, { date })));
    expect(await desk.run(long('20220701', '20231231'))).toMatchObject({ year: 2022, vouchers: 2 });
    expect((await desk.refused(long('20220701', '20240131'))).findings).toEqual([
      {
        row: 10,
        finding: 'file-other-years',
        facts: { rows: 2, year: 2024, from: '2024-01', through: '2024-12', asked: 2022, askedFrom: '2022-07', askedThrough: '2023-12' },
      },
    ]);
  });
  it('is none where the file says only that it ends in May: what is dated in June belongs to the year', async () => {
    desk = await opened();
    expect(await desk.run(of('20230101', '20230531', ...ver(1, 1, { date: '20230601' })))).toMatchObject({ year: 2023, vouchers: 1 });
  });
  it('that does not say it is one is read by the month in which the profile says that the year begins', async () => {
    desk = await opened({ firstMonth: 7 });
    const records = [...ver(1, 1, { date: '20230630' }), ...ver(2, 1, { date: '20220701' })];
    expect(await desk.run(bare(...records))).toMatchObject({ year: 2022, vouchers: 2 });
    desk.close();
    const layout = { decimal: '.', columns: { number: 'Nr', date: 'Datum', account: 'Konto', amount: 'Belopp' } } as const;
    desk = await opened({ firstMonth: 5, table: layout });
    const rows = ['2023-04-30', '2022-05-01'].flatMap((day, at) => [`${at};${day};7550;1.00`, `${at};${day};2440;-1.00`]);
    expect(await desk.run(encode(['Nr;Datum;Konto;Belopp', ...rows].join('\n'), 'utf-8'))).toMatchObject({ year: 2022, vouchers: 2 });
  });
  it('is tied to its own balances from its first month', async () => {
    desk = await opened();
    const balances = ['#RES 0 7550 300.00', '#IB 0 2440 -5.00', '#UB 0 2440 -304.00'];
    const { findings } = await desk.run(broken.replace('#DIM', `${balances.join('\r\n')}\r\n#DIM`));
    expect(findings.map(({ finding, facts }) => [finding, facts['account'], facts['statedOre'], facts['rowsOre']])).toEqual([
      ['sie-year-broken', undefined, undefined, undefined],
      ['finding-not-tied', '2440', '-29900', '-30000'],
    ]);
  });
});

describe('two fiscal years that begin in one calendar year', () => {
  const shortened = (...records: string[]) => of('20230101', '20230630', ...records);
  const broken = (...records: string[]) => of('20230701', '20240630', ...records);
  const first = shortened(...ver(1, 100, { date: '20230110' }), ...ver(2, 200, { date: '20230620' }));
  const second = broken(...ver(1, 300, { date: '20230710' }), ...ver(2, 400, { date: '20240115' }));
  const refusedFor = async (file: string, rest = {}) => {
    const { refusal, findings } = await desk.refused(file, rest);
    return [refusal, ...findings.map(({ finding, facts }) => ({ finding, ...facts }))];
  };

  it('share a name, so the second is refused by what both are, before anything of it is asked about', async () => {
    desk = await opened();
    await desk.run(first);
    const figures = desk.figures();
    const said = {
      finding: 'file-fiscal-year-taken',
      book: 'erp',
      year: 2023,
      from: '2023-07',
      through: '2024-06',
      knownFrom: '2023-01',
      knownThrough: '2023-06',
    };
    expect(await refusedFor(second)).toEqual(['file-refused', said]);
    expect((await desk.refused(second)).message).toContain('läs den till en egen bok');
    expect(desk.figures()).toEqual(figures);
    await expect(desk.run(second, { dryRun: true })).rejects.toMatchObject({ refusal: 'file-refused' });
  });
  it('are refused in the other order too, also where only the first half of the broken one is there', async () => {
    desk = await opened();
    await desk.run(broken(...ver(1, 300, { date: '20230710' })));
    const said = { finding: 'file-fiscal-year-taken', from: '2023-01', through: '2023-12', knownFrom: '2023-07', knownThrough: '2024-06' };
    expect(await refusedFor(first)).toMatchObject(['file-refused', said]);
    expect(await refusedFor(bare(...ver(7, 1, { date: '20230801' })))).toMatchObject(['file-refused', said]);
    expect(await refusedFor(bare(...ver(7, 1, { date: '20240115' })), { year: 2023 })).toMatchObject(['file-refused', {}]);
  });
  it('have a book each where the region says so, and a year that goes on stays one', async () => {
    desk = await opened();
    await desk.run(broken(...ver(1, 300, { date: '20230710' })));
    await desk.run(second.replace('20240630', '20241231'));
    expect(references()).toEqual(['erp-2023-A-1', 'erp-2023-A-2']);
    await desk.commands.handle(new SetProfile({ profile: 'kort', validFrom: '2000-01-01', settings: { ...settings, book: 'kort' } }), {
      caller: anna,
    });
    expect(await desk.run(first, { profile: 'kort' })).toMatchObject({ outcome: 'imported', book: 'kort', year: 2023 });
  });
});

describe('a file of two years', () => {
  /** The same numbers in both, as an ERP that begins anew each year has them. */
  const both = bare(
    ...ver(1, 100, { date: '20221215' }),
    ...ver(2, 200, { date: '20221231' }),
    ...ver(1, 300, { date: '20230102' }),
    ...ver(2, 400, { date: '20230103' }),
  );
  it('is refused in one sentence that says which year to ask for, not row by row', async () => {
    desk = await opened();
    const refused = await desk.refused(both);
    expect(refused.findings).toMatchObject([{ row: 14, finding: 'file-other-years', facts: { rows: 4, year: 2023, asked: 2022 } }]);
    expect(refused.message).toContain('4 rader hör till räkenskapsår 2023 (2023-01–2023-12), inte till 2022 (2022-01–2022-12)');
  });
  it('goes in one year at a time, where a year is asked for; the rest is counted as left out, and found', async () => {
    desk = await opened();
    const result = await desk.run(both, { year: 2023 });
    expect(result).toMatchObject({
      outcome: 'imported',
      counts: { rows: 8, withCode: 2, noCodeNeeded: 2, leftOut: 4 },
      leftOut: { vouchers: 2, rows: 4, debitOre: '30000', creditOre: '-30000' },
      findings: [{ row: 4, finding: 'finding-other-year', facts: { rows: 4, year: 2022, asked: 2023 } }],
    });
    expect(addsUp(result)).toBe(true);
    expect(await desk.run(both, { year: 2022 })).toMatchObject({ outcome: 'imported', vouchers: 2 });
    expect(references()).toEqual(['erp-2023-A-1', 'erp-2023-A-2', 'erp-2022-A-1', 'erp-2022-A-2']);
    expect(await desk.run(both, { year: 2023 })).toMatchObject({ outcome: 'already-imported' });
    expect(saidOf((await desk.refused(both, { year: 2021 })).findings)).toEqual(['4 file-year-absent']);
  });
  it('goes in without a year asked for where the profile’s filter takes only one of them', async () => {
    desk = await opened({ filter: { keep: [{ dates: { from: '2023-01-01', to: '2023-01-02' } }] } });
    const result = await desk.run(both, { year: 2023 });
    expect([references(), result.findings]).toEqual([['erp-2023-A-1'], []]);
    desk.close();
    desk = await opened({ filter: { drop: [{ dates: { from: '2023-01-01' } }] } });
    expect(await desk.run(both)).toMatchObject({ vouchers: 2, findings: [], counts: { leftOut: 4 } });
    expect(references()).toEqual(['erp-2022-A-1', 'erp-2022-A-2']);
  });
  it('of which the profile knows only the later needs no profile for the year before', async () => {
    desk = await Desk.open([['2023-01-01', settings]]);
    expect(await desk.run(both, { year: 2023 })).toMatchObject({ vouchers: 2, leftOut: { vouchers: 2 } });
  });
  it('is refused on the rows of a voucher that lies in both', async () => {
    desk = await opened({ period: { from: 'line-date' } });
    const voucher = ['#VER A 1 20230102 "x"', '{', '#TRANS 7550 {} 1.00 20221231', '#TRANS 2440 {} -1.00 20230102', '}'];
    expect(saidOf((await desk.refused(bare(...voucher), { year: 2023 })).findings)).toEqual(['6 file-other-year']);
  });
  it('as a selection gives the lines of the year that is asked for', async () => {
    desk = await opened({ kind: 'selection', book: 'urval' });
    const result = await desk.run(both, { year: 2023 });
    expect(result).toMatchObject({ counts: { rows: 8, leftOut: 4 }, findings: [{ finding: 'finding-other-year', facts: { rows: 4 } }] });
    expect(addsUp(result)).toBe(true);
    expect(saidOf((await desk.refused(both)).findings)).toEqual(['16 file-other-years']);
  });
});

describe('a file of any years, whole vouchers or a selection, whatever month the year begins in', () => {
  it('is in after each of its years was asked for: every row once, and every count adds up', async () => {
    const file = fc.record({
      kind: fc.constantFrom('whole-vouchers' as const, 'selection' as const),
      firstMonth: fc.integer({ min: 1, max: 12 }),
      days: fc.array(fc.tuple(fc.integer({ min: 2021, max: 2023 }), fc.integer({ min: 1, max: 12 })), { minLength: 1, maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(file, async ({ kind, firstMonth, days }) => {
        desk?.close();
        desk = await opened({ kind, firstMonth });
        const months = days.map(([year, month]) => `${year}-${String(month).padStart(2, '0')}`);
        const text = bare(...months.flatMap((month, at) => ver(at + 1, at + 1, { date: `${month.replace('-', '')}15` })));
        const years = [...new Set(months.map((month) => fiscalYearOf(month, firstMonth).year))].sort();
        const alone = years.length === 1;
        if (!alone) expect((await desk.refused(text)).findings).toHaveLength(years.length - 1);
        let left = 0;
        for (const year of years) {
          const result = await desk.run(text, alone ? {} : { year });
          const others = result.findings.filter(({ finding }) => finding === 'finding-other-year');
          expect([result.year, addsUp(result), others.length]).toEqual([year, true, years.length - 1]);
          left += result.counts!.leftOut!;
        }
        expect(left).toBe(2 * days.length * (years.length - 1));
        const lines = desk
          .vouchers()
          .flatMap(({ ref, lines: each }) => each.map(({ period, amountOre }) => `${ref.year} ${period} ${amountOre}`));
        const expected = months.flatMap((month, at) =>
          [1, -1].map((sign) => `${fiscalYearOf(month, firstMonth).year} ${month} ${sign * (at + 1) * 100}`),
        );
        expect(lines.sort()).toEqual(expected.sort());
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});

describe('a period that a place holds', () => {
  it('and that is none is refused with its row, not stored', async () => {
    desk = await opened({ period: { from: { dimension: '20' } }, grant: [{ dimension: '6' }] });
    for (const period of ['2023-17', '2023-011', '2023mars'])
      expect(saidOf((await desk.refused(sie(...ver(1, 1, { objects: `20 ${period}` })))).findings)).toEqual(['7 period-malformed']);
  });
});

describe('vouchers dated in another year than the file is about', () => {
  const both = (...records: string[]) => sie('#RAR -1 20220501 20221231', ...records);
  const days = (date: string, from: number, many: number, said: Said = {}) =>
    Array.from({ length: many }, (_, i) => ver(from + i, 10, { date, ...said })).flat();

  it('are said once, by the year that the file names and with how many they are, and not twice', async () => {
    desk = await opened();
    const file = both(...days('20221115', 1, 3), ...days('20230115', 1, 2));
    const previous = { rows: 6, year: 2022, from: '2022-05', through: '2022-12', asked: 2023 };
    expect(await desk.run(file, { year: 2023, dryRun: true })).toMatchObject({
      vouchers: 2,
      findings: [{ finding: 'finding-other-year', facts: previous }],
    });
    expect((await desk.refused(file)).findings).toMatchObject([{ finding: 'file-other-years', facts: previous }]);
    const { vouchers, findings } = await desk.run(file, { year: 2022 });
    expect([vouchers, findings]).toMatchObject([
      3,
      [{ finding: 'finding-other-year', facts: { rows: 4, year: 2023, asked: 2022, askedFrom: '2022-05', askedThrough: '2022-12' } }],
    ]);
  });
  it('but booked in the file’s own year are in it, with one finding that says so', async () => {
    desk = await opened({ period: { from: 'registered' } });
    const file = both(...days('20221231', 1, 40, { registered: '20230110' }), ...days('20230115', 50, 2));
    const { vouchers, findings } = await desk.run(file);
    expect(vouchers).toBe(42);
    const facts = { vouchers: 40, index: -1, otherFrom: '2022-05-01', otherTo: '2022-12-31', from: '2023-01-01', to: '2023-12-31' };
    expect(findings.filter(({ finding }) => finding.startsWith('sie-date'))).toEqual([{ row: 6, finding: 'sie-date-other-year', facts }]);
  });
  it('and that it does not name, are one finding with their number', async () => {
    desk = await opened();
    const file = of('20230101', '20230531', ...days('20230615', 1, 1_200), ...days('20230515', 1_201, 1));
    const { vouchers, findings } = await desk.run(file);
    expect(vouchers).toBe(1_201);
    expect(findings.slice(1)).toEqual([
      { row: 5, finding: 'sie-date-outside-year', facts: { vouchers: 1_200, from: '2023-01-01', to: '2023-05-31' } },
    ]);
  });
});
