/** Receipts, recognitions, costs and repayments by hand: what a voucher must have, and what each line does (R2, R12, R14, R19). */
import { describe, expect, it } from '@jest/globals';
import { LINES_BY_HAND } from '../limits.js';
import { cost, draft, line, own, receipt, recognition, region, repayment, terms } from '../region-given.js';
import { ChangeDecision, RegisterDecision } from '../register/decision.js';
import { PostCost, PostReceipt, PostRepayment, RecogniseIncome } from './post.js';

const MOST = Number.MAX_SAFE_INTEGER;
const at23 = { decision: '9916-23' };

describe('a voucher of our own', () => {
  it('has number, day, period, text, amounts, the other party and the document', () =>
    region.when(cost(100_000)).then({
      type: 'CostPosted',
      data: { vouchers: [{ ref: own(1), eventDate: '2023-05-03', lines: [{ period: '2023-05' }, { period: '2023-05' }] }] },
      annex: { vouchers: [{ text: 'Nära vård, våren', counterparty: 'Konsult AB', document: 'faktura 4711, arkivet' }] },
    }));
  it.each(['text', 'counterparty', 'document'])('is refused without its %s', (field) =>
    region.when(cost(1, {}, { [field]: ' ' })).thenRefused('text-missing', { field }),
  );
  it('balances', () =>
    region.when(new PostCost(draft([line('7550', 100), line('2440', -99)]))).thenRefused('voucher-unbalanced', { differenceOre: '1' }));
  it('balances to the last öre of the largest amounts', () => {
    const lines = [line('7550', MOST), line('7550', MOST), line('2440', -MOST), line('2440', -MOST + 1)];
    region.when(new PostCost(draft(lines))).thenRefused('voucher-unbalanced', { differenceOre: '1' });
    region.when(new PostCost(draft([...lines, line('2440', -1)]))).then({ type: 'CostPosted' });
  });
  it('has at least two lines', () => region.when(new PostCost(draft([line('7550', 100)]))).thenRefused('voucher-without-lines'));
  it('has at most as many as a person writes', () => {
    const lines = (count: number) => [...Array.from({ length: count - 1 }, () => line('7550', 1)), line('2440', 1 - count)];
    region.when(new PostCost(draft(lines(LINES_BY_HAND)))).then({ type: 'CostPosted' });
    region.when(new PostCost(draft(lines(LINES_BY_HAND + 1)))).thenRefused('voucher-too-many-lines', { lines: 501, most: 500 });
  });
  it('has no line of nothing', () =>
    region.when(new PostCost(draft([line('7550', 0), line('2440', 0)]))).thenRefused('amount-zero', { line: 1 }));
  it.each([0.5, MOST + 1, NaN, Infinity])('has no amount of %p öre', (amount) =>
    region.when(new PostCost(draft([line('7550', amount), line('2440', -1)]))).thenRefused('amount-too-large'),
  );
  it('has accounts of the chart', () =>
    region.when(new PostCost(draft([line('9999', 1), line('2440', -1)]))).thenRefused('account-unknown', { account: '9999' }));
  it('has units that hold that day', () => {
    region.when(cost(1, { unit: 'XX' })).thenRefused('unit-unknown', { unit: 'XX' });
    region.when(cost(1, {}, { eventDate: '2019-12-31' })).thenRefused('unit-not-valid', { unit: '614', day: '2019-12-31' });
  });
  it('has grants that hold, never a display group', () => {
    region.when(cost(1, { grant: '9999' })).thenRefused('grant-unknown');
    region.when(cost(1, { grant: '99**' })).thenRefused('grant-is-display-group', { grant: '99**' });
  });
  it('has counterpart codes that can be codes', () =>
    region.when(cost(1, { counterpart: 'a b' })).thenRefused('code-malformed', { what: 'counterpart' }));
  it('happened on a day that exists, in a period that exists', () => {
    region.when(cost(1, {}, { eventDate: '2023-02-29' })).thenRefused('date-malformed', { date: '2023-02-29' });
    region.when(cost(1, {}, { period: '2023-17' })).thenRefused('period-malformed', { period: '2023-17' });
  });
  it('is numbered in the year of its period, from 1, without a gap', () => {
    const turn = region.and(cost(1, {}, { eventDate: '2023-12-31' }));
    turn
      .when(cost(1, {}, { eventDate: '2023-12-31', period: '2024-01' }))
      .then({ type: 'CostPosted', data: { vouchers: [{ ref: own(1, 2024) }] } });
    turn
      .when(cost(1, {}, { eventDate: '2024-01-02', period: '2023-13' }))
      .then({ type: 'CostPosted', data: { vouchers: [{ ref: own(2, 2023) }] } });
  });
  it('in a period more than a year from its date is worth a warning', () => {
    const outcome = region.when(cost(1, {}, { eventDate: '2023-05-03', period: '2025-01' }));
    outcome.thenWarns('warning-period-far-from-date');
    expect(outcome.warnings[0]?.facts).toEqual({ day: '2023-05-03', period: '2025-01' });
    region.when(cost(1, {}, { period: '2021-16' })).thenWarns('warning-period-far-from-date');
    for (const period of ['2022-01', '2024-16']) region.when(cost(1, {}, { period })).thenWarns();
  });
  it('names a decision of the grant, or brings the grant by its decision', () => {
    region.when(cost(1, at23)).thenLines({ grant: '9916', decision: '9916-23' }, {});
    region.when(cost(1, { grant: '9917', decision: '9916-23' })).thenRefused('decision-of-other-grant');
    region.when(cost(1, { decision: 'x' })).thenRefused('decision-unknown', { decision: 'x' });
  });
});

