/**
 * The server for events is away under load: writes are answered within 5 s with 503, questions go on, /health/ready says what is wrong, and
 * when it is back everything goes on by itself, each acknowledged voucher there once. Then each kind of failure on its own.
 */
import { afterEach, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { openStore, ResultUnknown, StoreUnavailable, type EventStore, type StoreDescription } from '#eventstore';
import { ScriptedServer } from '../eventstore/scripted-server.js';
import { newStream } from '../eventstore/servers.js';
import { CALLER, cost, opened, region, removeTemporary, temporary, type Opened } from './places.js';

const apps: Opened[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  removeTemporary();
});

describe('a server that goes away under 8 writers', () => {
  it('is missed for as long as it is away and no longer', async () => {
    const server = await new ScriptedServer().start();
    const logged: string[] = [];
    const app = await opened({
      folder: temporary(),
      store: `${server.address}&stream=${newStream()}`,
      create: true,
      measured: true,
      report: (_, about) => void logged.push(about ?? ''),
    });
    apps.push(app);
    await region(app);
    const acknowledged = new Map<string, string>();
    const answers: { readonly status: number; readonly ms: number; readonly type: string; readonly retry: unknown }[] = [];
    let over = false;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; !over; n += 1) {
        const key = `w${writer}-${n}`;
        for (;;) {
          const began = performance.now();
          const answer = await app.post('/vouchers/costs', cost(n + 1), { 'idempotency-key': key });
          const { type = '' } = answer.json<{ type?: string }>();
          answers.push({ status: answer.status, ms: performance.now() - began, type, retry: answer.headers['retry-after'] });
          if (answer.status < 300) {
            acknowledged.set(key, answer.json<{ vouchers: string[] }>().vouchers[0]!);
            break;
          }
          await pause(50);
        }
      }
    });
    await pause(500);
    server.stop();
    await pause(4_000);
    const began = performance.now();
    const ready = await app.get('/health/ready');
    expect(performance.now() - began).toBeLessThan(5_000);
    expect([ready.status, ready.json()]).toMatchObject([503, { type: 'urn:liggaren:refusal:not-ready', facts: { reason: 'unreachable' } }]);
    expect((await app.get('/health/live')).status).toBe(200);
    expect((await app.get('/reports/net?year=2023')).status).toBe(200);
    expect((await app.get('/')).status).toBe(200);
    expect((await app.get('/metrics')).body).toMatch(/^liggaren_store_up 0$/m);
    await pause(2_000);
    const before = acknowledged.size;
    await server.start();
    const back = performance.now();
    while (acknowledged.size === before && performance.now() - back < 20_000) await pause(20);
    expect(acknowledged.size).toBeGreaterThan(before);
    expect(performance.now() - back).toBeLessThan(10_000);
    await pause(500);
    over = true;
    await Promise.all(writers);

    const failed = answers.filter(({ status }) => status >= 300);
    expect(failed.length).toBeGreaterThan(0);
    for (const { status, type, retry } of failed) {
      expect([status, retry]).toEqual([503, '1']);
      expect(type).toMatch(/:(store-unavailable|result-unknown)$/);
    }
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(5_000);
    const now = (await app.get('/health/ready')).json<{ ready: boolean; seq: number }>();
    expect(now.ready).toBe(true);
    const { vouchers } = (await app.get(`/reports/journal?limit=10000&format=json&minSeq=${now.seq}`)).json<{
      vouchers: { voucher: string }[];
    }>();
    const stored = vouchers.map(({ voucher }) => voucher);
    expect(new Set(stored).size).toBe(stored.length);
    expect([...acknowledged.values()].filter((voucher) => !stored.includes(voucher))).toEqual([]);
    expect(stored.length).toBe(acknowledged.size);
    expect(logged).toContain('store-trouble');
    expect(logged).toContain('store-back');
    await apps.pop()!.close();
    server.stop();
  }, 60_000);
});

