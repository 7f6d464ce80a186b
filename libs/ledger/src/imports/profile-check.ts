/**
 * Everything that a profile's settings can be wrong in, named by the part that is wrong (`grant.2.pattern`), so that who writes a
 * profile is told before any file is read by it. What was checked is written anew field by field: nothing else is stored.
 */
import { accountClasses, isAccount } from '../accounts.js';
import { date } from '../calendar.js';
import { choiceOf, codeOf, textOf } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { refuse } from '../refusal.js';
import { isBook, isSeries, seriesCode } from '../reference.js';
import { grantCodePattern } from '../register/pattern.js';
import { registeredUnit } from '../register/unit.js';
import type {
  CodeMapping,
  CodeRange,
  CodeReading,
  DateRange,
  Filter,
  GrantPlace,
  LineCondition,
  PeriodReading,
  Place,
  ProfileSettings,
  TableLayout,
} from './profile.js';

const DIMENSION = /^\d{1,9}$/;
const HEADING_ROWS = 1_000;

/**
 * The settings as they are kept · refuses `choice-unknown`, `book-malformed`, `profile-part-missing`, `profile-place-malformed`,
 * `profile-range-malformed`, `profile-ranges-overlap`, `profile-condition-malformed`, `profile-amount-columns`,
 * `profile-number-malformed`, `profile-dates-malformed`, `date-malformed`, `profile-keeps-malformed`, `pattern-malformed`, `code-malformed`, `unit-unknown`, `account-class-malformed`,
 * `account-classes-overlap`, `series-malformed`, and texts that are missing or too long.
 */
export function checkedSettings(settings: ProfileSettings, ledger: Ledger): ProfileSettings {
  const { kind, book, grant, unit, decision, counterpart, period, firstMonth, unnumbered, accounts, filter, keeps, table } = settings;
  choiceOf('kind', kind, ['whole-vouchers', 'selection']);
  if (!isBook(book)) refuse('book-malformed', { book: book.slice(0, 40) });
  if (!grant.length) refuse('profile-part-missing', { part: 'grant' });
  const checked = {
    kind,
    book,
    grant: grant.map((place, i) => grantPlaceOf(`grant.${i + 1}`, place)),
    unit: readingOf('unit', unit, (code) => (registeredUnit(code, ledger), code)),
    ...(decision && { decision: readingOf('decision', decision, textCode('decision')) }),
    ...(counterpart && { counterpart: readingOf('counterpart', counterpart, (code) => codeOf('counterpart', code)) }),
    ...(period && { period: periodOf(period) }),
    ...(firstMonth !== undefined && { firstMonth: numberOf('firstMonth', firstMonth, 1, 12) }),
    ...(unnumbered?.length && { unnumbered: unnumbered.map(seriesOf) }),
    ...(accounts && { accounts: accountClasses(accounts) }),
    ...(filter && { filter: filterOf(filter) }),
    ...(keeps && { keeps: choiceOf('keeps', keeps, ['file', 'chosen-rows'] as const) }),
    ...(table && { table: tableOf(table) }),
  };
  if (keeps === 'chosen-rows' && (!checked.filter || table?.sheet !== undefined)) refuse('profile-keeps-malformed', {});
  return checked;
}

const numberOf = (part: string, number: number, least: number, most: number): number =>
  Number.isInteger(number) && number >= least && number <= most ? number : refuse('profile-number-malformed', { part, least, most });

const textCode = (part: string) => (code: string) => textOf(part, code);

function placeOf(part: string, place: Place): Place {
  const { dimension, column } = place as { dimension?: string; column?: string };
  if ((dimension === undefined) === (column === undefined) || (dimension !== undefined && !DIMENSION.test(dimension)))
    refuse('profile-place-malformed', { part });
  return dimension === undefined ? { column: textOf(`${part}.column`, column) } : { dimension };
}

function grantPlaceOf(part: string, { pattern, mappings, ...place }: GrantPlace): GrantPlace {
  return {
    ...placeOf(part, place),
    ...(pattern !== undefined && { pattern: grantCodePattern(pattern) }),
    ...(mappings && { mappings: mappingsOf(`${part}.mappings`, mappings, textCode('grant')) }),
  };
}

function readingOf(part: string, { places, mappings, otherwise }: CodeReading, codeChecked: (code: string) => string): CodeReading {
  if (!places.length && otherwise === undefined) refuse('profile-part-missing', { part });
  return {
    places: places.map((place, i) => placeOf(`${part}.places.${i + 1}`, place)),
    ...(mappings && { mappings: mappingsOf(`${part}.mappings`, mappings, codeChecked) }),
    ...(otherwise !== undefined && { otherwise: codeChecked(otherwise) }),
  };
}