describe('a receipt', () => {
  it('is money received, no income', () =>
    region
      .when(receipt(100_000))
      .thenLines({ account: '1930', effect: 'none' }, { account: '2971', effect: 'received', grant: '9916', decision: '9916-23' }));
  it('goes straight to income where the decision says so, and counts as both', () =>
    region
      .when(new PostReceipt(draft([line('1930', 500), line('3511', -500, { decision: '9929-23' })])))
      .thenLines({ effect: 'none' }, { effect: 'both', grant: '9929' }));
  it('goes where the decision says, nowhere else', () => {
    region
      .when(new PostReceipt(draft([line('1930', 500), line('2971', -500, { decision: '9929-23' })])))
      .thenRefused('received-elsewhere', { decision: '9929-23', receivedTo: 'income', account: '2971' });
    region
      .when(new PostReceipt(draft([line('1930', 500), line('3511', -500, at23)])))
      .thenRefused('received-elsewhere', { receivedTo: 'liability' });
  });
  it('can be of many decisions', () =>
    region
      .when(new PostReceipt(draft([line('1930', 300), line('2971', -100, at23), line('2971', -200, { decision: '9917-23' })])))
      .thenLines({}, { effect: 'received', grant: '9916' }, { effect: 'received', grant: '9917' }));
  it('shows set-off gross: what the agency kept back is repaid', () => {
    const outcome = region.when(
      new PostReceipt(draft([line('1930', 80), line('2971', -100, at23), line('2971', 20, { decision: '9916-22' })])),
    );
    outcome.thenLines({ amountOre: 80 }, { effect: 'received', amountOre: -100 }, { effect: 'repaid', amountOre: 20 });
    outcome.thenWarns('warning-repaid-above-received');
  });
  it('can take down a claim: the money of what was recognised before it came', () => {
    const accrued = region.and(new RecogniseIncome(draft([line('1790', 500, at23), line('3511', -500, at23)])));
    const paid = accrued.when(new PostReceipt(draft([line('1930', 500), line('1790', -500, at23)])));
    paid.thenLines({ effect: 'none' }, { account: '1790', effect: 'received', grant: '9916' });
    expect([paid.after.ledger().sums.of('received|9916-23'), paid.after.ledger().sums.of('balance|9916|1790')]).toEqual([-500n, 0n]);
  });
  it('names the decision of every grant line', () =>
    region
      .when(new PostReceipt(draft([line('1930', 500), line('2971', -500, { grant: '9916' })])))
      .thenRefused('line-without-decision', { line: 2 }));
  it('is of some grant', () =>
    region
      .when(new PostReceipt(draft([line('1930', 500), line('2971', -500)])))
      .thenRefused('line-without-grant', { line: 2, account: '2971' }));
  it('has no cost in it', () =>
    region
      .when(new PostReceipt(draft([line('7550', 500), line('2971', -500, at23)])))
      .thenRefused('account-not-for-act', { line: 1, kind: 'cost', act: 'receipt' }));
  it('is no repayment in disguise', () =>
    region
      .when(new PostReceipt(draft([line('2971', 500, at23), line('1930', -500)])))
      .thenRefused('act-without-its-line', { act: 'receipt' }));
  it('is no repayment in disguise either where the bank line names the decision', () =>
    region.when(new PostReceipt(draft([line('2971', 500, at23), line('1930', -500, at23)]))).thenRefused('act-without-its-line'));
  it('is no transfer between banks', () =>
    region.when(new PostReceipt(draft([line('1930', 5), line('1940', -5)]))).thenRefused('act-without-its-line'));
  it('above the award is worth a warning, from the first öre', () => {
    region.and(receipt(600_000)).when(receipt(400_000)).thenWarns();
    region.and(receipt(600_000)).when(receipt(400_001)).thenWarns('warning-received-above-award');
  });
  it('of another year than the decision’s is worth a warning', () => {
    region.when(receipt(1, { eventDate: '2024-01-03' })).thenWarns('warning-other-grant-year');
    region.when(receipt(1, { eventDate: '2024-01-03', period: '2023-12' })).thenWarns();
  });
  it('follows the terms of its day', () => {
    const changed = region.and(
      new ChangeDecision({
        decision: '9916-23',
        validFrom: '2023-06-01',
        terms: { ...terms, receivedTo: 'income' },
        reason: 'Nya villkor',
      }),
    );
    changed.when(receipt(1)).then({ type: 'ReceiptPosted' });
    changed.when(receipt(1, { eventDate: '2023-06-01' })).thenRefused('received-elsewhere');
  });
});

