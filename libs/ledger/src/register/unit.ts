/** The tree of units (region, board, administration, unit), effective-dated, and what is allotted to them (R43, R44). */
import { date } from '../calendar.js';
import { Command } from '../decider.js';
import type { FundsAllotted, Mandate, UnitEnded, UnitKind, UnitSet, Warning } from '../events.js';
import { choiceOf, codeOf, mandateOf, textOf } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { dayAfterClosed } from '../period.js';
import type { Unit } from '../state.js';
import { exactOre } from '../money.js';
import { refuse } from '../refusal.js';
import { registeredDecision } from './decision.js';

export const UNIT_KINDS = ['board', 'administration', 'unit'] as const satisfies readonly UnitKind[];

/** Adds a unit, or gives one a new name, kind or place from a day on. */
export class SetUnit extends Command<{ unit: string; name: string; kind: string; parent: string; validFrom: string }> {}

/**
 * Refuses `unit-is-region`, `unit-unknown`, `unit-not-valid` (the parent on that day, or an ended unit itself), `unit-below-itself` on that day or
 * any later one, `choice-unknown`, and `change-in-closed-period` where the unit is there already: a new one has no lines that could move.
 */
export function setUnit({ unit, name, kind, parent, validFrom }: SetUnit['input'], ledger: Ledger): [UnitSet] {
  if (unit === ledger.facts.region) refuse('unit-is-region', { unit });
  const before = ledger.units.get(unit);
  if (before && before.lastDay !== null && date(validFrom) > before.lastDay) refuse('unit-not-valid', { unit, day: validFrom });
  if (before) dayAfterClosed(date(validFrom), 'unit', unit, ledger);
  if (parent !== unit) postableUnit(parent, date(validFrom), ledger);
  const next = before?.versions.find((version) => version.validFrom > validFrom)?.validFrom ?? '9999-99-99';
  const moves = [...ledger.units.entries()].flatMap(([, { versions }]) => versions.map((version) => version.validFrom));
  for (const day of new Set([validFrom, ...moves.filter((move) => move > validFrom && move < next)]))
    for (let above: string | null = parent; above !== null; above = parentOf(above, day, ledger))
      if (above === unit) refuse('unit-below-itself', { unit, parent });
  return [
    {
      type: 'UnitSet',
      v: 1,
      data: {
        unit: codeOf('unit', unit),
        name: textOf('name', name),
        kind: choiceOf('kind', kind, UNIT_KINDS),
        parent,
        validFrom: date(validFrom),
      },
    },
  ];
}

export class EndUnit extends Command<{ unit: string; lastDay: string }> {}

/**
 * Refuses `unit-unknown`, `unit-is-region`, `unit-ended` (another last day would open it again, or end it over what was posted since),
 * `unit-ends-before-start`, `unit-has-units`. The last day may lie in a closed period: lines stay where they were posted, and the end
 * only keeps out what comes after, so no table moves · warns `unit-used-after-end` where lines lie after it already.
 */
export function endUnit({ unit, lastDay }: EndUnit['input'], ledger: Ledger): [UnitEnded] {
  if (unit === ledger.facts.region) refuse('unit-is-region', { unit });
  const { versions, lastDay: already } = registeredUnit(unit, ledger);
  if (already !== null) refuse('unit-ended', { unit, lastDay: already });
  const { validFrom } = versions[0]!;
  if (date(lastDay) < validFrom) refuse('unit-ends-before-start', { unit, validFrom, lastDay });
  for (const [below, { lastDay: ended }] of ledger.units.entries())
    if ((ended === null || ended > lastDay) && parentsFrom(below, lastDay, ledger).includes(unit))
      refuse('unit-has-units', { unit, lastDay, below });
  const usedTo = ledger.unitsUsed.get(unit) ?? '';
  const warnings: Warning[] | undefined =
    usedTo > lastDay ? [{ warning: 'warning-unit-used-after-end', facts: { unit, lastDay, usedTo } }] : undefined;
  return [{ type: 'UnitEnded', v: 1, data: { unit, lastDay, warnings } }];
}

/** Shares a decision's money out to a unit on paper; an amount below zero takes back. Moves no money. */
export class AllotFunds extends Command<{ decision: string; unit: string; amountOre: number; date: string; mandate?: Mandate }> {}

/** Refuses `decision-unknown`, `unit-unknown`, `unit-not-valid`, `allotment-below-zero` · warns `allotted-above-award`. */
export function allotFunds({ decision, unit, amountOre, date: day, mandate }: AllotFunds['input'], ledger: Ledger): [FundsAllotted] {
  registeredDecision(decision, ledger);
  postableUnit(unit, date(day), ledger);
  if (exactOre(amountOre) === 0) refuse('amount-not-positive', { amountOre });
  const leftOre = ledger.sums.of(`allotted|${decision}|${unit}`) + BigInt(amountOre);
  if (leftOre < 0n) refuse('allotment-below-zero', { unit, leftOre: String(leftOre) });
  const { awardedOre } = ledger.termsOn(decision, day);
  const allottedOre = ledger.sums.of(`allotted|${decision}`) + BigInt(amountOre);
  const warnings =
    allottedOre > BigInt(awardedOre)
      ? [{ warning: 'warning-allotted-above-award', facts: { decision, allottedOre: String(allottedOre), awardedOre } }]
      : undefined;
  return [
    { type: 'FundsAllotted', v: 1, data: { decision, unit, amountOre, date: day, mandate: mandate && mandateOf(mandate), warnings } },
  ];
}

/** The unit · refuses `unit-unknown`. */
export const registeredUnit = (unit: string, ledger: Ledger): Unit =>
  ledger.units.get(unit) ?? refuse('unit-unknown', { unit: unit.slice(0, 40) });

/** The unit's code, where it may be posted to on that day · refuses `unit-unknown`, `unit-not-valid`. */
export function postableUnit(unit: string, day: string, ledger: Ledger): string {
  const { versions, lastDay } = registeredUnit(unit, ledger);
  if (day < versions[0]!.validFrom || (lastDay !== null && day > lastDay)) refuse('unit-not-valid', { unit, day });
  return unit;
}

/** Every unit that this one lies under on a day or later. */
const parentsFrom = (unit: string, day: string, ledger: Ledger): (string | null)[] => [
  parentOf(unit, day, ledger),
  ...registeredUnit(unit, ledger)
    .versions.filter(({ validFrom }) => validFrom > day)
    .map(({ parent }) => parent),
];

function parentOf(unit: string, day: string, ledger: Ledger): string | null {
  const { versions } = registeredUnit(unit, ledger);
  return (versions.findLast(({ validFrom }) => validFrom <= day) ?? versions[0]!).parent;
}
