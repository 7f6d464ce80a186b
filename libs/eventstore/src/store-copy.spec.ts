/** Moving house between stores: every byte, from where it stopped, proved at the end, and never into another ledger. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batch, utf8 } from './contract.js';
import { MemoryStore } from './memory.js';
import type { StoredRecord } from './port.js';
import { readBack } from './read-back.js';
import { openSqliteStore } from './sqlite.js';
import { copyOriginals, copyStore, digestOf } from './store-copy.js';

/** 1 200 records of all kinds: no annex, an empty one, bytes that are no text, some large ones. */
const records: StoredRecord[] = Array.from({ length: 1_200 }, (_, i) => ({
  head: i % 97 === 0 ? Buffer.alloc(200_000, i) : utf8(`{"seq":${i}}`),
  annex: i % 3 === 0 ? null : i % 3 === 1 ? new Uint8Array(0) : Uint8Array.from([0, 255, i & 255]),
}));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'liggaren-copy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a copy', () => {
  it('holds every byte, and says so with one digest for both', async () => {
    const from = new MemoryStore([...records]);
    const to = openSqliteStore(folder);
    const told: number[] = [];
    const copied = await copyStore(from, to, (done, whole) => told.push(done / whole));
    expect(copied).toEqual({ last: 1_199, copied: 1_200, digest: (await digestOf(from)).digest });
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
    const back = new MemoryStore();
    expect((await copyStore(to, back)).digest).toBe(copied.digest);
    expect(await readBack(back, 0, records)).toBe('stored');
    await to.close();
  });

  it('of an empty ledger is an empty ledger', async () => {
    expect(await copyStore(new MemoryStore(), new MemoryStore())).toMatchObject({ last: -1, copied: 0 });
  });

  it('goes on where it was stopped, also after an answer was lost', async () => {
    const from = new MemoryStore([...records]);
    const to = new MemoryStore().script('none', 'answer-lost', 'request-lost', { unavailable: 'unreachable' });
    await expect(copyStore(from, to)).rejects.toMatchObject({ reason: 'unreachable' });
    const had = to.log.length;
    expect(had).toBeGreaterThan(0);
    expect(await copyStore(from, to)).toMatchObject({ last: 1_199, copied: 1_200 - had });
    expect(await copyStore(from, to)).toMatchObject({ copied: 0 });
  });

  it('is refused where another ledger, or more of this one, lies', async () => {
    const from = new MemoryStore(batch('a', 3));
    await expect(copyStore(from, new MemoryStore(batch('b', 2)))).rejects.toMatchObject({ reason: 'not-a-ledger' });
    await expect(copyStore(from, new MemoryStore(batch('a', 4)))).rejects.toMatchObject({ reason: 'not-a-ledger' });
    const annexes = batch('a', 2).map(({ head }) => ({ head, annex: utf8('another') }));
    await expect(copyStore(from, new MemoryStore(annexes))).rejects.toMatchObject({ reason: 'not-a-ledger' });
  });

  it('finds a difference further back than where it went on', async () => {
    const differing = batch('a', 3).map((record, i) => (i === 0 ? { head: utf8('a9'), annex: null } : record));
    await expect(copyStore(new MemoryStore(batch('a', 3)), new MemoryStore(differing))).rejects.toMatchObject({ reason: 'damaged' });
  });

  it('is refused where somebody writes at the same time, on either side', async () => {
    const from = new MemoryStore(batch('a', 3));
    await expect(copyStore(from, new MemoryStore().script({ overtakenBy: batch('b', 1) }))).rejects.toMatchObject({ reason: 'busy' });
    await expect(copyStore(from, new MemoryStore().script({ then: batch('b', 1) }))).rejects.toMatchObject({ reason: 'busy' });
  });

  it('tells an annex from a head that goes on, and an empty annex from none', async () => {
    const of = async (...log: StoredRecord[]) => (await digestOf(new MemoryStore(log))).digest;
    const seen = new Set([
      await of({ head: utf8('ab'), annex: null }),
      await of({ head: utf8('a'), annex: utf8('b') }),
      await of({ head: utf8('ab'), annex: new Uint8Array(0) }),
      await of({ head: utf8('a'), annex: null }, { head: utf8('b'), annex: null }),
    ]);
    expect(seen.size).toBe(4);
  });
});

describe('the originals', () => {
  const put = (bytes: string, name = createHash('sha256').update(bytes).digest('hex')) => {
    mkdirSync(join(folder, 'a', 'originals'), { recursive: true });
    writeFileSync(join(folder, 'a', 'originals', name), bytes);
    return name;
  };

  it('come along once, each checked against its name, and nothing else does', async () => {
    const name = put('one');
    put('half a file', `${name}.new`);
    expect(await copyOriginals(join(folder, 'a'), join(folder, 'b'))).toBe(1);
    expect(readFileSync(join(folder, 'b', 'originals', name), 'utf8')).toBe('one');
    expect(await copyOriginals(join(folder, 'a'), join(folder, 'b'))).toBe(0);
    expect(await copyOriginals(join(folder, 'c'), join(folder, 'b'))).toBe(0);
    expect(readdirSync(join(folder, 'b', 'originals'))).toEqual([name]);
  });

  it('that are not what their names say are damage', async () => {
    put('two', 'a'.repeat(64));
    await expect(copyOriginals(join(folder, 'a'), join(folder, 'b'))).rejects.toMatchObject({ reason: 'damaged' });
  });
});