describe('recognising income', () => {
  it('takes it from the liability; the money was received before', () =>
    region
      .and(receipt(500))
      .when(recognition(500))
      .thenLines({ account: '2971', effect: 'none' }, { account: '3511', effect: 'recognised', grant: '9916' }));
  it('can be an accrued claim', () =>
    region
      .when(new RecogniseIncome(draft([line('1790', 500, at23), line('3511', -500, at23)])))
      .thenLines({ effect: 'none' }, { effect: 'recognised' }));
  it('can be taken back', () =>
    region
      .when(new RecogniseIncome(draft([line('3511', 500, at23), line('2971', -500, at23)])))
      .thenLines({ effect: 'recognised', amountOre: 500 }, { effect: 'none' }));
  it('is towards the agency, by its decision, unless others are named', () => {
    const { counterparty: _c, document: _d, ...bare } = draft([line('2971', 5, at23), line('3511', -5, at23)]);
    region
      .when(new RecogniseIncome(bare))
      .then({ type: 'IncomeRecognised', annex: { vouchers: [{ counterparty: 'Socialstyrelsen', document: '9.3-2417/2023' }] } });
    region.when(recognition(5)).then({ type: 'IncomeRecognised', annex: { vouchers: [{ counterparty: 'Konsult AB' }] } });
  });
  it('has an income line', () =>
    region
      .when(new RecogniseIncome(draft([line('2971', 5, at23), line('1930', -5)])))
      .thenRefused('act-without-its-line', { act: 'recognition' }));
  it('has no cost: income and cost are never netted', () =>
    region
      .when(new RecogniseIncome(draft([line('7550', 5, at23), line('3511', -5, at23)])))
      .thenRefused('account-not-for-act', { kind: 'cost' }));
  it('is of a grant', () =>
    region.when(new RecogniseIncome(draft([line('2971', 5, at23), line('3511', -5)]))).thenRefused('line-without-grant', { line: 2 }));
  it('above the award is worth a warning', () =>
    region.and(recognition(600_000)).when(recognition(400_001)).thenWarns('warning-recognised-above-award'));
  it('counts what came straight to income too', () =>
    region
      .and(new PostReceipt(draft([line('1930', 1_000_000), line('3511', -1_000_000, { decision: '9929-23' })])))
      .when(new RecogniseIncome(draft([line('1790', 1, { decision: '9929-23' }), line('3511', -1, { decision: '9929-23' })])))
      .thenWarns('warning-recognised-above-award'));
});

