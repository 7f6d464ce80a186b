/**
 * What a file says against what its book holds already, voucher by voucher while the file is read: which are new, there, or changed.
 * Which have moved to another number and which are gone is known only when all of it has been: absence.ts.
 */
import { Journal, Numbers, referenceText, type Ledger, type Reference } from '#ledger';
import { contentOf, dayOfUnnumbered, undated, type Content, type Fresh } from './likeness.js';
import type { Say } from './source.js';

/** A voucher under the number that it has in the file. */
export type Numbered = { readonly series: string; readonly number: string };
type Dated = Numbered & { readonly date: string };
/** Old numbers, with the version that stands, by the {@link placeOf} of the new ones. */
export type MovedNumbers = ReadonlyMap<string, Reference>;
/** `new`, or the version that stands and says something else. */
export type Verdict = 'new' | Reference;

/** A voucher of the file that says the same as a known one which is absent from it; `changed`: it does not, but is like it (likeness.ts). */
export type Alike = { readonly from: Reference; readonly to: Numbered; readonly changed?: 'closely' | 'loosely' };

export const placeOf = ({ series, number }: Numbered): string => `${series}\u001f${number}`;
/** What {@link placeOf} made a place of. */
export function numberedAt(place: string): Numbered {
  const [series, number] = place.split('\u001f') as [string, string];
  return { series, number };
}

export class Comparison {
  /** The numbers of the file, whether they are imported or not. */
  readonly numbers = new Numbers(new Journal());
  /** The new vouchers without a number of a day that has known ones. */
  readonly fresh: Fresh[] = [];
  /** The file's first and last day; the last is empty where it has none. */
  readonly days = { first: '9999-12-31', last: '' };
  readonly #known: Numbers;
  readonly #anyKnown: boolean;
  /** The days, by series, of the known vouchers without a number. */
  readonly #days: ReadonlySet<string>;

  /** @param reordered places of vouchers that say what stands, in another order of their rows */
  constructor(
    private readonly ledger: Ledger,
    private readonly book: string,
    private readonly year: number,
    private readonly moved: MovedNumbers,
    private readonly reordered: ReadonlySet<string>,
    private readonly complain: Say,
  ) {
    this.#known = ledger.numbers(book, year);
    this.#anyKnown = this.#known.count > 0;
    this.#days = daysOf(this.#known);
  }

  /** Meets the next voucher of the file. Null where there is nothing more to do: it is `there` already, or it is complained of. */
  meet(row: number, voucher: Dated & Content, fingerprint: string): Verdict | 'there' | null {
    const { book, year } = this;
    const { series } = voucher;
    const number = this.#numberOf(voucher);
    this.#note(voucher);
    if (this.numbers.find(series, number)) return this.#wrong(row, 'file-voucher-split', { series, number });
    this.numbers.add(series, number, 0, fingerprint);
    const known = this.#anyKnown && this.#known.find(series, number) !== null;
    const standing = known ? this.ledger.standing({ book, year, series, number }) : null;
    if (!standing && this.#days.size > 0 && this.#days.has(`${series}\u001f${dayOfUnnumbered(number)}`))
      this.fresh.push({ series, number, ...contentOf(voucher) });
    if (this.reordered.size > 0 && this.reordered.has(placeOf(voucher))) return 'there';
    const from = this.moved.size > 0 ? this.moved.get(placeOf({ series, number })) : undefined;
    if (from) return from;
    if (!known) return 'new';
    if (standing?.fingerprint === fingerprint) return 'there';
    return { book, year, series, number, version: standing?.version ?? 1 }; // of a number that was left behind nothing stands: any version will do
  }

  /** Meets a voucher that is left out: it is in the file all the same. */
  pass(row: number, voucher: Dated, fingerprint: string): void {
    const { series } = voucher;
    const number = this.#numberOf(voucher);
    this.#note(voucher);
    if (this.numbers.find(series, number)) this.#wrong(row, 'file-voucher-split', { series, number });
    else this.numbers.add(series, number, 0, fingerprint);
  }

  #note({ date }: Dated): void {
    if (date < this.days.first) this.days.first = date;
    if (date > this.days.last) this.days.last = date;
  }

  /** The number that it goes under: ledgers before 0.2 gave those that the file does not number one without the day. */
  #numberOf({ series, number }: Numbered): string {
    if (!this.#anyKnown) return number;
    const earlier = undated(number);
    return earlier !== null && !this.#known.find(series, number) && this.#known.find(series, earlier) ? earlier : number;
  }

  #wrong(row: number, finding: 'file-voucher-split', { series, number }: Numbered): null {
    const { book, year } = this;
    this.complain(row, finding, { voucher: referenceText({ book, year, series, number, version: 1 }) });
    return null;
  }
}

function daysOf(known: Numbers): ReadonlySet<string> {
  const days = new Set<string>();
  for (const { series, number } of known.named()) {
    const day = dayOfUnnumbered(number);
    if (day !== null) days.add(`${series}\u001f${day}`);
  }
  return days;
}
