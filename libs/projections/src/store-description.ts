/**
 * Where a ledger's events are, in a form that can be sent to another thread. Which kinds of store there are is the event store library's
 * affair.
 */
import { openReader as openReaderOf, type EventReader, type StoreDescription as AnyStore } from '#eventstore';

export type StoreDescription = AnyStore;

/** A reader of one's own, for this thread. @throws StoreUnavailable */
export function openReader(store: StoreDescription): EventReader {
  return openReaderOf(store);
}
