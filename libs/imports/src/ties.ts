/**
 * The file against itself: its balances (#PSALDO, #RES, #UB less #IB, with objects too) and its own rows, before any filter. Real files
 * disagree, so a difference is a finding with the rows that make the sum, never a refusal. Used by the reading of whole vouchers.
 */
import { fiscalYear, fiscalYearOfDays, liesIn, periodOf, yearOf, type FiscalYear } from '#ledger';
import { balanceObjects, type SieBalance, type SieDimension, type SieYear } from '#sie';
import type { FileObject, FileVoucher, Say } from './source.js';

/** Different accounts × objects × months that are summed; a file with more is not compared with balances of objects. */
const SUMS = 300_000;
/** Balances that are kept to be compared. */
const BALANCES = 200_000;
/** Rows that a difference names. */
const ROWS_NAMED = 20;
/** Balances of objects and lists of objects that are worth going through one by one. */
const PAIRS = 20_000_000;

/** The sum of some rows of the file. `exact`: no partial sum outgrew a safe integer. */
type Sum = { ore: number; exact: boolean };
/** What a balance says, and which rows of the file it is about: those of the period (all where null), the account and all of the objects. */
type Tie = {
  readonly account: string;
  readonly objects: readonly FileObject[];
  readonly period: string | null;
  readonly statedOre: bigint;
  readonly line: number;
};

export class Ties {
  readonly #balances: SieBalance[] = [];
  #passedOver = 0;
  /** By list of objects, then account, then month. */
  readonly #sums = new Map<readonly FileObject[], Map<string, Map<string, Sum>>>();
  readonly #lists = new WeakMap<readonly FileObject[], readonly FileObject[]>();
  readonly #byText = new Map<string, readonly FileObject[]>();
  #size = 0;
  readonly #months = new Set<string>();
  /** Vouchers came before the first balance. */
  #unsummed = false;
  #year: FiscalYear | null = null;

  /** The fiscal year that the file is about; the calendar year of its first voucher where it does not say. */
  year({ from, to }: SieYear): void {
    this.#year = fiscalYearOfDays(from, to);
  }

