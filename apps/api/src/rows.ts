/** Rows as text: aligned for people, or CSV (UTF-8, semicolons) for programs. */

/** A cell, or one that stands to the right (numbers). */
export type Cell = string | { readonly right: string };

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.right);

/** An aligned table. */
export function textTable(headers: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const widths = headers.map((header, column) => Math.max(header.length, ...rows.map((row) => textOf(row[column] ?? '').length)));
  const toRight = headers.map((_, column) => rows.some((row) => typeof row[column] === 'object'));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (toRight[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [
    line(headers),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map((row) => line(headers.map((_, column) => textOf(row[column] ?? '')))),
  ].join('\n');
}

/** CSV with semicolons; what a spreadsheet would take for a formula is put as text. */
export function csvTable(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const quoted = (text: string) => {
    const safe = /^[=+@\t]|^-(?!\d)/.test(text) ? `'${text}` : text;
    return /[";\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [headers, ...rows].map((row) => row.map(quoted).join(';')).join('\n');
}
