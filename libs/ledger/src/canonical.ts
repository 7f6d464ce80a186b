/**
 * One value, one text, one hash: the canonical JSON of RFC 8785, narrowed to what an event may hold (ASCII keys, strings
 * of whole Unicode characters, safe integers, booleans, null, arrays, objects). Stored once and never written anew to verify.
 */

/** What an event may hold. A missing field and `undefined` are the same thing and leave no trace. */
export type Json = string | number | boolean | null | Verbatim | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A value whose canonical text is known already: what an import's reader wrote, part by part, is not written anew. */
export class Verbatim {
  constructor(readonly text: string) {}
}

/**
 * The canonical text (RFC 8785): no spaces, keys sorted.
 * @throws TypeError on what JSON does not have, a float, an unsafe integer, a lone surrogate or a key outside printable ASCII: our own mistake, never a user's
 */
export function canonical(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError(`not a safe integer: ${value}`);
    return String(value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') throw new TypeError(`not JSON: ${typeof value}`);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(',')}]`;
  const fields = value as { readonly [key: string]: Json | undefined };
  if (value instanceof Verbatim) return value.text;
  let text = '';
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key];
    if (field === undefined) continue;
    if (!/^[\x21-\x7e]+$/.test(key)) throw new TypeError(`not an ASCII key: ${key}`);
    text += `${text ? ',' : ''}${quoted(key)}:${canonical(field)}`;
  }
  return `{${text}}`;
}

/** A JSON string as RFC 8785 writes it, which is as `JSON.stringify` does where no surrogate stands alone. */
export function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate cannot be stored');
  return JSON.stringify(text);
}
