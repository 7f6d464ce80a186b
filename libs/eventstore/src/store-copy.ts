/**
 * Moves house: copies a ledger's log, record by record as it is, and its imported originals from one store to another, goes on where
 * it was stopped, and proves at the end that both hold the same bytes. For `liggare store copy`; the ledger must not be written meanwhile.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolder, syncFolder } from './folder.js';
import { Conflict, ResultUnknown, StoreUnavailable } from './port.js';
import type { EventReader, EventStore, ReadLimit, SequencedRecord } from './port.js';
import { readBack } from './read-back.js';

/** What both stores were found to hold. */
export interface Copied {
  /** The seq of the last record, -1 for an empty ledger. */
  readonly last: number;
  /** How many of them this run copied; the others were there. */
  readonly copied: number;
  /** SHA-256 over every head and annex in order, hex: the same for both. */
  readonly digest: string;
}

/** Done and in all, in records read: each is read once to be copied and twice to be compared. */
export type CopyProgress = (done: number, all: number) => void;

/** One append; an event store server bounds it at 1 MiB. */
const PART: ReadLimit = { records: 500, bytes: 512 * 1024 };
const COMPARED: ReadLimit = { records: 2_000, bytes: 8 * 1024 * 1024 };
const TRIES = 20;

/**
 * Copies what `to` lacks of `from` and compares the whole. Run it again after any failure.
 * @throws StoreUnavailable of either; `not-a-ledger` where `to` holds another ledger, `busy` where one of them was written meanwhile
 */
export async function copyStore(from: EventReader, to: EventStore, progress: CopyProgress = () => {}): Promise<Copied> {
  const last = await from.last();
  const had = await to.last();
  const all = last - had + 2 * (last + 1);
  if (had > last) throw otherLedger();
  if (had >= 0 && !same((await from.read(had, { records: 1, bytes: 1 }))[0], (await to.read(had, { records: 1, bytes: 1 }))[0]))
    throw otherLedger();
  for (let seq = had + 1; seq <= last;) {
    const part = await from.read(seq, { ...PART, records: Math.min(PART.records, last + 1 - seq) });
    if (part.length === 0) throw new StoreUnavailable('damaged', `event ${seq} is missing`);
    await append(to, part);
    seq += part.length;
    progress(seq - had - 1, all);
  }
  const digests = [];
  for (const [index, store] of [from, to].entries())
    digests.push(await digestOf(store, (read) => progress(last - had + index * (last + 1) + read, all)));
  const [theirs, ours] = digests;
  if (theirs!.last !== last || ours!.last !== last)
    throw new StoreUnavailable('busy', 'the ledger was written while it was copied: copy it again');
  if (theirs!.digest !== ours!.digest) throw new StoreUnavailable('damaged', 'the copy differs from the ledger that it was made of');
  return { last, copied: last - had, digest: ours!.digest };
}

/** The last seq and the SHA-256 over every head and annex, in order, with their lengths. */
export async function digestOf(store: EventReader, progress: (read: number) => void = () => {}): Promise<{ last: number; digest: string }> {
  const hash = createHash('sha256');
  let next = 0;
  for (;;) {
    const part = await store.read(next, COMPARED);
    if (part.length === 0) return { last: next - 1, digest: hash.digest('hex') };
    for (const { head, annex } of part) {
      add(hash, head);
      add(hash, annex);
    }
    next += part.length;
    progress(next);
  }
}

/**
 * Copies the imported originals that are missing, each under the SHA-256 that is its name and checked against it.
 * @returns how many were copied
 * @throws StoreUnavailable `damaged` where one is not what its name says
 */
export async function copyOriginals(fromFolder: string, toFolder: string): Promise<number> {
  const [from, to] = [join(fromFolder, 'originals'), join(toFolder, 'originals')];
  if (!existsSync(from)) return 0;
  makeFolder(to);
  const missing = readdirSync(from).filter((name) => /^[0-9a-f]{64}$/.test(name) && !existsSync(join(to, name)));
  for (const name of missing) {
    const hash = createHash('sha256');
    const hashed = async function* (bytes: AsyncIterable<Buffer>) {
      for await (const part of bytes) {
        hash.update(part);
        yield part;
      }
    };
    await pipeline(createReadStream(join(from, name)), hashed, createWriteStream(join(to, `${name}.new`), { flush: true, mode: 0o600 }));
    if (hash.digest('hex') !== name) throw new StoreUnavailable('damaged', `the original ${name} is not what its name says`);
    renameSync(join(to, `${name}.new`), join(to, name));
  }
  syncFolder(to);
  return missing.length;
}

/** Appends a part, and finds out what became of it where the answer was lost. */
async function append(to: EventStore, part: readonly SequencedRecord[]): Promise<void> {
  const expected = part[0]!.seq;
  for (let tries = 1; ; tries += 1) {
    try {
      await to.append(expected, part);
      return;
    } catch (error) {
      const unsure = error instanceof ResultUnknown || (error instanceof Conflict && tries > 1);
      if (error instanceof Conflict && !unsure) throw new StoreUnavailable('busy', 'somebody else writes to the copy', { cause: error });
      if (!unsure || tries === TRIES) throw error;
      const standing = await readBack(to, expected, part);
      if (standing === 'stored') return;
      if (standing === 'overtaken') throw new StoreUnavailable('busy', 'somebody else writes to the copy', { cause: error });
    }
  }
}

function add(hash: Hash, bytes: Uint8Array | null): void {
  const length = Buffer.alloc(8);
  length.writeBigInt64BE(bytes === null ? -1n : BigInt(bytes.length));
  hash.update(length);
  if (bytes !== null) hash.update(bytes);
}

function same(a: SequencedRecord | undefined, b: SequencedRecord | undefined): boolean {
  if (!a || !b || Buffer.compare(a.head, b.head) !== 0) return false;
  return a.annex === null || b.annex === null ? a.annex === b.annex : Buffer.compare(a.annex, b.annex) === 0;
}

const otherLedger = (): StoreUnavailable =>
  new StoreUnavailable('not-a-ledger', 'another ledger, or more of this one, is in the place to copy to');
