/**
 * A generated book as the simple voucher CSV, as the `;` CSV with decimal comma that an ERP's report gives, and as a journal of ledger
 * and hledger.
 */
import { counted, type Months } from './book.js';
import { amountText, chunked, type Encoded } from './bytes.js';
import type { Readable } from './changes.js';

/** The simple voucher CSV: UTF-8, commas, decimal points, grants and units resolved. */
export function* simpleCsv(book: Readable, options: { readonly months?: Months } = {}): Generator<Buffer> {
  yield* chunked(rows(), 'utf-8');
  function* rows() {
    yield 'series,number,date,period,account,amount,unit,grant,decision,text,counterparty,document,registered,counterpart\n';
    for (const voucher of book.vouchers(options.months)) {
      const { series, number, date, period, text, counterparty, document, registered } = voucher;
      const of = `${field(text, ',')},${field(counterparty, ',')},${field(document, ',')},${registered},\n`;
      let written = '';
      for (const { account, ore, unit, grant } of counted(voucher))
        written += `${series},${number},${date},${period},${account},${amountText(ore)},${unit},${grant},,${of}`;
      yield written;
    }
  }
}

export type ReportOptions = {
  readonly months?: Months;
  /** `windows-1252` where left out, as Excel in Sweden saves it. UTF-8 comes with a byte order mark. */
  readonly encoding?: Encoded;
  /** Two columns, Debet and Kredit, instead of Belopp. */
  readonly debitAndCredit?: boolean;
  /** Thousands apart by a space that does not break, and U+2212 for minus where the encoding has it. */
  readonly grouped?: boolean;
  /** Only rows that this takes, as a filtered list of the ERP (urval); the vouchers are then one-sided. */
  readonly only?: (row: { readonly grant: string; readonly account: string; readonly unit: string }) => boolean;
};
export const REPORT_COLUMNS = [
  'Serie',
  'Vernr',
  'Bokf datum',
  'Period',
  'Konto',
  'Ansvar',
  'Objekt',
  'Projekt',
  'Belopp',
  'Text',
  'Radtext',
  'Motpart namn',
  'Underlag',
  'Reg datum',
] as const;

/** The ERP's own list: `;`, decimal comma, the codes as in SIE, in the columns Objekt and Projekt. */
export function* reportCsv(book: Readable, options: ReportOptions = {}): Generator<Buffer> {
  const { months, encoding = 'windows-1252', debitAndCredit = false, grouped = false, only } = options;
  const columns = REPORT_COLUMNS.flatMap((name) => (name === 'Belopp' && debitAndCredit ? ['Debet', 'Kredit'] : [name]));
  const kronor = (ore: number) => (grouped ? groups(amountText(ore, ','), encoding) : amountText(ore, ','));
  const money = (ore: number) => (!debitAndCredit ? kronor(ore) : ore < 0 ? `;${kronor(-ore)}` : `${kronor(ore)};`);
  yield* chunked(rows(), encoding);
  function* rows() {
    yield `${encoding === 'utf-8' ? '\ufeff' : ''}${columns.join(';')}\r\n`;
    for (const voucher of book.vouchers(months)) {
      const { series, number, date, period, text, counterparty, document, registered } = voucher;
      const of = `${field(counterparty, ';')};${field(document, ';')};${registered}\r\n`;
      let written = '';
      for (const { account, ore, unit, object, project, grant, text: said } of counted(voucher))
        if (!only || only({ grant, account, unit }))
          written += `${series};${number};${date};${period};${account};${unit};${object};${project};${money(ore)};${field(text, ';')};${field(said, ';')};${of}`;
      yield written;
    }
  }
}

/**
 * A journal of ledger and hledger.
 * @param options account: the name that a line is posted to; `account:unit` or `account:unit:grant` where left out
 */
export function* journal(
  book: Readable,
  options: {
    readonly months?: Months;
    readonly account?: (line: { readonly grant: string; readonly unit: string; readonly account: string }, period: string) => string;
  } = {},
): Generator<Buffer> {
  const { months, account = ({ grant, unit, account }) => `${account}:${unit}${grant && `:${grant}`}` } = options;
  yield* chunked(entries(), 'utf-8');
  function* entries() {
    for (const voucher of book.vouchers(months)) {
      let written = `${voucher.date} * (${voucher.series}${voucher.number}) ${voucher.text.replaceAll(';', ',')}\n`;
      for (const line of counted(voucher)) written += `    ${account(line, voucher.period)}  ${amountText(line.ore)}\n`;
      yield `${written}\n`;
    }
  }
}

const field = (text: string, separator: string): string =>
  text.includes('"') || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
const groups = (amount: string, encoding: Encoded): string => {
  const grouped = amount.replace(/\B(?=(\d{3})+,)/g, encoding === 'cp437' ? ' ' : '\u00a0');
  return encoding === 'utf-8' ? grouped.replace('-', '\u2212') : grouped;
};
