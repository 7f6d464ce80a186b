/**
 * One pass over a file, or over a slice of it: read, check, resolve, and cut into parts that lie on disk until the import is opened.
 * Runs in worker threads (reader.ts); memory stays flat whatever the file's size. What slices came to is put together again by
 * `wholeOf`, which says where a file must rather be read in one.
 */
import { closeSync, openSync } from 'node:fs';
import {
  Journal,
  Numbers,
  referenceText,
  Refusal,
  seriesText,
  type Finding,
  type Ledger,
  type ProfileVersions,
  type Reference,
  type SavedBook,
} from '#ledger';
import type { EncodingFound } from '#sie';
import { absent, NOTHING_TOLD, type Absent, type Known, type Told } from './absence.js';
import type { Alike, MovedNumbers, Numbered } from './comparison.js';
import { readRows } from './csv-slice.js';
import type { FileYear } from './file-year.js';
import { fileBytes } from './file-bytes.js';
import { printOf } from './fingerprint.js';
import { Intake, type Ask } from './intake.js';
import type { Fresh } from './likeness.js';
import { Noticed } from './noticed.js';
import { readByProfile, type Kept, type Omitted, type ProfileRead } from './profiled.js';
import { contentOfSource, gatheredNothing, type Gathered } from './resolve.js';
import { ReadInOne, type Slice } from './slice.js';
import type { FileFormat } from './source.js';
import { sourceOf } from './source-of.js';
import { Spool, type PlacedChange, type PlacedPart } from './spool.js';
import { VoucherRows } from './voucher-csv.js';

/** What is to be read, by what, and into which book and year. */
export type ReadTask = {
  readonly file: string;
  /** Where parts go until they are posted; chosen rows lie beside it. */
  readonly spool: string;
  readonly book: string;
  readonly year: number;
  readonly fileYear: FileYear;
  readonly format: FileFormat;
  /** Of a SIE file, where it was judged when it came in. */
  readonly encoding: EncodingFound | null;
  /** Null for the simple voucher CSV. */
  readonly versions: ProfileVersions | null;
  /** Vouchers that have moved to another number, as an earlier reading found. */
  readonly moved: MovedNumbers;
  /** Places of vouchers that say what stands, with their rows in another order, as an earlier reading found. */
  readonly reordered: ReadonlySet<string>;
  readonly slice: Slice;
};

export type FileRead = {
  /** What refuses the file; empty where it can be imported. The first FINDINGS_LISTED, and how many in all. */
  readonly errors: readonly Finding[];
  readonly errorsInAll: number;
  /** What is worth a look in a file that can be imported: of each kind the first FINDINGS_LISTED, and where there were more, how many in all. */
  readonly findings: readonly Finding[];
  /** What the file does to what is there already, and does only with consent. */
  readonly asks: readonly Ask[];
  readonly gathered: Gathered;
  readonly parts: readonly PlacedPart[];
  /** In the order in which what they correct is stored, so that each event is looked into once. */
  readonly changes: readonly PlacedChange[];
  readonly leftOut: Omitted;
  readonly kept: Kept | null;
  /** Vouchers that have moved, where this reading did not know of them: the file must be read once more. */
  readonly moved: MovedNumbers;
  /** Those of them that the accountant has said are new, each with the known one that it is like. */
  readonly asNew: readonly Alike[];
  /** Vouchers without a number that may be known ones, changed: where there are both, they are to be looked at side by side. */
  readonly unnumbered: { readonly fresh: readonly Fresh[]; readonly absent: readonly Reference[] };
  /** Known vouchers that the file should have by their numbers: those that stand. */
  readonly gone: readonly Reference[];
};

/** What a slice came to. */
export type SliceRead = Omit<FileRead, 'findings' | 'moved' | 'asNew' | 'unnumbered' | 'gone'> & {
  /** How many of the errors only say that a new voucher lies in a closed period. */
  readonly closedInAll: number;
  readonly fresh: readonly Fresh[];
  /** First and last, `YYYY-MM-DD`. */
  readonly days: { readonly first: string; readonly last: string };
  readonly noticed: ReturnType<Noticed['saved']>;
  readonly numbers: SavedBook;
  /** Whether the profile leaves anything out, or the file is a selection: numbers are then missing for that reason. */
  readonly filters: boolean;
  readonly selection: boolean;
};

