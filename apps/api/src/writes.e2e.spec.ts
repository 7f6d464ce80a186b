/** Every route that writes: what it stores, and that whatever is wrong with an input stores nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COST, MANDATE, Rig, SETTINGS, TERMS } from './testing.js';

type Case = {
  readonly path: string;
  readonly body: { readonly [field: string]: unknown };
  readonly event: string;
  readonly optional?: true;
};

const RECEIPT = [
  { account: '1930', amount: '500.00', unit: '614' },
  { account: '2971', amount: '-500.00', unit: '614', decision: '9916-1' },
];
const RECOGNITION = [
  { account: '2971', amount: '300.00', unit: '614', decision: '9916-1' },
  { account: '3510', amount: '-300.00', unit: '614', decision: '9916-1' },
];
const REPAYMENT = [
  { account: '2971', amount: '100.00', unit: '614', decision: '9916-1' },
  { account: '1930', amount: '-100.00', unit: '614' },
];

/** In this order, each on what the ones before it left. The first field of a body is one that is needed. */
const CASES: readonly Case[] = [
  { path: '/grants', event: 'GrantRegistered', body: { grant: '9918', name: 'Civilt försvar', validFrom: '2023-01-01' } },
  { path: '/grants/9918/names', event: 'GrantRenamed', body: { name: 'Civilt försvar, hälso- och sjukvård', validFrom: '2023-07-01' } },
  { path: '/grants/9918/end', event: 'GrantRetired', body: { lastDay: '2023-12-31' } },
  { path: '/decisions', event: 'DecisionRegistered', body: { decision: '9917-2', grant: '9917', terms: TERMS } },
  {
    path: '/decisions/9917-2/changes',
    event: 'DecisionChanged',
    body: { validFrom: '2023-11-07', terms: { ...TERMS, restrictionTo: '2024-12-31' }, reason: 'Nytt brev' },
  },
  { path: '/decisions/9916-1/reports', event: 'UseReported', body: { amount: '900.50', date: '2024-03-20' } },
  { path: '/exemptions', event: 'NeutralityExempted', body: { grant: '9917', year: 2023, reference: 'RS/1 § 2', reason: 'Prestation' } },
  { path: '/exemptions/withdrawals', event: 'ExemptionWithdrawn', body: { grant: '9917', year: 2023, reason: 'Ändrat' } },
  {
    path: '/allotments',
    event: 'FundsAllotted',
    body: { decision: '9916-1', unit: '614', amount: '800000.00', date: '2023-04-26', mandate: MANDATE },
  },
  { path: '/units', event: 'UnitSet', body: { unit: '620', name: 'Tillfällig', kind: 'unit', parent: '614', validFrom: '2023-01-01' } },
  { path: '/units/620/end', event: 'UnitEnded', body: { lastDay: '2023-12-31' } },
  {
    path: '/settings/account-classes',
    event: 'AccountClassesSet',
    body: {
      validFrom: '2030-01-01',
      classes: [
        { from: '1000', to: '2999', kind: 'balance' },
        { from: '3000', to: '3999', kind: 'income' },
        { from: '4000', to: '8999', kind: 'cost' },
      ],
    },
  },
  { path: '/settings/grant-code-pattern', event: 'GrantCodePatternSet', body: { pattern: '^99\\d{2}$' } },
  { path: '/vouchers/receipts', event: 'ReceiptPosted', body: { ...COST, text: 'Utbetalning', lines: RECEIPT } },
  { path: '/vouchers/recognitions', event: 'IncomeRecognised', body: { eventDate: '2023-05-31', text: 'Maj', lines: RECOGNITION } },
  { path: '/vouchers/costs', event: 'CostPosted', body: COST },
  { path: '/vouchers/repayments', event: 'RepaymentPosted', body: { ...COST, text: 'Åter', lines: REPAYMENT } },
  {
    path: '/vouchers/own-2023-1/recoding',
    event: 'CostRecoded',
    body: { line: 1, to: [{ grant: '9917', amount: '400.00' }], eventDate: '2023-05-08', text: 'Beslut', mandate: MANDATE },
  },
  {
    path: '/vouchers/own-2023-4/correction',
    event: 'VoucherCorrected',
    body: { reason: 'Fel belopp', eventDate: '2023-06-02', replacement: { lines: COST.lines } },
  },
  {
    path: '/reallocations',
    event: 'FundsReallocated',
    body: {
      grant: '9916',
      from: '614',
      to: 'HSN',
      amount: '50.00',
      account: '3590',
      eventDate: '2023-05-09',
      text: 'Fördelning',
      mandate: MANDATE,
      bookedAs: 'changed-unit',
    },
  },
  { path: '/periods/2023-01/closure', event: 'PeriodClosed', body: {}, optional: true },
  { path: '/periods/2023-01/reopening', event: 'PeriodReopened', body: { approver: 'Ekonomidirektören', reason: 'Sen faktura' } },
  { path: '/profiles', event: 'ProfileSet', body: { profile: 'raindance', validFrom: '2023-01-01', settings: SETTINGS } },
  { path: '/profiles/raindance/end', event: 'ProfileEnded', body: {}, optional: true },
  {
    path: '/hints',
    event: 'HintRuleSet',
    body: {
      rule: 'kurser',
      grant: '9916',
      criterion: { accounts: [{ from: '5550', to: '5559' }], objects: [{ dimension: '1', object: '61400' }] },
    },
  },
  { path: '/hints/kurser/removal', event: 'HintRuleRemoved', body: {}, optional: true },
];

