/**
 * Which fiscal year a file goes into, decided once for all formats: the one asked for, else the one that the file names (#RAR), else that
 * of its first voucher. Vouchers of other years refuse the file in one sentence; where a year was asked for they are left out, and said.
 */
import {
  fiscalYear,
  fiscalYearOf,
  fiscalYearOfDays,
  isPeriod,
  liesIn,
  periodOf,
  yearOf,
  type FiscalYear,
  type ProfileVersions,
} from '#ledger';
import type { EncodingFound } from '#sie';
import { CsvRows } from './csv-rows.js';
import { fileBytes } from './file-bytes.js';
import { Mapping } from './mapping.js';
import { sourceOf } from './source-of.js';
import type { FileBytes, FileFormat, FileVoucher, Say, Source } from './source.js';
import { VoucherRows } from './voucher-csv.js';

/** What was settled of a file's year before it is read. */
export type FileYear = {
  /** The year that it goes into. */
  readonly into: FiscalYear;
  /** The one that the file names; null where it names none. */
  readonly stated: FiscalYear | null;
  /** All that the file names: that one, and those before it. */
  readonly named: readonly FiscalYear[];
  /** Somebody asked for that year: vouchers of others are left out, and do not refuse the file. */
  readonly asked: boolean;
  /** Whether somebody, or the file, says the year; else it is today's, and only what the file is read with. */
  readonly said: boolean;
};

/** The vouchers of a file that belong to another fiscal year than the one that it goes into. */
export class OtherYears {
  readonly #years = new Map<string, { readonly of: FiscalYear; readonly row: number; rows: number }>();
  /** The last period that lies in the year: most lines have the period of the one before. */
  #last = '';

  constructor(private readonly year: FileYear) {}

