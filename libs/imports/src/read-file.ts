/**
 * One pass over a whole file: read, check, resolve, and cut into parts that lie on disk until the import is opened. Runs in
 * the worker thread (reader.ts); memory stays flat whatever the file's size.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { FINDINGS_LISTED, Refusal, type Finding, type Ledger, type Numbers, type RefusalName } from '#ledger';
import { CsvRows } from './csv-rows.js';
import { Parts, type Part } from './parts.js';
import { Resolver, type Gathered } from './resolve.js';
import { VoucherRows } from './voucher-csv.js';

export type FileRead = {
  /** What refuses the file; empty where it can be imported. The first FINDINGS_LISTED, and how many in all. */
  readonly errors: readonly Finding[];
  readonly errorsInAll: number;
  /** What is worth a look in a file that can be imported. */
  readonly findings: readonly Finding[];
  readonly gathered: Gathered;
  /** Where each part lies in the spool: byte offset, bytes of vouchers, bytes of texts, vouchers that begin in it. */
  readonly parts: readonly { readonly offset: number; readonly voucherBytes: number; readonly textBytes: number; readonly count: number }[];
};

const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads the file and leaves its parts in the spool. Never throws for what stands in the file: that is among the errors.
 * @param progress called now and then with the bytes read so far
 */
export function readFile(
  file: string,
  spool: string,
  ledger: Ledger,
  book: string,
  year: number,
  progress: (bytes: number) => void,
): FileRead {
  const errors: Finding[] = [];
  let errorsInAll = 0;
  const complain = (row: number, finding: RefusalName, facts: Refusal['facts']) => {
    errorsInAll += 1;
    if (errors.length < FINDINGS_LISTED) errors.push({ row, finding, facts: storable(facts) });
  };
  const findings: Finding[] = [];
  const resolver = new Resolver(ledger, book, year, complain, ({ row, series, number }) =>
    findings.push({ row, finding: 'finding-without-counterparty', facts: { voucher: `${series} ${number}`.trim() } }),
  );
  const output = openSync(spool, 'w', 0o600);
  const input = openSync(file, 'r');
  const placed: FileRead['parts'][number][] = [];
  let offset = 0;
  const keep = ({ vouchers, texts, count }: Part) => {
    for (const bytes of [vouchers, texts]) for (let done = 0; done < bytes.length;) done += writeSync(output, bytes, done);
    placed.push({ offset, voucherBytes: vouchers.length, textBytes: texts.length, count });
    offset += vouchers.length + texts.length;
  };
  const parts = new Parts(keep);
  const vouchers = new VoucherRows(complain, (source) => {
    const resolved = resolver.resolve(source);
    if (resolved && errorsInAll === 0) parts.add(resolved.voucher, resolved.texts);
  });
  try {
    const rows = new CsvRows();
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let bytesRead = 0;
    for (let bytes; (bytes = readSync(input, chunk)) > 0;) {
      for (const row of rows.push(chunk.subarray(0, bytes))) vouchers.push(row);
      progress((bytesRead += bytes));
    }
    for (const row of rows.end()) vouchers.push(row);
    vouchers.end();
    if (errorsInAll === 0 && vouchers.rows === 0) complain(1, 'file-empty', {});
    if (errorsInAll === 0) parts.end();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    complain(Number(error.facts['row'] ?? 1), error.refusal, error.facts);
  } finally {
    closeSync(input);
    closeSync(output);
  }
  resolver.gathered.counts.rows = vouchers.rows;
  findings.push(...gaps(resolver.numbers, ledger.numbers(book, year)));
  return { errors, errorsInAll, findings, gathered: resolver.gathered, parts: placed };
}

/** The numbers that a series lacks, counted from what was imported before (R2: gaps in the ERP's series are findings). */
function gaps(ofFile: Numbers, known: Numbers): Finding[] {
  const found: Finding[] = [];
  for (const [series, { numbers }] of ofFile.saved()) {
    let expected = known.highest(series) > 0 ? known.highest(series) + 1 : (numbers[0] ?? 1);
    for (const number of numbers) {
      if (number > expected)
        found.push({ row: 1, finding: 'finding-number-gap', facts: { series: series || '–', from: expected, to: number - 1 } });
      expected = Math.max(expected, number + 1);
    }
  }
  return found;
}

/** The facts as an event can hold them: nothing missing, and no letter that was cut in half when a long text was shortened. */
const storable = (facts: Refusal['facts']) =>
  Object.fromEntries(
    Object.entries(facts).map(([fact, value]) => [fact, typeof value === 'string' ? value.toWellFormed() : (value ?? '')]),
  );
