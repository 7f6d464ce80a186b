/** What the rules ask of posted lines, as sums by key: which keys a line counts under; and the day it uses its unit on. Used by the fold. */
import { yearOf } from './calendar.js';
import type { Sums } from './journal.js';
import type { Line } from './voucher.js';

/** A key, and whether the line's öre count there as they are or turned. */
export type SumOfLine = { readonly key: string; readonly sign: 1 | -1 };

/**
 * In öre, debit +: `net|grant|year`; `balance|grant|account` on balance sheet accounts; `received|decision`, `recognised|decision`,
 * `repaid|decision`; `room|grant|unit|year`, what a unit has been allotted and reallocated, less what it passed on.
 */
export function sumsOfLine({ account, grant, decision, effect, unit, period }: Omit<Line, 'amountOre'>): SumOfLine[] {
  if (grant === undefined) return [];
  const sums: SumOfLine[] = [{ key: isOnBalance(effect) ? `balance|${grant}|${account}` : `net|${grant}|${yearOf(period)}`, sign: 1 }];
  if (effect === 'reallocated') sums.push({ key: `room|${grant}|${unit}|${yearOf(period)}`, sign: -1 });
  if (decision === undefined) return sums;
  if (effect === 'received' || effect === 'both') sums.push({ key: `received|${decision}`, sign: 1 });
  if (effect === 'recognised' || effect === 'both') sums.push({ key: `recognised|${decision}`, sign: 1 });
  if (effect === 'repaid') sums.push({ key: `repaid|${decision}`, sign: 1 });
  return sums;
}

/** Whether lines with the effect stand on the balance sheet: only of those does a sum name the account. */
export const isOnBalance = (effect: Line['effect']): boolean => effect === 'received' || effect === 'repaid' || effect === 'none';

/** Adds a line to the sums. */
export function countLine(sums: Sums, line: Line): void {
  for (const { key, sign } of sumsOfLine(line)) sums.add(key, sign * line.amountOre);
}

/** The day (`YYYY-MM-DD`) that a line uses its unit on: its date or, where that is later, the first day of its period. Closing periods are December's. */
export const dayOfUse = ({ period }: Pick<Line, 'period'>, eventDate: string): string =>
  period.slice(0, 7) > eventDate.slice(0, 7) && period.slice(5) <= '12' ? `${period}-01` : eventDate;

/** Notes a use of a unit among others, where it is later than is known. */
export function noteUse(used: Map<string, string>, unit: string, day: string): void {
  if ((used.get(unit) ?? '') < day) used.set(unit, day);
}
