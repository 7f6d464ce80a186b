/** Tables to read in specs: workbooks byte by byte as other programs write them (and as nobody should), files in memory, and what a source gave. Only specs import it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { writeXlsx, type CellValue } from 'hucre/xlsx';
import type { Facts, ProfileSettings, ProfileVersions, RefusalName, TableLayout } from '#ledger';
import type { FileBytes, FileVoucher, Source, SourceRead } from '../source.js';
import { csvSource, xlsxSource } from './table-source.js';

/** A zip file of these parts. @param unpacked what the directory claims of each, the truth where left out */
export function zip(parts: Readonly<Record<string, string | Uint8Array>>, unpacked?: number): Uint8Array {
  const [files, entries]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const bytes = Buffer.from(content as string);
    const packed = deflateRawSync(bytes);
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(crc32(bytes), 0);
    sizes.writeUInt32LE(packed.length, 4);
    sizes.writeUInt32LE(unpacked ?? bytes.length, 8);
    const common = Buffer.concat([Buffer.from('14000000080000000000', 'hex'), sizes, words(name.length, 0)]);
    files.push(Buffer.from('504b0304', 'hex'), common, Buffer.from(name), packed);
    entries.push(Buffer.from('504b01021400', 'hex'), common, words(0, 0, 0, 0, 0), long(offset), Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(entries);
  const count = Object.keys(parts).length;
  return Buffer.concat([
    ...files,
    directory,
    Buffer.from('504b0506', 'hex'),
    words(0, 0, count, count),
    long(directory.length),
    long(offset),
    words(0),
  ]);
}
const words = (...values: number[]) => Buffer.from(values.flatMap((value) => [value & 255, value >> 8]));
const long = (value: number) => words(value & 0xffff, value >>> 16);

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The parts of a workbook with one sheet. @param rows the XML within `sheetData` · @param after what comes after it */
export function workbookParts(rows: string, after = '', workbook = ''): Record<string, string> {
  const relation = (type: string, target: string) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${RELATIONS}/${type}" Target="${target}"/></Relationships>`;
  return {
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
    '_rels/.rels': relation('officeDocument', 'xl/workbook.xml'),
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}">${workbook}<sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relation('worksheet', 'worksheets/sheet1.xml'),
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData>${after}</worksheet>`,
  };
}
export const rawWorkbook = (rows: string, after = '', workbook = '') => zip(workbookParts(rows, after, workbook));

/** A workbook with one sheet of plain cells. */
export const workbookOf = (rows: readonly (readonly CellValue[])[], name = 'Blad1'): Promise<Uint8Array> =>
  writeXlsx({ sheets: [{ name, rows: rows.map((row) => [...row]) }] });

/** A row of text cells, as Excel writes them without a table of strings. @param from the row's number */
export const textRow = (row: number, ...fields: readonly string[]): string =>
  `<row r="${row}">${fields.map((field, at) => `<c r="${String.fromCharCode(65 + at)}${row}" t="inlineStr"><is><t>${field}</t></is></c>`).join('')}</row>`;

/** A file that is only there while `use` runs. @param chunk bytes that come at a time */
export async function withFile<T>(content: string | Uint8Array, use: (file: FileBytes) => T | Promise<T>, chunk = 1024): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'liggaren-tables-'));
  try {
    const path = join(folder, 'file');
    const bytes = Buffer.from(content as string);
    writeFileSync(path, bytes);
    return await use({
      path,
      *chunks() {
        for (let from = 0; from < bytes.length; from += chunk) yield Buffer.from(bytes.subarray(from, from + chunk));
      },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A region's list: grant code and responsibility in columns, amounts with a decimal comma. */
export const settings = (table: Partial<TableLayout> = {}, more: Partial<ProfileSettings> = {}): ProfileSettings => ({
  kind: 'whole-vouchers',
  book: 'erp',
  grant: [{ column: 'Objekt' }],
  unit: { places: [{ column: 'Ansvar' }] },
  ...more,
  table: { columns: { number: 'Vernr', date: 'Datum', account: 'Konto', amount: 'Belopp', text: 'Text' }, ...table },
});
export const HEADINGS = ['Vernr', 'Datum', 'Konto', 'Ansvar', 'Objekt', 'Belopp', 'Text'];

type Said = { readonly row: number; readonly finding: RefusalName; readonly facts: Facts };
export type Read = SourceRead & {
  readonly vouchers: readonly FileVoucher[];
  readonly errors: readonly Said[];
  readonly findings: readonly Said[];
  readonly source: Source;
};

/** What a source gives of a file: Excel where it begins as a zip file, CSV otherwise. */
export function readTable(
  content: string | Uint8Array,
  asked: { versions?: ProfileVersions; settings?: ProfileSettings } = {},
  chunk = 1024,
): Promise<Read> {
  const versions = asked.versions ?? [{ version: 1, validFrom: '2020-01-01', settings: asked.settings ?? settings() }];
  return withFile(
    content,
    async (file) => {
      const [vouchers, errors, findings]: [FileVoucher[], Said[], Said[]] = [[], [], []];
      const zipped =
        Buffer.from(content as string)
          .subarray(0, 2)
          .toString('latin1') === 'PK';
      const source: Source = zipped ? xlsxSource(versions) : csvSource(versions);
      await source.open?.(file);
      const read = source.read(file, {
        voucher: (voucher) => vouchers.push(voucher),
        complain: (row, finding, facts) => errors.push({ row, finding, facts }),
        notice: (row, finding, facts) => findings.push({ row, finding, facts }),
      });
      return { ...read, vouchers, errors, findings, source };
    },
    chunk,
  );
}
