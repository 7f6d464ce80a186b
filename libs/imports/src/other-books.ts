/**
 * Vouchers of a file that another book holds already: a month's selection and its whole vouchers, or one ERP through two profiles, would
 * count twice. Numbers of two books say nothing of each other, so what those say is compared too. Called by file-import.ts before consent is asked.
 */
import { OWN_BOOK, referenceText, type Ledger, type Reference, type SavedLedger, type Voucher } from '#ledger';
import type { LedgerCommands } from '#eventstore';
import type { Ask } from './intake.js';
import type { FileRead } from './read-file.js';
import { vouchersIn } from './trial.js';

/** Of a large file so many of its parts are looked through, evenly spread, for so many vouchers in all. */
const PARTS = 40;
const VOUCHERS = 100;
export const IN_OTHER_BOOK = 'file-vouchers-in-other-book';

type Into = { readonly book: string; readonly year: number; readonly state: SavedLedger };

/** Asks once for each other book where at least half of the new vouchers that have a number there say the same there. */
export async function inOtherBooks({ parts }: FileRead, { book, year, state }: Into, commands: LedgerCommands): Promise<Ask[]> {
  const others = [...state.books.keys()].flatMap((name) => {
    const [other = '', its] = name.split('-'); // a book is small letters and digits
    return Number(its) === year && other !== OWN_BOOK && other !== book ? [other] : [];
  });
  if (others.length === 0 || parts.length === 0) return [];
  const step = Math.max(1, parts.length / PARTS);
  const met = others.map((other) => ({ other, looked: 0, same: [] as Reference[] }));
  for (let at = 0; at < parts.length; at += step) {
    const most = Math.ceil((VOUCHERS * step) / parts.length);
    const vouchers = (await vouchersIn(parts[Math.floor(at)]!)).map(({ voucher }) => voucher);
    for (const one of met) {
      const { other } = one;
      const known = await commands.look((ledger) => vouchers.flatMap((voucher) => knownAs(voucher, other, ledger)));
      const left = VOUCHERS - one.looked;
      for (const { voucher, ref } of known.slice(0, Math.min(most, left))) {
        const found = await commands.voucher(ref);
        one.looked += 1;
        if (found && saysSame(voucher, found.voucher)) one.same.push(ref);
      }
    }
  }
  return met
    .filter(({ looked, same }) => same.length > 0 && 2 * same.length >= looked)
    .map(({ other, looked, same }) => ({
      row: 1,
      finding: IN_OTHER_BOOK,
      facts: { book: other, vouchers: same.length, looked, example: referenceText({ ...same[0]!, version: 1 }) },
      mark: `${IN_OTHER_BOOK} ${other}`,
    }));
}

/** The voucher that stands under the same number in another book; none where none does, or where a part holds only some of its lines. */
function knownAs(voucher: Voucher, book: string, ledger: Ledger): { readonly voucher: Voucher; readonly ref: Reference }[] {
  const { ref, more, firstLine } = voucher;
  const standing = more || firstLine ? null : ledger.standing({ ...ref, book });
  return standing ? [{ voucher, ref: { ...ref, book, version: standing.version } }] : [];
}

/** Whether both are of one day and every line of the smaller is one of the larger: a selection has some of a voucher's lines. */
function saysSame(one: Voucher, other: Voucher): boolean {
  if (one.eventDate !== other.eventDate) return false;
  const [few, many] = one.lines.length <= other.lines.length ? [one, other] : [other, one];
  const waiting = new Map<string, number>();
  for (const line of many.lines) waiting.set(keyOf(line), (waiting.get(keyOf(line)) ?? 0) + 1);
  return few.lines.every((line) => {
    const left = waiting.get(keyOf(line)) ?? 0;
    waiting.set(keyOf(line), left - 1);
    return left > 0;
  });
}
const keyOf = ({ account, amountOre }: Voucher['lines'][number]): string => `${account} ${amountOre}`;
