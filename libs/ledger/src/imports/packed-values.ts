/**
 * What may stand in packed vouchers (packed.ts), asked by both that read them: who unpacks them, and part-reader.ts. Each gives the value
 * back, or throws: stored bytes that have changed are said, and never become a figure that nobody posted.
 */
import { isAccount } from '../accounts.js';
import { isDate, isPeriod } from '../calendar.js';
import type { Effect } from '../voucher.js';
import type { Coding, Objects, Series } from './packed.js';

/** Thrown where something else stands there than an import writes. */
export class NotPacked extends Error {}

/** @throws NotPacked unless it holds */
export function demand(holds: boolean): asserts holds {
  if (!holds) throw new NotPacked('not packed as an import packs its vouchers');
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
export const isFields = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

const EFFECTS: { readonly [effect in Effect]: true } = {
  received: true,
  recognised: true,
  both: true,
  cost: true,
  reallocated: true,
  repaid: true,
  none: true,
};
const CODING: { readonly [field in keyof Coding]-?: (value: unknown) => boolean } = {
  counterpart: isText,
  decision: isText,
  effect: (value) => isText(value) && Object.hasOwn(EFFECTS, value),
  grant: isText,
  internal: (value) => value === true,
  period: (value) => isText(value) && isPeriod(value),
};

export function listOf(value: unknown): readonly unknown[] {
  demand(Array.isArray(value));
  return value as readonly unknown[];
}

/** A whole number that a double holds exactly. */
export function wholeOf(value: unknown): number {
  demand(Number.isSafeInteger(value));
  return value as number;
}

export function textOf(value: unknown): string {
  demand(isText(value));
  return value;
}

export function accountOf(value: unknown): string {
  demand(isText(value) && isAccount(value));
  return value;
}

export function dateOf(value: unknown): string {
  demand(isText(value) && isDate(value));
  return value;
}

export function codingOf(value: unknown): Coding {
  demand(isFields(value) && 'effect' in value && 'period' in value);
  demand(Object.entries(value).every(([field, own]) => Object.hasOwn(CODING, field) && CODING[field as keyof Coding](own)));
  return value as Coding;
}

export function objectsOf(value: unknown): Objects {
  demand(listOf(value).every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === 'string')));
  return value as Objects;
}

export function seriesOf(value: unknown): Series {
  demand(isFields(value) && Object.keys(value).length === 4);
  const { book, series, version, year } = value as { readonly [field in keyof Series]?: unknown };
  demand(isText(book) && typeof series === 'string' && isCount(version) && isCount(year));
  return value as Series;
}
