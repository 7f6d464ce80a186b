/** The store as a folder uses it: trouble is told when it comes and when it goes, each append is seen, and a log never gets shorter. */
import { describe, expect, it } from '@jest/globals';
import { MemoryStore, type StoredRecord } from '#eventstore';
import { WatchedStore, type AppendOutcome } from './watch.js';

const record = (text: string): StoredRecord => ({ head: Buffer.from(text), annex: null });
const seen = () => {
  const [told, appends, log] = [
    [] as string[],
    [] as (readonly [seq: number, records: number, bytes: number, outcome: AppendOutcome])[],
    [] as StoredRecord[],
  ];
  const memory = new MemoryStore(log);
  const watch = {
    command: () => () => {},
    append: (seq: number, records: number, bytes: number) => (outcome: AppendOutcome) => void appends.push([seq, records, bytes, outcome]),
  };
  return {
    store: new WatchedStore(memory, watch, (_, about, facts) => told.push(`${about} ${facts?.['reason'] ?? ''}`.trim())),
    memory,
    told,
    appends,
    log,
  };
};

describe('a watched store', () => {
  it('tells how each append ended', async () => {
    const { store, memory, appends } = seen();
    memory.script('none', 'answer-lost', { unavailable: 'disk-full' }, { overtakenBy: [record('x')] });
    await store.append(0, [record('ab'), record('c')]);
    for (const expected of [2, 3, 3]) await expect(store.append(expected, [record('d')])).rejects.toThrow();
    expect(appends).toEqual([
      [0, 2, 3, 'stored'],
      [2, 1, 1, 'unknown'],
      [3, 1, 1, 'failed'],
      [3, 1, 1, 'conflict'],
    ]);
  });

  it('tells of trouble once when it comes and once when it goes; a conflict is none', async () => {
    const { store, memory, told } = seen();
    memory.script({ unavailable: 'disk-full' }, { unavailable: 'io-error' }, 'request-lost', { overtakenBy: [record('x')] });
    for (let n = 0; n < 3; n += 1) await expect(store.append(0, [record('a')])).rejects.toThrow();
    expect([told, store.trouble?.name]).toEqual([['store-trouble disk-full'], 'ResultUnknown']);
    await expect(store.append(0, [record('a')])).rejects.toThrow('is not the next');
    expect([told, store.trouble]).toEqual([['store-trouble disk-full', 'store-back'], null]);
    await store.close();
    await expect(store.last()).rejects.toThrow('closed');
    expect(store.trouble).toBeNull();
  });

  it('does not believe that the log has become shorter', async () => {
    const { store, log, told } = seen();
    await store.append(0, [record('a'), record('b')]);
    expect(await store.read(2, { records: 9, bytes: 9 })).toEqual([]);
    const held = log.splice(0);
    await expect(store.last()).rejects.toMatchObject({ reason: 'unreachable' });
    await expect(store.read(1, { records: 9, bytes: 9 })).rejects.toMatchObject({ reason: 'unreachable' });
    expect(told).toEqual(['store-trouble unreachable']);
    log.push(...held, record('c'));
    expect([await store.last(), told.at(-1), store.trouble]).toEqual([2, 'store-back', null]);
    expect((await store.read(1, { records: 9, bytes: 9 })).map(({ seq }) => seq)).toEqual([1, 2]);
  });
});
