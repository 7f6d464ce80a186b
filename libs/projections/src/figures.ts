/**
 * The sums: öre per coding and import, and per grant and event the steps that `attribution.ts` walks. First and small, so that
 * tables are right a moment after a post. Money of an import is written as it comes and counts when the import's row says closed.
 */
import type Database from 'better-sqlite3';
import { vouchersOf, type LedgerEvent } from '#ledger';
import type { Coding, Codings } from './codings.js';
import { GIGA } from './schema.js';

/** A step as stored: period, unit, decision or '', effect, internal, giga, rest; debit + as the lines. */
export type StoredStep = [
  period: string,
  unit: string,
  decision: string,
  effect: 'recognised' | 'both' | 'cost',
  internal: 0 | 1,
  giga: number,
  rest: number,
];

type Sum = { readonly coding: Coding; giga: number; rest: number };

export class Figures {
  readonly #upsert: Database.Statement<[number, number, number, number]>;
  readonly #step: Database.Statement<[string, number, string]>;
  /** By import, then coding: what this batch adds. */
  readonly #sums = new Map<number, Map<number, Sum>>();

  constructor(
    db: Database.Database,
    readonly codings: Codings,
  ) {
    this.#upsert = db.prepare(`INSERT INTO figures (coding, import, giga, rest) VALUES (?, ?, ?, ?)
      ON CONFLICT (coding, import) DO UPDATE SET giga = giga + excluded.giga, rest = rest + excluded.rest`);
    this.#step = db.prepare('INSERT INTO steps (grant_code, seq, body) VALUES (?, ?, ?)');
  }

  /** Takes in the lines of an event. @param openedSeq the seq that its import was opened at, 0 where it is of none */
  apply(seq: number, event: LedgerEvent, openedSeq: number): void {
    const own = new Map<number, Sum>();
    for (const { lines } of vouchersOf(event))
      for (const line of lines) {
        const coding = this.codings.of(line);
        const { amountOre } = line;
        const rest = amountOre % GIGA;
        const sum = own.get(coding.id);
        if (sum === undefined) own.set(coding.id, { coding, giga: (amountOre - rest) / GIGA, rest });
        else {
          sum.giga += (amountOre - rest) / GIGA;
          sum.rest += rest;
        }
      }
    if (own.size === 0) return;
    // an import is one act: its steps are its figures, as of its opening
    if (openedSeq === 0) this.#writeSteps(seq, own);
    let sums = this.#sums.get(openedSeq);
    if (sums === undefined) this.#sums.set(openedSeq, (sums = new Map<number, Sum>()));
    for (const [id, sum] of own) {
      const before = sums.get(id);
      if (before === undefined) sums.set(id, sum);
      else {
        before.giga += sum.giga;
        before.rest += sum.rest;
      }
    }
  }

  /** Writes what the batch has added; before its transaction commits. */
  flush(): void {
    for (const [openedSeq, sums] of this.#sums) for (const [id, { giga, rest }] of sums) this.#upsert.run(id, openedSeq, giga, rest);
    this.#sums.clear();
  }

  #writeSteps(seq: number, sums: ReadonlyMap<number, Sum>): void {
    const byGrant = new Map<string, Map<string, StoredStep>>();
    for (const { coding, giga, rest } of sums.values()) {
      const { grant, unit, decision, period, effect, internal } = coding;
      if (grant === '' || (effect !== 'cost' && effect !== 'recognised' && effect !== 'both')) continue;
      let steps = byGrant.get(grant);
      if (steps === undefined) byGrant.set(grant, (steps = new Map<string, StoredStep>()));
      const key = `${period}\n${unit}\n${decision}\n${effect}${internal}`;
      const step = steps.get(key);
      if (step === undefined) steps.set(key, [period, unit, decision, effect, internal, giga, rest]);
      else {
        step[5] += giga;
        step[6] += rest;
      }
    }
    for (const [grant, steps] of byGrant) this.#step.run(grant, seq, JSON.stringify([...steps.values()]));
  }
}
