/**
 * What every answer needs: the connection with its prepared statements, the scope and time of a question settled, and the sums
 * with their sign turned. The sign turns in {@link Sum} and nowhere else.
 */
import type Database from 'better-sqlite3';
import { lastDayOf, period as checkedPeriod, refuse, yearOf, type Effect } from '#ledger';
import type { Asked, Figures, Standing } from './answer-shapes.js';
import { fact } from './schema.js';
import { notTied } from './ties.js';
import { UnitTree, type UnitNode, type UnitVersion } from './unit-tree.js';

type Value = string | number | bigint | null;
/** A question settled: what the answer says of itself, and what it is counted over. */
export type Settled = {
  readonly standing: Standing;
  readonly tree: UnitTree;
  readonly units: readonly UnitNode[];
  readonly isRegion: boolean;
  readonly lastDay: string;
};

/** The condition on `c` (codings) and its values: period and scope. */
export type Over = { readonly sql: string; readonly values: readonly Value[] };

/** Money that counts: not of an import, or of one that is closed. */
export const COUNTS = '(f.import = 0 OR f.import IN (SELECT opened_seq FROM imports WHERE counted = 1))';

export class Reading {
  readonly #prepared = new Map<string, Database.Statement<Value[]>>();

  constructor(readonly db: Database.Database) {}

  /** All rows; integers come as numbers. */
  rows<R>(sql: string, ...values: readonly Value[]): R[] {
    return this.#prepare(sql).all(...values) as R[];
  }

  /** All rows of sums; every integer comes as bigint. */
  sums<R>(sql: string, ...values: readonly Value[]): R[] {
    return this.#prepare(`${sql} /* sums */`)
      .safeIntegers(true)
      .all(...values) as R[];
  }

  /** The rows one by one, as lists of their columns; integers come as numbers. */
  each<R>(sql: string, ...values: readonly Value[]): IterableIterator<R> {
    return this.#prepare(`${sql} /* each */`)
      .raw(true)
      .iterate(...values) as IterableIterator<R>;
  }

  row<R>(sql: string, ...values: readonly Value[]): R | undefined {
    return this.#prepare(sql).get(...values) as R | undefined;
  }

  /** How far the figures, or the lines, have come. */
  position(group: 'figures' | 'lines'): number {
    return this.row<{ seq: number }>('SELECT seq FROM positions WHERE projection = ?', group)?.seq ?? -1;
  }

  fact(name: string): string {
    return fact(this.db, name);
  }

  get demo(): boolean {
    return this.fact('demo') === 'yes';
  }

  /** Years with lines that count, oldest first. */
  years(): number[] {
    return this.rows<{ year: number }>(
      `SELECT DISTINCT CAST(substr(c.period, 1, 4) AS INTEGER) AS year FROM placings c WHERE EXISTS (SELECT 1 FROM figures f WHERE f.coding = c.id AND ${COUNTS}) ORDER BY 1`,
    ).map(({ year }) => year);
  }

