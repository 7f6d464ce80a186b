/**
 * Everything that can have happened in a ledger. Events are for ever: a field once written is read in twenty years, so a
 * change of meaning is a new version `v` with an upcaster. `data` goes into the head; `annex` holds what may have to be
 * erased one day (free texts, names) and is salted and hashed into the head by the recorder.
 */
import type { AccountClass } from './accounts.js';
import type { CodeRange, ProfileSettings } from './imports/profile.js';
import type { Reference } from './reference.js';
import type { Voucher, VoucherTexts } from './voucher.js';

type Event<T extends string, D, A = undefined, V = 1> = { readonly type: T; readonly v: V; readonly data: D; readonly annex?: A };

/** A board's, the assembly's or a delegate's authority for an act here; the agency's is a decision. */
export type Mandate =
  | { readonly kind: 'assembly' | 'board'; readonly diarienummer: string; readonly paragraph: string; readonly date: string }
  | { readonly kind: 'delegate'; readonly number: string; readonly delegate: string; readonly date: string };

/** A warning as found when the event was decided; it stays with the event. */
export type Warning = { readonly warning: string; readonly facts: { readonly [fact: string]: string | number } };
type Warned = { readonly warnings?: readonly Warning[] };
type Posted = Warned & { readonly vouchers: readonly Voucher[] };
type PostedTexts = { readonly vouchers: readonly VoucherTexts[] };

/** The terms of a decision (bidragsbeslut), R12. Dates `YYYY-MM-DD`, amounts öre. */
export type Terms = {
  readonly agency: string;
  readonly diarienummer: string;
  readonly legalBasis?: string;
  readonly kind: 'conditional' | 'performance' | 'unconditional' | 'mediated';
  readonly awardedOre: number;
  readonly conditions?: string;
  readonly restrictionFrom?: string;
  readonly restrictionTo?: string;
  readonly grantYear: number;
  readonly carryOver: boolean;
  /** Where its money goes when it comes: to a grant liability, or straight to income. */
  readonly receivedTo: 'liability' | 'income';
  readonly decidedOn?: string;
  readonly requisitionBy?: string;
  readonly reportBy?: string;
  readonly repayBy?: string;
};

export type UnitKind = 'region' | 'board' | 'administration' | 'unit';
/** A row that was wrong or worth a look, named by file row; `facts` fill the sentence of the catalogue. */
export type Finding = { readonly row: number; readonly finding: string; readonly facts: { readonly [fact: string]: string | number } };
/** How many rows of a file went where; they always add up to `rows` (R33). */
export type RowCounts = {
  readonly rows: number;
  readonly withCode: number;
  /** Income and cost rows that name no grant ("saknar bidragskod"). */
  readonly withoutCode: number;
  /** Balance sheet rows without a grant: the bank, the suppliers. */
  readonly noCodeNeeded: number;
  readonly alreadyThere: number;
  /** Struck lines and the doubles of added ones (#BTRANS, #RTRANS); 0 where left out. */
  readonly ignored?: number;
  /** What the profile's filter left out; 0 where left out. */
  readonly leftOut?: number;
};
/** What a filter left out of a file: how much, never what (R50). Sums in öre as text: they may outgrow a safe integer. */
export type LeftOut = { readonly vouchers: number; readonly rows: number; readonly debitOre: string; readonly creditOre: string };
/** What the ERP says that a grant's lines on an account come to in a period; öre, debit +. No grant: lines without a code. */
export type ControlTotal = { readonly account: string; readonly grant?: string; readonly period: string; readonly amountOre: number };
/** What speaks for a grant on a line without a code: everything that is named must hold. Texts are looked for in any case of letters. */
export type HintCriterion = {
  readonly accounts?: readonly CodeRange[];
  readonly units?: readonly string[];
  readonly text?: string;
  readonly counterparty?: string;
  readonly counterpart?: string;
  /** A code in the file's own coding. */
  readonly objects?: readonly (readonly [dimension: string, object: string])[];
};

export type LedgerOpened = Event<
  'LedgerOpened',
  {
    readonly organisationNumber: string;
    readonly name: string;
    readonly currency: string;
    readonly timeZone: string;
    readonly demo: boolean;
    readonly region: string;
    readonly grantCodePattern: string;
    readonly accountClasses: readonly AccountClass[];
  }
>;
export type PersonAdded = Event<'PersonAdded', { readonly person: string }, { readonly login: string; readonly name: string }>;
export type GrantCodePatternSet = Event<'GrantCodePatternSet', { readonly pattern: string }>;
export type AccountClassesSet = Event<'AccountClassesSet', { readonly validFrom: string; readonly classes: readonly AccountClass[] }>;

export type UnitSet = Event<
  'UnitSet',
  { readonly unit: string; readonly name: string; readonly kind: UnitKind; readonly parent: string | null; readonly validFrom: string }
