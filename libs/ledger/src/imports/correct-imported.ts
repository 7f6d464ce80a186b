/**
 * What a changed file, with the accountant's consent, makes of a voucher that is there already: a reversal that takes every line back
 * as it stands now, and the voucher as the file has it, as the number's next versions (or under the number that it has moved to).
 * In a closed period both are dated in the first open one. One command for each changed voucher, inside the open import.
 */
import { firstDayOf, yearOf } from '../calendar.js';
import { Command, type Found } from '../decider.js';
import type { Finding, FindingsRecorded, VoucherCorrected, Warning } from '../events.js';
import { textOf } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { firstOpenPeriod } from '../period.js';
import { refuse } from '../refusal.js';
import { referenceText, type Reference } from '../reference.js';
import { coding, numberKey, type OpenImport } from '../state.js';
import type { Line, Voucher, VoucherTexts } from '../voucher.js';
import { concernsOf, inheritedTexts, onRetired } from '../vouchers/draft.js';
import { correctionParts } from './correction-parts.js';
import { openedImportOf } from './import.js';

/** @param input `corrects`: the version that the files have said last (see `Ledger.standing`), or any of a number of which nothing stands any more · `replacement`: the voucher as the file has it, resolved; the rule gives it its version, and its lines their open period */
export class CorrectImported extends Command<{
  import: string;
  corrects: Reference;
  replacement: { voucher: Voucher; texts: VoucherTexts };
  reason: string;
  /** From 0; above it where the correction is too large for one event and goes on (see `unfinishedCorrections`), the rest of the input as before. */
  part?: number;
}> {
  override get needs() {
    return [this.input.corrects];
  }
}

/** What a correction comes to; `findings` name what the accountant should look at again. */
export type CorrectionMade = {
  readonly vouchers: readonly Voucher[];
  readonly texts: readonly VoucherTexts[];
  readonly findings: readonly Finding[];
  readonly warnings: readonly Warning[];
};

/**
 * Refuses `import-not-open`, `voucher-unknown`, `voucher-not-standing`, `already-corrected` (by this import), `import-part-out-of-order`, `voucher-of-other-book`, `number-taken`, `import-overtaken` (corrected or recoded by hand since the import was opened).
 * Each recoding that is taken back, and own vouchers that have corrected it here already, are findings.
 */
export function correctImported(
  input: CorrectImported['input'],
  ledger: Ledger,
  [found]: readonly (Found | undefined)[],
): (VoucherCorrected | FindingsRecorded)[] {
  const open = openedImportOf(input.import, ledger);
  const { corrects, replacement, part = 0 } = input;
  const earlier = open.corrected.get(numberKey(corrects));
  if (earlier && !earlier.unfinished) refuse('already-corrected', { voucher: referenceText(corrects), seq: earlier.seq });
  if (open.touched.includes(numberKey(corrects))) refuse('import-overtaken', { code: referenceText(corrects) });
  const expected = earlier?.parts ?? 0;
  if (part !== expected) refuse('import-part-out-of-order', { part, expected });
  for (const { book, year } of [corrects, replacement.voucher.ref])
    if (book !== open.book || year !== open.year)
      refuse('voucher-of-other-book', { voucher: referenceText(corrects), book: open.book, year: open.year });
  for (const ref of earlier ? [] : [corrects, replacement.voucher.ref])
    if (isTakenBy(open, ref, ledger)) refuse('number-taken', { voucher: referenceText({ ...ref, version: 1 }) });
  const reason = textOf('reason', input.reason);
  const { findings, warnings, ...whole } = correctionOf(input, ledger, found);
  const { vouchers, texts } =
    correctionParts(whole.vouchers, whole.texts)[part] ?? refuse('import-part-out-of-order', { part, expected: 0 });
  const corrected: VoucherCorrected = {
    type: 'VoucherCorrected',
    v: 1,
    data: { corrects, import: open.import, vouchers, warnings: warnings.length && part === 0 ? warnings : undefined },
    annex: { reason, vouchers: texts },
  };
  return findings.length && part === 0
    ? [corrected, { type: 'FindingsRecorded', v: 1, data: { import: open.import, findings } }]
    : [corrected];
}

