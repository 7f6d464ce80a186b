/**
 * The answers of a ledger, from its read models on a read-only connection of their own; the doors ask, one instance per
 * process. Every answer is read in one transaction, so that it is true at exactly the `seq` it names. Money has its sign
 * turned here and nowhere else: income and money in +, costs and money out −.
 */
import type { Reference } from '#ledger';
import type * as A from './answer-shapes.js';

export class Answers {
  /** @param file the read models, which a projection has opened before (see `startProjection`) */
  constructor(readonly file: string) {}

  /** The ledger itself and how far the answers have come. */
  ledger(): A.LedgerEntry { throw new Error('unanswered'); }
  /** Per grant, and per decision inside: all figures and the verdict. Refuses `unit-unknown`, `period-malformed`, `year-malformed`. */
  net(_asked: A.Asked = {}): A.Net { throw new Error('unanswered'); }
  /** The unit tree with figures, each unit alone and with what lies below. */
  units(_asked: A.Asked & { readonly grant?: string } = {}): A.Units { throw new Error('unanswered'); }
  /** Period by period, and cumulatively. */
  periods(_asked: A.Asked & { readonly grant?: string } = {}): A.Periods { throw new Error('unanswered'); }
  /** The verdict of each grant, towards the state and in the scope, with its reason. */
  neutrality(_asked: A.Asked = {}): A.Neutrality { throw new Error('unanswered'); }
  /** The general ledger: grant, account, unit, period, seq. */
  ledgerLines(_asked: A.LinesAsked = {}): A.LedgerLines { throw new Error('unanswered'); }
  /** Income and cost lines that stand without a grant code, as {@link ledgerLines}; what recodings have moved away nets to zero. */
  withoutGrantCode(_asked: A.LinesAsked = {}): A.LedgerLines { throw new Error('unanswered'); }
  /** The journal, from a place on: `seq` and index within the event. */
  journal(_asked: { readonly fromSeq?: number; readonly fromIndex?: number; readonly limit?: number } = {}): A.JournalAnswer { throw new Error('unanswered'); }
  /** Whether journal, general ledger and figures hold the same money (R5). */
  completeness(): A.Completeness { throw new Error('unanswered'); }
  /** Everything about a voucher. Refuses `voucher-unknown`. */
  voucher(_ref: Reference | string): A.VoucherAnswer { throw new Error('unanswered'); }
  unallotted(_asked: { readonly year: number }): A.Unallotted { throw new Error('unanswered'); }
  grants(): A.Listed<A.GrantEntry> { throw new Error('unanswered'); }
  decisions(): A.Listed<A.DecisionEntry> { throw new Error('unanswered'); }
  unitRegister(): A.Listed<A.UnitEntry> { throw new Error('unanswered'); }
  periodRegister(): A.Listed<A.PeriodEntry> { throw new Error('unanswered'); }
  imports(): A.Listed<A.ImportEntry> { throw new Error('unanswered'); }
  findings(_asked: { readonly import?: string; readonly limit?: number } = {}): A.Listed<A.FindingEntry> { throw new Error('unanswered'); }
  persons(): A.Listed<A.PersonEntry> { throw new Error('unanswered'); }
  close(): void {}
}