  /** Whether a period is another year's. What is no period is none: that is said where the line is resolved. */
  isOther(period: string): boolean {
    if (period === this.#last) return false;
    const { into, stated } = this.year;
    const other = isPeriod(period) && (!liesIn(period, into) || (stated !== null && stated.year !== into.year && liesIn(period, stated)));
    if (!other) this.#last = period;
    return other;
  }

  /** The year that a closing voucher closes: that of its date, where the file holds several and one was asked for; else the file's, however late it is dated. */
  closingYear({ date }: Pick<FileVoucher, 'date'>, firstMonth: number | undefined): FiscalYear {
    const { into, stated, asked } = this.year;
    return !asked || stated?.year === into.year || liesIn(periodOf(date), into) ? into : fiscalYearOf(periodOf(date), firstMonth);
  }

  /** @param rows how many lines, the first of them on `row` · @param firstMonth the profile's */
  add(period: string, row: number, rows: number, firstMonth: number | undefined): void {
    const of = this.year.named.find((year) => liesIn(period, year)) ?? fiscalYearOf(period, firstMonth);
    const met = this.#years.get(of.from);
    if (met) met.rows += rows;
    else this.#years.set(of.from, { of, row, rows });
  }

  /** Whether anything of the year from that month on has been met. */
  has(from: string): boolean {
    return this.#years.has(from);
  }

  /** Says which years, once for each. @param anyOfYear whether the file has anything of the year that it goes into */
  say(anyOfYear: boolean, complain: Say, notice: Say): void {
    const { into, asked } = this.year;
    const years = [...this.#years.values()].sort((a, b) => (a.of.from < b.of.from ? -1 : 1));
    const about = { asked: into.year, askedFrom: into.from, askedThrough: into.through };
    if (asked && !anyOfYear && years.length > 0)
      return complain(years[0]!.row, 'file-year-absent', { years: years.map(({ of }) => of.year).join(', '), ...about });
    for (const { of, row, rows } of years)
      (asked ? notice : complain)(row, asked ? 'finding-other-year' : 'file-other-years', { rows, ...of, ...about });
  }
}

/** Bytes that nearly always hold the answer. */
const BEGINNING = 4 * 1024 * 1024;

/** Ends a reading that has found what it looked for. */
class Found extends Error {
  constructor(readonly first: FiscalYear) {
    super('found');
  }
}
type Said = Pick<FileYear, 'stated' | 'named'> & { readonly first: FiscalYear | null };

/** @param asked the year that somebody asked for · @param otherwise where nobody did and the file does not say · @param versions null for the simple voucher CSV */
export async function yearOfFile(
  file: {
    readonly path: string;
    readonly bytes: number;
    readonly format: FileFormat;
    readonly encoding: EncodingFound | null;
    readonly versions: ProfileVersions | null;
  },
  asked: number | undefined,
  otherwise: number,
): Promise<FileYear> {
  const { stated, named, first } = (await saidBy(file)) ?? { stated: null, named: [], first: null };
  const into = (year: number) => fiscalYear(year, file.versions?.at(-1)!.settings.firstMonth);
  if (asked === undefined)
    return { into: stated ?? first ?? into(otherwise), stated, named, asked: false, said: (stated ?? first) !== null };
  return { into: named.find(({ year }) => year === asked) ?? into(asked), stated, named, asked: true, said: true };
}

/** What the file says; null where it cannot be read, which its reading will tell. */
async function saidBy({ path, bytes, format, encoding, versions }: Parameters<typeof yearOfFile>[0]): Promise<Said | null> {
  if (format === 'xlsx' && bytes > BEGINNING) return null; // this is the server's own thread: a workbook has no beginning to look at
  const whole = fileBytes(path);
  const source = versions && sourceOf(format, versions, { encoding });
  await source?.open?.(whole);
  const look = (file: FileBytes) => (source ? throughProfile(file, source, versions!) : ofSimple(file));
  return (bytes > BEGINNING ? look({ path, chunks: () => beginning(whole) }) : null) ?? look(whole);
}

function throughProfile(file: FileBytes, source: Source, versions: ProfileVersions): Said | null {
  let stated: FiscalYear | null = null;
  let named: readonly FiscalYear[] = [];
  const first = found(() => {
    source.read(file, {
      year: (own, all) => {
        named = [own, ...all.filter(({ index }) => index < 0)].map(({ from, to }) => fiscalYearOfDays(from, to));
        [stated = null] = named;
      },
      voucher: (voucher) => {
        const { settings } = versions.findLast(({ validFrom }) => validFrom <= voucher.date) ?? versions[0]!;
        const [line] = voucher.lines;
        const { firstMonth } = settings;
        const ofDate = fiscalYearOf(periodOf(voucher.date), firstMonth);
        if (!line || voucher.date === '') return; // nothing to go by: what stands there instead of a day is said where it is read
        const period = new Mapping(settings, source.format).period(line, voucher, stated ?? ofDate);
        throw new Found(isPeriod(period) ? fiscalYearOf(period, firstMonth) : ofDate);
      },
      complain: () => {},
      notice: () => {},
    });
  });
  return stated || first ? { stated, named, first } : null;
}

function ofSimple(file: FileBytes): Said | null {
  const first = found(() => {
    const rows = new CsvRows();
    const vouchers = new VoucherRows(
      () => {},
      ({ lines: [line] }) => {
        const year = line ? yearOf(line.period) : 0;
        if (year > 0) throw new Found(fiscalYear(year));
      },
    );
    for (const chunk of file.chunks()) for (const row of rows.push(chunk)) vouchers.push(row);
    for (const row of rows.end()) vouchers.push(row);
    vouchers.end();
  });
  return first && { stated: null, named: [], first };
}

/** What the reading throws; null where it ends, or fails, without. */
function found(read: () => void): FiscalYear | null {
  try {
    read();
  } catch (error) {
    if (error instanceof Found) return error.first;
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
  }
  return null;
}

function* beginning(file: FileBytes): Iterable<Uint8Array> {
  let bytes = 0;
  for (const chunk of file.chunks()) {
    yield chunk;
    if ((bytes += chunk.length) >= BEGINNING) return;
  }
}
