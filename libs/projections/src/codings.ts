/**
 * Every combination of grant, decision, unit, account, period, effect and internal that a line has ever had, numbered.
 * There are thousands of them where there are millions of lines, so lines and figures hold the number only.
 */
import type Database from 'better-sqlite3';
import type { Line } from '#ledger';

/** What the coding of a line is made of. */
type Coded = Omit<Line, 'amountOre' | 'counterpart' | 'row'>;

export class Codings {
  /** The numbers, by what a line says beside its account, then by account: no text is kept for each of a quarter of a million. */
  readonly #known = new Map<string, Map<number, number>>();
  readonly #insert: Database.Statement<[number, string, string, string, string, string, string, number]>;
  #next = 1;

  /**
   * @param db the projector's connection; the codings it holds are read at once
   * @param table `codings` for lines; `placings`, the same without the account, for the figures: twenty times fewer to sum
   */
  constructor(
    db: Database.Database,
    readonly table: 'codings' | 'placings',
  ) {
    this.#insert = db.prepare(
      `INSERT INTO ${table} (id, grant_code, decision, unit, account, period, effect, internal) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    type Row = {
      id: number;
      grant: string;
      decision: string;
      unit: string;
      account: string;
      period: string;
      effect: string;
      internal: number;
    };
    const rows = db.prepare<[], Row>(
      `SELECT id, grant_code AS "grant", decision, unit, account, period, effect, internal FROM ${table} ORDER BY id`,
    );
    for (const { id, grant, decision, unit, account, period, effect, internal } of rows.iterate()) {
      this.#accounts(keyOf(grant, decision, unit, period, effect, internal)).set(accountKey(account), id);
      this.#next = id + 1;
    }
  }

  /** The number of a line's coding; made where it is new, inside the caller's transaction. */
  of(line: Coded): number {
    const { effect, unit, period, grant = '', decision = '' } = line;
    const account = this.table === 'codings' ? line.account : '';
    const internal = line.internal ? 1 : 0;
    const accounts = this.#accounts(keyOf(grant, decision, unit, period, effect, internal));
    let id = accounts.get(accountKey(account));
    if (id === undefined) {
      id = this.#next++;
      this.#insert.run(id, grant, decision, unit, account, period, effect, internal);
      accounts.set(accountKey(account), id);
    }
    return id;
  }

  #accounts(key: string): Map<number, number> {
    let accounts = this.#known.get(key);
    if (accounts === undefined) this.#known.set(key, (accounts = new Map<number, number>()));
    return accounts;
  }
}

/** An account is up to ten digits, and `01` is another than `1`. */
const accountKey = (account: string): number => Number(`1${account}`);

const keyOf = (grant: string, decision: string, unit: string, period: string, effect: string, internal: number): string =>
  `${grant}\n${decision}\n${unit}\n${period}\n${effect}${internal}`;
