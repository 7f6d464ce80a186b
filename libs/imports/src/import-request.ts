/** What is asked of an import and what it answers: the request, how far it has come, the result, and the refusal of a file. */
import type { Caller, Moved } from '#eventstore';
import { isRefusalName, Refusal, sentence } from '#ledger';
import type { ControlTotal, Finding, ImportOpened, LeftOut, ProfileSettings, RowCounts } from '#ledger';
import type { FileFormat } from './source.js';
import type { FirstVoucher } from './trial.js';

export interface ImportRequest {
  readonly caller: Caller;
  /** How the file is read; null for the simple voucher CSV. */
  readonly profile?: string | null;
  /** A profile that is only tried, instead of one by name: nothing is stored, whatever else is asked. */
  readonly tried?: ProfileSettings;
  /** The profile's where left out; the simple voucher CSV needs one. */
  readonly book?: string;
  /** The one that the file says, or that its first voucher lies in, where left out. */
  readonly year?: number;
  /** The name that the user knows the file by. */
  readonly name: string;
  /** What an earlier refusal asked for: lets the file correct exactly what it listed. */
  readonly consent?: string;
  /** References of vouchers of the file that are new, though the file asks whether they are known ones (moved, or changed without a number). */
  readonly asNew?: readonly string[];
  /** The ERP's own totals of a selection, to be recorded with it. */
  readonly control?: readonly ControlTotal[];
  readonly dryRun?: boolean;
  /** A dry run's answer lists all that asks for consent, and not only the first of it. */
  readonly allAsks?: boolean;
  /** The import's id; a random one where left out. A demo gives its own, so that it is the same everywhere. */
  readonly id?: string;
}

/** How far an import has come. `bytes` of the file while it is read, `vouchers` while they are posted. */
export type ImportProgress = { readonly stage: 'receiving' | 'reading' | 'posting'; readonly done: number; readonly of: number };

export interface ImportResult {
  readonly outcome: 'imported' | 'nothing-new' | 'already-imported' | 'dry-run';
  /** The import's id; of the earlier import where the file was imported already, null where nothing was opened. */
  readonly import: string | null;
  /** What the file was recognised as, by its bytes. */
  readonly format: FileFormat;
  readonly kind: 'whole-vouchers' | 'selection';
  /** The profile and its newest version, `erp~3`, `voucher-csv`, or `trial~1` for one that was only tried. */
  readonly profile: string;
  readonly book: string;
  readonly year: number;
  readonly sha256: string;
  readonly bytes: number;
  readonly counts: RowCounts | null;
  readonly vouchers: number;
  /** Vouchers that were there already and are corrected by it. */
  readonly corrections: number;
  readonly leftOut: LeftOut | null;
  /** What the accountant has said is new, beside the known ones that it is like. */
  readonly asNew: NonNullable<ImportOpened['data']['asNew']>;
  /** What is worth a look, of each kind the first FINDINGS_LISTED and one that says how many more, and how many there are in all. */
  readonly findings: readonly Finding[];
  readonly findingsInAll: number;
  /** What it changes of what is there already (the first FINDINGS_LISTED where not all was asked for), how much that is in all, and the consent that it needs; none and null where it changes nothing. */
  readonly asks: readonly Finding[];
  readonly asksInAll: number;
  readonly consent: string | null;
  readonly effects: readonly Moved[];
  /** Of a dry run: the first new vouchers as they would be coded. */
  readonly first: readonly FirstVoucher[];
  /** Of an import that had stopped and was resumed: its vouchers that were there already, corrected ones included; else null. */
  readonly resumed: number | null;
  /** The ledger's position when it answered. */
  readonly seq: number;
}

/** A file that was not imported, with what was wrong row by row, or what it asks consent to. */
export class FileRefused extends Refusal {
  constructor(
    readonly findings: readonly Finding[],
    readonly findingsInAll: number,
    /** Said with the same file, it lets it do what is listed; null where something is wrong with the file. */
    readonly consent: string | null = null,
  ) {
    super(...inOneSentence(findings, findingsInAll, consent));
  }
}

function inOneSentence(findings: readonly Finding[], findingsInAll: number, consent: string | null): ConstructorParameters<typeof Refusal> {
  if (consent !== null) return ['file-asks-consent', { asks: findingsInAll, consent }];
  const { row, finding, facts } = findings[0]!;
  return ['file-refused', { findingsInAll, row, first: isRefusalName(finding) ? sentence(finding, facts, 'sv') : finding }];
}
