/**
 * A file through a profile: from a source's file vouchers to the intake, by way of fingerprint, filter and mapping. A selection's lines
 * are gathered by voucher first, since they may stand apart. Called by read-file.ts, in the worker thread.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { balances, isNumber, isSeries, periodOf as monthOf, SELECTION_ROWS, seriesCode, type Ledger, type ProfileVersions } from '#ledger';
import { ContentNumbers, fingerprintContent, STANDARD_DIMENSIONS } from '#sie';
import { isBlank } from './file-bytes.js';
import { OtherYears, type FileYear } from './file-year.js';
import { fingerprintOf, printOf } from './fingerprint.js';
import type { Intake } from './intake.js';
import { Mapper } from './mapper.js';
import type { Mapping } from './mapping.js';
import type { FileBytes, FileLine, FileVoucher, Source } from './source.js';
import { Ties } from './ties.js';

/** What a filter left out, in rows that count; sums in öre. */
export type Omitted = { vouchers: number; rows: number; debitOre: bigint; creditOre: bigint };
/** What was kept of the file where that is only its chosen rows. */
export type Kept = { readonly path: string; readonly sha256: string };
export type ProfileRead = { readonly leftOut: Omitted; readonly kept: Kept | null; readonly filters: boolean; readonly selection: boolean };

export type ProfileAsked = {
  readonly versions: ProfileVersions;
  readonly year: FileYear;
  /** Where chosen rows are written, for a profile that keeps no more. */
  readonly keptPath: string;
};

/** Reads the file to its end. Nothing in it makes this throw. */
export function readByProfile(
  file: FileBytes,
  source: Source,
  ledger: Ledger,
  intake: Intake,
  { versions, year, keptPath }: ProfileAsked,
): ProfileRead {
  const { kind, keeps } = versions.reduce((a, b) => (a.version > b.version ? a : b)).settings;
  const selection = kind === 'selection';
  const mapper = new Mapper(ledger, versions, source.format, year.into, intake.complain);
  const others = new OtherYears(year);
  let anyOfYear = false;
  const leftOut: Omitted = { vouchers: 0, rows: 0, debitOre: 0n, creditOre: 0n };
  const { counts } = intake.gathered;
  if (isBlank(file)) {
    intake.complain(1, 'file-empty', {});
    return { leftOut, kept: null, filters: mapper.filters, selection };
  }
  const chosen = keeps === 'chosen-rows' && mapper.filters ? new Rows() : null;
  const ties = !selection && source.format === 'sie' ? new Ties() : null;

  const omit = (lines: readonly FileLine[]) => {
    for (const { counted, amountOre } of lines) {
      if (!counted) continue;
      leftOut.rows += 1;
      counts.leftOut += 1;
      if (amountOre > 0) leftOut.debitOre += BigInt(amountOre);
      else leftOut.creditOre -= BigInt(amountOre);
    }
  };
  /** Whether the reader of a SIE file, which demands balance itself, found errors since the voucher before. */
  let flawed = false;
  const take = (voucher: FileVoucher) => {
    const { line: row, series, number, date, lines } = voucher;
    let counted = 0;
    for (const line of lines) if (line.counted) counted += 1;
    counts.ignored += lines.length - counted;
    if (!isNumber(number) || !isSeries(series))
      return intake.complain(row, 'voucher-reference-malformed', { voucher: `${series} ${number}`.slice(0, 80) });
    if (date === '' && intake.errorsInAll > 0) return; // the source has said what stands there instead
    if (flawed && !balances(lines.filter((line) => line.counted))) return; // and that it does not balance, or which line is lost
    const mapping = mapper.on(date);
    const other = selection ? null : otherPeriodOf(voucher, mapping);
    if (other === null) anyOfYear = true;
    if (!mapping && other === null) return intake.complain(row, 'profile-not-valid', { date, validFrom: versions[0]!.validFrom });
    const taken = selection || !mapping || mapping.takes(voucher);
    if (other !== null && taken) others.add(other, row, counted, mapping?.settings.firstMonth);
    const print = printOf(fingerprintContent(voucher));
    const { fingerprint } = print;
    if (!mapping || !taken || other !== null) {
      leftOut.vouchers += 1;
      omit(lines);
      return other === null ? intake.comparison.pass(row, voucher, fingerprint) : undefined; // its number is that year's
    }
    if (source.format === 'sie')
      chosen?.add(row); // the #VER itself; a row of a table is always a line
    else if (!selection) for (const { line } of lines) chosen?.add(line);
    const verdict = intake.meet(row, voucher, counted, fingerprint);
    if (!verdict || (counted === 0 && verdict === 'new')) return;
    const mapped = mapper.map(voucher, mapping, counted);
    if (mapped) intake.enter(mapped, print, verdict, mapping.chart ?? undefined);
  };
  /** A period of the voucher where all that counts in it belongs to another fiscal year; null else: one of two years is refused with its rows. */
  const otherPeriodOf = (voucher: FileVoucher, mapping: Mapping | null): string | null => {
    let other: string | null = null;
    for (const line of voucher.lines) {
      if (!line.counted) continue;
      const period = mapping
        ? mapping.period(line, voucher, others.closingYear(voucher, mapping.settings.firstMonth))
        : monthOf(voucher.date);
      if (!others.isOther(period)) return null;
      other ??= period;
    }
    return other;
  };
  /** Of a selection: the lines of the voucher that the profile takes. */
  const chosenLines = (voucher: FileVoucher): readonly FileLine[] => {
    const mapping = mapper.on(voucher.date);
    if (!mapping) return voucher.lines;
    const [kept, omitted]: [FileLine[], FileLine[]] = [[], []];
    for (const line of voucher.lines) {
      const { firstMonth } = mapping.settings;
      const period = mapping.period(line, voucher, others.closingYear(voucher, firstMonth));
      const taken = !line.counted || !mapping.filters || mapping.takesLine(line, voucher);
      const other = line.counted && others.isOther(period);
      if (!other) anyOfYear = true;
      else if (taken) others.add(period, line.line, 1, firstMonth);
      (taken && !other ? kept : omitted).push(line);
    }
    omit(omitted);
    for (const { line, counted } of kept) if (counted) chosen?.add(line);
    if (kept.some(({ counted }) => counted)) return kept;
    counts.ignored += kept.length;
    leftOut.vouchers += 1;
    return [];
  };

  /** Whether vouchers dated in a year that the file names are in it here, or are said to be left out as that year's. */
  const isSaidOfYear = (from: string): boolean => year.into.from === from || others.has(from);

  const contentNumbers = new ContentNumbers();
  /** The voucher by the series and the number that it goes by here. */
  const named = (asRead: FileVoucher): FileVoucher => {
    const series = seriesCode(asRead.series);
    if (!mapper.unnumbered(series, asRead.date)) return series === asRead.series ? asRead : { ...asRead, series };
    const voucher = { ...asRead, series };
    return { ...voucher, number: contentNumbers.next(voucher, fingerprintOf(fingerprintContent(asRead))) };
  };

  const gathering = new Gathering(intake.complain, (day) => (mapper.on(day)?.settings.period?.from ?? 'voucher-date') === 'voucher-date');
  const {
    rows,
    ignored = 0,
    dimensions,
  } = source.read(file, {
    voucher: (asRead) => {
      const voucher = named(asRead);
      ties?.voucher(voucher);
      if (selection) gathering.add(voucher, chosenLines(voucher));
      else take(voucher);
      flawed = false;
    },
    complain: (row, finding, facts) => {
      flawed = source.format === 'sie';
      intake.complain(row, finding, facts);
    },
    notice: (row, finding, facts) => {
      if (finding === 'sie-flag-set') intake.flag(row);
      else if (finding !== 'sie-date-other-year' || !isSaidOfYear(monthOf(String(facts['otherFrom'])))) intake.notice(row, finding, facts);
    },
    ...(ties && { balance: (balance) => ties.balance(balance), year: (stated) => ties.year(stated) }),
  });
  for (const voucher of gathering.vouchers()) take(voucher);
  others.say(anyOfYear, intake.complain, intake.notice);
  counts.rows = rows;
  counts.ignored += ignored;
  for (const { row, finding, facts } of mapper.codes()) intake.notice(row, finding, facts);
  if (rows === 0 && intake.errorsInAll === 0) intake.complain(1, 'file-empty', {});
  const answer = { leftOut, kept: null, filters: mapper.filters, selection };
  if (intake.errorsInAll > 0) return answer;
  ties?.compare(
    dimensions ?? STANDARD_DIMENSIONS,
    (voucher) => source.read(file, { voucher, complain: () => {}, notice: () => {} }),
    intake.notice,
  );
  const cut = chosen && leftOut.rows > 0 && source.reduce ? keepRows(source.reduce(file, chosen), keptPath) : null;
  return { ...answer, kept: cut };
}

