/** A thread that follows a ledger as a projector does, for sqlite-crash.spec.ts; posts the seqs it saw once it has seen `until` of them. */
import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteReader } from './sqlite.js';

const { folder, until } = workerData as { folder: string; until: number };
const reader = openSqliteReader(folder);
const seen: number[] = [];
while (seen.length < until) {
  for (const { seq } of await reader.read(seen.length, { records: 10, bytes: 1 << 16 })) seen.push(seq);
  await new Promise((next) => setTimeout(next, 1));
}
await reader.close();
parentPort!.postMessage(seen);
