/** What is asked about imports' findings, profiles and rules of hints, and what the answers look like. Read by the doors. */
import type { Finding, HintCriterion, ProfileSettings } from '#ledger';
import type { Link } from './answer-shapes.js';

/** What is asked of findings: of one import, of one kind, and whether also those that are settled. */
export type FindingsAsked = { readonly import?: string; readonly kind?: string; readonly all?: boolean; readonly limit?: number };
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
