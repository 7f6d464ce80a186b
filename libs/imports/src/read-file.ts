/**
 * One pass over a file, or over a slice of it: read, check, resolve, and cut into parts that lie on disk until the import is opened.
 * Runs in worker threads (reader.ts); memory stays flat whatever the file's size. What slices came to is put together again by
 * `wholeOf`, which says where a file must rather be read in one: what is wrong with it is told row by row, in order.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { FINDINGS_LISTED, Journal, Numbers, Refusal, type Finding, type Ledger, type RefusalName, type SavedBook } from '#ledger';
import { CsvRows, type Row } from './csv-rows.js';
import type { Cut } from './cuts.js';
import { Noticed, storable } from './noticed.js';
import { Parts, type Part } from './parts.js';
import { gatheredNothing, Resolver, type Gathered } from './resolve.js';
import { VoucherRows } from './voucher-csv.js';

/** Where a part lies: the spool, byte offset, bytes of vouchers, bytes of texts, vouchers that begin in it. */
export type PlacedPart = {
  readonly spool: string;
  readonly offset: number;
  readonly voucherBytes: number;
  readonly textBytes: number;
  readonly count: number;
};

export type FileRead = {
  /** What refuses the file; empty where it can be imported. The first FINDINGS_LISTED, and how many in all. */
  readonly errors: readonly Finding[];
  readonly errorsInAll: number;
  /** What is worth a look in a file that can be imported: of each kind the first FINDINGS_LISTED, and where there were more, how many in all. */
  readonly findings: readonly Finding[];
  readonly gathered: Gathered;
  readonly parts: readonly PlacedPart[];
};

/** What is read: rows from one cut to another; null for the file's beginning, its end. */
export type Slice = { readonly from: Cut | null; readonly to: Cut | null };
/** What a slice came to. */
export type SliceRead = Omit<FileRead, 'findings'> & { readonly noticed: ReturnType<Noticed['saved']>; readonly numbers: SavedBook };

const CHUNK_BYTES = 1024 * 1024;
const WHOLE: Slice = { from: null, to: null };

/** Reads the whole file and leaves its parts in the spool. Never throws for what stands in the file: that is among the errors. */
export function readFile(file: string, spool: string, ledger: Ledger, book: string, year: number): FileRead {
  return wholeOf([readSlice(file, spool, ledger, book, year, WHOLE)], ledger.numbers(book, year))!;
}

/**
 * Reads a slice of the file. The voucher that a cut falls into belongs to the slice before it.
 * @param progress called now and then with the bytes read since the last call
 */
export function readSlice(
  file: string,
  spool: string,
  ledger: Ledger,
  book: string,
  year: number,
  slice: Slice,
  progress: (bytes: number) => void = () => {},
): SliceRead {
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
  const placed: PlacedPart[] = [];
  let offset = 0;
  const keep = ({ vouchers, texts, count }: Part) => {
    for (const bytes of [vouchers, texts]) for (let done = 0; done < bytes.length;) done += writeSync(output, bytes, done);
    placed.push({ spool, offset, voucherBytes: vouchers.length, textBytes: texts.length, count });
    offset += vouchers.length + texts.length;
  };
  const parts = new Parts(keep);
  const vouchers = new VoucherRows(complain, (source) => {
    const resolved = resolver.resolve(source);
    if (resolved && errorsInAll === 0) parts.add(resolved.voucher, resolved.texts);
  });
  try {
    readRows(input, slice, vouchers, progress);
    vouchers.end();
    if (errorsInAll === 0 && vouchers.rows === 0 && !slice.from && !slice.to) complain(1, 'file-empty', {});
    if (errorsInAll === 0) parts.end();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    complain(Number(error.facts['row'] ?? 1), error.refusal, error.facts);
  } finally {
    closeSync(input);
    closeSync(output);
  }
  const { gathered, numbers } = resolver;
  gathered.counts.rows = vouchers.rows;
  return { errors, errorsInAll, gathered, parts: placed, noticed: noticed.saved(), numbers: numbers.saved() };
}

/**
 * What slices in order came to together, as if the file had been read in one.
 * @param known the numbers that the ledger has taken in that book and year
 * @returns null where the file must be read in one: something is wrong with it, or a voucher stands in two slices
 */
export function wholeOf(slices: readonly SliceRead[], known: Pick<Numbers, 'highest'>): FileRead | null {
  const inOne = slices.length === 1;
  const [gathered, noticed, numbers] = [gatheredNothing(), new Noticed(), new Numbers(new Journal())];
  for (const slice of slices) {
    if (!inOne && slice.errorsInAll > 0) return null;
    noticed.absorb(slice.noticed);
    numbers.absorb(new Numbers(new Journal(), slice.numbers));
    const { counts, periods, grants, decisions, units, effects, vouchers } = slice.gathered;
    gathered.vouchers += vouchers;
    for (const count of Object.keys(counts) as (keyof typeof counts)[]) gathered.counts[count] = (gathered.counts[count] ?? 0) + (counts[count] ?? 0);
    for (const period of periods) gathered.periods.add(period);
    for (const grant of grants) gathered.grants.add(grant);
    for (const decision of decisions) gathered.decisions.add(decision);
    for (const unit of units) gathered.units.add(unit);
    for (const [key, moved] of effects) {
      const before = gathered.effects.get(key);
      if (before) before.amountOre += moved.amountOre;
      else gathered.effects.set(key, { ...moved });
    }
  }
  const taken = numbers.saved();
  if (!inOne && (gathered.counts.rows === 0 || twice(taken, slices))) return null;
  for (const facts of gaps(taken, known)) noticed.add(1, 'finding-number-gap', facts);
  const [errors, errorsInAll] = inOne ? [slices[0]!.errors, slices[0]!.errorsInAll] : [[], 0];
  return { errors, errorsInAll, findings: noticed.findings, gathered, parts: slices.flatMap(({ parts }) => parts) };
}

function readRows(input: number, { from, to }: Slice, vouchers: VoucherRows, progress: (bytes: number) => void): void {
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

/** Whether a voucher's number stands in more than one slice. */
function twice(taken: SavedBook, slices: readonly SliceRead[]): boolean {
  for (const [series, { numbers, named }] of taken) {
    const names = slices.reduce((sum, slice) => sum + (slice.numbers.get(series)?.named.size ?? 0), 0);
    if (names !== named.size || numbers.some((number, i) => i > 0 && numbers[i - 1] === number)) return true;
  }
  return false;
}

/** The numbers that a series lacks, counted from what was imported before (R2: gaps in the ERP's series are findings). */
function* gaps(ofFile: SavedBook, known: Pick<Numbers, 'highest'>): Generator<Refusal['facts']> {
  for (const [series, { numbers }] of ofFile) {
    let expected = known.highest(series) > 0 ? known.highest(series) + 1 : (numbers[0] ?? 1);
    for (const number of numbers) {
      if (number > expected) yield { series: series || '–', from: expected, to: number - 1 };
      expected = Math.max(expected, number + 1);
    }
  }
}
