/**
 * The simple voucher CSV (docs: `liggare help import csv`): one row a line, the rows of a voucher together. From rows to
 * source vouchers, as the file has them; what they mean in this ledger is settled by resolve.ts.
 */
import {
  isAccount,
  isDate,
  isNumber,
  isPeriod,
  isSeries,
  parseOre,
  periodOf,
  Refusal,
  TEXT_CHARACTERS,
  type Facts,
  type Line,
  type RefusalName,
} from '#ledger';
import type { Row } from './csv-rows.js';
import type { Say } from './source.js';

export const COLUMNS = [
  'series',
  'number',
  'date',
  'period',
  'account',
  'amount',
  'unit',
  'grant',
  'decision',
  'text',
  'counterparty',
  'document',
  'registered',
  'counterpart',
] as const;
const REQUIRED: readonly Column[] = ['number', 'date', 'account', 'amount', 'unit'];
/** What belongs to the voucher and must be the same on each of its rows. */
const OF_VOUCHER = ['date', 'text', 'counterparty', 'document', 'registered'] as const;
type Column = (typeof COLUMNS)[number];

/** What a line says beside account, amount, period and text: one and the same object, wherever it can be, for lines that say the same. */
export type SourceCoding = {
  readonly unit: string;
  readonly grant: string;
  readonly decision: string;
  readonly counterpart: string;
  /** The coding as the file has it, where a profile made something of it. */
  readonly objects?: Line['objects'] & {};
};
export type SourceLine = {
  readonly row: number;
  readonly account: string;
  readonly amountOre: number;
  readonly period: string;
  readonly coding: SourceCoding;
  readonly text?: string;
};
export type SourceVoucher = {
  readonly row: number;
  readonly series: string;
  readonly number: string;
  readonly date: string;
  readonly registered: string;
  readonly text: string;
  readonly counterparty: string;
  readonly document: string;
  readonly lines: SourceLine[];
};

/** Different codings that are remembered. */
const CODINGS = 50_000;

/** Gathers rows into vouchers. A voucher is given when the next one begins, or at `end`; one with a broken row is not given at all. */
export class VoucherRows {
  #places: ReadonlyMap<Column, number> | null = null;
  #width = 0;
  #voucher: SourceVoucher | null = null;
  #first: readonly string[] = [];
  #dates = new Map<string, boolean>();
  readonly #codings = new Map<string, SourceCoding>();
  #sound = true; // nothing is wrong with the voucher's rows so far: one that is broken would only be found not to balance
  #lostRow = false; // the row before could not be told apart: it may have been of this voucher
  rows = 0;

  constructor(
    private readonly told: Say,
    private readonly take: (voucher: SourceVoucher) => void,
  ) {}

