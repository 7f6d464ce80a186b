/**
 * One value, one text, one hash: the canonical JSON of RFC 8785, narrowed to what an event may hold (ASCII keys, strings
 * of whole Unicode characters, safe integers, booleans, null, arrays, objects). Stored once and never written anew to verify.
 */

/** What an event may hold. A missing field and `undefined` are the same thing and leave no trace. */
export type Json = string | number | boolean | null | Verbatim | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A value whose canonical bytes are known already: what an import's reader wrote, part by part, is not written anew. */
export class Verbatim {
  /** @param bytes canonical JSON in UTF-8 */
  constructor(readonly bytes: Uint8Array) {}
}

/** Stands for a Verbatim while the text around it is written; canonical JSON escapes it everywhere else. */
const PLACE = '\u0000';
const encoder = new TextEncoder();
/** The UTF-8 of a text, {@link utf8}. Every platform has one; some have a quicker one of their own, which is then handed in. */
export type Utf8 = (text: string) => Uint8Array;
export const utf8: Utf8 = (text) => encoder.encode(text);

/**
 * The canonical bytes: {@link canonical} in UTF-8, with every Verbatim put in as it is.
 * @param before canonical text that goes before it, and `after` that follows, where it is a part of something larger
 * @throws TypeError as {@link canonical}
 */
export function canonicalBytes(value: Json, encode = utf8, before = '', after = ''): Uint8Array {
  const pieces = canonicalPieces(value, encode, before, after);
  if (pieces.length === 1) return pieces[0]!;
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  pieces.reduce((at, piece) => (bytes.set(piece, at), at + piece.length), 0);
  return bytes;
}

/** The canonical bytes in pieces, each Verbatim's own bytes among them: to hash a large value without copying it. */
export function canonicalPieces(value: Json, encode = utf8, before = '', after = ''): Uint8Array[] {
  const verbatims: Verbatim[] = [];
  const text = `${before}${write(value, verbatims)}${after}`;
  if (verbatims.length === 0) return [encode(text)];
  return text.split(PLACE).flatMap((piece, i) => (i < verbatims.length ? [encode(piece), verbatims[i]!.bytes] : [encode(piece)]));
}

/**
 * The canonical text (RFC 8785): no spaces, keys sorted.
 * @throws TypeError on what JSON does not have, a float, an unsafe integer, a lone surrogate or a key outside printable ASCII: our own mistake, never a user's
 */
export const canonical = (value: Json): string => write(value, null);

function write(value: Json, verbatims: Verbatim[] | null): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError(`not a safe integer: ${value}`);
    return String(value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') throw new TypeError(`not JSON: ${typeof value}`);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) text += `${text ? ',' : ''}${write(item, verbatims)}`;
    return `[${text}]`;
  }
  if (value instanceof Verbatim) {
    if (!verbatims) throw new TypeError('a verbatim has bytes, not a text');
    verbatims.push(value);
    return PLACE;
  }
  const fields = value as { readonly [key: string]: Json | undefined };
  for (const key of inOrder(Object.keys(fields))) {
    const field = fields[key];
    if (field !== undefined) text += `${text ? ',' : ''}${labelOf(key)}${write(field, verbatims)}`;
  }
  return `{${text}}`;
}

/** The keys sorted in place: by insertion where they are few, which is quicker than `sort`, and most objects are written in order. */
function inOrder(keys: string[]): string[] {
  if (keys.length > FEW_KEYS) return keys.sort();
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i]!;
    let at = i;
    for (; at > 0 && keys[at - 1]! > key; at -= 1) keys[at] = keys[at - 1]!;
    keys[at] = key;
  }
  return keys;
}

const FEW_KEYS = 20;

/** `"key":` of the keys that events are made of: a few dozen, written for ever. */
const labels = new Map<string, string>();
const LABELS_KEPT = 1_000;

function labelOf(key: string): string {
  let label = labels.get(key);
  if (label === undefined) {
    if (!/^[\x21-\x7e]+$/.test(key)) throw new TypeError(`not an ASCII key: ${key}`);
    label = `${quoted(key)}:`;
    if (labels.size < LABELS_KEPT) labels.set(key, label);
  }
  return label;
}

/** Printable ASCII but quotation mark and backslash: most of what is written, and nothing in it to escape. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A JSON string as RFC 8785 writes it, which is as `JSON.stringify` does where no surrogate stands alone. */
export function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate cannot be stored');
  return JSON.stringify(text);
}
