/** Reallocating funds between units: zero for the region, by a mandate (R21). */
import { describe, expect, it } from '@jest/globals';
import type { Mandate } from '../events.js';
import { closeYear, mandate, own, reallocation, region } from '../region-given.js';
import { EndUnit } from '../register/unit.js';
import { AllotFunds } from '../register/unit.js';
import { mandateText } from './reallocate-funds.js';

const allotted = region.and(new AllotFunds({ decision: '9916-23', unit: '614', amountOre: 1_000, date: '2023-04-26' }));
const delegate: Mandate = { kind: 'delegate', number: '12', delegate: 'ekonomidirektören', date: '2023-05-04' };

describe('a reallocation', () => {
  it('is two lines that sum to zero: the one unit gives income, the other gets it', () => {
    const outcome = allotted.when(reallocation(600));
    outcome.thenLines(
      { account: '3591', amountOre: 600, effect: 'reallocated', grant: '9916', unit: '614', period: '2023-05' },
      { account: '3591', amountOre: -600, effect: 'reallocated', grant: '9916', unit: 'HSN', period: '2023-05' },
    );
    outcome.thenWarns();
    outcome.then({
      type: 'FundsReallocated',
      data: { mandate, bookedAs: 'changed-unit', vouchers: [{ ref: own(1), eventDate: '2023-05-03' }] },
    });
    expect(outcome.after.ledger().sums.of('net|9916|2023')).toBe(0n);
  });
  it('keeps the number of a paragraph, whether or not a § stands before it', () =>
    region.when(reallocation(1, { mandate: { kind: 'board', diarienummer: 'RS/412/2023', paragraph: '§ 87', date: '2023-04-26' } })).then({
      type: 'FundsReallocated',
      data: { mandate: { kind: 'board', diarienummer: 'RS/412/2023', paragraph: '87', date: '2023-04-26' } },
    }));

  it('has the other unit for its other party, and the mandate for its document unless another is named', () => {
    allotted.when(reallocation(1)).then({
      type: 'FundsReallocated',
      annex: { vouchers: [{ text: 'Fördelning av nära vård', counterparty: 'HSN', document: 'RS/850/2023 § 44, 2023-04-26' }] },
    });
    allotted
      .when(reallocation(1, { document: 'bilaga 2' }))
      .then({ type: 'FundsReallocated', annex: { vouchers: [{ document: 'bilaga 2' }] } });
  });
  it('can be of one decision’s money, and carry the counterpart codes', () =>
    allotted
      .when(reallocation(1, { decision: '9916-23', bookedAs: 'internal', fromCounterpart: '130', toCounterpart: '110' }))
      .thenLines({ decision: '9916-23', counterpart: '130' }, { decision: '9916-23', counterpart: '110' }));
  it('at any level of the tree', () => region.when(reallocation(1, { from: 'RS', to: '605' })).then({ type: 'FundsReallocated' }));
  it('never to the same unit', () => region.when(reallocation(1, { to: '614' })).thenRefused('same-unit', { unit: '614' }));
  it.each([0, -1])('never of %p öre', (amount) =>
    region.when(reallocation(amount)).thenRefused('amount-not-positive', { amountOre: amount }),
  );
  it.each([0.5, NaN, 2 ** 53])('whole öre that can be kept, not %p', (amount) =>
    region.when(reallocation(amount)).thenRefused('amount-too-large'),
  );
  it.each(['3511', '1930', '7550'])('only on a reallocation account, not %s', (account) =>
    region.when(reallocation(1, { account })).thenRefused('account-not-for-reallocation', { account }),
  );
  it('between units that hold that day', () => {
    region.when(reallocation(1, { to: 'XX' })).thenRefused('unit-unknown', { unit: 'XX' });
    region
      .and(new EndUnit({ unit: 'HSN', lastDay: '2023-04-30' }))
      .when(reallocation(1))
      .thenRefused('unit-not-valid', { unit: 'HSN' });
  });
  it('of a grant that holds, and its own decision', () => {
    region.when(reallocation(1, { grant: '99**' })).thenRefused('grant-is-display-group');
    region.when(reallocation(1, { grant: '9999' })).thenRefused('grant-unknown');
    region.when(reallocation(1, { decision: '9917-23' })).thenRefused('decision-of-other-grant');
  });
  it('booked as the ERP books it', () =>
    region
      .when(reallocation(1, { bookedAs: 'netto' }))
      .thenRefused('choice-unknown', { field: 'bookedAs', choices: 'changed-unit, internal' }));
  it('in a period more than a year from its date is worth a warning', () =>
    region.when(reallocation(1, { period: '2025-05' })).thenWarns('warning-reallocated-above-allotment', 'warning-period-far-from-date'));
  it('with a text', () => region.when(reallocation(1, { text: '' })).thenRefused('text-missing'));
  it('in an open period', () =>
    region
      .and(...closeYear(2023))
      .when(reallocation(1))
      .thenRefused('period-closed'));
});

describe('the mandate of a reallocation', () => {
  const by = (given: object) => region.when(reallocation(1, { mandate: given as Mandate }));
  it('is the assembly’s, a board’s or a delegate’s, each with its own fields', () => {
    by({ ...mandate, kind: 'assembly' }).then({ type: 'FundsReallocated', data: { mandate: { kind: 'assembly', paragraph: '44' } } });
    by(delegate).then({
      type: 'FundsReallocated',
      data: { mandate: delegate },
      annex: { vouchers: [{ document: 'delegationsbeslut 12 (ekonomidirektören), 2023-05-04' }] },
    });
  });
  it.each(['diarienummer', 'paragraph', 'date'])('of a board has its %s', (field) =>
    by({ ...mandate, [field]: '' }).thenRefused('mandate-incomplete', { field }),
  );
  it.each(['number', 'delegate', 'date'])('of a delegate has its %s', (field) =>
    by({ ...delegate, [field]: undefined }).thenRefused('mandate-incomplete', { field }),
  );
  it('is of a day that exists', () => by({ ...mandate, date: '2023-04-31' }).thenRefused('date-malformed'));
  it('is of a known kind', () => by({ ...mandate, kind: 'agency' }).thenRefused('choice-unknown', { field: 'mandate.kind' }));
  it('keeps the fields of its kind, and no others', () =>
    expect(by({ ...delegate, paragraph: '44' }).events[0]).toHaveProperty('data.mandate', delegate));
  it('is written as people write it', () => expect(mandateText(mandate)).toBe('RS/850/2023 § 44, 2023-04-26'));
});

describe('what a unit can pass on', () => {
  it('is what it was allotted and given; more is worth a warning that says how much more', () => {
    allotted.and(reallocation(600)).when(reallocation(400)).thenWarns();
    const above = allotted.and(reallocation(600)).when(reallocation(401));
    above.thenWarns('warning-reallocated-above-allotment');
    expect(above.warnings[0]?.facts).toEqual({ grant: '9916', unit: '614', year: 2023, aboveOre: '1' });
  });
  it('can be passed on by the one who got it', () =>
    allotted
      .and(reallocation(600))
      .when(reallocation(600, { from: 'HSN', to: '605' }))
      .thenWarns());
  it('counts year by year', () =>
    allotted.when(reallocation(600, { eventDate: '2024-05-03' })).thenWarns('warning-reallocated-above-allotment'));
  it('a decision of the board may come before the money: it is a warning, never a no', () =>
    region.when(reallocation(600)).thenWarns('warning-reallocated-above-allotment'));
});
