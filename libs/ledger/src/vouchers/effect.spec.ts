/** What a line does, from the act and its account: the whole table, settled once when the line is written. */
import { describe, expect, it } from '@jest/globals';
import type { AccountKind } from '../accounts.js';
import type { Act } from '../voucher.js';
import { effectOf, type EffectQuestion } from './effect.js';

const kinds: readonly AccountKind[] = ['balance', 'grant-liability', 'income', 'cost', 'reallocation'];
const effects = (act: Act, rest: Partial<EffectQuestion> = {}) =>
  kinds.map((kind) => effectOf(act, { kind, amountOre: -1, receivedTo: 'liability', hasIncome: false, ...rest }));

describe('the effect of a line', () => {
  // for each act: on a balance sheet account, a grant liability, income, a cost, a reallocation; null has no place there
  it.each<[Act, ...ReturnType<typeof effects>]>([
    ['receipt', 'none', 'received', null, null, null],
    ['recognition', 'none', 'none', 'recognised', null, null],
    ['cost', 'none', null, null, 'cost', null],
    ['repayment', 'none', 'none', 'recognised', null, null],
    ['reallocation', null, null, null, null, 'reallocated'],
    ['recoding', 'none', null, null, 'cost', null],
    ['import', 'none', 'received', 'recognised', 'cost', 'reallocated'],
  ])('of a credit in a %s', (act, ...expected) => expect(effects(act)).toEqual(expected));
  it.each<[Act, ...ReturnType<typeof effects>]>([
    ['receipt', 'none', 'repaid', null, null, null],
    ['repayment', 'none', 'repaid', 'recognised', null, null],
    ['import', 'none', 'repaid', 'recognised', 'cost', 'reallocated'],
  ])('of a debit in a %s', (act, ...expected) => expect(effects(act, { amountOre: 1 })).toEqual(expected));
  it('of money that goes straight to income is both', () => {
    expect(effects('receipt', { receivedTo: 'income' })[2]).toBe('both');
    expect(effects('import', { receivedTo: 'income' })[2]).toBe('both');
  });
  it('of an imported liability line beside income of its grant is none: the other half of a recognition', () =>
    expect(effects('import', { hasIncome: true })[1]).toBe('none'));
  it('of a credit on a claim, where money comes in and a decision is named, is received', () => {
    expect(effects('receipt', { moneyIn: true })[0]).toBe('received');
    expect(effects('receipt', { moneyIn: true, amountOre: 1 })[0]).toBe('none');
    expect(effects('receipt', { moneyIn: true, receivedTo: null })[0]).toBe('none');
    expect(effects('import', { moneyIn: true })[0]).toBe('none');
  });
});
