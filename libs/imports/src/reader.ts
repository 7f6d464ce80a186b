/** A worker thread of an import: reads a slice of one file on a copy of the ledger's state, and says what it came to. Started by reading.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { Ledger, type SavedLedger } from '#ledger';
import { readSlice, type Slice, type SliceRead } from './read-file.js';

export type ReaderTask = {
  readonly file: string;
  readonly spool: string;
  readonly state: SavedLedger;
  readonly book: string;
  readonly year: number;
  readonly slice: Slice;
};
/** `bytes` read since it was last said. */
export type ReaderSays = { readonly bytes: number } | { readonly read: SliceRead };

if (parentPort) {
  const port = parentPort;
  const { file, spool, state, book, year, slice } = workerData as ReaderTask;
  const read = readSlice(file, spool, new Ledger(state), book, year, slice, (bytes) => port.postMessage({ bytes } satisfies ReaderSays));
  const moved = [...read.numbers.values()].flatMap(({ numbers, seqs, prints }) => [numbers.buffer, seqs.buffer, prints.buffer]);
  port.postMessage({ read } satisfies ReaderSays, moved as ArrayBuffer[]);
}
