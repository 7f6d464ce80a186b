/** Taking back: what was tried and did not become durable leaves no trace. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Journal, Sums, Table } from './journal.js';

const change = fc.record({ key: fc.constantFrom('a', 'b', 'c'), value: fc.option(fc.integer()), mark: fc.boolean() });

describe('the journal', () => {
  it('takes a table back to any mark, as it was', () =>
    fc.assert(
      fc.property(fc.array(change), fc.array(change), (before, tried) => {
        const journal = new Journal();
        const table = new Table<number>(journal);
        const make = ({ key, value }: { key: string; value: number | null }) =>
          value === null ? table.delete(key) : table.set(key, value);
        before.forEach(make);
        const standing = new Map(table.entries());
        journal.record();
        tried.forEach(make);
        journal.undoTo(0);
        expect(new Map(table.entries())).toEqual(standing);
        expect([...table.keys()].every((key) => table.has(key))).toBe(true);
        expect(table.size).toBe(standing.size);
      }),
    ));
  it('takes back to a mark in the middle only what came after', () => {
    const journal = new Journal();
    const sums = new Sums(journal);
    journal.record();
    sums.add('9916', 100);
    const mark = journal.mark();
    sums.add('9916', 50);
    sums.add('9917', 1);
    journal.undoTo(mark);
    expect([sums.of('9916'), sums.of('9917'), sums.has('9917')]).toEqual([100n, 0n, false]);
  });
  it('takes nothing back once it is kept', () => {
    const journal = new Journal();
    const table = new Table<number>(journal);
    journal.record();
    table.set('a', 1);
    journal.keep();
    journal.undoTo(0);
    expect(table.get('a')).toBe(1);
  });
  it('remembers nothing while the log is read: that is durable already', () => {
    const journal = new Journal();
    const table = new Table<number>(journal);
    table.set('a', 1);
    journal.record();
    journal.pause();
    table.set('b', 2);
    journal.record();
    journal.undoTo(0);
    expect([...table.entries()]).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });
  it('sums beyond what a number can hold', () => {
    const sums = new Sums(new Journal());
    for (let i = 0; i < 3; i += 1) sums.add('all', Number.MAX_SAFE_INTEGER);
    expect(sums.of('all')).toBe(3n * BigInt(Number.MAX_SAFE_INTEGER));
  });
});
