/**
 * A stored record as whoever folds it reads it, and a store's trouble in the catalogue's words. What stands in the annex is compared with the
 * hash in the head; the head itself is the adapter's to keep. Used by handle-command, the projector and whoever opens a ledger.
 */
import { readRecord, Refusal, UnreadableEvent, type Recorded } from '#ledger';
import { EventAltered, StoreUnavailable, type SequencedRecord } from './port.js';
import { sha256Hex } from './recorder.js';
import { storeError } from './sqlite-error.js';

/** @throws UnreadableEvent as {@link readRecord} · EventAltered where the annex is not the one that the head names; one that was erased is none */
export function recordedOf({ seq, head, annex }: SequencedRecord): Recorded {
  const recorded = readRecord(seq, head, annex);
  if (annex !== null && sha256Hex(annex) !== recorded.head.annexHash) throw new EventAltered(seq, 'annex');
  return recorded;
}

/**
 * The error, or where the store or its disk could not do what was asked, or an event is none that this program can read, `event-newer`,
 * `event-altered` or `store-unavailable`.
 */
export function inWords(met: unknown): unknown {
  if (met instanceof UnreadableEvent) return new Refusal(met.newer ? 'event-newer' : 'event-altered', { seq: met.seq });
  const error = storeError(met);
  if (error instanceof EventAltered) return new Refusal('event-altered', { seq: error.seq });
  return error instanceof StoreUnavailable ? new Refusal('store-unavailable', { reason: error.reason }) : error;
}
