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
export interface Pad {
  readonly bytes: Uint8Array;
  readonly erased: readonly (readonly [at: number, bytes: number])[];
}

/** What covers an annex of no bytes. */
const NO_PAD = '';
const NOTHING = new Uint8Array(0);
const NONE: Pad = { bytes: NOTHING, erased: [] };
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
  readonly #reads = new Set<Promise<void>>();

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
    return { pad: own.id, at, bytes: xor(Buffer.allocUnsafe(length), annex, own.bytes, at) };
  }

  /**
   * Begins to fetch what uncovers the annexes of a pad, null where it is missing.
   * @param reading makes a call, again while the server is away and there is time
   */
  async pad(id: string, reading: Trying): Promise<Pad | null> {
    const kept = id === NO_PAD ? NONE : this.#kept.get(id);
    if (kept) return kept;
    while (this.#reads.size >= READS_AT_ONCE) await Promise.race(this.#reads);
    const read = reading((waitMs) => this.#read(id, waitMs));
    const over = read.then(
      () => void this.#reads.delete(over),
      () => void this.#reads.delete(over),
    );
    this.#reads.add(over);
    const pad = await read;
    if (pad) this.#keep(id, pad);
    return pad;
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

/**
 * Uncovers an annex, in place.
 * @param at where in its pad
 * @returns null where it was erased, undefined where its pad is missing or too short
 */
export function uncover(covered: Uint8Array, pad: Pad | null, at: number): Uint8Array | null | undefined {
  if (!pad) return undefined;
  const end = at + covered.length;
  if (pad.erased.some(([from, length]) => at < from + length && from < end)) return null;
  return end <= pad.bytes.length ? xor(covered, covered, pad.bytes, at) : undefined;
}

function xor(result: Uint8Array, bytes: Uint8Array, pad: Uint8Array, at: number): Uint8Array {
  for (let i = 0; i < bytes.length; i += 1) result[i] = bytes[i]! ^ pad[at + i]!;
  return result;
}
