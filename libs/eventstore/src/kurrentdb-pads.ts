/**
 * How an annex on an event store server can be erased though its event is for ever: the event holds it covered by random bytes (XOR, a
 * one-time pad), and those lie in a small stream of their own, `<stream>-pad-<id>`, durable before they are used. Either alone says nothing.
 * Used by kurrentdb.ts. It promises that no byte of a pad ever covers two annexes; a pad that no event names does no harm.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { ServerFailure, type ServerConnection } from './kurrentdb-connection.js';

/** The first pad of a writer. Each next one is twice as large, so that a program that writes little leaves little. */
const FIRST_BYTES = 4 * 1024;
/** No larger, unless an annex is: all of it is read for a single annex, and written anew when one annex of it is erased. */
const GROWN_BYTES = 128 * 1024;
/** Pads kept for the next read. */
const KEPT = 32;
/** Pads read at the same time; with more of them a server of two cores gave less. */
const READS_AT_ONCE = 4;

/** A covered annex as its event keeps it: which pad, where in it, the bytes. */
export interface Covered {
  readonly pad: string;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** `erased`: stretches (at, length) that were cut out of it. */
interface Pad {
  readonly bytes: Uint8Array;
  readonly erased: readonly (readonly [at: number, bytes: number])[];
}

/** What covers an annex of no bytes. */
const NO_PAD = '';
const NOTHING = new Uint8Array(0);
const GONE: Pad = { bytes: NOTHING, erased: [[0, Infinity]] };

type Trying = <T>(call: (leftMs: number) => Promise<T>) => Promise<T>;
/** A pad of this writer; `used` bytes of it have covered something. */
type Own = { readonly id: string; readonly bytes: Uint8Array; used: number };

export class Pads {
  #own: Own = { id: NO_PAD, bytes: NOTHING, used: 0 };
  /** Being written while the one before is used up. */
  #next: Promise<Own> | null = null;
  #nextBytes = FIRST_BYTES;
  /** Latest last. */
  readonly #kept = new Map<string, Pad>();

  constructor(
    private readonly server: ServerConnection,
    private readonly stream: string,
  ) {}

  /**
   * Covers an annex with bytes that are durable and were never used before, also not by an earlier try of the same append.
   * @param trying makes a call, again while the server is away and there is time
   * @throws ServerFailure, never `unknown`: nothing can name a pad whose answer was lost
   */
  async cover(annex: Uint8Array, trying: Trying): Promise<Covered> {
    const { length } = annex;
    if (length === 0) return { pad: NO_PAD, at: 0, bytes: NOTHING };
    let own = this.#own;
    if (length > own.bytes.length - own.used) {
      const next = this.#next;
      this.#next = null;
      own = (await next?.catch(() => null)) ?? own;
      if (length > own.bytes.length - own.used) own = await this.#write(length, trying);
      this.#own = own;
    }
    const at = own.used;
    own.used += length;
    if (2 * own.used > own.bytes.length && !this.#next) {
      this.#next = this.#write(0, trying);
      this.#next.catch(() => {}); // told when it is needed
    }
    return { pad: own.id, at, bytes: xor(annex, own.bytes, at) };
  }

  /**
   * The annexes as they were, null where one was erased, undefined where its pad is missing.
   * @param reading makes a call, again while the server is away and there is time
   */
  async uncover(covered: readonly (Covered | null)[], reading: Trying): Promise<(Uint8Array | null | undefined)[]> {
    const pads = new Map<string, Pad | null>([[NO_PAD, { bytes: NOTHING, erased: [] }]]);
    const waiting: string[] = [];
    for (const { pad } of covered.filter((one) => one !== null)) {
      if (pads.has(pad)) continue;
      const kept = this.#kept.get(pad) ?? null;
      pads.set(pad, kept);
      if (kept === null) waiting.push(pad);
    }
    const readNext = async (): Promise<void> => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        const pad = await reading((waitMs) => this.#read(id!, waitMs));
        if (pad) this.#keep(id, pad);
        pads.set(id, pad);
      }
    };
    await Promise.all(Array.from({ length: Math.min(READS_AT_ONCE, waiting.length) }, readNext));
    return covered.map((one) => {
      if (one === null) return null;
      const [pad, end] = [pads.get(one.pad), one.at + one.bytes.length];
      if (pad?.erased.some(([at, bytes]) => one.at < at + bytes && at < end)) return null;
      return pad && end <= pad.bytes.length ? xor(one.bytes, pad.bytes, one.at) : undefined;
    });
  }

  async #write(bytesAtLeast: number, trying: Trying): Promise<Own> {
    const bytes = randomBytes(Math.max(bytesAtLeast, this.#nextBytes));
    this.#nextBytes = Math.min(2 * this.#nextBytes, GROWN_BYTES);
    const id = await trying(async (leftMs) => {
      const id = randomUUID().replaceAll('-', '');
      await this.server.append(this.#streamOf(id), 0, [{ data: bytes }], leftMs).catch((error: unknown) => {
        // nobody will ever look for that stream: another try is free
        throw error instanceof ServerFailure && error.failing === 'unknown'
          ? new ServerFailure('away', error.message, null, { cause: error })
          : error;
      });
      return id;
    });
    this.#keep(id, { bytes, erased: [] });
    return { id, bytes, used: 0 };
  }

  /** The last event of the pad's stream counts: the one before is hidden and on its way out. */
  async #read(id: string, waitMs: number): Promise<Pad | null> {
    let pad: Pad | null = null;
    const take = ({ data, link }: { data: Uint8Array; link: unknown }) => {
      pad = { bytes: data, erased: (link as { erased?: Pad['erased'] } | undefined)?.erased ?? [] };
      return false;
    };
    try {
      await this.server.read(this.#streamOf(id), 'last', 1, waitMs, take);
    } catch (error) {
      if (error instanceof ServerFailure && error.failing === 'deleted') return GONE;
      if (!(error instanceof ServerFailure && error.failing === 'no-stream')) throw error;
    }
    return pad;
  }

  #keep(id: string, pad: Pad): void {
    this.#kept.set(id, pad);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value!);
  }

  #streamOf(id: string): string {
    return `${this.stream}-pad-${id}`;
  }
}

function xor(bytes: Uint8Array, pad: Uint8Array, at: number): Uint8Array {
  const result = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) result[i] = bytes[i]! ^ pad[at + i]!;
  return result;
}
