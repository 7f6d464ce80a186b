/** Which voucher numbers are taken, and where: against a plain map, in any order, through taking back, absorbing, saving and restoring. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Journal } from './journal.js';
import { Numbers, type Taken } from './numbers.js';

const series = fc.constantFrom('', 'A', 'LEV');
const number = fc.oneof(
  fc.integer({ min: 1, max: 60 }).map(String),
  fc.constantFrom('0', '007', 'K-1', '999999999999999', '1000000000000000'),
);
const print = fc.integer({ min: 0, max: 0xffffffff }).map((word) => word.toString(16).padStart(16, 'f'));
const adds = fc.uniqueArray(fc.record({ series, number, print }), { selector: (add) => `${add.series} ${add.number}`, maxLength: 80 });

const plain = Array.from({ length: 61 }, (_, i) => String(i));

class Model {
  readonly taken = new Map<string, Taken>();
  constructor(readonly numbers: Numbers) {}
  add(add: { series: string; number: string; print: string }, seq: number): void {
    this.numbers.add(add.series, add.number, seq, add.print);
    this.taken.set(`${add.series} ${add.number}`, { seq, fingerprint: add.print });
  }
  agrees(numbers = this.numbers): void {
    const asked = ['', 'A', 'LEV', 'B'].flatMap((name) =>
      [...plain, '007', 'K-1', '999999999999999', '1000000000000000'].map((text) => [name, text] as const),
    );
    expect(asked.map(([name, text]) => numbers.find(name, text))).toEqual(
      asked.map(([name, text]) => this.taken.get(`${name} ${text}`) ?? null),
    );
    expect(numbers.count).toBe(this.taken.size);
    for (const name of ['', 'A', 'LEV', 'B']) {
      const taken = [...this.taken.keys()].filter(
        (key) => key.startsWith(`${name} `) && /^[1-9]\d{0,14}$/.test(key.slice(name.length + 1)),
      );
      expect(numbers.highest(name)).toBe(Math.max(0, ...taken.map((key) => Number(key.slice(name.length + 1)))));
    }
  }
}

describe('the numbers of a book', () => {
  it('hold what a plain map would, added in any order', () =>
    fc.assert(
      fc.property(adds, (all) => {
        const model = new Model(new Numbers(new Journal()));
        all.forEach((add, seq) => model.add(add, seq));
        model.agrees();
        model.agrees(new Numbers(new Journal(), model.numbers.saved()));
      }),
    ));
  it('look the same whatever order they came in, and whatever was tried and taken back', () =>
    fc.assert(
      fc.property(adds, fc.nat(), (all, cut) => {
        const durable = all.slice(0, cut % (all.length + 1));
        const journal = new Journal();
        const model = new Model(new Numbers(journal));
        durable.forEach((add, seq) => model.add(add, seq));
        const before = model.numbers.saved();
        journal.record();
        all.slice(durable.length).forEach((add, seq) => model.numbers.add(add.series, add.number, 1_000 + seq, add.print));
        model.numbers.find('', '1');
        journal.undoTo(0);
        expect(model.numbers.saved()).toEqual(before);
        model.agrees();
        const turned = new Numbers(new Journal());
        for (const [seq, add] of [...durable.entries()].reverse()) turned.add(add.series, add.number, seq, add.print);
        expect(turned.saved()).toEqual(before);
      }),
    ));
  it('go back to any mark, whether numbers came at the end of their series, in the middle or by absorbing', () =>
    fc.assert(
      fc.property(adds, fc.infiniteStream(fc.nat({ max: 3 })), fc.nat(), (all, chances, which) => {
        const journal = new Journal();
        const numbers = new Numbers(journal);
        journal.record();
        const marks = [{ mark: journal.mark(), saved: numbers.saved() }];
        for (const [seq, { series: name, number: text, print: fingerprint }] of all.entries()) {
          const chance = chances.next().value!;
          const other = new Numbers(journal);
          (chance === 0 ? other : numbers).add(name, text, seq, fingerprint);
          numbers.absorb(other);
          if (chance === 1) marks.push({ mark: journal.mark(), saved: numbers.saved() });
        }
        for (let at = which % marks.length; at >= 0; at -= 1) {
          journal.undoTo(marks[at]!.mark);
          expect(numbers.saved()).toEqual(marks[at]!.saved);
          if (at > 0) numbers.add('B', '1', 1, '');
        }
      }),
    ));
  it('absorb another book’s at once, and give them back', () =>
    fc.assert(
      fc.property(adds, fc.nat(), (all, cut) => {
        const mine = all.slice(0, cut % (all.length + 1));
        const journal = new Journal();
        const [model, other] = [new Model(new Numbers(journal)), new Numbers(journal)];
        mine.forEach((add, seq) => model.add(add, seq));
        all.slice(mine.length).forEach((add, i) => other.add(add.series, add.number, mine.length + i, add.print));
        const before = model.numbers.saved();
        journal.record();
        model.numbers.absorb(other);
        const whole = new Model(new Numbers(new Journal()));
        all.forEach((add, seq) => whole.add(add, seq));
        whole.agrees(model.numbers);
        expect(model.numbers.saved()).toEqual(whole.numbers.saved());
        journal.undoTo(0);
        expect(model.numbers.saved()).toEqual(before);
        model.agrees();
      }),
    ));
  it('keep a voucher without a fingerprint apart from none at all', () => {
    const numbers = new Numbers(new Journal());
    numbers.add('', '1', 7);
    expect(numbers.find('', '1')).toEqual({ seq: 7, fingerprint: '0000000000000000' });
    expect(numbers.find('', '2')).toBeNull();
  });
});
