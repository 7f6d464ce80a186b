/** The files of imports, byte for byte as they came (or their chosen rows), each under its SHA-256 (R10). Used by file-import.ts and resuming.ts. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '#ledger';
import { EncodingJudge, type EncodingFound } from '#sie';
import { Cuts, type Cut } from './cuts.js';
import { formatOf, HEAD_BYTES } from './file-bytes.js';

export class Originals {
  readonly #folder: string;
  #keeping: Promise<unknown> = Promise.resolve();

  /** @param folder the ledger's folder */
  constructor(folder: string) {
    this.#folder = join(folder, 'originals');
  }

  /** The path of a kept file, or null. @param sha256 64 hex digits */
  path(sha256: string): string | null {
    const path = join(this.#folder, sha256);
    return /^[0-9a-f]{64}$/.test(sha256) && existsSync(path) ? path : null;
  }

  /** Keeps the file, durable before `open` opens its import. One file at a time, so that it goes back to where it came from where its opening was refused and nobody else's import rests on it. */
  keep(file: string, sha256: string, open: () => Promise<unknown>): Promise<void> {
    const opening = this.#keeping.then(async () => {
      const before = this.path(sha256);
      if (before === null) await onDisk(() => this.#keep(file, sha256));
      try {
        await open();
      } catch (error) {
        const refused = error instanceof Refusal && error.refusal !== 'result-unknown';
        if (refused && before === null) await rename(join(this.#folder, sha256), file);
        throw error;
      }
    });
    this.#keeping = opening.catch(() => undefined);
    return opening;
  }

  async #keep(file: string, sha256: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await syncPath(file);
    await rename(file, join(this.#folder, sha256));
    for (const folder of [this.#folder, join(this.#folder, '..')]) await syncPath(folder);
  }
}

/** A file as it came: its hash, size, first bytes, where it could be cut in two, and of a SIE file in which encoding it is. */
export type Incoming = {
  readonly sha256: string;
  readonly bytes: number;
  readonly head: Uint8Array;
  readonly cut: Cut | null;
  readonly encoding: EncodingFound | null;
};

/** Writes the chunks to a file. @param progress told of the bytes so far */
export async function receive(chunks: AsyncIterable<Uint8Array>, path: string, progress: (bytes: number) => void): Promise<Incoming> {
  const handle = await open(path, 'wx', 0o600);
  try {
    return await lookedThrough(chunks, async (chunk, bytes) => {
      await handle.writeFile(chunk);
      progress(bytes);
    });
  } finally {
    await handle.close();
  }
}

/** What the chunks of a file are together. @param take handed each, with the bytes so far */
export async function lookedThrough(
  chunks: AsyncIterable<Uint8Array>,
  take: (chunk: Uint8Array, bytes: number) => Promise<void> = async () => {},
): Promise<Incoming> {
  const [digest, cuts, judge] = [createHash('sha256'), new Cuts(), new EncodingJudge()];
  let bytes = 0;
  let head: Uint8Array = new Uint8Array(0);
  let sie: boolean | null = null;
  for await (const chunk of chunks) {
    digest.update(chunk);
    cuts.push(chunk);
    if (sie !== false) judge.push(chunk);
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES)]);
    if (sie === null && head.length >= HEAD_BYTES) sie = formatOf(head) === 'sie';
    await take(chunk, (bytes += chunk.length));
  }
  const encoding = formatOf(head) === 'sie' ? judge.verdict() : null;
  return { sha256: digest.digest('hex'), bytes, head, cut: cuts.middle, encoding };
}

/** Makes a file's bytes, or a folder's names, durable. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A full or failing disk in the catalogue's words. */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw DISK_TROUBLE.includes(code) ? new Refusal('store-unavailable', { reason: code === 'ENOSPC' ? 'disk-full' : code! }) : error;
  }
}

const DISK_TROUBLE: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES'];
