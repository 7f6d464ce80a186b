/**
 * Moves a grant's money from one unit to another, at any level of the tree: two lines on a reallocation account that sum
 * to zero, so that the region as a whole is not touched (R21; May report 2023: "Regionen som helhet har inte påverkats").
 */
import { date, periodOf, yearOf } from '../calendar.js';
import { Command } from '../decider.js';
import type { FundsReallocated, Mandate, Warning } from '../events.js';
import { choiceOf, codeOf, mandateOf, optionalText, textOf } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { exactOre } from '../money.js';
import { refuse } from '../refusal.js';
import { ownReference } from '../reference.js';
import { decisionOfGrant } from '../register/decision.js';
import { postableGrant } from '../register/grant.js';
import { postableUnit } from '../register/unit.js';
import type { Line } from '../voucher.js';
import { farFromDate, openPeriod } from './draft.js';

/** How the ERP books it: the income gets another unit, or internal income and cost with counterpart codes. */
export const BOOKED_AS = ['changed-unit', 'internal'] as const;

export class ReallocateFunds extends Command<{
  grant: string;
  decision?: string;
  from: string;
  to: string;
  amountOre: number;
  account: string;
  eventDate: string;
  period?: string;
  text: string;
  document?: string;
  mandate: Mandate;
  bookedAs: string;
  fromCounterpart?: string;
  toCounterpart?: string;
}> {}

/** Refuses `same-unit`, `amount-not-positive`, `account-not-for-reallocation`, `mandate-incomplete`, `period-closed` and codes that do not hold · warns `reallocated-above-allotment`, `period-far-from-date`. */
export function reallocateFunds(input: ReallocateFunds['input'], ledger: Ledger): [FundsReallocated] {
  const { decision, from, to, amountOre, account } = input;
  const eventDate = date(input.eventDate);
  const period = openPeriod(input.period ?? periodOf(eventDate), ledger);
  if (from === to) refuse('same-unit', { unit: from });
  for (const unit of [from, to]) postableUnit(unit, eventDate, ledger);
  if (exactOre(amountOre) <= 0) refuse('amount-not-positive', { amountOre });
  const grant = postableGrant(input.grant, eventDate, ledger);
  if (decision !== undefined) decisionOfGrant(decision, grant, ledger);
  const { kind, internal } = ledger.chart.of(account, eventDate);
  if (kind !== 'reallocation') refuse('account-not-for-reallocation', { account });

  const line = (unit: string, ore: number, counterpart: string | undefined): Line => ({
    account,
    amountOre: ore,
    effect: 'reallocated',
    grant,
    unit,
    period,
    ...(internal && { internal: true as const }),
    ...(decision !== undefined && { decision }),
    ...(counterpart !== undefined && { counterpart: codeOf('counterpart', counterpart) }),
  });
  const year = yearOf(period);
  const aboveOre = BigInt(amountOre) - ledger.sums.of(`room|${grant}|${from}|${year}`);
  const warnings: Warning[] = [];
  if (aboveOre > 0n)
    warnings.push({ warning: 'warning-reallocated-above-allotment', facts: { grant, unit: from, year, aboveOre: String(aboveOre) } });
  warnings.push(...farFromDate(eventDate, period));
  const mandate = mandateOf(input.mandate);
  return [
    {
      type: 'FundsReallocated',
      v: 1,
      data: {
        mandate,
        bookedAs: choiceOf('bookedAs', input.bookedAs, BOOKED_AS),
        warnings: warnings.length ? warnings : undefined,
        vouchers: [
          {
            ref: ownReference(year, ledger.nextNumber(year)),
            eventDate,
            lines: [line(from, amountOre, input.fromCounterpart), line(to, -amountOre, input.toCounterpart)],
          },
        ],
      },
      annex: {
        vouchers: [
          {
            text: textOf('text', input.text),
            counterparty: to,
            document: optionalText('document', input.document) ?? mandateText(mandate),
          },
        ],
      },
    },
  ];
}

/** A mandate as people write it: `RS/850/2021 § 44`, or `delegationsbeslut 12 (ekonomidirektören), 2023-05-04`. */
export const mandateText = (mandate: Mandate): string =>
  mandate.kind === 'delegate'
    ? `delegationsbeslut ${mandate.number} (${mandate.delegate}), ${mandate.date}`
    : `${mandate.diarienummer} § ${mandate.paragraph}, ${mandate.date}`;
