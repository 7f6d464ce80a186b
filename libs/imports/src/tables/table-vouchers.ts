/**
 * The rows of a table, CSV or Excel, to file vouchers by the columns of a profile. A row without account is no line of a voucher: totals and
 * repeated headings are counted and said, never posted. Every complaint names the row and the column's heading.
 */
import {
  fiscalYearOf,
  isAccount,
  isNumber,
  isSeries,
  periodOf as monthOf,
  seriesCode,
  Refusal,
  TEXT_CHARACTERS,
  type Facts,
  type RefusalName,
} from '#ledger';
import type { FileLine, FileObject, FileVoucher, SourceRead, Taker } from '../source.js';
import { cellDate, cellOre } from './cells.js';
import type { Column, FoundLayout } from './layout.js';
import type { TableRow } from './workbook.js';

type Draft = { -readonly [field in keyof FileVoucher]: FileVoucher[field] } & { lines: FileLine[]; sound: boolean };
type Text = 'text' | 'counterparty' | 'document';
const TEXTS: readonly Text[] = ['text', 'counterparty', 'document'];

/** Gathers rows into vouchers: a voucher ends where the next row has another number. Where those of a selection are scattered, they are put together by who takes them. */
export class TableVouchers {
  #current: Draft | null = null;
  #row: TableRow = { row: 0, fields: [] };
  #sound = true; // of the row: nothing was complained of in it
  #lost = false; // the row before could not be told apart: it may have been of the voucher that this one begins
  #rows = 0;
  #ignored = { rows: 0, first: 0, text: '' };
  readonly #objects = new Map<string, readonly FileObject[]>();
  readonly #dates = new Map<string, string>();

  /** @param sheet the name of the sheet, which complaints put before the heading as Excel does (`Blad1!Belopp`) */
  constructor(
    private readonly layout: FoundLayout,
    private readonly taker: Taker,
    private readonly sheet = '',
  ) {}

  /** One row; those above the headings are passed over. */
  push(row: TableRow): void {
    const { columns, headings } = this.layout;
    if (row.row <= this.layout.headingRow || (row.fields.every((field) => field.trim() === '') && !row.flaws)) return;
    this.#row = row;
    this.#rows += 1;
    const [number, date, account] = [columns.number, columns.date, columns.account].map((column) =>
      row.flaws?.has(column!.place) ? '?' : this.#bare(column!),
    );
    const repeated = row.fields.every((field, place) => field.trim().replace(/\s+/g, ' ') === (headings[place] ?? ''));
    if (repeated || (account === '' && (number === '' || date === ''))) return this.#ignore();
    this.#sound = true;
    const { length } = row.fields;
    const surplus = row.fields.slice(headings.length).some((field) => field.trim() !== '');
    const lost = this.sheet === '' && (length < headings.length || surplus);
    if (lost) this.#complain('file-row-fields', { fields: length, columns: headings.length });
    else this.#line();
    this.#lost = lost;
    if (!this.#sound && this.#current) this.#current.sound = false;
  }

  /** Gives what is left, and says how many rows there were. */
  end(): SourceRead {
    if (this.#current) this.#give(this.#current);
    const { rows, first, text } = this.#ignored;
    if (rows > 0) this.taker.notice(first, 'finding-row-without-line', { rows, text });
    return { rows: this.#rows, ignored: rows };
  }

  #line(): void {
    const { columns } = this.layout;
    const [series, number] = [columns.series ? this.#field(columns.series) : '', this.#needed(columns.number!)];
    if (number !== '' && !isNumber(number))
      this.#complain('cell-number-malformed', { column: this.#name(columns.number!), value: number.slice(0, 40) });
    if (!isSeries(seriesCode(series)))
      this.#complain('cell-number-malformed', { column: this.#name(columns.series!), value: series.slice(0, 40) });
    const date = this.#date(columns.date!);
    const account = this.#needed(columns.account!);
    if (account !== '' && !isAccount(account))
      this.#complain('cell-account-malformed', { column: this.#name(columns.account!), value: account.slice(0, 40) });
    const amountOre = this.#amount();
    const voucher = this.#voucher(series, number, date);
    const text = columns.lineText ? this.#text(columns.lineText) : '';
    voucher.lines.push({ line: this.#row.row, counted: true, account, objects: this.#coding(), amountOre, date, text });
  }

  /** The voucher that the row belongs to, begun where this is its first row. */
  #voucher(series: string, number: string, date: string): Draft {
    let voucher = this.#current;
    if (!voucher || voucher.number !== number || voucher.series !== series || this.#isOtherYear(voucher.date, date)) {
      if (voucher) this.#give(voucher);
      const { registered } = this.layout.columns;
      const first = { line: this.#row.row, series, number, date, registered: '', text: '', lines: [], sound: !this.#lost };
      voucher = { ...first, registered: registered && this.#field(registered) !== '' ? this.#date(registered) : '' };
    }
    this.#current = voucher;
    if (!this.layout.ownPeriods && date !== '' && voucher.date !== '' && monthOf(voucher.date) !== monthOf(date))
      this.#complain('table-months-differ', {
        voucher: `${series} ${number}`.trim(),
        column: this.#name(this.layout.columns.date!),
        first: voucher.date,
        date,
      });
    for (const what of TEXTS) this.#gather(voucher, what);
    return voucher;
  }

  /** Whether the days lie in different fiscal years: the same number is then another voucher, in a list that is sorted by number. */
  #isOtherYear(one: string, other: string): boolean {
    if (one === '' || other === '' || monthOf(one) === monthOf(other)) return false;
    const { firstMonth } = this.layout;
    return fiscalYearOf(monthOf(one), firstMonth).year !== fiscalYearOf(monthOf(other), firstMonth).year;
  }

  /** What belongs to the voucher stands on some of its rows, and says the same on all where it does. */
  #gather(voucher: Draft, what: Text): void {
    const column = this.layout.columns[what];
    const said = column ? this.#text(column) : '';
    if (said === '' || said === voucher[what]) return;
    if (voucher[what])
      this.#complain('file-voucher-differs', { voucher: `${voucher.series} ${voucher.number}`.trim(), column: this.#name(column!) });
    else voucher[what] = said;
  }

  #give(voucher: Draft): void {
    this.#current = null;
    const { sound, ...given } = voucher;
    if (sound) this.taker.voucher(given);
  }

  #ignore(): void {
    const text =
      this.#row.fields
        .find((field) => field.trim() !== '')
        ?.trim()
        .slice(0, 40) ?? '';
    if (this.#ignored.rows === 0) this.#ignored = { rows: 0, first: this.#row.row, text };
    this.#ignored.rows += 1;
  }

  #amount(): number {
    const { amount, debit, credit } = this.layout.columns;
    let ore: number | null;
    if (amount) ore = this.#ore(amount, true);
    else {
      const [plus, minus] = [debit, credit].map((column) => (column ? this.#ore(column, false) : 0));
      if (plus && minus) this.#complain('cell-amount-twice', { debit: this.#name(debit!), credit: this.#name(credit!) });
      else if (plus === null && minus === null) this.#complain('file-field-missing', { column: this.#name(debit!) });
      ore = (plus ?? 0) - (minus ?? 0);
    }
    return this.layout.table.creditPositive ? 0 - (ore ?? 0) : (ore ?? 0);
  }

  /** Öre of a cell, null where it is empty or cannot be read. */
  #ore(column: Column, needed: boolean): number | null {
    const text = needed ? this.#needed(column) : this.#field(column);
    return text === '' ? null : this.#read(column, () => cellOre(text, this.layout.table.decimal ?? ','));
  }

  #date(column: Column): string {
    const text = this.#needed(column);
    let date = this.#dates.get(text);
    if (date === undefined && text !== '') {
      date = this.#read(column, () => cellDate(text)) ?? '';
      if (date !== '') this.#dates.set(text, date);
    }
    return date ?? '';
  }

