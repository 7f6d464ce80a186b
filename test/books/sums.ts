/**
 * What a generated book comes to: plain sums over its lines, made here and by nothing that they are held against. Öre as in the
 * books, debit +, credit −.
 */
import { counted, type BookVoucher } from './book.js';

/** Öre by `grant|unit|account|period`; grant and unit as the profile of the book reads them. */
export type Sums = ReadonlyMap<string, number>;

/** @throws where a sum leaves the numbers that are exact */
export function sumsOf(vouchers: Iterable<BookVoucher>): Sums {
  const sums = new Map<string, number>();
  for (const voucher of vouchers)
    for (const { grant, unit, account, ore } of counted(voucher)) {
      const key = `${grant}|${unit}|${account}|${voucher.period}`;
      const sum = (sums.get(key) ?? 0) + ore;
      if (!Number.isSafeInteger(sum)) throw new Error(`the sum of ${key} is too large`);
      sums.set(key, sum);
    }
  return sums;
}

/** Income + and costs −, with the sign of the tables, by `grant|unit|period`; lines without a grant have the grant ''. */
export function netsOf(sums: Sums): Map<string, number> {
  const nets = new Map<string, number>();
  for (const [key, ore] of sums) {
    const [grant, unit, account, period] = key.split('|') as [string, string, string, string];
    if (account < '3') continue;
    const of = `${grant}|${unit}|${period}`;
    nets.set(of, (nets.get(of) ?? 0) - ore);
  }
  return nets;
}
