/**
 * The peer of the event store server's bench: its client library as it is, without our adapter. Writes the same number of events with the
 * same bytes at exactly the expected revision, and reads them back; decides, checks, covers and settles nothing.
 */
import { BACKWARDS, binaryEvent, END, EventStoreDBClient, NO_STREAM } from '@eventstore/db-client';
import type { EventReader, EventStore, ReadLimit, SequencedRecord, StoredRecord } from '#eventstore';
import { serverAddress } from '../../libs/eventstore/src/kurrentdb-address.js';

/** As many bytes as our metadata's: where a pad is, and the annex. */
const metadataOf = (annex: Uint8Array): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ annex: ['0'.repeat(32), 65_536, Buffer.from(annex).toString('base64')] }));

export class BareClient {
  readonly #client: EventStoreDBClient;

  constructor(address: string) {
    const { connection } = serverAddress(address);
    this.#client = EventStoreDBClient.connectionString(`${connection}${connection.includes('?') ? '&' : '?'}throwOnAppendFailure=true`);
  }

  /** Appends batch after batch to a new stream. @param annexes whether the annexes are written, or the heads only */
  appender(stream: string, annexes: boolean): (records: readonly StoredRecord[]) => Promise<void> {
    let expectedRevision: bigint | typeof NO_STREAM = NO_STREAM;
    return async (records) => {
      const events = records.map(({ head, annex }) =>
        binaryEvent({ type: 'liggaren', data: head, ...(annex && annexes ? { metadata: metadataOf(annex) } : {}) }),
      );
      const result = await this.#client.appendToStream(stream, events, { expectedRevision, requiresLeader: true, deadline: 30_000 });
      expectedRevision = result.nextExpectedRevision;
    };
  }

  /** A new stream as the store of a handle-command that has nothing but the client beneath it. */
  store(stream: string): EventStore {
    const [put, reader] = [this.appender(stream, true), this.reader(stream)];
    let last = -1;
    return {
      append: async (expected, records) => {
        await put(records);
        return { last: (last = expected + records.length - 1) };
      },
      read: async (fromSeq, limit) => (fromSeq > last ? [] : reader.read(fromSeq, limit)),
      last: async () => last,
      close: async () => {},
    };
  }

  /** Reads so many events in one go and drops them. @throws where there are fewer */
  async readThrough(stream: string, events: number): Promise<void> {
    let read = 0;
    for await (const { event } of this.#client.readStream(stream, { fromRevision: 0n, maxCount: events, requiresLeader: true }))
      if (event) read += 1;
    if (read !== events) throw new Error(`${read} events instead of ${events}`);
  }

  /** What `appender` wrote, as a reader for projections; as little as it can be. */
  reader(stream: string): EventReader {
    return {
      read: async (fromSeq: number, limit: ReadLimit) => {
        const found: SequencedRecord[] = [];
        const reading = this.#client.readStream(stream, {
          fromRevision: BigInt(fromSeq),
          maxCount: limit.records,
          requiresLeader: true,
        });
        for await (const { event } of reading) {
          const annex = (event!.metadata as { annex: [string, number, string] } | undefined)?.annex[2];
          const head = event!.data as Uint8Array;
          found.push({ seq: Number(event!.revision), head, annex: annex === undefined ? null : Buffer.from(annex, 'base64') });
        }
        return found;
      },
      last: async () => {
        let last = -1;
        for await (const { event } of this.#client.readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 }))
          last = Number(event!.revision);
        return last;
      },
      close: async () => {},
    };
  }

  close(): Promise<void> {
    return this.#client.dispose();
  }
}
