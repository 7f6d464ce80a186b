/**
 * A store in memory, for tests only: as strict as the real ones (it runs the same contract), and it fails on command.
 * Several stores may share one log, as several processes share a ledger.
 */
import { Conflict, ResultUnknown, StoreUnavailable, checkAppend, checkRead } from './port.js';
import type { AppendResult, EventStore, ReadLimit, SequencedRecord, StoredRecord, UnavailableReason } from './port.js';

/**
 * What the next append meets. `answer-lost`: stored, then ResultUnknown. `request-lost`: not stored, ResultUnknown.
 * `{ unavailable }`: StoreUnavailable with that reason. `{ overtakenBy }`: another writer's records get in first, so Conflict; with
 * `answerLost` the caller hears ResultUnknown instead. `{ then }`: stored, the answer is lost, and before the caller looks another writer appends.
 */
export type Fault =
  | 'none'
  | 'answer-lost'
  | 'request-lost'
  | { readonly unavailable: UnavailableReason }
  | { readonly overtakenBy: readonly StoredRecord[]; readonly answerLost?: boolean }
  | { readonly then: readonly StoredRecord[] };

export class MemoryStore implements EventStore {
  private readonly faults: Fault[] = [];
  private closed = false;

  /** @param log the records themselves; hand the same array to another store and both write the same ledger */
  constructor(readonly log: StoredRecord[] = []) {}

  /** Queues faults, one for each append to come; once they are used up, appends succeed. */
  script(...faults: readonly Fault[]): this {
    this.faults.push(...faults);
    return this;
  }

  async append(expected: number, records: readonly StoredRecord[]): Promise<AppendResult> {
    checkAppend(expected, records);
    this.checkOpen();
    const fault = this.faults.shift() ?? 'none';
    if (fault === 'request-lost') throw new ResultUnknown(expected);
    if (typeof fault === 'object' && 'unavailable' in fault)
      throw new StoreUnavailable(fault.unavailable, `scripted: ${fault.unavailable}`);
    if (typeof fault === 'object' && 'overtakenBy' in fault) {
      this.log.push(...fault.overtakenBy.map(copy));
      if (fault.answerLost) throw new ResultUnknown(expected);
    }
    if (expected !== this.log.length) throw new Conflict(expected, this.log.length - 1);
    this.log.push(...records.map(copy));
    if (typeof fault === 'object' && 'then' in fault) this.log.push(...fault.then.map(copy));
    if (fault === 'answer-lost' || (typeof fault === 'object' && 'then' in fault)) throw new ResultUnknown(expected);
    return { last: expected + records.length - 1 };
  }

  async read(fromSeq: number, limit: ReadLimit): Promise<SequencedRecord[]> {
    checkRead(fromSeq, limit);
    this.checkOpen();
    const found: SequencedRecord[] = [];
    let bytes = 0;
    for (let seq = fromSeq; seq < this.log.length && found.length < limit.records; seq++) {
      const record = this.log[seq]!;
      bytes += record.head.length + (record.annex?.length ?? 0);
      if (found.length > 0 && bytes > limit.bytes) break;
      found.push({ seq, ...copy(record) });
    }
    return found;
  }

  async last(): Promise<number> {
    this.checkOpen();
    return this.log.length - 1;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  private checkOpen(): void {
    if (this.closed) throw new StoreUnavailable('closed', 'the store is closed');
  }
}

/** Callers reuse their buffers, so both directions copy. */
function copy({ head, annex }: StoredRecord): StoredRecord {
  return { head: head.slice(), annex: annex && annex.slice() };
}
