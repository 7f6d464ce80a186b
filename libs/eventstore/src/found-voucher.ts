/** Finds a voucher inside the event that holds it, for a command that must see it; a voucher larger than one part goes on in the next. */
import { referenceText, vouchersOf, type Act, type EventType, type Found, type Recorded, type Reference, type VoucherTexts } from '#ledger';

const ACTS: { readonly [type in EventType]?: Act } = {
  ReceiptPosted: 'receipt',
  IncomeRecognised: 'recognition',
  CostPosted: 'cost',
  RepaymentPosted: 'repayment',
  CostRecoded: 'recoding',
  FundsReallocated: 'reallocation',
  VouchersImported: 'import',
};

/**
 * The voucher with all its lines, and its texts where they are kept; undefined where the event does not hold it.
 * @param recordAt the stored event at a seq, null past the end
 */
export async function findVoucher(
  ref: Reference,
  seq: number,
  recordAt: (seq: number) => Promise<Recorded | null>,
): Promise<Found | undefined> {
  const [name, first] = [referenceText(ref), await recordAt(seq)];
  const index = first ? vouchersOf(first.event).findIndex((voucher) => referenceText(voucher.ref) === name) : -1;
  if (!first || index < 0) return undefined;
  let voucher = vouchersOf(first.event)[index]!;
  const lines = [...voucher.lines];
  for (let at = seq + 1; voucher.more; at += 1) {
    const next = await recordAt(at);
    if (!next) return undefined;
    const rest = vouchersOf(next.event).find((other) => other.firstLine !== undefined && referenceText(other.ref) === name);
    if (!rest) continue;
    lines.push(...rest.lines);
    voucher = rest;
  }
  const texts = (first.event.annex as { vouchers?: readonly VoucherTexts[] } | undefined)?.vouchers?.[index];
  const { more: _more, ...whole } = vouchersOf(first.event)[index]!;
  return { seq, voucher: { ...whole, lines }, act: voucher.act ?? ACTS[first.event.type] ?? 'import', ...(texts && { texts }) };
}
