/**
 * Dates and accounting periods as texts that sort by time: `YYYY-MM-DD` and `YYYY-MM`, where months 13 to 16 are
 * closing periods of the year (R45). No clock here; only what is and is not a date.
 */
import { refuse } from './refusal.js';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const PERIOD = /^\d{4}-(0[1-9]|1[0-6])$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the text is a day that exists: `2023-02-30` is not. */
export function isDate(text: string): boolean {
  const parts = DATE.exec(text);
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return year >= 1900 && month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month - 1]! + (leap ? 1 : 0);
}

/** Whether the text is an accounting period, `YYYY-01` to `YYYY-16`. */
export const isPeriod = (text: string): boolean => PERIOD.test(text) && text >= '1900';

/** The date itself · refuses `date-malformed`. */
export const date = (text: string): string => (isDate(text) ? text : refuse('date-malformed', { date: text.slice(0, 40) }));

/** The period itself · refuses `period-malformed`. */
export const period = (text: string): string => (isPeriod(text) ? text : refuse('period-malformed', { period: text.slice(0, 40) }));

/** The period of a date: its month. */
export const periodOf = (day: string): string => day.slice(0, 7);

/** The accounting year of a period. */
export const yearOf = (text: string): number => Number(text.slice(0, 4));

/** The first day of a period; a closing period (13 to 16) is of the year's last day. */
export const firstDayOf = (text: string): string => (Number(text.slice(5)) > 12 ? `${text.slice(0, 4)}-12-31` : `${text}-01`);

/** The last day of a period; a closing period (13 to 16) ends with the year. */
export function lastDayOf(text: string): string {
  const month = Math.min(12, Number(text.slice(5)));
  const year = text.slice(0, 4);
  const end = `${year}-${String(month).padStart(2, '0')}-29`;
  return month === 2 ? (isDate(end) ? end : `${year}-02-28`) : `${year}-${String(month).padStart(2, '0')}-${DAYS[month - 1]}`;
}
