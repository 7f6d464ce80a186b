/** What is sent in about an import: why it is abandoned, and the ERP's control totals of a selection. */
import { parseOre, type ControlTotal } from '#ledger';
import { Amount, Period, Rows, Text } from './fields.js';

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

/** The totals in öre · refuses malformed amounts. */
export const totalsOf = (totals: readonly ControlTotalDto[]): ControlTotal[] =>
  totals.map(({ account, grant, period, amount }) => ({
    account,
    ...(grant === undefined ? {} : { grant }),
    period,
    amountOre: parseOre(amount),
  }));
