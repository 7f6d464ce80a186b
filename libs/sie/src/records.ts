/**
 * What stands in a SIE file, as typed records: amounts in öre (debit +, credit −, as in SIE), dates `YYYY-MM-DD`, codes as the
 * texts they are. The reader gives these, the writer takes them; what they mean in a ledger is settled by the import.
 */
import type { EncodingFound } from './encoding-judge.js';

/** Type 4 is both: with balances it is an export (4E), without it is vouchers to import (4I). */
export type SieKind = '1' | '2' | '3' | '4E' | '4I';

/** An object of a dimension: `6 "9916"`. Codes keep their leading zeros. */
export type SieObject = { readonly dim: string; readonly object: string };

/** `posted` is #TRANS, `added` #RTRANS, `struck` #BTRANS. */
export type SieAct = 'posted' | 'added' | 'struck';

export type SieLine = {
  /** 1-based line of the file. */
  readonly line: number;
  readonly act: SieAct;
  /** Whether it is part of the voucher's sum. Of an added line and the #TRANS at once after it, the #TRANS counts. */
  readonly counted: boolean;
  readonly account: string;
  readonly objects: readonly SieObject[];
  readonly amountOre: number;
  /** Its own date, or the voucher's. */
  readonly date: string;
  readonly text: string;
  /** As written; empty where there is none. */
  readonly quantity: string;
  readonly sign: string;
};

export type SieVoucher = {
  readonly line: number;
  readonly series: string;
  /** The file's number; where it has none (4I), day, fingerprint and occurrence: `20230314.0f1e2d3c4b5a6978.1`. */
  readonly number: string;
  readonly numbered: boolean;
  readonly date: string;
  /** When the ERP says it was registered; empty where it does not. */
  readonly registered: string;
  readonly text: string;
  readonly sign: string;
  /** In the file's order, those that do not count included. */
  readonly lines: readonly SieLine[];
};

export type BalanceLabel = 'IB' | 'UB' | 'OIB' | 'OUB' | 'RES' | 'PSALDO' | 'PBUDGET';

export type SieBalance = {
  readonly line: number;
  readonly label: BalanceLabel;
  /** 0 is the file's year, −1 the one before. */
  readonly year: number;
  /** `YYYY-MM`; null but for #PSALDO and #PBUDGET, which are the change within the period. */
  readonly period: string | null;
  readonly account: string;
  /** Empty for the account's total. The code of a sub-dimension's object has its parent's code in front (8.12). */
  readonly objects: readonly SieObject[];
  readonly amountOre: number;
  readonly quantity: string;
};

export type SieYear = {
  readonly index: number;
  readonly from: string;
  readonly to: string;
  /** Not a calendar year, which a region's always is (LKBR 1:5). */
  readonly broken: boolean;
};

/** Who made the file, for whom, and about what. Empty where the file does not say. */
export type SieHead = {
  flag: string;
  program: string;
  programVersion: string;
  /** The tag (#FORMAT), which says nothing about the bytes. */
  format: string;
  generated: string;
  generatedBy: string;
  name: string;
  organisationNumber: string;
  /** Last day that balances include (#OMFATTN). */
  until: string;
  chart: string;
  currency: string;
  notes: string[];
  years: SieYear[];
};

export type SieAccount = {
  readonly number: string;
  readonly name: string;
  readonly type: string;
  readonly sru: string;
  readonly unit: string;
};
export type SieDimension = { readonly number: string; readonly name: string; readonly parent: string | null };
export type SieNamedObject = { readonly dim: string; readonly object: string; readonly name: string };

/** What a file came to. Each line that moves money is counted once: counted + added + struck. */
export type SieSummary = {
  readonly kind: SieKind;
  readonly encoding: EncodingFound;
  readonly head: SieHead;
  readonly accounts: ReadonlyMap<string, SieAccount>;
  readonly dimensions: ReadonlyMap<string, SieDimension>;
  readonly objects: readonly SieNamedObject[];
  readonly lines: number;
  readonly vouchers: number;
  readonly rows: { readonly counted: number; readonly added: number; readonly struck: number };
  readonly balances: number;
  /** Labels that the standard tells a reader to ignore when it does not know them, and how often each stood there. */
  readonly ignored: ReadonlyMap<string, number>;
  readonly checksum: 'none' | 'verified' | 'wrong' | 'open';
  readonly errors: number;
  readonly warnings: number;
};

/** The dimensions with a meaning of their own (8.17); they need no declaration. */
export const STANDARD_DIMENSIONS: ReadonlyMap<string, SieDimension> = new Map(
  (
    [
      ['1', 'Kostnadsställe/resultatenhet'],
      ['2', 'Kostnadsbärare', '1'],
      ['6', 'Projekt'],
      ['7', 'Anställd'],
      ['8', 'Kund'],
      ['9', 'Leverantör'],
      ['10', 'Faktura'],
    ] as const
  ).map(([number, name, parent]) => [number, { number, name, parent: parent ?? null }]),
);

/** The objects that a line counts on in balances: its own, and for a sub-dimension the parents' codes in front (8.12). */
export function balanceObjects(objects: readonly SieObject[], dimensions: ReadonlyMap<string, SieDimension>): SieObject[] {
  const found = [...objects];
  for (const { dim, object } of objects) {
    let code = object;
    for (let parent = dimensions.get(dim)?.parent, depth = 0; parent && depth < 10; parent = dimensions.get(parent)?.parent, depth += 1) {
      const above = objects.find((other) => other.dim === parent);
      if (!above) break;
      code = above.object + code;
      found.push({ dim, object: code });
    }
  }
  return found;
}
