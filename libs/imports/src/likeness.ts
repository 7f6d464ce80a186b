/**
 * Vouchers that the file does not number (4I) go under their day and what they say, so a changed one comes under another number. It is
 * recognised by its likeness to a known one of that day and series which is absent from the file. Used by comparison.ts and reading.ts.
 */
import type { Found, Reference } from '#ledger';
import type { Alike, Numbered } from './comparison.js';

/** What of a voucher tells that it may be another one, changed. */
export type Content = { readonly text: string; readonly lines: readonly { readonly account: string; readonly counted?: boolean }[] };
/** A voucher of the file: its text, and the accounts of its lines in order. */
export type Fresh = Numbered & { readonly text: string; readonly accounts: string };

const UNNUMBERED = /^(\d{8})\.([0-9a-f]{16}\.\d+)$/;

/** The day, `YYYYMMDD`, of a number that stands for one that the file lacks; null of any other number. */
export const dayOfUnnumbered = (number: string): string | null => UNNUMBERED.exec(number)?.[1] ?? null;
/** The same number without the day; null of any other number. */
export const undated = (number: string): string | null => UNNUMBERED.exec(number)?.[2] ?? null;

export const contentOf = ({ text, lines }: Content): Pick<Fresh, 'text' | 'accounts'> => ({
  text,
  accounts: [...new Set(lines.flatMap(({ account, counted = true }) => (counted ? [account] : [])))].sort().join(' '),
});

/**
 * Pairs new vouchers without a number with known ones of the same day and series that the file lacks: first those with the same text and
 * accounts (`closely`), then those with the same accounts, or text. Each is taken once, in the file's order.
 * @param find fetches a known voucher; called for each that is absent on a day of a new one
 */
export async function likenessOf(
  fresh: readonly Fresh[],
  absent: readonly Reference[],
  find: (ref: Reference) => Promise<Found | undefined>,
): Promise<Alike[]> {
  const known = new Map<string, (Fresh & { readonly ref: Reference })[]>();
  for (const ref of absent) {
    const found = await find(ref);
    if (!found) continue;
    const one = { ...ref, ref, ...contentOf({ text: found.texts?.text ?? '', lines: found.voucher.lines }) };
    const day = dayOf(ref);
    if (known.has(day)) known.get(day)!.push(one);
    else known.set(day, [one]);
  }
  const pairs: Alike[] = [];
  let left = fresh;
  for (const closeness of CLOSENESS)
    left = left.filter((voucher) => {
      const those = known.get(dayOf(voucher)) ?? [];
      const at = those.findIndex((other) => closeness(voucher, other));
      if (at < 0) return true;
      const [{ ref }] = those.splice(at, 1) as [(typeof those)[number]];
      pairs.push({
        from: ref,
        to: { series: voucher.series, number: voucher.number },
        changed: closeness === closely ? 'closely' : 'loosely',
      });
      return false;
    });
  return pairs;
}

const dayOf = ({ series, number }: Numbered): string => `${series}\u001f${dayOfUnnumbered(number)}`;
const closely = (a: Fresh, b: Fresh): boolean => a.text === b.text && a.accounts === b.accounts;
const CLOSENESS = [
  closely,
  (a: Fresh, b: Fresh): boolean => a.accounts === b.accounts,
  (a: Fresh, b: Fresh): boolean => a.text !== '' && a.text === b.text,
];
