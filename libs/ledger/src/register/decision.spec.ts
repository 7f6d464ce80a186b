/** Decisions of the agencies, what is exempt from neutrality, and what was reported back (R12, R16, R18). */
import { describe, expect, it } from '@jest/globals';
import type { Terms } from '../events.js';
import { ClosePeriod } from '../period.js';
import { closeYear, receipt, region, terms } from '../region-given.js';
import { ChangeDecision, ExemptFromNeutrality, receivedTo, RegisterDecision, ReportUse, WithdrawExemption } from './decision.js';

const register = (rest: Partial<Terms> = {}, decision = '9957-23', grant = '9957') =>
  new RegisterDecision({ decision, grant, terms: { ...terms, ...rest } });
const change = (validFrom: string, rest: Partial<Terms> = {}, reason = 'Myndigheten ändrade villkoren') =>
  new ChangeDecision({ decision: '9916-23', validFrom, terms: { ...terms, ...rest }, reason });

describe('registering a decision', () => {
  it('keeps its terms', () =>
    region.when(register({ conditions: ' Återbetalas ', reportBy: '2024-03-31' })).then({
      type: 'DecisionRegistered',
      data: { decision: '9957-23', grant: '9957', terms: { ...terms, conditions: 'Återbetalas', reportBy: '2024-03-31' } },
    }));
  it('keeps no field that is none of its terms', () =>
    expect(region.when(register({ hidden: true } as Partial<Terms>)).events[0]).not.toHaveProperty('data.terms.hidden'));
  it('under a grant that is registered', () => region.when(register({}, 'x', '9999')).thenRefused('grant-unknown'));
  it('never under a display group', () => region.when(register({}, 'x', '99**')).thenRefused('grant-is-display-group'));
  it('of a closed year is worth a warning: what had no decision may meet it', () => {
    const closed = region.and(...closeYear(2023));
    closed.when(register()).thenWarns('warning-decision-closed-year');
    closed.when(register({ grantYear: 2024 })).thenWarns();
  });
  it('once', () => region.when(register({}, '9916-23', '9916')).thenRefused('decision-exists', { decision: '9916-23' }));
  it.each(['', 'a b', 'a|b', 'a#b', 'a~b', 'x'.repeat(21)])('%j is no code for one', (decision) =>
    region.when(register({}, decision)).thenRefused('code-malformed', { what: 'decision' }),
  );
  it('a restriction ends after it begins', () =>
    region.when(register({ restrictionFrom: '2024-01-01', restrictionTo: '2023-12-31' })).thenRefused('terms-contradict'));
  it('a single day is a restriction too', () =>
    region.when(register({ restrictionFrom: '2023-12-31', restrictionTo: '2023-12-31' })).then({ type: 'DecisionRegistered' }));
  it.each(['restrictionFrom', 'decidedOn', 'requisitionBy', 'reportBy', 'repayBy'])('%s is a day that exists', (field) =>
    region.when(register({ [field]: '2023-02-30' })).thenRefused('date-malformed'),
  );
  it('awards nothing below zero', () => region.when(register({ awardedOre: -1 })).thenRefused('amount-not-positive', { amountOre: -1 }));
  it('awards whole öre', () => region.when(register({ awardedOre: 0.5 })).thenRefused('amount-too-large'));
  it('is of a known kind, and says where its money goes', () => {
    region.when(register({ kind: 'general' as Terms['kind'] })).thenRefused('choice-unknown', { field: 'kind', value: 'general' });
    region.when(register({ receivedTo: undefined as unknown as 'income' })).thenRefused('choice-unknown', { field: 'receivedTo' });
  });
  it('is of a year in four digits', () => region.when(register({ grantYear: 23 })).thenRefused('year-malformed', { year: '23' }));
  it('comes from an agency, with a diarienummer', () => {
    region.when(register({ agency: '' })).thenRefused('text-missing', { field: 'agency' });
    region.when(register({ diarienummer: ' ' })).thenRefused('text-missing', { field: 'diarienummer' });
  });
});

describe('changing a decision', () => {
  it('holds from a day on, with a reason; before it the earlier terms hold', () => {
    const changed = region.and(change('2023-07-01', { awardedOre: 5 }));
    changed
      .and(change('2023-09-01'))
      .when(change('2023-11-07', { awardedOre: 7 }))
      .then({ type: 'DecisionChanged', annex: { reason: 'Myndigheten ändrade villkoren' } });
    expect([
      changed.ledger().termsOn('9916-23', '2023-06-30').awardedOre,
      changed.ledger().termsOn('9916-23', '2023-07-01').awardedOre,
    ]).toEqual([1_000_000, 5]);
  });
  it('said twice, it is as if said once', () =>
    expect(
      region
        .and(change('2023-07-01', { awardedOre: 5 }), change('2023-07-01', { awardedOre: 5 }))
        .ledger()
        .decisions.get('9916-23'),
    ).toEqual(
      region
        .and(change('2023-07-01', { awardedOre: 5 }))
        .ledger()
        .decisions.get('9916-23'),
    ));
  it('can reach back: conditions are reread after the fact', () =>
    expect(
      region
        .and(change('2023-07-01', { awardedOre: 5 }), change('2022-12-31', { awardedOre: 3 }))
        .ledger()
        .termsOn('9916-23', '2023-01-01').awardedOre,
    ).toBe(3));
  it('never into a closed period: its costs have met the decisions as they were', () => {
    const closed = region.and(new ClosePeriod({ period: '2023-02' }));
    const facts = { what: 'decision', code: '9916-23', validFrom: '2023-02-28', period: '2023-02', lastDay: '2023-02-28' };
    closed.when(change('2023-02-28')).thenRefused('change-in-closed-period', facts);
    closed.when(change('2022-12-31')).thenRefused('change-in-closed-period', { period: '2023-02' });
    closed.when(change('2023-03-01')).then({ type: 'DecisionChanged' });
  });
  it('only a decision that is registered', () =>
    region
      .when(new ChangeDecision({ decision: 'x', validFrom: '2023-07-01', terms, reason: 'x' }))
      .thenRefused('decision-unknown', { decision: 'x' }));
  it('never without a reason', () => region.when(change('2023-07-01', {}, '')).thenRefused('text-missing', { field: 'reason' }));
  it('its new terms hold together too', () =>
    region.when(change('2023-07-01', { restrictionFrom: '2024-01-01' })).thenRefused('terms-contradict'));
});

