/** The checks of single fields that every command shares: codes, texts, choices, mandates. Each refuses in the user's words. */
import { isDate } from './calendar.js';
import type { Mandate } from './events.js';
import { TEXT_CHARACTERS } from './limits.js';
import { refuse } from './refusal.js';

const CODE = /^[0-9A-Za-zÅÄÖåäö][0-9A-Za-zÅÄÖåäö._-]{0,19}$/;

/** A code of something in the register · refuses `code-malformed`. */
export const codeOf = (what: string, code: string): string =>
  CODE.test(code) ? code : refuse('code-malformed', { what, code: code.slice(0, 40) });

/** A text that must be there · refuses `text-missing`, `text-too-long`, `text-malformed`. @param field its name as the user knows it */
export function textOf(field: string, text: string | undefined): string {
  const trimmed = (text ?? '').replace(/\r\n?/g, '\n').trim();
  if (trimmed === '') refuse('text-missing', { field });
  if (trimmed.length > TEXT_CHARACTERS) refuse('text-too-long', { field, characters: trimmed.length, most: TEXT_CHARACTERS });
  if (!trimmed.isWellFormed() || /[\u0000-\u0008\u000b-\u001f\u007f]/.test(trimmed)) refuse('text-malformed', { field });
  return trimmed;
}

/** A text that may be missing · refuses as {@link textOf}. */
export const optionalText = (field: string, text: string | undefined): string | undefined =>
  text === undefined || text.trim() === '' ? undefined : textOf(field, text);

/** A date that may be missing · refuses `date-malformed`. */
export const optionalDate = (text: string | undefined): string | undefined =>
  text === undefined || isDate(text) ? text : refuse('date-malformed', { date: text.slice(0, 40) });

/** One of the choices · refuses `choice-unknown`. */
export const choiceOf = <C extends string>(field: string, value: string, choices: readonly C[]): C =>
  (choices as readonly string[]).includes(value)
    ? (value as C)
    : refuse('choice-unknown', { field, value: String(value ?? '').slice(0, 40), choices: choices.join(', ') });

/** A calendar year in four digits · refuses `year-malformed`. */
export const year = (value: number): number =>
  Number.isInteger(value) && value >= 1900 && value <= 9999 ? value : refuse('year-malformed', { year: String(value) });

/** A mandate with the fields of its kind (R21); a paragraph is kept as its number, with or without § in front · refuses `mandate-incomplete`, `date-malformed`. */
export function mandateOf(mandate: Mandate): Mandate {
  const fields: readonly string[] = mandate.kind === 'delegate' ? ['number', 'delegate', 'date'] : ['diarienummer', 'paragraph', 'date'];
  choiceOf('mandate.kind', mandate.kind, ['assembly', 'board', 'delegate']);
  const given = mandate as unknown as Record<string, string | undefined>;
  for (const field of fields) if (!given[field]?.trim()) refuse('mandate-incomplete', { field });
  if (!isDate(mandate.date)) refuse('date-malformed', { date: mandate.date.slice(0, 40) });
  const text = (field: string) => textOf(field, field === 'paragraph' ? given[field]!.replace(/^\s*§\s*/, '') : given[field]);
  return Object.fromEntries(['kind', ...fields].map((field) => [field, text(field)])) as unknown as Mandate;
}
