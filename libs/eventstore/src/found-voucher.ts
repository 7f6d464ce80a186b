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
  const textsAt = ({ event }: Recorded, at: number) => (event.annex as { vouchers?: readonly VoucherTexts[] } | undefined)?.vouchers?.[at];
  const texts = textsAt(first, index);
  const lines = [...voucher.lines];
  const said = [...(texts?.lines ?? [])];
  for (let at = seq + 1; voucher.more; at += 1) {
    const next = await recordAt(at);
    if (!next) return undefined;
    const place = vouchersOf(next.event).findIndex((other) => other.firstLine !== undefined && referenceText(other.ref) === name);
    if (place < 0) continue;
    voucher = vouchersOf(next.event)[place]!;
    for (const line of voucher.lines) lines.push(line);
    for (const text of textsAt(next, place)?.lines ?? []) said.push(text);
  }
  const { more: _more, ...whole } = vouchersOf(first.event)[index]!;
  return {
    seq,
    voucher: { ...whole, lines },
    act: voucher.act ?? ACTS[first.event.type] ?? 'import',
    ...(texts && { texts: { ...texts, ...(texts.lines && { lines: said }) } }),
  };
}

/** The record with all that is otherwise parsed each time that it is asked for: worth its memory where one event is looked into again and again. */
export const whole = ({ head, event }: Recorded): Recorded => ({ head, event: { ...event, data: { ...event.data } } as Recorded['event'] });
