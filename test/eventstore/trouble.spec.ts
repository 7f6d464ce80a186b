/**
 * Two application processes write one ledger while the server is cut off, killed and started again, and its leader changes: nothing
 * acknowledged is lost, nothing is stored twice, the order holds, and it goes on by itself. On the scripted server in every run. On a real
 * one where LIGGARE_TEST_EVENTSTORE_CONTROL names a program that takes `kill-leader` (kills it and says which node that was) and `start <node>`
 * (ends when the node follows again: a second death before that leaves no majority, and nobody to write to).
 */
import { afterEach, describe, expect, it } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { founding, options } from '../../libs/eventstore/src/commands-given.js';
import { openKurrentStore } from '../../libs/eventstore/src/kurrentdb.js';
import { LedgerCommands } from '../../libs/eventstore/src/ledger-commands.js';
import { ScriptedServer, type AppendFault } from './scripted-server.js';
import { newStream } from './servers.js';

const program = promisify(execFile);
type Acknowledged = { readonly key: string; readonly seq: number; readonly slowestMs: number; readonly askedMs: number };
const caller = { login: 'anna', name: 'Anna', role: 'accountant' };

const started: ChildProcess[] = [];
/** Of a test that failed halfway: they would post on for ever. */
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));

/** Two processes on the ledger in that stream; `stop` lets them end and answers with all that they were acknowledged. */
async function processes(address: string, stream: string) {
  const acknowledged: Acknowledged[] = [];
  const commands = await LedgerCommands.open(openKurrentStore(address, stream), options());
  for (const command of founding) await commands.handle(command, { caller });
  await commands.close();
  const children = ['p', 'q'].map((name) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'posting-child.js'), address, stream, name], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    started.push(child);
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => {
      const lines = (said += bytes.toString()).split('\n');
      said = lines.pop()!;
      for (const line of lines) {
        const [key, seq, slowestMs, askedMs] = line.split(' ');
        if (seq !== undefined) acknowledged.push({ key: key!, seq: Number(seq), slowestMs: Number(slowestMs), askedMs: Number(askedMs) });
      }
    });
    return child;
  });
  const stop = async (): Promise<Acknowledged[]> => {
    const ends = children.map((child) => once(child, 'close'));
    for (const child of children) child.stdin.end();
    for (const end of ends) expect((await end)[0]).toBe(0);
    return acknowledged;
  };
  return { acknowledged, stop };
}

/** What the log holds against what was acknowledged. */
async function check(address: string, stream: string, acknowledged: readonly Acknowledged[]): Promise<void> {
  const store = openKurrentStore(address, stream, { readMs: 20_000 });
  const keys: string[] = [];
  for (let seq = 0; ;) {
    const part = await store.read(seq, { records: 500, bytes: 1 << 22 });
    if (part.length === 0) break;
    for (const { head, annex } of part) {
      const { command, type } = JSON.parse(Buffer.from(head).toString()) as { command: string; type: string };
      keys[seq++] = type === 'CostPosted' ? command : '';
      if (type === 'CostPosted') expect(annex).not.toBeNull();
    }
  }
  await store.close();
  const posted = keys.filter((key) => key !== '');
  expect(new Set(posted).size).toBe(posted.length);
  expect(acknowledged.filter(({ key, seq }) => keys[seq] !== key)).toEqual([]);
  // each caller's own order
  for (const one of new Set(posted.map((key) => key.replace(/\d+$/, ''))))
    expect(posted.filter((key) => key.startsWith(one)).map((key) => Number(key.slice(one.length)))).toEqual(
      Array.from(posted.filter((key) => key.startsWith(one)).keys()),
    );
}

/** Waits until so many that were asked for from now on are acknowledged; says how long that took. */
async function more(acknowledged: readonly Acknowledged[], count: number, atMostMs: number): Promise<number> {
  const began = Date.now();
  while (acknowledged.filter(({ askedMs }) => askedMs >= began).length < count) {
    if (Date.now() - began > atMostMs) throw new Error(`no ${count} acknowledgements within ${atMostMs} ms`);
    await pause(20);
  }
  return Date.now() - began;
}

describe('two processes on one ledger', () => {
  it('while answers are lost, connections are cut and the server goes away', async () => {
    const server = await new ScriptedServer().start();
    const stream = newStream();
    const { acknowledged, stop } = await processes(server.address, stream);
    await more(acknowledged, 10, 20_000);
    const faults: AppendFault[] = (['drop', 'cut', 'end', 'timeout', 'twice', 'not-ready', 'exhausted'] as const).flatMap((fault) => [
      { fault, stored: !['not-ready', 'exhausted'].includes(fault) },
      { fault, stored: fault === 'twice' },
    ]);
    for (const fault of faults) {
      server.faults.push(fault);
      await more(acknowledged, 8, 15_000);
    }
    for (let round = 0; round < 2; round++) {
      server.stop();
      await pause(700);
      await server.start();
      await more(acknowledged, 8, 15_000);
    }
    const all = await stop();
    expect(Math.max(...all.map(({ slowestMs }) => slowestMs))).toBeLessThan(6_000);
    expect(server.inexact).toBe(0);
    await check(server.address, stream, all);
    server.stop();
  }, 180_000);

  const [address, control] = [process.env['LIGGARE_TEST_EVENTSTORE'], process.env['LIGGARE_TEST_EVENTSTORE_CONTROL']];
  const rounds = Number(process.env['LIGGARE_TEST_EVENTSTORE_ROUNDS'] ?? 3);
  if (!address || !control) process.stderr.write('No real leader was killed: LIGGARE_TEST_EVENTSTORE_CONTROL names no program for it.\n');
  (address && control ? it : it.skip)(
    'while the leader of a real server is killed again and again',
    async () => {
      const stream = newStream();
      const { acknowledged, stop } = await processes(address!, stream);
      const gaps: number[] = [];
      for (let round = 0; round < rounds; round++) {
        await more(acknowledged, 20, 60_000);
        const node = (await program(control!, ['kill-leader'])).stdout.trim();
        gaps.push(await more(acknowledged, 3, 60_000));
        await program(control!, ['start', node]);
        await pause(3_000);
      }
      const all = await stop();
      const slowest = all.reduce((most, { slowestMs }) => Math.max(most, slowestMs), 0);
      process.stderr.write(
        `${all.length} acknowledged, ${rounds} leaders killed; writing again after ${gaps.join(', ')} ms; slowest answer ${slowest} ms\n`,
      );
      await check(address!, stream, all);
    },
    60_000 + rounds * 90_000,
  );
});
