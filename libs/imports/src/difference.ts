/** What a changed voucher says otherwise than the one that stands, in a few words of figures and codes. For the list that asks for consent. */
import { swedishKronor, type Voucher } from '#ledger';

/** Sums that are told; more are counted. */
const TOLD = 4;

/** Dates and sums per coding that differ, `5550 614 9916: 200,00 → 250,00`; `text` where only words do. */
export function differenceOf(before: Voucher, after: Voucher): string {
  const said = before.eventDate === after.eventDate ? [] : [`${before.eventDate} → ${after.eventDate}`];
  const [was, is] = [sumsOf(before), sumsOf(after)];
  for (const key of new Set([...was.keys(), ...is.keys()]))
    if (was.get(key) !== is.get(key)) said.push(`${key}: ${swedishKronor(was.get(key) ?? 0n)} → ${swedishKronor(is.get(key) ?? 0n)}`);
  if (said.length === 0) return 'text';
  return said.length <= TOLD ? said.join('; ') : `${said.slice(0, TOLD).join('; ')}; … +${said.length - TOLD}`;
}

/** Öre per account, unit, grant and decision, and the period where it is not the date's month. */
function sumsOf({ lines, eventDate }: Voucher): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { account, unit, grant, decision, period, amountOre } of lines) {
    const key = [account, unit, grant, decision, period === eventDate.slice(0, 7) ? undefined : period]
      .filter((code) => code !== undefined)
      .join(' ');
    sums.set(key, (sums.get(key) ?? 0n) + BigInt(amountOre));
  }
  return sums;
}
