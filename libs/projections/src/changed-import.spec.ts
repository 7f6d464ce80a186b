/** What a changed file corrects is seen from both sides, counts from the import's close, and leaves nothing behind where it stood. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AbandonImport, CloseImport, ClosePeriod, CorrectVoucher, parseReference, RecodeCost } from '#ledger';
import type { Answers } from './answers.js';
import { AskedLedger } from './answers-given.js';
import { line, voucher, type GivenLedger } from './given.js';

let asked: AskedLedger;
let given: GivenLedger;
beforeEach(async () => {
  asked = await AskedLedger.open('9916', '9917');
  ({ given } = asked);
  await given.import('mars', [[voucher(1, [line('4010', 1_000, 'cost', { row: 2 }), line('2440', -1_000, 'none')])]]);
});
afterEach(() => asked.close());

const answers = <T>(ask: (answers: Answers) => T): Promise<T> => asked.answers(ask);

const first = 'erp-2023-A-1';
const changed = (ore: number, grant?: string) =>
  voucher(1, [line('4010', ore, 'cost', grant ? { grant } : {}), line('2440', -ore, 'none')], { fingerprint: '00000000000000aa' });
const recode = (to: RecodeCost['input']['to'], ref = first, from?: { grant: string }) =>
  given.act(
    new RecodeCost({ voucher: parseReference(ref), line: 1, to, eventDate: '2023-05-10', text: 'Enligt beslut', ...(from && { from }) }),
  );
const sums = (of: Answers) => {
  const { grants, withoutGrantCode, total } = of.net({ year: 2023 });
  return {
    coded: Object.fromEntries(grants.map(({ grant, costOre }) => [grant, costOre])),
    uncoded: withoutGrantCode.costOre,
    total: total.costOre,
    left: of.withoutGrantCode({ year: 2023 }).lines.map(({ voucher: ref, line: number, leftOre }) => `${ref} ${number} ${leftOre}`),
    equal: of.completeness().equal,
  };
};

describe('a voucher that a file has changed', () => {
  it('counts as it was until the import closes, and as it is from then on', async () => {
    await given.change('ny', [{ corrects: first, to: changed(900, '9916') }], 'open');
    expect(await answers(sums)).toEqual({ coded: {}, uncoded: -1_000n, total: 0n, left: [`${first} 1 1000`], equal: true });
    expect(await answers((of) => of.journal().vouchers.length)).toBe(1);
    await given.act(new CloseImport({ import: 'ny' }));
    expect(await answers(sums)).toEqual({ coded: { '9916': -900n }, uncoded: 0n, total: -900n, left: [], equal: true });
    expect(await answers((of) => of.journal().vouchers.map((each) => each.voucher))).toEqual([first, `${first}~2`, `${first}~3`]);
  });
  it('counts as it was for good where the import is abandoned', async () => {
    await given.change('ny', [{ corrects: first, to: changed(900, '9916') }], 'open');
    await answers(sums);
    await given.act(new AbandonImport({ import: 'ny', because: 'Avbruten' }));
    expect(await answers(sums)).toMatchObject({ uncoded: -1_000n, total: 0n, equal: true });
    expect(await answers((of) => of.voucher(first).correctedBy)).toEqual([]);
  });
  it('says by what it was corrected, and they say what they correct', async () => {
    await given.change('ny', [{ corrects: first, to: changed(900) }]);
    const closed = given.seq;
    const links = await answers((of) => [first, `${first}~2`, `${first}~3`].map((ref) => of.voucher(ref)));
    expect(links[0]).toMatchObject({
      correctedBy: [
        { voucher: `${first}~2`, reason: 'Ändrad i filen' },
        { voucher: `${first}~3`, reason: 'Ändrad i filen' },
      ],
    });
    expect(links[1]).toMatchObject({
      corrects: first,
      reverses: first,
      act: 'import',
      countsFromSeq: closed,
      import: { import: 'ny', file: 'ny.csv' },
    });
    expect(links[2]).toMatchObject({ corrects: first, replaces: first, act: 'import', text: 'Ändrad', import: { import: 'ny' } });
    expect(links[0]!.lines[0]).toMatchObject({ correctedBy: [`${first}~2`] });
  });
  it('changed again is followed from version to version', async () => {
    await given.change('ny', [{ corrects: first, to: changed(900) }]);
    await given.change('nyare', [{ corrects: `${first}~3`, to: changed(800) }]);
    const links = await answers((of) => [first, `${first}~3`, `${first}~5`].map((ref) => of.voucher(ref)));
    expect(links.map(({ corrects, correctedBy }) => [corrects, ...correctedBy.map((link) => link.voucher)])).toEqual([
      [null, `${first}~2`, `${first}~3`],
      [first, `${first}~4`, `${first}~5`],
      [`${first}~3`],
    ]);
    expect(await answers(sums)).toMatchObject({ uncoded: -800n, left: [`${first}~5 1 800`] });
  });
  it('is whole where it is too large for one event', async () => {
    const large = (ore: number) =>
      voucher(2, [
        ...Array.from({ length: 3_000 }, () => line('4010', ore, 'cost', { grant: '9916' })),
        line('2440', -3_000 * ore, 'none'),
      ]);
    await given.import('lön', [[large(100)]]);
    await given.act(new RecodeCost({ voucher: parseReference('erp-2023-A-2'), line: 1_500, to: [{}], eventDate: '2023-05-10', text: 'x' }));
    await given.change('ny', [{ corrects: 'erp-2023-A-2', to: large(90) }]);
    expect(await answers(sums)).toEqual({
      coded: { '9916': -270_000n },
      uncoded: -1_000n,
      total: -270_000n,
      left: [`${first} 1 1000`],
      equal: true,
    });
    const lines = await answers((of) => ['~2', '~3'].map((version) => of.voucher(`erp-2023-A-2${version}`).lines.length));
    expect(lines).toEqual([3_003, 3_001]);
  });
  it('is followed to the number that it has moved to', async () => {
    await given.change('ny', [{ corrects: first, to: { ...changed(1_000), ref: { ...voucher(9, []).ref } } }]);
    const moved = await answers((of) => [of.voucher(first), of.voucher('erp-2023-A-9')] as const);
    expect(moved[0].correctedBy.map((link) => link.voucher)).toEqual([`${first}~2`, 'erp-2023-A-9']);
    expect(moved[1]).toMatchObject({ replaces: first });
  });
});

describe('a voucher that was recoded here before the file changed it', () => {
  it('leaves nothing of itself, coded or not, wherever it stood', async () => {
    await recode([{ grant: '9916', amountOre: 600 }]);
    await recode([{ grant: '9917', amountOre: 200 }], first, { grant: '9916' });
    await given.change('ny', [{ corrects: first, to: changed(900) }]);
    expect(await answers(sums)).toEqual({
      coded: { '9916': 0n, '9917': 0n },
      uncoded: -900n,
      total: 0n,
      left: [`${first}~3 1 900`],
      equal: true,
    });
  });
  it('leaves nothing where it was coded in the file and recoded to no grant at all', async () => {
    await given.import('april', [
      [voucher(2, [line('2440', -50, 'none'), line('4010', 50, 'cost', { grant: '9916' }), line('4020', 0, 'cost')])],
    ]);
    await given.act(new RecodeCost({ voucher: parseReference('erp-2023-A-2'), line: 2, to: [{}], eventDate: '2023-05-10', text: 'x' }));
    expect((await answers(sums)).left).toEqual([`${first} 1 1000`, 'erp-2023-A-2 2 50']);
    const to = voucher(2, [line('2440', -60, 'none'), line('4010', 60, 'cost', { grant: '9916' })]);
    await given.change('ny', [{ corrects: 'erp-2023-A-2', to }]);
    expect(await answers(sums)).toMatchObject({ coded: { '9916': -60n }, left: [`${first} 1 1000`], equal: true });
  });
  it('shows in the months before as it stood then', async () => {
    await recode([{ grant: '9916', amountOre: 600 }]);
    for (const period of ['2023-03', '2023-04']) await given.act(new ClosePeriod({ period }));
    await given.change('ny', [{ corrects: first, to: changed(900) }]);
    const until = (through: string) =>
      answers((of) => of.withoutGrantCode({ year: 2023, through }).lines.map(({ voucher: ref, leftOre }) => [ref, leftOre]));
    expect(await until('2023-04')).toEqual([[first, 1_000n]]);
    expect(await until('2023-05')).toEqual([[`${first}~3`, 900n]]);
  });
  it('is out of every month’s table, also of those between its own and the recoding’s', async () => {
    await recode([{ grant: '9916', amountOre: 600 }]);
    await given.change('ny', [{ corrects: first, to: changed(900) }]);
    const periods = await answers((of) => of.periods({ year: 2023 }).periods.map(({ period, netOre }) => [period, netOre]));
    expect(periods).toEqual([['2023-05', 0n]]);
    const april = await answers((of) => of.net({ year: 2023, through: '2023-04' }));
    expect(april).toMatchObject({ withoutGrantCode: { costOre: -900n }, total: { costOre: 0n } });
  });
  it('can be recoded and corrected anew in the version that stands', async () => {
    await given.change('ny', [{ corrects: first, to: changed(900) }]);
    await recode([{ grant: '9916' }], `${first}~3`);
    expect(await answers(sums)).toMatchObject({ coded: { '9916': -900n }, uncoded: 0n, left: [] });
    const third = await answers((of) => of.voucher(`${first}~3`));
    expect(third.recodedBy).toMatchObject([{ voucher: 'own-2023-1', line: 1 }]);
  });
  it('that was corrected here counts beside what the file says now, until somebody settles it', async () => {
    await given.act(
      new CorrectVoucher({
        voucher: parseReference(first),
        reason: 'Fel',
        eventDate: '2023-05-20',
        replacement: { lines: [{ account: '4010', amountOre: 950, unit: '614' }, { account: '2440', amountOre: -950, unit: '614' }] }, // prettier-ignore
      }),
    );
    await given.change('ny', [{ corrects: first, to: changed(900) }]);
    expect((await answers(sums)).left).toEqual(['own-2023-2 1 950', `${first}~2 1 900`]);
    expect(await answers((of) => of.findings().rows)).toMatchObject([
      { finding: 'finding-corrected-here', facts: { voucher: first, own: 'own-2023-1, own-2023-2' } },
    ]);
  });
});