describe('a cost', () => {
  it('can wait for its grant', () =>
    region.when(cost(100)).thenLines({ account: '7550', effect: 'cost' }, { account: '2440', effect: 'none' }));
  it('is what lies on a cost account, of either sign', () =>
    region.when(cost(-100, { grant: '9916' })).thenLines({ effect: 'cost', amountOre: -100 }, {}));
  it('between our own units is internal, as the chart says', () =>
    region.when(new PostCost(draft([line('7910', 5), line('2440', -5)]))).thenLines({ effect: 'cost', internal: true }, {}));
  it('has a cost line', () =>
    region
      .when(new PostCost(draft([line('1930', 5), line('2440', -5)])))
      .thenRefused('act-without-its-line', { act: 'cost', kind: 'cost' }));
  it.each(['2971', '3511', '3591'])('has nothing on %s', (account) =>
    region
      .when(new PostCost(draft([line('7550', 5), line(account, -5, { grant: '9916' })])))
      .thenRefused('account-not-for-act', { account, act: 'cost' }),
  );
  it('outside the restriction is worth a warning, on both sides and never on the days themselves', () => {
    const on = (eventDate: string, period = '2023-12') => region.when(cost(1, at23, { eventDate, period }));
    on('2022-12-31').thenWarns('warning-outside-restriction');
    on('2023-01-01').thenWarns();
    on('2023-12-31').thenWarns();
    on('2024-01-01').thenWarns('warning-outside-restriction');
  });
  it('on a grant without a decision is worth a warning', () => {
    region.when(cost(1, { grant: '9957' })).thenWarns('warning-grant-without-decision');
    region
      .and(new RegisterDecision({ decision: '9957-23', grant: '9957', terms }))
      .when(cost(1, { grant: '9957' }))
      .thenWarns();
  });
});

describe('a repayment', () => {
  const received = region.and(receipt(500));
  it('goes from the liability to the agency', () =>
    received.when(repayment(500)).thenLines({ account: '2971', effect: 'repaid' }, { account: '1930', effect: 'none' }));
  it('of money taken straight to income goes off the income, over the liability, and out', () => {
    const at29 = { decision: '9929-23' };
    const outcome = region
      .and(new PostReceipt(draft([line('1930', 500), line('3511', -500, at29)])))
      .when(new PostRepayment(draft([line('3511', 200, at29), line('2971', -200, at29), line('2971', 200, at29), line('1930', -200)])));
    outcome.thenLines(
      { effect: 'recognised', amountOre: 200 },
      { effect: 'none' },
      { effect: 'repaid', amountOre: 200 },
      { effect: 'none' },
    );
    outcome.thenWarns();
    const { sums } = outcome.after.ledger();
    expect(
      ['received|9929-23', 'recognised|9929-23', 'repaid|9929-23', 'balance|9929|2971', 'net|9929|2023'].map((key) => sums.of(key)),
    ).toEqual([-500n, -300n, 200n, 0n, -300n]);
  });
  it('has a line that repays', () =>
    received
      .when(new PostRepayment(draft([line('3511', 5, at23), line('1930', -5)])))
      .thenRefused('act-without-its-line', { act: 'repayment' }));
  it('has no cost', () =>
    received.when(new PostRepayment(draft([line('7550', 5), line('1930', -5)]))).thenRefused('account-not-for-act', { act: 'repayment' }));
  it('of more than was received is worth a warning', () => {
    received.when(repayment(500)).thenWarns();
    received.when(repayment(501)).thenWarns('warning-repaid-above-received');
  });
});
