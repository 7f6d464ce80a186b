/**
 * How many lines there are and what they sum to, debit and credit apart, per coding and import and per placing and import: so that no
 * total has to look at every line. Kept by lines.ts in the same transaction as its lines; counts when the import is closed.
 */
import type Database from 'better-sqlite3';
import { GIGA } from './schema.js';

/** Lines and their sums, in the two parts that sums are kept in. */
export class Turnover {
  lines = 0;
  debitGiga = 0;
  debitRest = 0;
  creditGiga = 0;
  creditRest = 0;

  add(ore: number): void {
    this.lines += 1;
    const rest = ore % GIGA;
    if (ore > 0) {
      this.debitGiga += (ore - rest) / GIGA;
      this.debitRest += rest;
    } else {
      this.creditGiga += (ore - rest) / GIGA;
      this.creditRest += rest;
    }
  }

  plus(other: Turnover): void {
    this.lines += other.lines;
    this.debitGiga += other.debitGiga;
    this.debitRest += other.debitRest;
    this.creditGiga += other.creditGiga;
    this.creditRest += other.creditRest;
  }
}

type Upsert = Database.Statement<[number, number, number, number, number, number, number]>;
type OfImport = Map<number, Turnover>;

export class Turnovers {
  readonly #byCoding: Upsert;
  readonly #byPlacing: Upsert;
  /** By import, then coding: what this batch adds. */
  readonly #added = new Map<number, OfImport>();

  /** @param placingOf the placing of a coding that lines were added to */
  constructor(
    private readonly db: Database.Database,
    private readonly placingOf: (coding: number) => number,
  ) {
    const upsert = (table: string, of: string): Upsert =>
      db.prepare(`INSERT INTO ${table} (${of}, import, lines, debit_giga, debit_rest, credit_giga, credit_rest) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (${of}, import) DO UPDATE SET lines = lines + excluded.lines, debit_giga = debit_giga + excluded.debit_giga,
          debit_rest = debit_rest + excluded.debit_rest, credit_giga = credit_giga + excluded.credit_giga, credit_rest = credit_rest + excluded.credit_rest`);
    this.#byCoding = upsert('turnovers', 'coding');
    this.#byPlacing = upsert('placing_turnovers', 'placing');
  }

  /** What adds a line to its import's. */
  of(openedSeq: number): (coding: number, ore: number) => void {
    let added = this.#added.get(openedSeq);
    if (added === undefined) this.#added.set(openedSeq, (added = new Map<number, Turnover>()));
    return (coding, ore) => {
      let turnover = added.get(coding);
      if (turnover === undefined) added.set(coding, (turnover = new Turnover()));
      turnover.add(ore);
    };
  }

  /** Writes what the batch has added; before its transaction commits. */
  flush(): void {
    for (const [openedSeq, added] of this.#added) {
      const byPlacing = new Map<number, Turnover>();
      for (const [coding, turnover] of added) {
        write(this.#byCoding, coding, openedSeq, turnover);
        const placing = this.placingOf(coding);
        const sum = byPlacing.get(placing);
        if (sum) sum.plus(turnover);
        else byPlacing.set(placing, turnover);
      }
      for (const [placing, turnover] of byPlacing) write(this.#byPlacing, placing, openedSeq, turnover);
    }
    this.#added.clear();
  }

  /** What an abandoned import left behind. */
  forget(openedSeq: number): void {
    this.#added.delete(openedSeq);
    for (const table of ['turnovers', 'placing_turnovers']) this.db.prepare(`DELETE FROM ${table} WHERE import = ?`).run(openedSeq);
  }
}

function write(upsert: Upsert, of: number, openedSeq: number, turnover: Turnover): void {
  const { lines, debitGiga, debitRest, creditGiga, creditRest } = turnover;
  upsert.run(of, openedSeq, lines, debitGiga, debitRest, creditGiga, creditRest);
}
