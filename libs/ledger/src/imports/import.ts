/**
 * An import enters whole or not at all: opened, its vouchers in parts, closed. Nothing counts before the close, which
 * decides again: whatever the file touches must still be there. A refused file leaves one event and nothing else.
 */
import { Verbatim } from '../canonical.js';
import { Command } from '../decider.js';
import type {
  ControlTotal,
  ControlTotalsRecorded,
  Finding,
  FindingsRecorded,
  ImportAbandoned,
  ImportClosed,
  ImportOpened,
  ImportRefused,
  VouchersImported,
} from '../events.js';
import { textOf, year as checkedYear } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { fileKey, fileOfKey, type OpenImport } from '../state.js';
import { refuse } from '../refusal.js';
import { isBook } from '../reference.js';
import type { Voucher, VoucherTexts } from '../voucher.js';
import { openPeriod } from '../vouchers/draft.js';
import { checkedTotals } from './control-totals.js';
import { livingProfile, profileName, profileText, sameKindAndBook, VOUCHER_CSV } from './set-profile.js';

/** @param input `readAtSeq`: the position of the state that the file was read and checked against · `control`: the ERP's totals of a selection, recorded with it */
export class OpenImportOfFile extends Command<
  ImportOpened['data'] & { file: string; readAtSeq: number; control?: readonly ControlTotal[] }
> {}

/** Refuses `book-malformed`, `year-malformed`, `profile-unknown`, `profile-ended`, `profile-fixed`, `file-already-imported`, `file-other-book`, `import-open` (into that book and year, or of the same file into another book), `file-overtaken` (also where the profile has a newer version), `period-closed`, `import-not-selection` and what {@link checkedTotals} refuses. The rows themselves were checked by the reader (one pass over the whole file). */
export function openImport(
  { file, readAtSeq, control, ...data }: OpenImportOfFile['input'],
  ledger: Ledger,
): (ImportOpened | ControlTotalsRecorded)[] {
  const { book, periods } = data;
  const year = checkedYear(data.year);
  if (!isBook(book)) refuse('book-malformed', { book: book.slice(0, 40) });
  readByNewest(data, ledger);
  const earlier = importedAsItStands(data, ledger);
  if (earlier !== undefined) refuse('file-already-imported', { import: earlier });
  const elsewhere = importedElsewhere(data, ledger);
  if (elsewhere) refuse('file-other-book', elsewhere);
  for (const [, open] of ledger.openImports.entries())
    if (open.book === book ? open.year === year : isFile(data, open))
      refuse('import-open', { import: open.import, book: open.book, year: open.year });
  if (ledger.facts.codingSeq > readAtSeq) refuse('file-overtaken', {});
  for (const period of periods) openPeriod(period, ledger);
  if (control && data.kind !== 'selection') refuse('import-not-selection', { import: data.import });
  const recorded: ControlTotalsRecorded[] = control
    ? [{ type: 'ControlTotalsRecorded', v: 1, data: { import: data.import, totals: checkedTotals(control, ledger) } }]
    : [];
  return [{ type: 'ImportOpened', v: 1, data, annex: { file: textOf('file', file) } }, ...recorded];
}

/** Refuses where the file was read by a profile that is not there, has ended, reads other files, or has been set anew since. */
function readByNewest(file: ImportOpened['data'], ledger: Ledger): void {
  if (file.profile === VOUCHER_CSV) return;
  const name = profileName(file.profile);
  const { newest, versions } = livingProfile(name, ledger);
  sameKindAndBook(name, versions[0]!.settings, file);
  if (file.profile !== profileText(name, newest)) refuse('file-overtaken', {});
}

/** The import that the same file entered by, or undefined; also undefined where a later file has corrected vouchers of its book and year, for then it may say something that stands no more. */
export const importedAsItStands = (file: Pick<OpenImport, 'sha256' | 'profile' | 'book' | 'year'>, ledger: Ledger): string | undefined =>
  ledger.filesOvertaken.has(fileKey(file)) ? undefined : ledger.filesImported.get(fileKey(file));

const isFile = (one: AsRead, other: AsRead): boolean =>
  one.sha256 === other.sha256 && profileName(one.profile) === profileName(other.profile);
