/** The decisions (bidragsbeslut) under a grant, what is exempt from neutrality, and what was reported back (R12, R16, R20). */
import { date } from '../calendar.js';
import { Command } from '../decider.js';
import type {
  DecisionChanged,
  DecisionRegistered,
  ExemptionWithdrawn,
  NeutralityExempted,
  Terms,
  UseReported,
  Warning,
} from '../events.js';
import { choiceOf, codeOf, optionalDate, optionalText, textOf, year } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { exemptionKey, type Decision } from '../state.js';
import { exactOre } from '../money.js';
import { refuse } from '../refusal.js';
import { dayAfterClosed } from '../period.js';
import { isClosedYear, registeredGrant } from './grant.js';

export const DECISION_KINDS = ['conditional', 'performance', 'unconditional', 'mediated'] as const;
export const RECEIVED_TO = ['liability', 'income'] as const;

export class RegisterDecision extends Command<{ decision: string; grant: string; terms: Terms }> {}

/** Refuses `grant-unknown`, `decision-exists`, `terms-contradict`, and fields that are malformed · warns `decision-closed-year`: what had no decision may meet it. */
export function registerDecision({ decision, grant, terms }: RegisterDecision['input'], ledger: Ledger): [DecisionRegistered] {
  registeredGrant(grant, ledger);
  if (ledger.decisions.has(codeOf('decision', decision))) refuse('decision-exists', { decision });
  const checked = checkedTerms(terms);
  const warnings = isClosedYear(checked.grantYear, ledger)
    ? [{ warning: 'warning-decision-closed-year', facts: { decision, year: checked.grantYear } }]
    : undefined;
  return [{ type: 'DecisionRegistered', v: 1, data: { decision, grant, terms: checked, warnings } }];
}

export class ChangeDecision extends Command<{ decision: string; validFrom: string; terms: Terms; reason: string }> {}

/**
 * Sets all terms anew from a day on (conditions change after the fact, R18): from the day after the closed periods at the earliest, for their
 * costs have met the decisions as they were · refuses `decision-unknown`, `terms-contradict`, `change-in-closed-period`.
 */
export function changeDecision({ decision, validFrom, terms, reason }: ChangeDecision['input'], ledger: Ledger): [DecisionChanged] {
  registeredDecision(decision, ledger);
  return [
    {
      type: 'DecisionChanged',
      v: 1,
      data: { decision, validFrom: dayAfterClosed(date(validFrom), 'decision', decision, ledger), terms: checkedTerms(terms) },
      annex: { reason: textOf('reason', reason) },
    },
  ];
}

export class ExemptFromNeutrality extends Command<{ grant: string; decision?: string; year: number; reference: string; reason: string }> {}

/** An act of its own: the kind of a decision never exempts (R16) · refuses `grant-unknown`, `decision-unknown`, `decision-of-other-grant`, `exemption-exists` · warns `exemption-closed-year`. */
export function exemptFromNeutrality(input: ExemptFromNeutrality['input'], ledger: Ledger): [NeutralityExempted] {
  const { grant, decision, reference, reason } = input;
  registeredGrant(grant, ledger);
  if (decision !== undefined) decisionOfGrant(decision, grant, ledger);
  if (ledger.exemptions.has(exemptionKey(input))) refuse('exemption-exists', { grant: decision ?? grant, year: input.year });
  return [
    {
      type: 'NeutralityExempted',
      v: 1,
      data: { grant, decision, year: year(input.year), reference: textOf('reference', reference), warnings: closedYear(input, ledger) },
      annex: { reason: textOf('reason', reason) },
    },
  ];
}

export class WithdrawExemption extends Command<{ grant: string; decision?: string; year: number; reason: string }> {}

