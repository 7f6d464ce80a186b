/**
 * Settles what became of a batch whose answer was lost. handle-command appends by it, on every store; it compares bytes,
 * because a server may acknowledge old ids with other content.
 */
import { RETRIES } from '#ledger';
import {
  Conflict,
  ResultUnknown,
  StoreUnavailable,
  type EventReader,
  type EventStore,
  type SequencedRecord,
  type StoredRecord,
} from './port.js';

/**
 * `stored`: our bytes lie there from `expected` on, acknowledge. `absent`: the ledger ends at `expected` - 1, append the same batch
 * again, byte for byte. `overtaken`: another writer's records lie there, ours are nowhere; decide again.
 */
export type Standing = 'stored' | 'absent' | 'overtaken';

/** Below what one append may hold, so that no test of a large batch is settled by one read alone. */
const READ_BYTES = 512 * 1024;

/**
 * Appends; where the answer was lost, finds out, and sends the very same batch again if it is not there.
 * @throws as {@link EventStore.append}; ResultUnknown only where the store would not say in the end
 */
export async function appendSurely(store: EventStore, records: readonly SequencedRecord[]): Promise<void> {
  const expected = records[0]!.seq;
  for (let tries = 1; ; tries += 1) {
    try {
      await store.append(expected, records);
      return;
    } catch (error) {
      const unsure = error instanceof ResultUnknown || (error instanceof Conflict && tries > 1);
      // what a first try came to is not known by a second one that failed: its request may still be on its way
      if (!unsure) throw tries > 1 && error instanceof StoreUnavailable ? new ResultUnknown(expected, { cause: error }) : error;
      const standing = await readBack(store, expected, records).catch(() => null);
      if (standing === 'stored') return;
      if (standing === 'overtaken') throw new Conflict(expected, null);
      if (standing === null || tries === RETRIES) throw error;
    }
  }
}

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
