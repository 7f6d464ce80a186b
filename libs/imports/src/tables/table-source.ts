/**
 * CSV and Excel as sources of file vouchers: the file opened, the profile's version found by the headings, every row handed on. What a
 * row says is read in table-vouchers.ts; that the two formats differ ends here.
 */
import { readFileSync } from 'node:fs';
import { Refusal, type ProfileVersions, type TableLayout } from '#ledger';
import type { FileBytes, Source, SourceRead, Taker } from '../source.js';
import { CsvTable } from './csv-table.js';
import { findLayout } from './layout.js';
import { TableVouchers } from './table-vouchers.js';
import { missingSheet, readWorkbook, sameName, type SheetRead } from './workbook.js';

/** A CSV file in any layout that a version of the profile names. */
export function csvSource(versions: ProfileVersions): Source {
  let headingRow = 1;
  return {
    format: 'csv',
    namesCounterparty: namesCounterparty(versions),
    read: (file, taker) =>
      toldOf(taker, () => {
        const table = new CsvTable(file);
        let separator = ';';
        const layout = findLayout(versions, (wanted, row) => {
          const heading = table.heading(row, Object.values(wanted.columns), wanted.separator);
          separator = heading?.separator ?? separator;
          return heading;
        });
        ({ headingRow } = layout);
        const vouchers = new TableVouchers(layout, taker);
        try {
          for (const row of table.rows(separator)) vouchers.push(row);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          taker.complain(Number(error.facts['row'] ?? 1), error.refusal, error.facts);
        }
        return vouchers.end();
      }),
    reduce: (file, chosen) => chosenRows(file, headingRow, chosen),
  };
}

/** A workbook: its sheets are unpacked by `open`, before they can be read as other files are. */
export function xlsxSource(versions: ProfileVersions): Source & Required<Pick<Source, 'open'>> {
  const tables = versions.flatMap(({ settings }) => settings.table ?? []);
  const named = [...new Set(tables.flatMap(({ sheet }) => sheet ?? []))];
  let unpacked: { readonly first: readonly SheetRead[]; readonly named: readonly SheetRead[] } | Refusal | null = null;
  const sheetOf = ({ sheet }: TableLayout): SheetRead | Refusal => {
    if (unpacked === null || unpacked instanceof Refusal) return unpacked ?? new Refusal('workbook-unreadable', { row: 1 });
    if (sheet === undefined) return unpacked.first[0]!;
    return (
      unpacked.named.find(({ name }) => sameName(name, sheet)) ??
      missingSheet(
        sheet,
        unpacked.named.map(({ name }) => name),
      )
    );
  };
  return {
    format: 'xlsx',
    namesCounterparty: namesCounterparty(versions),
    async open({ path }) {
      try {
        const bytes = readFileSync(path);
        const first = tables.some(({ sheet }) => sheet === undefined) ? await readWorkbook(bytes, 'first') : [];
        unpacked = { first, named: named.length > 0 ? await readWorkbook(bytes, named) : [] };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        unpacked = error;
      }
    },
    read: (_file, taker) =>
      toldOf(taker, () => {
        const layout = findLayout(versions, (table, headingRow) => {
          const sheet = sheetOf(table);
          if (sheet instanceof Refusal) return sheet;
          for (const row of sheet.rows(',')) if (row.row >= headingRow) return row;
          return null;
        });
        const { name, hidden, rows } = sheetOf(layout.table) as SheetRead;
        const vouchers = new TableVouchers(layout, taker, name);
        for (const row of rows(layout.table.decimal ?? ',')) vouchers.push(row);
        if (hidden > 0) taker.notice(1, 'finding-rows-hidden', { rows: hidden, sheet: name });
        return vouchers.end();
      }),
  };
}

const namesCounterparty = (versions: ProfileVersions): boolean =>
  versions.some(({ settings }) => settings.table?.columns.counterparty !== undefined);

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
