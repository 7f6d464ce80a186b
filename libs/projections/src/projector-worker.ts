/**
 * The worker thread that keeps the read models, so that reading and projecting an import never holds up a post or a query.
 * Started by projection-process.ts. Opens a reader of its own, advances when the doorbell rings, posts where it has come.
 * An error is posted and tried again after a while; one that stops the thread itself makes the other side start a new one.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, ToWorker, WorkerStart } from './projection-messages.js';
import { BATCH, Projector, type LinesWait } from './projector.js';
import { openReader } from './store-description.js';

const RETRY_MS = 250;
const RETRY_AT_MOST_MS = 10_000;
/** Parts come more often than the lull. At most: of a million vouchers, posted in two seconds, the lines take nearly as long as all before. */
const LINES_WAIT: LinesWait = { lullMs: 250, mostMs: 600 };

const port = parentPort!;
const { store, file } = workerData as WorkerStart;
const reader = openReader(store);
const projector = new Projector(reader, file, BATCH, LINES_WAIT);
const say = (message: FromWorker) => port.postMessage(message);

let stopping = false;
let running = false;
let rung = false;
let failures = 0;
let retry: NodeJS.Timeout | undefined;
let lull: NodeJS.Timeout | undefined;

async function advance(): Promise<void> {
  rung = true;
  if (running) return;
  running = true;
  clearTimeout(retry);
  clearTimeout(lull);
  try {
    while (rung && !stopping) {
      rung = false;
      while (!stopping && (await projector.step())) {
        say({ at: projector.positions });
        await new Promise(setImmediate); // so that a stop is heard between two batches
      }
    }
    failures = 0;
    const { figures, lines } = projector.positions;
    if (lines < figures) lull = setTimeout(() => void advance(), projector.waitsMs);
  } catch (error) {
    const { name, message } = error as Error;
    say({ error: { name, message } });
    retry = setTimeout(() => void advance(), Math.min(RETRY_AT_MOST_MS, RETRY_MS * 2 ** failures++));
  }
  running = false;
  if (stopping) await end();
}

async function end(): Promise<void> {
  clearTimeout(retry);
  clearTimeout(lull);
  projector.close();
  await reader.close();
  port.close();
}

port.on('message', (message: ToWorker) => {
  if ('ring' in message) return void advance();
  stopping = true;
  if (!running) void end();
});

say({ ready: await projector.open() });
void advance();
