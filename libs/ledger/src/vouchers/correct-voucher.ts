/**
 * Corrects a voucher: a reversal that takes back every line, final, and where wanted a replacement, which is an ordinary
 * voucher and can be corrected in turn. The original is never changed; that it was corrected, when, by whom and why is
 * seen from it through a read model (LKBR 3:7, R3).
 */
import { date, periodOf, yearOf } from '../calendar.js';
import { Command } from '../decider.js';
import type { Found } from '../decider.js';
import type { VoucherCorrected } from '../events.js';
import { optionalText, textOf } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { refuse } from '../refusal.js';
import { ownReference, referenceText, type Reference } from '../reference.js';
import type { Voucher, VoucherTexts } from '../voucher.js';
import { concernsOf, draftLines, farFromDate, inheritedTexts, onRetired, openPeriod, warningsOf, type DraftLine } from './draft.js';

export class CorrectVoucher extends Command<{
  voucher: Reference;
  reason: string;
  eventDate: string;
  period?: string;
  /** What should have stood there; without it the voucher is only taken back. */
  replacement?: { eventDate?: string; text?: string; counterparty?: string; document?: string; lines: readonly DraftLine[] };
}> {
  override get needs() {
    return [this.input.voucher];
  }
}

/** Refuses `voucher-unknown`, `already-corrected`, `reversal-is-final`, `recoding-not-correctable`, `voucher-recoded`, `period-closed`, and what a replacement can be wrong in · warns also `grant-retired` of the grants whose lines it takes back. */
export function correctVoucher(
  input: CorrectVoucher['input'],
  ledger: Ledger,
  [found]: readonly (Found | undefined)[],
): [VoucherCorrected] {
  const original = correctable(input.voucher, ledger, found);
  const { voucher, act, texts } = original;
  const eventDate = date(input.eventDate);
  const period = openPeriod(input.period ?? periodOf(eventDate), ledger);
  const year = yearOf(period);
  const number = ledger.nextNumber(year);
  const { concerns, warnings } = concernsOf(yearOf(voucher.lines[0]!.period), period, ledger);
  const reason = textOf('reason', input.reason);
  warnings.push(...onRetired(voucher.lines, ledger), ...farFromDate(eventDate, period));

  const lines = voucher.lines.map(({ row: _row, ...line }) => ({ ...line, amountOre: 0 - line.amountOre, period }));
  const vouchers: Voucher[] = [{ ref: ownReference(year, number), eventDate, lines, reverses: voucher.ref, ...concerns }];
  const kept: VoucherTexts[] = [inheritedTexts(reason, texts)];

  if (input.replacement) {
    const day = date(input.replacement.eventDate ?? voucher.eventDate);
    const replacing = draftLines(act, input.replacement.lines, day, period, ledger);
    vouchers.push({ ref: ownReference(year, number + 1), eventDate: day, lines: replacing, replaces: voucher.ref, act, ...concerns });
    const { text, counterparty, document } = input.replacement;
    kept.push({
      text: optionalText('text', text) ?? texts?.text ?? reason,
      counterparty: optionalText('counterparty', counterparty) ?? texts?.counterparty,
      document: optionalText('document', document) ?? texts?.document,
    });
    warnings.push(...(warningsOf(replacing, day, ledger, { around: lines }) ?? []));
    if (input.replacement.eventDate !== undefined && day !== eventDate) warnings.push(...farFromDate(day, period)); // the date that it keeps may be of any year
  }
  return [
    {
      type: 'VoucherCorrected',
      v: 1,
      data: { corrects: voucher.ref, vouchers, warnings: warnings.length ? warnings : undefined },
      annex: { reason, vouchers: kept },
    },
  ];
}

function correctable(ref: Reference, ledger: Ledger, found: Found | undefined): Found {
  const voucher = referenceText(ref);
  if (!found) refuse('voucher-unknown', { voucher });
  const earlier = ledger.corrected.get(voucher);
  if (earlier) refuse('already-corrected', { voucher, seq: earlier.seq });
  if (found.voucher.reverses) refuse('reversal-is-final', { voucher });
  if (found.voucher.recodes) refuse('recoding-not-correctable', { voucher });
  if (ledger.isRecoded(ref)) refuse('voucher-recoded', { voucher });
  return found;
}
