/**
 * A voucher whose rows come in another order says the same: the ERP's list was only sorted otherwise. Its fingerprint, over the rows as
 * they stood, differs all the same, so the stored voucher says in which order they stood. Used by reading.ts before anybody is asked.
 */
import type { Found, Line } from '#ledger';
import { fingerprintOf } from './fingerprint.js';

/** How a file's vouchers were read, as far as their order of rows goes. */
export type RowsAsRead = {
  /** The simple CSV, whose rows say themselves what they are. */
  readonly simple: boolean;
  /** The voucher's date is that of its first row. */
  readonly datedByRow: boolean;
};

/**
 * Whether the rows come in another order than the stored voucher's, and laid in its order have its fingerprint.
 * @param content what the fingerprint of the file's voucher is over · @param stored with its texts; where those are erased only rows without text are known again
 */
export function isReordered(
  content: string,
  { voucher, texts }: Pick<Found, 'voucher' | 'texts'>,
  { simple, datedByRow }: RowsAsRead,
): boolean {
  const [head = '', ...rows] = content.split('\u001e');
  if (rows.length !== voucher.lines.length || fingerprintOf(content) === voucher.fingerprint) return false;
  const waiting = new Map<string, string[]>();
  for (const row of rows.sort().reverse()) {
    const key = (simple ? simpleKey : profiledKey)(row.split('\u001f'));
    const alike = waiting.get(key);
    if (alike) alike.push(row);
    else waiting.set(key, [row]);
  }
  const ordered: string[] = [];
  for (const [at, line] of voucher.lines.entries()) {
    const row = waiting.get(simple ? simpleStored(line) : profiledStored(line, texts?.lines?.[at] ?? ''))?.pop(); // of rows that differ in their day only the earliest
    if (row === undefined) return false;
    ordered.push(row);
  }
  const heads = datedByRow ? [head, head.replace(/^[^\u001f]*/, ordered[0]?.split('\u001f')[3] ?? '')] : [head];
  return heads.some((one) => fingerprintOf([one, ...ordered].join('\u001e')) === voucher.fingerprint);
}

/** Account, objects, öre and text: a row's day is not stored. */
const profiledKey = ([account, objects, amountOre, , ...text]: string[]): string => [account, objects, amountOre, ...text].join('\u001f');
const profiledStored = ({ account, objects = [], amountOre }: Line, text: string): string =>
  [account, objects.map((pair) => pair.join('\u001d')).sort().join('\u001c'), amountOre, text].join('\u001f'); // prettier-ignore

/** A decision brings its grant, whether the row names that or not. */
const simpleKey = ([account, amountOre, period, unit, grant, decision, counterpart]: string[]): string =>
  [account, amountOre, period, unit, decision === '' ? grant : '', decision, counterpart].join('\u001f');
const simpleStored = ({ account, amountOre, period, unit, grant = '', decision = '', counterpart = '' }: Line): string =>
  simpleKey([account, String(amountOre), period, unit, grant, decision, counterpart]);
