/**
 * The event store behind one small port: one ledger is one stream of records, numbered 0, 1, 2 … without gaps.
 * handle-command appends, projections and proofs read. Every adapter promises the same and runs contract.ts:
 * bytes come back verbatim, a batch is stored whole at exactly the seq asked for or not at all, and what append
 * has answered survives a power cut. No server position and no driver error leaves an adapter.
 */

/** One event as stored. `head` is the canonical bytes that are hashed; `annex` what may be erased one day (null: never had one). Both verbatim. */
export interface StoredRecord {
  readonly head: Uint8Array;
  readonly annex: Uint8Array | null;
}

/** Bytes of some records, heads and annexes. */
export function bytesOf(records: readonly StoredRecord[]): number {
  let bytes = 0;
  for (const { head, annex } of records) bytes += head.length + (annex?.length ?? 0);
  return bytes;
}

/** A record with its place in the ledger. */
export interface SequencedRecord extends StoredRecord {
  readonly seq: number;
}

/** What one read may bring at most. The first record always comes, even where it alone is larger than `bytes` (head + annex). */
export interface ReadLimit {
  readonly records: number;
  readonly bytes: number;
}

/** Acknowledges an append: everything up to and including `last` is durable. */
export interface AppendResult {
  readonly last: number;
}

/** The reading half, for projections, proofs and exports; may be used while somebody else appends and then sees a prefix. */
export interface EventReader {
  /**
   * Records from `fromSeq` on, in order and without gaps; empty at the end of the ledger.
   * @throws StoreUnavailable also (`damaged`) where a record that must be there is missing
   */
  read(fromSeq: number, limit: ReadLimit): Promise<SequencedRecord[]>;
  /** The seq of the last record, -1 when the ledger is empty. */
  last(): Promise<number>;
  /** Rings when somebody, also another process, may have appended; only where the store can tell. A doorbell: nothing may depend on it. Ends with `close`. */
  watch?(ring: () => void): void;
  close(): Promise<void>;
}

export interface EventStore extends EventReader {
  /** Bytes that one append takes of what waits, where that is more than APPEND_BYTES. */
  readonly appendBytes?: number;
  /**
   * Appends all or nothing, the first record getting exactly seq `expected` (0 for an empty ledger). Resolves when durable.
   * @throws Conflict the ledger does not end at `expected` - 1; nothing of the batch is stored, even if the very same bytes lie there already
   * @throws ResultUnknown stored or not, nobody knows: settle with `readBack` before anything else is appended
   * @throws StoreUnavailable definitely not stored
   */
  append(expected: number, records: readonly StoredRecord[]): Promise<AppendResult>;
}

/** Somebody else wrote at that seq (or it lies beyond the end): read the tail, decide again. */
export class Conflict extends Error {
  /** @param last the seq that the ledger really ended at, where the store could tell */
  constructor(
    readonly expected: number,
    readonly last: number | null,
    options?: ErrorOptions,
  ) {
    super(`seq ${expected} is not the next of the ledger${last === null ? '' : `, which ends at ${last}`}`, options);
    this.name = 'Conflict';
  }
}

/** The batch was sent and no answer came (a connection lost, a sync that failed): it may be stored, or not. */
export class ResultUnknown extends Error {
  constructor(
    readonly expected: number,
    options?: ErrorOptions,
  ) {
    super(`nobody knows whether the batch at seq ${expected} was stored`, options);
    this.name = 'ResultUnknown';
  }
}

/** Why a store cannot do what was asked; one word for logs, doors and exit codes. */
export type UnavailableReason =
  | 'disk-full'
  | 'read-only'
  | 'busy'
  | 'io-error'
  | 'damaged'
  | 'altered'
  | 'not-found'
  | 'not-a-ledger'
  | 'newer-format'
  | 'closed'
  | 'unreachable'
  | 'denied'
  | 'too-large';

/** Nothing was stored (or read). `reason` says why in one word, `cause` is the driver's own error. */
export class StoreUnavailable extends Error {
  constructor(
    readonly reason: UnavailableReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StoreUnavailable';
  }
}

/** An event is not as it was written: its bytes were changed behind the program's back, or the disk no longer holds them. */
export class EventAltered extends StoreUnavailable {
  /** @param what is not as it was */
  constructor(
    readonly seq: number,
    what: 'head' | 'annex',
  ) {
    super('altered', `the ${what} of event ${seq} is not as it was written`);
    this.name = 'EventAltered';
  }
}

/** Stops what would be a programming error on any store: an empty batch, something else than bytes, a seq that is no whole number. */
export function checkAppend(expected: number, records: readonly StoredRecord[]): void {
  if (!Number.isSafeInteger(expected) || expected < 0) throw new RangeError(`expected seq ${expected}`);
  if (records.length === 0) throw new RangeError('an append without records');
  for (const { head, annex } of records)
    if (!ArrayBuffer.isView(head) || !(annex === null || ArrayBuffer.isView(annex))) throw new TypeError('a record is bytes');
}

/** As checkAppend, for read. */
export function checkRead(fromSeq: number, limit: ReadLimit): void {
  if (!Number.isSafeInteger(fromSeq) || fromSeq < 0) throw new RangeError(`read from seq ${fromSeq}`);
  if (!(limit.records >= 1 && limit.bytes >= 0)) throw new RangeError(`read limit of ${limit.records} records and ${limit.bytes} bytes`);
}
