/**
 * How files of one kind from one system are read: where the grant code, the unit and the rest stand, which accounts mean what, and
 * what is chosen from the file. Plain data, kept as events with a first day; the import applies them, the rules only check them.
 */
import type { AccountClass } from '../accounts.js';

/** Where a code stands: a dimension of SIE (`6`, `20`), or a column of CSV or Excel by its heading. */
export type Place = { readonly dimension: string } | { readonly column: string };

/** Codes `from` to `to` inclusive (one code where `to` is left out), compared as texts of equal length. */
export type CodeRange = { readonly from: string; readonly to?: string };
/** What the file's codes are called here. */
export type CodeMapping = CodeRange & { readonly code: string };

/** How a code is found: the first place that holds one. A code that no mapping names stands for itself. */
export type CodeReading = {
  readonly places: readonly Place[];
  readonly mappings?: readonly CodeMapping[];
  /** The code where no place holds one, or it is not registered. */
  readonly otherwise?: string;
};

/** A place that may carry the grant code; with a pattern only codes that match it are grant codes. */
export type GrantPlace = Place & { readonly pattern?: string; readonly mappings?: readonly CodeMapping[] };

/**
 * Where the accounting period comes from (R45). `voucher-date` where nothing is said; a place holds `YYYY-MM` or `YYYYMM`, and where it
 * holds nothing the voucher's date counts (our own SIE says a period in a dimension, where the date says another).
 */
export type PeriodReading = {
  readonly from: 'voucher-date' | 'line-date' | 'registered' | Place;
  /** Series whose vouchers belong to a closing period: months 13 to 16. */
  readonly closingSeries?: readonly { readonly series: string; readonly month: 13 | 14 | 15 | 16 }[];
};

/** Days, the first and last included; one of them may be left out. */
export type DateRange = { readonly from?: string; readonly to?: string };

/** Holds for a line where everything that it names holds. */
export type LineCondition = {
  readonly accounts?: readonly CodeRange[];
  readonly place?: Place;
  readonly codes?: readonly CodeRange[];
  readonly series?: readonly string[];
  /** The voucher's date is one of these days; from the first, or to the last, where the other is left out. */
  readonly dates?: DateRange;
  /** The line has (or has not) a grant code by the profile's places. */
  readonly grantCode?: boolean;
};

/**
 * What is taken from a file, before anything is stored (R50). Of whole vouchers: one is kept where any line meets a condition of `keep`
 * (all where there is none) and no line meets one of `drop`. Of a selection: the same, line by line.
 */
export type Filter = { readonly keep?: readonly LineCondition[]; readonly drop?: readonly LineCondition[] };

/** The columns of CSV and Excel, by their headings. `amount` with its sign (debit +), or `debit` and `credit`. */
export type TableLayout = {
  /** Recognised from the heading row where left out. */
  readonly separator?: ';' | ',' | 'tab';
  /** The first sheet where left out (Excel). */
  readonly sheet?: string;
  /** 1 where left out. */
  readonly headingRow?: number;
  /** `,` where left out. */
  readonly decimal?: ',' | '.';
  /** Amounts have the report's sign (income +, cost −): turned once when read. */
  readonly creditPositive?: boolean;
  readonly columns: {
    readonly number: string;
    readonly date: string;
    readonly account: string;
    readonly amount?: string;
    readonly debit?: string;
    readonly credit?: string;
    readonly series?: string;
    readonly text?: string;
    readonly lineText?: string;
    readonly counterparty?: string;
    readonly document?: string;
    readonly registered?: string;
  };
};

/** What a profile says. `kind` and `book` are the same in all its versions. */
export type ProfileSettings = {
  readonly kind: 'whole-vouchers' | 'selection';
  readonly book: string;
  /** In order of precedence. */
  readonly grant: readonly GrantPlace[];
  readonly unit: CodeReading;
  readonly decision?: CodeReading;
  readonly counterpart?: CodeReading;
  readonly period?: PeriodReading;
  /** The month in which the fiscal year begins, for files that do not say it themselves (SIE does, in #RAR); 1 where left out. */
  readonly firstMonth?: number;
  /** Series whose numbers do not tell vouchers apart (recurring ones that all have number 1): each is known by what it says, as one without a number is. */
  readonly unnumbered?: readonly string[];
  /** The classes (and, as their names, the report rows) of this system's accounts; the ledger's own where left out. */
  readonly accounts?: readonly AccountClass[];
  readonly filter?: Filter;
  /** Which original is kept: the file, or only the rows that the filter chose, with the hash of the whole (R50). */
  readonly keeps?: 'file' | 'chosen-rows';
  /** For CSV and Excel; SIE needs none. */
  readonly table?: TableLayout;
};

/** A profile over time, in order of first day; each version has its number. */
export type ProfileVersions = readonly { readonly version: number; readonly validFrom: string; readonly settings: ProfileSettings }[];
