/** A selection is tied when the ERP's own totals agree with what came, per account, grant and period; until then every answer says so. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AbandonImport, CloseImport, RecordControlTotals, SetProfile, type ControlTotal } from '#ledger';
import type { Answers } from './answers.js';
import { AskedLedger } from './answers-given.js';
import { line, voucher, type GivenLedger } from './given.js';

let asked: AskedLedger;
let given: GivenLedger;
beforeEach(async () => {
  asked = await AskedLedger.open('9916');
  ({ given } = asked);
  await given.act(
    new SetProfile({
      profile: 'urval',
      validFrom: '2023-01-01',
      settings: { kind: 'selection', book: 'urval', grant: [{ column: 'Objekt' }], unit: { places: [], otherwise: '614' } },
    }),
  );
});
afterEach(() => asked.close());

const answers = <T>(ask: (answers: Answers) => T): Promise<T> => asked.answers(ask);

const of = (number: number) => ({ ref: { book: 'urval', year: 2023, series: 'A', number: String(number), version: 1 } });
const chosen = [
  [voucher(1, [line('4010', 700, 'cost', { grant: '9916', row: 2 })], of(1))],
  [voucher(2, [line('4010', 300, 'cost', { grant: '9916', row: 3 }), line('4010', 50, 'cost', { period: '2023-04' })], of(2))],
];
const select = (end: 'open' | 'closed' = 'closed', id = 'urval') =>
  given.import(id, chosen, end, { text: 'Ur listan' }, { kind: 'selection', profile: 'urval~1', book: 'urval' });
const right: readonly ControlTotal[] = [
  { account: '4010', grant: '9916', period: '2023-03', amountOre: 1_000 },
  { account: '4010', period: '2023-04', amountOre: 50 },
];
const record = (totals: readonly ControlTotal[], id = 'urval') => given.act(new RecordControlTotals({ import: id, totals }));
const ties = (id = 'urval') => answers((open) => open.ties({ import: id }));
const notTied = (through = '2023-16') => answers((open) => open.net({ year: 2023, through }).notTied);

describe('a selection', () => {
  it('counts, and is not tied while nobody knows the ERP’s totals', async () => {
    await select();
    expect(await answers((open) => open.net({ year: 2023 }).total.costOre)).toBe(-1_000n);
    expect(await notTied()).toEqual([{ import: 'urval', book: 'urval', file: 'urval.csv' }]);
    expect(await ties()).toMatchObject({
      tied: false,
      totals: null,
      ties: [
        { account: '4010', grant: null, period: '2023-04', ledgerOre: 50n, controlOre: null, differenceOre: 50n, linesInAll: 1 },
        { account: '4010', grant: '9916', period: '2023-03', ledgerOre: 1_000n, differenceOre: 1_000n, linesInAll: 2 },
      ],
    });
  });
  it('is tied when they agree in every account, grant and period', async () => {
    await select();
    await record(right);
    const seq = given.seq;
    expect(await notTied()).toEqual([]);
    expect(await ties()).toMatchObject({
      tied: true,
      totals: { seq, actor: 'person-1' },
      ties: [
        { ledgerOre: 50n, controlOre: 50n, differenceOre: 0n, lines: [] },
        { ledgerOre: 1_000n, controlOre: 1_000n, differenceOre: 0n, linesInAll: 0 },
      ],
    });
    expect(await answers((open) => open.imports().rows.map(({ tied }) => tied))).toEqual([true]);
  });
  it('shows where they differ, with the lines that make the sum', async () => {
    await select();
    await record([{ ...right[0]!, amountOre: 900 }, right[1]!]);
    const { tied, ties: found } = await ties();
    expect(tied).toBe(false);
    expect(found[1]).toMatchObject({
      differenceOre: 100n,
      lines: [
        { voucher: 'urval-2023-A-1', line: 1, row: 2, amountOre: 700n },
        { voucher: 'urval-2023-A-2', line: 1, row: 3, amountOre: 300n },
      ],
    });
    expect(await answers((open) => open.imports().rows.map((each) => each.tied))).toEqual([false]);
  });
  it('is not tied where the ERP has something that did not come, or nothing of what came', async () => {
    await select();
    await record([...right, { account: '5010', grant: '9916', period: '2023-03', amountOre: -5 }]);
    expect(await ties()).toMatchObject({
      tied: false,
      ties: [{}, {}, { account: '5010', ledgerOre: 0n, controlOre: -5n, differenceOre: 5n, linesInAll: 0 }],
    });
    await record([right[0]!]);
    expect(await ties()).toMatchObject({ tied: false, ties: [{ controlOre: null, differenceOre: 50n }, { differenceOre: 0n }] });
  });
  it('is told of where the periods asked about hold a difference, in every answer about a time', async () => {
    await select();
    await record([right[0]!, { ...right[1]!, amountOre: 51 }]);
    expect(await notTied('2023-03')).toEqual([]);
    expect(await notTied('2023-04')).toHaveLength(1);
    const asked = { year: 2023 };
    const told = await answers((open) =>
      [open.units(asked), open.periods(asked), open.neutrality(asked), open.ledgerLines(asked), open.withoutGrantCode(asked)].map(
        (answer) => answer.notTied.length,
      ),
    );
    expect(told).toEqual([1, 1, 1, 1, 1]);
    expect(await answers((open) => open.net({ year: 2024 }).notTied)).toEqual([]);
  });
  it('is judged by the totals that were recorded last', async () => {
    await select();
    await record([{ ...right[0]!, amountOre: 900 }]);
    await record(right);
    expect((await ties()).tied).toBe(true);
  });
  it('can have its totals before its close, and is told of only from then on', async () => {
    await select('open');
    await record([right[0]!]);
    expect(await notTied()).toEqual([]);
    expect(await ties()).toMatchObject({ status: 'open', tied: false });
    await given.act(new CloseImport({ import: 'urval' }));
    expect(await notTied()).toHaveLength(1);
  });
  it('that was abandoned, or never was, has no ties; nor have whole vouchers', async () => {
    await select('open');
    await given.act(new AbandonImport({ import: 'urval', because: 'Avbruten' }));
    await given.import('hela', [[voucher(1, [line('4010', 5, 'cost'), line('2440', -5, 'none')])]]);
    await expect(ties()).rejects.toMatchObject({ refusal: 'import-unknown' });
    await expect(ties('x')).rejects.toMatchObject({ refusal: 'import-unknown' });
    await expect(ties('hela')).rejects.toMatchObject({ refusal: 'import-not-selection' });
    expect(await answers((open) => open.imports().rows.map((each) => each.tied))).toEqual([false, null]);
    expect(await notTied()).toEqual([]);
  });
});
