/**
 * What the accountant says of vouchers that the file asks about as known ones (moved, or changed without a number): that they are new.
 * It is kept with the import's opening. Called by file-import.ts and posting.ts.
 */
import { parseReference, referenceText, refuse, type ImportOpened } from '#ledger';
import type { Alike } from './comparison.js';

type Into = { readonly book: string; readonly year: number };

/** As it is stored: the new voucher, and the known one that it is like. */
export const asNewOf = (asNew: readonly Alike[], { book, year }: Into): NonNullable<ImportOpened['data']['asNew']> =>
  asNew.map(({ from, to: { series, number } }) => ({
    voucher: referenceText({ book, year, series, number, version: 1 }),
    from: referenceText({ ...from, version: 1 }),
  }));

/** Refuses `voucher-not-asked-about` where the file does not ask about what is said to be new, and `voucher-reference-malformed`. */
export function onlyAsked(said: readonly string[], asNew: readonly Alike[], into: Into): void {
  const asked = new Set(asNewOf(asNew, into).map(({ voucher }) => voucher));
  for (const voucher of said) if (!asked.has(referenceText(parseReference(voucher)))) refuse('voucher-not-asked-about', { voucher });
}