describe('where money goes when it comes', () => {
  const ledger = region.and(register({ receivedTo: 'income' }, '9917-24', '9917')).ledger();
  it('as the named decision says', () => expect(receivedTo('9917', '9917-24', '2023-05-03', ledger)).toBe('income'));
  it('as all decisions of the grant say, where none is named', () =>
    expect(receivedTo('9916', undefined, '2023-05-03', ledger)).toBe('liability'));
  it('is not said where they differ, or where there is none', () =>
    expect([receivedTo('9917', undefined, '2023-05-03', ledger), receivedTo('9957', undefined, '2023-05-03', ledger)]).toEqual([
      null,
      null,
    ]));
});

describe('exempting from neutrality', () => {
  const exempt = (rest: Partial<ExemptFromNeutrality['input']> = {}) =>
    new ExemptFromNeutrality({ grant: '9929', year: 2023, reference: 'RS/12/2024 § 7', reason: 'Prestationsbaserat', ...rest });
  const withdraw = (rest: Partial<WithdrawExemption['input']> = {}) =>
    new WithdrawExemption({ grant: '9929', year: 2023, reason: 'Fel år', ...rest });
  it('is an act of its own, with reference and reason; the kind alone never exempts', () => {
    expect(region.ledger().exemptions.size).toBe(0);
    region.when(exempt()).then({
      type: 'NeutralityExempted',
      data: { grant: '9929', year: 2023, reference: 'RS/12/2024 § 7' },
      annex: { reason: 'Prestationsbaserat' },
    });
  });
  it('once for a grant and year', () => region.and(exempt()).when(exempt()).thenRefused('exemption-exists', { grant: '9929', year: 2023 }));
  it('another year, or one of its decisions, is another exemption', () => {
    region
      .and(exempt())
      .when(exempt({ year: 2024 }))
      .then({ type: 'NeutralityExempted' });
    region
      .and(exempt())
      .when(exempt({ decision: '9929-23' }))
      .then({ type: 'NeutralityExempted', data: { decision: '9929-23' } });
  });
  it('a decision of another grant is none of it', () =>
    region
      .when(exempt({ decision: '9916-23' }))
      .thenRefused('decision-of-other-grant', { decision: '9916-23', grant: '9916', given: '9929' }));
  it('needs a grant, a year, a reference and a reason', () => {
    region.when(exempt({ grant: '9999' })).thenRefused('grant-unknown');
    region.when(exempt({ year: 2023.5 })).thenRefused('year-malformed');
    region.when(exempt({ reference: '' })).thenRefused('text-missing', { field: 'reference' });
    region.when(exempt({ reason: '' })).thenRefused('text-missing', { field: 'reason' });
  });
  it('of a year that is closed is worth a warning, and so is its withdrawal', () => {
    const closed = region.and(...closeYear(2023));
    const outcome = closed.when(exempt());
    outcome.thenWarns('warning-exemption-closed-year');
    expect(outcome.warnings[0]?.facts).toEqual({ grant: '9929', year: 2023 });
    closed
      .and(exempt({ decision: '9929-23' }))
      .when(withdraw({ decision: '9929-23' }))
      .thenWarns('warning-exemption-closed-year');
    closed.when(exempt({ year: 2024 })).thenWarns();
    region.when(exempt()).thenWarns();
    region.and(exempt()).when(withdraw()).thenWarns();
  });
  it('can be withdrawn, and given again', () => {
    const withdrawn = region.and(exempt(), withdraw());
    withdrawn.when(withdraw()).thenRefused('exemption-unknown', { grant: '9929', year: 2023 });
    withdrawn.when(exempt()).then({ type: 'NeutralityExempted' });
  });
});

describe('reporting use', () => {
  const report = (amountOre: number, rest: Partial<ReportUse['input']> = {}) =>
    new ReportUse({ decision: '9916-23', amountOre, date: '2024-03-31', ...rest });
  it('adds to what was reported before; an amount below zero takes back', () =>
    expect(region.and(report(500), report(-200)).ledger().sums.of('reported|9916-23')).toBe(300n));
  it('never nothing', () => region.when(report(0)).thenRefused('amount-not-positive'));
  it('of a registered decision, on a day that exists', () => {
    region.when(report(1, { decision: 'x' })).thenRefused('decision-unknown');
    region.when(report(1, { date: '2024-03-32' })).thenRefused('date-malformed');
  });
  it('is no money: what was received does not move', () =>
    expect(region.and(receipt(500), report(500)).ledger().sums.of('received|9916-23')).toBe(-500n));
});