>;
export type UnitEnded = Event<
  'UnitEnded',
  { readonly unit: string; readonly lastDay: string; readonly warnings?: readonly Warning[] | undefined }
>;
export type GrantRegistered = Event<
  'GrantRegistered',
  { readonly grant: string; readonly name: string; readonly validFrom: string; readonly predecessor?: string }
>;
export type GrantRenamed = Event<'GrantRenamed', { readonly grant: string; readonly name: string; readonly validFrom: string }>;
export type GrantRetired = Event<'GrantRetired', { readonly grant: string; readonly lastDay: string; readonly successor?: string }>;
export type DecisionRegistered = Event<
  'DecisionRegistered',
  { readonly decision: string; readonly grant: string; readonly terms: Terms; readonly warnings?: readonly Warning[] | undefined }
>;
export type DecisionChanged = Event<
  'DecisionChanged',
  { readonly decision: string; readonly validFrom: string; readonly terms: Terms },
  { readonly reason: string }
>;
/** The exemption of a grant or one of its decisions from neutrality in a year (R16). */
export type NeutralityExempted = Event<
  'NeutralityExempted',
  Warned & { readonly grant: string; readonly decision?: string; readonly year: number; readonly reference: string },
  { readonly reason: string }
>;
export type ExemptionWithdrawn = Event<
  'ExemptionWithdrawn',
  Warned & { readonly grant: string; readonly decision?: string; readonly year: number },
  { readonly reason: string }
>;
/** Money shared out to a unit on paper; a later allotment of the same decision and unit adds to it (R43). */
export type FundsAllotted = Event<
  'FundsAllotted',
  Warned & {
    readonly decision: string;
    readonly unit: string;
    readonly amountOre: number;
    readonly date: string;
    readonly mandate?: Mandate;
  }
>;
/** What was reported back to the agency as used, until that day. */
export type UseReported = Event<
  'UseReported',
  { readonly decision: string; readonly amountOre: number; readonly date: string; readonly diarienummer?: string }
>;

export type ReceiptPosted = Event<'ReceiptPosted', Posted, PostedTexts>;
export type IncomeRecognised = Event<'IncomeRecognised', Posted, PostedTexts>;
export type CostPosted = Event<'CostPosted', Posted, PostedTexts>;
export type RepaymentPosted = Event<'RepaymentPosted', Posted, PostedTexts>;
/** `import` where a changed file brought it: its vouchers are the next versions in the ERP's book, and count from the import's close. */
export type VoucherCorrected = Event<
  'VoucherCorrected',
  Posted & { readonly corrects: Reference; readonly import?: string },
  PostedTexts & { readonly reason: string }
>;
export type CostRecoded = Event<'CostRecoded', Posted & { readonly mandate?: Mandate }, PostedTexts>;
export type FundsReallocated = Event<
  'FundsReallocated',
  Posted & { readonly mandate: Mandate; readonly bookedAs: 'changed-unit' | 'internal' },
  PostedTexts
>;

export type PeriodClosed = Event<'PeriodClosed', { readonly period: string }>;
export type PeriodReopened = Event<'PeriodReopened', { readonly period: string }, { readonly approver: string; readonly reason: string }>;

export type ImportOpened = Event<
  'ImportOpened',
  {
    readonly import: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly kind: 'whole-vouchers' | 'selection';
    readonly format: 'csv' | 'sie' | 'xlsx';
    /** `voucher-csv` for the simple CSV; else the profile and its newest version then, `erp~3`. */
    readonly profile: string;
    readonly book: string;
    readonly year: number;
    /** The fiscal year of that name, where it is not the calendar year: first and last month. */
    readonly fiscalYear?: { readonly from: string; readonly through: string };
    readonly counts: RowCounts;
    readonly vouchers: number;
    /** How many vouchers that are there already the file corrects, with the accountant's consent; none where left out. */
    readonly corrections?: number;
    readonly leftOut?: LeftOut;
    /** The hash of what was kept where that is only the chosen rows; `sha256` is always that of the whole file. */
    readonly keptSha256?: string;
    /** Vouchers that the accountant has said are new, each though it is like a known one (`from`) that the file lacks. References. */
    readonly asNew?: readonly { readonly voucher: string; readonly from: string }[];
    /** What the file touches: the close asks again whether each may still be posted to. */
    readonly periods: readonly string[];
    readonly grants: readonly string[];
    readonly decisions: readonly string[];
    readonly units: readonly string[];
  },
  { readonly file: string }
>;
/** Stored packed since version 2 (imports/packed.ts), one by one before; read as the same vouchers. They are the last field of its data in canonical order: readRecord finds them by that. */
export type VouchersImported = Event<
  'VouchersImported',
  { readonly import: string; readonly part: number; readonly vouchers: readonly Voucher[] },
  PostedTexts,
  1 | 2
