/** The tree of units, effective-dated, and what is allotted to them (R43, R44). */
import { describe, expect, it } from '@jest/globals';
import { ClosePeriod, ReopenPeriod } from '../period.js';
import { cost, mandate, region } from '../region-given.js';
import { AllotFunds, EndUnit, SetUnit } from './unit.js';

const set = (unit: string, parent: string, validFrom = '2024-01-01', rest: Partial<SetUnit['input']> = {}) =>
  new SetUnit({ unit, name: `Enhet ${unit}`, kind: 'unit', parent, validFrom, ...rest });
const end = (unit: string, lastDay = '2023-12-31') => new EndUnit({ unit, lastDay });

describe('setting a unit', () => {
  it('adds it under another, from a day on', () =>
    region.when(set('616', 'RS')).then({ type: 'UnitSet', data: { unit: '616', kind: 'unit', parent: 'RS', validFrom: '2024-01-01' } }));
  it('gives it a new name and place from a day on; what it was before stays', () =>
    expect(region.and(set('605', 'HSN')).ledger().units.get('605')?.versions).toMatchObject([
      { validFrom: '2020-01-01', parent: 'RS' },
      { validFrom: '2024-01-01', parent: 'HSN' },
    ]));
  it('takes no posting before its first day', () =>
    region
      .and(set('616', 'RS'))
      .when(cost(1, { unit: '616' }))
      .thenRefused('unit-not-valid', { unit: '616' }));
  it('the region is the root, and stays it', () => region.when(set('REG', 'RS')).thenRefused('unit-is-region', { unit: 'REG' }));
  it('what it lies under is known', () => region.when(set('616', 'XX')).thenRefused('unit-unknown', { unit: 'XX' }));
  it('what it lies under holds on that day', () => {
    region.when(set('616', 'RS', '2019-01-01')).thenRefused('unit-not-valid', { unit: 'RS', day: '2019-01-01' });
    region.and(end('HSN')).when(set('616', 'HSN')).thenRefused('unit-not-valid', { unit: 'HSN' });
  });
  it('a unit that has ended is not set again', () =>
    region.and(end('605')).when(set('605', 'RS')).thenRefused('unit-not-valid', { unit: '605' }));
  it('never below itself', () => {
    region.when(set('RS', 'RS')).thenRefused('unit-below-itself');
    region.when(set('RS', '614')).thenRefused('unit-below-itself', { unit: 'RS', parent: '614' });
  });
  it('never below itself on a later day', () =>
    region
      .and(set('605', '614', '2025-01-01'))
      .when(set('614', '605', '2024-01-01'))
      .thenRefused('unit-below-itself'));
  it('may change places with another in turn, where no day sees both', () =>
    region
      .and(set('605', '614', '2025-01-01'), set('605', 'RS', '2026-01-01'))
      .when(set('614', '605', '2026-01-01'))
      .then({ type: 'UnitSet' }));
  it.each(['', 'a b', 'a|b', 'a#b', 'x'.repeat(21)])('%j is no code for one', (unit) =>
    region.when(set(unit, 'RS')).thenRefused('code-malformed', { what: 'unit' }),
  );
  it('is a board, an administration or a unit; there is one region', () =>
    region.when(set('616', 'RS', '2024-01-01', { kind: 'region' })).thenRefused('choice-unknown', { field: 'kind' }));
  it('never so that the table of a closed period moves: from the day after, or once it is reopened', () => {
    const closed = region.and(new ClosePeriod({ period: '2023-02' }), new ClosePeriod({ period: '2023-01' }));
    const facts = { what: 'unit', code: '605', validFrom: '2023-02-28', period: '2023-02', lastDay: '2023-02-28' };
    closed.when(set('605', 'HSN', '2023-02-28')).thenRefused('change-in-closed-period', facts);
    closed.when(set('605', 'RS', '2020-01-01', { name: 'IT' })).thenRefused('change-in-closed-period', { period: '2023-02' });
    closed.when(set('605', 'HSN', '2023-03-01')).then({ type: 'UnitSet' });
    closed
      .and(new ReopenPeriod({ period: '2023-02', approver: 'Ekonomidirektören', reason: 'Fel träd' }))
      .when(set('605', 'HSN', '2023-02-28'))
      .then({ type: 'UnitSet' });
  });
  it('a closing period ends with its year', () =>
    region
      .and(new ClosePeriod({ period: '2023-13' }))
      .when(set('605', 'HSN', '2023-12-31'))
      .thenRefused('change-in-closed-period', { period: '2023-13', lastDay: '2023-12-31' }));
  it('a new one may hold from a day in a closed period: nothing lies on it', () =>
    region
      .and(new ClosePeriod({ period: '2023-02' }))
      .when(set('616', 'RS', '2023-01-01'))
      .then({ type: 'UnitSet' }));
  it('from a day that exists', () => region.when(set('616', 'RS', '2024-13-01')).thenRefused('date-malformed'));
});