  /**
   * The year that a question is about where none is named: the latest with lines that count and that has begun, as of the last event's day in
   * the ledger's time zone, so that a line in a far-off year moves no report; where all lie ahead the first, where there are none that day's.
   */
  year(): number {
    const { timeZone, recordedAt } = { timeZone: this.fact('timeZone'), recordedAt: this.fact('recordedAt') };
    const begun = recordedAt ? Number(new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' }).format(new Date(recordedAt))) : 1900;
    const years = this.years();
    return years.findLast((year) => year <= begun) ?? years[0] ?? begun;
  }

  /** The question with everything left out filled in · refuses `year-malformed`, `period-malformed`, `period-outside-year`, `unit-unknown`. */
  settle(asked: Asked, group: 'figures' | 'lines' = 'figures'): Settled {
    for (const text of [asked.fromPeriod, asked.through]) if (text !== undefined) checkedPeriod(text);
    const named = asked.through ?? asked.fromPeriod;
    const year = asked.year ?? (named === undefined ? this.year() : yearOf(named));
    if (!Number.isInteger(year) || year < 1900 || year > 9999) refuse('year-malformed', { year: String(year).slice(0, 40) });
    const { through = `${year}-16`, fromPeriod = `${year}-01` } = asked;
    for (const text of [fromPeriod, through]) if (yearOf(text) !== year) refuse('period-outside-year', { period: text, year });
    const lastDay = lastDayOf(through);
    const root = this.fact('region');
    const tree = new UnitTree(
      this.rows<UnitVersion>('SELECT unit, valid_from AS validFrom, name, kind, parent FROM unit_versions ORDER BY unit, valid_from'),
      root,
      lastDay,
    );
    const scope = tree.find(asked.scope ?? root) ?? refuse('unit-unknown', { unit: (asked.scope ?? root).slice(0, 40) });
    const { unit, name, kind } = scope;
    return {
      standing: {
        seq: this.position(group),
        scope: { unit, name, kind },
        year,
        fromPeriod,
        through,
        demo: this.demo,
        notTied: notTied(this, fromPeriod, through),
      },
      tree,
      units: tree.from(unit),
      isRegion: unit === root,
      lastDay,
    };
  }

  /** The codings of a settled question. The whole region is every line, whatever its unit. */
  over({ standing, units, isRegion }: Settled): Over {
    const periods = 'c.period BETWEEN ? AND ?';
    const { fromPeriod, through } = standing;
    if (isRegion) return { sql: periods, values: [fromPeriod, through] };
    return {
      sql: `${periods} AND c.unit IN (SELECT value FROM json_each(?))`,
      values: [fromPeriod, through, JSON.stringify(units.map(({ unit }) => unit))],
    };
  }

  /** A person's name, as long as it is kept. */
  personName(person: string): string | null {
    return this.row<{ name: string | null }>('SELECT name FROM persons WHERE person = ?', person)?.name ?? null;
  }

  /** A grant's name on a day; before its first day the first. */
  grantName(grant: string, day: string): string {
    const names = this.rows<{ validFrom: string; name: string }>(
      'SELECT valid_from AS validFrom, name FROM grant_names WHERE grant_code = ? ORDER BY valid_from',
      grant,
    );
    return (names.findLast(({ validFrom }) => validFrom <= day) ?? names[0])?.name ?? '';
  }

  #prepare(sql: string): Database.Statement<Value[]> {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) this.#prepared.set(sql, (statement = this.db.prepare<Value[]>(sql)));
    return statement;
  }
}

/** The separate figures, gathered from stored öre (debit +) and given with the sign turned (income and money in +, costs and money out −). */
export class Sum {
  #received = 0n;
  #recognised = 0n;
  #reallocated = 0n;
  #cost = 0n;
  #repaid = 0n;

  /** @param ore as stored, debit + */
  add(effect: Effect, ore: bigint): void {
    switch (effect) {
      case 'both':
        this.#received -= ore;
        this.#recognised -= ore;
        return;
      case 'received':
        this.#received -= ore;
        return;
      case 'recognised':
        this.#recognised -= ore;
        return;
      case 'reallocated':
        this.#reallocated -= ore;
        return;
      case 'cost':
        this.#cost -= ore;
        return;
      case 'repaid':
        this.#repaid -= ore;
        return;
      case 'none':
        return;
    }
  }

  get figures(): Figures {
    const income = this.#recognised + this.#reallocated;
    return {
      receivedOre: this.#received,
      recognisedOre: this.#recognised,
      reallocatedOre: this.#reallocated,
      incomeOre: income,
      costOre: this.#cost,
      repaidOre: this.#repaid,
      netOre: income + this.#cost,
    };
  }
}

/** Figures field by field: a + sign × b. */
export function plus(a: Figures, b: Figures, sign: 1n | -1n = 1n): Figures {
  return {
    receivedOre: a.receivedOre + sign * b.receivedOre,
    recognisedOre: a.recognisedOre + sign * b.recognisedOre,
    reallocatedOre: a.reallocatedOre + sign * b.reallocatedOre,
    incomeOre: a.incomeOre + sign * b.incomeOre,
    costOre: a.costOre + sign * b.costOre,
    repaidOre: a.repaidOre + sign * b.repaidOre,
    netOre: a.netOre + sign * b.netOre,
  };
}

export const NO_FIGURES: Figures = new Sum().figures;

/** Whether any of the figures is other than zero. */
export const moves = (figures: Figures): boolean =>
  figures.receivedOre !== 0n ||
  figures.recognisedOre !== 0n ||
  figures.reallocatedOre !== 0n ||
  figures.costOre !== 0n ||
  figures.repaidOre !== 0n;

/** The value that a map holds for a key, made where it is missing. */
export function held<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
