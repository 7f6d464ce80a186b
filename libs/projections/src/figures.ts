/**
 * The sums: öre per coding and import, and per grant and event the steps that `attribution.ts` walks. First and small, so that
 * tables are right a moment after a post. Money of an import is written as it comes and counts when the import's row says closed.
 */
import type Database from 'better-sqlite3';
import { vouchersOf, type LedgerEvent, type Line, type PartReader } from '#ledger';
import type { Codings } from './codings.js';
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

type Sum = { giga: number; rest: number };
type Sums = Map<number, Sum>;

export class Figures {
  readonly #upsert: Database.Statement<[number, number, number, number]>;
  readonly #step: Database.Statement<[string, number, string]>;
  /** By import, then coding: what this batch adds. */
  readonly #sums = new Map<number, Sums>();
  /** The coding of each of a part's placings. */
  #placed: number[] = [];
  #placings: PartReader['placings'] | null = null;

  constructor(
    db: Database.Database,
    readonly codings: Codings,
  ) {
    this.#upsert = db.prepare(`INSERT INTO figures (coding, import, giga, rest) VALUES (?, ?, ?, ?)
      ON CONFLICT (coding, import) DO UPDATE SET giga = giga + excluded.giga, rest = rest + excluded.rest`);
    this.#step = db.prepare('INSERT INTO steps (grant_code, seq, body) VALUES (?, ?, ?)');
  }

  /** Takes in the lines of an event that is of no import. */
  apply(seq: number, event: LedgerEvent): void {
    const lines = vouchersOf(event).flatMap((voucher) => voucher.lines);
    if (lines.length === 0) return;
    this.#writeSteps(seq, lines);
    this.#add(lines, this.#sumsOf(0));
  }

  /** Takes in a part of an import, or a correction that it brings: its steps are its figures, as of its opening. @param part null where its vouchers are to be taken from the event */
  applyImported(event: LedgerEvent, part: PartReader | null, openedSeq: number): void {
    const sums = this.#sumsOf(openedSeq);
    if (part === null) return this.#add(vouchersOf(event).flatMap(({ lines }) => lines), sums); // prettier-ignore
    if (this.#placings !== part.placings) [this.#placings, this.#placed] = [part.placings, []];
    const { lines, placing, amountOre } = part;
    for (let l = 0; l < lines; l++) {
      const place = placing[l]!;
      const coding = (this.#placed[place] ??= this.codings.of({ ...part.placings.values[place]!, account: '' }));
      add(sums, coding, amountOre[l]!);
    }
  }

  /** Writes what the batch has added; before its transaction commits. */
  flush(): void {
    for (const [openedSeq, sums] of this.#sums) for (const [id, { giga, rest }] of sums) this.#upsert.run(id, openedSeq, giga, rest);
    this.#sums.clear();
  }

  #add(lines: readonly Line[], sums: Sums): void {
    for (const line of lines) add(sums, this.codings.of(line), line.amountOre);
  }

  #sumsOf(openedSeq: number): Sums {
    let sums = this.#sums.get(openedSeq);
    if (sums === undefined) this.#sums.set(openedSeq, (sums = new Map<number, Sum>()));
    return sums;
  }

  #writeSteps(seq: number, lines: readonly Line[]): void {
    const byGrant = new Map<string, Map<string, StoredStep>>();
    for (const { grant, unit, decision = '', period, effect, internal, amountOre } of lines) {
      if (grant === undefined || (effect !== 'cost' && effect !== 'recognised' && effect !== 'both')) continue;
      let steps = byGrant.get(grant);
      if (steps === undefined) byGrant.set(grant, (steps = new Map<string, StoredStep>()));
      const flag = internal ? 1 : 0;
      const key = `${period}\n${unit}\n${decision}\n${effect}${flag}`;
      let step = steps.get(key);
      if (step === undefined) steps.set(key, (step = [period, unit, decision, effect, flag, 0, 0]));
      const rest = amountOre % GIGA;
      step[5] += (amountOre - rest) / GIGA;
      step[6] += rest;
    }
    for (const [grant, steps] of byGrant) this.#step.run(grant, seq, JSON.stringify([...steps.values()]));
  }
}

function add(sums: Sums, coding: number, ore: number): void {
  const rest = ore % GIGA;
  const sum = sums.get(coding);
  if (sum === undefined) sums.set(coding, { giga: (ore - rest) / GIGA, rest });
  else {
    sum.giga += (ore - rest) / GIGA;
    sum.rest += rest;
  }
}
