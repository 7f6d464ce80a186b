/**
 * Rows on their way into one table: many are inserted by one statement, since of what a row costs a fifth is the statement's. They are
 * there for others to read after `flush`, at the latest before the transaction commits. Used by lines.ts.
 */
import type Database from 'better-sqlite3';

type Value = string | number | null;

/** More than this gained nothing. */
const TOGETHER = 32;

export class Rows {
  readonly #many: Database.Statement<Value[]>;
  readonly #one: Database.Statement<Value[]>;
  /** The rows' values, one row after another. */
  readonly #values: Value[];
  readonly #width: number;
  #waiting = 0;

  /** @param columns of the table, in the order in which `add` gets their values; the others stay null */
  constructor(db: Database.Database, table: string, columns: readonly string[]) {
    const row = `(${columns.map(() => '?').join(', ')})`;
    const insert = `INSERT INTO ${table} (${columns.join(', ')}) VALUES `;
    this.#many = db.prepare<Value[]>(insert + Array<string>(TOGETHER).fill(row).join(', '));
    this.#one = db.prepare<Value[]>(insert + row);
    this.#values = Array<Value>(TOGETHER * columns.length).fill(null);
    this.#width = columns.length;
  }

  add(row: readonly Value[]): void {
    let at = this.#waiting * this.#width;
    for (let i = 0; i < this.#width; i++) this.#values[at++] = row[i]!;
    this.#waiting += 1;
    if (this.#waiting < TOGETHER) return;
    this.#waiting = 0;
    this.#many.run(...this.#values);
  }

  flush(): void {
    for (let row = 0; row < this.#waiting; row++) this.#one.run(...this.#values.slice(row * this.#width, (row + 1) * this.#width));
    this.#waiting = 0;
  }
}
