/** What is asked about imports' findings, profiles and rules of hints, and what the answers look like. Read by the doors. */
import type { Finding, HintCriterion, ProfileSettings } from '#ledger';
import type { LedgerLine, Link, Listed } from './answer-shapes.js';

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
  readonly settled: Pick<Link, 'seq' | 'recordedAt' | 'actor' | 'actorName' | 'reason'> | null;
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
