/** Every limit of the ledger in one place; a test provokes each. Sizes in bytes unless the name says otherwise. */

/** Lines of one voucher posted by hand. */
export const LINES_BY_HAND = 500;
/** Characters of a text, a name or a counterparty. */
export const TEXT_CHARACTERS = 1_000;
/** Bytes of one event as `eventBytes` counts them; an event store server bounds one append at 1 MiB. */
export const EVENT_BYTES = 960 * 1024;
/** What an event takes on such a server: there an annex is written as text, a third longer. @param annex its bytes, 0 where there is none */
export const eventBytes = (head: number, annex: number): number => head + Math.ceil((annex * 4) / 3);
/** Bytes that one append takes of what waits (group append). */
export const APPEND_BYTES = 512 * 1024;
/** Bytes of vouchers in one part of an import; parts are cut by bytes, never by count. Two of them fit into one append. */
export const PART_BYTES = 250 * 1024;
/** Commands that may wait for their turn; one more is answered 503. */
export const WAITING_COMMANDS = 2_000;
/** Decisions taken anew when another writer came first. */
export const RETRIES = 8;
/** Bytes of a request's body; uploads of import files are not bounded by this. */
export const BODY_BYTES = 1024 * 1024;
/** Findings listed in one answer or event about a refused file; the rest are counted. */
export const FINDINGS_LISTED = 1_000;
/** Rows of a selection (urval), which is gathered by voucher before it is read; whole vouchers have no such bound. */
export const SELECTION_ROWS = 300_000;
/** Rows in one answer of a list. */
export const ROWS_LISTED = 10_000;
/** Characters of an idempotency key. */
export const KEY_CHARACTERS = 200;
/** Bytes of an Excel workbook unpacked: some 400 000 rows; more comes as CSV. */
export const WORKBOOK_BYTES = 256 * 1024 * 1024;
/** Bytes of a workbook that starts a ledger, as it is sent. */
export const START_BYTES = 20 * 1024 * 1024;
