/**
 * Settles what became of a batch whose answer was lost. handle-command calls it after ResultUnknown or Conflict, on every
 * store; it compares bytes, because a server may acknowledge old ids with other content.
 */
import type { EventReader, StoredRecord } from './port.js';

/**
 * `stored`: our bytes lie there from `expected` on, acknowledge. `absent`: the ledger ends at `expected` - 1, append the same batch
 * again, byte for byte. `overtaken`: another writer's records lie there, ours are nowhere; decide again.
 */
export type Standing = 'stored' | 'absent' | 'overtaken';

/** Below what one append may hold, so that no test of a large batch is settled by one read alone. */
const READ_BYTES = 512 * 1024;

/** @throws StoreUnavailable where it cannot be read; the result is then still unknown */
export async function readBack(store: EventReader, expected: number, records: readonly StoredRecord[]): Promise<Standing> {
  let seen = 0;
  while (seen < records.length) {
    const found = await store.read(expected + seen, { records: records.length - seen, bytes: READ_BYTES });
    if (found.length === 0) return seen === 0 ? 'absent' : 'overtaken';
    for (const record of found) if (!sameBytes(record, records[seen++]!)) return 'overtaken';
  }
  return 'stored';
}

function sameBytes(a: StoredRecord, b: StoredRecord): boolean {
  if (!same(a.head, b.head)) return false;
  return a.annex === null || b.annex === null ? a.annex === b.annex : same(a.annex, b.annex);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
