/**
 * The objects that files gave their lines, as JSON: each list of them is stored once and numbered, and lines hold the number. They are many
 * times fewer than lines, and longer than all else that is stored of one. Used by lines.ts.
 */
import type Database from 'better-sqlite3';

/** So many are remembered; the others are looked up. */
const REMEMBERED = 1 << 15;

export class ObjectLists {
  readonly #find: Database.Statement<[string], number>;
  readonly #insert: Database.Statement<[string]>;
  readonly #known = new Map<string, number>();

  constructor(db: Database.Database) {
    this.#find = db.prepare<[string], number>('SELECT id FROM object_lists WHERE objects = ?').pluck();
    this.#insert = db.prepare('INSERT INTO object_lists (objects) VALUES (?)');
  }

  /** The number of a list of objects; made where it is new, inside the caller's transaction. */
  of(objects: readonly (readonly [dimension: string, object: string])[]): number {
    const text = JSON.stringify(objects);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const id = this.#find.get(text) ?? Number(this.#insert.run(text).lastInsertRowid);
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(text, id);
    return id;
  }
}
