/** The projector's worker, but the first two of them die soon after their start; for projection-process.spec.ts. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { WorkerStart } from './projection-messages.js';

const tally = `${(workerData as WorkerStart).file}.deaths`;
const deaths = existsSync(tally) ? Number(readFileSync(tally, 'utf8')) : 0;
await import('./projector-worker.js');
if (deaths < 2) {
  writeFileSync(tally, String(deaths + 1));
  setTimeout(() => {
    throw new Error(`dies ${deaths + 1}`);
  }, 20);
}
