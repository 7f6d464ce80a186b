/**
 * The embedded event store: one file, `events.sqlite`, in the ledger's folder. Opened by the server and the CLI for writing and by
 * projector threads for reading, each with a connection of its own. WAL with synchronous=FULL: an append answers after the sync.
 * Never open or copy this file by other means in the same process while a store is open: closing any descriptor of it drops SQLite's locks.
 */
import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { makeFolder, syncFolder } from './folder.js';
import { bytesOf, Conflict, EventAltered, StoreUnavailable, checkAppend, checkRead } from './port.js';
import type { AppendResult, EventReader, EventStore, ReadLimit, SequencedRecord, StoredRecord } from './port.js';
import { Checkpoints, LAST_RESORT_PAGES } from './sqlite-checkpoint.js';
import { refusalToOpen, storeError } from './sqlite-error.js';

export const EVENTS_FILE = 'events.sqlite';

/** How long a call waits for another process's append. It blocks this thread, so it is short; after it StoreUnavailable `busy`. */
const BUSY_TIMEOUT_MS = 2_000;
/** Four parts of an import in one sync: larger ones would hold up a post by hand for longer than they save. */
const APPEND_BYTES_HERE = 1024 * 1024;
/** 'LIGG': names the file's format to `file(1)` and to us. */
const APPLICATION_ID = 0x4c494747;
/** Since 2 each head has its CRC-32 beside it, so that whoever reads notices one that was changed or that the disk has lost: SQLite itself sums nothing. No proof: that is the hashes'. */
const FORMAT = 2;

const TABLE = `
  CREATE TABLE events (seq INTEGER PRIMARY KEY, head BLOB NOT NULL, annex BLOB, crc INTEGER) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${FORMAT};
`;

/*
 * The first trigger is append's own check of the seq. Together they stop accidents (a hand in a SQLite shell, a bug of ours), not
 * tampering, which the proof finds. The annex alone may change, for a lawful erasure.
 */
const TRIGGERS = `
  CREATE TRIGGER IF NOT EXISTS events_are_appended BEFORE INSERT ON events
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), -1) + 1 FROM events) BEGIN SELECT raise(ABORT, 'events are appended, without gaps'); END;
  CREATE TRIGGER IF NOT EXISTS events_stay BEFORE DELETE ON events BEGIN SELECT raise(ABORT, 'events are never deleted'); END;
  CREATE TRIGGER IF NOT EXISTS events_do_not_change BEFORE UPDATE OF seq, head ON events BEGIN SELECT raise(ABORT, 'events never change'); END;
`;

/**
 * Opens the ledger's events for writing; makes the folder and the file where they are missing.
 * @throws StoreUnavailable `disk-full`, `read-only`, `not-a-ledger`, `newer-format`, `damaged`, `busy` …
 */
export function openSqliteStore(folder: string): EventStore {
  const file = join(folder, EVENTS_FILE);
  return opening(folder, () => {
    makeFolder(folder);
    const db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    return closingOnError(db, () => {
      const journal = db.pragma('journal_mode = WAL', { simple: true });
      if (journal !== 'wal')
        throw new StoreUnavailable('io-error', `${folder} lies on a file system that SQLite's WAL cannot use (journal mode ${journal})`);
      db.pragma('synchronous = FULL');
      db.pragma(`wal_autocheckpoint = ${LAST_RESORT_PAGES}`);
      // The write lock also tells at once whether the file can be written at all.
      db.transaction(() => {
        if (db.pragma('application_id', { simple: true }) === 0 && isEmpty(db)) db.exec(TABLE);
        refusalToOpen(db, APPLICATION_ID, FORMAT, file);
        if (db.pragma('user_version', { simple: true }) === 1) sumHeads(db);
        db.exec(TRIGGERS);
      }).immediate();
      syncFolder(folder);
      syncRecovered(db);
      return new SqliteStore(db);
    });
  });
}

/**
 * Opens the ledger's events for reading only, on a connection of its own: for another thread or process, also while somebody appends.
 * @throws StoreUnavailable `not-found` where there is no ledger yet, otherwise as openSqliteStore
 */
