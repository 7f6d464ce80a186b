/**
 * What was awarded, allotted and reported, as it stood at the end of a day: for the tables, which say how it stood at the end of
 * their last period. What is left unallotted is told per decision, so that too much of one never hides too little of another.
 */
import type { DatedDecision } from './attribution.js';
import { termsOn } from './attribution.js';
import { held, type Reading } from './reading.js';

/** What a decision has left to allot, or has had allotted beyond its award; one of them is 0. */
export type Left = { readonly unallottedOre: bigint; readonly overAllottedOre: bigint };

/** The decisions of each grant, with their terms over time. */
export function decisionsOf(reading: Reading): Map<string, DatedDecision[]> {
  const found = new Map<string, Map<string, DatedDecision['versions'][number][]>>();
  for (const { grant, decision, validFrom, terms } of reading.rows<{ grant: string; decision: string; validFrom: string; terms: string }>(
    'SELECT d.grant_code AS "grant", d.decision, v.valid_from AS validFrom, v.terms FROM decisions d JOIN decision_versions v ON v.decision = d.decision ORDER BY d.grant_code, d.decision, v.valid_from',
  ))
    held(
      held(found, grant, () => new Map<string, DatedDecision['versions'][number][]>()),
      decision,
      () => [],
    ).push({ validFrom, terms: JSON.parse(terms) as DatedDecision['versions'][number]['terms'] });
  return new Map([...found].map(([grant, decisions]) => [grant, [...decisions].map(([decision, versions]) => ({ decision, versions }))]));
}

/** Awarded by the terms in force on the day; nothing before the agency decided. */
export function awardedOn(decision: DatedDecision, day: string): bigint {
  const { decidedOn } = decision.versions[0]!.terms;
  return decidedOn !== undefined && decidedOn > day ? 0n : BigInt(termsOn(decision, day).awardedOre);
}

/** Allotted until the day, by decision. @param day null for whatever date @param units null for all */
export function allottedBy(reading: Reading, day: string | null, units: ReadonlySet<string> | null): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const { decision, unit, ore } of reading.sums<{ decision: string; unit: string; ore: bigint }>(
    'SELECT decision, unit, ore FROM allotments WHERE date <= ?',
    day ?? '9999-12-31',
  ))
    if (units === null || units.has(unit)) found.set(decision, (found.get(decision) ?? 0n) + ore);
  return found;
}

/** Reported as used until the day, by decision. */
export function reportedBy(reading: Reading, day: string): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const { decision, ore } of reading.sums<{ decision: string; ore: bigint }>(
    'SELECT decision, ore FROM reported WHERE date <= ?',
    day,
  ))
    found.set(decision, (found.get(decision) ?? 0n) + ore);
  return found;
}

export const leftOf = (awardedOre: bigint, allottedOre: bigint): Left => {
  const left = awardedOre - allottedOre;
  return left < 0n ? { unallottedOre: 0n, overAllottedOre: -left } : { unallottedOre: left, overAllottedOre: 0n };
};

export const leftOfAll = (decisions: readonly Left[]): Left =>
  decisions.reduce(
    (sum, { unallottedOre, overAllottedOre }) => ({
      unallottedOre: sum.unallottedOre + unallottedOre,
      overAllottedOre: sum.overAllottedOre + overAllottedOre,
    }),
    leftOf(0n, 0n),
  );
