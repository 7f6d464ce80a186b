/** A table for programs: amounts are texts in exact kronor with a point, whatever unit the paper shows, next to the unit's printed text. */
import { kronor } from '#ledger';
import { aboutLines, amountText, printed, type Table } from './table.js';

/** Plain values, ready for JSON.stringify. */
export function jsonTable(table: Table): object {
  const { title, standing, language, unit, columns, rows, notes } = table;
  const { seq, scope, year, fromPeriod, through, demo, notTied } = standing;
  return {
    title,
    about: aboutLines(table),
    seq,
    scope,
    year,
    fromPeriod,
    through,
    demo,
    notTied,
    language,
    unit,
    notes,
    columns: columns.map(({ key, header }) => ({ key, header })),
    rows: rows.map(({ kind, cells }) => ({
      kind,
      cells: Object.fromEntries(
        columns.map(({ key }, i) => {
          const cell = cells[i] ?? null;
          return [
            key,
            cell === null || typeof cell === 'string'
              ? cell
              : { kronor: kronor(cell.ore), printed: amountText(printed(cell.ore, unit), unit) },
          ];
        }),
      ),
    })),
  };
}
