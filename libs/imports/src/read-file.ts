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
  /** What is worth a look in a file that can be imported: of each kind the first FINDINGS_LISTED, and where there were more, how many in all. */
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
  const noticed = new Noticed();
  const resolver = new Resolver(ledger, book, year, complain, (row, finding, facts) => noticed.add(row, finding, facts));
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
  for (const facts of gaps(resolver.numbers, ledger.numbers(book, year))) noticed.add(1, 'finding-number-gap', facts);
  return { errors, errorsInAll, findings: noticed.findings, gathered: resolver.gathered, parts: placed };
}

/** Findings by kind, so many of each that a file of a million of them neither fills the memory nor the ledger. */
class Noticed {
  readonly #kinds = new Map<Worth, { readonly listed: Finding[]; inAll: number }>();

  add(row: number, finding: Worth, facts: Refusal['facts']): void {
    let kind = this.#kinds.get(finding);
    if (kind === undefined) this.#kinds.set(finding, (kind = { listed: [], inAll: 0 }));
    kind.inAll += 1;
    if (kind.listed.length < FINDINGS_LISTED) kind.listed.push({ row, finding, facts: storable(facts) });
  }

  get findings(): Finding[] {
    const more = [...this.#kinds].filter(([, { listed, inAll }]) => inAll > listed.length);
    return [
      ...[...this.#kinds.values()].flatMap(({ listed }) => listed),
      ...more.map(([finding, { listed, inAll }]) => ({ row: 1, finding: IN_ALL[finding], facts: { inAll, listed: listed.length } })),
    ];
  }
}

/** What is worth a look, and the finding that tells how many there were where not all are listed. */
const IN_ALL = {
  'finding-without-counterparty': 'finding-without-counterparty-in-all',
  'finding-voucher-repeated': 'finding-voucher-repeated-in-all',
  'finding-number-gap': 'finding-number-gap-in-all',
} as const satisfies Partial<Record<RefusalName, RefusalName>>;
type Worth = keyof typeof IN_ALL;

/** The numbers that a series lacks, counted from what was imported before (R2: gaps in the ERP's series are findings). */
function* gaps(ofFile: Numbers, known: Numbers): Generator<Refusal['facts']> {
  for (const [series, { numbers }] of ofFile.saved()) {
    let expected = known.highest(series) > 0 ? known.highest(series) + 1 : (numbers[0] ?? 1);
    for (const number of numbers) {
      if (number > expected) yield { series: series || '–', from: expected, to: number - 1 };
      expected = Math.max(expected, number + 1);
    }
  }
}

/** The facts as an event can hold them: nothing missing, and no letter that was cut in half when a long text was shortened. */
const storable = (facts: Refusal['facts']) =>
  Object.fromEntries(
    Object.entries(facts).map(([fact, value]) => [fact, typeof value === 'string' ? value.toWellFormed() : (value ?? '')]),
  );
