/**
 * What an import does to the state, event by event: nothing of it counts, or is taken, before the close; from then on its
 * numbers, sums, corrections and findings do (findings-fold.ts has theirs). Called by the fold of ledger.ts only.
 */
import type { ImportOpened, VoucherCorrected, VouchersImported } from '../events.js';
import { knownYear } from '../fiscal-year.js';
import { Journal, Sums, Table } from '../journal.js';
import type { Ledger } from '../ledger.js';
import { countLine, dayOfUse, noteUse } from '../line-sums.js';
import { Numbers } from '../numbers.js';
import { referenceText } from '../reference.js';
import { fileKey, fileOfKey, numberKey, type ImportedCorrection, type OpenImport } from '../state.js';
import type { Voucher } from '../voucher.js';

/** An import's place among the open ones: one at a time in a book and year. */
export const placeOf = ({ book, year }: { readonly book: string; readonly year: number }): string => `${book}-${year}`;

export function openedImport(ledger: Ledger, data: ImportOpened['data'], seq: number): void {
  const { import: id, sha256, profile, book, year, kind, vouchers, corrections = 0, periods, grants, decisions, units } = data;
  if (kind === 'selection') ledger.selections.set(id, '');
  ledger.openImports.set(placeOf(data), {
    import: id,
    sha256,
    profile,
    book,
    year,
    kind,
    knownYear: knownYear(ledger.fiscalYears.get(placeOf(data)), data),
    openedSeq: seq,
    vouchers,
    corrections,
    periods,
    grants,
    decisions,
    units,
    parts: 0,
    arrived: 0,
    unfinished: false,
    numbers: new Numbers(ledger.journal),
    sums: new Sums(ledger.journal),
    unitsUsed: new Map(),
    corrected: new Table(ledger.journal),
    findings: [],
    touched: [],
  });
}

/** @param fromBytes takes the part from its stored bytes, where they can be read so; null where they must be parsed */
export function takenPart(
  ledger: Ledger,
  data: VouchersImported['data'],
  seq: number,
  fromBytes: ((open: OpenImport, used: Map<string, string>) => Taken | null) | undefined,
): void {
  const open = ledger.openImport(data.import)!;
  const unitsUsed = new Map(open.unitsUsed);
  const { arrived, unfinished } = fromBytes?.(open, unitsUsed) ?? takenVouchers(data.vouchers, seq, open, unitsUsed);
  ledger.openImports.set(placeOf(open), { ...open, parts: open.parts + 1, arrived: open.arrived + arrived, unfinished, unitsUsed });
}

/** How many vouchers begin in a part, and whether its last goes on in the next. */
type Taken = { readonly arrived: number; readonly unfinished: boolean };

function takenVouchers(vouchers: readonly Voucher[], seq: number, { numbers, sums }: OpenImport, used: Map<string, string>): Taken {
  let arrived = 0;
  const ofPart = new Sums(new Journal()); // summed by itself first: one change to take back for each key, not for each line
  for (const { ref, fingerprint, firstLine = 1, lines, eventDate } of vouchers) {
    if (firstLine === 1) {
      numbers.add(ref.series, ref.number, seq, fingerprint);
      arrived += 1;
    }
    for (const line of lines) {
      countLine(ofPart, line);
      noteUse(used, line.unit, dayOfUse(line, eventDate));
    }
  }
  for (const [key, ore] of ofPart.entries()) if (ore !== 0n) sums.add(key, ore);
  return { arrived, unfinished: vouchers.at(-1)?.more ?? false };
}

/** What it touches is watched from here on as what the file touches: a period that closes, a code that ends. */
export function takenCorrection(ledger: Ledger, { import: id, corrects, vouchers }: VoucherCorrected['data'], seq: number): void {
  const open = ledger.openImport(id!)!;
  const lines = vouchers.flatMap((voucher) => voucher.lines);
  for (const line of lines) countLine(open.sums, line);
  const unitsUsed = new Map(open.unitsUsed);
  for (const { lines, eventDate } of vouchers) for (const line of lines) noteUse(unitsUsed, line.unit, dayOfUse(line, eventDate));
  const begun = vouchers.filter(({ firstLine = 1 }) => firstLine === 1);
  for (const { ref, fingerprint } of begun) if (ref.version === 1) open.numbers.add(ref.series, ref.number, seq, fingerprint);
  const before = open.corrected.get(numberKey(corrects));
  const last = vouchers.at(-1)!;
  open.corrected.set(numberKey(corrects), {
    seq: before?.seq ?? seq,
    corrects,
    parts: (before?.parts ?? 0) + 1,
    unfinished: last.more === true || last.reverses !== undefined, // what takes its place is still to come
    vouchers: [
      ...(before?.vouchers ?? []),
      ...begun.map(({ ref, fingerprint, reverses }) => ({ ref, seq, fingerprint, final: reverses !== undefined })),
    ],
  });
  const also = (known: readonly string[], codes: readonly (string | undefined)[]) => [
    ...new Set([...known, ...codes.flatMap((code) => code ?? [])]),
  ];
  ledger.openImports.set(placeOf(open), {
    ...open,
    unitsUsed,
    periods: also(open.periods, lines.map(({ period }) => period)), // prettier-ignore
    grants: also(open.grants, lines.map(({ grant }) => grant)), // prettier-ignore
    units: also(open.units, lines.map(({ unit }) => unit)), // prettier-ignore
  });
}

export function closedImport(ledger: Ledger, id: string): void {
  const open = ledger.openImport(id)!;
  ledger.numbers(open.book, open.year).absorb(open.numbers);
  for (const [key, ore] of open.sums.entries()) ledger.sums.add(key, ore);
  for (const [unit, day] of open.unitsUsed) ledger.useUnit(unit, day);
  for (const [, correction] of open.corrected.entries()) holds(ledger, correction);
  for (const [seq, count] of open.findings) ledger.findings.set(String(seq), { count, settled: [] });
  if (open.corrected.size > 0)
    for (const [file] of ledger.filesImported.entries()) {
      const { book, year } = fileOfKey(file);
      if (book === open.book && year === open.year) ledger.filesOvertaken.set(file, true);
    }
  ledger.fiscalYears.set(placeOf(open), open.knownYear);
  ledger.filesImported.set(fileKey(open), open.import);
  ledger.filesOvertaken.delete(fileKey(open));
  ledger.openImports.delete(placeOf(open));
}

export function abandonedImport(ledger: Ledger, id: string): void {
  const open = ledger.openImport(id)!;
  ledger.selections.delete(id);
  ledger.openImports.delete(placeOf(open));
}

/** From the close on: what was corrected no longer stands, and the number's later versions are found. */
function holds(ledger: Ledger, { seq, corrects, vouchers }: ImportedCorrection): void {
  const { versions, corrected } = ledger;
  const before = versions.get(numberKey(corrects));
  versions.set(numberKey(corrects), { seqs: before?.seqs ?? [], standing: 0, fingerprint: '' });
  for (const { ref, seq: at, fingerprint = '', final } of vouchers) {
    if (ref.version === 1) continue;
    const seqs = [...(versions.get(numberKey(ref))?.seqs ?? []), at];
    versions.set(numberKey(ref), final ? { seqs, standing: 0, fingerprint: '' } : { seqs, standing: ref.version, fingerprint });
  }
  const key = referenceText(corrects);
  if (!corrected.has(key)) corrected.set(key, { seq, by: vouchers.map(({ ref }) => referenceText(ref)) });
}
