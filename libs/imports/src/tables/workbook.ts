/**
 * An Excel workbook (.xlsx) to rows of text, as a CSV file would have held them: one way in for both. Bounded before it is unpacked. What
 * text cannot say (an error, a formula that was never worked out, a cell merged away) stays with the cell and refuses whoever needs it.
 */
import type { Cell, Sheet } from 'hucre/xlsx';
import { Refusal, refuse, WORKBOOK_BYTES, type RefusalName } from '#ledger';
import type { Row } from '../csv-rows.js';
import { numberText, type Decimal } from './cells.js';
import { unpackedBytes } from './zip-size.js';

const MERGED_CELLS = 1_000_000;

/** What is wrong with a cell, beside what it says. */
export type Flaw = {
  readonly finding: Extract<RefusalName, 'cell-error' | 'cell-formula-without-value' | 'cell-merged'>;
  readonly value: string;
};
/** A row; flaws by the place of the cell, where there are any. */
export type TableRow = Row & { readonly flaws?: ReadonlyMap<number, Flaw> };
export type SheetRead = {
  readonly name: string;
  /** Rows with something in them that a filter or a hand has hidden. */
  readonly hidden: number;
  /** The rows, numbered as Excel numbers them, blank ones left out. @param decimal the sign that stored numbers are given, so that they read as the texts do */
  rows(decimal: Decimal): Iterable<TableRow>;
};

/**
 * The sheets of a workbook, in its order.
 * @param wanted those of these names that there are, whatever the case, also hidden ones; or all, hidden ones too; or the first that can be seen
 * @throws Refusal `workbook-too-large`, `workbook-protected`, `workbook-unreadable`; `sheet-missing` where there is none of them
 */
export async function readWorkbook(bytes: Uint8Array, wanted: readonly string[] | 'all' | 'first'): Promise<SheetRead[]> {
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) refuse('workbook-protected', {});
  const unpacked = bytes.length > WORKBOOK_BYTES ? Infinity : unpackedBytes(bytes);
  if (unpacked === null) return refuse('workbook-unreadable', {});
  if (unpacked > WORKBOOK_BYTES) refuse('workbook-too-large', { most: WORKBOOK_BYTES / 1024 / 1024 });
  const { readXlsx } = await import('hucre/xlsx');
  const [names, seen]: [string[], string[]] = [[], []];
  let sheets: readonly Sheet[];
  try {
    ({ sheets } = await readXlsx(bytes, {
      sheets: ({ name, hidden, veryHidden }) => {
        names.push(name);
        if (!hidden && !veryHidden) seen.push(name);
        if (typeof wanted !== 'string') return wanted.some((one) => sameName(one, name));
        return wanted === 'all' || (!hidden && !veryHidden && seen.length === 1);
      },
    }));
  } catch {
    return refuse('workbook-unreadable', {}); // whatever the library stumbles over lies in the file
  }
  if (sheets.length === 0) throw missingSheet(typeof wanted === 'string' ? '1' : wanted.join(', '), names);
  return sheets.map(sheetOf);
}

/** @param names the sheets that there are */
export const missingSheet = (sheet: string, names: readonly string[]): Refusal =>
  new Refusal('sheet-missing', { row: 1, sheet, sheets: names.join(', ').slice(0, 400) });

/** Whether two names are of one sheet: Excel does not tell large letters from small. */
export const sameName = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();

function sheetOf({ name, rows, cells, merges = [], rowDefs }: Sheet): SheetRead {
  const flaws = new Map<number, Map<number, Flaw>>();
  const flaw = (row: number, column: number, finding: Flaw['finding'], value: string) => {
    const ofRow = flaws.get(row) ?? new Map<number, Flaw>();
    flaws.set(row, ofRow.set(column, { finding, value }));
  };
  let merged = 0;
  for (const { startRow, startCol, endRow, endCol } of merges)
    for (let row = startRow; row <= Math.min(endRow, rows.length - 1); row += 1)
      for (let column = startCol; column <= Math.min(endCol, (rows[row]?.length ?? 0) - 1); column += 1) {
        if ((merged += 1) > MERGED_CELLS) refuse('workbook-unreadable', {}); // no hand has merged so many; ranges that overlap have no end
        if (row !== startRow) flaw(row, column, 'cell-merged', ''); // within a row it is an empty cell like another: the title of a page, the total
      }
  for (const [place, cell] of cells ?? []) {
    const [row, column] = place.split(',').map(Number) as [number, number];
    if (cell.type === 'error') flaw(row, column, 'cell-error', String(cell.value));
    else if (neverWorkedOut(cell)) flaw(row, column, 'cell-formula-without-value', `=${cell.formula}`.slice(0, 40));
  }
  const blank = (at: number) =>
    rows[at]!.every((value) => value === null || value === undefined || value === '') &&
    ![...(flaws.get(at)?.values() ?? [])].some(({ finding }) => finding !== 'cell-merged');
  return {
    name,
    hidden: [...(rowDefs ?? [])].filter(([at, { hidden }]) => hidden && rows[at] && !blank(at)).length,
    *rows(decimal) {
      for (const [at, values] of rows.entries()) {
        if (blank(at)) continue;
        const ofRow = flaws.get(at);
        yield { row: at + 1, fields: values.map((value) => textOf(value, decimal)), ...(ofRow && { flaws: ofRow }) };
      }
    },
  };
}

const neverWorkedOut = ({ type, value, formulaResult }: Cell): boolean =>
  type === 'formula' && value === null && (formulaResult ?? null) === null;

function textOf(value: Sheet['rows'][number][number] | undefined, decimal: Decimal): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return numberText(value, decimal);
  if (typeof value === 'boolean') return value ? 'SANT' : 'FALSKT';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '#######' : value.toISOString().slice(0, 10);
  return value.replace(/\r\n?/g, '\n');
}
