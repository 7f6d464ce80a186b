/** The ERP's list sorted otherwise: rows in another order say the same, and nobody is asked about vouchers that did not change. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ClosePeriod, type ProfileSettings } from '#ledger';
import { csv, costRows, anna } from './given.js';
import { addsUp, Desk, saidOf, settings, sie, ver } from './profile-given.js';

const selection: ProfileSettings = { ...settings, kind: 'selection', book: 'urval' };
const list: ProfileSettings = {
  ...settings,
  grant: [{ column: 'Objekt' }],
  unit: { places: [{ column: 'Ansvar' }], otherwise: '614' },
  table: { columns: { number: 'Vernr', date: 'Datum', account: 'Konto', amount: 'Belopp', lineText: 'Text' } },
} as ProfileSettings;

let desk: Desk;
beforeEach(async () => void (desk = await Desk.open()));
afterEach(() => desk.close());
const reopened = async (as: ProfileSettings) => {
  desk.close();
  desk = await Desk.open([['2020-01-01', as]]);
};

/** One line of a voucher by itself, as a list that is sorted by something else has them. */
const line = (number: number, kronor: number, { date = '20230314', objects = '20 9916', text = '' } = {}) => [
  `#VER A ${number} 20230314 "Lista"`,
  '{',
  `#TRANS 7550 {${objects}} ${kronor.toFixed(2)} ${date} "${text}"`,
  '}',
];
/** A voucher of four lines, which come in the order given. */
const order = (number: number, of: readonly number[], kronor = 100) => {
  const trans = [`7550 {1 614 20 9916} ${kronor}.00`, '7550 {1 605} 20.00 20230315 "Resa"', '5010 {1 605} 20.00 20230316', `2440 {} ${-40 - kronor}.00`]; // prettier-ignore
  return [`#VER A ${number} 20230314 "Resor"`, '{', ...of.map((at) => `#TRANS ${trans[at]}`), '}'];
};
const table = (...rows: readonly (readonly (string | number)[])[]) =>
  [['Vernr', 'Datum', 'Konto', 'Ansvar', 'Objekt', 'Belopp', 'Text'], ...rows].map((row) => `${row.join(';')}\r\n`).join('');
const NOTHING_NEW = { outcome: 'nothing-new', vouchers: 0, corrections: 0, asks: [], consent: null };

describe('rows in another order', () => {
  it('of a selection are there already: nothing is asked, nothing posted', async () => {
    await reopened(selection);
    const rows = [line(1, 100), line(1, 100, { date: '20230320' }), line(1, 7, { text: 'Taxi' }), line(2, 50), line(2, -50)];
    await desk.run(sie(...rows.flat()));
    const [stored, figures] = [desk.store.log.length, desk.figures()];
    const again = await desk.run(sie(...rows.toReversed().flat()));
    expect(again).toMatchObject({ ...NOTHING_NEW, counts: { rows: 5, alreadyThere: 5, withCode: 0 } });
    expect(desk.store.log.length).toBe(stored);
    expect(desk.figures()).toEqual(figures);
  });

  it('of whole vouchers are there already, whatever their texts, days and objects', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), { minLength: 4, maxLength: 4 }),
        async (first, then) => {
          await reopened(settings);
          await desk.run(sie(...first.flatMap((of, i) => order(i + 1, of))));
          const other = first.map((_, i) => i).reverse();
          const again = await desk.run(sie(...other.flatMap((i) => order(i + 1, then[i]!))));
          expect([again.asks, again.corrections, again.vouchers]).toEqual([[], 0, 0]);
          expect(again.counts?.alreadyThere ?? 4 * first.length).toBe(4 * first.length);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('do not hide what did change: only that is asked about', async () => {
    await desk.run(sie(...order(1, [0, 1, 2, 3]), ...order(2, [0, 1, 2, 3]), ...ver(3, 300)));
    const changed = sie(...order(1, [3, 2, 1, 0]), ...order(2, [3, 2, 1, 0], 101), ...ver(3, 300), ...ver(4, 4));
    const refused = await desk.refused(changed);
    expect(refused.findings).toMatchObject([
      {
        row: 12,
        finding: 'file-voucher-changed',
        facts: { voucher: 'erp-2023-A-2', difference: expect.stringMatching(/: 100,00 → 101,00/) },
      },
    ]);
    const result = await desk.consented(changed);
    expect(result).toMatchObject({ vouchers: 1, corrections: 1, counts: { alreadyThere: 6 } });
    expect(addsUp(result)).toBe(true);
  });

  it('of a voucher that was changed by a file, in a closed period, are there as well', async () => {
    await desk.run(sie(...order(1, [0, 1, 2, 3])));
    await desk.commands.handle(new ClosePeriod({ period: '2023-03' }), { caller: anna });
    await desk.consented(sie(...order(1, [0, 1, 2, 3], 250)));
    expect(await desk.run(sie(...order(1, [2, 0, 3, 1], 250)))).toMatchObject(NOTHING_NEW);
    expect(saidOf((await desk.refused(sie(...order(1, [2, 0, 3, 1])))).findings)).toEqual(['5 file-voucher-changed']);
  });

  it('with another day, text or object on one of them are a change', async () => {
    await desk.run(sie(...order(1, [0, 1, 2, 3])));
    const shuffled = sie(...order(1, [3, 2, 1, 0]));
    for (const [from, to] of [
      ['20230315', '20230317'],
      ['"Resa"', '"Resan"'],
      ['{1 605} 20.00 20230316', '{1 614} 20.00 20230316'],
      ['"Resor"', '"Resa"'],
      ['#VER A 1 20230314', '#VER A 1 20230316'],
    ] as const)
      // prettier-ignore
      expect(saidOf((await desk.refused(shuffled.replace(from, to))).findings)).toEqual(['5 file-voucher-changed']);
  });

  it('of vouchers without a number are the same voucher', async () => {
    const file = (...of: number[][]) => sie(...of.flatMap((each, i) => order(0, each, 100 + i))).replaceAll('#VER A 0', '#VER A ""');
    await desk.run(file([0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3]));
    const again = await desk.run(file([0, 1, 2, 3], [3, 1, 2, 0], [0, 1, 2, 3]));
    expect(again).toMatchObject({ ...NOTHING_NEW, findings: [], counts: { rows: 12, alreadyThere: 12 } });
  });

  it('of a list are there already, also where its vouchers have rows of several days', async () => {
    await reopened(list);
    const rows = [
      ['1', '2023-03-14', '7550', '614', '9916', '100,00', 'Konsult'],
      ['1', '2023-03-15', '7550', '605', '', '20,00', 'Resa'],
      ['1', '2023-03-16', '2440', '614', '', '-120,00', ''],
    ];
    await desk.run(table(...rows));
    expect(await desk.run(table(...rows.toReversed()))).toMatchObject(NOTHING_NEW);
    const changed = rows.toReversed().map((row) => row.map((field) => field.replace('2023-03-15', '2023-03-17')));
    expect(saidOf((await desk.refused(table(...changed))).findings)).toEqual(['2 file-voucher-changed']);
  });

  it('of the simple CSV are there already', async () => {
    const simple = { profile: null, book: 'enkel', name: 'mars.csv' };
    const rows = [...costRows('1', 100), { number: '1', amount: '5.00', grant: '9916' }, { number: '1', amount: '-5.00', decision: '9929-23' }]; // prettier-ignore
    await desk.run(csv(...rows), simple, 'utf-8');
    expect(await desk.run(csv(...rows.toReversed()), simple, 'utf-8')).toMatchObject(NOTHING_NEW);
  });
});
