/**
 * A received file through its reader threads: a large one in two slices at once, and again in one thread where it turns out that
 * something is wrong with it, so that its findings are the same however it was read. Called by file-import.ts.
 */
import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { LaterVersions, ProfileVersions, SavedLedger } from '#ledger';
import type { Known, MovedNumbers } from './comparison.js';
import type { Cut } from './cuts.js';
import { wholeOf, type FileRead, type SliceRead } from './read-file.js';
import type { ReaderSays, ReaderTask } from './reader.js';
import { WHOLE, type Slice } from './slice.js';
import type { FileFormat } from './source.js';

/** What is to be read, and into which book and year. `cut`: where it may be cut in two. Its parts lie beside it, in files that begin with its name. */
export type Received = {
  readonly file: string;
  readonly cut: Cut | null;
  readonly state: SavedLedger;
  readonly book: string;
  readonly year: number;
  readonly format: FileFormat;
  /** Null for the simple voucher CSV. */
  readonly versions: ProfileVersions | null;
};

/** Reads and checks the file. @param progress called with the bytes read so far @throws what the disk says */
export async function readReceived({ file, cut, state, ...asked }: Received, progress: (bytes: number) => void): Promise<FileRead> {
  const { book, year } = asked;
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
      inThread({ file, spool: spoolOf(file, i), state: needed, ...asked, moved, slice }, (bytes) => progress((done += bytes))),
    );
    const stopAll = () => threads.forEach(({ stop }) => stop());
    for (const { came } of threads) void came.then((slice) => slice ?? stopAll(), stopAll);
    await Promise.allSettled(threads.map(({ ended }) => ended)); // no thread may go on writing beside one that failed
    return wholeOf(await Promise.all(threads.map(({ came }) => came)), known);
  };
  const inTwo = canBeCut(cut, asked) ? await read([{ from: null, to: cut }, { from: cut, to: null }], new Map()) : null; // prettier-ignore
  const inOne = inTwo ?? (await read([WHOLE], new Map()))!;
  return inOne.moved.size > 0 ? (await read([WHOLE], inOne.moved))! : inOne;
}

/** Removes the parts of a file. */
export async function removeSpools(file: string): Promise<void> {
  for (const i of [0, 1]) for (const end of ['', '.kept']) await rm(`${spoolOf(file, i)}${end}`, { force: true });
}

/** Not where lines are gathered from all over the file, or some of its rows are kept beside: and only as what it was taken for when it came in. */
function canBeCut(cut: Cut | null, { format, versions }: Pick<Received, 'format' | 'versions'>): boolean {
  if (cut === null || (format === 'sie') !== cut.head > 0) return false;
  if (format !== 'sie') return format === 'csv' && versions === null;
  return versions !== null && versions.every(({ settings }) => settings.kind !== 'selection' && settings.keeps !== 'chosen-rows');
}

const spoolOf = (file: string, slice: number): string => `${file}.parts-${slice}`;

/** `came`: what the thread came to, null also where it was stopped; `ended` resolves when it is gone. */
type ReaderThread = { readonly came: Promise<SliceRead | null>; readonly ended: Promise<unknown>; stop(): void };

function inThread(task: ReaderTask, progress: (bytes: number) => void): ReaderThread {
  const worker = new Worker(new URL('./reader.js', import.meta.url), {
    workerData: task,
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
  let stopped = false;
  const came = new Promise<SliceRead | null>((resolve, reject) => {
    worker.on('message', (says: ReaderSays) => {
      if ('read' in says) resolve(says.read);
      else progress(says.bytes);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => (stopped ? resolve(null) : reject(new Error(`the reader of the import stopped with code ${code}`))));
  });
  const ended = new Promise((resolve) => worker.on('exit', resolve));
  const stop = () => {
    stopped = true;
    void worker.terminate();
  };
  return { came, ended, stop };
}
