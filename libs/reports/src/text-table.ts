/** A table for a terminal: aligned, amounts to the right, sv-SE numbers, what it is about above and the notes below. Pure text, no colour. */
import { aboutLines, amountText, printed, type Cell, type Table } from './table.js';

/** What could move the cursor or end a line does not reach a terminal. */
const shown = (text: string): string => text.replace(/\p{Cc}|\p{Cf}/gu, ' ');

/** The table as lines of text, ending in a line break. */
export function textTable(table: Table): string {
  const { columns, rows, unit } = table;
  const text = (cell: Cell, kind: 'text' | 'amount'): string =>
    cell === null ? '–' : typeof cell === 'string' ? shown(cell) : kind === 'amount' ? amountText(printed(cell.ore, unit), unit) : '';
  const body = rows.map(({ kind, cells }) => ({ kind, cells: cells.map((cell, i) => text(cell, columns[i]!.kind)) }));
  const widths = columns.map(({ header }, i) => Math.max(width(header), ...body.map(({ cells }) => width(cells[i]!))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (columns[i]!.kind === 'amount' ? pad(cell, widths[i]!) + cell : cell + pad(cell, widths[i]!)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((size) => '─'.repeat(size)).join('──');
  const lines: string[] = [];
  let before: string | undefined;
  for (const { kind, cells } of body) {
    if (before !== undefined && kind !== before) lines.push(rule);
    lines.push(line(cells));
    before = kind;
  }
  return [
    shown(table.title),
    ...aboutLines(table).map(shown),
    '',
    line(columns.map(({ header }) => header)),
    rule,
    ...lines,
    rule,
    ...table.notes.map(shown),
    '',
  ].join('\n');
}

const width = (text: string): number => [...text].length;
const pad = (text: string, to: number): string => ' '.repeat(Math.max(0, to - width(text)));
