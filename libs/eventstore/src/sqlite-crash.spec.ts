/**
 * The embedded store in trouble: killed processes, two writers, a full disk, a read-only one. (kill -9 alone proves little about
 * durability, since the kernel keeps what was written: the cut of power is tested in test/power-cut.)
 */
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { allRecords, appending, isWhole, lost, type Appending } from './appending-testing.js';
import { batch } from './contract.js';
import { StoreUnavailable, type EventStore, type SequencedRecord, type StoredRecord } from './port.js';
import { openSqliteReader, openSqliteStore } from './sqlite.js';

const made = () => mkdtempSync(join(tmpdir(), 'liggaren-crash-'));
const MANY = 1_000_000;

describe('the SQLite store', () => {
  let folder: string;
  const children: Appending[] = [];
  beforeEach(() => {
    folder = made();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await child.kill();
    rmSync(folder, { recursive: true });
  });
  const child = async (name: string, events: number) => {
    const one = await appending(folder, name, events);
    children.push(one);
    return one;
  };

  it('killed with -9 in the middle of appending, round after round, keeps every acknowledged event and no half batch', async () => {
    for (let round = 1; round <= 8; round++) {
      const one = await child('k', MANY);
      one.begin();
      await one.after(3 + round * 17);
      await one.kill();
      const found = await allRecords(folder);
      expect(lost(found, children)).toBe(0);
      expect(found.every((record) => isWhole(record, 'k'))).toBe(true);
    }
  });

  it('of two processes takes each event once, in one order, while both append', async () => {
    const both = [await child('a', MANY), await child('b', MANY)];
    for (const one of both) one.begin();
    for (const one of both) await one.after(50);
    for (const one of both) await one.kill();
    const found = await allRecords(folder);
    expect(lost(found, both)).toBe(0);
    const writer = (record: SequencedRecord) => both.find(({ name }) => isWhole(record, name))?.name;
    expect(found.every((record) => writer(record) !== undefined)).toBe(true);
    for (const { name, acknowledged } of both) {
      const told = acknowledged.reduce((sum, [first, last]) => sum + last - first + 1, 0);
      // One batch of each, at most 16 events, may have been stored at the kill and not yet told.
      const untold = found.filter((record) => writer(record) === name).length - told;
      expect(untold).toBeGreaterThanOrEqual(0);
      expect(untold).toBeLessThanOrEqual(16);
    }
  });

  it('opened by a process that dies does not lock out the next', async () => {
    const one = await child('k', MANY);
    const store = openSqliteStore(folder);
    one.begin();
    await one.after(5);
    await one.kill();
    const at = (await store.last()) + 1;
    expect(await store.append(at, batch('here', 2))).toEqual({ last: at + 1 });
    await store.close();
  });

  it('is read from a worker thread, on a connection of its own, while this thread appends', async () => {
    const store = openSqliteStore(folder);
    await store.append(0, batch('a', 1));
    const worker = new Worker(new URL('./reading-worker.js', import.meta.url), { workerData: { folder, until: 300 } });
    const seen = Promise.withResolvers<number[]>();
    worker.on('message', seen.resolve).on('error', seen.reject);
    for (let at = 1; at < 300; at++) {
      await store.append(at, batch(`${at}-`, 1));
      if (at % 50 === 0) await new Promise((next) => setTimeout(next, 5));
    }
    expect(await seen.promise).toEqual(Array.from({ length: 300 }, (_, seq) => seq));
    await worker.terminate();
    await store.close();
  });

  it('held by another writer for too long is busy, has stored nothing, and goes on afterwards', async () => {
    const store = openSqliteStore(folder);
    const { default: Database } = await import('better-sqlite3');
    const other = new Database(join(folder, 'events.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    await expect(store.append(0, batch('a', 1))).rejects.toMatchObject({ name: 'StoreUnavailable', reason: 'busy' });
    other.exec('ROLLBACK');
    other.close();
    expect(await store.append(0, batch('a', 1))).toEqual({ last: 0 });
    await store.close();
  });
});

/*
 * A small disk of its own (tmpfs) takes the rights of root; where they are missing, these tests are skipped, and the list of tests says so.
 */
describe('the SQLite store on a disk of its own (needs root)', () => {
  const disk = made();
  const isRoot = process.getuid?.() === 0 && mount('-t', 'tmpfs', '-o', 'size=1m', 'liggaren', disk);
  const rooted = isRoot ? it : it.skip;
  if (!isRoot) process.stderr.write('The SQLite store met no full and no read-only disk: mounting one needs root.\n');
  afterEach(() => {
    if (!isRoot) return;
    mount('-o', 'remount,rw', disk);
    for (const name of readdirSync(disk)) rmSync(join(disk, name), { recursive: true });
    mount('-o', 'remount,size=1m', disk);
  });
  afterAll(() => {
    if (isRoot) spawnSync('umount', ['--lazy', disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  /** Appends batches of three until one is refused; returns that error and how far it came. */
  async function fill(store: EventStore, sizeBytes: number): Promise<{ error: unknown; next: number }> {
    for (let next = 0; ; next += 3)
      try {
        await store.append(next, three(next, sizeBytes));
      } catch (error) {
        return { error, next };
      }
  }
  const three = (first: number, sizeBytes: number): StoredRecord[] =>
    [0, 1, 2].map((i) => ({ head: Buffer.alloc(sizeBytes, `${first + i} `), annex: null }));

  for (const sizeBytes of [200, 5_000, 100_000])
    rooted(
      `that is full says so, stores nothing of the batch (records of ${sizeBytes} bytes), still reads, and goes on once there is room`,
      async () => {
        const folder = join(disk, 'ledger');
        const store = openSqliteStore(folder);
        const { error, next } = await fill(store, sizeBytes);
        expect(error).toBeInstanceOf(StoreUnavailable);
        expect(error).toMatchObject({ reason: 'disk-full', cause: expect.objectContaining({ code: expect.stringMatching(/^SQLITE_/) }) });
        expect(next).toBeGreaterThan(0);
        for (let again = 0; again < 3; again++)
          await expect(store.append(next, three(next, sizeBytes))).rejects.toMatchObject({ reason: 'disk-full' });
        expect(await store.last()).toBe(next - 1);
        expect(await store.read(next - 1, { records: 9, bytes: 1 << 20 })).toHaveLength(1);

        mount('-o', 'remount,size=8m', disk);
        expect(await store.append(next, three(next, sizeBytes))).toEqual({ last: next + 2 });
        await store.close();
        const found = await allRecords(folder);
        expect(found).toHaveLength(next + 3);
        expect(found.every(({ seq, head }) => Buffer.compare(head, Buffer.alloc(sizeBytes, `${seq} `)) === 0)).toBe(true);
      },
    );

  rooted('that is full can be closed and opened again, and loses nothing', async () => {
    const folder = join(disk, 'ledger');
    const store = openSqliteStore(folder);
    const { next } = await fill(store, 5_000);
    const meanwhile = openSqliteStore(folder);
    expect(await meanwhile.last()).toBe(next - 1);
    await meanwhile.close();
    await store.close();
    expect(await allRecords(folder)).toHaveLength(next);
    mount('-o', 'remount,size=8m', disk);
    expect(await allRecords(folder)).toHaveLength(next);
  });

  rooted('that is full makes no new ledger, and makes it once there is room', async () => {
    const store = openSqliteStore(join(disk, 'ledger'));
    await fill(store, 200);
    expect(() => openSqliteStore(join(disk, 'second'))).toThrow(expect.objectContaining({ reason: 'disk-full' }));
    mount('-o', 'remount,size=8m', disk);
    const second = openSqliteStore(join(disk, 'second'));
    expect(await second.append(0, batch('a', 2))).toEqual({ last: 1 });
    await second.close();
    await store.close();
  });

  rooted('that is read-only is refused at once, for writing and for reading', async () => {
    const folder = join(disk, 'ledger');
    const store = openSqliteStore(folder);
    await store.append(0, batch('a', 2));
    await store.close();
    mount('-o', 'remount,ro', disk);
    for (const open of [openSqliteStore, openSqliteReader])
      expect(() => open(folder)).toThrow(expect.objectContaining({ name: 'StoreUnavailable', reason: 'read-only' }));
    expect(() => openSqliteStore(join(disk, 'new'))).toThrow(expect.objectContaining({ reason: 'read-only' }));
    mount('-o', 'remount,rw', disk);
    expect(await allRecords(folder)).toHaveLength(2);
  });
});

function mount(...args: string[]): boolean {
  return spawnSync('mount', args).status === 0;
}