export function openSqliteReader(folder: string): EventReader {
  const file = join(folder, EVENTS_FILE);
  return opening(folder, () => {
    if (!existsSync(file)) throw new StoreUnavailable('not-found', `there is no ledger in ${folder}`);
    const db = new Database(file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
    return closingOnError(db, () => {
      refusalToOpen(db, APPLICATION_ID, FORMAT, file);
      return new SqliteReader(db);
    });
  });
}

class SqliteReader implements EventReader {
  protected readonly max: Database.Statement<[], number>;
  private readonly from: Database.Statement<[number, number], SequencedRecord & { readonly crc: number | null }>;
  private readonly summed: boolean;

  constructor(protected readonly db: Database.Database) {
    this.summed = db.pragma('user_version', { simple: true }) !== 1;
    this.max = db.prepare<[], number>('SELECT coalesce(max(seq), -1) FROM events').pluck();
    this.from = db.prepare(
      `SELECT seq, head, annex, ${this.summed ? 'crc' : 'NULL AS crc'} FROM events WHERE seq >= ? ORDER BY seq LIMIT ?`,
    );
  }

  async read(fromSeq: number, limit: ReadLimit): Promise<SequencedRecord[]> {
    checkRead(fromSeq, limit);
    this.checkOpen();
    const found: SequencedRecord[] = [];
    let bytes = 0;
    try {
      for (const { seq, head, annex, crc } of this.from.iterate(fromSeq, limit.records)) {
        if (seq !== fromSeq + found.length) throw new StoreUnavailable('damaged', `event ${fromSeq + found.length} is missing`);
        bytes += head.length + (annex?.length ?? 0);
        if (found.length > 0 && bytes > limit.bytes) break;
        if (this.summed && crc32(head) !== crc) throw new EventAltered(seq, 'head');
        found.push({ seq, head, annex });
      }
    } catch (error) {
      throw storeError(error);
    }
    return found;
  }

  async last(): Promise<number> {
    this.checkOpen();
    try {
      return this.max.get()!;
    } catch (error) {
      throw storeError(error);
    }
  }

  async close(): Promise<void> {
    this.db.close();
  }

  protected checkOpen(): void {
    if (!this.db.open) throw new StoreUnavailable('closed', 'the store is closed');
  }
}

class SqliteStore extends SqliteReader implements EventStore {
  readonly appendBytes = APPEND_BYTES_HERE;
  private readonly insert: Database.Statement<[number, Uint8Array, Uint8Array | null, number]>;
  private readonly insertAll: (expected: number, records: readonly StoredRecord[]) => void;
  private readonly checkpoints: Checkpoints;

  constructor(db: Database.Database) {
    super(db);
    this.checkpoints = new Checkpoints(db);
    this.insert = db.prepare('INSERT INTO events (seq, head, annex, crc) VALUES (?, ?, ?, ?)');
    this.insertAll = db.transaction((expected: number, records: readonly StoredRecord[]) => {
      let seq = expected;
      for (const { head, annex } of records) this.insert.run(seq++, head, annex, crc32(head));
    }).immediate;
  }

  async append(expected: number, records: readonly StoredRecord[]): Promise<AppendResult> {
    checkAppend(expected, records);
    this.checkOpen();
    try {
      // A single insert is a transaction by itself, and a third cheaper than one around it.
      const [{ head, annex }] = records as [StoredRecord];
      if (records.length === 1) this.insert.run(expected, head, annex, crc32(head));
      else this.insertAll(expected, records);
    } catch (error) {
      throw isTaken(error) ? new Conflict(expected, await this.last(), { cause: error }) : storeError(error, expected);
    }
    this.checkpoints.appended(bytesOf(records));
    return { last: expected + records.length - 1 };
  }

  override async close(): Promise<void> {
    await this.checkpoints.close();
    await super.close();
  }
}

/** The trigger, or at last the primary key, found another seq to be the next. */
function isTaken(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'SQLITE_CONSTRAINT_TRIGGER' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}

/** Events of a killed process may lie in the WAL without having been synced: a checkpoint makes them durable before anybody is answered from them. */
function syncRecovered(db: Database.Database): void {
  try {
    db.pragma('wal_checkpoint(PASSIVE)');
  } catch (error) {
    // The checkpoint syncs the WAL first and then copies; only the copying takes room, and it can wait.
    if ((error as { code?: unknown }).code !== 'SQLITE_FULL') throw error;
  }
}

/** A file of format 1 gets its sums: of the heads as they stand, for nobody can say more of them. */
function sumHeads(db: Database.Database): void {
  db.exec('ALTER TABLE events ADD COLUMN crc INTEGER');
  const set = db.prepare<[number, number]>('UPDATE events SET crc = ? WHERE seq = ?');
  const next = db.prepare<[number], { seq: number; head: Uint8Array }>('SELECT seq, head FROM events WHERE seq > ? ORDER BY seq LIMIT 1');
  for (let at = next.get(-1); at; at = next.get(at.seq)) set.run(crc32(at.head), at.seq);
  db.pragma(`user_version = ${FORMAT}`);
}

/** Somebody else's database must not get our table. */
function isEmpty(db: Database.Database): boolean {
  return db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
}

function opening<T>(folder: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw storeError(error, null, folder);
  }
}

function closingOnError<T>(db: Database.Database, use: () => T): T {
  try {
    return use();
  } catch (error) {
    db.close();
    throw error;
  }
}
