/**
 * Annexes on an event store server are covered by pads that are written first. What may go wrong in between, played by the scripted
 * server: a lost answer, a crash, another writer, an erased annex, a missing pad. And that no byte of a pad ever covers two annexes.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openKurrentStore } from '../../libs/eventstore/src/kurrentdb.js';
import { Conflict, type EventStore, type SequencedRecord, type StoredRecord } from '../../libs/eventstore/src/port.js';
import { readBack } from '../../libs/eventstore/src/read-back.js';
import { utf8 } from '../../libs/eventstore/src/contract.js';
import { ScriptedServer, type AppendFault } from './scripted-server.js';

const STREAM = 'ledger';
const all = { records: 10_000, bytes: 1 << 26 };
const withAnnexes = (prefix: string, count: number): StoredRecord[] =>
  Array.from({ length: count }, (_, i) => ({ head: utf8(`${prefix}${i}`), annex: utf8(`annex of ${prefix}${i}`) }));

let server: ScriptedServer;
const opened: EventStore[] = [];
const open = (): EventStore => {
  opened.push(openKurrentStore(server.address, STREAM));
  return opened.at(-1)!;
};
beforeEach(async () => void (server = await new ScriptedServer().start()));
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  server.stop();
});

const texts = (found: readonly SequencedRecord[]) =>
  found.map(({ head, annex }) => `${Buffer.from(head).toString()}: ${annex === null ? 'none' : Buffer.from(annex).toString()}`);
const pads = (): string[] => [...server.log.keys()].filter((stream) => stream.includes('-pad-'));
type Stretch = { readonly pad: string; readonly at: number; readonly bytes: number };
/** What every event that was ever sent, stored or not, was covered with; the very same bytes sent again count once. */
const covered = (): Stretch[] =>
  [...new Set(server.asked.filter(({ stream }) => stream === STREAM).map(({ metadata }) => Buffer.from(metadata).toString()))]
    .filter((metadata) => metadata !== '')
    .map((metadata) => {
      const [pad, at, base64] = (JSON.parse(metadata) as { annex: [string, number, string] }).annex;
      return { pad, at, bytes: Buffer.from(base64, 'base64').length };
    });

describe('an annex on the server', () => {
  it('is not to be read in its event, nor in its pad', async () => {
    await open().append(0, [{ head: utf8('{}'), annex: utf8('Åsa Öberg, 19850101-1234') }]);
    for (const { data, metadata } of server.asked)
      for (const bytes of [Buffer.from(data), Buffer.from(metadata)])
        for (const part of ['Åsa', '1985', Buffer.from('Åsa Öb').toString('base64')]) expect(bytes.includes(part)).toBe(false);
  });

  it('is stored by the same append as its head, and nothing is written for one that is absent or empty', async () => {
    const store = open();
    await store.append(0, [
      { head: utf8('0'), annex: null },
      { head: utf8('1'), annex: new Uint8Array(0) },
    ]);
    expect(pads()).toEqual([]);
    await store.append(2, withAnnexes('a', 20));
    expect([server.appends, pads().length]).toEqual([2, 1]);
    const found = await open().read(0, all);
    expect(found.slice(0, 2).map(({ annex }) => annex)).toEqual([null, new Uint8Array(0)]);
    expect(texts(found.slice(2))).toEqual(
      withAnnexes('a', 20).map(({ head }) => `${String(Buffer.from(head))}: annex of ${String(Buffer.from(head))}`),
    );
  });

  it('comes from pads that grow with what is written, each read once for many', async () => {
    const store = open();
    for (let at = 0; at < 4_000; at += 400)
      await store.append(
        at,
        Array.from({ length: 400 }, (_, i) => ({ head: utf8(`${at + i}`), annex: Buffer.alloc(170, i) })),
      );
    const sizes = pads().map((stream) => server.log.get(stream)![0]!.data.length);
    expect(sizes[0]).toBe(4 * 1024);
    expect(Math.max(...sizes)).toBe(128 * 1024);
    expect(pads().length).toBeLessThan(14);
    const found = await open().read(0, all);
    expect(found.every(({ seq, annex }) => annex!.length === 170 && annex!.every((byte) => byte === (seq % 400) % 256))).toBe(true);
  });
});

describe('a pad whose answer is lost', () => {
  it.each(
    (['drop', 'cut', 'timeout'] as const).flatMap((fault): AppendFault[] => [
      { fault, stored: true },
      { fault, stored: false },
    ]),
  )('$fault, stored: $stored: another takes its place, and the events are there once', async (fault) => {
    const store = open();
    server.padFaults.push(fault);
    expect(await store.append(0, withAnnexes('a', 2))).toEqual({ last: 1 });
    expect([server.appends, pads().length]).toEqual([1, fault.stored ? 2 : 1]);
    expect(texts(await open().read(0, all))).toEqual(['a0: annex of a0', 'a1: annex of a1']);
  });

  it.each(['silent', 'end', 'denied'] as const)('%s to the end: the batch is not stored, and is said not to be', async (fault) => {
    const store = open();
    await store.last();
    server.padFaults.push({ fault, stored: false });
    await expect(store.append(0, withAnnexes('a', 2))).rejects.toMatchObject({
      name: 'StoreUnavailable',
      reason: fault === 'denied' ? 'denied' : 'unreachable',
    });
    expect([server.appends, await store.last()]).toEqual([0, -1]);
    expect(await store.append(0, withAnnexes('a', 2))).toEqual({ last: 1 });
  });

  it('refused while the one before is still in use: nobody notices', async () => {
    const store = open();
    await store.append(0, withAnnexes('a', 2));
    server.padFaults.push({ fault: 'denied', stored: false });
    for (let at = 2; at < 60; at += 2)
      await store.append(
        at,
        [0, 1].map((i) => ({ head: utf8(`${at + i}`), annex: Buffer.alloc(150, at) })),
      );
    expect(server.padFaults).toEqual([]);
    const found = (await open().read(2, all)).map(({ annex }) => annex![0]);
    expect(found).toEqual(Array.from({ length: 58 }, (_, i) => i - (i % 2) + 2));
  });
});

