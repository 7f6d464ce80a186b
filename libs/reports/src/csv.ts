/**
 * A table for Excel, Power BI and Stratsys: UTF-8 with BOM, `;`, decimal comma, one row a line, and on each row what it is about.
 * A text that a spreadsheet could run as a formula gets an apostrophe before it.
 */
import { plainAmount, printed, type Cell, type Table } from './table.js';

const ABOUT = {
  sv: ['omfattning', 'från', 'till', 'händelse', 'enhet', 'tecken', 'demo'],
  en: ['scope', 'from', 'through', 'event', 'unit', 'sign', 'demo'],
} as const;
const SIGN = {
  turned: { sv: 'intäkter +, kostnader -', en: 'income +, costs -' },
  posted: { sv: 'debet +, kredit -', en: 'debit +, credit -' },
} as const;

/** The bytes' text: with BOM and CRLF. Notes and titles are the paper's and stay out. */
export function csv({ columns, rows, unit, language, standing, sign }: Table): string {
  const { scope, fromPeriod, through, seq, demo } = standing;
  const about = [scope.unit, fromPeriod, through, String(seq), unit, SIGN[sign ?? 'turned'][language], demo ? 'DEMO' : ''];
  const cellText = (cell: Cell): string =>
    cell === null ? '' : typeof cell === 'string' ? csvText(cell) : plainAmount(printed(cell.ore, unit), unit, ',');
  const header = csvLine(
    columns.map((column) => column.header),
    ABOUT[language],
  );
  return `\uFEFF${header}${rows.map(({ cells }) => csvLine(cells.map(cellText), about.map(csvText))).join('')}`;
}

/** A row of cells, quoted where they must be, with its line end. */
export const csvLine = (...parts: readonly (readonly string[])[]): string =>
  `${parts.map((cells) => cells.map(quoted).join(';')).join(';')}\r\n`;
/** Text that begins as a formula would, also after spaces, is text all the same. */
export const csvText = (text: string): string => (/^[\s\u00a0]*[=+\-@\u2212\t\r\n|%]/.test(text) ? `'${text}` : text);
const quoted = (text: string): string => (/[;"\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
