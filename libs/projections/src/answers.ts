/**
 * The answers of a ledger, from its read models on a read-only connection of their own; the doors ask, one instance per
 * process. Every answer is read in one transaction, so that it is true at exactly the `seq` it names. Money has its sign
 * turned here and nowhere else: income and money in +, costs and money out −.
 */
import type Database from 'better-sqlite3';
import type { Reference } from '#ledger';
import type * as A from './answer-shapes.js';
import { Books } from './books.js';
import type * as I from './import-shapes.js';
import { LineAnswers } from './line-answers.js';
import { NetAnswers } from './net-answers.js';
import { Reading } from './reading.js';
import { RegisterAnswers } from './register-answers.js';
import { openReadModelsForReading } from './schema.js';
import { TieAnswers } from './ties.js';
import { UncodedAnswers } from './uncoded-answers.js';
import { VoucherAnswers } from './voucher-answers.js';

/** What a connection that reads everything once keeps of it. */
const SLICES = { cacheKiB: 4_096, mappedBytes: 0 };

export class Answers {
  readonly #db: Database.Database;
  /** Reads every line once, and so must not fill the memory of the other with them. */
  #slices: Reading | null = null;
  readonly #nets: NetAnswers;
  readonly #lines: LineAnswers;
  readonly #uncoded: UncodedAnswers;
  readonly #ties: TieAnswers;
  readonly #vouchers: VoucherAnswers;
  readonly #register: RegisterAnswers;

  /** @param file the read models, which a projection has opened before: see `startProjection` */
  constructor(readonly file: string) {
    this.#db = openReadModelsForReading(file);
    const reading = new Reading(this.#db);
    this.#nets = new NetAnswers(reading);
    this.#lines = new LineAnswers(reading);
    this.#uncoded = new UncodedAnswers(reading, this.#lines);
    this.#ties = new TieAnswers(reading, this.#lines);
    this.#vouchers = new VoucherAnswers(reading);
    this.#register = new RegisterAnswers(reading);
  }

  /** The ledger itself and how far the answers have come. */
  ledger(): A.LedgerEntry {
    return this.#once(() => this.#register.ledger());
  }

  /** Per grant, and per decision inside: all figures and the verdict. Refuses `unit-unknown`, `year-malformed`, `period-malformed`, `period-outside-year`; so do all questions with a scope. */
  net(asked: A.Asked = {}): A.Net {
    return this.#once(() => this.#nets.net(asked));
  }

  /** The unit tree with figures, each unit alone and with what lies below. Refuses `grant-unknown`. */
  units(asked: A.Asked & { readonly grant?: string } = {}): A.Units {
    return this.#once(() => this.#nets.units(asked));
  }

  /** Period by period, and cumulatively. Refuses `grant-unknown`. */
  periods(asked: A.Asked & { readonly grant?: string } = {}): A.Periods {
    return this.#once(() => this.#nets.periods(asked));
  }

  /** The verdict of each grant, towards the state and in the scope, with its reason (R15). */
  neutrality(asked: A.Asked = {}): A.Neutrality {
    return this.#once(() => this.#nets.neutrality(asked));
  }

  /** The general ledger: grant, account, unit, period, seq. */
  ledgerLines(asked: A.LinesAsked = {}): A.LedgerLines {
    return this.#once(() => this.#lines.ledgerLines(asked));
  }

  /** Income and cost lines that still hold money without a grant code ("saknar bidragskod"), those with a hint first. */
  withoutGrantCode(asked: A.LinesAsked = {}): A.WithoutGrantCode {
    return this.#once(() => this.#uncoded.withoutGrantCode(asked));
  }

  /**
   * Takes a slice, of some ms, of the lines that {@link withoutGrantCode} remembers; else that answer takes all that are missing at once,
   * seconds of them in a great ledger. @returns whether there are more
   */
  takeLines(): boolean {
    const reading = (this.#slices ??= new Reading(openReadModelsForReading(this.file, SLICES)));
    const more = reading.db.transaction(() => this.#uncoded.take(reading))();
    if (!more) this.#endSlices();
    return more;
  }

  /** The journal, from a place on: `fromSeq` and the index within that event. */
  journal(asked: { readonly fromSeq?: number; readonly fromIndex?: number; readonly limit?: number } = {}): A.JournalAnswer {
    return this.#once(() => this.#lines.journal(asked));
  }

  /** Whether journal, general ledger and figures hold the same money (R5). */
  completeness(): A.Completeness {
    const counting = this.countCompleteness();
    for (let step = counting.next(); ; step = counting.next()) if (step.done) return step.value;
  }

  /** The same a slice at a time, of some ms each, in one read transaction on a connection of its own: a great ledger takes seconds. */
  *countCompleteness(): Generator<void, A.Completeness> {
    const reading = new Reading(openReadModelsForReading(this.file, SLICES));
    try {
      reading.db.exec('BEGIN');
      return yield* new LineAnswers(reading).completeness();
    } finally {
      reading.db.close();
    }
  }

  /** Everything about a voucher. Refuses `voucher-unknown`, `voucher-reference-malformed`. */
  voucher(ref: Reference | string): A.VoucherAnswer {
    return this.#once(() => this.#vouchers.voucher(ref));
  }

  /** What the decisions of a grant year have left to allot, as things stand now (R43). */
  unallotted({ year }: { readonly year: number }): A.Unallotted {
    return this.#once(() => this.#nets.unallotted(year));
  }

  grants(): A.Listed<A.GrantEntry> {
    return this.#once(() => this.#register.grants());
  }

  decisions(): A.Listed<A.DecisionEntry> {
    return this.#once(() => this.#register.decisions());
  }

  unitRegister(): A.Listed<A.UnitEntry> {
    return this.#once(() => this.#register.units());
  }

  /** Periods, closed or open, with who closed and reopened them, when and why (R8). */
  periodRegister(): A.Listed<A.PeriodEntry> {
    return this.#once(() => this.#register.periods());
  }

  imports(): A.Listed<I.ImportEntry> {
    return this.#once(() => this.#register.imports());
  }

  /** A selection against the ERP's control totals, with the lines behind each difference (R42). Refuses `import-unknown`, `import-not-selection`. */
  ties(asked: { readonly import: string }): I.Ties {
    return this.#once(() => this.#ties.ties(asked));
  }

  findings(asked: I.FindingsAsked = {}): I.Findings {
    return this.#once(() => this.#register.findings(asked));
  }

  profiles(): A.Listed<I.ProfileEntry> {
    return this.#once(() => this.#register.profiles());
  }

  hintRules(): A.Listed<I.HintRuleEntry> {
    return this.#once(() => this.#register.hintRules());
  }

  persons(): A.Listed<A.PersonEntry> {
    return this.#once(() => this.#register.persons());
  }

  /** The books as they stand now, to be streamed; whoever asks closes them. */
  books(): Books {
    return new Books(this.file);
  }

  close(): void {
    this.#endSlices();
    this.#db.close();
  }

  #endSlices(): void {
    this.#slices?.db.close();
    this.#slices = null;
  }

  /** In one read transaction: the projector may be at work. */
  #once<T>(answer: () => T): T {
    return this.#db.transaction(answer)();
  }
}
