/**
 * Reads a JSON body: strict UTF-8, whole characters, no deeper than any of ours, no field twice, none that is every object's own.
 * Of two fields with one name JSON.parse keeps the last without a word; a voucher must not depend on which.
 */
import { refuse } from '#ledger';

const decoder = new TextDecoder('utf-8', { fatal: true });
const DEEPEST = 16;
/** Names that every object answers to: a checker that asks an object for its class must not be answered by a body. */
const EVERY_OBJECTS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];

/** The value, or undefined for an empty body · refuses `json-malformed`, `field-unknown`, `field-twice`. */
export function parsedJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  let [text, value]: [string, unknown] = ['', undefined];
  try {
    text = decoder.decode(body);
    value = JSON.parse(text);
  } catch {
    return refuse('json-malformed', {});
  }
  if (check(value, 0) !== fieldsWritten(body)) refuse('field-twice', { field: fieldTwice(text).slice(0, 40) });
  return value;
}

/** Refuses a media type whose text is said to be in another encoding than it is read in · refuses `charset-unsupported`. */
export function readableCharset(contentType: string | undefined): void {
  if (contentType === undefined || !contentType.includes('=')) return;
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(contentType)?.[1];
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset)) refuse('charset-unsupported', { charset: charset.slice(0, 40) });
}

/** How many fields the value has, at all depths. */
function check(value: unknown, depth: number): number {
  if (typeof value === 'string' && !value.isWellFormed()) refuse('json-malformed', {});
  if (value === null || typeof value !== 'object') return 0;
  if (depth === DEEPEST) refuse('json-malformed', {});
  const names = Object.keys(value);
  let fields = Array.isArray(value) ? 0 : names.length;
  for (const name of names) {
    if (EVERY_OBJECTS.has(name)) refuse('field-unknown', { field: name });
    if (!name.isWellFormed()) refuse('json-malformed', {});
    fields += check((value as Record<string, unknown>)[name], depth + 1);
  }
  return fields;
}

/** How many fields stand in valid JSON: a colon outside of texts for each. */
function fieldsWritten(json: Buffer): number {
  let fields = 0;
  for (let at = 0, within = false; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) within = !within;
    else if (within && byte === BACKSLASH) at += 1;
    else if (!within && byte === COLON) fields += 1;
  }
  return fields;
}

/** The first name that comes again in one object of valid JSON. */
function fieldTwice(json: string): string {
  const open: Set<string>[] = [];
  for (const [token, name] of json.matchAll(/[{}]|("(?:[^"\\]|\\.)*")(?=\s*:)|"(?:[^"\\]|\\.)*"/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (name !== undefined) {
      const field = JSON.parse(name) as string;
      if (open.at(-1)!.has(field)) return field;
      open.at(-1)!.add(field);
    }
  }
  return '';
}
