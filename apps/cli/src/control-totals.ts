/** A list of control totals as an accountant saves it out of the ERP or a spreadsheet: `konto;bidrag;period;belopp`, in Swedish or English. */
import { WrongUsage } from './exit.js';
import { textIn } from './files.js';
import { amountText } from './line-text.js';
import type { Say } from './words.js';

const COLUMNS: { readonly [heading: string]: string } = {
  konto: 'account',
  account: 'account',
  bidrag: 'grant',
  grant: 'grant',
  objekt: 'grant',
  period: 'period',
  belopp: 'amount',
  amount: 'amount',
};

/** The totals, kronor as text. Separated by semicolon, tab or comma; amounts as Swedes write them. */
export function controlTotalsIn(file: string, say: Say): { [column: string]: string }[] {
  const [heading = '', ...rows] = textIn(file, say).split(/\r?\n/);
  const separator = [';', '\t', ','].find((one) => heading.includes(one)) ?? ';';
  const cells = (row: string) => row.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const columns = cells(heading).map((name) => COLUMNS[name.toLowerCase()]);
  if (columns.includes(undefined) || !['account', 'period', 'amount'].every((name) => columns.includes(name)))
    throw new WrongUsage(
      say(
        `${file} rad 1: rubrikerna ska vara konto;bidrag;period;belopp, inte ${heading.slice(0, 80)}`,
        `${file} row 1: the headings must be account;grant;period;amount, not ${heading.slice(0, 80)}`,
      ),
    );
  return rows.flatMap((row, i) => {
    if (row.trim() === '') return [];
    const values = cells(row);
    if (values.length !== columns.length)
      throw new WrongUsage(
        say(
          `${file} rad ${i + 2}: ${values.length} fält, rubriken har ${columns.length}.`,
          `${file} row ${i + 2}: ${values.length} fields, the heading has ${columns.length}.`,
        ),
      );
    const total = Object.fromEntries(columns.flatMap((name, column) => (values[column] === '' ? [] : [[name!, values[column]!]])));
    return [{ ...total, amount: amountText(total['amount'] ?? ''), period: periodText(total['period'] ?? '') }];
  });
}

/** `202305` as `2023-05`. */
const periodText = (text: string): string => text.replace(/^(\d{4})(\d{2})$/, '$1-$2');
