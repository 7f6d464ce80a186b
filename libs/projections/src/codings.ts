/**
 * Every combination of grant, decision, unit, account, period, effect and internal that a line has ever had, numbered.
 * There are thousands of them where there are millions of lines, so lines and figures hold the number only.
 */
import type Database from 'better-sqlite3';
import type { Effect, Line } from '#ledger';

export type Coding = {
  readonly id: number;
  readonly grant: string;
  readonly decision: string;
  readonly unit: string;
  readonly period: string;
  readonly effect: Effect;
  readonly internal: 0 | 1;
};

export class Codings {
  readonly #known = new Map<string, Coding>();
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
    const rows = db.prepare<[], Coding & { account: string }>(
      `SELECT id, grant_code AS "grant", decision, unit, account, period, effect, internal FROM ${table} ORDER BY id`,
    );
    for (const { account, ...coding } of rows.iterate()) {
      const { grant, decision, unit, period, effect, internal } = coding;
      this.#known.set(keyOf(grant, decision, unit, account, period, effect, internal), coding);
      this.#next = coding.id + 1;
    }
  }

  /** The coding of a line; made where it is new, inside the caller's transaction. */
  of(line: Line): Coding {
    const { effect, unit, period } = line;
    const account = this.table === 'codings' ? line.account : '';
    const grant = line.grant ?? '';
    const decision = line.decision ?? '';
    const internal = line.internal ? 1 : 0;
    const key = keyOf(grant, decision, unit, account, period, effect, internal);
    let coding = this.#known.get(key);
    if (coding === undefined) {
      const id = this.#next++;
      this.#insert.run(id, grant, decision, unit, account, period, effect, internal);
      coding = { id, grant, decision, unit, period, effect, internal };
      this.#known.set(key, coding);
    }
    return coding;
  }
}

const keyOf = (grant: string, decision: string, unit: string, account: string, period: string, effect: string, internal: number): string =>
  `${grant}\n${decision}\n${unit}\n${account}\n${period}\n${effect}${internal}`;
