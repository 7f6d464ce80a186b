/**
 * What a voucher is called: book + year + series + number + version. Book `own` is ours (no series, unbroken numbers per
 * year); any other book is an ERP's and keeps the file's numbers. The text form is what people and addresses use:
 * `own-2023-17`, `erp-2023-A-153`, and `erp-2023-A-153~2` for a later version.
 */
import { refuse } from './refusal.js';

export type Reference = {
  readonly book: string;
  readonly year: number;
  readonly series: string;
  readonly number: string;
  readonly version: number;
};

export const OWN_BOOK = 'own';
const BOOK = /^[a-z][a-z0-9]{0,15}$/;
const SERIES = /^(?:[0-9A-Za-zÅÄÖåäö]|%[0-9A-F]{2}){0,16}$/;
const NUMBER = /^[^\s~#\p{C}]{1,40}$/u;

/** The reference of our own voucher with that number in that year. */
export const ownReference = (year: number, number: number): Reference => ({
  book: OWN_BOOK,
  number: String(number),
  series: '',
  version: 1,
  year,
});

/** The text form of a reference; {@link parseReference} turns it back. */
export function referenceText(ref: Reference): string {
  const version = ref.version === 1 ? '' : `~${ref.version}`;
  return ref.book === OWN_BOOK
    ? `own-${ref.year}-${ref.number}${version}`
    : `${ref.book}-${ref.year}-${ref.series}-${ref.number}${version}`;
}

/** The reference behind its text form · refuses `voucher-reference-malformed`. */
export function parseReference(text: string): Reference {
  const parts = /^([a-z][a-z0-9]{0,15})-(\d{4})-(?:([^-\s~#]*)-)?([^\s~#]+?)(?:~([1-9]\d{0,3}))?$/.exec(text);
  const [, book, year, series, number, version = '1'] = parts ?? [];
  const own = book === OWN_BOOK;
  if (!parts || own !== (series === undefined)) refuse('voucher-reference-malformed', { voucher: text.slice(0, 80) });
  return { book: book!, year: Number(year), series: series ?? '', number: number!, version: Number(version) };
}

/** Whether a text can name an ERP's book: small letters and digits, not `own`. */
export const isBook = (text: string): boolean => BOOK.test(text) && text !== OWN_BOOK;

/** Whether a text can be a series: letters and digits, or empty; any other sign as {@link seriesCode} writes it. */
export const isSeries = (text: string): boolean => SERIES.test(text);

/** The series as references write it: letters and digits stand, any other sign is the bytes of its UTF-8, `%23` for `#`. (Real files have such series.) */
export const seriesCode = (series: string): string =>
  SERIES.test(series)
    ? series
    : series
        .toWellFormed()
        .replace(/[^0-9A-Za-zÅÄÖåäö]/gu, (sign) =>
          /[!'()*._~-]/.test(sign) ? `%${sign.charCodeAt(0).toString(16).toUpperCase()}` : encodeURIComponent(sign),
        );

/** The series as the file wrote it: turns {@link seriesCode} back. */
export function seriesText(code: string): string {
  if (!code.includes('%')) return code;
  try {
    const text = decodeURIComponent(code);
    return seriesCode(text) === code ? text : code;
  } catch {
    return code; // no code of ours: a file wrote its series so
  }
}

/** Whether a text can be a voucher number (no spaces, `~` or `#`). */
export const isNumber = (text: string): boolean => NUMBER.test(text);
