/**
 * Which decision a cost or an income meets, where its line names none: worked out anew each time, never stored. By period, then
 * seq, within code and accounting year: money carried in from earlier grant years first, then the earliest end of restriction, each
 * up to what was awarded; the rest meets no decision. What a line names is taken as said, and uses the decision up.
 */
import { lastDayOf, yearOf, type Terms } from '#ledger';
import { GIGA } from './schema.js';
import type { StoredStep } from './figures.js';

/** A decision with its terms over time, the first version holding from the start. */
export type DatedDecision = {
  readonly decision: string;
  readonly versions: readonly { readonly validFrom: string; readonly terms: Terms }[];
};
/** One sum of an event, debit +: what one unit got of one effect in one period. */
export type Step = {
  readonly seq: number;
  readonly period: string;
  readonly unit: string;
  readonly decision: string;
  readonly effect: 'recognised' | 'both' | 'cost';
  readonly internal: boolean;
  readonly ore: bigint;
};
/** A part of a step with the decision it meets; `null` none. The parts of a step sum to it. */
export type Share = Omit<Step, 'decision'> & { readonly decision: string | null };

/** The steps of an event, as the figures stored them. */
export const stepsOf = (seq: number, body: string): Step[] =>
  (JSON.parse(body) as StoredStep[]).map(([period, unit, decision, effect, internal, giga, rest]) => ({
    seq,
    period,
    unit,
    decision,
    effect,
    internal: internal === 1,
    ore: BigInt(giga) * BigInt(GIGA) + BigInt(rest),
  }));

/** The terms in force on a day; the first ones before they were changed. */
export const termsOn = ({ versions }: DatedDecision, day: string): Terms =>
  (versions.findLast(({ validFrom }) => validFrom <= day) ?? versions[0]!).terms;

/**
 * The shares of one grant's steps, of all years up to the last asked about: what an earlier year used of a decision is not carried in.
 * @param steps in any order; within a period and event they are taken by unit, so that every rebuild says the same
 */
export function attribute(steps: readonly Step[], decisions: readonly DatedDecision[]): Share[] {
  const sides = { income: new Side(decisions), cost: new Side(decisions) };
  const inOrder = [...steps].sort(
    (a, b) => compare(a.period, b.period) || a.seq - b.seq || compare(a.unit, b.unit) || compare(a.effect, b.effect),
  );
  return inOrder.flatMap(({ decision, ...step }) => {
    const side = step.effect === 'cost' ? sides.cost : sides.income;
    // Income is stored as credit; both sides are counted upwards.
    const sign = step.effect === 'cost' ? 1n : -1n;
    if (decision !== '') {
      side.takeNamed(decision, sign * step.ore);
      return [{ ...step, decision }];
    }
    return side.take(sign * step.ore, step.period).map(([to, size]) => ({ ...step, decision: to, ore: sign * size }));
  });
}

/** One waterfall: what each decision has taken so far, of what lines named and of what was attributed. */
class Side {
  readonly #named = new Map<string, bigint>();
  readonly #filled = new Map<string, bigint>();
  /** Attributed to none, by accounting year, and in which order decisions were filled that year: what is taken back empties the last first. */
  readonly #byYear = new Map<number, { none: bigint; readonly filled: Map<string, bigint> }>();

  constructor(private readonly decisions: readonly DatedDecision[]) {}

  takeNamed(decision: string, size: bigint): void {
    this.#named.set(decision, (this.#named.get(decision) ?? 0n) + size);
  }

  take(size: bigint, period: string): [string | null, bigint][] {
    const year = yearOf(period);
    let of = this.#byYear.get(year);
    if (of === undefined) this.#byYear.set(year, (of = { none: 0n, filled: new Map<string, bigint>() }));
    const shares: [string | null, bigint][] = [];
    let left = size;
    const give = (decision: string, part: bigint): void => {
      shares.push([decision, part]);
      left -= part;
      of.filled.set(decision, (of.filled.get(decision) ?? 0n) + part);
      this.#filled.set(decision, (this.#filled.get(decision) ?? 0n) + part);
    };
    if (size > 0n) {
      for (const { decision, awardedOre } of this.#candidates(period)) {
        const room = BigInt(awardedOre) - (this.#named.get(decision) ?? 0n) - (this.#filled.get(decision) ?? 0n);
        if (room > 0n && left > 0n) give(decision, room < left ? room : left);
      }
    } else {
      // Something is taken back: first what met no decision, then the decision that was filled last.
      const none = of.none > 0n ? (of.none < -left ? -of.none : left) : 0n;
      if (none < 0n) {
        shares.push([null, none]);
        of.none += none;
        left -= none;
      }
      for (const [decision, filled] of [...of.filled].reverse())
        if (left < 0n && filled > 0n) give(decision, filled < -left ? -filled : left);
    }
    if (left !== 0n) {
      shares.push([null, left]);
      of.none += left;
    }
    return shares;
  }

  #candidates(period: string): { decision: string; awardedOre: number }[] {
    const year = yearOf(period);
    const day = lastDayOf(period);
    return this.decisions
      .map((dated) => ({ decision: dated.decision, ...termsOn(dated, day) }))
      .filter(({ grantYear, carryOver }) => grantYear === year || (grantYear < year && carryOver))
      .sort(
        (a, b) =>
          Number(a.grantYear === year) - Number(b.grantYear === year) ||
          compare(a.restrictionTo ?? '9999-12-31', b.restrictionTo ?? '9999-12-31') ||
          compare(a.decision, b.decision),
      );
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
