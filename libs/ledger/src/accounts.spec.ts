/** What an account is: intervals that never overlap, from a day on. */
import { describe, expect, it } from '@jest/globals';
import { accountClasses, Chart, FIRST_CLASSES, isAccount, wholeChart, type AccountClass } from './accounts.js';
import { refuses } from './given.js';

const balance: AccountClass = { from: '1000', to: '2999', kind: 'balance' };
const income: AccountClass = { from: '3000', to: '3999', kind: 'income' };
const cost: AccountClass = { from: '4000', to: '8999', kind: 'cost' };

describe('account classes', () => {
  it('are kept in order of account', () => expect(accountClasses([cost, income])).toMatchObject([income, cost]));
  it('a region’s first classes hold', () => expect(accountClasses(FIRST_CLASSES)).toHaveLength(FIRST_CLASSES.length));
  it.each([
    ['3999', '5000'],
    ['3500', '3500'],
    ['2000', '3000'],
    ['1000', '9999'],
  ])('%s-%s overlaps 3000-3999', (from, to) =>
    refuses(() => accountClasses([income, { from, to, kind: 'cost' }]), 'account-classes-overlap'),
  );
  it.each([
    ['backwards', { from: '4000', to: '3000', kind: 'cost' }],
    ['of accounts of different length', { from: '400', to: '4000', kind: 'cost' }],
    ['of what is no account', { from: '4abc', to: '4abd', kind: 'cost' }],
    ['of an unknown kind', { from: '4000', to: '4999', kind: 'profit' }],
  ])('an interval %s is none', (_, odd) => refuses(() => accountClasses([odd as AccountClass]), 'account-class-malformed'));
  it.each([
    ['calls every account a cost', [{ from: '1000', to: '9999', kind: 'cost' }], 'balance, income'],
    ['has no balance sheet', [income, cost], 'balance'],
    ['has no income', [balance, cost], 'income'],
    ['has no costs', [balance, income], 'cost'],
  ] as const)('a chart that %s is refused', (_, classes, kinds) =>
    refuses(() => wholeChart(classes), 'account-classes-incomplete', { kinds }),
  );
  it('a chart may be without grant liabilities and reallocations', () => expect(wholeChart([balance, income, cost])).toHaveLength(3));
  it('a chart of nothing is none', () => refuses(() => accountClasses([]), 'account-class-malformed'));
  it('an account is one to ten digits', () =>
    expect(['1', '3511', '1234567890', '', '12345678901', '35 11', '٣'].map(isAccount)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]));
});

describe('the chart', () => {
  const chart = new Chart([]).set('1900-01-01', [income]).set('2024-01-01', [{ ...cost, from: '3000' }]);
  it('holds from a day on', () => {
    expect(chart.of('3511', '2023-12-31').kind).toBe('income');
    expect(chart.of('3511', '2024-01-01').kind).toBe('cost');
  });
  it('set anew for the same day, holds as last said', () =>
    expect(chart.set('2024-01-01', [income]).of('3511', '2024-06-01').kind).toBe('income'));
  it('takes settings in any order', () =>
    expect(new Chart([]).set('2024-01-01', [cost]).set('1900-01-01', [income]).of('3511', '2023-06-01').kind).toBe('income'));
  it.each(['9999', '351', '35110', '', 'abcd'])('does not know %j', (account) =>
    refuses(() => chart.of(account, '2023-01-01'), 'account-unknown'),
  );
});
