/** The shapes of what the rules' state holds, how it is saved, and the keys its tables go by. Used by ledger.ts and the rules. */
import type { Chart } from './accounts.js';
import type { Terms, UnitKind } from './events.js';
import type { Sums } from './journal.js';
import type { Numbers, SavedBook } from './numbers.js';

export type Unit = {
  readonly versions: readonly {
    readonly validFrom: string;
    readonly name: string;
    readonly kind: UnitKind;
    readonly parent: string | null;
  }[];
  readonly lastDay: string | null;
};
export type Grant = {
  readonly validFrom: string;
  readonly names: readonly { readonly validFrom: string; readonly name: string }[];
  readonly lastDay: string | null;
};
export type Decision = { readonly grant: string; readonly versions: readonly { readonly validFrom: string; readonly terms: Terms }[] };
/** An import between its opening and its close: nothing of it counts, or is taken, before the close. */
export type OpenImport = {
  readonly import: string;
  readonly sha256: string;
  readonly profile: string;
  readonly book: string;
  readonly year: number;
  readonly openedSeq: number;
  readonly vouchers: number;
  readonly periods: readonly string[];
  readonly grants: readonly string[];
  readonly decisions: readonly string[];
  readonly units: readonly string[];
  readonly parts: number;
  readonly arrived: number;
  /** Whether the last voucher that came goes on in the next part. */
  readonly unfinished: boolean;
  readonly numbers: Numbers;
  readonly sums: Sums;
  /** As {@link Ledger.unitsUsed}, of its lines. */
  readonly unitsUsed: UnitsUsed;
  /** What was ended while it was open, so that the close must refuse it: a grant's or a unit's code. */
  readonly overtakenBy?: string;
};

/** By unit, the last day (`YYYY-MM-DD`) that a line on it is dated or, where that is later, the first day of the period it is booked in. */
export type UnitsUsed = ReadonlyMap<string, string>;

type SavedImport = Omit<OpenImport, 'numbers' | 'sums'> & { numbers: SavedBook; sums: [string, bigint][] };
/** The state as plain values that a structured clone takes. */
export type SavedLedger = {
  readonly facts: LedgerFacts;
  readonly tables: { readonly [name: string]: readonly (readonly [string, unknown])[] };
  readonly books: ReadonlyMap<string, SavedBook>;
  readonly imports: readonly SavedImport[];
  readonly keys: { words: Uint32Array; count: number };
  readonly chart: Chart['settings'];
};

export type LedgerFacts = {
  readonly ledgerId: string;
  readonly organisationNumber: string;
  readonly name: string;
  readonly timeZone: string;
  readonly demo: boolean;
  readonly region: string;
  readonly grantCodePattern: string;
  /** The seq of the last event folded; −1 before the first. */
  readonly seq: number;
  readonly recordedAt: string;
  /** The seq of the last event after which a file might be read otherwise: the chart, an end, a decision's terms, vouchers of an import. */
  readonly codingSeq: number;
};

/** The place on a line where money stands: `line#grant#decision`. */
export const coding = (line: number, grant = '', decision = ''): string => `${line}#${grant}#${decision}`;

/** The key of a file that entered: the same file read by the same profile into the same book is the same import. */
export const fileKey = ({ sha256, profile, book, year }: Pick<OpenImport, 'sha256' | 'profile' | 'book' | 'year'>): string =>
  `${sha256}|${profile}|${book}|${year}`;
/** What a key of {@link fileKey} says. */
export function fileOfKey(key: string): Pick<OpenImport, 'sha256' | 'profile' | 'book' | 'year'> {
  const [sha256, profile, book, year] = key.split('|') as [string, string, string, string];
  return { sha256, profile, book, year: Number(year) };
}

/** The key of an exemption: `grant|decision|year`. */
export const exemptionKey = (of: { readonly grant: string; readonly decision?: string; readonly year: number }): string =>
  `${of.grant}|${of.decision ?? ''}|${of.year}`;
