/**
 * What the questions are and what the answers look like; read by every door and by the papers. Amounts are öre as bigint
 * with the SIGN TURNED: money coming in and income +, costs and money going out −. Every answer says at which `seq` of the
 * ledger it is true, for which scope, year and last period.
 */
import type { Act, Effect, Line, Terms, UnitKind, Warning } from '#ledger';
import type { Hint } from './hints.js';

/** A unit and everything below it, as the tree stood on the last day of the last period asked about. */
export type Scope = { readonly unit: string; readonly name: string; readonly kind: UnitKind };

/** What every answer about a time and a place says of itself. */
export type Standing = {
  /** The last event that the answer has taken in. */
  readonly seq: number;
  readonly scope: Scope;
  readonly year: number;
  /** First and last period counted, `YYYY-MM`; 13 to 16 are closing periods. */
  readonly fromPeriod: string;
  readonly through: string;
  /** Whether the ledger is a demo. Every page and paper says so. */
  readonly demo: boolean;
  /** Selections with lines in these periods that are not tied: their control totals differ there, or are not known (R42). */
  readonly notTied: readonly { readonly import: string; readonly book: string; readonly file: string | null }[];
};

/**
 * A question about a scope and a time. Left out: the whole region, the latest year with lines that has begun, the whole year (`YYYY-16`),
 * from `YYYY-01`. `through` and `fromPeriod` must lie in the year.
 */
export type Asked = { readonly scope?: string; readonly year?: number; readonly fromPeriod?: string; readonly through?: string };

/** The separate figures (R19), öre. `income` = recognised + reallocated ("Erhållna statsbidrag"); `net` = income + cost. */
export type Figures = {
  /** Money received from agencies, +. */
  readonly receivedOre: bigint;
  /** Income recognised, +. */
  readonly recognisedOre: bigint;
  /** What was reallocated to the scope +, or from it −. */
  readonly reallocatedOre: bigint;
  readonly incomeOre: bigint;
  /** Costs, − (a cost that was credited is +). */
  readonly costOre: bigint;
  /** Repaid to agencies, − (money going out). */
  readonly repaidOre: bigint;
  readonly netOre: bigint;
};

/** Exact to the öre: `neutral` net 0 with movement, `no-movement` nothing recognised, reallocated or spent. */
export type Verdict = 'neutral' | 'not-neutral' | 'exempt' | 'no-movement';

/** A decision's share of its grant's figures. `decision` null: what no decision covers. */
export type DecisionShare = Figures & {
  readonly decision: string | null;
  readonly grantYear: number | null;
  readonly agency: string | null;
  readonly diarienummer: string | null;
  readonly kind: Terms['kind'] | null;
  /** Money from an earlier grant year. */
  readonly carriedIn: boolean;
  /** By the terms in force on the last day of `through`; 0 before the agency decided. */
  readonly awardedOre: bigint | null;
  /** Reported to the agency as used until the last day of `through`, +. */
  readonly reportedOre: bigint | null;
  /** The reference of the exemption, where this decision alone is exempt. */
  readonly exempt: string | null;
};

export type GrantNet = Figures & {
  readonly grant: string;
  /** As of the last day of `through`. */
  readonly name: string;
  /** Awarded and reported by its decisions of the grant year, as of the last day of `through`; the region's, whatever the scope. */
  readonly awardedOre: bigint;
  readonly reportedOre: bigint;
  /** Allotted to units of the scope until the last day of `through`, from its decisions of the grant year. */
  readonly allottedOre: bigint;
  /** The reference of the exemption (R16), or null. */
  readonly exempt: string | null;
  readonly verdict: Verdict;
  /** Sums to the grant. Own decisions of lines, else attributed: see `attribution.ts`. */
  readonly decisions: readonly DecisionShare[];
};

export type Net = Standing & {
  /** By code: grants with any movement in the scope and time, and those with a decision or an exemption of the year (verdict `no-movement`). */
  readonly grants: readonly GrantNet[];
  readonly total: Figures;
  /** Without the grants that are exempt. */
  readonly totalWithoutExempt: Figures;
  /** Lines on income and cost accounts without a grant code; outside the grants and their totals. */
  readonly withoutGrantCode: Figures;
  /** Internal lines with a grant code: left out of the region's rows and totals, part of any other scope's ("varav interna"). */
  readonly internal: Figures;
  /** The internal part of the lines without a grant code, left out in the region, part of any other scope's. */
  readonly internalWithoutGrantCode: Figures;
  /** What the year's decisions have left to allot on the last day of `through`: beside the table, never inside a sum (R43). */
  readonly unallottedOre: bigint;
  /** What of the year's decisions is allotted beyond their awards, on that day; never set off against what others have left. */
  readonly overAllottedOre: bigint;
};

