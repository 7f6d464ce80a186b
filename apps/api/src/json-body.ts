/** Reads a JSON body: strict UTF-8, whole characters, no deeper than any of ours, no field that is every object's own. */
import { refuse } from '#ledger';

const decoder = new TextDecoder('utf-8', { fatal: true });
const DEEPEST = 16;
/** Names that every object answers to: a checker that asks an object for its class must not be answered by a body. */
const EVERY_OBJECTS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The value, or undefined for an empty body · refuses `json-malformed`, `field-unknown`. */
export function parsedJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(body));
  } catch {
    return refuse('json-malformed', {});
  }
  check(value, 0);
  return value;
}

function check(value: unknown, depth: number): void {
  if (typeof value === 'string' && !value.isWellFormed()) refuse('json-malformed', {});
  if (value === null || typeof value !== 'object') return;
  if (depth === DEEPEST) refuse('json-malformed', {});
  for (const name of Object.keys(value)) {
    if (EVERY_OBJECTS.has(name)) refuse('field-unknown', { field: name });
    if (!name.isWellFormed()) refuse('json-malformed', {});
    check((value as Record<string, unknown>)[name], depth + 1);
  }
}
