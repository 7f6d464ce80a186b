/**
 * Reads so many events of a ledger on an event store server, through the adapter or with the bare client, in a process of its own, so
 * that its highest memory is its own. Says how many milliseconds it took.
 */
import { openReader } from '#eventstore';
import { BareClient } from './bare-client.js';
import { readThrough, type ReadDone, type ReadOptions } from './eventstore-reading.js';

const { address, stream, events, bare } = JSON.parse(process.argv[2]!) as ReadOptions;
const started = performance.now();
if (bare) await new BareClient(address).readThrough(stream, events);
else await readThrough(openReader({ kind: 'kurrentdb', address, stream }), events);
process.send!({ ms: performance.now() - started } satisfies ReadDone);
process.on('message', () => process.exit());
