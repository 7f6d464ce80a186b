/**
 * Whoever looks on while a ledger works: metrics and traces of a server. Nothing depends on a watch, and without one nothing is measured.
 * Also the store as the folder uses it: it tells of each append, and of trouble when it comes and when it goes.
 */
import {
  bytesOf,
  Conflict,
  ResultUnknown,
  StoreUnavailable,
  type AppendResult,
  type EventStore,
  type ReadLimit,
  type SequencedRecord,
  type StoredRecord,
} from '#eventstore';
import { APPEND_BYTES, Refusal } from '#ledger';

/** How an append ended; `failed` was not stored. */
export type AppendOutcome = 'stored' | 'conflict' | 'unknown' | 'failed';
/** `stored`, `repeated`, `tried` (a dry run), the name of a refusal, or `fault`. */
export type CommandOutcome = string;

/** Both are called when something begins, and what they return when it has ended. Must be quick, and must not throw. */
export interface Watch {
  /** @returns told how the command ended, and the seq of its last event where it was stored */
  command(name: string): (outcome: CommandOutcome, seq: number | null) => void;
  /** @param seq of the first record; bytes are those of heads and annexes */
  append(seq: number, records: number, bytes: number): (outcome: AppendOutcome) => void;
}

/** What an operator should know, for the log: a sentence, one word for what it is about, and facts without personal data. */
export type Report = (what: string, about?: string, facts?: { readonly [name: string]: string | number | boolean | null }) => void;

/** Lets the watch see how a piece of work ends. */
export async function watched<T>(
  watch: Watch | null,
  name: string,
  work: () => Promise<T>,
  ended: (result: T) => readonly [CommandOutcome, number | null],
): Promise<T> {
  if (watch === null) return work();
  const end = watch.command(name);
  try {
    const result = await work();
    end(...ended(result));
    return result;
  } catch (error) {
    end(error instanceof Refusal ? error.refusal : 'fault', null);
    throw error;
  }
}

/** The store, seen by a watch, and known to be well or in trouble by what it last answered. */
export class WatchedStore implements EventStore {
  #trouble: Error | null = null;
  /** The last event that is known to be there. A log never gets shorter: who says so has not been asked (a connection that broke looks like an end). */
  #highest = -1;

  constructor(
    private readonly store: EventStore,
    private readonly seen: Watch | null,
    private readonly report: Report,
  ) {}

  /** What the store last failed with, null when it last did what it was asked. */
  get trouble(): Error | null {
    return this.#trouble;
  }

  get appendBytes(): number {
    return this.store.appendBytes ?? APPEND_BYTES;
  }

  async append(expected: number, records: readonly StoredRecord[]): Promise<AppendResult> {
    const end = this.seen?.append(expected, records.length, bytesOf(records));
    try {
      const result = await this.store.append(expected, records);
      this.#highest = Math.max(this.#highest, result.last);
      this.#well();
      end?.('stored');
      return result;
    } catch (error) {
      if (error instanceof Conflict) this.#well();
      else this.#failed(error as Error);
      end?.(error instanceof Conflict ? 'conflict' : error instanceof ResultUnknown ? 'unknown' : 'failed');
      throw error;
    }
  }

  async last(): Promise<number> {
    try {
      const last = await this.store.last();
      if (last < this.#highest) throw shorter(this.#highest);
      this.#highest = last;
      this.#well();
      return last;
    } catch (error) {
      this.#failed(error as Error);
      throw error;
    }
  }

  async read(fromSeq: number, limit: ReadLimit): Promise<SequencedRecord[]> {
    const records = await this.store.read(fromSeq, limit);
    if (records.length === 0 && fromSeq <= this.#highest) throw shorter(this.#highest);
    if (records.length > 0) this.#highest = Math.max(this.#highest, fromSeq + records.length - 1);
    return records;
  }

  watch(ring: () => void): void {
    this.store.watch?.(ring);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  #well(): void {
    if (this.#trouble === null) return;
    this.#trouble = null;
    this.report('the store answers again', 'store-back');
  }

  #failed(error: Error): void {
    const reason = (error as { reason?: string }).reason ?? error.name;
    if (reason === 'closed') return; // by us
    if (this.#trouble === null) this.report(`the store: ${error.message}`, 'store-trouble', { reason });
    this.#trouble = error;
  }
}

const shorter = (seq: number) => new StoreUnavailable('unreachable', `the store does not tell of event ${seq}, which it holds`);
