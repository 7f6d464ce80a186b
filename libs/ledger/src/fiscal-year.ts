/**
 * An ERP's fiscal year (räkenskapsår), the year of its book and of the references in it: named after the calendar year in which it
 * begins, whatever its length. A region's is the calendar year; a broken one is imported whole, while each line keeps its own period.
 */
import { isPeriod, periodOf, yearOf } from './calendar.js';

/** `from` and `through` are months, `YYYY-MM`; closing periods (13 to 16) belong to the year in which it ends. */
export type FiscalYear = { readonly year: number; readonly from: string; readonly through: string };

const month = (year: number, of: number): string => `${year}-${String(of).padStart(2, '0')}`;

/** Twelve months from the first one, 1 to 12. */
export const fiscalYear = (year: number, firstMonth = 1): FiscalYear =>
  firstMonth === 1
    ? { year, from: `${year}-01`, through: `${year}-12` }
    : { year, from: month(year, firstMonth), through: month(year + 1, firstMonth - 1) };

/** The year of twelve months that the period belongs to. */
export function fiscalYearOf(period: string, firstMonth = 1): FiscalYear {
  const [year, of] = [yearOf(period), Number(period.slice(5))];
  return fiscalYear(firstMonth > 1 && (of < firstMonth || of > 12) ? year - 1 : year, firstMonth);
}

/** The year that a file says it is about, by its first and last day. One that begins in January is the calendar year at least: files of its first months say no more. */
export function fiscalYearOfDays(first: string, last: string): FiscalYear {
  const [year, from, through] = [yearOf(first), periodOf(first), periodOf(last)];
  return { year, from, through: from === month(year, 1) && through < month(year, 12) ? month(year, 12) : through };
}

/** Whether the text is a period of the year. */
export function liesIn(period: string, { from, through }: FiscalYear): boolean {
  if (!isPeriod(period)) return false;
  return period.slice(5) > '12' ? yearOf(period) === yearOf(through) : from <= period && period <= through;
}

/** What a book holds under the name of a year: the fiscal year that files have said, null where none was a broken one, and its first and last period. */
export type KnownYear = {
  readonly stated: Pick<FiscalYear, 'from' | 'through'> | null;
  readonly first: string;
  readonly last: string;
};

/** The same, and an import more. */
export function knownYear(
  known: KnownYear | undefined,
  { fiscalYear: stated, periods }: { readonly fiscalYear?: Pick<FiscalYear, 'from' | 'through'>; readonly periods: readonly string[] },
): KnownYear {
  const all = [...periods, ...(known ? [known.first, known.last] : [])].filter((period) => period !== '').sort();
  const through = [stated?.through ?? '', known?.stated?.through ?? ''].sort()[1]!;
  const from = stated?.from ?? known?.stated?.from;
  return { stated: from === undefined ? null : { from, through }, first: all[0] ?? '', last: all.at(-1) ?? '' };
}

/** Its first and last month; of one that no file has said, twelve months from its first known period, or more where more is known. */
export function extentOf(year: number, { stated, first, last }: KnownYear): FiscalYear {
  if (stated) return { year, ...stated };
  const calendar = fiscalYear(year);
  if ([first, last].every((period) => period === '' || liesIn(period, calendar))) return calendar;
  const twelve = fiscalYear(year, yearOf(first) === year && first.slice(5) <= '12' ? Number(first.slice(5)) : 1);
  return liesIn(last, twelve) ? twelve : { ...twelve, through: last.slice(5) <= '12' ? last : month(yearOf(last), 12) };
}

/** Whether the period lies before the year; a closing period is of the year that it closes. */
export const liesBefore = (period: string, year: FiscalYear): boolean =>
  !liesIn(period, year) && (period.slice(5) > '12' ? yearOf(period) < yearOf(year.through) : period < year.from);

/** Whether a file's year is another than what is known under its name: two years that begin in one calendar year share it, and their numbers would mix. */
export function isOtherYear({ stated, first, last }: KnownYear, into: FiscalYear): boolean {
  if (stated) return stated.from !== into.from;
  return [first, last].some((period) => period !== '' && !liesIn(period, into));
}

/** The closing period of the year, by its month 13 to 16. */
export const closingPeriod = ({ through }: FiscalYear, closing: number): string => `${yearOf(through)}-${closing}`;
