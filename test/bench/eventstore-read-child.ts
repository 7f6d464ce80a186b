/**
 * Reads so many events of a ledger on an event store server, through the adapter or with the bare client, in a process of its own, so
 * that its highest memory is its own. Says how many milliseconds it took.
 */
import { openReader } from '#eventstore';
import { BareClient } from './bare-client.js';
import { readThrough, type ReadDone, type ReadOptions } from './eventstore-reading.js';

const { address, stream, events, bare, rounds } = JSON.parse(process.argv[2]!) as ReadOptions;
const client = new BareClient(address);
const reader = openReader({ kind: 'kurrentdb', address, stream });
const started = performance.now();
for (let round = 0; round < rounds; round += 1) {
  if (bare) await client.readThrough(stream, events);
  else await readThrough(reader, events);
}
process.send!({ ms: performance.now() - started } satisfies ReadDone);
process.on('message', () => process.exit());
