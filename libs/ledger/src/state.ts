/** The shapes of what the rules' state holds, how it is saved, and the keys its tables go by. Used by ledger.ts and the rules. */
import type { Chart } from './accounts.js';
import type { Terms, UnitKind } from './events.js';
import type { KnownYear } from './fiscal-year.js';
import type { ProfileVersions } from './imports/profile.js';
import type { Sums, Table } from './journal.js';
import type { Numbers, SavedBook } from './numbers.js';
import { referenceText, type Reference } from './reference.js';

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
/** A profile as it stands: its versions by first day, the number of the newest, and whether it takes more files. */
export type Profile = { readonly versions: ProfileVersions; readonly newest: number; readonly ended: boolean };
/** What files have said of an ERP's number after its first version: where versions 2, 3 … lie, and which stands (0: none, it was taken back or moved). */
export type LaterVersions = { readonly seqs: readonly number[]; readonly standing: number; readonly fingerprint: string };
/** The version of an ERP's voucher that the files have said last. */
export type StandingVersion = { readonly version: number; readonly seq: number; readonly fingerprint: string };
/** A correction that a file brought, until its import closes. `unfinished`: it goes on in a further part. */
export type ImportedCorrection = {
  readonly seq: number;
  readonly corrects: Reference;
  readonly parts: number;
  readonly unfinished: boolean;
  readonly vouchers: readonly {
    readonly ref: Reference;
    readonly seq: number;
    readonly fingerprint?: string | undefined;
    readonly final: boolean;
  }[];
};
/** What recodings have moved of a voucher: öre by {@link coding}, then period. */
export type Recoded = { readonly [coding: string]: { readonly [period: string]: number } };
/** Who took a voucher's place, and where. */
export type Corrected = { readonly seq: number; readonly by: readonly string[] };
/** The findings of one event, and the places (from 1) of those that are settled. */
export type Findings = { readonly count: number; readonly settled: readonly number[] };
/** An import between its opening and its close: nothing of it counts, or is taken, before the close. */
export type OpenImport = {
  readonly import: string;
  readonly sha256: string;
  readonly profile: string;
  readonly book: string;
  readonly year: number;
  readonly kind: 'whole-vouchers' | 'selection';
  /** What its book holds under the name of its year from its close on. */
  readonly knownYear: KnownYear;
  readonly openedSeq: number;
  readonly vouchers: number;
  /** How many corrections were announced. */
  readonly corrections: number;
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
  /** What came, by {@link numberKey} of the voucher that each corrects. */
  readonly corrected: Table<ImportedCorrection>;
  /** How many findings came with which event. */
  readonly findings: readonly (readonly [seq: number, count: number])[];
  /** By {@link numberKey}, what people corrected or recoded while corrections were still to come: none of that was in what was consented to. */
  readonly touched: readonly string[];
  /** What was ended, corrected or recoded while it was open, so that the close must refuse it: a grant's or a unit's code, or a voucher. */
  readonly overtakenBy?: string;
};

/** By unit, the last day (`YYYY-MM-DD`) that a line on it is dated or, where that is later, the first day of the period it is booked in. */
export type UnitsUsed = ReadonlyMap<string, string>;

type SavedImport = Omit<OpenImport, 'numbers' | 'sums' | 'corrected'> & {
  numbers: SavedBook;
  sums: [string, bigint][];
  corrected: [string, ImportedCorrection][];
};
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

/** The key of a number's versions: the reference of its first. */
export const numberKey = (ref: Reference): string => referenceText({ ...ref, version: 1 });

/** The key of an exemption: `grant|decision|year`. */
export const exemptionKey = (of: { readonly grant: string; readonly decision?: string; readonly year: number }): string =>
  `${of.grant}|${of.decision ?? ''}|${of.year}`;