  /** One row; the first is the header. @throws Refusal about the header, with its row: such a file has no columns to read by */
  push({ row, fields }: Row): void {
    if (!this.#places) {
      this.#places = header(fields);
      this.#width = fields.length;
      return;
    }
    this.rows += 1;
    if (fields.length !== this.#width) {
      this.#lostRow = true;
      return this.complain(row, 'file-row-fields', { fields: fields.length, columns: this.#width });
    }
    const [series, number] = [this.#field(fields, 'series'), this.#field(fields, 'number')];
    const current = this.#voucher;
    if (!current || current.number !== number || current.series !== series) {
      this.end();
      this.#sound = !this.#lostRow;
      this.#voucher = this.#begin(row, series, number, fields);
      this.#first = fields;
    } else {
      for (const column of OF_VOUCHER)
        if (this.#field(fields, column) !== this.#field(this.#first, column))
          this.complain(row, 'file-voucher-differs', { voucher: `${series}${number}`, column });
    }
    this.#lostRow = false;
    const line = this.#line(row, fields);
    if (line) this.#voucher!.lines.push(line);
  }

  /** Which voucher a row after the header says that it belongs to. */
  voucherOf({ fields }: Row): string {
    return `${this.#field(fields, 'series')}\u001f${this.#field(fields, 'number')}`;
  }

  /** Gives the last voucher. */
  end(): void {
    if (this.#voucher && this.#sound) this.take(this.#voucher);
    this.#voucher = null;
  }

  private complain(row: number, finding: RefusalName, facts: Facts): void {
    this.#sound = false;
    this.told(row, finding, facts);
  }

  #begin(row: number, series: string, number: string, fields: readonly string[]): SourceVoucher {
    if (number === '') this.complain(row, 'file-field-missing', { column: 'number' });
    else if (!isNumber(number) || !isSeries(series))
      this.complain(row, 'voucher-reference-malformed', { voucher: `${series} ${number}`.slice(0, 80) });
    const date = this.#field(fields, 'date');
    this.#checkDate(row, date);
    const registered = this.#field(fields, 'registered');
    if (registered !== '') this.#checkDate(row, registered);
    const text = (column: 'text' | 'counterparty' | 'document') => {
      const value = this.#field(fields, column);
      if (value.length > TEXT_CHARACTERS)
        this.complain(row, 'text-too-long', { field: column, characters: value.length, most: TEXT_CHARACTERS });
      if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(value)) this.complain(row, 'text-malformed', { field: column });
      return value;
    };
    return {
      row,
      series,
      number,
      date,
      registered,
      text: text('text'),
      counterparty: text('counterparty'),
      document: text('document'),
      lines: [],
    };
  }

  #line(row: number, fields: readonly string[]): SourceLine | null {
    const account = this.#field(fields, 'account');
    if (!isAccount(account)) this.complain(row, 'account-unknown', { account: account.slice(0, 40) });
    const unit = this.#field(fields, 'unit');
    if (unit === '') this.complain(row, 'file-field-missing', { column: 'unit' });
    const period = this.#field(fields, 'period') || periodOf(this.#field(fields, 'date'));
    if (!isPeriod(period)) this.complain(row, 'period-malformed', { period: period.slice(0, 40) });
    try {
      const amountOre = parseOre(this.#field(fields, 'amount'));
      if (amountOre === 0) this.complain(row, 'amount-zero', { line: row }); // as by hand: a row without money says nothing
      return { row, account, amountOre, period, coding: this.#coding(unit, fields) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.complain(row, error.refusal, error.facts);
      return null;
    }
  }

  #coding(unit: string, fields: readonly string[]): SourceCoding {
    const [grant, decision] = [this.#field(fields, 'grant'), this.#field(fields, 'decision')];
    const counterpart = this.#field(fields, 'counterpart');
    const key = `${unit}\u001f${grant}\u001f${decision}\u001f${counterpart}`;
    let coding = this.#codings.get(key);
    if (coding === undefined) {
      if (this.#codings.size === CODINGS) this.#codings.clear();
      this.#codings.set(key, (coding = { unit, grant, decision, counterpart }));
    }
    return coding;
  }

  #checkDate(row: number, date: string): void {
    let good = this.#dates.get(date);
    if (good === undefined) this.#dates.set(date, (good = isDate(date)));
    if (!good) this.complain(row, 'date-malformed', { date: date.slice(0, 40) });
  }

  #field(fields: readonly string[], column: Column): string {
    const place = this.#places!.get(column);
    return place === undefined ? '' : (fields[place] ?? '');
  }
}

function header(fields: readonly string[]): ReadonlyMap<Column, number> {
  const places = new Map<Column, number>();
  fields.forEach((field, place) => {
    const column = field.trim().toLowerCase() as Column;
    if (!COLUMNS.includes(column))
      throw new Refusal('file-column-unknown', { row: 1, column: field.slice(0, 40), columns: COLUMNS.join(', ') });
    if (places.has(column)) throw new Refusal('file-column-twice', { row: 1, column });
    places.set(column, place);
  });
  for (const column of REQUIRED) if (!places.has(column)) throw new Refusal('file-column-missing', { row: 1, column });
  return places;
}
