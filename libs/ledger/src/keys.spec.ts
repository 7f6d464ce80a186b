/** Which commands were acknowledged: against a plain map, through growth, taking back, saving and restoring. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Journal } from './journal.js';
import { Keys } from './keys.js';

const word = (number: number) => (number >>> 0).toString(16).padStart(8, '0');
/** Few different ids, many of which want the same slot. */
const ids = fc
  .tuple(fc.constantFrom(0, 1, 1023, 1024, 0xffffffff), fc.integer({ min: 0, max: 40 }))
  .map(([high, low]) => `${word(high)}-0000-8000-8000-0000${word(low)}`);
const many = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `${word((from + i) * 2_654_435_761)}-0000-8000-8000-0000${word((from + i) * 97)}`);

describe('the keys', () => {
  it('find what was added, first holder first, and take back what was tried, to the last bit', () =>
    fc.assert(
      fc.property(fc.array(ids, { maxLength: 60 }), fc.array(ids, { maxLength: 60 }), (durable, tried) => {
        const journal = new Journal();
        const keys = new Keys(journal);
        const model = new Map<string, number>();
        durable.forEach((id, seq) => {
          keys.add(id, seq);
          if (!model.has(id)) model.set(id, seq);
        });
        const before = keys.saved();
        journal.record();
        tried.forEach((id, seq) => keys.add(id, 1_000 + seq));
        for (const id of tried) expect(keys.find(id)).not.toBeNull();
        journal.undoTo(0);
        expect(keys.saved()).toEqual(before);
        for (const id of [...durable, ...tried]) expect(keys.find(id)).toBe(model.get(id) ?? null);
      }),
    ));
  it('grow without losing any, and shrink back when that is taken back', () => {
    const journal = new Journal();
    const keys = new Keys(journal);
    const [durable, tried] = [many(0, 500), many(500, 5_000)];
    durable.forEach((id, seq) => keys.add(id, seq));
    const before = keys.saved();
    journal.record();
    tried.forEach((id, seq) => keys.add(id, 500 + seq));
    [...durable, ...tried].forEach((id, seq) => expect(keys.find(id)).toBe(seq));
    journal.undoTo(0);
    expect(keys.saved()).toEqual(before);
    durable.forEach((id, seq) => expect(keys.find(id)).toBe(seq));
    for (const id of tried) expect(keys.find(id)).toBeNull();
  });
  it('are what they were when saved and restored, and go on from there', () => {
    const keys = new Keys(new Journal());
    many(0, 3_000).forEach((id, seq) => keys.add(id, seq));
    const restored = new Keys(new Journal(), keys.saved());
    expect(restored.saved()).toEqual(keys.saved());
    for (const both of [keys, restored]) many(3_000, 100).forEach((id, seq) => both.add(id, 3_000 + seq));
    expect(restored.saved()).toEqual(keys.saved());
  });
  it('give no hint for what never was', () => expect(new Keys(new Journal()).find(many(1, 1)[0]!)).toBeNull());
});
