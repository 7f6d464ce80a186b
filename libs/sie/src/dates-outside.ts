/**
 * Vouchers dated outside the year that a file is about (#RAR 0): counted while it is read, and said once for each year when it ends. SIE has
 * them in year 0 all the same, also where they are dated in another year that the file names. Used by vouchers.ts.
 */
import type { Complaint, ComplaintName } from './complaint.js';
import type { SieYear } from './records.js';

type Place = Pick<Complaint, 'line' | 'text'>;
type Met = Place & { readonly of: SieYear | null; vouchers: number };

export class DatesOutside {
  /** By the index of the year that they lie in. */
  readonly #met = new Map<number | null, Met>();

  /** @param date `YYYY-MM-DD`, outside the file's own year @param place the first one's is kept */
  note(date: string, years: readonly SieYear[], place: () => Place): void {
    const of = years.find(({ from, to }) => from <= date && date <= to) ?? null;
    const met = this.#met.get(of?.index ?? null);
    if (met) met.vouchers += 1;
    else this.#met.set(of?.index ?? null, { ...place(), of, vouchers: 1 });
  }

  say(own: SieYear, complainAt: (line: number, text: string, name: ComplaintName, facts: Complaint['facts']) => void): void {
    for (const { line, text, of, vouchers } of this.#met.values()) {
      const { from, to } = own;
      if (of === null) complainAt(line, text, 'sie-date-outside-year', { vouchers, from, to });
      else complainAt(line, text, 'sie-date-other-year', { vouchers, index: of.index, otherFrom: of.from, otherTo: of.to, from, to });
    }
    this.#met.clear();
  }
}
