/**
 * From events to the bytes that are stored: who, when, by which command and program, with ids that the same command gives
 * again on any store. Used by ledger-commands.ts alone; the clock and the randomness are handed in.
 */
import { hash } from 'node:crypto';
import { annexBytes, eventId, headBytes, hex, type Head, type Json, type LedgerEvent } from '#ledger';
import type { SequencedRecord } from './port.js';

/** SHA-256 of bytes. */
export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');
const sha256Hex = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/** What the events of one command have in common. */
export interface CommandFacts {
  readonly ledgerId: string;
  readonly actor: string;
  readonly role: string;
  /** The idempotency key. */
  readonly command: string;
  readonly inputHash: string;
  readonly source: string;
}

export interface Sources {
  /** UTC in ms. */
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Name and version, as each event keeps it. */
  readonly program: string;
}

/** The policy in force until approval by two persons is set up: one person proposes and posts. */
const POLICY = 'single-person';

/**
 * The records of a command's events from `seq` on, never earlier than the last event.
 * @param lastRecordedAt UTC with ms, or empty before the first event
 */
export function recordsOf(
  events: readonly LedgerEvent[],
  facts: CommandFacts,
  seq: number,
  lastRecordedAt: string,
  { clock, random, program }: Sources,
): SequencedRecord[] {
  const now = new Date(clock()).toISOString();
  const recordedAt = now > lastRecordedAt ? now : lastRecordedAt;
  return events.map((event, index) => {
    const annex = event.annex === undefined ? null : annexBytes(event.annex as { [field: string]: Json }, hex(random(16)));
    const head: Head = {
      v: event.v,
      ledgerId: facts.ledgerId,
      seq: seq + index,
      id: eventId(facts.ledgerId, facts.actor, facts.command, index, sha256),
      type: event.type,
      recordedAt,
      actor: facts.actor,
      role: facts.role,
      proposedBy: facts.actor,
      approvedBy: null,
      policy: POLICY,
      command: facts.command,
      inputHash: facts.inputHash,
      cause: null,
      program,
      source: facts.source,
      data: event.data as Json,
      annexHash: annex && sha256Hex(annex),
    };
    return { seq: seq + index, head: headBytes(head), annex };
  });
}