type AsRead = Pick<OpenImport, 'sha256' | 'profile'>;

/** The earlier import of the same file by the same profile, in any of its versions, into another book, and that book; null where there is none. The numbers of two books say nothing of each other, so its vouchers would count twice. */
export function importedElsewhere(
  file: Pick<OpenImport, 'sha256' | 'profile' | 'book'>,
  ledger: Ledger,
): { import: string; book: string } | null {
  for (const [key, id] of ledger.filesImported.entries()) {
    const { book, ...earlier } = fileOfKey(key);
    if (book !== file.book && isFile(file, earlier)) return { import: id, book };
  }
  return null;
}

/** A part of the file: its vouchers and their texts, as plain values or as the canonical text that the reader wrote of them (the vouchers packed). */
export class ImportVouchers extends Command<{
  import: string;
  part: number;
  vouchers: readonly Voucher[] | Verbatim;
  texts: readonly VoucherTexts[] | Verbatim;
}> {
  override get bytes(): number {
    const { vouchers, texts } = this.input;
    return [vouchers, texts].reduce((sum, list) => sum + (list instanceof Verbatim ? list.bytes.length : 0), 0);
  }
}

/** Refuses `import-not-open`, `import-part-out-of-order`. That no number is taken was seen when the file was read, and the opening saw that nothing has come since. @param input parts are numbered from 0 */
export function importVouchers({ import: id, part, vouchers, texts }: ImportVouchers['input'], ledger: Ledger): [VouchersImported] {
  const { parts } = openedImportOf(id, ledger);
  if (part !== parts) refuse('import-part-out-of-order', { part, expected: parts });
  // what is folded is always read back from the stored bytes, so the packed text can stand in for the values here
  return [
    {
      type: 'VouchersImported',
      v: 2,
      data: { import: id, part, vouchers: vouchers as readonly Voucher[] },
      annex: { vouchers: texts as readonly VoucherTexts[] },
    },
  ];
}

export class RecordFindings extends Command<{ import: string; findings: readonly Finding[] }> {}

/** Refuses `import-not-open`. */
export function recordFindings({ import: id, findings }: RecordFindings['input'], ledger: Ledger): [FindingsRecorded] {
  openedImportOf(id, ledger);
  return [{ type: 'FindingsRecorded', v: 1, data: { import: id, findings } }];
}

export class CloseImport extends Command<{ import: string }> {}

/** Refuses `import-not-open`, `import-incomplete`, `import-overtaken`. */
export function closeImport({ import: id }: CloseImport['input'], ledger: Ledger): [ImportClosed] {
  const { arrived, vouchers, corrected, corrections, unfinished, overtakenBy } = openedImportOf(id, ledger);
  const whole = [...corrected.entries()].filter(([, correction]) => !correction.unfinished).length;
  if (arrived !== vouchers || corrected.size !== corrections || whole !== corrections || unfinished)
    refuse('import-incomplete', { import: id, arrived: arrived + whole, vouchers: vouchers + corrections });
  if (overtakenBy !== undefined) refuse('import-overtaken', { code: overtakenBy });
  return [{ type: 'ImportClosed', v: 1, data: { import: id } }];
}

export class AbandonImport extends Command<{ import: string; because: string }> {}

/** Refuses `import-not-open`. */
export function abandonImport({ import: id, because }: AbandonImport['input'], ledger: Ledger): [ImportAbandoned] {
  openedImportOf(id, ledger);
  return [{ type: 'ImportAbandoned', v: 1, data: { import: id, because: textOf('because', because) } }];
}

/** Keeps that a file was refused, and why: its hash and name, not the file. */
export class RefuseImport extends Command<ImportRefused['data'] & { file: string }> {}
export const refuseImport = ({ file, ...data }: RefuseImport['input']): [ImportRefused] => [
  { type: 'ImportRefused', v: 1, data, annex: { file: textOf('file', file) } },
];

/** The import, while it is open · refuses `import-not-open`. */
export const openedImportOf = (id: string, ledger: Ledger): OpenImport =>
  ledger.openImport(id) ?? refuse('import-not-open', { import: id.slice(0, 40) });
