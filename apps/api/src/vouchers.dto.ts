/** What is sent in to post, correct, recode and reallocate; checked for shape here, decided by the law. */
import type { Draft, DraftLine, Mandate } from '#ledger';
import { LINES_BY_HAND, parseOre } from '#ledger';
import { Amount, Choice, Day, Part, Period, Rows, Text, Whole } from './fields.js';

const MOST_LINES = LINES_BY_HAND * 4; // the law counts; this only bounds the work of a refusal

export class MandateDto {
  @Choice('Whose authority it is.', ['board', 'assembly', 'delegate']) kind!: 'board' | 'assembly' | 'delegate';
  @Text('Of a board or the assembly.', 'RS/412/2023', { optional: true }) diarienummer?: string;
  @Text('Of a board or the assembly.', '§ 87', { optional: true }) paragraph?: string;
  @Text('Of a delegate: the number of the delegated decision.', 'DEL-2023-096', { optional: true }) number?: string;
  @Text('Of a delegate: the office.', 'Ekonomidirektören', { optional: true }) delegate?: string;
  @Day('When it was decided.', '2023-04-26') date!: string;
}

export class LineDto {
  @Text('Account of the chart.', '7550') account!: string;
  @Amount('', '1000.00') amount!: string;
  @Text('Unit.', '614') unit!: string;
  @Text('Grant code; a cost may be without one.', '9916', { optional: true }) grant?: string;
  @Text('Decision (bidragsbeslut) of the grant.', '9916-2023-1', { optional: true }) decision?: string;
  @Text('Counterpart code (motpart).', '811', { optional: true }) counterpart?: string;
}

export class VoucherDto {
  @Day('When it happened.', '2023-05-03') eventDate!: string;
  @Period('The period it is booked in; the month of the event date where left out.', { optional: true }) period?: string;
  @Text('What it is about.', 'Konsult, god och nära vård') text!: string;
  @Text('The other party; a recognition inherits the agency.', 'Tallmon & Ek Rådgivning AB', { optional: true }) counterparty?: string;
  @Text('The underlying document and where it is; a recognition inherits the decision’s diarienummer.', 'F-23-04110', { optional: true })
  document?: string;
  @Rows('At least two lines that balance.', () => LineDto, MOST_LINES) lines!: LineDto[];
}

export class ReplacementDto {
  @Day('The original’s event date where left out.', '2023-05-03', { optional: true }) eventDate?: string;
  @Text('The original’s text where left out.', 'Konsult, rätt belopp', { optional: true }) text?: string;
  @Text('The original’s where left out.', 'Tallmon & Ek Rådgivning AB', { optional: true }) counterparty?: string;
  @Text('The original’s where left out.', 'F-23-04110', { optional: true }) document?: string;
  @Rows('At least two lines that balance.', () => LineDto, MOST_LINES) lines!: LineDto[];
}

export class CorrectionDto {
  @Text('Why it is corrected.', 'Fakturan bokförd två gånger') reason!: string;
  @Day('When the correction happens.', '2023-06-02') eventDate!: string;
  @Period('An open period; the month of the event date where left out.', { optional: true }) period?: string;
  @Part('What should have stood there; without it the voucher is only taken back.', () => ReplacementDto, { optional: true })
  replacement?: ReplacementDto;
}

export class ShareDto {
  @Text('The grant that takes over; left out: without grant code.', '9916', { optional: true }) grant?: string;
  @Text('Its decision.', '9916-2023-1', { optional: true }) decision?: string;
  @Amount('With the line’s sign.', '600.00', { optional: true }) amount?: string;
  @Text('Per cent of what stands, at most two decimals, instead of the amount.', '33.33', { optional: true }) perCent?: string;
}

export class StandingDto {
  @Text('The grant the cost stands on; empty: without grant code.', '') grant!: string;
  @Text('The decision it stands on.', '9916-2023-1', { optional: true }) decision?: string;
}

export class RecodingDto {
  @Whole('The line’s number in the voucher, from 1.', 1) line!: number;
  @Part('Where the cost stands now; the line’s own coding where left out.', () => StandingDto, { optional: true }) from?: StandingDto;
  @Rows('Where it goes. A single share without amount or per cent takes all that stands.', () => ShareDto, MOST_LINES) to!: ShareDto[];
  @Day('When it is done.', '2023-05-08') eventDate!: string;
  @Period('An open period; the month of the event date where left out.', { optional: true }) period?: string;
  @Text('Why.', 'Omkontering efter fördelningsbeslut') text!: string;
  @Part('The board’s or the delegate’s decision, where there is one.', () => MandateDto, { optional: true }) mandate?: MandateDto;
}

export class ReallocationDto {
  @Text('Grant code.', '9917') grant!: string;
  @Text('Its decision.', '9917-2023-1', { optional: true }) decision?: string;
  @Text('The unit that gives.', '614') from!: string;
  @Text('The unit that takes.', 'HSF') to!: string;
  @Amount('Above zero.', '2500000.00') amount!: string;
  @Text('A reallocation account.', '3590') account!: string;
  @Day('When it happens.', '2023-05-09') eventDate!: string;
  @Period('An open period; the month of the event date where left out.', { optional: true }) period?: string;
  @Text('What it is about.', 'Fördelning av vårdens medarbetare') text!: string;
  @Text('The document; the mandate where left out.', 'RS/412/2023', { optional: true }) document?: string;
  @Part('The decision it rests on.', () => MandateDto) mandate!: MandateDto;
  @Choice('How the ERP books it.', ['changed-unit', 'internal']) bookedAs!: string;
  @Text('Counterpart code at the unit that gives.', '811', { optional: true }) fromCounterpart?: string;
  @Text('Counterpart code at the unit that takes.', '812', { optional: true }) toCounterpart?: string;
}

/** The law's draft of a voucher as sent in · refuses malformed amounts. */
export function draftOf({ eventDate, period, text, counterparty, document, lines }: VoucherDto): Draft {
  return { counterparty, document, eventDate, lines: linesOf(lines), period, text };
}

/** Lines with öre · refuses malformed amounts. */
export const linesOf = (lines: readonly LineDto[]): DraftLine[] =>
  lines.map(({ account, amount, unit, grant, decision, counterpart }) => ({
    account,
    amountOre: parseOre(amount),
    counterpart,
    decision,
    grant,
    unit,
  }));

/** A plain mandate, or none; the law checks that it is whole. */
export function mandateFrom(mandate: MandateDto): Mandate;
export function mandateFrom(mandate: MandateDto | undefined): Mandate | undefined;
export function mandateFrom(mandate: MandateDto | undefined): Mandate | undefined {
  return mandate && ({ ...mandate } as Mandate);
}
