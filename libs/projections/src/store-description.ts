/**
 * Where a ledger's events are, in a form that can be sent to another thread. A store with servers (EventStoreDB) adds a
 * kind of its own here and nowhere else in this library.
 */
import { openSqliteReader, type EventReader } from '#eventstore';

export type StoreDescription = { readonly kind: 'sqlite'; readonly folder: string };

/** A reader of one's own, for this thread. @throws StoreUnavailable */
export function openReader(store: StoreDescription): EventReader {
  switch (store.kind) {
    case 'sqlite':
      return openSqliteReader(store.folder);
  }
}
