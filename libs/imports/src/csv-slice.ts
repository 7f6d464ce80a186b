/**
 * The rows of the simple voucher CSV from one cut to another, into its vouchers. The voucher that a cut falls into belongs to the
 * slice before it. Called by read-file.ts.
 */
import { readSync } from 'node:fs';
import { Refusal } from '#ledger';
import { CsvRows, type Row } from './csv-rows.js';
import { CHUNK_BYTES } from './file-bytes.js';
import type { Slice } from './slice.js';
import type { VoucherRows } from './voucher-csv.js';

/** Pushes the slice's rows. @param progress called now and then with the bytes read since the last call */
export function readRows(input: number, { from, to }: Slice, vouchers: VoucherRows, progress: (bytes: number) => void): void {
  const rows = new CsvRows(from?.row);
  let at = from?.offset ?? 0;
  const chunk = Buffer.alloc(CHUNK_BYTES);
  /** The next bytes of the slice, at most a chunk; null at its end. */
  const next = (end: number): Uint8Array | null => {
    const bytes = at < end ? readSync(input, chunk, 0, Math.min(CHUNK_BYTES, end - at), at) : 0;
    at += bytes;
    return bytes > 0 ? chunk.subarray(0, bytes) : null;
  };
  if (from) vouchers.push(headerOf(input));
  const push = from ? afterCut(vouchers) : (row: Row) => vouchers.push(row);
  for (let bytes; (bytes = next(to?.offset ?? Infinity)); progress(bytes.length)) for (const row of rows.push(bytes)) push(row);
  if (to) {
    let falls: string | null = null;
    for (let bytes; (bytes = next(Infinity));)
      for (const row of rows.push(bytes)) {
        falls ??= vouchers.voucherOf(row);
        if (falls !== vouchers.voucherOf(row)) return;
        push(row);
      }
  }
  for (const row of rows.end()) push(row);
}

/** Passes over the voucher that the cut falls into. */
function afterCut(vouchers: VoucherRows): (row: Row) => void {
  let falls: string | null = null;
  let past = false;
  return (row) => {
    if (!past) {
      falls ??= vouchers.voucherOf(row);
      past = falls !== vouchers.voucherOf(row);
    }
    if (past) vouchers.push(row);
  };
}

function headerOf(input: number): Row {
  const [rows, chunk] = [new CsvRows(), Buffer.alloc(CHUNK_BYTES)];
  for (let at = 0, bytes; (bytes = readSync(input, chunk, 0, CHUNK_BYTES, at)) > 0; at += bytes) {
    const [header] = rows.push(chunk.subarray(0, bytes));
    if (header) return header;
  }
  throw new Refusal('file-empty', { row: 1 });
}