describe('ending a unit', () => {
  it('sets its last day, which is still a day', () => {
    const ended = region.and(end('605'));
    ended.when(cost(1, { unit: '605' }, { eventDate: '2023-12-31' })).then({ type: 'CostPosted' });
    ended.when(cost(1, { unit: '605' }, { eventDate: '2024-01-01' })).thenRefused('unit-not-valid', { unit: '605', day: '2024-01-01' });
  });
  it('once: another last day would open it again', () => {
    const ended = region.and(end('605'));
    for (const day of ['2023-12-31', '2023-06-30', '2024-12-31'])
      ended.when(end('605', day)).thenRefused('unit-ended', { unit: '605', lastDay: '2023-12-31' });
  });
  it('never before its first day', () => {
    const later = region.and(set('616', 'RS', '2024-01-01'));
    later
      .when(end('616', '2023-12-31'))
      .thenRefused('unit-ends-before-start', { unit: '616', validFrom: '2024-01-01', lastDay: '2023-12-31' });
    later.when(end('616', '2024-01-01')).then({ type: 'UnitEnded' });
  });
  it('on a day that exists', () => region.when(end('605', '2023-02-29')).thenRefused('date-malformed'));
  it('also on a day in a closed period: what lies on it stays there', () =>
    region
      .and(cost(100, { unit: '605' }), new ClosePeriod({ period: '2023-05' }))
      .when(end('605', '2023-04-30'))
      .then({ type: 'UnitEnded' }));
  it('warns where lines lie after it already, by date or by period, and they stay', () => {
    const used = region.and(
      cost(100, { unit: '605' }, { eventDate: '2023-05-03' }),
      cost(100, { unit: '605' }, { eventDate: '2023-03-03' }),
    );
    used.when(end('605', '2023-05-02')).thenWarns('warning-unit-used-after-end');
    used
      .when(end('605', '2023-05-02'))
      .then({ type: 'UnitEnded', data: { warnings: [{ facts: { unit: '605', lastDay: '2023-05-02', usedTo: '2023-05-03' } }] } });
    used.when(end('605', '2023-05-03')).thenWarns();
    used.when(end('614', '2023-04-30')).thenWarns('warning-unit-used-after-end'); // the other half of the vouchers
    const late = region.and(cost(100, { unit: '605' }, { eventDate: '2023-05-03', period: '2023-07' }));
    late.when(end('605', '2023-06-30')).thenWarns('warning-unit-used-after-end');
    late.when(end('605', '2023-07-01')).thenWarns();
  });
  it('takes a closing period for December', () => {
    const closing = region.and(cost(100, { unit: '605' }, { eventDate: '2023-12-20', period: '2023-14' }));
    closing.when(end('605', '2023-12-31')).thenWarns();
    closing.when(end('605', '2023-12-19')).thenWarns('warning-unit-used-after-end');
  });
  it('never the region', () => region.when(end('REG')).thenRefused('unit-is-region'));
  it('only one that exists', () => region.when(end('XX')).thenRefused('unit-unknown'));
  it('not while units lie under it, or will', () => {
    region.when(end('RS')).thenRefused('unit-has-units', { unit: 'RS', below: '614' });
    region
      .and(set('605', 'HSN', '2025-01-01'))
      .when(end('HSN'))
      .thenRefused('unit-has-units', { unit: 'HSN', below: '605' });
    region.and(end('614', '2024-06-30'), end('605')).when(end('RS')).thenRefused('unit-has-units', { below: '614' });
  });
  it('when those under it have ended or moved away', () =>
    region
      .and(end('614'), set('605', 'HSN', '2023-06-01'))
      .when(end('RS'))
      .then({ type: 'UnitEnded', data: { unit: 'RS', lastDay: '2023-12-31' } }));
});

describe('allotting funds', () => {
  const allot = (amountOre: number, rest: Partial<AllotFunds['input']> = {}) =>
    new AllotFunds({ decision: '9916-23', unit: 'HSN', amountOre, date: '2023-04-26', ...rest });
  it('shares a decision out on paper, by a mandate; no money moves', () => {
    const outcome = region.when(allot(600_000, { mandate }));
    outcome.then({ type: 'FundsAllotted', data: { decision: '9916-23', unit: 'HSN', amountOre: 600_000, mandate } });
    outcome.thenWarns();
    expect([...outcome.after.ledger().sums.keys()].some((key) => /^(net|balance)/.test(key))).toBe(false);
  });
  it('adds to what was allotted before, and can be taken back', () =>
    expect(region.and(allot(600), allot(300), allot(-500)).ledger().sums.of('allotted|9916-23|HSN')).toBe(400n));
  it('never below zero for the unit', () =>
    region.and(allot(600)).when(allot(-601)).thenRefused('allotment-below-zero', { unit: 'HSN', leftOre: '-1' }));
  it('above the award is worth a warning', () => {
    region
      .and(allot(600_000))
      .when(allot(400_000, { unit: '614' }))
      .thenWarns();
    region
      .and(allot(600_000))
      .when(allot(400_001, { unit: '614' }))
      .thenWarns('warning-allotted-above-award');
  });
  it('never nothing, and whole öre only', () => {
    region.when(allot(0)).thenRefused('amount-not-positive');
    region.when(allot(1.5)).thenRefused('amount-too-large');
  });
  it('of a known decision, to a unit that holds that day', () => {
    region.when(allot(1, { decision: 'x' })).thenRefused('decision-unknown');
    region.when(allot(1, { unit: 'XX' })).thenRefused('unit-unknown');
    region.and(end('HSN', '2023-03-31')).when(allot(1)).thenRefused('unit-not-valid');
  });
  it('by a mandate that is whole', () =>
    region
      .when(allot(1, { mandate: { kind: 'board', diarienummer: '', paragraph: '44', date: '2023-04-26' } }))
      .thenRefused('mandate-incomplete', { field: 'diarienummer' }));
});
