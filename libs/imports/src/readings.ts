/**
 * What the readers made of a file of which only the chosen rows are kept, until its import is done: an import that stopped goes on from that,
 * for the rows beside them, which say what its findings are and where each row stood, are gone. Durable before the import opens, and nothing
 * in it that does not go into the log. Used by file-import.ts and resuming.ts.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { syncPath } from './originals.js';
import type { FileRead } from './read-file.js';

/** The reading itself, beside its spools; its first bytes are the digest of all. */
const READING = 'reading';
const DIGEST_BYTES = 32;

export class Readings {
  readonly #folder: string;

  /** @param folder the ledger's folder */
  constructor(private readonly folder: string) {
    this.#folder = join(folder, 'readings');
  }

  /** Keeps a reading, durable, and gives it back with its parts where they are now. @throws what the disk says; nothing is kept then */
  async keep(id: string, read: FileRead): Promise<FileRead> {
    return this.#kept(id, read).catch(async (error: unknown) => {
      await this.forget(id);
      throw error;
    });
  }

  async #kept(id: string, read: FileRead): Promise<FileRead> {
    const place = join(this.#folder, id);
    await mkdir(place, { recursive: true, mode: 0o700 });
    const spools = spoolsOf(read);
    for (const spool of spools) await rename(spool, join(place, basename(spool)));
    const { errors, errorsInAll, findings, gathered, parts, changes, leftOut, kept, asNew } = read;
    const bare = { moved: new Map(), unnumbered: { fresh: [], absent: [] }, gone: [], asks: [] }; // what only the comparison needed
    const moved: FileRead = placedIn(place, { ...bare, errors, errorsInAll, findings, gathered, parts, changes, leftOut, kept, asNew });
    const bytes = serialize(moved);
    await writeFile(join(place, READING), Buffer.concat([await digestOf(spoolsOf(moved), bytes), bytes]), { mode: 0o600 });
    for (const path of [...spoolsOf(moved), join(place, READING), place, this.#folder, this.folder]) await syncPath(path);
    return moved;
  }

  /** The reading of an import; null where it is gone, or not as it was kept. */
  async of(id: string): Promise<FileRead | null> {
    const place = join(this.#folder, id);
    try {
      const whole = await readFile(join(place, READING));
      const bytes = whole.subarray(DIGEST_BYTES);
      const names = (await readdir(place)).filter((name) => name !== READING).sort();
      const digest = await digestOf(
        names.map((name) => join(place, name)),
        bytes,
      );
      return digest.equals(whole.subarray(0, DIGEST_BYTES)) ? placedIn(place, deserialize(bytes) as FileRead) : null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Its import is done, or given up. What cannot be removed now is when the program starts again. */
  async forget(id: string): Promise<void> {
    await rm(join(this.#folder, id), { recursive: true, force: true }).catch(() => undefined);
  }

  /** Forgets all but those of the imports named. */
  async clear(open: readonly string[]): Promise<void> {
    const kept = await readdir(this.#folder).catch(() => []);
    for (const id of kept) if (!open.includes(id)) await this.forget(id);
  }
}

const spoolsOf = ({ parts, changes }: FileRead): string[] => [...new Set([...parts, ...changes].map(({ spool }) => spool))].sort();

/** The reading with its spools in that folder. */
function placedIn(place: string, read: FileRead): FileRead {
  const placed = <P extends { readonly spool: string }>(part: P): P => ({ ...part, spool: join(place, basename(part.spool)) });
  return { ...read, parts: read.parts.map(placed), changes: read.changes.map(placed) };
}

async function digestOf(spools: readonly string[], bytes: Uint8Array): Promise<Buffer> {
  const whole: Hash = createHash('sha256').update(bytes);
  for (const spool of spools) {
    const digest = createHash('sha256');
    for await (const chunk of createReadStream(spool)) digest.update(chunk as Buffer);
    whole.update(digest.digest());
  }
  return whole.digest();
}
