/**
 * The raw floor of a post: bare node:http, JSON.parse, and better-sqlite3 as the real store uses it; nothing checked, nothing
 * decided. `group` commits what has come in together, as group append does; else each request its own commit.
 */
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { StoredRecord } from '#eventstore';
import { block, openRaw } from './disk.js';
import { threadMs } from './measure.js';
import type { Ready } from './server-child.js';

/** `headBytes`, `annexBytes`: how much is stored a post, as the real server stores. */
export type RawOptions = {
  readonly folder: string;
  readonly group: boolean;
  readonly syncMs: number;
  readonly headBytes: number;
  readonly annexBytes: number;
};

const { folder, group, syncMs, headBytes, annexBytes } = JSON.parse(process.argv[2]!) as RawOptions;
const append = openRaw(join(folder, `raw-${process.pid}.sqlite`));
let waiting: { readonly reply: ServerResponse; readonly record: StoredRecord }[] = [];

function commit(): void {
  const round = waiting;
  waiting = [];
  block(syncMs);
  append(round.map(({ record }) => record));
  for (const { reply } of round) reply.writeHead(201, { 'Content-Type': 'application/json' }).end('{"seq":1}');
}

const server = createServer((request, reply) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const text = JSON.stringify(JSON.parse(Buffer.concat(chunks).toString()));
    const bytes = (size: number) => Buffer.from(text.padEnd(size).slice(0, size));
    waiting.push({ reply, record: { head: bytes(headBytes), annex: bytes(annexBytes) } });
    if (!group) commit();
    else if (waiting.length === 1) setImmediate(commit);
  });
});
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as { port: number }).port, openedMs: 0 } satisfies Ready));
process.on('message', (asked) => (asked === 'cpu' ? process.send!(threadMs()) : process.exit()));