/** A selection's lines by voucher, in the order in which the vouchers were met. */
class Gathering {
  readonly #vouchers = new Map<string, { readonly first: FileVoucher; lines: FileLine[] }>();
  #rows = 0;

  /** @param ofVoucherDate whether the period of a voucher of that day is that of its date: it has then one date only */
  constructor(
    private readonly complain: Intake['complain'],
    private readonly ofVoucherDate: (day: string) => boolean,
  ) {}

  add(voucher: FileVoucher, lines: readonly FileLine[]): void {
    if (lines.length === 0) return;
    const before = this.#rows;
    this.#rows += lines.length;
    if (this.#rows > SELECTION_ROWS) {
      if (before <= SELECTION_ROWS) this.complain(voucher.line, 'selection-too-large', { most: SELECTION_ROWS });
      return;
    }
    const key = `${voucher.series}\u001f${voucher.number}`;
    const met = this.#vouchers.get(key);
    if (!met) return void this.#vouchers.set(key, { first: voucher, lines: [...lines] });
    const { date: first } = met.first;
    if (this.ofVoucherDate(voucher.date) && monthOf(first) !== monthOf(voucher.date))
      this.complain(lines[0]!.line, 'table-months-differ', {
        voucher: `${voucher.series} ${voucher.number}`.trim(),
        column: 'Datum',
        first,
        date: voucher.date,
      });
    for (const line of lines) met.lines.push(line);
  }

  *vouchers(): Iterable<FileVoucher> {
    for (const { first, lines } of this.#vouchers.values()) yield { ...first, lines };
  }
}

/** Rows of the file, one bit each. */
class Rows {
  #bits = new Uint8Array(1024);

  add(row: number): void {
    if (row >>> 3 >= this.#bits.length) {
      const larger = new Uint8Array(2 * ((row >>> 3) + 1));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    this.#bits[row >>> 3]! |= 1 << (row & 7);
  }

  has(row: number): boolean {
    return ((this.#bits[row >>> 3] ?? 0) & (1 << (row & 7))) !== 0;
  }
}

function keepRows(pieces: Iterable<Uint8Array>, path: string): Kept {
  const digest = createHash('sha256');
  const output = openSync(path, 'w', 0o600);
  try {
    for (const bytes of pieces) {
      digest.update(bytes);
      for (let done = 0; done < bytes.length;) done += writeSync(output, bytes, done);
    }
  } finally {
    closeSync(output);
  }
  return { path, sha256: digest.digest('hex') };
}
