/**
 * What a region carries into its first year, decision by decision, as ordinary acts in the last closing period of the year before: a
 * debt is money received and not used, a claim is income recognised before the money came, and income and cost are earlier years as totals.
 */
import { PostCost, PostReceipt, RecogniseIncome, swedishKronor, type Command, type Draft, type Ledger, type Terms } from '#ledger';
import { CARRIED_IN } from './sheets.js';
import type { Planning, StartStep } from './start-plan.js';
import type { StartRow, StartRows } from './start-rows.js';

type Row = StartRow<'Ingående'>;
/** The last of the closing periods: what was decided of the year comes before it. */
const CLOSING_MONTH = 16;

/** The acts of the sheet Ingående, one voucher a row. A decision that has moved already gets none: it was carried in before, or has been posted to; where the ledger has another amount than the sheet, that is noticed. */
export function carriedIn(rows: StartRows, decisions: ReadonlyMap<string, Terms>, planning: Planning): StartStep[] {
  const { ledger, asked, tell, notice, there } = planning;
  const kinds = chartOf(rows, ledger);
  const grantOf = (decision: string) =>
    rows.Beslut.find(({ text }) => text.decision === decision)?.text.grant ?? ledger.decisions.get(decision)?.grant ?? '';
  const given = new Map<string, bigint>();
  for (const row of rows.Ingående)
    for (const [key, ore] of sumsOf(row, yearOf(row, asked.year), kinds, grantOf)) given.set(key, (given.get(key) ?? 0n) + ore);
  const differing = new Set<string>();
  return rows.Ingående.flatMap((row): StartStep[] => {
    const { decision, account, contra, unit, year = '' } = row.text;
    const amountOre = row.ore.amountOre!;
    const item = { sheet: 'Ingående', row: row.row, code: decision } as const;
    const of = yearOf(row, asked.year);
    if (!/^(\d{4})?$/.test(year) || of >= asked.year)
      return (
        tell('Ingående', row.row, CARRIED_IN.year.heading, 'start-year-not-before', { year: year.slice(0, 40), first: asked.year }),
        []
      );
    if (hasMoved(row, of, kinds, ledger)) {
      const [[key, ore] = ['', 0n]] = sumsOf(row, of, kinds, grantOf);
      const [givenOre, standingOre] = [given.get(key) ?? ore, ledger.sums.of(key)];
      if (givenOre === standingOre) return (there(item), []);
      if (!differing.has(key))
        notice('Ingående', row.row, CARRIED_IN.amountOre.heading, 'finding-carried-in-moved', {
          decision,
          givenOre: String(givenOre),
          standingOre: String(standingOre),
        });
      differing.add(key);
      return [];
    }
    const terms = decisions.get(decision) ?? (ledger.decisions.has(decision) ? ledger.termsOn(decision, `${of}-12-31`) : undefined);
    const draft: Draft = {
      eventDate: `${of}-12-31`,
      period: `${of}-${CLOSING_MONTH}`,
      text: `Ingående ${asked.year}: ${decision} ${swedishKronor(amountOre)} kr`,
      counterparty: terms?.agency ?? asked.file,
      document: `${terms?.diarienummer ?? decision}, ${asked.file}`,
      lines: [
        { account, amountOre, unit, decision },
        { account: contra, amountOre: -amountOre, unit, ...(kinds(contra) !== 'balance' && { decision }) },
      ],
    };
    const act = actOf(draft, row, kinds);
    if (!act)
      return (tell('Ingående', row.row, CARRIED_IN.account.heading, 'start-carried-in-accounts', { account, contra, amountOre }), []);
    return [{ ...item, command: act, columns: COLUMNS }];
  });
}

const COLUMNS: StartStep['columns'] = {
  'decision-unknown': CARRIED_IN.decision.heading,
  'unit-unknown': CARRIED_IN.unit.heading,
  'unit-not-valid': CARRIED_IN.unit.heading,
  'account-unknown': CARRIED_IN.account.heading,
  'account-not-for-act': CARRIED_IN.account.heading,
  'received-elsewhere': CARRIED_IN.account.heading,
  'amount-zero': CARRIED_IN.amountOre.heading,
  'period-closed': CARRIED_IN.year.heading,
};

export type KindOf = (account: string) => string | null;

/** What an account is by the sheet's classes, or where it has none, by the ledger's. */
export function chartOf(rows: StartRows, ledger: Ledger): KindOf {
  const own = rows.Kontoklasser.map(({ text: { from, to, kind } }) => ({ from, to: to || from, kind }));
  return (account) =>
    own.length > 0
      ? (own.find(({ from, to }) => account.length === from.length && from <= account && account <= to)?.kind ?? null)
      : (ledger.chart.find(account, '9999-12-31')?.kind ?? null);
}

const yearOf = ({ text: { year = '' } }: Row, first: number): number => (year === '' ? first - 1 : Number(year));

/** What a row adds to the ledger's sums, öre debit +, the one that tells it from what stands there first; none where its accounts make no act. */
function sumsOf(
  { text: { decision, account, contra }, ore }: Row,
  year: number,
  kinds: KindOf,
  grantOf: (decision: string) => string,
): [key: string, ore: bigint][] {
  const amountOre = BigInt(ore.amountOre!);
  const [kind, net] = [kinds(account), `net|${grantOf(decision)}|${year}`];
  if (kind === 'grant-liability') return [[`received|${decision}`, amountOre]];
  if (kind === 'income') return [[`recognised|${decision}`, amountOre], [net, amountOre]]; // prettier-ignore
  if (kind === 'cost') return [[net, amountOre]];
  return kinds(contra) === 'income' ? [[`recognised|${decision}`, -amountOre], [net, -amountOre]] : []; // prettier-ignore
}

/** Whether anything was ever received, recognised or repaid on the decision, or the grant has a net in a year whose cost the row is of. */
function hasMoved({ text: { decision, account } }: Row, year: number, kinds: KindOf, ledger: Ledger): boolean {
  const keys = ['received', 'recognised', 'repaid'].map((what) => `${what}|${decision}`);
  const grant = ledger.decisions.get(decision)?.grant;
  if (kinds(account) === 'cost' && grant !== undefined) keys.push(`net|${grant}|${year}`);
  return keys.some((key) => ledger.sums.of(key) !== 0n);
}

/** The act by the two accounts; null where they make none. */
function actOf(draft: Draft, { text, ore }: Row, kinds: KindOf): Command | null {
  const [kind, contra, debit] = [kinds(text.account), kinds(text.contra), ore.amountOre! > 0];
  if (kind === null || contra === null) return new PostReceipt(draft); // which account is unknown is the ledger's word
  if (kind === 'grant-liability' && !debit && contra === 'balance') return new PostReceipt(draft);
  if (kind === 'income' && !debit && (contra === 'grant-liability' || contra === 'balance')) return new RecogniseIncome(draft);
  if (kind === 'balance' && debit && contra === 'income') return new RecogniseIncome(draft);
  if (kind === 'cost' && contra === 'balance') return new PostCost(draft);
  return null;
}
