/** What is asked about imports' findings, profiles and rules of hints, and what the answers look like. Read by the doors. */
import type { Finding, HintCriterion, ProfileSettings } from '#ledger';
import type { Link, Listed } from './answer-shapes.js';

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
  }[];
};
export type HintRuleEntry = { readonly rule: string; readonly grant: string; readonly criterion: HintCriterion };