/**
 * Reads a slice of the file. Never throws for what stands in the file: that is among the errors. Null where the file must be read in one:
 * something is wrong with it or asks for consent, or only the whole of it can tell.
 * @param progress called now and then with the bytes read since the last call · @param source opened, where it is one that must be
 */
export function readSlice(
  task: ReadTask,
  ledger: Ledger,
  progress: (bytes: number) => void = () => {},
  source = task.versions && sourceOf(task.format, task.versions, task),
): SliceRead | null {
  const { file, book, year, fileYear, versions, moved, reordered, slice } = task;
  const sliced = slice.from !== null || slice.to !== null;
  const spool = new Spool(task.spool);
  const selection = versions?.[0]?.settings.kind === 'selection';
  const options = { moved, reordered, selection, sliced, fiscalYear: fileYear.into, namesCounterparty: source?.namesCounterparty ?? true };
  const intake = new Intake(ledger, book, year, options, spool);
  let read: ProfileRead = { leftOut: nothing(), kept: null, filters: false, selection };
  try {
    if (source)
      read = readByProfile(fileBytes(file, progress), source, ledger, intake, {
        versions: versions!,
        year: fileYear,
        keptPath: `${task.spool}.kept`,
      });
    else readSimple(task, intake, progress);
    if (intake.errorsInAll === 0) spool.end();
  } catch (error) {
    if (sliced && (error instanceof ReadInOne || error instanceof Refusal)) return null;
    if (!(error instanceof Refusal)) throw error;
    intake.complain(Number(error.facts['row'] ?? 1), error.refusal, error.facts);
  } finally {
    spool.close();
  }
  const { errors, errorsInAll, closedInAll, asks, noticed, gathered, comparison } = intake;
  const { parts, changes } = spool;
  const { fresh, days, numbers } = comparison;
  const met = { errors, errorsInAll, closedInAll, asks, gathered, noticed: noticed.saved(), numbers: numbers.saved() };
  return { ...read, ...met, parts, changes, fresh, days };
}

function readSimple({ file, slice, format }: ReadTask, intake: Intake, progress: (bytes: number) => void): void {
  if (format !== 'csv') return intake.complain(1, ...foreign(file, format));
  const input = openSync(file, 'r');
  try {
    const vouchers = new VoucherRows(intake.complain, (source) => {
      const print = printOf(contentOfSource(source));
      const verdict = intake.meet(source.row, source, source.lines.length, print.fingerprint);
      if (verdict) intake.enter(source, print, verdict);
    });
    readRows(input, slice, vouchers, progress);
    vouchers.end();
    intake.gathered.counts.rows = vouchers.rows;
    if (intake.errorsInAll === 0 && vouchers.rows === 0 && !slice.from && !slice.to) intake.complain(1, 'file-empty', {});
  } finally {
    closeSync(input);
  }
}

/** What a file is that is no CSV, and goes by no profile. */
function foreign(file: string, format: FileFormat): ['sie-html' | 'file-not-by-profile', Refusal['facts']] {
  for (const chunk of fileBytes(file).chunks())
    return Buffer.from(chunk.subarray(0, 100)).toString('utf8').trimStart().startsWith('<')
      ? ['sie-html', {}]
      : ['file-not-by-profile', { format }];
  return ['file-not-by-profile', { format }];
}

/**
 * What slices in order came to together, as if the file had been read in one.
 * @param known what the ledger holds of that book and year · @param told what is known of the file by other ways
 * @returns null where the file must be read in one: a slice said so, or a voucher stands in two of them
 */