/** A code of the file means one thing: ranges never overlap. */
function mappingsOf(part: string, mappings: readonly CodeMapping[], codeChecked: (code: string) => string): readonly CodeMapping[] {
  const checked = mappings.map(({ code, ...range }, i) => ({ ...rangeOf(`${part}.${i + 1}`, range), code: codeChecked(code) }));
  const sorted = [...checked].sort((a, b) => a.from.length - b.from.length || (a.from < b.from ? -1 : 1));
  for (const [i, { from }] of sorted.entries()) {
    const before = sorted[i - 1];
    if (before && before.from.length === from.length && (before.to ?? before.from) >= from)
      refuse('profile-ranges-overlap', { part, first: rangeText(before), second: rangeText(sorted[i]!) });
  }
  return checked;
}

const rangeText = ({ from, to = from }: CodeRange): string => (from === to ? from : `${from}-${to}`);

function rangeOf(part: string, { from, to }: CodeRange): CodeRange {
  textOf(`${part}.from`, from);
  if (to !== undefined && (to.length !== from.length || to < from)) refuse('profile-range-malformed', { part, from, to });
  return { from, ...(to !== undefined && { to }) };
}

function periodOf({ from, closingSeries }: PeriodReading): PeriodReading {
  const series = closingSeries?.map(({ series: name, month }, i) => {
    numberOf(`period.closingSeries.${i + 1}.month`, month, 13, 16);
    return { series: seriesOf(name), month };
  });
  return {
    from:
      typeof from === 'object'
        ? placeOf('period.from', from)
        : choiceOf('period.from', from, ['voucher-date', 'line-date', 'registered'] as const),
    ...(series && { closingSeries: series }),
  };
}

/** A series as the file writes it, or as references do. */
const seriesOf = (series: string): string =>
  isSeries(seriesCode(series)) ? series : refuse('series-malformed', { series: series.slice(0, 40).toWellFormed() });

function filterOf({ keep, drop }: Filter): Filter {
  if (!keep?.length && !drop?.length) refuse('profile-part-missing', { part: 'filter' });
  return {
    ...(keep?.length && { keep: keep.map((condition, i) => conditionOf(`filter.keep.${i + 1}`, condition)) }),
    ...(drop?.length && { drop: drop.map((condition, i) => conditionOf(`filter.drop.${i + 1}`, condition)) }),
  };
}

function conditionOf(part: string, { accounts, place, codes, series, dates, grantCode }: LineCondition): LineCondition {
  const named =
    [accounts, codes, series].filter((list) => list?.length).length + [dates, grantCode].filter((one) => one !== undefined).length;
  if (named === 0 || (place === undefined) !== !codes?.length) refuse('profile-condition-malformed', { part });
  for (const { from } of accounts ?? []) if (!isAccount(from)) refuse('account-unknown', { account: from.slice(0, 40) });
  return {
    ...(accounts?.length && { accounts: accounts.map((range, i) => rangeOf(`${part}.accounts.${i + 1}`, range)) }),
    ...(place && { place: placeOf(`${part}.place`, place) }),
    ...(codes?.length && { codes: codes.map((range, i) => rangeOf(`${part}.codes.${i + 1}`, range)) }),
    ...(series?.length && { series: series.map(seriesOf) }),
    ...(dates && { dates: datesOf(`${part}.dates`, dates) }),
    ...(grantCode !== undefined && { grantCode }),
  };
}

function datesOf(part: string, { from, to }: DateRange): DateRange {
  if (from === undefined && to === undefined) refuse('profile-part-missing', { part });
  const range = { ...(from !== undefined && { from: date(from) }), ...(to !== undefined && { to: date(to) }) };
  if (from !== undefined && to !== undefined && to < from) refuse('profile-dates-malformed', { part, from, to });
  return range;
}

const REQUIRED = ['number', 'date', 'account'] as const;
const OPTIONAL = ['amount', 'debit', 'credit', 'series', 'text', 'lineText', 'counterparty', 'document', 'registered'] as const;

function tableOf({ separator, sheet, headingRow, decimal, creditPositive, columns }: TableLayout): TableLayout {
  const { amount, debit, credit } = columns;
  const one = amount !== undefined && debit === undefined && credit === undefined;
  const two = amount === undefined && debit !== undefined && credit !== undefined;
  if (!(one || two) || (two && creditPositive)) refuse('profile-amount-columns', {});
  if (headingRow !== undefined) numberOf('table.headingRow', headingRow, 1, HEADING_ROWS);
  const heading = (column: keyof TableLayout['columns']) => [column, textOf(`table.columns.${column}`, columns[column])] as const;
  return {
    ...(separator !== undefined && { separator: choiceOf('table.separator', separator, [';', ',', 'tab'] as const) }),
    ...(sheet !== undefined && { sheet: textOf('table.sheet', sheet) }),
    ...(headingRow !== undefined && { headingRow }),
    ...(decimal !== undefined && { decimal: choiceOf('table.decimal', decimal, [',', '.'] as const) }),
    ...(creditPositive !== undefined && { creditPositive }),
    columns: Object.fromEntries([
      ...REQUIRED.map(heading),
      ...OPTIONAL.filter((column) => columns[column] !== undefined).map(heading),
    ]) as TableLayout['columns'],
  };
}
