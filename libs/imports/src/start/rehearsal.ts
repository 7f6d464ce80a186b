/**
 * Tries commands on the state as it is, each on what the ones before it lead to, and takes everything back: the log takes commands one at
 * a time, so that all of them would go through must be known before the first is sent. Nothing is stored.
 */
import { randomUUID } from 'node:crypto';
import {
  canonical,
  ledgerDecider,
  Refusal,
  type Command,
  type Json,
  type Ledger,
  type LedgerEvent,
  type Recorded,
  type Warning,
} from '#ledger';

/** What a command would lead to: its no, or what it would warn of. */
export type Tried = { readonly refusal: Refusal } | { readonly warnings: readonly Warning[] };

/**
 * @param ledger durable as it stands, within one `look`; it is as it was when this returns
 * @param commands none that needs a stored voucher
 */
export function rehearse(ledger: Ledger, commands: readonly Command[]): Tried[] {
  const mark = ledger.journal.mark();
  try {
    return commands.map((command) => {
      try {
        const events = ledgerDecider.decide(command, ledger);
        for (const event of events) ledger.evolve(unstored(event, ledger));
        return { warnings: events.flatMap((event) => ('warnings' in event.data ? (event.data.warnings ?? []) : [])) };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { refusal: error };
      }
    });
  } finally {
    ledger.journal.undoTo(mark);
  }
}

/** The event as it would come back from the log next. */
function unstored(event: LedgerEvent, { seq, facts: { ledgerId, recordedAt } }: Ledger): Recorded {
  const by = {
    actor: '',
    role: '',
    proposedBy: '',
    approvedBy: null,
    policy: '',
    command: '',
    inputHash: '',
    cause: null,
    program: '',
    source: '',
    annexHash: null,
  };
  const head = { v: event.v, ledgerId, seq: seq + 1, id: randomUUID(), recordedAt, ...by };
  return { head, event: JSON.parse(canonical(event as unknown as Json)) as LedgerEvent };
}
