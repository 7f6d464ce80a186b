/** Disks for the benches: bare appends without a ledger around them, and the real store on a disk whose sync is slow. */
import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore, type EventStore, type StoredRecord } from '#eventstore';

/** Blocks this thread, as a sync does. */
export function block(ms: number): void {
  if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** From now on, appends of every SQLite store of this process block for so much longer. */
export async function slowerSync(syncMs: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'liggaren-bench-'));
  const store = openSqliteStore(folder);
  const shared = Object.getPrototypeOf(store) as EventStore;
  const { append } = shared;
  shared.append = function (this: EventStore, expected, records) {
    block(syncMs);
    return append.call(this, expected, records);
  };
  await store.close();
  rmSync(folder, { recursive: true });
}

/** Appends to a table and with the pragmas of the real store, without its triggers and sums; one commit a call. */
export function openRaw(file: string): (records: readonly StoredRecord[]) => void {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('wal_autocheckpoint = 8192');
  db.exec('CREATE TABLE events (seq INTEGER PRIMARY KEY, head BLOB NOT NULL, annex BLOB) STRICT');
  const insert = db.prepare('INSERT INTO events (seq, head, annex) VALUES (?, ?, ?)');
  let seq = 0;
  const all = db.transaction((records: readonly StoredRecord[]) => {
    for (const { head, annex } of records) insert.run(seq++, head, annex);
  });
  return (records) => {
    if (records.length === 1) insert.run(seq++, records[0]!.head, records[0]!.annex);
    else all(records);
  };
}
