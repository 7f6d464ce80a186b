/**
 * What stands in a cell of a table from an ERP, as people and programs in Sweden write it: amounts with a decimal comma or point and
 * thousands apart, dates in two forms. Strict: what could be read in two ways is refused. Knows nothing of files.
 */
import { isDate, parseOre, refuse } from '#ledger';

export type Decimal = ',' | '.';

const SPACES = /[\u0020\u00a0\u202f]/;
/** Digits of kronor that leave the öre exact, with room for sums. */
const KRONOR_DIGITS = 13;
const MINUS = /[\u2212\u2013]/g;
/** Digits, or groups of three after the first: `1 234 567`; then decimals after the profile's sign. */
const NUMBER = { ',': numberWith(','), '.': numberWith('\\.') };
function numberWith(decimal: string): RegExp {
  return new RegExp(`^(\\d+|\\d{1,3}(?:${SPACES.source}\\d{3})+)(?:${decimal}(\\d+))?$`);
}

/**
 * Öre from a cell: `1 234,50`, thousands apart by a space, U+00A0 or U+202F; minus as `-`, U+2212 or U+2013, before or after the digits, or the
 * whole in parentheses.
 * @param decimal the only sign that comes before decimals: `1.234` is no amount where it is a comma
 * @returns a safe integer of öre · refuses `cell-amount-malformed`, `cell-amount-decimals`, `cell-amount-too-large`
 */
export function cellOre(text: string, decimal: Decimal): number {
  const amount = text.slice(0, 40);
  const bare = text.trim().replace(MINUS, '-');
  const [, before, inner, after] = (bare.length <= 40 && /^(-|\()?\s*([^()-]*?)\s*(-|\))?$/.exec(bare)) || [];
  const parts = inner === undefined || !paired(before, after) ? null : NUMBER[decimal].exec(inner);
  if (!parts) return refuse('cell-amount-malformed', { amount, decimal });
  const [, whole, decimals = ''] = parts;
  if (decimals.length > 2) return refuse('cell-amount-decimals', { amount });
  const digits = whole!.replace(/\D/g, '');
  if (digits.replace(/^0+/, '').length > KRONOR_DIGITS) return refuse('cell-amount-too-large', { amount });
  return parseOre(`${before || after ? '-' : ''}${digits}${decimals && `.${decimals}`}`);
}

/** A minus on one side, parentheses on both, or nothing. */
const paired = (before: string | undefined, after: string | undefined): boolean =>
  before === '(' || after === ')' ? before === '(' && after === ')' : !(before && after);

/** The date `YYYY-MM-DD` of a cell in that form, as `YYYYMMDD`, or with a time after it, as databases write it · refuses `cell-date-malformed`. */
export function cellDate(text: string): string {
  const [, year, , month, day] = /^\s*(\d{4})(-?)(\d\d)\2(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?\s*$/.exec(text) ?? [];
  const date = `${year}-${month}-${day}`;
  return isDate(date) ? date : refuse('cell-date-malformed', { date: text.trim().slice(0, 40) });
}

/**
 * A number that a workbook stores, as the text that it would be written as. A stored double has at most 15 digits that mean something, and a sum
 * made by a formula may end in others: 0.1+0.2 is stored as 0.30000000000000004. Those are left out; all that remain are kept.
 */
export function numberText(value: number, decimal: Decimal): string {
  const [mantissa, exponent = '0'] = value.toPrecision(15).split('e');
  const [whole, fraction = ''] = mantissa!.replace('-', '').split('.');
  const point = whole!.length + Number(exponent);
  const digits = `${'0'.repeat(Math.max(0, 1 - point))}${whole}${fraction}${'0'.repeat(Math.max(0, point - whole!.length - fraction.length))}`;
  const at = Math.max(1, point);
  const decimals = digits.slice(at).replace(/0+$/, '');
  const text = `${digits.slice(0, at).replace(/^0+(?=\d)/, '')}${decimals && decimal}${decimals}`;
  return value < 0 && /[1-9]/.test(text) ? `-${text}` : text;
}
