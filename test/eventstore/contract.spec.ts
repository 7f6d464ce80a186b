/**
 * The same contract as for the embedded store, on a real server of EventStoreDB or KurrentDB, and what is particular there: annexes
 * under pads, the bound of one append, deleted streams, the doorbell.
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { batch, eventStoreContract, utf8 } from '../../libs/eventstore/src/contract.js';
import { openKurrentStore } from '../../libs/eventstore/src/kurrentdb.js';
import { serverAddress } from '../../libs/eventstore/src/kurrentdb-address.js';
import type { EventStore, SequencedRecord } from '../../libs/eventstore/src/port.js';
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

    it('a head is the data of a binary event, byte for byte; its annex is in the same event, covered by a pad', () =>
      withStore(async (store, stream, client) => {
        const annex = utf8('Åsa Öberg');
        await store.append(0, [{ head: utf8('{"a":1}'), annex }]);
        const { event, pad, at, covered } = await coveredAt(client, stream, 0);
        expect(event).toMatchObject({ isJson: false, revision: 0n, type: 'liggaren' });
        expect(Buffer.from(event.data as Uint8Array).toString()).toBe('{"a":1}');
        expect(covered.equals(annex)).toBe(false);
        for await (const { event } of client.readStream(pad)) {
          const bytes = event!.data as Uint8Array;
          expect(Uint8Array.from(covered, (byte, i) => byte ^ bytes[at + i]!)).toEqual(annex);
        }
      }));

    it('one annex is erased by cutting it out of its pad: null there, the others stay, and every head', () =>
      withStore(async (store, stream, client) => {
        await store.append(
          0,
          ['stays', 'erase me', 'stays too'].map((text, i) => ({ head: utf8(`${i}`), annex: utf8(text) })),
        );
        const { pad, at, covered } = await coveredAt(client, stream, 1);
        for await (const { event } of client.readStream(pad)) {
          const data = Uint8Array.from(event!.data as Uint8Array).fill(0, at, at + covered.length);
          const metadata = utf8(JSON.stringify({ erased: [[at, covered.length]] }));
          await client.appendToStream(pad, binaryEvent({ type: 'liggaren', data, metadata }), { expectedRevision: 0n });
        }
        await client.setStreamMetadata(pad, { truncateBefore: 1 });
        const later = openKurrentStore(address, stream, PATIENT);
        expect(annexes(await later.read(0, all))).toEqual(['stays', null, 'stays too']);
        await later.close();
        await store.append(3, [{ head: utf8('3'), annex: utf8('later') }]);
      }));

    it('a pad that was deleted for good leaves the heads, and null where the annexes were', () =>
      withStore(async (store, stream, client) => {
        await store.append(0, [{ head: utf8('0'), annex: utf8('erase me') }]);
        const other = openKurrentStore(address, stream, PATIENT);
        await other.append(1, [{ head: utf8('1'), annex: utf8('stays') }]);
        await other.close();
        await client.tombstoneStream((await coveredAt(client, stream, 0)).pad);
        const later = openKurrentStore(address, stream, PATIENT);
        const found = await later.read(0, all);
        expect(found.map(({ head }) => Buffer.from(head).toString())).toEqual(['0', '1']);
        expect(annexes(found)).toEqual([null, 'stays']);
        await later.close();
      }));

    it('a pad that is missing for no reason is damage, not an erased annex', () =>
      withStore(async (store, stream, client) => {
        await store.append(0, [{ head: utf8('0'), annex: utf8('gone') }]);
        await client.deleteStream((await coveredAt(client, stream, 0)).pad);
        const later = openKurrentStore(address, stream, PATIENT);
        await expect(later.read(0, all)).rejects.toMatchObject({ name: 'StoreUnavailable', reason: 'damaged' });
        await later.close();
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

    it('annexes larger than a pad, and many that fill several, come back as they were', () =>
      withStore(async (store, stream) => {
        let at = 0;
        for (const [count, bytes] of [
          [3, 200_000],
          [400, 1_000],
          [200, 2_500],
        ] as const) {
          const records = Array.from({ length: count }, (_, i) => ({ head: utf8(`${i}`), annex: Buffer.alloc(bytes, i) }));
          await store.append(at, records);
          const later = openKurrentStore(address, stream, PATIENT);
          expect(await readBack(later, at, records)).toBe('stored');
          await later.close();
          at += count;
        }
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

/** An event as the server has it, and its annex as it was covered. @returns `pad` as the name of its stream */
async function coveredAt(client: EventStoreDBClient, stream: string, seq: number) {
  const events = [];
  for await (const { event } of client.readStream(stream, { fromRevision: BigInt(seq), maxCount: 1 })) events.push(event!);
  const [pad, at, bytes] = (events[0]!.metadata as { annex: [string, number, string] }).annex;
  return { event: events[0]!, pad: `${stream}-pad-${pad}`, at, covered: Buffer.from(bytes, 'base64') };
}

const annexes = (found: readonly SequencedRecord[]) => found.map(({ annex }) => annex && Buffer.from(annex).toString());

async function until(is: () => boolean): Promise<void> {
  for (let waited = 0; !is(); waited += 20) {
    if (waited > 20_000) throw new Error('waited in vain');
    await pause(20);
  }
}
