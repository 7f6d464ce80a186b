/**
 * The books as they stand at one moment, streamed: every voucher that counts with its lines, and what the lines of each coding sum to. On a
 * connection and in a read transaction of its own, so that whatever is posted meanwhile, an export is true at exactly its `seq`.
 */
import type Database from 'better-sqlite3';
import {
  Chart,
  extentOf,
  fiscalYear,
  lastDayOf,
  liesIn,
  OWN_BOOK,
  parseReference,
  refuse,
  yearOf,
  type AccountClass,
  type Act,
  type Effect,
  type FiscalYear,
  type Reference,
  type Terms,
} from '#ledger';
import type { LedgerEntry, Scope } from './answer-shapes.js';
import { Reading } from './reading.js';
import { RegisterAnswers } from './register-answers.js';
import { GIGA, LINE_ROOM, oreOf, openReadModelsForReading } from './schema.js';

/** What a line is coded to, here: no codes of the file. Empty where there is none. */
export type BookedCoding = {
  readonly account: string;
  readonly grant: string;
  readonly decision: string;
  readonly unit: string;
  readonly period: string;
  readonly effect: Effect;
  readonly internal: boolean;
};
/** Öre as posted, debit +. */
export type BookedLine = BookedCoding & {
  readonly line: number;
  readonly amountOre: number;
  readonly counterpart: string | null;
  /** The line's own text; empty where it has none. */
  readonly text: string;
  readonly row: number | null;
};
export type BookedVoucher = {
  readonly voucher: string;
  readonly ref: Reference;
  readonly seq: number;
  readonly recordedAt: string;
  readonly act: Act;
  readonly eventDate: string;
  readonly registered: string | null;
  readonly text: string;
  readonly counterparty: string | null;
  readonly document: string | null;
  readonly lines: readonly BookedLine[];
};
/** Vouchers of one year with a line in one of the periods; of all books where none is named. `fiscalYear`: that of the name, where it is not the calendar year. */
export type BooksAsked = {
  readonly year: number;
  readonly fiscalYear?: FiscalYear;
  readonly fromPeriod?: string;
  readonly through?: string;
  readonly book?: string;
  readonly without?: readonly string[];
};
export type BookSeries = { readonly book: string; readonly year: number; readonly series: string };

type VoucherRow = Omit<BookedVoucher, 'ref' | 'lines'> & { readonly import: number };
type LineRow = {
  readonly id: number;
  readonly coding: number;
  readonly ore: number;
  readonly counterpart: string | null;
  readonly row: number | null;
};

export class Books {
  readonly #db: Database.Database;
  readonly #reading: Reading;
  readonly #codings: ReadonlyMap<number, BookedCoding>;
  /** Imports that do not count, by the seq that opened them. */
  readonly #uncounted: ReadonlySet<number>;
  readonly #lineTexts: boolean;

