/** Imports, and what is asked about their findings, profiles and rules of hints, and what the answers look like. Read by the doors. */
import type { Finding, HintCriterion, ImportOpened, LeftOut, ProfileSettings, RowCounts } from '#ledger';
import type { LedgerLine, Link, Listed } from './answer-shapes.js';

export type ImportEntry = {
  readonly import: string;
  /** `consented`: no import but a start workbook, in what it was consented to differ (`because` says why). */
  readonly status: 'open' | 'closed' | 'abandoned' | 'refused' | 'consented';
  readonly file: string | null;
  /** What it was recognised as, and the profile with its newest version then (`erp~3`, `voucher-csv`); null for a refused file. */
  readonly kind: ImportOpened['data']['kind'] | null;
  readonly format: ImportOpened['data']['format'] | null;
  readonly profile: string | null;
  readonly sha256: string;
  /** The hash of what was kept, where that is only the chosen rows. */
  readonly keptSha256: string | null;
  readonly bytes: number;
  readonly book: string;
  /** Null of a refused file where neither the user nor the file said it. */
  readonly year: number | null;
  readonly counts: RowCounts | null;
  readonly leftOut: LeftOut | null;
  readonly vouchers: number;
  readonly corrections: number;
  readonly asNew: NonNullable<ImportOpened['data']['asNew']>;
  /** Of a selection: whether it agrees with the ERP's control totals; null for whole vouchers. */
  readonly tied: boolean | null;
  readonly openedSeq: number;
  readonly closedSeq: number | null;
  readonly recordedAt: string;
  readonly actor: string;
  readonly actorName: string | null;
  /** How many findings were recorded; a refused file may have had more than it lists. */
  readonly findings: number;
  readonly because: string | null;
};

/** What is asked of findings: of one import, of one kind, whether also those that are settled, and after which one (its id) the page begins. */
export type FindingsAsked = {
  readonly import?: string;
  readonly kind?: string;
  readonly all?: boolean;
  readonly limit?: number;
  readonly after?: string;
};
/** `count` of all that the question covers, not only of this page. */
export type Findings = Listed<FindingEntry> & { readonly count: number; readonly next: string | null };
/** A finding; `id` (`seq.place`) names it where it is settled. */
export type FindingEntry = Finding & {
  readonly id: string;
  readonly import: string;
  readonly file: string | null;
  readonly seq: number;
  /** `import`: the one that the very file of a refusal came in by later, which settles it without a reason; null where somebody did, and why. */
  readonly settled: (Pick<Link, 'seq' | 'recordedAt' | 'actor' | 'actorName' | 'reason'> & { readonly import: string | null }) | null;
};
export type ProfileEntry = {
  readonly profile: string;
  readonly ended: boolean;
  readonly versions: readonly {
    readonly version: number;
    readonly validFrom: string;
    readonly settings: ProfileSettings;
    readonly seq: number;
    readonly recordedAt: string;
    readonly actor: string;
    readonly actorName: string | null;
  }[];
};
export type HintRuleEntry = { readonly rule: string; readonly grant: string; readonly criterion: HintCriterion };

/** An account, grant and period of a selection; öre debit +, as the ERP's lists have them. */
export type Tie = {
  readonly account: string;
  readonly grant: string | null;
  readonly period: string;
  /** What came of the import, and what the ERP says; null where it says nothing of this. */
  readonly ledgerOre: bigint;
  readonly controlOre: bigint | null;
  /** The ledger's less the ERP's. */
  readonly differenceOre: bigint;
  /** The first lines behind the ledger's sum, where there is a difference, and how many there are. */
  readonly lines: readonly LedgerLine[];
  readonly linesInAll: number;
};
/** A selection against its control totals; not tied while they differ anywhere, or are not known. */
export type Ties = {
  readonly seq: number;
  readonly demo: boolean;
  readonly import: string;
  readonly file: string | null;
  readonly book: string;
  readonly year: number;
  readonly status: 'open' | 'closed';
  /** Who recorded the control totals that hold, and when. */
  readonly totals: Pick<Link, 'seq' | 'recordedAt' | 'actor' | 'actorName'> | null;
  readonly tied: boolean;
  readonly ties: readonly Tie[];
};
