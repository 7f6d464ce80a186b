/** A process that keeps the read models of a ledger in small batches until it is killed, for projector-crash.spec.ts; says when it has begun. */
import { openSqliteReader } from '#eventstore';
import { Projector } from './projector.js';

const [folder, file] = process.argv.slice(2) as [string, string];
const projector = new Projector(openSqliteReader(folder), file, { records: 3, bytes: 4096 });
await projector.open();
process.send!('begun');
await projector.advance();
process.send!('done');
setInterval(() => {}, 1000); // stays, so that only the kill ends it
