/**
 * The same book as the ERP gives it later, when somebody has changed vouchers that were handed out before: amounts, codings and texts
 * changed, vouchers moved to another number or series, vouchers gone. Tells which, so that a test knows what must be found.
 */
import { chanceFrom } from '../fuzz/mutation.js';
import type { Book, BookVoucher, Months } from './book.js';
import type { BookLine } from './patterns.js';

/** `moved`: the same content under a new number of the series. `renamed`: the same number in another series. `deleted`: gone. */
export type ChangeKind = 'amount' | 'coding' | 'text' | 'moved' | 'renamed' | 'deleted';
export type Change = {
  readonly kind: ChangeKind;
  readonly was: BookVoucher;
  /** Null where it is gone. */
  readonly becomes: BookVoucher | null;
};
/** A book as the files are written from it. */
export type Readable = Pick<Book, 'region' | 'year' | 'openings' | 'vouchers'>;
export type ChangedBook = Readable & { readonly changes: readonly Change[] };

/**
 * @param seed which vouchers, and how
 * @param wanted how many of each kind (two where left out)
 * @param months where they are looked for; none of them is the first or last of the months
 * @throws where the months have too few vouchers
 */
export function changedBook(book: Book, seed: number, wanted: Partial<Record<ChangeKind, number>> = {}, months?: Months): ChangedBook {
  const indexes = [...book.indexes(months)];
  const chance = chanceFrom(seed);
  const taken = new Map<number, Change>();
  const next = new Map<string, number>();
  for (const kind of KINDS)
    for (let left = wanted[kind] ?? 2, tries = 0; left > 0; tries += 1) {
      if (tries > 10_000) throw new Error(`too few vouchers to change ${kind}`);
      const at = indexes[Math.floor(indexes.length * 0.1) + chance(Math.max(1, Math.floor(indexes.length * 0.7)))]!;
      if (taken.has(at)) continue;
      const was = book.voucher(at);
      const becomes = changed(kind, was, book, chance, next);
      if (becomes === undefined) continue;
      taken.set(at, { kind, was, becomes });
      left -= 1;
    }
  const changes = [...taken.values()].sort((a, b) => a.was.index - b.was.index);
  return {
    region: book.region,
    year: book.year,
    openings: book.openings,
    changes,
    *vouchers(asked?: Months) {
      const last: BookVoucher[] = [];
      for (const index of book.indexes(asked)) {
        const change = taken.get(index);
        if (!change) yield book.voucher(index);
        else if (change.kind === 'moved') last.push(change.becomes!);
        else if (change.becomes) yield change.becomes;
      }
      yield* last.sort((a, b) => a.number - b.number);
    },
  };
}

const KINDS: readonly ChangeKind[] = ['amount', 'coding', 'text', 'moved', 'renamed', 'deleted'];

/** Undefined where this voucher cannot be changed so. */
function changed(
  kind: ChangeKind,
  was: BookVoucher,
  book: Book,
  chance: (bound: number) => number,
  next: Map<string, number>,
): BookVoucher | null | undefined {
  const { lines, series } = was;
  switch (kind) {
    case 'amount': {
      if (lines.length < 2) return undefined;
      const by = 1 + chance(100_000);
      return {
        ...was,
        lines: lines.map((line, at) => (at === lines.length - 2 ? plus(line, by) : at === lines.length - 1 ? plus(line, -by) : line)),
      };
    }
    case 'coding': {
      const at = lines.findIndex(({ act, account, project }) => act === 'posted' && account > '4' && project === '');
      const others = book.region.grants.filter(({ place, grant }) => place === '20' && grant !== lines[at]?.grant);
      if (at < 0 || others.length === 0) return undefined;
      const { grant } = others[chance(others.length)]!;
      return { ...was, lines: lines.map((line, i) => (i === at ? { ...line, grant, object: grant } : line)) };
    }
    case 'text':
      return { ...was, text: `${was.text} (ändrad)` };
    case 'moved': {
      const number = next.get(series) ?? book.nextNumber(series);
      next.set(series, number + 1);
      return { ...was, number };
    }
    case 'renamed':
      return { ...was, series: `${series}2` };
    case 'deleted':
      return null;
  }
}

const plus = (line: BookLine, by: number): BookLine => ({ ...line, ore: line.ore + by });
