/** Reads a JSON body: strict UTF-8, whole characters, no `__proto__`. Anything else is `json-malformed`. */
import { refuse } from '#ledger';

const decoder = new TextDecoder('utf-8', { fatal: true });
/** An escaped half of a surrogate pair; seldom there, and only then is every text looked at. */
const HALF = /\\u[dD][89a-fA-F]/;

/** The value, or undefined for an empty body · refuses `json-malformed`. */
export function parsedJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(body);
    value = JSON.parse(text);
  } catch {
    return refuse('json-malformed', {});
  }
  if (text.includes('__proto__') || (HALF.test(text) && !isWhole(value))) refuse('json-malformed', {});
  return value;
}

function isWhole(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (value === null || typeof value !== 'object') return true;
  return Object.entries(value).every(([name, field]) => name.isWellFormed() && isWhole(field));
}
