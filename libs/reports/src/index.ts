/** The papers: tables from answers, and the three ways to write them. */
export * from './as-printed.js';
export * from './complete.js';
export * from './csv.js';
export * from './json.js';
export * from './table.js';
export * from './text-table.js';
