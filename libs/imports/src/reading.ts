/**
 * A received file through its reader threads: a large one in two slices at once, and again in one thread where it turns out that
 * something is wrong with it, so that its findings are the same however it was read. Called by file-import.ts.
 */
import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { LaterVersions, ProfileVersions, SavedLedger } from '#ledger';
import type { Known, MovedNumbers } from './comparison.js';
import { WHOLE, type Slice } from './csv-slice.js';
import type { Cut } from './cuts.js';
import { wholeOf, type FileRead, type SliceRead } from './read-file.js';
import type { ReaderSays, ReaderTask } from './reader.js';
import type { FileFormat } from './source.js';

/** What is to be read, and into which book and year. `cut`: where it may be cut in two. Its parts lie in files that begin with the name `spools`, or its own. */
export type Received = {
  readonly file: string;
  readonly spools?: string;
  readonly cut: Cut | null;
  readonly state: SavedLedger;
  readonly book: string;
  readonly year: number;
  readonly format: FileFormat;
  /** Null for the simple voucher CSV. */
  readonly versions: ProfileVersions | null;
};

/** Reads and checks the file. @param progress called with the bytes read so far @throws what the disk says */
export async function readReceived(
  { file, spools = file, cut, state, ...asked }: Received,
  progress: (bytes: number) => void,
): Promise<FileRead> {
  const { book, year, versions } = asked;
  const name = `${book}-${year}`;
  const taken = state.books.get(name);
  const later = (state.tables['versions'] ?? []).filter(([key]) => key.startsWith(`${name}-`)) as [string, LaterVersions][];
  const known: Known = { book, year, numbers: taken ?? new Map(), later: new Map(later) };
  const needed: SavedLedger = {
    ...state,
    books: new Map(taken && [[name, taken]]),
    keys: { words: new Uint32Array(3 * 1024), count: 0 },
    imports: [],
    tables: { ...state.tables, recoded: [], corrected: [], findings: [], sums: [], persons: [], versions: later },
  };
  const read = async (slices: readonly Slice[], moved: MovedNumbers): Promise<FileRead | null> => {
    let done = 0;
    const threads = slices.map((slice, i) =>
      inThread({ file, spool: spoolOf(spools, i), state: needed, ...asked, moved, slice }, (bytes) => progress((done += bytes))),
    );
    await Promise.allSettled(threads); // no thread may go on writing beside one that failed
    return wholeOf(await Promise.all(threads), known);
  };
  const slices: Slice[] = cut && !versions ? [{ from: null, to: cut }, { from: cut, to: null }] : []; // prettier-ignore
  const inTwo = slices.length > 0 ? await read(slices, new Map()) : null;
  const inOne = inTwo ?? (await read([WHOLE], new Map()))!;
  return inOne.moved.size > 0 ? (await read([WHOLE], inOne.moved))! : inOne;
}

/** Removes the parts of a file. @param spools what their names begin with */
export async function removeSpools(spools: string): Promise<void> {
  for (const i of [0, 1]) for (const end of ['', '.kept']) await rm(`${spoolOf(spools, i)}${end}`, { force: true });
}

const spoolOf = (spools: string, slice: number): string => `${spools}.parts-${slice}`;

function inThread(task: ReaderTask, progress: (bytes: number) => void): Promise<SliceRead> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./reader.js', import.meta.url), {
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    worker.on('message', (says: ReaderSays) => {
      if ('read' in says) resolve(says.read);
      else progress(says.bytes);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the reader of the import stopped with code ${code}`)));
  });
}
