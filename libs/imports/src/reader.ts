/** A worker thread of an import: reads a file, or a slice of one, on a copy of the ledger's state, and says what it came to. Started by reading.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { Ledger, type SavedLedger } from '#ledger';
import { fileBytes } from './file-bytes.js';
import { readSlice, type ReadTask, type SliceRead } from './read-file.js';
import { sourceOf } from './source-of.js';

export type ReaderTask = ReadTask & { readonly state: SavedLedger };
/** `bytes` read since it was last said. */
export type ReaderSays = { readonly bytes: number } | { readonly read: SliceRead | null };

if (parentPort) {
  const port = parentPort;
  const { state, ...task } = workerData as ReaderTask;
  const source = task.versions && sourceOf(task.format, task.versions, task);
  await source?.open?.(fileBytes(task.file));
  const read = readSlice(task, new Ledger(state), (bytes) => port.postMessage({ bytes } satisfies ReaderSays), source);
  const moved = [...(read?.numbers.values() ?? [])].flatMap(({ numbers, seqs, prints }) => [numbers.buffer, seqs.buffer, prints.buffer]);
  port.postMessage({ read } satisfies ReaderSays, moved as ArrayBuffer[]);
}
