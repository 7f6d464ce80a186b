/**
 * Every combination of grant, decision, unit, account, period, effect and internal that a line has ever had, numbered.
 * There are thousands of them where there are millions of lines, so lines and figures hold the number only.
 */
import type Database from 'better-sqlite3';
import type { Line } from '#ledger';

/** What the coding of a line is made of. */
type Coded = Omit<Line, 'amountOre' | 'counterpart' | 'row'>;

export class Codings {
  /** Numbers only: there may be hundreds of thousands. */
  readonly #known = new Map<string, number>();
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
      this.#known.set(keyOf(grant, decision, unit, account, period, effect, internal), id);
      this.#next = id + 1;
    }
  }

  /** The number of a line's coding; made where it is new, inside the caller's transaction. */
  of(line: Coded): number {
    const { effect, unit, period } = line;
    const account = this.table === 'codings' ? line.account : '';
    const grant = line.grant ?? '';
    const decision = line.decision ?? '';
    const internal = line.internal ? 1 : 0;
    const key = keyOf(grant, decision, unit, account, period, effect, internal);
    let id = this.#known.get(key);
    if (id === undefined) {
      id = this.#next++;
      this.#insert.run(id, grant, decision, unit, account, period, effect, internal);
      this.#known.set(key, id);
    }
    return id;
  }
}

const keyOf = (grant: string, decision: string, unit: string, account: string, period: string, effect: string, internal: number): string =>
  `${grant}\n${decision}\n${unit}\n${account}\n${period}\n${effect}${internal}`;
