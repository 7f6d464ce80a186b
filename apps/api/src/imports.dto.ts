/** What is sent in about an import: why it is abandoned, and the ERP's control totals of a selection; and what an import answers. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { parseOre, type ControlTotal } from '#ledger';
import { Amount, Period, Rows, Text } from './fields.js';
import { FindingAnswer } from './said.js';
import { EffectAnswer } from './writing.js';

/** As many as a body holds. */
const MOST_TOTALS = 20_000;

export class AbandonmentDto {
  @Text('Why.', 'Fel fil') because!: string;
}

export class ControlTotalDto {
  @Text('Account.', '5550') account!: string;
  @Text('Grant code; left out: lines without one.', '9916', { optional: true }) grant?: string;
  @Period('The accounting period.') period!: string;
  @Amount('What the ERP says that the lines come to.', '48250.50') amount!: string;
}

export class ControlTotalsDto {
  @Rows('All of them; they replace what was recorded before.', () => ControlTotalDto, MOST_TOTALS) totals!: ControlTotalDto[];
}

class CountsAnswer {
  @ApiProperty({ description: 'All rows of vouchers: what the others come to.' }) rows!: number;
  @ApiProperty() withCode!: number;
  @ApiProperty({ description: 'Income and cost without a grant code.' }) withoutCode!: number;
  @ApiProperty({ description: 'Balance sheet without a grant.' }) noCodeNeeded!: number;
  @ApiProperty() alreadyThere!: number;
  @ApiPropertyOptional({ description: 'Struck, or the doubles of added ones.' }) ignored?: number;
  @ApiPropertyOptional({ description: 'Left out by the profile’s filter.' }) leftOut?: number;
}
class FirstVoucherAnswer {
  @ApiProperty({ example: 'erp-2023-LEV-101' }) voucher!: string;
  @ApiProperty({ example: '2023-05-03' }) eventDate!: string;
  @ApiProperty() text!: string;
  @ApiProperty({ type: [Object], description: 'As they would be coded; amount in kronor, debit +, credit −.' }) lines!: object[];
}
class AsNewAnswer {
  @ApiProperty({ example: 'erp-2023-A-5' }) voucher!: string;
  @ApiProperty({ example: 'erp-2023-A-2', description: 'The known one.' }) from!: string;
}
/** The shape of what an import answers, for the OpenAPI document. */
export class ImportAnswer {
  @ApiProperty({ description: 'The idempotency key, given or made: names the import while it is under way.' }) key!: string;
  @ApiProperty({ enum: ['imported', 'nothing-new', 'already-imported', 'dry-run'] }) outcome!: string;
  @ApiProperty({ type: String, nullable: true, description: 'The import’s id; the earlier one’s where the file is already imported.' })
  import!: string | null;
  @ApiProperty({ enum: ['csv', 'sie', 'xlsx'], description: 'What the file was recognised as, by its bytes.' }) format!: string;
  @ApiProperty({ enum: ['whole-vouchers', 'selection'] }) kind!: string;
  @ApiProperty({ example: 'raindance~3', description: 'The profile and its newest version; voucher-csv, or trial~1.' }) profile!: string;
  @ApiProperty({ example: 'erp' }) book!: string;
  @ApiProperty({ example: 2023 }) year!: number;
  @ApiProperty() sha256!: string;
  @ApiProperty() bytes!: number;
  @ApiProperty({ type: CountsAnswer, nullable: true }) counts!: CountsAnswer | null;
  @ApiProperty({ description: 'New vouchers.' }) vouchers!: number;
  @ApiProperty({ description: 'Vouchers that were there already and are corrected.' }) corrections!: number;
  @ApiProperty({ type: Object, nullable: true, description: 'How much the filter left out: vouchers, rows, debit, credit.' }) leftOut!:
    object | null;
  @ApiProperty({ type: [AsNewAnswer], description: 'What was said to be new, though it is like a known one.' }) asNew!: AsNewAnswer[];
  @ApiProperty({ type: [FindingAnswer], description: 'Of each kind the first 1 000, and one that says how many more.' })
  findings!: FindingAnswer[];
  @ApiProperty({ description: 'How many those are in all.' }) findingsInAll!: number;
  @ApiProperty({ type: [FindingAnswer], description: 'What it changes of what is there already.' }) asks!: FindingAnswer[];
  @ApiProperty({ description: 'How many those are in all; the first 1 000 are listed where asks=all is not said.' }) asksInAll!: number;
  @ApiProperty({ type: String, nullable: true, description: 'What consents to exactly that.' }) consent!: string | null;
  @ApiProperty({ type: [EffectAnswer] }) effects!: EffectAnswer[];
  @ApiProperty({ type: [FirstVoucherAnswer], description: 'Of a dry run: the first new vouchers.' }) first!: FirstVoucherAnswer[];
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Of an import that had stopped and went on: its vouchers that were there already.',
  })
  resumed!: number | null;
  @ApiProperty({ example: 412 }) seq!: number;
}

/** What control totals that were handed in are named by, and what was read. */
export class TotalsAnswer {
  @ApiProperty({ example: '0c9f6c1e-7a0f-4a9b-9d0e-2f0a8c8f6b1d', description: 'To be named at POST /imports, as control.' })
  control!: string;
  @ApiProperty({ type: [ControlTotalDto] }) totals!: ControlTotalDto[];
}

/** The totals in öre · refuses malformed amounts. */
export const totalsOf = (totals: readonly ControlTotalDto[]): ControlTotal[] =>
  totals.map(({ account, grant, period, amount }) => ({
    account,
    ...(grant === undefined ? {} : { grant }),
    period,
    amountOre: parseOre(amount),
  }));
