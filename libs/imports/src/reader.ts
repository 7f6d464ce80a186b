/** The worker thread of an import: reads one file on a copy of the ledger's state, and says what it came to. Started by file-import.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { Ledger, type SavedLedger } from '#ledger';
import { readFile, type FileRead } from './read-file.js';

export type ReaderTask = {
  readonly file: string;
  readonly spool: string;
  readonly state: SavedLedger;
  readonly book: string;
  readonly year: number;
};
export type ReaderSays = { readonly bytes: number } | { readonly read: FileRead };

if (parentPort) {
  const port = parentPort;
  const { file, spool, state, book, year } = workerData as ReaderTask;
  const read = readFile(file, spool, new Ledger(state), book, year, (bytes) => port.postMessage({ bytes } satisfies ReaderSays));
  port.postMessage({ read } satisfies ReaderSays);
}