/** What correcting a voucher by a file comes to, before any import is open: for the dry run too · refuses `voucher-unknown`, `voucher-not-standing`, `number-taken`. */
export function correctionOf(
  { corrects, replacement: { voucher, texts }, reason }: Pick<CorrectImported['input'], 'corrects' | 'replacement' | 'reason'>,
  ledger: Ledger,
  found: Found | undefined,
): CorrectionMade {
  const name = referenceText(corrects);
  if (!found) refuse('voucher-unknown', { voucher: name });
  const standing = ledger.standing(corrects);
  if (standing && standing.version !== corrects.version) refuse('voucher-not-standing', { voucher: name });
  const moved = !sameNumber(voucher.ref, corrects);
  if (moved && ledger.standing(voucher.ref)) refuse('number-taken', { voucher: referenceText({ ...voucher.ref, version: 1 }) });
  const here = ledger.corrected.get(name);
  const row = voucher.lines[0]?.row ?? 1;

  const version = ledger.nextVersion(corrects);
  const ref = { ...voucher.ref, version: moved ? ledger.nextVersion(voucher.ref) : here ? version : version + 1 };
  const replacing = inOpenPeriods({ ...voucher, ref, replaces: corrects, act: 'import' }, ledger);
  if (here) {
    const own = { row, finding: 'finding-corrected-here', facts: { voucher: name, own: here.by.join(', ') } };
    return { vouchers: [replacing.voucher], texts: [texts], findings: standing ? [own] : [], warnings: replacing.warnings };
  }
  const { lines, of, findings } = takenBack(found.voucher, row, ledger);
  const reversal = inOpenPeriods(
    {
      ref: { ...corrects, version },
      eventDate: found.voucher.eventDate,
      lines,
      reverses: corrects,
      ...(ledger.recoded.has(name) && { takesBack: of }),
    },
    ledger,
  );
  const warnings = new Map([...reversal.warnings, ...replacing.warnings, ...onRetired(lines, ledger)].map((w) => [JSON.stringify(w), w]));
  return {
    vouchers: [reversal.voucher, replacing.voucher],
    texts: [inheritedTexts(reason, found.texts), texts],
    findings,
    warnings: [...warnings.values()],
  };
}

const sameNumber = (a: Reference, b: Reference): boolean => a.series === b.series && a.number === b.number;

/** Whether this very import has used a number already: one thing happens to a number in one import. */
function isTakenBy(open: OpenImport, ref: Reference, ledger: Ledger): boolean {
  if (open.numbers.find(ref.series, ref.number) || open.corrected.has(numberKey(ref))) return true;
  if (ledger.versions.get(numberKey(ref))?.standing !== 0) return false; // only to a number of which nothing stands can another have moved
  return [...open.corrected.entries()].some(([, { vouchers }]) => vouchers.some((other) => sameNumber(other.ref, ref)));
}

/**
 * Every line with its sign turned, where it stands now, and which line it is `of`. What recodings have moved is taken back in the period
 * where they moved it, so that every table is as if neither had been; each that still stands is a finding.
 */
function takenBack({ ref, lines }: Voucher, row: number, ledger: Ledger): { lines: Line[]; of: number[]; findings: Finding[] } {
  const voucher = referenceText(ref);
  const moved = ledger.recoded.get(voucher) ?? {};
  const findings: Finding[] = [];
  const of: number[] = [];
  const back = lines.flatMap(({ row: _row, ...line }, index) => {
    const number = index + 1;
    const { grant: _grant, decision: _decision, ...uncoded } = line;
    const written = coding(number, line.grant, line.decision);
    const places = [written, ...Object.keys(moved).filter((place) => place !== written && place.startsWith(`${number}#`))];
    return places.flatMap((place) => {
      const [, grant = '', decision = ''] = place.split('#');
      const standing = new Map(Object.entries(moved[place] ?? {}));
      if (place === written) standing.set(line.period, (standing.get(line.period) ?? 0) + line.amountOre);
      const ore = ledger.recodedOre(ref, number, grant || undefined, decision || undefined);
      if (place !== written && ore !== 0)
        findings.push({ row, finding: 'finding-recoding-taken-back', facts: { voucher, line: number, grant, amountOre: ore } });
      return [...standing].flatMap(([period, stands]): Line[] => {
        if (stands === 0 && line.amountOre !== 0) return [];
        of.push(number);
        return [{ ...uncoded, period, amountOre: 0 - stands, ...(grant && { grant }), ...(decision && { decision }) }];
      });
    });
  });
  return { lines: back, of, findings };
}

/** The voucher with every line in an open period: a closed one gives way to the first open month after it, and the voucher is dated there; what it says of a closed year stands on it. */
function inOpenPeriods(voucher: Voucher, ledger: Ledger): { voucher: Voucher; warnings: readonly Warning[] } {
  let { eventDate } = voucher;
  let concerns: { concernsYear?: number } = {};
  const warnings: Warning[] = [];
  const lines = voucher.lines.map((line) => {
    const period = firstOpenPeriod(line.period, ledger);
    if (period === line.period) return line;
    if (firstDayOf(period) > eventDate) eventDate = firstDayOf(period);
    const said = concernsOf(yearOf(line.period), period, ledger);
    concerns = { ...concerns, ...said.concerns };
    warnings.push(...said.warnings);
    return { ...line, period };
  });
  return { voucher: { ...voucher, eventDate, lines, ...concerns }, warnings };
}
