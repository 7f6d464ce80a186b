/**
 * The ledger on EventStoreDB or KurrentDB, one node or a cluster: one stream per ledger, whose revisions are our seqs. A head is the
 * data of a binary event, verbatim; its annex is the event's metadata, covered as kurrentdb-pads.ts says, so that it can be erased one
 * day. Both are stored by the same append, or neither is.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { serverAddress } from './kurrentdb-address.js';
import { ServerConnection, ServerFailure, type ServerEvent } from './kurrentdb-connection.js';
import { Pads, uncover, type Pad } from './kurrentdb-pads.js';
import { bytesOf, checkAppend, checkRead, Conflict, ResultUnknown, StoreUnavailable } from './port.js';
import type { AppendResult, EventStore, ReadLimit, SequencedRecord, StoredRecord } from './port.js';

/** How long calls may take. Together a write that fails is answered within 5 s: an append, a reading back, another's reading. */
export interface Patience {
  /** An append, a pad for its annexes and tries included. */
  readonly appendMs: number;
  /** Between two events of a read, tries included. */
  readonly readMs: number;
  /** The same before the server has answered once: a cluster is looked for, certificates are exchanged. */
  readonly firstMs: number;
}

const PATIENCE: Patience = { appendMs: 2_500, readMs: 1_200, firstMs: 10_000 };
const TRY_AGAIN_MS = 100;
/** More than this in one append no server takes, and it would break the connection for others. */
const APPEND_AT_MOST_BYTES = 15 * 1024 * 1024;

/** An event's metadata: the annex as it was covered. */
type Link = { readonly annex: readonly [pad: string, at: number, base64: string] };

/**
 * Opens the ledger in that stream, for reading and writing; a stream that does not exist is an empty ledger. Connects at the first call.
 * @param address as in the setting, `kurrentdb://…` or `esdb://…`
 * @throws RangeError where the address is none
 */
export function openKurrentStore(address: string, stream: string, patience: Partial<Patience> = {}): EventStore {
  return new KurrentStore(new ServerConnection(serverAddress(address).connection), stream, { ...PATIENCE, ...patience });
}

class KurrentStore implements EventStore {
  #closed = false;
  #reached = false;
  #beginningSeen = false;
  readonly #pads: Pads;

  constructor(
    private readonly server: ServerConnection,
    private readonly stream: string,
    private readonly patience: Patience,
  ) {
    this.#pads = new Pads(server, stream);
  }

  async append(expected: number, records: readonly StoredRecord[]): Promise<AppendResult> {
    checkAppend(expected, records);
    this.#checkOpen();
    if (bytesOf(records) > APPEND_AT_MOST_BYTES) throw tooLarge();
    const until = Date.now() + (this.#reached ? this.patience.appendMs : this.patience.firstMs);
    if (expected === 0) await this.#checkBeginning(until);
    const events = await this.#covered(records, until);
    const last = await this.#trying(until, (leftMs) => this.server.append(this.stream, expected, events, leftMs)).catch(
      (error: unknown) => {
        throw this.#appendError(error, expected);
      },
    );
    if (last !== expected + records.length - 1) throw new StoreUnavailable('damaged', `the server put seq ${expected} at another place`);
    return { last };
  }

