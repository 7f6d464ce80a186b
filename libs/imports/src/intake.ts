/**
 * What becomes of each voucher of a file, whatever it came from: met against what is there, resolved, and spooled to be posted. Gathers
 * what is wrong, what is worth a look, and what asks for the accountant's consent. Memory stays flat whatever the file's size.
 */
import { hash } from 'node:crypto';
import { FINDINGS_LISTED, referenceText, type Chart, type Finding, type Ledger, type Reference } from '#ledger';
import type { Print } from './fingerprint.js';
import { Comparison, placeOf, type MovedNumbers, type Verdict } from './comparison.js';
import { Noticed, storable } from './noticed.js';
import { Resolver, type ResolverOptions } from './resolve.js';
import { ReadInOne } from './slice.js';
import type { Say } from './source.js';
import type { Spool } from './spool.js';
import type { SourceVoucher } from './voucher-csv.js';

/** Something that a file does to what is there already, and does only with consent. `mark` tells it from any other. */
export type Ask = Finding & { readonly mark: string };

/** The mark and finding of a file that says that it was imported before (#FLAGGA 1). */
export const FLAG = 'sie-flag-set';

/** The finding of a voucher that says something else than the one that stands under its number. */
export const CHANGED = 'file-voucher-changed';

/** The finding of a voucher without a number that is like one which the file lacks. */
export const CHANGED_UNNUMBERED = 'file-voucher-changed-unnumbered';

/** What must be said to let a file do exactly these things: 12 hex digits. Another file, or another list, asks for another. */
export const consentTo = (sha256: string, asks: readonly Ask[]): string =>
  hash('sha256', [sha256, ...asks.map(({ mark }) => mark).sort()].join('\n'), 'hex').slice(0, 12);

export class Intake {
  readonly errors: Finding[] = [];
  errorsInAll = 0;
  /** How many of them only say that a new voucher lies in a closed period: it may be a known one that has moved, and then is corrected in an open one. */
  closedInAll = 0;
  readonly noticed = new Noticed();
  readonly asks: Ask[] = [];
  readonly comparison: Comparison;
  readonly #resolver: Resolver;

  constructor(
    private readonly ledger: Ledger,
    book: string,
    year: number,
    private readonly options: ResolverOptions & {
      readonly moved: MovedNumbers;
      readonly reordered: ReadonlySet<string>;
      readonly sliced: boolean;
    },
    private readonly spool: Spool,
  ) {
    this.comparison = new Comparison(ledger, book, year, options.moved, options.reordered, this.complain);
    this.#resolver = new Resolver(ledger, book, year, options, this.complain, this.notice);
  }

  /** Refuses the file; read on, so that everything is said at once. */
  readonly complain: Say = (row, finding, facts) => {
    if (this.options.sliced) throw new ReadInOne(); // what is wrong is told row by row, in order
    this.errorsInAll += 1;
    if (finding === 'period-closed') this.closedInAll += 1;
    if (this.errors.length < FINDINGS_LISTED) this.errors.push({ row, finding, facts: storable(facts) });
  };

  readonly notice: Say = (row, finding, facts) => this.noticed.add(row, finding, facts);

  get gathered() {
    return this.#resolver.gathered;
  }

  /** Whether anything is to be done with the voucher. @param rows how many of its rows count */
  meet(row: number, voucher: Parameters<Comparison['meet']>[1], rows: number, fingerprint: string): Verdict | null {
    const verdict = this.comparison.meet(row, voucher, fingerprint);
    if (verdict === 'there') this.gathered.counts.alreadyThere += rows;
    return verdict === 'there' ? null : verdict;
  }

  /** Resolves a voucher that is new or changed, and spools it while nothing is wrong with the file. @param content what its fingerprint is over */
  enter(source: SourceVoucher, { fingerprint, content }: Print, verdict: Verdict, chart?: Chart): void {
    const corrects = verdict === 'new' ? null : verdict;
    const resolved = this.#resolver.resolve(source, fingerprint, corrects, chart);
    if (corrects) this.#ask(source, fingerprint, corrects);
    if (!resolved || this.errorsInAll > 0) return;
    if (corrects) this.spool.change(resolved, content, corrects, this.ledger.standing(corrects)?.seq ?? -1);
    else this.spool.add(resolved);
  }

  /** The file says that it was imported before. */
  flag(row: number): void {
    this.#asks({ row, finding: FLAG, facts: {}, mark: FLAG });
  }

  #ask({ row, series, number }: SourceVoucher, fingerprint: string, corrects: Reference): void {
    const from = referenceText({ ...corrects, version: 1 });
    const voucher = referenceText({ ...corrects, series, number, version: 1 });
    const moved = placeOf(corrects) !== placeOf({ series, number });
    const changed = this.ledger.standing(corrects)?.fingerprint !== fingerprint;
    this.#asks({
      row,
      finding: !moved ? CHANGED : changed ? CHANGED_UNNUMBERED : 'file-voucher-moved',
      facts: moved ? { voucher, from } : { voucher },
      mark: `${voucher} ${from} ${corrects.version} ${fingerprint}`,
    });
  }

  #asks(ask: Ask): void {
    if (this.options.sliced) throw new ReadInOne();
    this.asks.push(ask);
  }
}
