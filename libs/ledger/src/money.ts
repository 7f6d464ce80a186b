/**
 * Money as the ledger keeps it: integer öre, debit +, credit −. Here is the only way in (strict wire text, or Swedish
 * text from a person) and the only rounding. Sums are bigint, so that no table of any size loses an öre.
 */
import { refuse } from './refusal.js';

const WIRE = /^(-?)(\d+)(?:\.(\d{1,2}))?$/;

/**
 * Öre from an amount on the wire: kronor as `-?\d+(\.\d{1,2})?`, debit +, credit − (R28).
 * @returns a safe integer of öre · refuses `amount-malformed`, `amount-too-many-decimals`, `amount-too-large`
 */
export function parseOre(text: string): number {
  const parts = WIRE.exec(text);
  if (!parts) refuse(/^-?\d+\.\d{3,}$/.test(text) ? 'amount-too-many-decimals' : 'amount-malformed', { amount: text.slice(0, 40) });
  const [, minus, kronor, decimals = ''] = parts!;
  const ore = Number(kronor) * 100 + Number(decimals.padEnd(2, '0'));
  if (!Number.isSafeInteger(ore)) refuse('amount-too-large', { amount: text.slice(0, 40) });
  return minus && ore !== 0 ? -ore : ore;
}

/**
 * Öre from an amount that a person wrote in Swedish: comma or point before the decimals; spaces (also U+00A0, U+202F)
 * between thousands; `-`, U+2212 or U+2013 as minus (domain page, section 6).
 * @returns a safe integer of öre · refuses as {@link parseOre}
 */
export function parseSwedishOre(text: string): number {
  const plain = text
    .trim()
    .replace(/[\u2212\u2013]/g, '-')
    .replace(/(?<=\d)[\u0020\u00a0\u202f](?=\d{3}(?!\d))/g, '');
  return parseOre(plain.replace(',', '.'));
}

/** The amount itself, where it is whole öre that can be kept exactly · refuses `amount-too-large`. */
export const exactOre = (ore: number): number => (Number.isSafeInteger(ore) ? ore : refuse('amount-too-large', { amount: String(ore) }));

/** The wire text of an amount in öre: kronor with two decimals and a point, `-1234.50`. */
export function kronor(ore: number | bigint): string {
  const size = String(ore < 0 ? -ore : ore).padStart(3, '0');
  return `${ore < 0 ? '-' : ''}${size.slice(0, -2)}.${size.slice(-2)}`;
}

/** Kronor as a Swede writes them: thousands apart by U+00A0, comma, U+2212 as minus, never "−0" (R37). */
export function swedishKronor(ore: number | bigint): string {
  const [whole, decimals] = kronor(ore < 0 ? -ore : ore).split('.');
  return `${ore < 0 ? '\u2212' : ''}${thousandsApart(whole!)},${decimals}`;
}

/** A whole number as a Swede writes it: `-50677` gives `−50 677` (U+2212, U+00A0); zero is never negative (R37). */
export function swedishInteger(value: number | bigint): string {
  const size = String(value < 0 ? -value : value);
  return `${value < 0 ? '\u2212' : ''}${thousandsApart(size)}`;
}

/** A count with its word: `1 rad`, `1 200 rader`. */
export const countText = (count: number, one: string, more: string): string => `${swedishInteger(count)} ${count === 1 ? one : more}`;

const thousandsApart = (digits: string) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, '\u00a0');

/**
 * Öre in a larger unit, rounded half away from zero on integers (design of the tables, R36).
 * @param unitOre öre in one unit: 100 for kronor, 100_000 for tkr, 100_000_000 for mkr
 */
export function roundTo(ore: bigint, unitOre: bigint): bigint {
  const size = ore < 0n ? -ore : ore;
  const rounded = (size * 2n + unitOre) / (unitOre * 2n);
  return ore < 0n ? -rounded : rounded;
}

/**
 * Shares of an amount by weight: each truncated towards zero, the rest to the largest share, a tie to the first named.
 * @param weights whole numbers above 0 (per cent in hundredths, say) · @param whole what all weights would sum to for the full amount
 * @returns öre per weight; they sum to the amount exactly when the weights sum to `whole`
 */
export function shares(amountOre: number, weights: readonly number[], whole: number): number[] {
  const exact = (weight: number) => Number((BigInt(amountOre) * BigInt(weight)) / BigInt(whole));
  const result = weights.map(exact);
  const target = exact(weights.reduce((sum, weight) => sum + weight, 0));
  const largest = weights.indexOf(Math.max(...weights));
  if (largest >= 0) result[largest]! += target - result.reduce((sum, share) => sum + share, 0);
  return result;
}
