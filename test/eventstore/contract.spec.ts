/**
 * The same contract as for the embedded store, on a real server of EventStoreDB or KurrentDB, and what is particular there: annexes in
 * streams of their own, the bound of one append, deleted streams, the doorbell.
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { batch, eventStoreContract, utf8 } from '../../libs/eventstore/src/contract.js';
import { openKurrentStore } from '../../libs/eventstore/src/kurrentdb.js';
import { serverAddress } from '../../libs/eventstore/src/kurrentdb-address.js';
import type { EventStore } from '../../libs/eventstore/src/port.js';
import { MemoryStore } from '../../libs/eventstore/src/memory.js';
import { readBack } from '../../libs/eventstore/src/read-back.js';
import { copyStore } from '../../libs/eventstore/src/store-copy.js';
import { newStream, testServer } from './servers.js';

const server = await testServer();
const { address } = server;
if (address === null) process.stderr.write(`The contract did not run on an event store server: ${server.unavailable}.\n`);
/** A busy test machine may pause for seconds; the times themselves are tested on a scripted server. */
const PATIENT = { appendMs: 20_000, readMs: 20_000, firstMs: 30_000 };
afterAll(() => server.remove());

if (address === null) {
  describe('the event store server', () => {
    it.skip(`keeps the contract (skipped: ${server.unavailable})`, () => {});
  });
} else {
  eventStoreContract('the event store server', async () => {
    const stream = newStream();
    const opened: EventStore[] = [];
    return {
      writer: async () => {
        const store = openKurrentStore(address, stream, PATIENT);
        opened.push(store);
        return store;
      },
      remove: async () => {
        for (const one of opened) await one.close();
      },
    };
  });

  describe('on the event store server', () => {
    const all = { records: 1_000, bytes: 1 << 26 };
    const withStore = async (use: (store: EventStore, stream: string, client: EventStoreDBClient) => Promise<void>): Promise<void> => {
      const stream = newStream();
      const store = openKurrentStore(address, stream, PATIENT);
      const client = EventStoreDBClient.connectionString(serverAddress(address).connection);
      try {
        await use(store, stream, client);
      } finally {
        await store.close();
        await client.dispose();
      }
    };

    it('a head is the data of a binary event, byte for byte, and its annex is in a stream of its own', () =>
      withStore(async (store, stream, client) => {
        await store.append(0, [{ head: utf8('{"a":1}'), annex: utf8('Åsa') }]);
        for await (const { event } of client.readStream(stream)) {
          expect(event).toMatchObject({ isJson: false, revision: 0n, type: 'liggaren' });
          expect(Buffer.from(event!.data as Uint8Array).toString()).toBe('{"a":1}');
          const [id] = (event!.metadata as { annex: [string] }).annex;
          for await (const annex of client.readStream(`${stream}-annex-${id}`))
            expect(Buffer.from(annex.event!.data as Uint8Array).toString()).toBe('Åsa');
        }
      }));

    it('an annex stream that was deleted for good leaves the heads, and null where the annexes were', () =>
      withStore(async (store, stream, client) => {
        await store.append(0, [{ head: utf8('0'), annex: utf8('erase me') }]);
        await store.append(1, [{ head: utf8('1'), annex: utf8('stays') }]);
        for await (const { event } of client.readStream(stream, { maxCount: 1 }))
          await client.tombstoneStream(`${stream}-annex-${(event!.metadata as { annex: [string] }).annex[0]}`);
        const found = await store.read(0, all);
        expect(found.map(({ head, annex }) => [Buffer.from(head).toString(), annex && Buffer.from(annex).toString()])).toEqual([
          ['0', null],
          ['1', 'stays'],
        ]);
      }));

    it('an annex that is missing for no reason is damage, not an erased one', () =>
      withStore(async (store, stream, client) => {
        await store.append(0, [{ head: utf8('0'), annex: utf8('gone') }]);
        for await (const { event } of client.readStream(stream, { maxCount: 1 }))
          await client.deleteStream(`${stream}-annex-${(event!.metadata as { annex: [string] }).annex[0]}`);
        await expect(store.read(0, all)).rejects.toMatchObject({ name: 'StoreUnavailable', reason: 'damaged' });
      }));

    it("a ledger's stream that was deleted is damage too, never an empty ledger that numbers on", () =>
      withStore(async (store, stream, client) => {
        await store.append(0, batch('a', 3));
        await client.deleteStream(stream);
        const again = openKurrentStore(address, stream, PATIENT);
        await expect(again.append(0, batch('b', 1))).rejects.toMatchObject({ reason: 'damaged' });
        await again.close();
      }));

    it('a foreign event in the stream is refused, not taken for one of ours', () =>
      withStore(async (store, stream, client) => {
        const { jsonEvent } = await import('@eventstore/db-client');
        await client.appendToStream(stream, jsonEvent({ type: 'theirs', data: { a: 1 }, metadata: { by: 'them' } }));
        await expect(store.read(0, all)).rejects.toMatchObject({ reason: 'not-a-ledger' });
      }));

    it('more than the server takes at once is refused whole, also after a part of it would have fitted, and the next append goes on', () =>
      withStore(async (store) => {
        await store.append(0, batch('a', 1));
        const large = Array.from({ length: 3 }, () => ({ head: Buffer.alloc(7_000_000), annex: null }));
        await expect(store.append(1, large)).rejects.toMatchObject({ name: 'StoreUnavailable', reason: 'too-large' });
        const perhaps = Array.from({ length: 3 }, () => ({ head: Buffer.alloc(600_000), annex: null }));
        const outcome = await store.append(1, perhaps).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ reason: 'too-large' }); // unless this server was set to take more
        expect(await store.last()).toBe(outcome instanceof Error ? 0 : 3);
        await store.append((await store.last()) + 1, batch('b', 1));
      }));

    it('annexes that are too many for one append go to several streams', () =>
      withStore(async (store) => {
        const records = Array.from({ length: 5 }, (_, i) => ({ head: utf8(`${i}`), annex: Buffer.alloc(400_000, i) }));
        await store.append(0, records);
        expect(await readBack(store, 0, records)).toBe('stored');
      }));

    it('a ledger moves there and back with every byte', () =>
      withStore(async (store) => {
        const records = Array.from({ length: 2_000 }, (_, i) => ({
          head: Buffer.alloc(i % 50 === 0 ? 100_000 : 300, i),
          annex: i % 3 === 0 ? null : Buffer.alloc(i % 5, i),
        }));
        const there = await copyStore(new MemoryStore(records), store);
        const back = new MemoryStore();
        expect(await copyStore(store, back)).toEqual(there);
        expect(await readBack(back, 0, records)).toBe('stored');
      }));

    it('the doorbell rings for appends of another process, and for one that it missed while it was far behind', () =>
      withStore(async (store, stream) => {
        let rung = 0;
        store.watch!(() => rung++);
        await until(() => rung > 0); // connected
        const other = openKurrentStore(address, stream, PATIENT);
        const before = rung;
        await other.append(0, batch('a', 1));
        await until(() => rung > before);
        const large = Array.from({ length: 40 }, () => ({ head: Buffer.alloc(20_000), annex: null }));
        for (let at = 1; at < 1_600; at += 40) await other.append(at, large); // 32 MB that this side has to take in
        const far = rung;
        await other.append(1_601, batch('b', 1));
        await until(() => rung > far);
        await other.close();
      }));
  });
}

async function until(is: () => boolean): Promise<void> {
  for (let waited = 0; !is(); waited += 20) {
    if (waited > 20_000) throw new Error('waited in vain');
    await pause(20);
  }
}
