/** What the rest of the house may use of imports: a file into the ledger, whole or not at all. */
export { FileImports } from './file-import.js';
export * from './import-request.js';
export type { Resumed, ToldOfFate } from './resuming.js';
export { COLUMNS } from './voucher-csv.js';
export { fileBytes } from './file-bytes.js';
export { readControlTotals } from './tables/control-totals.js';
export { sieFactsOf, type Dimensions, type ObjectNames } from './start/sie-facts.js';
export * from './start/start.js';
export { writeStartTemplate } from './start/template.js';
