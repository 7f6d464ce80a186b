/**
 * A list of control totals (account, grant, period, amount), CSV or Excel, as the ERP's own report of a selection gives it (R42). Read
 * with the same cells as vouchers are; what the list should agree with is no matter here.
 */
import { readFileSync } from 'node:fs';
import { isAccount, isPeriod, Refusal, type ControlTotal, type Facts, type RefusalName } from '#ledger';
import type { FileBytes, Say } from '../source.js';
import { cellOre } from './cells.js';
import { CsvTable } from './csv-table.js';
import { readWorkbook, type TableRow } from './workbook.js';

/** The headings, in Swedish or English; a grant's column may be missing or empty where an account has none. */
const HEADINGS = {
  account: ['konto', 'account'],
  grant: ['bidrag', 'grant', 'objekt'],
  period: ['period'],
  amount: ['belopp', 'amount'],
} as const;
type Heading = keyof typeof HEADINGS;

/**
 * The totals of a list with the headings Konto, Bidrag, Period (`YYYY-MM` or `YYYYMM`) and Belopp (debit +, decimal comma or point) in its first
 * row. A row without account is passed over: a total of totals.
 * @param complain told of each wrong row; the totals are not to be used then
 */
export async function readControlTotals(file: FileBytes, complain: Say): Promise<ControlTotal[]> {
  const totals: ControlTotal[] = [];
  let sound = true;
  const said: Say = (...about) => {
    sound = false;
    complain(...about);
  };
  try {
    const { sheet, rows } = await tableOf(file);
    let places: ReadonlyMap<Heading, number> | null = null;
    let columns = 0;
    for (const row of rows) {
      if (!places) [places, columns] = [placesOf(row), row.fields.length];
      else if (sheet === '' && row.fields.length !== columns) said(row.row, 'file-row-fields', { fields: row.fields.length, columns });
      else
        totals.push(
          ...totalOf(row, places, (finding, column, facts = {}) => said(row.row, finding, { ...facts, column: `${sheet}${column}` })),
        );
    }
    if (totals.length === 0 && sound) complain(1, 'control-totals-empty', {});
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    complain(Number(error.facts['row'] ?? 1), error.refusal, error.facts);
  }
  return totals;
}

async function tableOf(file: FileBytes): Promise<{ sheet: string; rows: Iterable<TableRow> }> {
  const start = file.chunks()[Symbol.iterator]().next().value?.[0];
  if (start === 0x50 || start === 0xd0) {
    const [sheet] = await readWorkbook(readFileSync(file.path), 'first');
    return { sheet: `${sheet!.name}!`, rows: sheet!.rows(',') };
  }
  const table = new CsvTable(file);
  const wanted = Object.values(HEADINGS).flat();
  const heading = table.heading(1, [...wanted, ...wanted.map((name) => name.charAt(0).toUpperCase() + name.slice(1))]);
  return { sheet: '', rows: heading ? table.rows(heading.separator) : [] };
}

function placesOf({ row, fields }: TableRow): ReadonlyMap<Heading, number> {
  const headings = fields.map((field) => field.trim().toLowerCase());
  const places = new Map<Heading, number>();
  for (const [heading, names] of Object.entries(HEADINGS) as [Heading, readonly string[]][]) {
    const place = headings.findIndex((field) => names.includes(field));
    if (place >= 0) places.set(heading, place);
    else if (heading !== 'grant')
      throw new Refusal('table-heading-missing', { row, column: names[0]!, headings: fields.join(', ').slice(0, 400) });
  }
  return places;
}

type Wrong = (finding: RefusalName, column: string, facts?: Facts) => void;

function totalOf({ fields, flaws }: TableRow, places: ReadonlyMap<Heading, number>, wrong: Wrong): ControlTotal[] {
  let sound = true;
  const say: Wrong = (...said) => {
    sound = false;
    wrong(...said);
  };
  const field = (heading: Heading): string => {
    const place = places.get(heading);
    const flaw = place === undefined ? undefined : flaws?.get(place);
    if (flaw) say(flaw.finding, HEADINGS[heading][0], { value: flaw.value });
    return flaw || place === undefined ? '' : (fields[place] ?? '').trim();
  };
  const [account, grant, written, amount] = [field('account'), field('grant'), field('period'), field('amount')];
  if (account === '' && sound) return [];
  if (sound && !isAccount(account)) say('cell-account-malformed', 'konto', { value: account.slice(0, 40) });
  const period = written.replace(/^(\d{4})(\d{2})$/, '$1-$2').replace(/^(\d{4}-\d{2})-01$/, '$1');
  if (sound && period === '') say('file-field-missing', 'period');
  if (sound && !isPeriod(period)) say('period-malformed', 'period', { period: written.slice(0, 40) });
  let amountOre = 0;
  try {
    if (sound && amount === '') say('file-field-missing', 'belopp');
    if (sound) amountOre = cellOre(amount, amount.includes(',') ? ',' : '.');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.refusal, 'belopp', error.facts);
  }
  return sound ? [{ account, ...(grant !== '' && { grant }), period, amountOre }] : [];
}
