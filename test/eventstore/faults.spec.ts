/**
 * The faults of a server and its client, played by the scripted server: what the port answers, that nothing is stored twice or lost, that
 * the next call works, and that it all ends within its time. Runs everywhere.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { batch, utf8 } from '../../libs/eventstore/src/contract.js';
import { openKurrentStore } from '../../libs/eventstore/src/kurrentdb.js';
import type { EventStore } from '../../libs/eventstore/src/port.js';
import { readBack } from '../../libs/eventstore/src/read-back.js';
import { ScriptedServer, type AppendFault } from './scripted-server.js';

const STREAM = 'ledger';
const all = { records: 1_000, bytes: 1 << 26 };
const ours = batch('ours', 2);
const theirs = { data: utf8('theirs'), metadata: new Uint8Array(0), type: 'liggaren' };

let server: ScriptedServer;
let store: EventStore;
beforeEach(async () => {
  server = await new ScriptedServer().start();
  store = openKurrentStore(server.address, STREAM);
  await store.append(0, batch('a', 1));
});
afterEach(async () => {
  await store.close();
  server.stop();
});

const heads = async (): Promise<string[]> => (await store.read(0, all)).map(({ head }) => Buffer.from(head).toString());
const failing = (call: Promise<unknown>): Promise<{ name: string; reason?: string }> =>
  call.then(
    () => ({ name: 'no failure' }),
    (error: Error & { reason?: string }) => ({ name: error.name, ...(error.reason === undefined ? {} : { reason: error.reason }) }),
  );

describe('an append whose answer is lost', () => {
  const lost: AppendFault[] = (['drop', 'cut', 'silent', 'end', 'timeout'] as const).flatMap((fault) => [
    { fault, stored: true },
    { fault, stored: false },
  ]);
  it.each(lost)('$fault, stored: $stored: unknown, found out by reading back, and there once', async (fault) => {
    server.faults.push(fault);
    const began = Date.now();
    expect(await failing(store.append(1, ours))).toEqual({ name: 'ResultUnknown' });
    expect(await readBack(store, 1, ours)).toBe(fault.stored ? 'stored' : 'absent');
    expect(Date.now() - began).toBeLessThan(5_000);
    if (!fault.stored) await store.append(1, ours);
    expect(await heads()).toEqual(['a0', 'ours0', 'ours1']);
    expect(await readBack(store, 1, ours)).toBe('stored');
    await store.append(3, batch('b', 1));
  });

  it('with another writer after us it is ours, with another instead of us it is not', async () => {
    server.faults.push({ fault: 'drop', stored: true });
    expect(await failing(store.append(1, ours))).toEqual({ name: 'ResultUnknown' });
    server.put(STREAM, [theirs]);
    expect(await readBack(store, 1, ours)).toBe('stored');

    server.faults.push({ fault: 'drop', stored: false });
    expect(await failing(store.append(4, ours))).toEqual({ name: 'ResultUnknown' });
    server.put(STREAM, [theirs]);
    expect(await readBack(store, 4, ours)).toBe('overtaken');
    expect(await failing(store.append(4, ours))).toEqual({ name: 'Conflict' });
  });

  it('a late answer to an append that was given up does no harm', async () => {
    server.faults.push({ fault: 'late', afterMs: 400, stored: true });
    const hasty = openKurrentStore(server.address, STREAM, { appendMs: 200 });
    expect(await hasty.last()).toBe(0);
    expect(await failing(hasty.append(1, ours))).toEqual({ name: 'ResultUnknown' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await readBack(hasty, 1, ours)).toBe('stored');
    await hasty.append(3, ours);
    await hasty.close();
  });

  it('a second answer, which the client cannot place, neither ends the process nor leaves it deaf; a fault of our own does end it', async () => {
    const program = `const { openKurrentStore } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../libs/eventstore/src/kurrentdb.js')).href)});
      const store = openKurrentStore(${JSON.stringify(server.address)}, 'ledger'), one = [{ head: Buffer.from('x'), annex: null }];
      let last = await store.last();
      const began = Date.now();
      for (let i = 0; i < 5; i++) ({ last } = await store.append(last + 1, one).catch(async () => ({ last: await store.last() })));
      await new Promise((resolve) => setTimeout(resolve, 100));
      console.log(last, Date.now() - began < 2_000);
      if (process.argv[1] === 'ours') Promise.reject(new Error('ours'));
      await new Promise((resolve) => setTimeout(resolve, 100));
      await store.close();
      console.log('closed');`;
    const run = async (...args: string[]): Promise<{ code: unknown; said: string }> => {
      server.faults.push({ fault: 'twice', stored: true }, { fault: 'twice', stored: true });
      const child = spawn(process.execPath, ['--input-type=module', '-e', program, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
      let said = '';
      child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
      const [code] = (await once(child, 'close')) as [unknown];
      return { code, said };
    };
    expect(await run()).toEqual({ code: 0, said: expect.stringMatching(/^[45] true\nclosed\n$/) });
    expect(await run('ours')).toEqual({ code: 1, said: expect.stringMatching(/^\d+ true\n$/) });
  });
});

describe('an append that the server has not taken', () => {
  it.each(['not-ready', 'busy', 'no-leader'] as const)('%s: tried again, and stored once', async (fault) => {
    server.faults.push({ fault, stored: false }, { fault, stored: false });
    expect(await store.append(1, ours)).toEqual({ last: 2 });
    expect(await heads()).toEqual(['a0', 'ours0', 'ours1']);
  });

  it('while no leader is chosen: not stored, within 5 s, and then it works again', async () => {
    server.choosing = true;
    const began = Date.now();
    expect(await failing(store.append(1, ours))).toEqual({ name: 'StoreUnavailable', reason: 'unreachable' });
    expect(Date.now() - began).toBeLessThan(4_000);
    server.choosing = false;
    await store.append(1, ours);
  });

  it('denied is said, and nothing is tried again', async () => {
    server.faults.push({ fault: 'denied', stored: false });
    expect(await failing(store.append(1, ours))).toEqual({ name: 'StoreUnavailable', reason: 'denied' });
    expect(server.appends).toBe(2);
  });

  it('too large is said, and the next append works', async () => {
    const large = Array.from({ length: 3 }, () => ({ head: Buffer.alloc(500_000), annex: null }));
    expect(await failing(store.append(1, large))).toEqual({ name: 'StoreUnavailable', reason: 'too-large' });
    expect(await failing(store.append(1, [{ head: Buffer.alloc(16 << 20), annex: null }]))).toMatchObject({ reason: 'too-large' });
    expect(await failing(store.append(1, [{ head: utf8('1'), annex: Buffer.alloc(2_000_000) }]))).toMatchObject({ reason: 'too-large' });
    const perhaps = [{ head: utf8('1'), annex: Buffer.alloc(800_000) }]; // a third more as it is stored
    expect(await failing(store.append(1, perhaps))).toMatchObject({ reason: 'too-large' });
    await store.append(1, ours);
  });

  it('exhausted breaks the connection: unknown, and the next append works', async () => {
    server.faults.push({ fault: 'exhausted', stored: false });
    expect(await failing(store.append(1, ours))).toEqual({ name: 'ResultUnknown' });
    expect(await readBack(store, 1, ours)).toBe('absent');
    await store.append(1, ours);
  });

  it('a conflict names where the ledger ends', async () => {
    server.put(STREAM, [theirs]);
    await expect(store.append(1, ours)).rejects.toMatchObject({ name: 'Conflict', expected: 1, last: 1 });
    await expect(store.append(9, ours)).rejects.toMatchObject({ name: 'Conflict', expected: 9, last: 1 });
  });
});

describe('a server that is away', () => {
  it('says not stored and not read at once, and both work again when it is back, on the same store', async () => {
    server.stop();
    const began = Date.now();
    expect(await failing(store.append(1, ours))).toEqual({ name: 'StoreUnavailable', reason: 'unreachable' });
    expect(await failing(store.read(0, all))).toEqual({ name: 'StoreUnavailable', reason: 'unreachable' });
    expect(Date.now() - began).toBeLessThan(5_000);
    await server.start();
    const back = Date.now();
    await store.append(1, ours);
    expect(Date.now() - back).toBeLessThan(2_000);
    expect(await heads()).toEqual(['a0', 'ours0', 'ours1']);
  });

  it('a store that is closed meanwhile answers closed, and twice closed is closed', async () => {
    server.faults.push({ fault: 'silent', stored: false });
    const open = failing(store.append(1, ours));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await store.close();
    await store.close();
    expect((await open).name).toMatch(/ResultUnknown|StoreUnavailable/);
    expect(await failing(store.last())).toEqual({ name: 'StoreUnavailable', reason: 'closed' });
  });
});

describe('a read', () => {
  const many = batch('m', 50);
  beforeEach(() => store.append(1, many));

  it.each(['drop', 'silent'] as const)(
    'that ends halfway (%s) is begun again or fails, and never gives less than it says',
    async (fault) => {
      server.readFaults.push({ after: 20, fault });
      const outcome = await store.read(0, all).catch((error: unknown) => error);
      if (Array.isArray(outcome)) expect(outcome).toHaveLength(51);
      else expect(outcome).toMatchObject({ reason: 'unreachable' });
      expect(await heads()).toHaveLength(51);
    },
  );

  it('stops the server when it has enough', async () => {
    expect(await store.read(3, { records: 5, bytes: 1 << 20 })).toHaveLength(5);
    expect(await store.read(3, { records: 50, bytes: 4 })).toHaveLength(1);
  });
});

describe('a cluster', () => {
  it('appends and reads go to the leader, and follow it when it changes or dies', async () => {
    const log = server.log;
    const nodes = [server, await new ScriptedServer(log).start(), await new ScriptedServer(log).start()];
    const lead = (leader: ScriptedServer) => {
      for (const node of nodes) [node.leader, node.members] = [leader, nodes];
    };
    lead(nodes[1]!);
    const cluster = openKurrentStore(`esdb://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}?tls=false`, STREAM);
    await cluster.append(1, batch('b', 1));
    expect(nodes[1]!.appends).toBe(1);

    lead(nodes[2]!);
    const deposed = await failing(cluster.append(2, batch('c', 1)));
    if (deposed.name !== 'no failure') {
      expect(deposed).toEqual({ name: 'ResultUnknown' }); // the client's streams break together
      expect(await readBack(cluster, 2, batch('c', 1))).toBe('absent');
      await cluster.append(2, batch('c', 1));
    }
    expect(await cluster.last()).toBe(2);

    nodes[2]!.stop();
    lead(nodes[0]!);
    for (let tries = 0; tries < 5; tries++) if ((await failing(cluster.append(3, batch('d', 1)))).name === 'no failure') break;
    expect((await cluster.read(0, all)).map(({ head }) => Buffer.from(head).toString())).toEqual(['a0', 'b0', 'c0', 'd0']);
    await cluster.close();
    for (const node of nodes) node.stop();
  });
});

it('no append ever goes without the exact revision', async () => {
  await store.append(1, ours);
  await failing(store.append(1, ours));
  expect(server.inexact).toBe(0);
});

it('the doorbell rings again after the connection was cut', async () => {
  let rung = 0;
  store.watch!(() => rung++);
  const rings = async (): Promise<void> => {
    const before = rung;
    for (let waited = 0; rung === before && waited < 5_000; waited += 20) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(rung).toBeGreaterThan(before);
  };
  await rings();
  server.put(STREAM, [theirs]);
  await rings();
  await server.restart();
  await rings();
  server.put(STREAM, [theirs]);
  await rings();
});
