/**
 * The one shape of everything that moves money. A voucher by hand and a thousand in an import look the same; the type of
 * the event says the act, and each line says what it does (`effect`), settled once when it is written.
 */
import type { Reference } from './reference.js';

/**
 * What a line does to its grant: money received, income recognised, both, a cost, a reallocation between units, a
 * repayment, or none (the bank, a supplier). Net = recognised + cost + reallocated; `both` counts as received and as recognised.
 */
export type Effect = 'received' | 'recognised' | 'both' | 'cost' | 'reallocated' | 'repaid' | 'none';

/** A line: öre debit +, credit −, with the coding it was resolved to when written. Fields that are absent are none or false. */
export type Line = {
  readonly account: string;
  readonly amountOre: number;
  readonly effect: Effect;
  /** On an account between the region's own units: eliminated in the region's total (R47). */
  readonly internal?: true;
  readonly grant?: string;
  readonly decision?: string;
  readonly unit: string;
  /** `YYYY-MM`, closing periods 13 to 16. */
  readonly period: string;
  /** The counterpart code (motpart). */
  readonly counterpart?: string;
  /** The row of the imported file, the header being row 1. */
  readonly row?: number;
  /** The coding as the file has it, before any mapping: dimension (or column) and object, in the file's order. */
  readonly objects?: readonly (readonly [dimension: string, object: string])[];
};

/** The acts that lines may be posted under; a replacement in a correction keeps the act of what it replaces. */
export type Act = 'receipt' | 'recognition' | 'cost' | 'repayment' | 'reallocation' | 'recoding' | 'import';

export type Voucher = {
  readonly ref: Reference;
  /** When it happened, `YYYY-MM-DD`. */
  readonly eventDate: string;
  readonly lines: readonly Line[];
  /** The ERP's registration date as its file claims it, `YYYY-MM-DD`. */
  readonly registered?: string;
  /** 16 hex digits over the source voucher as decoded, before mapping (imports). */
  readonly fingerprint?: string;
  /** The line whose coding it moves (a recoding). */
  readonly recodes?: { readonly voucher: Reference; readonly line: number };
  /** The voucher it takes back to the last öre (a correction's reversal; final). */
  readonly reverses?: Reference;
  /** Of such a reversal: the line of that voucher that each of its lines takes back, where they are not one for one (a recoded line stands in several places). */
  readonly takesBack?: readonly number[];
  /** The voucher it stands in for (a correction's replacement, an ordinary voucher). */
  readonly replaces?: Reference;
  /** The act of a replacement. */
  readonly act?: Act;
  /** The closed year that a correction booked in an open one is about. */
  readonly concernsYear?: number;
  /** Where a voucher is too large for one part of an import: the number of its first line here, and whether more follow in the next part. */
  readonly firstLine?: number;
  readonly more?: true;
};

/** What is kept beside a voucher, erasable one day: free text, the other party, the underlying document and where it is (R2). */
export type VoucherTexts = {
  readonly text: string;
  readonly counterparty?: string;
  readonly document?: string;
  /** The lines' own texts where the file has any, one for each line (empty where it has none). */
  readonly lines?: readonly string[];
};

/** Whether debit equals credit. */
export function balances(lines: readonly { readonly amountOre: number }[]): boolean {
  let sum = 0;
  for (const { amountOre } of lines) {
    sum += amountOre;
    if (!Number.isSafeInteger(sum)) return lines.reduce((exact, line) => exact + BigInt(line.amountOre), 0n) === 0n;
  }
  return sum === 0;
}
