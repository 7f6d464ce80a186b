/** Sixteen hex digits over what a voucher says: the same voucher in a later file is recognised by them. */
import { hash } from 'node:crypto';

/** A fingerprint, and what it is over. */
export type Print = { readonly fingerprint: string; readonly content: string };

/** The first 8 bytes of SHA-256, as 16 hex digits. */
export const fingerprintOf = (content: string): string => hash('sha256', content, 'hex').slice(0, 16);
export const printOf = (content: string): Print => ({ fingerprint: fingerprintOf(content), content });
