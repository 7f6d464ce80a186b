/** The store in memory keeps the contract, and fails as it is told to. */
import { describe, expect, it } from '@jest/globals';
import { batch, eventStoreContract } from './contract.js';
import { MemoryStore } from './memory.js';
import { Conflict, ResultUnknown, StoreUnavailable } from './port.js';
import type { StoredRecord } from './port.js';
import { readBack } from './read-back.js';

eventStoreContract('the store in memory', async () => {
  const log: StoredRecord[] = [];
  return { writer: async () => new MemoryStore(log), remove: async () => {} };
});

describe('the faults of the store in memory', () => {
  const ours = batch('ours', 2);
  const theirs = batch('theirs', 1);

  it('an answer lost after the append leaves the batch stored', async () => {
    const store = new MemoryStore().script('answer-lost');
    await expect(store.append(0, ours)).rejects.toThrow(ResultUnknown);
    expect(await readBack(store, 0, ours)).toBe('stored');
  });

  it('a request that never arrived leaves it absent', async () => {
    const store = new MemoryStore().script('request-lost');
    await expect(store.append(0, ours)).rejects.toThrow(ResultUnknown);
    expect(await readBack(store, 0, ours)).toBe('absent');
  });

  it('another writer in between is a conflict, or unknown when the answer is lost too', async () => {
    const heard = new MemoryStore().script({ overtakenBy: theirs });
    await expect(heard.append(0, ours)).rejects.toThrow(Conflict);
    const unheard = new MemoryStore().script({ overtakenBy: theirs, answerLost: true });
    await expect(unheard.append(0, ours)).rejects.toThrow(ResultUnknown);
    for (const store of [heard, unheard]) expect(await readBack(store, 0, ours)).toBe('overtaken');
  });

  it('another writer may go on before the caller looks', async () => {
    const store = new MemoryStore().script({ then: theirs });
    await expect(store.append(0, ours)).rejects.toThrow(ResultUnknown);
    expect(await readBack(store, 0, ours)).toBe('stored');
    expect(await store.last()).toBe(2);
  });

  it('a store that is not available has stored nothing, and comes back', async () => {
    const store = new MemoryStore().script('none', { unavailable: 'disk-full' });
    await store.append(0, ours);
    const error = await store.append(2, theirs).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ reason: 'disk-full' });
    expect(await store.append(2, theirs)).toEqual({ last: 2 });
  });
});
