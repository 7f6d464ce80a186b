/**
 * CSV and Excel as sources of file vouchers: the file opened, the profile's version found by the headings, every row handed on. What a
 * row says is read in table-vouchers.ts; that the two formats differ ends here.
 */
import { readFileSync } from 'node:fs';
import { Refusal, type TableLayout } from '#ledger';
import type { FileBytes, Source, SourceAsked, SourceRead, Taker } from '../source.js';
import { CsvTable } from './csv-table.js';
import { findLayout, type FoundLayout } from './layout.js';
import { TableVouchers } from './table-vouchers.js';
import { missingSheet, readWorkbook, sameName, type SheetRead } from './workbook.js';

/** A CSV file in any layout that a version of the profile names. */
export function csvSource({ selection, versions }: SourceAsked): Source {
  let layout: FoundLayout | null = null;
  return {
    format: 'csv',
    get namesCounterparty() {
      return layout?.columns.counterparty !== undefined;
    },
    read: (file, taker) =>
      toldOf(taker, () => {
        const table = new CsvTable(file);
        let separator = ';';
        layout = findLayout(versions, (wanted, headingRow) => {
          const heading = table.heading(headingRow, Object.values(wanted.columns), wanted.separator);
          separator = heading?.separator ?? separator;
          return heading;
        });
        const vouchers = new TableVouchers(layout, selection, taker);
        try {
          for (const row of table.rows(separator)) vouchers.push(row);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          taker.complain(Number(error.facts['row'] ?? 1), error.refusal, error.facts);
        }
        return vouchers.end();
      }),
    reduce: (file, chosen) => chosenRows(file, layout!.headingRow, chosen),
  };
}

/**
 * A workbook, which must be unpacked before it can be read as other files are.
 * @throws Refusal `workbook-too-large`, `workbook-protected`, `workbook-unreadable`, `sheet-missing`
 */
export async function xlsxSource(file: FileBytes, { selection, versions }: SourceAsked): Promise<Source> {
  const tables = versions.flatMap(({ settings }) => settings.table ?? []);
  const named = [...new Set(tables.flatMap(({ sheet }) => sheet ?? []))];
  const bytes = readFileSync(file.path);
  const first = tables.some(({ sheet }) => sheet === undefined) || named.length === 0 ? await readWorkbook(bytes, 'first') : [];
  const sheets = named.length > 0 ? await readWorkbook(bytes, named) : [];
  const sheetOf = ({ sheet }: TableLayout): SheetRead | null =>
    (sheet === undefined ? first[0] : sheets.find(({ name }) => sameName(name, sheet))) ?? null;
  let layout: FoundLayout | null = null;
  return {
    format: 'xlsx',
    get namesCounterparty() {
      return layout?.columns.counterparty !== undefined;
    },
    read: (_file, taker) =>
      toldOf(taker, () => {
        layout = findLayout(versions, (table, headingRow) => {
          const sheet = sheetOf(table);
          if (!sheet)
            return missingSheet(
              table.sheet!,
              [...first, ...sheets].map(({ name }) => name),
            );
          for (const row of sheet.rows(',')) if (row.row >= headingRow) return row;
          return null;
        });
        const { name, hidden, rows } = sheetOf(layout.table)!;
        const vouchers = new TableVouchers(layout, selection, taker, name);
        for (const row of rows(layout.table.decimal ?? ',')) vouchers.push(row);
        if (hidden > 0) taker.notice(1, 'finding-rows-hidden', { rows: hidden, sheet: name });
        return vouchers.end();
      }),
  };
}

/** A refusal that ends the reading is complained of, with its row. */
function toldOf(taker: Taker, read: () => SourceRead): SourceRead {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    taker.complain(Number(error.facts['row'] ?? 1), error.refusal, error.facts);
    return { rows: 0 };
  }
}

/** The bytes up to the headings and of the chosen rows, as they stood; a row goes on in the next line while a quotation is open. */
function* chosenRows(file: FileBytes, headingRow: number, chosen: { has(row: number): boolean }): Iterable<Uint8Array> {
  let [line, kept, quoted, midLine] = [0, false, false, false];
  for (const chunk of file.chunks()) {
    for (let from = 0; from < chunk.length;) {
      if (!midLine) {
        line += 1;
        if (!quoted) kept = line <= headingRow || chosen.has(line);
      }
      const to = chunk.indexOf(10, from) + 1 || chunk.length;
      const bytes = chunk.subarray(from, to);
      for (let at = bytes.indexOf(34); at >= 0; at = bytes.indexOf(34, at + 1)) quoted = !quoted;
      midLine = bytes[bytes.length - 1] !== 10;
      if (kept) yield new Uint8Array(bytes);
      from = to;
    }
  }
}