/** Refuses `exemption-unknown` · warns `exemption-closed-year`. */
export function withdrawExemption(input: WithdrawExemption['input'], ledger: Ledger): [ExemptionWithdrawn] {
  const { grant, decision, reason } = input;
  if (!ledger.exemptions.has(exemptionKey(input))) refuse('exemption-unknown', { grant: decision ?? grant, year: input.year });
  return [
    {
      type: 'ExemptionWithdrawn',
      v: 1,
      data: { grant, decision, year: input.year, warnings: closedYear(input, ledger) },
      annex: { reason: textOf('reason', reason) },
    },
  ];
}

const closedYear = ({ grant, year }: { grant: string; year: number }, ledger: Ledger): Warning[] | undefined =>
  isClosedYear(year, ledger) ? [{ warning: 'warning-exemption-closed-year', facts: { grant, year } }] : undefined;

/** What was reported to the agency as used, as an addition to earlier reports. */
export class ReportUse extends Command<{ decision: string; amountOre: number; date: string; diarienummer?: string }> {}

/** Refuses `decision-unknown`, `amount-not-positive` (nothing), `date-malformed`. An amount below zero takes back. */
export function reportUse({ decision, amountOre, date: day, diarienummer }: ReportUse['input'], ledger: Ledger): [UseReported] {
  registeredDecision(decision, ledger);
  if (exactOre(amountOre) === 0) refuse('amount-not-positive', { amountOre });
  return [
    { type: 'UseReported', v: 1, data: { decision, amountOre, date: date(day), diarienummer: optionalText('diarienummer', diarienummer) } },
  ];
}

/** The decision · refuses `decision-unknown`. */
export const registeredDecision = (decision: string, ledger: Ledger): Decision =>
  ledger.decisions.get(decision) ?? refuse('decision-unknown', { decision: decision.slice(0, 40) });

/** The decision, which must belong to the grant · refuses `decision-unknown`, `decision-of-other-grant`. */
export function decisionOfGrant(decision: string, grant: string, ledger: Ledger): Decision {
  const found = registeredDecision(decision, ledger);
  if (found.grant !== grant) refuse('decision-of-other-grant', { decision, grant: found.grant, given: grant });
  return found;
}

/** Where money of a grant goes when it comes: as the named decision says; else as all decisions of the grant agree on; null where none says. */
export function receivedTo(grant: string, decision: string | undefined, day: string, ledger: Ledger): Terms['receivedTo'] | null {
  if (decision !== undefined) return ledger.termsOn(decision, day).receivedTo;
  const [first, ...others] = ledger.decisionsOf(grant).map((id) => ledger.termsOn(id, day).receivedTo);
  return first !== undefined && others.every((other) => other === first) ? first : null;
}

function checkedTerms(terms: Terms): Terms {
  const { restrictionFrom, restrictionTo, awardedOre } = terms;
  for (const day of [restrictionFrom, restrictionTo, terms.decidedOn, terms.requisitionBy, terms.reportBy, terms.repayBy])
    optionalDate(day);
  if (restrictionFrom && restrictionTo && restrictionFrom > restrictionTo)
    refuse('terms-contradict', { reason: `${restrictionFrom} > ${restrictionTo}` });
  if (exactOre(awardedOre) < 0) refuse('amount-not-positive', { amountOre: awardedOre });
  const { decidedOn, requisitionBy, reportBy, repayBy, carryOver } = terms;
  return {
    agency: textOf('agency', terms.agency),
    diarienummer: textOf('diarienummer', terms.diarienummer),
    legalBasis: optionalText('legalBasis', terms.legalBasis),
    kind: choiceOf('kind', terms.kind, DECISION_KINDS),
    conditions: optionalText('conditions', terms.conditions),
    grantYear: year(terms.grantYear),
    receivedTo: choiceOf('receivedTo', terms.receivedTo, RECEIVED_TO),
    awardedOre,
    restrictionFrom,
    restrictionTo,
    carryOver,
    decidedOn,
    requisitionBy,
    reportBy,
    repayBy,
  };
}
