/**
 * What people do while an import is open that it was not read, or consented to, on: its close is then refused as overtaken. Called by the
 * fold of ledger.ts only.
 */
import type { Ledger } from '../ledger.js';
import { referenceText, type Reference } from '../reference.js';
import { numberKey, type OpenImport } from '../state.js';
import { placeOf } from './import-fold.js';

/** Marks the open imports that what happened concerns, so that their close refuses. @param by what the refusal names */
export function overtake(ledger: Ledger, concerns: (open: OpenImport) => boolean, by: string): void {
  for (const [place, open] of [...ledger.openImports.entries()])
    if (concerns(open)) ledger.openImports.set(place, { ...open, overtakenBy: by });
}

/** A voucher was corrected or recoded by hand: an open import that has corrected it refuses to close, and one that has corrections to come will not take it back unasked. */
export function overtakeVoucher(ledger: Ledger, voucher: Reference): void {
  const key = numberKey(voucher);
  overtake(ledger, ({ corrected }) => corrected.has(key), referenceText(voucher));
  for (const [place, open] of [...ledger.openImports.entries()])
    if (placeOf(open) === placeOf(voucher) && open.corrected.size < open.corrections && !open.touched.includes(key))
      ledger.openImports.set(place, { ...open, touched: [...open.touched, key] });
}