  balance(balance: SieBalance): void {
    if (balance.year > 0 || balance.year < 0 || balance.label === 'PBUDGET') return;
    if (this.#balances.length < BALANCES) this.#balances.push(balance);
    else this.#passedOver += 1;
  }

  /** Before any balance nothing is summed: balances stand first (5.12), and where they do not the file is read again. */
  voucher(voucher: FileVoucher): void {
    if (this.#balances.length > 0) this.#sum(voucher);
    else this.#unsummed = true;
  }

  #sum({ date, lines }: FileVoucher): void {
    const month = periodOf(date);
    this.#months.add(month);
    for (const { counted, account, objects, amountOre } of lines) {
      if (!counted) continue;
      const sum = this.#sumOf(this.#same(objects), account, month);
      if (!sum) continue;
      sum.ore += amountOre;
      if (!Number.isSafeInteger(sum.ore)) sum.exact = false;
    }
  }

  /**
   * Says where they differ. The file is read again only where some do, to name the rows, and where balances come after vouchers.
   * @param again gives every voucher of the file once more
   */
  compare(dimensions: ReadonlyMap<string, SieDimension>, again: (voucher: (voucher: FileVoucher) => void) => void, notice: Say): void {
    if (this.#balances.length === 0) return;
    if (this.#unsummed) {
      this.#sums.clear();
      this.#size = 0;
      again((voucher) => this.#sum(voucher));
    }
    const ties = this.#ties();
    let notCompared = this.#passedOver + (this.#balances.length - ties.covered);
    const differing: (Tie & { readonly rowsOre: bigint; readonly rows: number[]; count: number })[] = [];
    const covers = new Map<readonly FileObject[], ReadonlySet<string>>();
    for (const list of this.#sums.keys()) covers.set(list, new Set(balanceObjects(list as FileObject[], dimensions).map(textOf)));
    const withObjects = ties.all.filter(({ objects }) => objects.length > 0).length;
    const full = this.#size >= SUMS;
    for (const tie of ties.all) {
      const summed = full || (tie.objects.length > 0 && withObjects * covers.size > PAIRS) ? null : this.#rowsOre(tie, covers);
      if (summed === null) notCompared += 1;
      else if (summed !== tie.statedOre) differing.push({ ...tie, rowsOre: summed, rows: [], count: 0 });
    }
    if (differing.length > 0) this.#nameRows(differing, dimensions, again);
    for (const { account, objects, period, statedOre, rowsOre, rows, count, line } of differing)
      notice(line, 'finding-not-tied', {
        account,
        object: objects
          .map(({ dim, object }) => `${dim}:${object}`)
          .join(' ')
          .slice(0, 200),
        period: period ?? '',
        statedOre: String(statedOre),
        rowsOre: String(rowsOre),
        rows: rows.join(', '),
        count,
      });
    if (notCompared > 0) notice(1, 'finding-balances-not-compared', { count: notCompared });
  }

  /** What the balances say of the file's rows, and how many of them that covers. */
  #ties(): { all: Tie[]; covered: number } {
    const all: Tie[] = [];
    let covered = 0;
    const [first] = [...this.#months].sort();
    const year = first === undefined ? null : (this.#year ?? fiscalYear(yearOf(first)));
    const fromStart = year !== null && this.#months.has(year.from) && [...this.#months].every((month) => liesIn(month, year));
    const opening = new Map<string, bigint>();
    const keyOf = ({ account, objects }: SieBalance) => `${account} ${objects.map(textOf).sort().join(' ')}`;
    for (const balance of this.#balances)
      if (balance.label === 'IB' || balance.label === 'OIB') {
        opening.set(keyOf(balance), (opening.get(keyOf(balance)) ?? 0n) + BigInt(balance.amountOre));
        covered += 1;
      }
    for (const balance of this.#balances) {
      const { label, account, objects, period, amountOre, line } = balance;
      if (label === 'PSALDO') {
        covered += 1; // of a month without vouchers the file says nothing
        if (this.#months.has(period!)) all.push({ account, objects, period, statedOre: BigInt(amountOre), line });
      } else if (label === 'RES' || label === 'UB' || label === 'OUB') {
        if (!fromStart) continue;
        covered += 1;
        all.push({
          account,
          objects,
          period: null,
          statedOre: BigInt(amountOre) - (label === 'RES' ? 0n : (opening.get(keyOf(balance)) ?? 0n)),
          line,
        });
      }
    }
    return { all, covered };
  }

  /** Null where a partial sum was too large to be exact. */
  #rowsOre({ account, objects, period }: Tie, covers: ReadonlyMap<readonly FileObject[], ReadonlySet<string>>): bigint | null {
    let total = 0n;
    const wanted = objects.map(textOf);
    for (const [list, accounts] of this.#sums) {
      const months = accounts.get(account);
      if (!months || !wanted.every((object) => covers.get(list)!.has(object))) continue;
      for (const [month, { ore, exact }] of months) {
        if (period !== null && month !== period) continue;
        if (!exact) return null;
        total += BigInt(ore);
      }
    }
    return total;
  }

  #nameRows(
    differing: readonly (Tie & { readonly rows: number[]; count: number })[],
    dimensions: ReadonlyMap<string, SieDimension>,
    again: (voucher: (voucher: FileVoucher) => void) => void,
  ): void {
    const byAccount = new Map<string, (typeof differing)[number][]>();
    for (const tie of differing) byAccount.set(tie.account, [...(byAccount.get(tie.account) ?? []), tie].slice(0, 1_000));
    again(({ date, lines }) => {
      for (const { line, counted, account, objects } of lines)
        for (const tie of (counted && byAccount.get(account)) || []) {
          if (tie.period !== null && tie.period !== periodOf(date)) continue;
          const own = tie.objects.length > 0 ? new Set(balanceObjects(objects as FileObject[], dimensions).map(textOf)) : null;
          if (own && !tie.objects.every((object) => own.has(textOf(object)))) continue;
          tie.count += 1;
          if (tie.rows.length < ROWS_NAMED) tie.rows.push(line);
        }
    });
  }

  /** One array for all lists that say the same: the reader may have forgotten that it met one before. */
  #same(objects: readonly FileObject[]): readonly FileObject[] {
    let same = this.#lists.get(objects);
    if (same === undefined) {
      const text = objects.map(textOf).join('\u001c');
      same = this.#byText.get(text) ?? objects;
      if (this.#byText.size < SUMS) this.#byText.set(text, same);
      this.#lists.set(objects, same);
    }
    return same;
  }

  #sumOf(objects: readonly FileObject[], account: string, month: string): Sum | null {
    let accounts = this.#sums.get(objects);
    if (!accounts) {
      if (this.#size >= SUMS) return null;
      this.#sums.set(objects, (accounts = new Map()));
    }
    let months = accounts.get(account);
    if (!months) accounts.set(account, (months = new Map()));
    let sum = months.get(month);
    if (!sum) {
      if (this.#size >= SUMS) return null;
      this.#size += 1;
      months.set(month, (sum = { ore: 0, exact: true }));
    }
    return sum;
  }
}

const textOf = ({ dim, object }: FileObject): string => `${dim}\u001d${object}`;