>;
export type FindingsRecorded = Event<'FindingsRecorded', { readonly import: string; readonly findings: readonly Finding[] }>;
export type ImportClosed = Event<'ImportClosed', { readonly import: string }>;
/** The ERP's own totals for a selection: it is tied while they agree with what counts of the import (R42). A later record replaces the earlier. */
export type ControlTotalsRecorded = Event<'ControlTotalsRecorded', { readonly import: string; readonly totals: readonly ControlTotal[] }>;
/** Findings that somebody has looked at and settled, each by `seq.place` of where it was recorded. */
export type FindingsSettled = Event<'FindingsSettled', { readonly findings: readonly string[] }, { readonly reason: string }>;
/** In what a start workbook may differ from the opening balances of a SIE file: each difference a finding (sheet and column among its facts), settled by this very event and its reason. */
export type StartConsented = Event<
  'StartConsented',
  { readonly sha256: string; readonly bytes: number; readonly year: number; readonly findings: readonly Finding[] },
  { readonly file: string; readonly reason: string }
>;
/** How files of one kind are read from a day on; versions of a profile are numbered from 1. */
export type ProfileSet = Event<
  'ProfileSet',
  { readonly profile: string; readonly version: number; readonly validFrom: string; readonly settings: ProfileSettings }
>;
/** The profile takes no more files. */
export type ProfileEnded = Event<'ProfileEnded', { readonly profile: string }>;
/** A rule that says which grant a line without a code may belong to; it only speaks, it never codes. The criterion may name persons, so it stands beside. */
export type HintRuleSet = Event<'HintRuleSet', { readonly rule: string; readonly grant: string }, { readonly criterion: HintCriterion }>;
export type HintRuleRemoved = Event<'HintRuleRemoved', { readonly rule: string }>;
export type ImportAbandoned = Event<'ImportAbandoned', { readonly import: string; readonly because: string }>;
export type ImportRefused = Event<
  'ImportRefused',
  {
    readonly sha256: string;
    readonly bytes: number;
    readonly book: string;
    /** None where neither the user nor the file says it. */
    readonly year?: number;
    readonly findings: readonly Finding[];
    readonly findingsInAll: number;
  },
  { readonly file: string }
>;

export type MoneyEvent =
  ReceiptPosted | IncomeRecognised | CostPosted | RepaymentPosted | VoucherCorrected | CostRecoded | FundsReallocated | VouchersImported;
export type LedgerEvent =
  | LedgerOpened
  | PersonAdded
  | GrantCodePatternSet
  | AccountClassesSet
  | UnitSet
  | UnitEnded
  | GrantRegistered
  | GrantRenamed
  | GrantRetired
  | DecisionRegistered
  | DecisionChanged
  | NeutralityExempted
  | ExemptionWithdrawn
  | FundsAllotted
  | UseReported
  | MoneyEvent
  | PeriodClosed
  | PeriodReopened
  | ImportOpened
  | FindingsRecorded
  | ImportClosed
  | ImportAbandoned
  | ImportRefused
  | ControlTotalsRecorded
  | FindingsSettled
  | StartConsented
  | ProfileSet
  | ProfileEnded
  | HintRuleSet
  | HintRuleRemoved;
export type EventType = LedgerEvent['type'];

/** The newest version of each type that this program writes and reads. */
export const EVENT_VERSIONS: { readonly [T in EventType]: number } = {
  LedgerOpened: 1,
  PersonAdded: 1,
  GrantCodePatternSet: 1,
  AccountClassesSet: 1,
  UnitSet: 1,
  UnitEnded: 1,
  GrantRegistered: 1,
  GrantRenamed: 1,
  GrantRetired: 1,
  DecisionRegistered: 1,
  DecisionChanged: 1,
  NeutralityExempted: 1,
  ExemptionWithdrawn: 1,
  FundsAllotted: 1,
  UseReported: 1,
  ReceiptPosted: 1,
  IncomeRecognised: 1,
  CostPosted: 1,
  RepaymentPosted: 1,
  VoucherCorrected: 1,
  CostRecoded: 1,
  FundsReallocated: 1,
  VouchersImported: 2,
  PeriodClosed: 1,
  PeriodReopened: 1,
  ImportOpened: 1,
  FindingsRecorded: 1,
  ImportClosed: 1,
  ImportAbandoned: 1,
  ImportRefused: 1,
  ControlTotalsRecorded: 1,
  FindingsSettled: 1,
  StartConsented: 1,
  ProfileSet: 1,
  ProfileEnded: 1,
  HintRuleSet: 1,
  HintRuleRemoved: 1,
};

/** The vouchers of an event; none where it moves no money. (`ImportOpened.vouchers` is a count.) */
export function vouchersOf({ data }: LedgerEvent): readonly Voucher[] {
  if (!('vouchers' in data)) return [];
  const { vouchers } = data; // once: those of a part are unpacked each time that they are asked for
  return typeof vouchers === 'object' ? vouchers : [];
}
