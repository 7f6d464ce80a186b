/**
 * What a line does, from the act and its account: settled once, when it is written. Money received goes to a grant liability
 * or straight to income as the decision says; recognising is an act of its own; a cost is what lies on a cost account, of either sign.
 */
import type { AccountKind } from '../accounts.js';
import type { Act, Effect } from '../voucher.js';

/** How a decision takes its money; null where no decision says. */
export type ReceivedTo = 'liability' | 'income' | null;
export type EffectQuestion = {
  readonly kind: AccountKind;
  readonly amountOre: number;
  readonly receivedTo: ReceivedTo;
  readonly hasIncome: boolean;
  readonly moneyIn?: boolean;
};

/**
 * The effect of a line under an act, or null where such an account has no place in it.
 * @param question `hasIncome`: whether the voucher has an income line on the same grant (a liability line is then its other half) · `moneyIn`: whether it debits a balance sheet account (receipts)
 */
export function effectOf(act: Act, question: EffectQuestion): Effect | null {
  const { kind, amountOre, receivedTo, hasIncome } = question;
  if (kind === 'balance') return act === 'reallocation' ? null : act === 'receipt' && settlesClaim(question) ? 'received' : 'none';
  switch (act) {
    case 'receipt': // a debit on the liability inside a receipt is a set-off: the agency kept back what was to be repaid
      if (kind === 'grant-liability') return amountOre > 0 ? 'repaid' : 'received';
      return kind === 'income' && receivedTo === 'income' ? 'both' : null;
    case 'recognition':
      return kind === 'income' ? 'recognised' : kind === 'grant-liability' ? 'none' : null;
    case 'repayment': // of money taken straight to income: first off the income, over the liability, then out
      if (kind === 'grant-liability') return amountOre > 0 ? 'repaid' : 'none';
      return kind === 'income' ? 'recognised' : null;
    case 'cost':
    case 'recoding':
      return kind === 'cost' ? 'cost' : null;
    case 'reallocation':
      return kind === 'reallocation' ? 'reallocated' : null;
    case 'import':
      if (kind === 'income') return receivedTo === 'income' ? 'both' : 'recognised';
      if (kind === 'cost') return 'cost';
      if (kind === 'reallocation') return 'reallocated';
      return hasIncome ? 'none' : amountOre > 0 ? 'repaid' : 'received';
  }
}

/** In a receipt, a credit on a balance sheet account that names the decision takes down a claim: income recognised before the money came. */
const settlesClaim = ({ amountOre, receivedTo, moneyIn }: EffectQuestion): boolean =>
  amountOre < 0 && receivedTo !== null && moneyIn === true;