describe('a server that goes away while a file is imported', () => {
  it('leaves the import open, says so, and when it is back the import is carried to its end by itself', async () => {
    const server = await new ScriptedServer().start();
    const logged: string[] = [];
    const report = (_: string, about?: string) => void logged.push(about ?? '');
    const app = await opened({ folder: temporary(), store: `${server.address}&stream=${newStream()}`, create: true, report });
    apps.push(app);
    await region(app);
    app.folder.resumeImports();
    const rows = Array.from({ length: 5_000 }, (_, i) => `${i + 1},2023-05-03,7010,1.00,614,9916,Konsult\n${i + 1},2023-05-03,2440,-1.00,614,,Konsult\n`); // prettier-ignore
    const file = Readable.from([Buffer.from(`number,date,account,amount,unit,grant,text\n${rows.join('')}`)]);
    const request = { caller: CALLER, book: 'erp', year: 2023, name: 'maj.csv' };
    let away = false;
    const refused = app.folder.importFile(file, request, ({ stage }) => {
      if (stage === 'posting' && !away) server.stop();
      away ||= stage === 'posting';
    });
    await expect(refused).rejects.toMatchObject({ refusal: 'import-stopped', facts: { reason: 'unreachable' } });
    const open = () => app.folder.commands.look(({ openImports }) => openImports.size);
    expect(await open()).toBe(1);
    const deadline = Date.now() + 40_000;
    while (!logged.includes('import-stopped') && Date.now() < deadline) await pause(20);
    await server.start();
    while (!logged.includes('import-resumed') && Date.now() < deadline) await pause(50);
    expect(await open()).toBe(0);
    expect(await app.folder.commands.look((ledger) => ledger.numbers('erp', 2023).count)).toBe(5_000);
    expect(logged).toEqual(expect.arrayContaining(['import-stopped', 'import-resumed']));
    expect(logged).not.toContain('import-abandoned');
    await apps.pop()!.close();
    server.stop();
  }, 60_000);
});

describe('a store that fails', () => {
  const failing = async () => {
    const next: (Error | null)[] = [];
    const opening = (place: StoreDescription): EventStore => {
      const store = openStore(place);
      return new Proxy(store, {
        get: (of, name) => {
          if (name !== 'append') return typeof of[name as 'last'] === 'function' ? of[name as 'last'].bind(of) : of[name as 'last'];
          return async (...asked: Parameters<EventStore['append']>) => {
            const error = next.shift();
            if (error) throw error;
            return of.append(...asked);
          };
        },
      });
    };
    const app = await opened({ folder: temporary(), create: true, measured: true, opening });
    apps.push(app);
    await region(app);
    return { app, next };
  };

  it('answers 503 and Retry-After, and says whether anything was stored', async () => {
    const { app, next } = await failing();
    next.push(new StoreUnavailable('disk-full', 'no room'));
    const full = await app.post('/vouchers/costs', cost(1), { 'idempotency-key': 'a' });
    expect([full.status, full.headers['retry-after'], full.json()]).toMatchObject([
      503,
      '1',
      { type: 'urn:liggaren:refusal:store-unavailable', facts: { reason: 'disk-full' } },
    ]);
    next.push(...Array.from({ length: 10 }, () => new ResultUnknown(4)));
    const unknown = await app.post('/vouchers/costs', cost(1), { 'idempotency-key': 'a' });
    expect([unknown.status, unknown.headers['retry-after'], unknown.json()]).toMatchObject([
      503,
      '1',
      { type: 'urn:liggaren:refusal:result-unknown' },
    ]);
    next.length = 0;
    expect((await app.post('/vouchers/costs', cost(1), { 'idempotency-key': 'a' })).json()).toMatchObject({ vouchers: ['own-2023-1'] });
    expect((await app.get('/health/ready')).status).toBe(200);
    const metrics = (await app.get('/metrics')).body;
    expect(metrics).toMatch(/liggaren_commands_total\{command="PostCost",outcome="store-unavailable"\} 1/);
    expect(metrics).toMatch(/liggaren_commands_total\{command="PostCost",outcome="result-unknown"\} 1/);
    expect(metrics).toMatch(/liggaren_append_duration_seconds_count\{outcome="unknown"\} [1-9]/);
  });
});

describe('a store that does not answer', () => {
  it('keeps nobody waiting longer than 5 s, and the key tells later what came of it', async () => {
    const place: StoreDescription = { kind: 'sqlite', folder: temporary() };
    let held: Promise<void> = Promise.resolve();
    const opening = (store: StoreDescription): EventStore => {
      const opened = openStore(store);
      const { append } = opened;
      opened.append = async (...asked) => {
        await held;
        return append.apply(opened, asked);
      };
      return opened;
    };
    const app = await opened({ folder: temporary(), store: place, create: true, opening });
    apps.push(app);
    await region(app);
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    const began = performance.now();
    const answer = await app.post('/vouchers/costs', cost(1), { 'idempotency-key': 'slow' });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect([answer.status, answer.json()]).toMatchObject([503, { type: 'urn:liggaren:refusal:result-unknown' }]);
    resolve();
    const again = await app.post('/vouchers/costs', cost(1), { 'idempotency-key': 'slow' });
    expect([again.status, again.json()]).toMatchObject([200, { repeated: true, vouchers: ['own-2023-1'] }]);
  }, 30_000);
});
