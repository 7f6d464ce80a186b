/**
 * What every event store promises, as one suite of tests: memory.spec.ts, sqlite.spec.ts and every later adapter run the very same.
 * Only specs import this file (it needs jest). Each test gets a ledger of its own from `open`.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EVENT_BYTES } from '#ledger';
import { Conflict, StoreUnavailable } from './port.js';
import type { EventReader, EventStore, ReadLimit, SequencedRecord, StoredRecord } from './port.js';
import { readBack } from './read-back.js';

/** One empty ledger and the ways into it. */
export interface LedgerUnderTest {
  /** A store of its own (connection, client) on the same ledger; the suite closes none of them before `remove`. */
  writer(): Promise<EventStore>;
  /** The same for reading only, where the store has such a thing. */
  reader?(): Promise<EventReader>;
  /** Closes what `writer` and `reader` opened and removes the ledger. */
  remove(): Promise<void>;
}

const ALL: ReadLimit = { records: 1_000_000, bytes: 1 << 30 };

export function eventStoreContract(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(`${name} keeps the contract of an event store:`, () => {
    let ledger: LedgerUnderTest;
    let store: EventStore;
    beforeEach(async () => {
      ledger = await open();
      store = await ledger.writer();
    });
    afterEach(() => ledger.remove());

    describe('appending', () => {
      it('an empty ledger ends at -1 and has nothing to read', async () => {
        expect(await store.last()).toBe(-1);
        expect(await store.read(0, ALL)).toEqual([]);
        expect(await store.read(7, ALL)).toEqual([]);
      });

      it('the first record gets exactly the seq asked for, the others follow, and the answer names the last', async () => {
        expect(await store.append(0, batch('a', 3))).toEqual({ last: 2 });
        expect(await store.append(3, batch('b', 1))).toEqual({ last: 3 });
        expect(texts(await store.read(0, ALL))).toEqual(['0 a0', '1 a1', '2 a2', '3 b0']);
      });

      it('refuses a seq beyond the end: no gap ever', async () => {
        await expect(store.append(1, batch('a', 1))).rejects.toThrow(Conflict);
        await store.append(0, batch('a', 2));
        await expect(store.append(3, batch('b', 2))).rejects.toThrow(Conflict);
        expect(texts(await store.read(0, ALL))).toEqual(['0 a0', '1 a1']);
      });

      it('refuses a seq that is taken, and stores nothing of a batch that only begins there', async () => {
        await store.append(0, batch('a', 2));
        await expect(store.append(1, batch('b', 3))).rejects.toThrow(Conflict);
        await expect(store.append(0, batch('b', 1))).rejects.toThrow(Conflict);
        expect(texts(await store.read(0, ALL))).toEqual(['0 a0', '1 a1']);
      });

      it('the very same bytes once more are a conflict too: the caller reads back', async () => {
        await store.append(0, batch('a', 2));
        await expect(store.append(0, batch('a', 2))).rejects.toThrow(Conflict);
        expect(await store.last()).toBe(1);
      });

      it('a conflict says where the ledger really ends, where the store can tell', async () => {
        await store.append(0, batch('a', 2));
        const conflict = await store.append(0, batch('b', 1)).catch((error: unknown) => error);
        expect(conflict).toMatchObject({ name: 'Conflict', expected: 0 });
        expect([1, null]).toContain((conflict as Conflict).last);
      });

      it('all or nothing: a batch whose last record cannot be stored leaves nothing', async () => {
        await store.append(0, batch('a', 1));
        const broken = [...batch('b', 2), { head: 'not bytes' as unknown as Uint8Array, annex: null }];
        await expect(store.append(1, broken)).rejects.toThrow();
        expect(texts(await store.read(0, ALL))).toEqual(['0 a0']);
        expect(await store.append(1, batch('c', 1))).toEqual({ last: 1 });
      });

      it('an empty batch or a seq that is none is a bug of the caller', async () => {
        await expect(store.append(0, [])).rejects.toThrow(RangeError);
        await expect(store.append(-1, batch('a', 1))).rejects.toThrow(RangeError);
        await expect(store.append(0.5, batch('a', 1))).rejects.toThrow(RangeError);
      });

      it('takes a batch of many records as one', async () => {
        expect(await store.append(0, batch('a', 512))).toEqual({ last: 511 });
        expect((await store.read(0, ALL)).map(({ seq }) => seq)).toEqual(Array.from({ length: 512 }, (_, i) => i));
      });
    });

    describe('two writers', () => {
      it('exactly one wins a seq; the loser gets Conflict and nothing of its batch is stored', async () => {
        const other = await ledger.writer();
        for (let round = 0; round < 20; round++) {
          const at = round * 2;
          const outcome = await Promise.allSettled([store.append(at, batch(`x${round}-`, 2)), other.append(at, batch(`y${round}-`, 2))]);
          const lost = outcome.filter((one) => one.status === 'rejected');
          expect(lost).toHaveLength(1);
          expect(lost[0]!.reason).toBeInstanceOf(Conflict);
          const winner = outcome[0]!.status === 'fulfilled' ? 'x' : 'y';
          expect(texts(await store.read(at, ALL))).toEqual([`${at} ${winner}${round}-0`, `${at + 1} ${winner}${round}-1`]);
        }
      });

      it('what one was acknowledged the other reads at once', async () => {
        const other = await ledger.writer();
        await store.append(0, batch('a', 1));
        expect(texts(await other.read(0, ALL))).toEqual(['0 a0']);
        await other.append(1, batch('b', 1));
        expect(await store.last()).toBe(1);
        await expect(store.append(1, batch('c', 1))).rejects.toThrow(Conflict);
      });
    });

    describe('a lost answer', () => {
      const ours = batch('ours', 3);

      it('is acknowledged when our bytes lie there', async () => {
        await store.append(0, ours);
        expect(await readBack(store, 0, ours)).toBe('stored');
      });

      it('is still acknowledged when another writer has gone on since', async () => {
        await store.append(0, ours);
        await (await ledger.writer()).append(3, batch('theirs', 2));
        expect(await readBack(store, 0, ours)).toBe('stored');
      });

      it('leaves a batch that was never stored to be sent again, byte for byte', async () => {
        expect(await readBack(store, 0, ours)).toBe('absent');
        expect(await store.append(0, ours)).toEqual({ last: 2 });
      });

      it('never doubles: the batch sent again after it was stored is a conflict, and reading back finds it', async () => {
        await store.append(0, ours);
        await expect(store.append(0, ours)).rejects.toThrow(Conflict);
        expect(await readBack(store, 0, ours)).toBe('stored');
        expect(await store.last()).toBe(2);
      });

      it('gives way when another writer came in between instead of us', async () => {
        await (await ledger.writer()).append(0, batch('theirs', 1));
        await expect(store.append(0, ours)).rejects.toThrow(Conflict);
        expect(await readBack(store, 0, ours)).toBe('overtaken');
      });

      it('never acknowledges the same ids with other bytes, in the head, in the annex or in its absence', async () => {
        const stored = [{ head: utf8('{"id":"1","data":1}'), annex: utf8('salt') }];
        const likes = [
          [{ head: utf8('{"id":"1","data":2}'), annex: utf8('salt') }],
          [{ head: utf8('{"id":"1","data":1}'), annex: utf8('pepper') }],
          [{ head: utf8('{"id":"1","data":1}'), annex: null }],
          [{ head: utf8('{"id":"1","data":1}'), annex: new Uint8Array(0) }],
        ];
        await store.append(0, stored);
        for (const like of likes) {
          await expect(store.append(0, like)).rejects.toThrow(Conflict);
          expect(await readBack(store, 0, like)).toBe('overtaken');
        }
        await expect(store.append(0, stored)).rejects.toThrow(Conflict);
        expect(await readBack(store, 0, stored)).toBe('stored');
      });

      it('is settled for a batch larger than one read', async () => {
        const large = Array.from({ length: 5 }, (_, i) => ({ head: Buffer.alloc(80_000, i), annex: Buffer.alloc(80_000, i) }));
        await store.append(0, large);
        expect(await readBack(store, 0, large)).toBe('stored');
        expect(await readBack(store, 0, [...large, ...batch('more', 1)])).toBe('overtaken');
      });
    });

    describe('reading', () => {
      it('brings every byte back as it came: no bytes, any bytes, the largest event of a ledger', async () => {
        const records: StoredRecord[] = [
          { head: utf8('{"å":1}'), annex: null },
          { head: utf8('{}'), annex: new Uint8Array(0) },
          { head: new Uint8Array(0), annex: utf8('only an annex') },
          { head: Uint8Array.from({ length: 256 }, (_, i) => i), annex: new Uint8Array([0, 0xff, 0xfe, 0xc3, 0x28, 0]) },
          { head: noise(EVENT_BYTES - 400_000), annex: noise(300_000) },
          { head: noise(64).subarray(3, 9), annex: noise(64).subarray(1, 1) },
        ];
        await store.append(0, records);
        const found = await store.read(0, ALL);
        expect(found.map(hex)).toEqual(records.map((record, seq) => hex({ seq, ...record })));
      });

      it('keeps its own copy: what the caller does with its bytes afterwards changes nothing', async () => {
        const head = utf8('before');
        await store.append(0, [{ head, annex: head }]);
        head.fill(0);
        const [found] = await store.read(0, ALL);
        found!.head.fill(1);
        expect(texts(await store.read(0, ALL))).toEqual(['0 before']);
      });

      it('starts where it is asked to and stops at the number of records', async () => {
        await store.append(0, batch('a', 10));
        expect(texts(await store.read(4, { records: 3, bytes: 1 << 20 }))).toEqual(['4 a4', '5 a5', '6 a6']);
        expect(texts(await store.read(9, { records: 3, bytes: 1 << 20 }))).toEqual(['9 a9']);
      });

      it('stops before the bytes, heads and annexes together, are more than asked for', async () => {
        await store.append(
          0,
          Array.from({ length: 10 }, () => ({ head: Buffer.alloc(60), annex: Buffer.alloc(40) })),
        );
        expect(await store.read(0, { records: 100, bytes: 300 })).toHaveLength(3);
        expect(await store.read(0, { records: 100, bytes: 399 })).toHaveLength(3);
        expect(await store.read(0, { records: 2, bytes: 399 })).toHaveLength(2);
      });

      it('brings at least one record, however small the limit', async () => {
        await store.append(0, [...batch('a', 1), { head: noise(EVENT_BYTES), annex: null }, ...batch('b', 1)]);
        expect((await store.read(0, { records: 100, bytes: 0 })).map(({ seq }) => seq)).toEqual([0]);
        expect((await store.read(1, { records: 100, bytes: 10 })).map(({ seq }) => seq)).toEqual([1]);
      });

      it('goes on where the last read stopped, and so brings the whole ledger', async () => {
        await store.append(0, batch('a', 100));
        const found: SequencedRecord[] = [];
        for (
          let part = await store.read(0, { records: 7, bytes: 12 });
          part.length > 0;
          part = await store.read(found.length, { records: 7, bytes: 12 })
        )
          found.push(...part);
        expect(found.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, i) => i));
      });

      it('while somebody appends it sees a prefix of whole batches, and never less than before', async () => {
        const reader = await (ledger.reader ?? ledger.writer)();
        let appending = true;
        const appends = (async () => {
          for (let at = 0; at < 120; at += 3) {
            await store.append(at, batch(`${at}-`, 3));
            await new Promise((next) => setImmediate(next));
          }
          appending = false;
        })();
        let most = 0;
        do {
          const found = await reader.read(0, ALL);
          expect(found.map(({ seq }) => seq)).toEqual(Array.from(found.keys()));
          expect(found.length % 3).toBe(0);
          expect(found.length).toBeGreaterThanOrEqual(most);
          most = found.length;
          await new Promise((next) => setImmediate(next));
        } while (appending);
        await appends;
        expect(await reader.read(0, ALL)).toHaveLength(120);
      });

      it('a limit or a seq that is none is a bug of the caller', async () => {
        await expect(store.read(-1, ALL)).rejects.toThrow(RangeError);
        await expect(store.read(0, { records: 0, bytes: 1 })).rejects.toThrow(RangeError);
      });
    });

    describe('opening and closing', () => {
      it('everything is there when the ledger is opened again, and appending goes on', async () => {
        await store.append(0, batch('a', 3));
        await store.close();
        const again = await ledger.writer();
        expect(await again.last()).toBe(2);
        expect(texts(await again.read(0, ALL))).toEqual(['0 a0', '1 a1', '2 a2']);
        expect(await again.append(3, batch('b', 1))).toEqual({ last: 3 });
      });

      it('a closed store says so', async () => {
        await store.close();
        for (const call of [() => store.append(0, batch('a', 1)), () => store.read(0, ALL), () => store.last()]) {
          const error = await call().catch((reason: unknown) => reason);
          expect(error).toBeInstanceOf(StoreUnavailable);
          expect(error).toMatchObject({ reason: 'closed' });
        }
      });

      it('closing twice does no harm', async () => {
        await store.close();
        await store.close();
      });
    });
  });
}

/** `count` small records whose heads read `<prefix>0`, `<prefix>1` …; every second one with an annex. */
export function batch(prefix: string, count: number): StoredRecord[] {
  return Array.from({ length: count }, (_, i) => ({ head: utf8(`${prefix}${i}`), annex: i % 2 ? utf8('annex') : null }));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function texts(records: readonly SequencedRecord[]): string[] {
  return records.map(({ seq, head }) => `${seq} ${new TextDecoder().decode(head)}`);
}

function hex({ seq, head, annex }: SequencedRecord): string {
  return `${seq} ${Buffer.from(head).toString('hex')} ${annex === null ? 'null' : Buffer.from(annex).toString('hex')}.`;
}

/** Bytes that no encoding survives, the same in every run. */
function noise(length: number): Uint8Array {
  let x = 2_463_534_242;
  return Uint8Array.from({ length }, () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x & 0xff;
  });
}
