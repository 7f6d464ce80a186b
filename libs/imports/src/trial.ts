/** A file read without storing anything: by a profile that nobody has set, and its vouchers as they would be coded. Called by file-import.ts and other-books.ts. */
import { open } from 'node:fs/promises';
import { unpacked, type PackedVouchers, type ProfileSettings, type Voucher, type VoucherTexts } from '#ledger';
import type { FileRead } from './read-file.js';
import type { PlacedPart } from './spool.js';

/** A voucher as it would be posted. */
export type FirstVoucher = { readonly voucher: Voucher; readonly texts: VoucherTexts };

/** How an import by a profile that is only tried names it. */
export const TRIED = 'trial';
const MOST = 3;

/** A profile with one version, in force on any day. */
export const triedProfile = (settings: ProfileSettings) => ({
  versions: [{ version: 1, validFrom: '0001-01-01', settings }],
  newest: 1,
  ended: false,
});

/** The first new vouchers of a file that was read. */
export const firstVouchers = async ({ parts: [first] }: FileRead): Promise<FirstVoucher[]> =>
  first ? (await vouchersIn(first)).slice(0, MOST) : [];

/** The new vouchers of a part, as they would be posted. */
export async function vouchersIn({ spool, offset, voucherBytes, textBytes }: PlacedPart): Promise<FirstVoucher[]> {
  const bytes = Buffer.alloc(voucherBytes + textBytes);
  const handle = await open(spool, 'r');
  try {
    await handle.read(bytes, 0, bytes.length, offset);
  } finally {
    await handle.close();
  }
  const vouchers = unpacked(JSON.parse(bytes.subarray(0, voucherBytes).toString()) as PackedVouchers);
  const texts = JSON.parse(bytes.subarray(voucherBytes).toString()) as VoucherTexts[];
  return vouchers.map((voucher, i) => ({ voucher, texts: texts[i]! }));
}