export function wholeOf(read: readonly (SliceRead | null)[], known: Known, told: Told = NOTHING_TOLD): FileRead | null {
  const slices = read.filter((slice) => slice !== null);
  const noticed = Noticed.of(slices.map((slice) => slice.noticed));
  if (slices.length < read.length || noticed === null) return null;
  const [only] = slices.length === 1 ? slices : [];
  const [gathered, numbers, leftOut] = [gatheredNothing(), new Numbers(new Journal()), nothing()];
  for (const slice of slices) {
    numbers.absorb(new Numbers(new Journal(), slice.numbers));
    add(gathered, slice.gathered);
    addOmitted(leftOut, slice.leftOut);
  }
  const taken = numbers.saved();
  if (!only && (gathered.counts.rows === 0 || twice(taken, slices))) return null;
  const fresh = slices.flatMap((slice) => slice.fresh);
  const flawed = only !== undefined && only.errorsInAll > only.closedInAll;
  const { moved, alike, gone, unnumbered, twice: again } = flawed ? NOTHING_ABSENT : absent(taken, known, fresh, told);
  const { book, year } = known;
  const nameOf = ({ series, number }: Numbered) => referenceText({ book, year, series, number, version: 1 });
  if (!only?.selection) {
    for (const facts of gaps(taken, slices.some(({ filters }) => filters) ? new Map() : known.numbers))
      noticed.add(1, 'finding-number-gap', facts);
    for (const voucher of again) noticed.add(1, 'finding-voucher-there', { voucher: nameOf(voucher) });
    for (const voucher of gone) noticed.add(1, 'finding-voucher-gone', { voucher: referenceText(voucher) });
  }
  for (const { from, to, changed } of alike)
    noticed.add(1, changed ? 'finding-voucher-like' : 'finding-voucher-alike', { voucher: nameOf(to), from: referenceText(from) });
  return {
    errors: only?.errors ?? [],
    errorsInAll: only?.errorsInAll ?? 0,
    findings: noticed.findings,
    asks: only?.asks ?? [],
    gathered,
    parts: slices.flatMap(({ parts }) => parts),
    changes: (only?.changes ?? []).toSorted((a, b) => a.seq - b.seq),
    leftOut,
    kept: only?.kept ?? null,
    moved,
    asNew: told.asNew,
    unnumbered: { fresh, absent: unnumbered },
    gone: only?.selection ? [] : gone,
  };
}

const NOTHING_ABSENT: Absent = { moved: new Map(), alike: [], gone: [], unnumbered: [], twice: [] };
const nothing = (): Omitted => ({ vouchers: 0, rows: 0, debitOre: 0n, creditOre: 0n });

function add(sum: Gathered, { counts, periods, grants, decisions, units, effects, vouchers, corrections }: Gathered): void {
  sum.vouchers += vouchers;
  sum.corrections += corrections;
  for (const count of Object.keys(counts) as (keyof typeof counts)[]) sum.counts[count] += counts[count];
  for (const period of periods) sum.periods.add(period);
  for (const grant of grants) sum.grants.add(grant);
  for (const decision of decisions) sum.decisions.add(decision);
  for (const unit of units) sum.units.add(unit);
  for (const [key, moved] of effects) {
    const before = sum.effects.get(key);
    if (before) before.amountOre += moved.amountOre;
    else sum.effects.set(key, { ...moved });
  }
}

function addOmitted(sum: Omitted, { vouchers, rows, debitOre, creditOre }: Omitted): void {
  sum.vouchers += vouchers;
  sum.rows += rows;
  sum.debitOre += debitOre;
  sum.creditOre += creditOre;
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
function* gaps(ofFile: SavedBook, known: SavedBook): Generator<Refusal['facts']> {
  for (const [series, { numbers }] of ofFile) {
    const highest = known.get(series)?.numbers.at(-1) ?? 0;
    let expected = highest > 0 ? highest + 1 : (numbers[0] ?? 1);
    for (const number of numbers) {
      if (number > expected) yield { series: seriesText(series) || '–', from: expected, to: number - 1 };
      expected = Math.max(expected, number + 1);
    }
  }
}
