/**
 * A received file through its reader threads: a large one in two slices at once, and again in one thread where it turns out that
 * something is wrong with it, so that its findings are the same however it was read. Called by file-import.ts.
 */
import { open, rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { referenceText, type Found, type LaterVersions, type ProfileVersions, type Reference, type SavedLedger } from '#ledger';
import type { EncodingFound } from '#sie';
import { NOTHING_TOLD, type Known, type Told } from './absence.js';
import { numberedAt, placeOf, type MovedNumbers } from './comparison.js';
import type { Cut } from './cuts.js';
import type { FileYear } from './file-year.js';
import { likenessOf } from './likeness.js';
import { wholeOf, type FileRead, type SliceRead } from './read-file.js';
import type { ReaderSays, ReaderTask } from './reader.js';
import { isReordered } from './row-order.js';
import { WHOLE, type Slice } from './slice.js';
import type { FileFormat } from './source.js';

/** What is to be read, and into which book and year. `cut`: where it may be cut in two. Its parts lie in files that begin with the name `spools`, or its own. */
export type Received = {
  readonly file: string;
  readonly spools?: string;
  readonly cut: Cut | null;
  readonly state: SavedLedger;
  readonly book: string;
  readonly year: number;
  readonly fileYear: FileYear;
  readonly format: FileFormat;
  /** Of a SIE file: judged when it came in. */
  readonly encoding: EncodingFound | null;
  /** Null for the simple voucher CSV. */
  readonly versions: ProfileVersions | null;
  /** References of vouchers that the accountant says are new, whatever they are like. */
  readonly asNew: readonly string[];
};

/**
 * Reads and checks the file.
 * @param find fetches a voucher that the ledger holds · @param progress called with the bytes read so far · @throws what the disk says
 */
export async function readReceived(
  { file, spools = file, cut, state, asNew, ...asked }: Received,
  find: (ref: Reference) => Promise<Found | undefined>,
  progress: (bytes: number) => void,
): Promise<FileRead> {
  const { book, year } = asked;
  const name = `${book}-${year}`;
  const taken = state.books.get(name);
  const later = (state.tables['versions'] ?? []).filter(([key]) => key.startsWith(`${name}-`)) as [string, LaterVersions][];
  const corrected = new Set((state.tables['corrected'] ?? []).flatMap(([ref]) => (ref.startsWith(`${name}-`) ? [ref] : [])));
  const known: Known = { book, year, numbers: taken ?? new Map(), later: new Map(later), corrected };
  const needed: SavedLedger = {
    ...state,
    books: new Map(taken && [[name, taken]]),
    keys: { words: new Uint32Array(3 * 1024), count: 0 },
    imports: [],
    tables: { ...state.tables, recoded: [], corrected: [], findings: [], sums: [], persons: [], versions: later },
  };
  const read = async (
    slices: readonly Slice[],
    moved: MovedNumbers,
    reordered: ReadonlySet<string> = new Set(),
  ): Promise<readonly (SliceRead | null)[]> => {
    let done = 0;
    const threads = slices.map((slice, i) =>
      inThread({ file, spool: spoolOf(spools, i), state: needed, ...asked, moved, reordered, slice }, (bytes) => progress((done += bytes))),
    );
    const stopAll = () => threads.forEach(({ stop }) => stop());
    for (const { came } of threads) void came.then((slice) => slice ?? stopAll(), stopAll);
    await Promise.allSettled(threads.map(({ ended }) => ended)); // no thread may go on writing beside one that failed
    return Promise.all(threads.map(({ came }) => came));
  };
  const inTwo = canBeCut(cut, asked) ? await read([{ from: null, to: cut }, { from: cut, to: null }], new Map()) : []; // prettier-ignore
  const together = inTwo.length > 0 ? wholeOf(inTwo, known) : null;
  const readings = (together ? inTwo : await read([WHOLE], new Map())).filter((slice) => slice !== null);
  const asRead = together ?? wholeOf(readings, known)!;
  const { whole, told } = await lookedUp(asRead, (by) => wholeOf(readings, known, by)!, daysOf(readings), asNew, find);
  const settled = whole.moved.size > 0 ? wholeOf(await read([WHOLE], whole.moved), known, told)! : whole;
  const reordered = await reorderedOf(settled, asked, find);
  return reordered.size > 0 ? wholeOf(await read([WHOLE], whole.moved, reordered), known, told)! : settled;
}

/** The places of vouchers of the file that only have their rows in another order than the ones that stand. */
async function reorderedOf(
  { changes, errorsInAll }: FileRead,
  { format, versions }: Pick<Received, 'format' | 'versions'>,
  find: Parameters<typeof readReceived>[1],
): Promise<ReadonlySet<string>> {
  const places = new Set<string>();
  if (errorsInAll > 0 || changes.length === 0) return places;
  const datedByRow = versions !== null && (format !== 'sie' || versions[0]!.settings.kind === 'selection');
  const spool = await open(changes[0]!.spool, 'r');
  try {
    for (const { offset, bytes, contentBytes, corrects, seq, place } of changes) {
      const stored = seq < 0 ? undefined : await find(corrects);
      if (!stored) continue;
      const content = Buffer.alloc(contentBytes);
      await spool.read(content, 0, contentBytes, offset + bytes);
      if (isReordered(content.toString(), stored, { simple: versions === null, datedByRow })) places.add(place);
    }
  } finally {
    await spool.close();
  }
  return places;
}

/** Known vouchers of which it is looked up whether their day is one of the file's; more are missed without. */
const LOOKED_UP = 10_000;

function daysOf(slices: readonly SliceRead[]): SliceRead['days'] {
  const all = slices.map(({ days }) => days);
  return {
    first: all.map(({ first }) => first).sort()[0]!,
    last: all
      .map(({ last }) => last)
      .sort()
      .at(-1)!,
  };
}

/**
 * Which known vouchers that a file lacks are dated outside its days (numbers and days do not always go together), which of its vouchers
 * without a number are like known ones, and which of all that it would ask about are said to be new: each of these leaves the known one
 * that it is like to the next.
 * @param asRead what the file comes to while nothing is told of it · @param wholeBy what it comes to by what is told
 */
async function lookedUp(
  asRead: FileRead,
  wholeBy: (told: Told) => FileRead,
  { first, last }: SliceRead['days'],
  said: readonly string[],
  find: Parameters<typeof readReceived>[1],
): Promise<{ readonly whole: FileRead; readonly told: Told }> {
  let [whole, told] = [asRead, NOTHING_TOLD];
  const tell = (more: Partial<Told>) => (whole = wholeBy((told = { ...told, ...more })));
  const elsewhere = new Set<string>();
  for (const ref of whole.gone.slice(0, LOOKED_UP)) {
    const day = ref.version === 1 ? (await find(ref))?.voucher.eventDate : undefined; // a later version may be dated where a period was open
    if (day !== undefined && (day < first || day > last)) elsewhere.add(placeOf(ref));
  }
  if (elsewhere.size > 0) tell({ elsewhere });
  for (;;) {
    const places = new Set(told.asNew.map(({ to }) => placeOf(to)));
    const { fresh, absent } = whole.unnumbered;
    const pairs = await likenessOf(fresh.filter((voucher) => !places.has(placeOf(voucher))), absent, find); // prettier-ignore
    if (pairs.length > 0) tell({ pairs });
    const more = [...whole.moved]
      .map(([place, from]) => ({ from, to: numberedAt(place) }))
      .filter(({ from, to }) => said.includes(referenceText({ ...from, ...to, version: 1 })));
    if (more.length === 0) return { whole, told };
    tell({ pairs: [], asNew: [...told.asNew, ...more] });
  }
}

/** Removes the parts of a file. @param spools what their names begin with */
export async function removeSpools(spools: string): Promise<void> {
  for (const i of [0, 1]) for (const end of ['', '.kept']) await rm(`${spoolOf(spools, i)}${end}`, { force: true });
}

/** Not where lines are gathered from all over the file, or some of its rows are kept beside: and only as what it was taken for when it came in. */
function canBeCut(cut: Cut | null, { format, versions }: Pick<Received, 'format' | 'versions'>): boolean {
  if (cut === null || (format === 'sie') !== cut.head > 0) return false;
  if (format !== 'sie') return format === 'csv' && versions === null;
  return versions !== null && versions.every(({ settings }) => settings.kind !== 'selection' && settings.keeps !== 'chosen-rows');
}

const spoolOf = (spools: string, slice: number): string => `${spools}.parts-${slice}`;

/** `came`: what the thread came to, null also where it was stopped; `ended` resolves when it is gone. */
type ReaderThread = { readonly came: Promise<SliceRead | null>; readonly ended: Promise<unknown>; stop(): void };

function inThread(task: ReaderTask, progress: (bytes: number) => void): ReaderThread {
  const worker = new Worker(new URL('./reader.js', import.meta.url), {
    workerData: task,
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
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