  /** @param file the read models */
  constructor(file: string) {
    this.#db = openReadModelsForReading(file);
    this.#db.exec('BEGIN');
    this.#reading = new Reading(this.#db);
    this.#codings = new Map(
      this.#reading
        .rows<Omit<BookedCoding, 'internal'> & { id: number; internal: number }>(
          'SELECT id, account, grant_code AS "grant", decision, unit, period, effect, internal FROM codings',
        )
        .map(({ id, internal, ...coding }) => [id, { ...coding, internal: internal === 1 }]),
    );
    this.#uncounted = new Set(
      this.#reading.rows<{ opened: number }>('SELECT opened_seq AS opened FROM line_imports WHERE counted = 0').map(({ opened }) => opened),
    );
    this.#lineTexts = this.#reading.row('SELECT 1 FROM line_texts LIMIT 1') !== undefined;
  }

  /** The last event whose lines are here. */
  get seq(): number {
    return this.#reading.position('lines');
  }

  ledger(): LedgerEntry {
    return new RegisterAnswers(this.#reading).ledger();
  }

  /** Whether a book of that name is ours, a profile's or has been imported into. */
  has(book: string): boolean {
    return (
      book === OWN_BOOK ||
      this.#reading.row(
        `SELECT 1 FROM imports WHERE book = ? UNION ALL SELECT 1 FROM profiles WHERE settings ->> 'book' = ? LIMIT 1`,
        book,
        book,
      ) !== undefined
    );
  }

  /**
   * The books that have vouchers in a year's references, each once, and their series; by name. After them the series of other years that have
   * periods in it: an ERP's fiscal years, whose references name the year in which they begin, and our own of each calendar year.
   */
  series({ year, fiscalYear: its = fiscalYear(year), book, without = [] }: BooksAsked): BookSeries[] {
    const others = this.#otherYears(its).filter((each) => (book === undefined || each.book === book) && !without.includes(each.book));
    return [...this.#seriesOf({ year, book, without }), ...others.flatMap((each) => this.#seriesOf({ ...each, without: [] }))];
  }

  /** Years of another name that have periods in this one. */
  #otherYears({ year, from, through }: FiscalYear): { readonly book: string; readonly year: number }[] {
    const own = Array.from({ length: yearOf(through) - year }, (_, i) => ({ book: OWN_BOOK, year: year + 1 + i }));
    return [
      ...this.#reading.rows<{ book: string; year: number }>(
        'SELECT DISTINCT book, year FROM imports WHERE counted = 1 AND year <> ? AND first_period <= ? AND last_period >= ? ORDER BY book, year',
        year,
        `${yearOf(through)}-16`,
        from,
      ),
      ...own,
    ];
  }

  /** The fiscal year that the ERP's books have under the name of a year: what their files said, or else what their periods or the years beside it show. The calendar year where they do not agree, or there are none. */
  fiscalYear({ year, book, without = [] }: Omit<BooksAsked, 'fiscalYear'>): FiscalYear {
    const rows = this.#reading.rows<{ book: string; year: number; first: string; last: string; from: string | null; through: string }>(
      `SELECT book, year, coalesce(min(first_period), '') AS first, coalesce(max(last_period), '') AS last, min(fiscal_from) AS "from", max(fiscal_through) AS through
       FROM imports WHERE counted = 1 AND year IS NOT NULL AND book = coalesce(?, book) GROUP BY book, year ORDER BY abs(year - ?), year`,
      book ?? null,
      year,
    );
    const found = new Map<string, FiscalYear>();
    const seen = new Set(without);
    for (const { book: of, year: name, first, last, from, through } of rows) {
      if (seen.has(of)) continue;
      seen.add(of);
      const known = extentOf(name, { stated: from === null ? null : { from, through }, first, last });
      const its = name === year ? known : fiscalYear(year, Number(known.from.slice(5)));
      found.set(`${its.from} ${its.through}`, its);
    }
    return found.size === 1 ? [...found.values()][0]! : fiscalYear(year);
  }

  #seriesOf({ year, book, without = [] }: Omit<BooksAsked, 'book'> & { readonly book: string | undefined }): BookSeries[] {
    const found: BookSeries[] = [];
    let from = book === undefined ? '' : `${book}-`;
    for (;;) {
      const ref = this.#reading.row<{ ref: string }>('SELECT ref FROM vouchers WHERE ref >= ? ORDER BY ref LIMIT 1', from)?.ref;
      if (ref === undefined) return found;
      const { book: of, year: its, series } = parseReference(ref);
      if (book !== undefined && of !== book) return found;
      if (its === year && !without.includes(of)) found.push({ book: of, year, series });
      from = after(its === year ? prefixOf({ book: of, year, series }) : `${of}-${its}-`);
    }
  }

  /**
   * Series by series, numbers ascending in each; last the vouchers that correct an earlier year's numbers in this one. A voucher belongs to the
   * period of its first line, whole.
   */
  *vouchers(asked: BooksAsked): Generator<BookedVoucher> {
    const { year, fiscalYear: its = fiscalYear(year), book, without = [] } = asked;
    const { fromPeriod = its.from, through = `${yearOf(its.through)}-16` } = asked;
    const within = ({ period }: BookedCoding) => period >= fromPeriod && period <= through && liesIn(period, its);
    for (const series of this.series(asked)) {
      const prefix = prefixOf(series);
      const ids = this.#db
        .prepare<[string, string], number>('SELECT id FROM vouchers WHERE ref >= ? AND ref < ? ORDER BY length(ref), ref')
        .pluck()
        .iterate(prefix, after(prefix));
      for (const id of ids) {
        const voucher = this.#voucher(id, within);
        if (voucher) yield voucher;
      }
    }
    const late = this.#reading.rows<{ id: number; ref: string }>(
      'SELECT id, ref FROM vouchers WHERE concerns_year IS NOT NULL ORDER BY id',
    );
    const others = new Set(this.#otherYears(its).map((each) => `${each.book}-${each.year}`));
    for (const { id, ref } of late) {
      const { book: of, year: name } = parseReference(ref);
      const voucher =
        name !== year && !others.has(`${of}-${name}`) && (book === undefined || of === book) && !without.includes(of)
          ? this.#voucher(id, within)
          : null;
      if (voucher) yield voucher;
    }
  }

  /** The books that hold nothing but selections; by name. */
  selections(): string[] {
    return this.#reading
      .rows<{ book: string }>("SELECT book FROM imports WHERE counted = 1 GROUP BY book HAVING min(kind = 'selection') = 1 ORDER BY book")
      .map(({ book }) => book);
  }

  /** Some voucher of a selection whose lines do not balance; null where there is none. One book where it is named. */
  oneSided(asked: BooksAsked): string | null {
    const selections = "SELECT opened_seq FROM imports WHERE kind = 'selection' AND counted = 1";
    if (!this.#reading.row(`${selections} LIMIT 1`)) return null;
    for (const series of this.series(asked)) {
      const prefix = prefixOf(series);
      const found = this.#reading.row<{ ref: string }>(
        `SELECT v.ref FROM vouchers v WHERE v.ref >= ? AND v.ref < ? AND v.import IN (${selections})
           AND (SELECT total(l.ore) FROM lines l WHERE l.id BETWEEN v.id * ${LINE_ROOM} AND v.id * ${LINE_ROOM} + ${LINE_ROOM - 1}) <> 0 LIMIT 1`,
        prefix,
        after(prefix),
      );
      if (found) return found.ref;
    }
    return null;
  }

  /** What the lines of each coding sum to in the vouchers of each calendar month, öre debit +; codings chosen by the caller. One book where it is named, or all but some. */
  *sums(
    chosen: (coding: BookedCoding) => boolean,
    { book, without = [] }: Pick<BooksAsked, 'book' | 'without'> = {},
  ): Generator<BookedCoding & { readonly eventMonth: string; readonly ore: bigint }> {
    const [from, to] = book === undefined ? ['', '{'] : [`${book}-`, after(`${book}-`)]; // a book is small letters and digits
    const rows = this.#db
      .prepare<[string, string, string], { coding: bigint; eventMonth: string; giga: bigint; rest: bigint }>(
        `SELECT l.coding, substr(v.event_date, 1, 7) AS eventMonth, sum(l.ore / ${GIGA}) AS giga, sum(l.ore % ${GIGA}) AS rest
         FROM lines l JOIN vouchers v ON v.id = l.id / ${LINE_ROOM}
         WHERE v.ref >= ? AND v.ref < ? AND v.import NOT IN (SELECT opened_seq FROM line_imports WHERE counted = 0)
           AND substr(v.ref, 1, instr(v.ref, '-') - 1) NOT IN (SELECT value FROM json_each(?)) GROUP BY 1, 2`,
      )
      .safeIntegers(true)
      .iterate(from, to, JSON.stringify(without));
    for (const { coding: id, eventMonth, giga, rest } of rows) {
      const coding = this.#codings.get(Number(id))!;
      if (chosen(coding)) yield { ...coding, eventMonth, ore: oreOf(giga, rest) };
    }
  }

  /** Every coding that a line ever had; an account, unit or code may be there that no line in a scope has. */
  codings(): Iterable<BookedCoding> {
    return this.#codings.values();
  }

  /** The accounts' classes as in force on the last day of a year. */
  classes(year: number): (account: string) => AccountClass | null {
    const settings = this.#reading
      .rows<{ validFrom: string; classes: string }>('SELECT valid_from AS validFrom, classes FROM account_classes ORDER BY valid_from')
      .map(({ validFrom, classes }) => ({ validFrom, classes: JSON.parse(classes) as AccountClass[] }));
    const chart = new Chart(settings);
    return (account) => chart.find(account, `${year}-12-31`);
  }

  /** The unit's name and board as the tree stood on the last day of a period; the board is null above the boards. */
  placed(period: string): (unit: string) => { readonly name: string; readonly board: Scope | null } {
    const { tree } = this.#reading.settle({ year: yearOf(period), through: period }, 'lines');
    return (unit) => {
      let at = tree.find(unit);
      const name = at?.name ?? unit;
      while (at && at.kind !== 'board') at = at.parent === null ? undefined : tree.find(at.parent);
      return { name, board: at ? { unit: at.unit, name: at.name, kind: at.kind } : null };
    };
  }

  /** A unit and everything below it, as the tree stood on the last day of a period · refuses `unit-unknown`. */
  unitsOf(scope: string, period: string): ReadonlySet<string> {
    return new Set(this.#reading.settle({ scope, year: yearOf(period), through: period }, 'lines').units.map(({ unit }) => unit));
  }

  /** Refuses `grant-unknown` where the grant is not registered. */
  demandGrant(grant: string): void {
    if (!this.#reading.row('SELECT 1 FROM grants WHERE grant_code = ?', grant)) refuse('grant-unknown', { grant: grant.slice(0, 40) });
  }

  /** The grant's name on the last day of a period. */
  grantName(grant: string, period: string): string {
    return this.#reading.grantName(grant, lastDayOf(period));
  }

  /** The agency's reference of a decision, or '' where it is not registered. */
  diarienummer(decision: string): string {
    const terms = this.#reading.row<{ terms: string }>(
      'SELECT terms FROM decision_versions WHERE decision = ? ORDER BY valid_from DESC LIMIT 1',
      decision,
    );
    return terms ? (JSON.parse(terms.terms) as Terms).diarienummer : '';
  }

  close(): void {
    this.#db.close();
  }

  #voucher(id: number, within: (coding: BookedCoding) => boolean): BookedVoucher | null {
    const [first, last] = [id * LINE_ROOM, id * LINE_ROOM + LINE_ROOM - 1];
    const rows = this.#reading.rows<LineRow>(
      'SELECT id, coding, ore, counterpart, row FROM lines WHERE id BETWEEN ? AND ? ORDER BY id',
      first,
      last,
    );
    if (rows.length === 0 || !within(this.#codings.get(rows[0]!.coding)!)) return null;
    const found = this.#reading.row<VoucherRow>(
      `SELECT v.ref AS voucher, v.seq, e.recorded_at AS recordedAt, v.act, v.event_date AS eventDate, v.registered, coalesce(v.text, '') AS text, v.counterparty, v.document, v.import
       FROM vouchers v JOIN money_events e ON e.seq = v.seq WHERE v.id = ?`,
      id,
    )!;
    if (this.#uncounted.has(found.import)) return null;
    const texts = this.#lineTexts ? this.#textsOf(first, last) : NO_TEXTS;
    const { import: _, ...voucher } = found;
    const lines = rows.map(({ id: line, coding, ore, counterpart, row }): BookedLine => ({
      ...this.#codings.get(coding)!,
      line: line - first,
      amountOre: ore,
      counterpart,
      text: texts.get(line) ?? '',
      row,
    }));
    return { ...voucher, ref: parseReference(voucher.voucher), lines };
  }

  #textsOf(first: number, last: number): ReadonlyMap<number, string> {
    const rows = this.#reading.rows<{ id: number; text: string }>('SELECT id, text FROM line_texts WHERE id BETWEEN ? AND ?', first, last);
    return rows.length === 0 ? NO_TEXTS : new Map(rows.map(({ id, text }) => [id, text]));
  }
}

const NO_TEXTS: ReadonlyMap<number, string> = new Map();

/** What the references of a series begin with. */
const prefixOf = ({ book, year, series }: BookSeries): string => (book === 'own' ? `own-${year}-` : `${book}-${year}-${series}-`);

/** The first text after all that begin so. */
const after = (prefix: string): string => prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
