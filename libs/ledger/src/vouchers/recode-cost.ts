/**
 * Moves a cost, whole or in part, to the grants it belongs to once the decision has come (the costs of spring 2023
 * were coded after the April decision). It is a voucher of its own, minus where it stood and plus on the new ones, so that
 * both can be followed and no earlier report changes (LKBR 3:7, R4).
 */
import { date, periodOf, yearOf } from '../calendar.js';
import { Command, type Found } from '../decider.js';
import type { CostRecoded, Mandate } from '../events.js';
import { mandateOf } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { LINES_BY_HAND } from '../limits.js';
import { exactOre, shares } from '../money.js';
import { refuse } from '../refusal.js';
import { ownReference, referenceText, type Reference } from '../reference.js';
import { decisionOfGrant, registeredDecision } from '../register/decision.js';
import { postableGrant } from '../register/grant.js';
import type { Line, Voucher } from '../voucher.js';
import { concernsOf, farFromDate, inheritedTexts, onRetired, openPeriod, warningsOf } from './draft.js';

/** Where a share goes: a grant (which a decision brings with it), or none (to undo). Either öre with the line's sign, or hundredths of a per cent of what stands; a single share with neither takes all that stands. */
export type Share = { grant?: string; decision?: string; amountOre?: number; perCentHundredths?: number };

export class RecodeCost extends Command<{
  voucher: Reference;
  line: number;
  /** Where the cost stands now; the line's own coding where left out. `grant: ""` is: without grant code. */
  from?: { grant: string; decision?: string };
  to: readonly Share[];
  eventDate: string;
  period?: string;
  text: string;
  mandate?: Mandate;
}> {
  override get needs() {
    return [this.input.voucher];
  }
}

/** Refuses `voucher-unknown`, `voucher-line-unknown`, `line-not-a-cost`, `line-of-a-recoding`, `line-of-a-corrected-voucher`, `period-closed`, `voucher-too-many-lines`, `recodes-nothing`, `per-cent-malformed`, `recodes-more-than-stands`, `amount-zero`, and unknown codes · warns also `grant-retired` of the grant that it takes from. */
export function recodeCost(input: RecodeCost['input'], ledger: Ledger, [found]: readonly (Found | undefined)[]): [CostRecoded] {
  const { ref, cost, original } = costLine(input, ledger, found);
  const eventDate = date(input.eventDate);
  const period = openPeriod(input.period ?? periodOf(eventDate), ledger);
  const from = input.from
    ? { grant: input.from.grant || undefined, decision: input.from.decision || undefined }
    : { grant: cost.grant, decision: cost.decision };
  const written = cost.grant === from.grant && cost.decision === from.decision ? cost.amountOre : 0;
  const leftOre = written + ledger.recodedOre(ref, input.line, from.grant, from.decision);
  if (input.to.length >= LINES_BY_HAND) refuse('voucher-too-many-lines', { lines: input.to.length + 1, most: LINES_BY_HAND });
  const to = input.to.map(({ grant, decision }) => ({
    grant: grant ?? (decision === undefined ? undefined : registeredDecision(decision, ledger).grant),
    decision,
  }));
  for (const { grant, decision } of to) {
    if (grant !== undefined) postableGrant(grant, eventDate, ledger);
    if (decision !== undefined) decisionOfGrant(decision, grant!, ledger);
  }
  if (to.some(({ grant, decision }) => grant === from.grant && decision === from.decision)) refuse('recodes-nothing', {});
  const amounts = amountsOf(input.to, leftOre);
  if (leftOre !== 0 && amounts.includes(0)) refuse('amount-zero', { line: amounts.indexOf(0) + 1 });
  const moved = amounts.reduce((sum, amount) => sum + amount, 0);
  const fits = leftOre !== 0 && amounts.every((amount) => amount > 0 === leftOre > 0) && Math.abs(moved) <= Math.abs(leftOre);
  if (!fits) refuse('recodes-more-than-stands', { grant: from.grant ?? 'ingen bidragskod', leftOre });

  const { account, effect, internal, unit, counterpart } = cost;
  const coded = (grant: string | undefined, decision: string | undefined, amountOre: number): Line => ({
    account,
    amountOre,
    effect,
    unit,
    period,
    ...(internal && { internal }),
    ...(counterpart !== undefined && { counterpart }),
    ...(grant !== undefined && { grant }),
    ...(decision !== undefined && { decision }),
  });
  const lines = [coded(from.grant, from.decision, -moved), ...to.map(({ grant, decision }, i) => coded(grant, decision, amounts[i]!))];
  const year = yearOf(period);
  const { concerns, warnings } = concernsOf(yearOf(cost.period), period, ledger);
  const recoding: Voucher = {
    ref: ownReference(year, ledger.nextNumber(year)),
    eventDate,
    lines,
    recodes: { voucher: ref, line: input.line },
    ...concerns,
  };
  const mandate = input.mandate && mandateOf(input.mandate);
  warnings.push(...(warningsOf(lines.slice(1), eventDate, ledger, { costDay: original.voucher.eventDate }) ?? []));
  warnings.push(...onRetired([from], ledger), ...farFromDate(eventDate, period));
  return [
    {
      type: 'CostRecoded',
      v: 1,
      data: { mandate, vouchers: [recoding], warnings: warnings.length ? warnings : undefined },
      annex: { vouchers: [inheritedTexts(input.text, original.texts)] },
    },
  ];
}

function costLine(
  { voucher: ref, line }: RecodeCost['input'],
  ledger: Ledger,
  found: Found | undefined,
): { ref: Reference; cost: Line; original: Found } {
  const voucher = referenceText(ref);
  if (!found) refuse('voucher-unknown', { voucher });
  if (found.voucher.recodes) refuse('line-of-a-recoding', { voucher });
  if (found.voucher.reverses || ledger.corrected.has(voucher)) refuse('line-of-a-corrected-voucher', { voucher });
  const cost = found.voucher.lines[line - 1] ?? refuse('voucher-line-unknown', { voucher, line });
  if (cost.effect !== 'cost') refuse('line-not-a-cost', { voucher, line });
  return { ref, cost, original: found };
}

function amountsOf(to: readonly Share[], leftOre: number): number[] {
  if (!to.length) refuse('recodes-nothing', {});
  if (to.length === 1 && to[0]!.amountOre === undefined && to[0]!.perCentHundredths === undefined) return [leftOre];
  const perCents = to.flatMap(({ perCentHundredths }) => perCentHundredths ?? []);
  const total = perCents.reduce((sum, perCent) => sum + perCent, 0);
  if (perCents.length === 0 && to.every(({ amountOre }) => amountOre !== undefined)) return to.map(({ amountOre }) => exactOre(amountOre!));
  if (
    perCents.length !== to.length ||
    to.some(({ amountOre }) => amountOre !== undefined) ||
    total > 10_000 ||
    perCents.some((perCent) => !(Number.isInteger(perCent) && perCent > 0))
  )
    refuse('per-cent-malformed', { total: total / 100 });
  return shares(leftOre, perCents, 10_000);
}
