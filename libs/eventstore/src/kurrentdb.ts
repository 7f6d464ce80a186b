/**
 * The ledger on EventStoreDB or KurrentDB, one node or a cluster: one stream per ledger, whose revisions are our seqs. A head is the
 * data of a binary event. The annexes of an append go before it to a small stream of their own (`<stream>-annex-<id>`), which can be
 * deleted one day; the head's metadata says where and how long. An annex stream whose heads were never stored does no harm.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { serverAddress } from './kurrentdb-address.js';
import { ServerConnection, ServerFailure, type ServerEvent } from './kurrentdb-connection.js';
import { checkAppend, checkRead, Conflict, ResultUnknown, StoreUnavailable } from './port.js';
import type { AppendResult, EventStore, ReadLimit, SequencedRecord, StoredRecord } from './port.js';

/** How long calls may take. Together a write that fails is answered within 5 s: an append, a reading back, another's reading. */
export interface Patience {
  /** An append, annexes and tries included. */
  readonly appendMs: number;
  /** Between two events of a read, tries included. */
  readonly readMs: number;
  /** The same before the server has answered once: a cluster is looked for, certificates are exchanged. */
  readonly firstMs: number;
}

const PATIENCE: Patience = { appendMs: 2_500, readMs: 1_200, firstMs: 10_000 };
const TRY_AGAIN_MS = 100;
/** Annexes in one stream, in bytes; the server bounds one append at 1 MiB. */
const ANNEXES_BYTES = 512 * 1024;
/** More than this in one append no server takes, and it would break the connection for others. */
const APPEND_AT_MOST_BYTES = 15 * 1024 * 1024;
/** Annex streams read at the same time; with more of them a server of two cores gave less. */
const READS_AT_ONCE = 4;

/** Where a head's annex lies: the annex stream's id, the revision in it, its bytes. */
type Link = { readonly annex: readonly [id: string, at: number, bytes: number] };

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

  constructor(
    private readonly server: ServerConnection,
    private readonly stream: string,
    private readonly patience: Patience,
  ) {}

  async append(expected: number, records: readonly StoredRecord[]): Promise<AppendResult> {
    checkAppend(expected, records);
    this.#checkOpen();
    const heads = records.reduce((bytes, { head }) => bytes + head.length, 0);
    if (heads > APPEND_AT_MOST_BYTES || records.some(({ annex }) => annex && annex.length > APPEND_AT_MOST_BYTES)) throw tooLarge();
    const until = Date.now() + (this.#reached ? this.patience.appendMs : this.patience.firstMs);
    if (expected === 0) await this.#checkBeginning(until);
    const links = await this.#appendAnnexes(records, until);
    const events = records.map(({ head }, index) => ({ data: head, link: links[index] }));
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
    const { found, links } = await this.#reading(async (waitMs) => {
      const found: { seq: number; head: Uint8Array; annex: Uint8Array | null }[] = [];
      const links: (Link | undefined)[] = [];
      let bytes = 0;
      const take = ({ revision, data, link }: ServerEvent): boolean => {
        const seq = fromSeq + found.length;
        if (revision !== seq) throw new StoreUnavailable('damaged', `event ${seq} is missing`);
        if (link !== undefined && !isLink(link)) throw new StoreUnavailable('not-a-ledger', `event ${seq} was not written by this program`);
        bytes += data.length + (link?.annex[2] ?? 0);
        if (found.length > 0 && bytes > limit.bytes) return false;
        found.push({ seq, head: data, annex: null });
        links.push(link);
        return found.length < limit.records && bytes <= limit.bytes;
      };
      await this.server.read(this.stream, fromSeq, limit.records, waitMs, take).catch(unlessMissing);
      return { found, links };
    });
    await this.#readAnnexes(found, links);
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

  /** Before the heads, so that no head is ever without its annex. Whatever fails here, the batch is not stored. */
  async #appendAnnexes(records: readonly StoredRecord[], until: number): Promise<(Link | undefined)[]> {
    const links: (Link | undefined)[] = records.map(() => undefined);
    let together: { data: Uint8Array; record: number }[] = [];
    let bytes = 0;
    const store = async (): Promise<void> => {
      if (together.length === 0) return;
      const id = await this.#trying(until, async (leftMs) => {
        const id = randomUUID().replaceAll('-', '');
        await this.server.append(this.#annexStream(id), 0, together, leftMs).catch((error: unknown) => {
          // nobody will ever look for that stream: another try is free
          throw error instanceof ServerFailure && error.failing === 'unknown'
            ? new ServerFailure('away', error.message, null, { cause: error })
            : error;
        });
        return id;
      }).catch((error: unknown) => {
        throw this.#readError(error);
      });
      together.forEach(({ data, record }, at) => (links[record] = { annex: [id, at, data.length] }));
      [together, bytes] = [[], 0];
    };
    for (const [record, { annex }] of records.entries()) {
      if (annex === null) continue;
      if (bytes + annex.length > ANNEXES_BYTES) await store();
      together.push({ data: annex, record });
      bytes += annex.length;
    }
    await store();
    return links;
  }

  /** Fills in the annexes, one read for each annex stream. One that was deleted for good is an annex that was erased. */
  async #readAnnexes(found: { seq: number; annex: Uint8Array | null }[], links: readonly (Link | undefined)[]): Promise<void> {
    const streams = new Map<string, number[]>();
    for (const [index, link] of links.entries())
      if (link) (streams.get(link.annex[0]) ?? streams.set(link.annex[0], []).get(link.annex[0])!).push(index);
    const waiting = [...streams];
    const readNext = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [id, indexes] = next;
        const annexes = await this.#annexesOf(id, links[indexes[0]!]!.annex[1], links[indexes.at(-1)!]!.annex[1]);
        if (annexes === 'erased') continue;
        for (const index of indexes) {
          const [, at, bytes] = links[index]!.annex;
          const annex = annexes.get(at);
          if (annex?.length !== bytes) throw new StoreUnavailable('damaged', `the annex of event ${found[index]!.seq} is missing`);
          found[index]!.annex = annex;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(READS_AT_ONCE, waiting.length) }, readNext));
  }

  #annexesOf(id: string, first: number, last: number): Promise<Map<number, Uint8Array> | 'erased'> {
    return this.#reading(async (waitMs) => {
      const annexes = new Map<number, Uint8Array>();
      const take = ({ revision, data }: ServerEvent) => (annexes.set(revision, data), true);
      try {
        await this.server.read(this.#annexStream(id), first, last - first + 1, waitMs, take);
      } catch (error) {
        if (error instanceof ServerFailure && error.failing === 'deleted') return 'erased';
        unlessMissing(error);
      }
      return annexes;
    });
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

  #annexStream(id: string): string {
    return `${this.stream}-annex-${id}`;
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
  return Array.isArray(annex) && typeof annex[0] === 'string' && Number.isSafeInteger(annex[1]) && Number.isSafeInteger(annex[2]);
}

function tooLarge(cause?: unknown): StoreUnavailable {
  return new StoreUnavailable('too-large', 'the batch is larger than the event store server takes at once', { cause });
}
