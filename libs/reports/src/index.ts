/** The papers: tables from answers and the ways to write them, and the books as SIE and CSV. */
export * from './as-printed.js';
export * from './complete.js';
export { csv, csvLine, csvText } from './csv.js';
export * from './export-profile.js';
export * from './json.js';
export * from './lines-csv.js';
export * from './sie-export.js';
export * from './table.js';
export * from './text-table.js';
