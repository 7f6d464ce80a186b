/** Posts over HTTP: the real server with and without group append, and the raw floor, at 64 connections; alternating. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteReader } from '#eventstore';
import { LedgerFolder } from '#cqrs';
import type { LoadDone, LoadOptions } from './load-child.js';
import { alternate, Child, mb, median, ms, percentile, perSecond, times, type Report } from './measure.js';
import type { RawOptions } from './raw-child.js';
import { CALLER, makeLedger, postCommand } from './region.js';
import type { Ready, ServerOptions } from './server-child.js';

const [RUNS, SECONDS, CONNECTIONS] = [3, 4, 64];
type Run = { readonly rate: number; readonly p50: number; readonly p99: number; readonly bytes: number; readonly cpu: number };

/** @param folder for temporary files · @param syncMs what every append's sync is made to take longer */
export async function posts(folder: string, syncMs = 0): Promise<Report> {
  const { headBytes, annexBytes } = await sizes(join(folder, `sizes-${syncMs}`));
  const real = (oneByOne: boolean) => async () => {
    const ledger = mkdtempSync(join(folder, 'posts-'));
    await makeLedger(ledger);
    return load('server-child.js', { folder: ledger, oneByOne, syncMs } satisfies ServerOptions);
  };
  const raw = (group: boolean) => () => load('raw-child.js', { folder, group, syncMs, headBytes, annexBytes } satisfies RawOptions);
  const runs = await alternate<Run>(RUNS, { ours: real(false), alone: real(true), rawAlone: raw(false), rawGroup: raw(true) });
  const of = (name: string, field: keyof Run) => median(runs[name]!.map((run) => run[field]));
  const rate = of('ours', 'rate');
  const row = (what: string, name: string) => [
    what,
    perSecond(of(name, 'rate')),
    times(of(name, 'rate') / of('alone', 'rate')),
    ms(of(name, 'p50')),
    ms(of(name, 'p99')),
    ms(of(name, 'cpu')),
    mb(of(name, 'bytes')),
  ];
  const ratio = rate / of('alone', 'rate');
  return {
    title: syncMs
      ? `Posts over HTTP, on a disk whose sync takes ${syncMs} ms more (made so by waiting in the append of all four)`
      : 'Posts over HTTP',
    how: `POST /vouchers/costs, ${CONNECTIONS} connections, every request its own body and key, ${SECONDS} s a run after 1 s of warming, medians of ${RUNS} alternating runs. One commit a request is the very same server, to whose handle-command the bench hands one command at a time. The raw servers are bare node:http and better-sqlite3 that store as many bytes (${headBytes} + ${annexBytes}) and decide nothing.`,
    table: [
      ['server', 'posts', 'to one commit a request', 'p50', 'p99', 'CPU of the main thread, a post', 'max RSS'],
      row('Liggaren', 'ours'),
      row('Liggaren, one commit a request', 'alone'),
      row('raw, one commit a request', 'rawAlone'),
      row('raw, group commit', 'rawGroup'),
    ],
    verdicts: [
      { what: 'throughput to one commit a request', measured: times(ratio), target: '≥ 5 ×', met: ratio >= 5 },
      { what: 'p99', measured: ms(of('ours', 'p99')), target: '< 25 ms', met: of('ours', 'p99') < 25 },
    ],
  };
}

async function load(script: string, options: object): Promise<Run> {
  const server = new Child(script, options);
  const { port } = await server.next<Ready>();
  const run = (from: number, seconds: number) =>
    new Child('load-child.js', { port, from, connections: CONNECTIONS, seconds } satisfies LoadOptions).next<LoadDone>();
  await run(1e9, 1);
  const before = await server.ask<number>('cpu');
  const { ms: taken, failed, firstFailure, answered, seconds } = await run(0, SECONDS);
  const cpu = ((await server.ask<number>('cpu')) - before) / answered;
  if (failed) throw new Error(`${failed} posts failed: ${firstFailure}`);
  const { most } = server.memory;
  await server.stop();
  return { rate: answered / seconds, p50: percentile(taken, 0.5), p99: percentile(taken, 0.99), bytes: most, cpu };
}

/** Bytes that a post leaves in the log. */
async function sizes(folder: string): Promise<{ headBytes: number; annexBytes: number }> {
  await makeLedger(folder);
  const ledger = await LedgerFolder.open({ folder, caller: CALLER });
  const { seq } = await ledger.commands.handle(postCommand(1), { caller: CALLER });
  await ledger.close();
  const reader = openSqliteReader(folder);
  const [record] = await reader.read(seq, { records: 1, bytes: 1 });
  await reader.close();
  return { headBytes: record!.head.length, annexBytes: record!.annex!.length };
}
