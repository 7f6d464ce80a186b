/** For the specs of this library and the fuzzer: a small book as a SIE file, and a reading of any file with all that it gave. */
import { hash } from 'node:crypto';
import type { Complaint } from './complaint.js';
import { encode, type Encoding } from './encoding.js';
import { readSie, type SieOptions } from './reader.js';
import type { SieBalance, SieSummary, SieVoucher } from './records.js';

export type Reading = {
  readonly summary: SieSummary;
  readonly vouchers: SieVoucher[];
  readonly balances: SieBalance[];
  readonly complaints: Complaint[];
};

export const hashed = (content: string): string => hash('sha256', content, 'hex').slice(0, 16);

/** Reads the bytes in chunks of a size, or of sizes that repeat. */
export function readingOf(bytes: Uint8Array, sizes: readonly number[] = [65_536], options: Partial<SieOptions> = {}): Reading {
  const vouchers: SieVoucher[] = [];
  const balances: SieBalance[] = [];
  const complaints: Complaint[] = [];
  function* chunks() {
    const buffer = new Uint8Array(Math.max(...sizes)); // used again for each chunk, as a file's reader does
    for (let from = 0, turn = 0; from < bytes.length; turn += 1) {
      const size = Math.min(sizes[turn % sizes.length]!, bytes.length - from);
      buffer.set(bytes.subarray(from, from + size));
      yield buffer.subarray(0, size);
      from += size;
    }
  }
  const taker = {
    voucher: (v: SieVoucher) => vouchers.push(v),
    balance: (b: SieBalance) => balances.push(b),
    complaint: (c: Complaint) => complaints.push(c),
  };
  return { summary: readSie(chunks, taker, { hash: hashed, ...options }), vouchers, balances, complaints };
}

/** Reads a text as a file in an encoding. */
export const read = (text: string, encoding: Encoding = 'cp437', options: Partial<SieOptions> = {}): Reading =>
  readingOf(encode(text, encoding), undefined, options);

/** What was complained of: `17 sie-voucher-open`. */
export const said = ({ complaints }: Reading): string[] => complaints.map(({ line, name }) => `${line} ${name}`);

/** The records that every file begins with; vouchers begin on line 12. */
export const BEGINNING = `#FLAGGA 0
#PROGRAM "Ekonomisystem" 7.1
#FORMAT PC8
#GEN 20240105 "ÅÄ"
#SIETYP 4
#FNAMN "Region Småland"
#RAR 0 20230101 20231231
#KONTO 1930 "Bank"
#KONTO 3510 "Erhållna bidrag"
#KONTO 7550 "Köpta tjänster"
#DIM 20 "Bidrag"
`;

/** A file with these records after the usual beginning. */
export const file = (...records: readonly string[]): string => `${BEGINNING}${records.join('\n')}\n`;

/** A voucher of two lines, the second the first's counterpart. */
export const voucher = (line = '#TRANS 7550 {1 "614" 20 "9916"} 1250.00', head = '#VER A 1 20230512 "Lokalhyra"'): string[] => [
  head,
  '{',
  line,
  '#TRANS 1930 {} -1250.00',
  '}',
];