describe('a process that dies between a pad and its event', () => {
  it('leaves a pad that no event names, and the next one goes on', async () => {
    server.faults.push({ fault: 'drop', stored: false });
    await expect(open().append(0, withAnnexes('a', 2))).rejects.toMatchObject({ name: 'ResultUnknown' });
    expect([pads().length, server.log.has(STREAM)]).toEqual([1, false]);
    const next = open();
    expect(await next.last()).toBe(-1);
    await next.append(0, withAnnexes('b', 2));
    expect(texts(await open().read(0, all))).toEqual(['b0: annex of b0', 'b1: annex of b1']);
  });
});

describe('a lost answer with annexes', () => {
  it('is ours though the annex was covered anew, and is not where another annex lies under the same head', async () => {
    const [store, ours] = [open(), withAnnexes('a', 2)];
    server.faults.push({ fault: 'drop', stored: true });
    await expect(store.append(0, ours)).rejects.toMatchObject({ name: 'ResultUnknown' });
    await expect(store.append(0, ours)).rejects.toThrow(Conflict);
    expect(await readBack(store, 0, ours)).toBe('stored');
    expect(await readBack(open(), 0, ours)).toBe('stored');
    expect(await readBack(open(), 0, [ours[0]!, { ...ours[1]!, annex: utf8('another 1 1') }])).toBe('overtaken');
  });
});

describe('an erased annex', () => {
  const erase = (pad: string, at: number, bytes: number): void => {
    const stream = `${STREAM}-pad-${pad}`;
    const data = Uint8Array.from(server.log.get(stream)![0]!.data).fill(0, at, at + bytes);
    server.put(stream, [{ data, metadata: utf8(JSON.stringify({ erased: [[at, bytes]] })), type: 'liggaren' }]);
  };

  it('is null, the ones beside it stay, and the ledger goes on', async () => {
    await open().append(0, withAnnexes('a', 3));
    const { pad, at, bytes } = covered()[1]!;
    erase(pad, at, bytes);
    const store = open();
    expect(texts(await store.read(0, all))).toEqual(['a0: annex of a0', 'a1: none', 'a2: annex of a2']);
    await store.append(3, withAnnexes('b', 1));
    expect(texts(await store.read(2, all))).toEqual(['a2: annex of a2', 'b0: annex of b0']);
  });
});

describe('a pad that is gone or cut short', () => {
  it.each([
    ['gone', (stream: string) => server.log.delete(stream)],
    ['cut short', (stream: string) => server.log.set(stream, [{ ...server.log.get(stream)![0]!, data: new Uint8Array(3) }])],
  ])('%s: damaged, and it names the event', async (_, harm) => {
    await open().append(0, [{ head: utf8('0'), annex: null }, ...withAnnexes('a', 2)]);
    harm(pads()[0]!);
    await expect(open().read(0, all)).rejects.toMatchObject({ reason: 'damaged', message: expect.stringContaining('event 1') });
  });
});

it('whatever two writers do, lose and meet, no byte of a pad covers two annexes and every annex comes back', async () => {
  const step = fc.record({
    writer: fc.integer({ min: 0, max: 1 }),
    annexes: fc.array(fc.uint8Array({ maxLength: 3_000 }), { minLength: 1, maxLength: 5 }),
    late: fc.boolean(),
    fault: fc.option(
      fc.constantFrom<AppendFault>(
        { fault: 'drop', stored: true },
        { fault: 'drop', stored: false },
        { fault: 'not-ready', stored: false },
      ),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      server.log.clear();
      server.asked.length = 0;
      const writers = [open(), open()];
      const stored: StoredRecord[] = [];
      for (const { writer, annexes, late, fault } of steps) {
        const store = writers[writer]!;
        const records = annexes.map((annex, i) => ({ head: utf8(`${stored.length}.${i}`), annex }));
        if (late && stored.length > 0) await expect(store.append(0, records)).rejects.toThrow(Conflict);
        if (fault) server.faults.push(fault);
        const expected = stored.length;
        const standing = await store.append(expected, records).then(
          () => 'stored',
          () => readBack(store, expected, records),
        );
        if (standing === 'absent') await store.append(expected, records);
        stored.push(...records);
      }
      if (stored.length > 0) expect(await readBack(open(), 0, stored)).toBe('stored');
      const stretches = covered().filter(({ bytes }) => bytes > 0);
      stretches.sort((a, b) => (a.pad < b.pad ? -1 : a.pad > b.pad ? 1 : a.at - b.at));
      for (const [i, { pad, at, bytes }] of stretches.entries())
        if (stretches[i + 1]?.pad === pad) expect(stretches[i + 1]!.at).toBeGreaterThanOrEqual(at + bytes);
      for (const store of opened.splice(0)) await store.close();
    }),
    { numRuns: 25 },
  );
}, 60_000);