  async read(fromSeq: number, limit: ReadLimit): Promise<SequencedRecord[]> {
    checkRead(fromSeq, limit);
    const pads = new Map<string, Promise<Pad | null>>();
    const { found, links } = await this.#reading(async (waitMs) => {
      const found: { readonly seq: number; readonly head: Uint8Array; annex: Uint8Array | null }[] = [];
      const links: (Link | undefined)[] = [];
      let bytes = 0;
      const take = ({ revision, data, link }: ServerEvent): boolean => {
        const seq = fromSeq + found.length;
        if (revision !== seq) throw new StoreUnavailable('damaged', `event ${seq} is missing`);
        if (link !== undefined && !isLink(link)) throw new StoreUnavailable('not-a-ledger', `event ${seq} was not written by this program`);
        const covered = link ? Buffer.from(link.annex[2], 'base64') : null;
        bytes += data.length + (covered?.length ?? 0);
        if (found.length > 0 && bytes > limit.bytes) return false;
        found.push({ seq, head: data, annex: covered });
        links.push(link);
        if (link && !pads.has(link.annex[0])) pads.set(link.annex[0], this.#padOf(link.annex[0]));
        return bytes <= limit.bytes;
      };
      await this.server.read(this.stream, fromSeq, limit.records, waitMs, take).catch(unlessMissing);
      return { found, links };
    });
    const fetched = new Map<string, Pad | null>();
    for (const [id, pad] of pads) fetched.set(id, await pad);
    for (const [index, link] of links.entries()) {
      if (!link) continue;
      const record = found[index]!;
      const annex = uncover(record.annex!, fetched.get(link.annex[0]) ?? null, link.annex[1]);
      if (annex === undefined) throw new StoreUnavailable('damaged', `what uncovers the annex of event ${record.seq} is missing`);
      record.annex = annex;
    }
    return found;
  }

  async last(): Promise<number> {
    return this.#reading(async (waitMs) => {
      let last = -1;
      const take = ({ revision }: ServerEvent) => ((last = revision), false);
      await this.server.read(this.stream, 'last', 1, waitMs, take).catch(unlessMissing);
      return last;
    });
  }

  watch(ring: () => void): void {
    this.#checkOpen();
    this.server.watch(this.stream, ring);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.server.close();
  }

  /** Fetched while the events still come in; a failure is told to whoever waits for it. */
  #padOf(id: string): Promise<Pad | null> {
    const pad = this.#pads.pad(id, (call) => this.#reading(call));
    pad.catch(() => {});
    return pad;
  }

  /** Whatever fails here, the batch is not stored. */
  async #covered(records: readonly StoredRecord[], until: number): Promise<{ data: Uint8Array; link?: Link }[]> {
    const events = [];
    try {
      for (const { head, annex } of records) {
        if (annex === null) events.push({ data: head });
        else {
          const { pad, at, bytes } = await this.#pads.cover(annex, (call) => this.#trying(until, call));
          events.push({ data: head, link: { annex: [pad, at, base64(bytes)] } satisfies Link });
        }
      }
    } catch (error) {
      throw this.#readError(error);
    }
    return events;
  }

  /** A stream that somebody deleted looks empty, but the server would number on from where it was. */
  async #checkBeginning(until: number): Promise<void> {
    if (this.#beginningSeen) return;
    const hidden = await this.#trying(until, (leftMs) => this.server.hiddenBefore(this.stream, leftMs)).catch((error: unknown) => {
      throw this.#readError(error);
    });
    if (hidden !== null) throw new StoreUnavailable('damaged', `events before ${hidden} of the ledger's stream were deleted on the server`);
    this.#beginningSeen = true;
  }

  async #reading<T>(read: (waitMs: number) => Promise<T>): Promise<T> {
    this.#checkOpen();
    const waitMs = this.#reached ? this.patience.readMs : this.patience.firstMs;
    try {
      return await this.#trying(Date.now() + waitMs, read);
    } catch (error) {
      throw this.#readError(error);
    }
  }

  /** Tries again while the server is away and there is time; a leader that is being chosen takes a few seconds. */
  async #trying<T>(until: number, call: (leftMs: number) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const result = await call(Math.max(1, until - Date.now()));
        this.#reached = true;
        return result;
      } catch (error) {
        const again = error instanceof ServerFailure && error.failing === 'away' && !this.#closed && Date.now() + TRY_AGAIN_MS < until;
        if (!again) throw error;
        await pause(TRY_AGAIN_MS);
      }
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreUnavailable('closed', 'the store is closed');
  }

  #appendError(error: unknown, expected: number): unknown {
    if (!(error instanceof ServerFailure)) return error;
    if (error.failing === 'conflict') return new Conflict(expected, error.last, { cause: error });
    if (error.failing === 'unknown') return new ResultUnknown(expected, { cause: error });
    return this.#readError(error);
  }

  /** In the port's words, where nothing was stored. */
  #readError(error: unknown): unknown {
    if (!(error instanceof ServerFailure)) return error;
    if (this.#closed) return new StoreUnavailable('closed', 'the store is closed', { cause: error });
    switch (error.failing) {
      case 'too-large':
        return tooLarge(error);
      case 'denied':
        return new StoreUnavailable('denied', 'the event store server does not let this user do that', { cause: error });
      case 'deleted':
        return new StoreUnavailable('damaged', "the ledger's stream was deleted on the server", { cause: error });
      default:
        return new StoreUnavailable('unreachable', `the event store server cannot be reached: ${error.message}`, { cause: error });
    }
  }
}

/** A stream that does not exist is an empty one. */
function unlessMissing(error: unknown): void {
  if (!(error instanceof ServerFailure && error.failing === 'no-stream')) throw error;
}

function isLink(link: unknown): link is Link {
  const annex = (link as { annex?: unknown } | null)?.annex;
  return Array.isArray(annex) && typeof annex[0] === 'string' && Number.isSafeInteger(annex[1]) && typeof annex[2] === 'string';
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

function tooLarge(cause?: unknown): StoreUnavailable {
  return new StoreUnavailable('too-large', 'the batch is larger than the event store server takes at once', { cause });
}
