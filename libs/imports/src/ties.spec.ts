/** A file's balances against its own rows: where they differ, a finding names account, object, period, both sums and the rows. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Desk, saidOf, settings, sie, ver } from './profile-given.js';

let desk: Desk;
beforeEach(async () => void (desk = await Desk.open()));
afterEach(() => desk.close());

const accounts = ['#KONTO 7550 "Tjänster"', '#KONTO 2440 "Skulder"'];
const found = async (...records: string[]) => (await desk.run(sie(...accounts, ...records))).findings;

describe('a period’s balance in the file (#PSALDO)', () => {
  const march = [...ver(1, 100), ...ver(2, 50, { objects: '1 605 20 9929', date: '20230331' })];

  it('that agrees with the rows of that month is no finding', async () =>
    expect(
      await found(
        '#PSALDO 0 202303 7550 {} 150.00',
        '#PSALDO 0 202303 7550 {20 9916} 100.00',
        '#PSALDO 0 202303 7550 {1 605} 50.00',
        ...march,
      ),
    ).toEqual([]));

  it('that differs is named with both sums, and the rows that come to what they do', async () =>
    expect(await found('#PSALDO 0 202303 7550 {} 151.00', ...march)).toEqual([
      {
        row: 7,
        finding: 'finding-not-tied',
        facts: { account: '7550', object: '', period: '2023-03', statedOre: '15100', rowsOre: '15000', rows: '10, 15', count: 2 },
      },
    ]));

  it('of an object is about the rows that carry the object, all of several', async () =>
    expect(
      (
        await found(
          '#PSALDO 0 202303 7550 {20 9916} 99.00',
          '#PSALDO 0 202303 7550 {1 614 20 9916} 98.00',
          '#PSALDO 0 202303 7550 {20 9955} 1.00',
          ...march,
        )
      ).map(({ facts }) => [facts['object'], facts['rowsOre'], facts['rows'], facts['count']]),
    ).toEqual([
      ['20:9916', '10000', '12', 1],
      ['1:614 20:9916', '10000', '12', 1],
      ['20:9955', '0', '', 0],
    ]));

  it('stands after the vouchers as well as before them', async () =>
    expect(saidOf(await found(...march, '#PSALDO 0 202303 7550 {} 1.00'))).toEqual(['17 finding-not-tied']));

  it('stands between two vouchers, and is about both', async () => {
    const [first, second] = [ver(1, 100), ver(2, 50, { date: '20230331' })];
    expect(await found(...first, '#PSALDO 0 202303 7550 {} 150.00', ...second)).toEqual([]);
    expect((await found(...ver(3, 70), '#PSALDO 0 202303 7550 {} 30.00', ...ver(4, 30))).map(({ facts }) => facts['rowsOre'])).toEqual([
      '10000',
    ]);
  });

  it('of a month that the file has no vouchers in, or of another year, is not about the file', async () =>
    expect(
      await found('#PSALDO 0 202304 7550 {} 1.00', '#PSALDO -1 202203 7550 {} 1.00', '#PBUDGET 0 202303 7550 {} 1.00', ...march),
    ).toEqual([]));

  it('is compared with rows before the filter: what is left out is in the balance', async () => {
    desk.close();
    desk = await Desk.open([
      ['2020-01-01', { ...settings, filter: { keep: [{ place: { dimension: '20' }, codes: [{ from: '9916' }] }] } }],
    ]);
    expect(await found('#PSALDO 0 202303 7550 {} 150.00', ...march)).toEqual([]);
  });

  it('of a sub-dimension’s object has the code of the one above it in front', async () => {
    const dims = ['#DIM 30 "Ansvar"', '#UNDERDIM 31 "Enhet" 30'];
    const lines = ver(1, 100, { objects: '30 6 31 14' });
    expect(await found(...dims, '#PSALDO 0 202303 7550 {31 614} 100.00', ...lines)).toEqual([]);
    expect(saidOf(await found(...dims, '#PSALDO 0 202303 7550 {31 615} 100.00', ...ver(2, 101, { objects: '30 6 31 14' })))).toEqual([
      '9 finding-not-tied',
    ]);
  });

  it('names the first twenty rows, and how many there are', async () => {
    const [finding] = await found('#PSALDO 0 202303 7550 {} 0.00', ...Array.from({ length: 25 }, (_, i) => ver(i + 1, 1)).flat());
    expect(String(finding!.facts['rows']).split(', ')).toHaveLength(20);
    expect(finding!.facts['count']).toBe(25);
  });
});

describe('the year’s balances in the file', () => {
  const january = ver(1, 100, { date: '20230115' });

  it('are the result (#RES), and what the balance sheet moved (#UB less #IB), where the file begins with the year', async () => {
    expect(await found('#RES 0 7550 100.00', '#IB 0 2440 -7.00', '#UB 0 2440 -107.00', ...january)).toEqual([]);
    const wrong = await found('#RES 0 7550 101.00', '#IB 0 2440 -7.00', '#UB 0 2440 -108.00', ...january, ...ver(2, 0));
    expect(wrong.map(({ facts }) => [facts['account'], facts['statedOre'], facts['rowsOre']])).toEqual([
      ['7550', '10100', '10000'],
      ['2440', '-10100', '-10000'],
    ]);
  });

  it('of an object too (#OUB less #OIB)', async () =>
    expect(
      (await found('#OIB 0 7550 {20 9916} 5.00', '#OUB 0 7550 {20 9916} 106.00', '#OUB 0 7550 {1 614} 100.00', ...january)).map(
        ({ facts }) => facts['object'],
      ),
    ).toEqual(['20:9916']));

  it('cannot be compared where the file begins later: one finding tells how many', async () =>
    expect(await found('#RES 0 7550 1.00', '#UB 0 2440 -1.00', '#RES 0 7551 1.00', ...ver(1, 100))).toEqual([
      { row: 1, finding: 'finding-balances-not-compared', facts: { count: 3 } },
    ]));

  it('never stop a file, however large its amounts', async () => {
    const large = (number: number) => ver(number, 1).map((record) => record.replace('1.00', '90000000000000.00'));
    const findings = await found('#RES 0 7550 1.00', '#PSALDO 0 202301 7550 {} 1.00', ...january, ...large(2), ...large(3));
    expect(saidOf(findings)).toEqual(['8 finding-not-tied', '1 finding-balances-not-compared']);
  });
});
