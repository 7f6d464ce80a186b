/** The embedded store keeps the contract; its own troubles (kill -9, two processes, full disk) have specs of their own. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { batch, eventStoreContract } from './contract.js';
import type { EventReader } from './port.js';
import { EVENTS_FILE, openSqliteReader, openSqliteStore } from './sqlite.js';

const made = () => mkdtempSync(join(tmpdir(), 'liggaren-events-'));

eventStoreContract('the SQLite store', async () => {
  const folder = made();
  const opened: EventReader[] = [];
  const kept = <T extends EventReader>(one: T): T => (opened.push(one), one);
  return {
    writer: async () => kept(openSqliteStore(folder)),
    reader: async () => kept(openSqliteReader(folder)),
    remove: async () => {
      for (const one of opened) await one.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('the file of the SQLite store', () => {
  let folder: string;
  beforeEach(() => {
    folder = made();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made with its folder, and is empty until somebody appends', async () => {
    const store = openSqliteStore(join(folder, 'new', 'ledger'));
    expect(await store.last()).toBe(-1);
    await store.close();
  });

  it('is not found by a reader where there is no ledger, and the reader makes none', () => {
    expect(() => openSqliteReader(folder)).toThrow(expect.objectContaining({ name: 'StoreUnavailable', reason: 'not-found' }));
    expect(() => openSqliteReader(folder)).toThrow(expect.objectContaining({ reason: 'not-found' }));
  });

  it('is never taken from another program', () => {
    const foreign = new Database(join(folder, EVENTS_FILE));
    foreign.exec('CREATE TABLE theirs (a)');
    foreign.close();
    expect(() => openSqliteStore(folder)).toThrow(expect.objectContaining({ reason: 'not-a-ledger' }));
  });

  it('is refused when it is no database', () => {
    writeFileSync(join(folder, EVENTS_FILE), 'x'.repeat(10_000));
    expect(() => openSqliteStore(folder)).toThrow(expect.objectContaining({ reason: 'damaged' }));
  });

  it('is refused when a newer version wrote it', async () => {
    await openSqliteStore(folder).close();
    shell(folder, (db) => db.pragma('user_version = 3'));
    expect(() => openSqliteStore(folder)).toThrow(expect.objectContaining({ reason: 'newer-format' }));
    expect(() => openSqliteReader(folder)).toThrow(expect.objectContaining({ reason: 'newer-format' }));
  });

  it('stops accidents: no event is deleted, changed or put out of turn; only an annex may be replaced', async () => {
    const store = openSqliteStore(folder);
    await store.append(0, batch('a', 3));
    await store.close();
    shell(folder, (db) => {
      expect(() => db.exec('DELETE FROM events WHERE seq = 1')).toThrow('never deleted');
      expect(() => db.exec(`UPDATE events SET head = x'00' WHERE seq = 1`)).toThrow('never change');
      expect(() => db.exec('UPDATE events SET seq = 9 WHERE seq = 2')).toThrow('never change');
      expect(() => db.exec(`INSERT OR REPLACE INTO events VALUES (1, x'00', NULL, 0)`)).toThrow('without gaps');
      expect(() => db.exec(`INSERT INTO events VALUES (7, x'00', NULL, 0)`)).toThrow('without gaps');
      expect(() => db.exec(`INSERT INTO events (head) VALUES (x'00')`)).toThrow('without gaps');
      db.exec('UPDATE events SET annex = NULL WHERE seq = 1');
    });
  });

  it('gets its guards back where somebody dropped them', async () => {
    await openSqliteStore(folder).close();
    shell(folder, (db) => db.exec('DROP TRIGGER events_are_appended; DROP TRIGGER events_stay'));
    const store = openSqliteStore(folder);
    await expect(store.append(5, batch('a', 1))).rejects.toMatchObject({ name: 'Conflict', last: -1 });
    await expect(store.append(5, batch('a', 2))).rejects.toMatchObject({ name: 'Conflict', last: -1 });
    expect(await store.append(0, batch('a', 2))).toEqual({ last: 1 });
    await store.close();
    shell(folder, (db) => expect(() => db.exec('DELETE FROM events')).toThrow('never deleted'));
  });

  it.each([
    ['changed', `UPDATE events SET head = CAST(replace(CAST(head AS TEXT), 'a', 'b') AS BLOB) WHERE seq = 2`],
    ['cut short', 'UPDATE events SET head = substr(head, 1, length(head) - 1) WHERE seq = 2'],
    ['put in another’s place', 'UPDATE events SET head = (SELECT head FROM events WHERE seq = 3) WHERE seq = 2'],
    ['without its sum', 'UPDATE events SET crc = NULL WHERE seq = 2'],
  ])('with a head that was %s by force is noticed by whoever reads it', async (_, statement) => {
    const store = openSqliteStore(folder);
    await store.append(0, batch('a', 5));
    await store.close();
    shell(folder, (db) => db.exec(`DROP TRIGGER events_do_not_change; ${statement}`));
    const again = openSqliteStore(folder);
    const limit = { records: 10, bytes: 1 << 20 };
    await expect(again.read(0, limit)).rejects.toMatchObject({ name: 'EventAltered', reason: 'altered', seq: 2 });
    expect(await again.read(0, { ...limit, records: 2 })).toHaveLength(2);
    expect(await again.read(3, limit)).toHaveLength(2);
    await again.close();
  });

  it('of the format before gets its sums when it is opened for writing, and can be read before that', async () => {
    const store = openSqliteStore(folder);
    await store.append(0, batch('a', 5));
    const before = await store.read(0, { records: 10, bytes: 1 << 20 });
    await store.close();
    shell(folder, (db) => db.exec('ALTER TABLE events DROP COLUMN crc; PRAGMA user_version = 1'));
    const reader = openSqliteReader(folder);
    expect(await reader.read(0, { records: 10, bytes: 1 << 20 })).toEqual(before);
    await reader.close();
    const again = openSqliteStore(folder);
    expect(await again.read(0, { records: 10, bytes: 1 << 20 })).toEqual(before);
    await again.append(5, batch('b', 1));
    expect(await again.last()).toBe(5);
    await again.close();
    shell(folder, (db) => expect(db.prepare('SELECT count(*) FROM events WHERE crc IS NULL').pluck().get()).toBe(0));
  });

  it('stays short beside it while much is appended: the write-ahead log is put back on the way', async () => {
    const store = openSqliteStore(folder);
    const annex = Buffer.alloc(256 * 1024, 'x');
    for (let seq = 0; seq < 800; seq += 1) {
      await store.append(seq, [{ head: Buffer.from(`{"seq":${seq}}`), annex }]);
      if (seq % 40 === 0) await pause(20);
    }
    expect(statSync(join(folder, `${EVENTS_FILE}-wal`)).size).toBeLessThan(140 * 1024 * 1024);
    expect(statSync(join(folder, EVENTS_FILE)).size).toBeGreaterThan(100 * 1024 * 1024);
    await store.close();
    const reader = openSqliteReader(folder);
    expect(await reader.last()).toBe(799);
    expect((await reader.read(799, { records: 1, bytes: 1 }))[0]!.annex).toEqual(annex);
    await reader.close();
  });

  it('is closed in order while the write-ahead log is being put back', async () => {
    const store = openSqliteStore(folder);
    for (let seq = 0; seq < 70; seq += 1) await store.append(seq, [{ head: Buffer.from('{}'), annex: Buffer.alloc(512 * 1024) }]);
    await store.close();
    expect(readdirSync(folder)).toEqual([EVENTS_FILE]);
  });

  it('with an event torn out by force is reported as damaged by whoever reads over the hole, and reads on both sides of it', async () => {
    const store = openSqliteStore(folder);
    await store.append(0, batch('a', 5));
    await store.close();
    shell(folder, (db) => db.exec('DROP TRIGGER events_stay; DELETE FROM events WHERE seq = 2'));
    const reader = openSqliteReader(folder);
    const limit = { records: 10, bytes: 1 << 20 };
    await expect(reader.read(0, limit)).rejects.toMatchObject({ reason: 'damaged', message: expect.stringContaining('event 2') });
    expect(await reader.read(0, { ...limit, records: 2 })).toHaveLength(2);
    expect(await reader.read(3, limit)).toHaveLength(2);
    await reader.close();
  });
});

function shell(folder: string, use: (db: Database.Database) => void): void {
  const db = new Database(join(folder, EVENTS_FILE));
  try {
    use(db);
  } finally {
    db.close();
  }
}
