/**
 * The four acts that bring money in and out of a grant: a receipt (money received, never income by itself), a recognition
 * of income, a cost, a repayment. Same shape, different rules for which accounts have a place.
 */
import { Command } from '../decider.js';
import type { CostPosted, IncomeRecognised, ReceiptPosted, RepaymentPosted } from '../events.js';
import type { Ledger } from '../ledger.js';
import type { Act } from '../voucher.js';
import { draftVoucher, farFromDate, warningsOf, type Draft } from './draft.js';

/** Money received under one or more decisions, set-off included (R12, R19). */
export class PostReceipt extends Command<Draft> {}
export const postReceipt = (draft: Draft, ledger: Ledger): [ReceiptPosted] => [
  { type: 'ReceiptPosted', v: 1, ...posted('receipt', draft, ledger) },
];

/** Income recognised, from the liability or as an accrued claim. The other party is the agency and the document the decision, unless others are named. */
export class RecogniseIncome extends Command<Draft> {}
export function recogniseIncome(draft: Draft, ledger: Ledger): [IncomeRecognised] {
  const decision = draft.lines.find((line) => line.decision !== undefined && ledger.decisions.has(line.decision))?.decision;
  const terms = decision === undefined ? undefined : ledger.termsOn(decision, draft.eventDate);
  const complete = { ...draft, counterparty: draft.counterparty ?? terms?.agency, document: draft.document ?? terms?.diarienummer };
  return [{ type: 'IncomeRecognised', v: 1, ...posted('recognition', complete, ledger) }];
}

/** A cost, on a grant or (until it is known which) on none. */
export class PostCost extends Command<Draft> {}
export const postCost = (draft: Draft, ledger: Ledger): [CostPosted] => [{ type: 'CostPosted', v: 1, ...posted('cost', draft, ledger) }];

/** Money paid back to the agency. */
export class PostRepayment extends Command<Draft> {}
export const postRepayment = (draft: Draft, ledger: Ledger): [RepaymentPosted] => [
  { type: 'RepaymentPosted', v: 1, ...posted('repayment', draft, ledger) },
];

function posted(act: Act, draft: Draft, ledger: Ledger) {
  const { voucher, texts } = draftVoucher(act, draft, ledger);
  const { eventDate, lines } = voucher;
  const warnings = [...(warningsOf(lines, eventDate, ledger) ?? []), ...farFromDate(eventDate, lines[0]!.period)];
  return { data: { vouchers: [voucher], warnings: warnings.length ? warnings : undefined }, annex: { vouchers: [texts] } };
}
