/**
 * From events to the bytes that are stored: who, when, by which command and program, with ids that the same command gives
 * again on any store. Used by ledger-commands.ts alone; the clock and the randomness are handed in.
 */
import { createHash, hash } from 'node:crypto';
import {
  annexBytes,
  EVENT_BYTES,
  eventBytes,
  eventId,
  headBytes,
  hex,
  inputHash,
  readRecord,
  refuse,
  storedData,
  vouchersOf,
  type Command,
  type Head,
  type Json,
  type LedgerEvent,
  type Recorded,
} from '#ledger';
import type { SequencedRecord } from './port.js';

/** SHA-256 of bytes. */
export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');
/** SHA-256 of bytes, whole or in pieces, or of a text's UTF-8, in hex. */
export function sha256Hex(data: Uint8Array | readonly Uint8Array[] | string): string {
  if (typeof data === 'string' || ArrayBuffer.isView(data)) return hash('sha256', data, 'hex');
  if (data.length === 1) return hash('sha256', data[0]!, 'hex');
  const digest = createHash('sha256');
  for (const piece of data) digest.update(piece);
  return digest.digest('hex');
}
/** A text's UTF-8, quicker than TextEncoder. */
export const utf8 = (text: string): Uint8Array => Buffer.from(text);

/** A record to be stored, and the event as whoever reads the record will read it. */
export type Written = SequencedRecord & { readonly recorded: Recorded };

/** What the events of one command have in common. */
export interface CommandFacts {
  readonly ledgerId: string;
  readonly actor: string;
  /** Whether the actor acts for the first time, so that a `PersonAdded` goes with it. */
  readonly introduces: boolean;
  readonly role: string;
  /** The idempotency key. */
  readonly command: string;
  /** The id that {@link eventId} gives the first of them. */
  readonly firstId: string;
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
 * The records of a command's events from `seq` on · refuses `event-too-large`.
 * @param recordedAt UTC with ms, never earlier than the last event's
 */
export function recordsOf(
  events: readonly LedgerEvent[],
  facts: CommandFacts,
  seq: number,
  recordedAt: string,
  { random, program }: Sources,
): Written[] {
  return events.map((event, index) => {
    const annex = event.annex === undefined ? null : annexBytes(event.annex as { [field: string]: Json }, hex(random(16)), utf8);
    // in order of key, as the canonical form is written
    const fields: Head = {
      actor: facts.actor,
      annexHash: annex && sha256Hex(annex),
      approvedBy: null,
      cause: null,
      command: facts.command,
      data: storedData(event),
      id: index === 0 ? facts.firstId : eventId(facts.ledgerId, facts.actor, facts.command, index, sha256Hex),
      inputHash: facts.inputHash,
      ledgerId: facts.ledgerId,
      policy: POLICY,
      program,
      proposedBy: facts.actor,
      recordedAt,
      role: facts.role,
      seq: seq + index,
      source: facts.source,
      type: event.type,
      v: event.v,
    };
    const head = headBytes(fields, utf8);
    const bytes = eventBytes(head.length, annex?.length ?? 0);
    if (bytes > EVENT_BYTES) refuse('event-too-large', { bytes, most: EVENT_BYTES });
    const recorded = isByHand(event) ? { head: fields, event } : readRecord(seq + index, head, annex);
    return { seq: seq + index, head, annex, recorded };
  });
}

/**
 * Whether an event is one of vouchers by hand: what it leaves in the state are numbers and sums, and nothing of the event itself, so
 * that it need not be read back from its own bytes, as one is whose fields the state keeps or that is made of bytes already.
 */
const isByHand = (event: LedgerEvent): boolean => event.type !== 'VouchersImported' && vouchersOf(event).length > 0;

/** The hash of what is asked for · refuses `input-malformed` what no event can hold: half a surrogate pair, a fraction. */
export function hashOf(command: Command): string {
  try {
    return inputHash(command.constructor.name, command.input as Json, sha256Hex, utf8);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return refuse('input-malformed', { reason: error.message });
  }
}

/** A random id for a ledger (version 8 of RFC 9562). @param bytes 16 random ones */
export function uuid(bytes: Uint8Array): string {
  const text = hex(bytes);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-8${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20)}`;
}