/** Own lines, and with everything below. */
export type UnitFigures = {
  readonly unit: string;
  readonly name: string;
  readonly kind: UnitKind;
  readonly parent: string | null;
  /** 0 for the scope itself. */
  readonly depth: number;
  readonly own: Figures;
  readonly withBelow: Figures;
};
/** In the tree's order, parents first. Lines with a grant code only. Eliminated internal lines as in {@link Net}. */
export type Units = Standing & { readonly grant: string | null; readonly units: readonly UnitFigures[] };

export type PeriodFigures = Figures & { readonly period: string; readonly cumulativeNetOre: bigint };
export type Periods = Standing & { readonly grant: string | null; readonly periods: readonly PeriodFigures[]; readonly total: Figures };

/** Why a grant is not neutral: what stands on it, the first that fits. */
export type NeutralityReason =
  | 'exempt'
  | 'in-balance'
  | 'income-left'
  | 'cost-above-income'
  | 'income-without-cost'
  | 'cost-without-income'
  | 'income-at-other-unit'
  | 'cost-at-other-unit'
  | 'no-movement';
export type NeutralityVerdict = {
  readonly grant: string;
  readonly name: string;
  /** Towards the state. */
  readonly region: { readonly netOre: bigint; readonly verdict: Verdict; readonly reason: NeutralityReason };
  /** Placement: in the scope asked about (the region's own where that is asked). */
  readonly scope: { readonly netOre: bigint; readonly verdict: Verdict; readonly reason: NeutralityReason };
  readonly exempt: string | null;
};
export type Neutrality = Standing & {
  readonly verdicts: readonly NeutralityVerdict[];
  readonly neutral: number;
  readonly notNeutral: number;
  readonly exempt: number;
};

/** A line in a list. `amountOre` as stored: debit +, credit −; `turnedOre` with the sign of the tables. */
export type LedgerLine = {
  readonly voucher: string;
  readonly line: number;
  readonly seq: number;
  readonly eventDate: string;
  readonly recordedAt: string;
  readonly act: Act;
  readonly text: string;
  readonly counterparty: string | null;
  readonly document: string | null;
  readonly account: string;
  readonly grant: string | null;
  readonly decision: string | null;
  readonly unit: string;
  readonly period: string;
  readonly effect: Effect;
  readonly internal: boolean;
  readonly counterpart: string | null;
  readonly amountOre: bigint;
  readonly turnedOre: bigint;
  /** The file's row, where the line came from a file. */
  readonly row: number | null;
  /** The file's own coding and the line's own text, where it came from a file that has them. */
  readonly objects?: Line['objects'];
  readonly lineText?: string;
  /** The cost has (partly) been recoded by these vouchers. */
  readonly recodedBy: readonly string[];
  readonly correctedBy: readonly string[];
};
/** `debit` + and `credit` −; their sum is the balance. */
export type Turnover = { readonly lines: number; readonly debitOre: bigint; readonly creditOre: bigint; readonly balanceOre: bigint };
export type LinesAsked = Asked & {
  /** A code, or `''` for lines without grant code. */
  readonly grant?: string;
  readonly account?: string;
  readonly decision?: string;
  readonly effect?: Effect;
  /** At most so many lines (1 to `ROWS_LISTED`; 1 000 where left out). */
  readonly limit?: number;
  /** Where the answer before ended: its `next`. */
  readonly after?: string;
};
/** The general ledger (huvudbok): by grant, account, unit, period, seq. `runningOre` goes on from the page before. */
export type LedgerLines = Standing & {
  readonly lines: readonly (LedgerLine & { readonly runningOre: bigint })[];
  /** Of all that the question covers, not only of this page. */
  readonly total: Turnover;
  readonly next: string | null;
};

/** A line that still holds money without a grant code; `leftOre` is what recodings and corrections have left of it, debit +. */
export type UncodedLine = LedgerLine & { readonly leftOre: bigint; readonly hints: readonly Hint[] };
/** Lines with a hint first, then by registration. `withHint` of `count` have one; `totalOre` is of all such lines, not only of this page, debit +. Internal lines are there too, and marked. */
export type WithoutGrantCode = Standing & {
  readonly lines: readonly UncodedLine[];
  readonly count: number;
  readonly withHint: number;
  readonly totalOre: bigint;
  readonly next: string | null;
};

export type JournalVoucher = {
  readonly voucher: string;
  readonly seq: number;
  readonly recordedAt: string;
  readonly actor: string;
  readonly actorName: string | null;
  readonly act: Act;
  readonly eventDate: string;
  readonly text: string;
  readonly lines: number;
  readonly debitOre: bigint;
  readonly creditOre: bigint;
};
/** The journal (grundbok): in the order of registration. */
export type JournalAnswer = {
  readonly seq: number;
  readonly demo: boolean;
  readonly vouchers: readonly JournalVoucher[];
  readonly total: Turnover;
  readonly next: { readonly seq: number; readonly index: number } | null;
};
/** R5: journal and general ledger hold the same lines, and the figures the same money. */
export type Completeness = {
  readonly seq: number;
  readonly demo: boolean;
  readonly journal: Turnover;
  readonly ledger: Turnover;
  readonly figuresOre: bigint;
  readonly equal: boolean;
};

