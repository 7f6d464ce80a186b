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

  clear(): void {
    this.lines = this.debitGiga = this.debitRest = this.creditGiga = this.creditRest = 0;
  }

  plus(other: Turnover): void {
    this.lines += other.lines;
    this.debitGiga += other.debitGiga;
    this.debitRest += other.debitRest;
    this.creditGiga += other.creditGiga;
    this.creditRest += other.creditRest;
  }
}

/** Turnovers by a number from 0, and which of them there are; cleared they keep their room. */
class Sums {
  /** One more than the place of a number's turnover; 0 where it has none. */
  #places = new Uint32Array(1_024);
  readonly #numbers: number[] = [];
  readonly #turnovers: Turnover[] = [];

  at(number: number): Turnover {
    if (number >= this.#places.length) {
      const grown = new Uint32Array(2 * number);
      grown.set(this.#places);
      this.#places = grown;
    }
    let place = this.#places[number]!;
    if (place === 0) {
      place = this.#places[number] = this.#numbers.push(number);
      if (place > this.#turnovers.length) this.#turnovers.push(new Turnover());
    }
    return this.#turnovers[place - 1]!;
  }

  each(take: (number: number, turnover: Turnover) => void): void {
    this.#numbers.forEach((number, place) => take(number, this.#turnovers[place]!));
  }

  clear(): void {
    this.each((number, turnover) => {
      this.#places[number] = 0;
      turnover.clear();
    });
    this.#numbers.length = 0;
  }
}

type Upsert = Database.Statement<[number, number, number, number, number, number, number]>;

export class Turnovers {
  readonly #byCoding: Upsert;
  readonly #byPlacing: Upsert;
  /** What this batch adds, of one import. */
  readonly #added = new Sums();
  readonly #addedToPlacings = new Sums();
  #openedSeq = 0;

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

  /** The lines that are added next are of that import, 0 for none. */
  begin(openedSeq: number): void {
    if (openedSeq !== this.#openedSeq) this.flush();
    this.#openedSeq = openedSeq;
  }

  add(coding: number, ore: number): void {
    this.#added.at(coding).add(ore);
  }

  /** Writes what the batch has added; before its transaction commits. */
  flush(): void {
    this.#added.each((coding, turnover) => {
      write(this.#byCoding, coding, this.#openedSeq, turnover);
      this.#addedToPlacings.at(this.placingOf(coding)).plus(turnover);
    });
    this.#addedToPlacings.each((placing, turnover) => write(this.#byPlacing, placing, this.#openedSeq, turnover));
    this.#added.clear();
    this.#addedToPlacings.clear();
  }

  /** What an abandoned import left behind. */
  forget(openedSeq: number): void {
    this.flush();
    for (const table of ['turnovers', 'placing_turnovers']) this.db.prepare(`DELETE FROM ${table} WHERE import = ?`).run(openedSeq);
  }
}

function write(upsert: Upsert, of: number, openedSeq: number, turnover: Turnover): void {
  const { lines, debitGiga, debitRest, creditGiga, creditRest } = turnover;
  upsert.run(of, openedSeq, lines, debitGiga, debitRest, creditGiga, creditRest);
}