/** Tried where there is something to try them on: profiles, imports-by-profile and exports-and-start. */
const IMPORTING = [
  '/profiles/trials',
  '/imports/control-totals',
  '/imports/x/control-totals',
  '/findings/settlements',
  '/start',
  '/start/sie',
];

describe('each route that writes', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await Rig.region();
  });
  afterAll(() => rig.close());

  const refusedWithoutTrace = async (path: string, body: object, refusal: string) => {
    const before = rig.seq;
    const answer = await rig.post(path, body);
    expect([answer.status, answer.type, answer.json()['type']]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
      `urn:liggaren:refusal:${refusal}`,
    ]);
    expect(rig.seq).toBe(before);
  };

  describe.each(CASES)('POST $path', ({ path, body, event, optional }) => {
    const [first] = Object.keys(body);

    it('refuses an unknown field', () => refusedWithoutTrace(path, { ...body, surprise: 1 }, 'field-unknown'));
    if (!optional) {
      it('refuses a needed field that is missing', () => refusedWithoutTrace(path, { ...body, [first!]: undefined }, 'field-missing'));
      it('refuses a field of another type', () =>
        refusedWithoutTrace(
          path,
          { ...body, [first!]: typeof body[first!] === 'number' ? '1' : 1 },
          typeof body[first!] === 'number' ? 'field-not-number' : 'field-not-text',
        ));
    }
    it('refuses something that is no object', () => refusedWithoutTrace(path, [body], 'field-not-object'));
    it('leaves nothing after a dry run, and tells what would be stored', async () => {
      const before = rig.seq;
      const answer = await rig.post(`${path}?dryRun=true`, body);
      expect([answer.status, answer.json<{ dryRun: boolean; events: { type: string }[] }>().dryRun]).toEqual([200, true]);
      expect(answer.json<{ events: { type: string }[] }>().events.map(({ type }) => type)).toEqual([event]);
      expect(rig.seq).toBe(before);
    });
    it('stores one event, and once for one key', async () => {
      const key = `key-${path}`;
      const answer = await rig.post(path, body, { 'idempotency-key': key });
      expect([answer.status, answer.body]).toEqual([201, expect.stringContaining(event)]);
      const stored = rig.seq;
      const again = await rig.post(path, body, { 'idempotency-key': key });
      expect([again.status, again.json()['repeated'], again.json()['seq'], rig.seq]).toEqual([200, true, answer.json()['seq'], stored]);
    });
  });

  it('knows no route that is not tried here', async () => {
    const { paths } = (await rig.get('/api-json')).json<{ paths: { [path: string]: { post?: object } } }>();
    const pattern = (path: string) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
    const tried = [...CASES.map(({ path }) => path), '/ledger', '/imports', '/imports/x/abandonment', ...IMPORTING];
    const untried = Object.entries(paths).filter(([path, { post }]) => post && !tried.some((one) => pattern(path).test(one)));
    expect(untried.map(([path]) => path)).toEqual([]);
  });
});
