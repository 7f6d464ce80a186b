/** What the rest of the house may use of imports: a file into the ledger, whole or not at all. */
export * from './file-import.js';
export { COLUMNS } from './voucher-csv.js';
