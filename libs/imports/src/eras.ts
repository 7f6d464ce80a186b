/**
 * Days between which nothing in the register changes: no unit, grant or decision begins, changes or ends, and no class of accounts. What
 * a coding comes to on one day of such an era it comes to on all of them, so that it is looked up once and not for each day of a file.
 */
import type { Ledger } from '#ledger';

/** Days that are remembered. */
const DAYS = 10_000;

export class Eras {
  /** First days of something new, and last days of something old. */
  readonly #firsts: readonly string[];
  readonly #lasts: readonly string[];
  readonly #days = new Map<string, number>();
  #day: string | null = null;
  #era = 0;

  constructor({ units, grants, decisions, chart }: Pick<Ledger, 'units' | 'grants' | 'decisions' | 'chart'>) {
    const [firsts, lasts] = [new Set<string>(), new Set<string>()];
    for (const [, { versions, lastDay }] of units.entries()) {
      for (const { validFrom } of versions) firsts.add(validFrom);
      if (lastDay !== null) lasts.add(lastDay);
    }
    for (const [, { validFrom, lastDay }] of grants.entries()) {
      firsts.add(validFrom);
      if (lastDay !== null) lasts.add(lastDay);
    }
    for (const [, { versions }] of decisions.entries()) for (const { validFrom } of versions) firsts.add(validFrom);
    for (const { validFrom } of chart.settings) firsts.add(validFrom);
    this.#firsts = [...firsts];
    this.#lasts = [...lasts];
  }

  /** The number of the era of a day (`YYYY-MM-DD`): how many changes lie before it. */
  of(day: string): number {
    if (day === this.#day) return this.#era;
    let era = this.#days.get(day);
    if (era === undefined) {
      era = this.#firsts.filter((first) => first <= day).length + this.#lasts.filter((last) => last < day).length;
      if (this.#days.size < DAYS) this.#days.set(day, era);
    }
    this.#day = day;
    return (this.#era = era);
  }
}