/** A voucher that has to do with another, and when and by whom. */
export type Link = {
  readonly voucher: string;
  readonly seq: number;
  readonly recordedAt: string;
  readonly actor: string;
  readonly actorName: string | null;
  readonly reason: string | null;
};
export type VoucherAnswer = {
  readonly seq: number;
  readonly demo: boolean;
  readonly voucher: string;
  /** The event that holds it. */
  readonly recordedSeq: number;
  /** When it counts from: the import's close, else its own event. */
  readonly countsFromSeq: number;
  readonly recordedAt: string;
  readonly type: string;
  readonly act: Act;
  readonly actor: string;
  readonly actorName: string | null;
  readonly role: string;
  readonly source: string;
  readonly program: string;
  readonly eventDate: string;
  readonly registered: string | null;
  readonly text: string;
  readonly counterparty: string | null;
  readonly document: string | null;
  readonly concernsYear: number | null;
  readonly mandate: string | null;
  readonly warnings: readonly Warning[];
  readonly lines: readonly LedgerLine[];
  /** "Rättad av", "rättar"; "omkonterad till", "koderar om". */
  readonly correctedBy: readonly Link[];
  readonly corrects: string | null;
  readonly replaces: string | null;
  readonly reverses: string | null;
  readonly recodedBy: readonly (Link & { readonly line: number })[];
  readonly recodes: { readonly voucher: string; readonly line: number } | null;
  readonly import: { readonly import: string; readonly sha256: string; readonly file: string | null } | null;
};

/**
 * As things stand now, in contrast to {@link Net}: every allotment there is, whatever its date, against the awards by the terms in force
 * at the end of the year. Per decision what is left, or what is allotted beyond the award; the one never set off against the other.
 */
export type Unallotted = {
  readonly seq: number;
  readonly demo: boolean;
  readonly year: number;
  readonly decisions: readonly {
    readonly decision: string;
    readonly grant: string;
    readonly name: string;
    readonly awardedOre: bigint;
    readonly allottedOre: bigint;
    readonly unallottedOre: bigint;
    readonly overAllottedOre: bigint;
  }[];
  /** All that is unallotted. */
  readonly totalOre: bigint;
  readonly overAllottedOre: bigint;
};

export type GrantEntry = {
  readonly grant: string;
  readonly names: readonly { readonly validFrom: string; readonly name: string }[];
  readonly validFrom: string;
  readonly lastDay: string | null;
  readonly predecessor: string | null;
  readonly successor: string | null;
  readonly exemptions: readonly {
    readonly decision: string | null;
    readonly year: number;
    readonly reference: string;
    readonly reason: string | null;
  }[];
};
export type DecisionEntry = {
  readonly decision: string;
  readonly grant: string;
  /** The first holds from the registration; the last said is last. */
  readonly versions: readonly { readonly validFrom: string; readonly terms: Terms; readonly reason: string | null; readonly seq: number }[];
  readonly allotments: readonly { readonly unit: string; readonly amountOre: bigint; readonly date: string }[];
  readonly reported: readonly { readonly amountOre: bigint; readonly date: string; readonly diarienummer: string | null }[];
};
export type UnitEntry = {
  readonly unit: string;
  readonly versions: readonly {
    readonly validFrom: string;
    readonly name: string;
    readonly kind: UnitKind;
    readonly parent: string | null;
  }[];
  readonly lastDay: string | null;
};
export type PeriodEntry = {
  readonly period: string;
  readonly closed: boolean;
  readonly history: readonly {
    readonly act: 'closed' | 'reopened';
    readonly seq: number;
    readonly recordedAt: string;
    readonly actor: string;
    readonly actorName: string | null;
    readonly approver: string | null;
    readonly reason: string | null;
  }[];
};
export type PersonEntry = { readonly person: string; readonly login: string | null; readonly name: string | null; readonly seq: number };
export type LedgerEntry = {
  readonly seq: number;
  /** Where the lines, journal and vouchers have come; they may follow behind the figures. */
  readonly linesSeq: number;
  readonly ledgerId: string;
  readonly name: string;
  readonly organisationNumber: string;
  readonly timeZone: string;
  readonly demo: boolean;
  readonly region: string;
  readonly recordedAt: string | null;
  /** Years with lines that count. */
  readonly years: readonly number[];
  /** The year that questions are about where none is named. */
  readonly year: number;
};
/** A list from the register, and how far it has come. */
export type Listed<T> = { readonly seq: number; readonly demo: boolean; readonly rows: readonly T[] };
