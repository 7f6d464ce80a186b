/** Which decision money meets, step by step. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Terms } from '#ledger';
import { attribute, type DatedDecision, type Step } from './attribution.js';

const decision = (code: string, terms: Partial<Terms> = {}): DatedDecision => ({
  decision: code,
  versions: [
    {
      validFrom: '1900-01-01',
      terms: {
        agency: 'S',
        diarienummer: 'x',
        kind: 'conditional',
        awardedOre: 100,
        grantYear: 2023,
        carryOver: false,
        receivedTo: 'liability',
        ...terms,
      },
    },
  ],
});
const cost = (seq: number, period: string, ore: number, of: Partial<Step> = {}): Step => ({
  seq,
  period,
  unit: '614',
  decision: '',
  effect: 'cost',
  internal: false,
  ore: BigInt(ore),
  ...of,
});
const shares = (steps: Step[], decisions: DatedDecision[]) =>
  attribute(steps, decisions).map(({ seq, decision: to, ore }) => [seq, to, Number(ore)]);

describe('a cost that names no decision', () => {
  it('meets carried-in money first, then the earliest end of restriction, then none', () => {
    const decisions = [
      decision('C', { restrictionTo: '2023-12-31' }),
      decision('B', { restrictionTo: '2023-06-30' }),
      decision('A', { grantYear: 2022, carryOver: true }),
      decision('D'),
    ];
    expect(shares([cost(1, '2023-03', 450)], decisions)).toEqual([
      [1, 'A', 100],
      [1, 'B', 100],
      [1, 'C', 100],
      [1, 'D', 100],
      [1, null, 50],
    ]);
  });
  it('goes by period, then seq', () =>
    expect(shares([cost(9, '2023-02', 30), cost(1, '2023-03', 80), cost(5, '2023-03', 10)], [decision('A')])).toEqual([
      [9, 'A', 30],
      [1, 'A', 70],
      [1, null, 10],
      [5, null, 10],
    ]));
  it('meets no money of another year that may not be carried over, nor of a year to come', () =>
    expect(shares([cost(1, '2023-03', 5)], [decision('A', { grantYear: 2022 }), decision('B', { grantYear: 2024 })])).toEqual([
      [1, null, 5],
    ]));
  it('is carried into the next year only by what the earlier year left', () =>
    expect(shares([cost(1, '2022-03', 70), cost(2, '2023-03', 70)], [decision('A', { grantYear: 2022, carryOver: true })])).toEqual([
      [1, 'A', 70],
      [2, 'A', 30],
      [2, null, 40],
    ]));
  it('leaves room for what other lines named', () =>
    expect(shares([cost(1, '2023-01', 60, { decision: 'A' }), cost(2, '2023-02', 60)], [decision('A')])).toEqual([
      [1, 'A', 60],
      [2, 'A', 40],
      [2, null, 20],
    ]));
  it('gives back from none first, then from the decision that was filled last', () => {
    const decisions = [decision('A', { restrictionTo: '2023-06-30' }), decision('B')];
    expect(shares([cost(1, '2023-01', 210), cost(2, '2023-02', -15), cost(3, '2023-03', -100)], decisions).slice(3)).toEqual([
      [2, null, -10],
      [2, 'B', -5],
      [3, 'B', -95],
      [3, 'A', -5],
    ]);
  });
  it('follows the terms in force in its period', () => {
    const changed: DatedDecision = {
      ...decision('A'),
      versions: [...decision('A').versions, { validFrom: '2023-07-01', terms: { ...decision('A').versions[0]!.terms, awardedOre: 300 } }],
    };
    expect(shares([cost(1, '2023-06', 150), cost(2, '2023-07', 150)], [changed])).toEqual([
      [1, 'A', 100],
      [1, null, 50],
      [2, 'A', 150],
    ]);
  });
});

describe('an income that names no decision', () => {
  it('meets decisions by itself, whatever the costs met', () =>
    expect(
      shares(
        [cost(1, '2023-01', 90), { ...cost(2, '2023-01', -90), effect: 'recognised' }, { ...cost(3, '2023-02', -20), effect: 'both' }],
        [decision('A')],
      ),
    ).toEqual([
      [1, 'A', 90],
      [2, 'A', -90],
      [3, 'A', -10],
      [3, null, -10],
    ]));
});

const step = fc.record({
  seq: fc.integer({ min: 0, max: 40 }),
  period: fc.constantFrom('2022-11', '2023-01', '2023-05', '2023-13', '2024-01'),
  unit: fc.constantFrom('604', '614'),
  decision: fc.constantFrom('', '', '', 'A', 'B'),
  effect: fc.constantFrom('cost', 'recognised', 'both'),
  internal: fc.boolean(),
  ore: fc.bigInt({ min: -300n, max: 300n }),
}) as fc.Arbitrary<Step>;
const terms = fc.record({
  awardedOre: fc.integer({ min: 0, max: 500 }),
  grantYear: fc.integer({ min: 2022, max: 2024 }),
  carryOver: fc.boolean(),
  restrictionTo: fc.constantFrom('2023-06-30', '2023-12-31', undefined),
});
const register = fc.tuple(terms, terms, terms).map((all) => all.map((of, i) => decision('ABC'[i]!, of)));

describe('attribution', () => {
  it('always sums to the step, and never goes above an award by itself', () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), register, (steps, decisions) => {
        const all = attribute(steps, decisions);
        const sum = (of: readonly { ore: bigint }[]) => of.reduce((total, { ore }) => total + ore, 0n);
        for (const period of ['2022-11', '2023-01', '2023-05', '2023-13', '2024-01'])
          for (const unit of ['604', '614'])
            for (const effect of ['cost', 'recognised', 'both'])
              for (const internal of [true, false]) {
                const same = (of: { period: string; unit: string; effect: string; internal: boolean }) =>
                  of.period === period && of.unit === unit && of.effect === effect && of.internal === internal;
                expect(sum(all.filter(same))).toBe(sum(steps.filter(same)));
              }
        const attributed = attribute(
          steps.map((one) => ({ ...one, decision: '' })),
          decisions,
        );
        for (const {
          decision: code,
          versions: [
            {
              terms: { awardedOre },
            },
          ],
        } of decisions as (DatedDecision & { versions: [{ terms: Terms }] })[]) {
          expect(sum(attributed.filter(({ decision: to, effect }) => to === code && effect === 'cost'))).toBeLessThanOrEqual(
            BigInt(awardedOre),
          );
          expect(-sum(attributed.filter(({ decision: to, effect }) => to === code && effect !== 'cost'))).toBeLessThanOrEqual(
            BigInt(awardedOre),
          );
        }
      }),
    ));
  it('of a time does not change by what comes later', () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), register, (steps, decisions) => {
        const until = steps.filter(({ period }) => period <= '2023-01');
        expect(attribute(steps, decisions).filter(({ period }) => period <= '2023-01')).toEqual(attribute(until, decisions));
      }),
    ));
});