  #text(column: Column): string {
    const text = this.#field(column);
    const field = this.#name(column);
    if (text.length > TEXT_CHARACTERS) this.#complain('text-too-long', { field, characters: text.length, most: TEXT_CHARACTERS });
    if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) this.#complain('text-malformed', { field });
    return text;
  }

  /** The codes of the row, the same array each time that they are the same. */
  #coding(): readonly FileObject[] {
    const found = this.layout.objects
      .map((column) => ({ dim: column.heading, object: column.isPeriod ? monthOfDay(this.#field(column)) : this.#field(column) }))
      .filter(({ object }) => object !== '');
    const key = found.map(({ dim, object }) => `${dim}\u001d${object}`).join('\u001c');
    let objects = this.#objects.get(key);
    if (!objects) this.#objects.set(key, (objects = found));
    return objects;
  }

  #needed(column: Column): string {
    const text = this.#field(column);
    if (text === '' && !this.#row.flaws?.has(column.place)) this.#complain('file-field-missing', { column: this.#name(column) });
    return text;
  }

  /** What a cell says; one that cannot say it is complained of and is empty. */
  #field(column: Column): string {
    const flaw = this.#row.flaws?.get(column.place);
    if (!flaw) return this.#bare(column);
    this.#complain(flaw.finding, { column: this.#name(column), value: flaw.value });
    return '';
  }

  #bare({ place }: Column): string {
    return (this.#row.fields[place] ?? '').trim();
  }

  #read<T>(column: Column, read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#complain(error.refusal, { column: this.#name(column), ...error.facts });
      return null;
    }
  }

  #name({ heading }: Column): string {
    return this.sheet === '' ? heading : `${this.sheet}!${heading}`;
  }

  #complain(finding: RefusalName, facts: Facts): void {
    this.#sound = false;
    this.taker.complain(this.#row.row, finding, facts);
  }
}

/** A period that Excel took for a date, as it does with 2023-01, is its month. */
const monthOfDay = (period: string): string => period.replace(/^(\d{4}-\d{2})-01$/, '$1');
