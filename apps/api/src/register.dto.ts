/** What is sent in to the register: grants, decisions, exemptions, allotments, units, settings, periods. */
import { DECISION_KINDS, parseOre, RECEIVED_TO, UNIT_KINDS, type Terms } from '#ledger';
import { Amount, Choice, Day, Flag, Part, Rows, Text, Whole } from './fields.js';
import { MandateDto } from './vouchers.dto.js';

export class OpenLedgerDto {
  @Text('The region’s organisation number.', '232100-0214') organisationNumber!: string;
  @Text('The region’s name.', 'Region Exempel') name!: string;
  @Text('The code of the region itself, the root of the units.', 'REG') region!: string;
  @Text('What a grant code looks like, as a regular expression; a broad one where left out.', '^99\\d{2}$', { optional: true })
  grantCodePattern?: string;
}

export class GrantDto {
  @Text('Grant code (objekt), never reused.', '9916') grant!: string;
  @Text('Its name from the first day on.', 'Nära vård, ök kvalitet i hsn') name!: string;
  @Day('From when it may be posted to.', '2023-01-01') validFrom!: string;
  @Text('The grant it follows upon.', '9915', { optional: true }) predecessor?: string;
}

export class NameDto {
  @Text('The new name.', 'God och nära vård') name!: string;
  @Day('From when it holds.', '2024-01-01') validFrom!: string;
}

export class GrantEndDto {
  @Day('The last day it may be posted to.', '2023-12-31') lastDay!: string;
  @Text('The grant that takes over.', '9926', { optional: true }) successor?: string;
}

export class TermsDto {
  @Text('The agency.', 'Socialstyrelsen') agency!: string;
  @Text('The agency’s reference.', '9.3-2417/2023') diarienummer!: string;
  @Text('Legal basis.', 'Förordning 2023:30', { optional: true }) legalBasis?: string;
  @Choice('Kind; the kind alone never exempts.', DECISION_KINDS) kind!: Terms['kind'];
  @Amount('Awarded.', '12900000.00') awarded!: string;
  @Text('Conditions.', 'Redovisas per insats, outnyttjat återbetalas.', { optional: true }) conditions?: string;
  @Day('First day of the restriction.', '2023-01-01', { optional: true }) restrictionFrom?: string;
  @Day('Last day of the restriction.', '2023-12-31', { optional: true }) restrictionTo?: string;
  @Whole('Grant year.', 2023) grantYear!: number;
  @Flag('Whether what is left may be carried over.', false) carryOver!: boolean;
  @Choice('Where its money goes when it comes.', RECEIVED_TO) receivedTo!: Terms['receivedTo'];
  @Day('When the agency decided.', '2023-01-26', { optional: true }) decidedOn?: string;
  @Day('Draw down at the latest.', '2023-12-01', { optional: true }) requisitionBy?: string;
  @Day('Report at the latest.', '2024-03-31', { optional: true }) reportBy?: string;
  @Day('Repay at the latest.', '2024-03-31', { optional: true }) repayBy?: string;
}

export class DecisionDto {
  @Text('The decision’s name here.', '9916-2023-1') decision!: string;
  @Text('Its grant.', '9916') grant!: string;
  @Part('Its terms.', () => TermsDto) terms!: TermsDto;
}

export class DecisionChangeDto {
  @Day('From when the new terms hold.', '2023-11-07') validFrom!: string;
  @Part('All terms, as they are now.', () => TermsDto) terms!: TermsDto;
  @Text('Why.', 'Socialstyrelsens skrivelse 2023-11-07') reason!: string;
}

export class ReportDto {
  @Amount('Reported to the agency as used, beside earlier reports.', '1000000.00') amount!: string;
  @Day('When.', '2024-03-20') date!: string;
  @Text('Our reference of the report.', 'RS/77/2024', { optional: true }) diarienummer?: string;
}

export class ExemptionDto {
  @Text('Grant code.', '9929') grant!: string;
  @Text('One decision only; the whole grant where left out.', '9929-2023-1', { optional: true }) decision?: string;
  @Whole('Year.', 2023) year!: number;
  @Text('What it rests on.', 'RS/1187/2023 § 9') reference!: string;
  @Text('Why.', 'Prestationsbaserat statsbidrag') reason!: string;
}

export class WithdrawalDto {
  @Text('Grant code.', '9929') grant!: string;
  @Text('One decision only; the whole grant where left out.', '9929-2023-1', { optional: true }) decision?: string;
  @Whole('Year.', 2023) year!: number;
  @Text('Why.', 'Villkoren ändrades') reason!: string;
}

export class AllotmentDto {
  @Text('Decision (bidragsbeslut).', '9916-2023-1') decision!: string;
  @Text('Unit.', '614') unit!: string;
  @Amount('Allotted beside earlier allotments; below zero takes back.', '12487786.00') amount!: string;
  @Day('When.', '2023-04-26') date!: string;
  @Part('The decision it rests on.', () => MandateDto, { optional: true }) mandate?: MandateDto;
}

export class UnitDto {
  @Text('Unit code. An existing one gets a new name, kind or place.', '614') unit!: string;
  @Text('Name.', 'Regionstaben gemensamt') name!: string;
  @Choice('Kind.', UNIT_KINDS) kind!: string;
  @Text('The unit it lies under.', 'RS') parent!: string;
  @Day('From when it holds.', '2023-01-01') validFrom!: string;
}

export class UnitEndDto {
  @Day('Its last day.', '2023-12-31') lastDay!: string;
}

export class AccountClassDto {
  @Text('First account.', '3500') from!: string;
  @Text('Last account, as many digits.', '3589') to!: string;
  @Choice('What lies there.', ['balance', 'grant-liability', 'income', 'cost', 'reallocation']) kind!:
    'balance' | 'grant-liability' | 'income' | 'cost' | 'reallocation';
  @Flag('Between the region’s own units.', false, { optional: true }) internal?: boolean;
  @Text('Name.', 'Erhållna statsbidrag', { optional: true }) name?: string;
}

export class AccountClassesDto {
  @Day('From when they hold.', '2024-01-01') validFrom!: string;
  @Rows('All classes; none may overlap.', () => AccountClassDto, 1_000) classes!: AccountClassDto[];
}

export class PatternDto {
  @Text('A regular expression.', '^99\\d{2}$') pattern!: string;
}

export class ReopeningDto {
  @Text('Who approved it.', 'Ekonomidirektören') approver!: string;
  @Text('Why.', 'Sen leverantörsfaktura') reason!: string;
}

/** Terms with öre · refuses a malformed amount. */
export function termsOf({ awarded, ...terms }: TermsDto): Terms {
  return { ...terms, awardedOre: parseOre(awarded) };
}
