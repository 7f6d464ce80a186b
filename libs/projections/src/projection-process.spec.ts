/** The projection beside a server: rings and waits, a thread that dies, a process that is killed. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSqliteStore, type EventStore } from '#eventstore';
import { AbandonImport, CloseImport, PostCost } from '#ledger';
import { Answers } from './answers.js';
import { GivenLedger, line, voucher } from './given.js';
import { catchUp, followInThread, readModelsOf, startProjection, type Projection, type ProjectionOptions } from './projection-process.js';
import { Projector, type LinesWait } from './projector.js';

let folder: string;
let store: EventStore;
let given: GivenLedger;
let stored = 0;
const running: Projection[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'projection-'));
  store = openSqliteStore(folder);
  stored = 0;
  given = await GivenLedger.withUnits();
  await given.grant('9916', { decision: '9916-A' });
  await append();
});
afterEach(async () => {
  for (const projection of running.splice(0)) await projection.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Started, and closed after the test whatever it finds: a thread left running would keep jest from ending. */
async function started(options: ProjectionOptions): Promise<Projection> {
  const projection = await startProjection(options);
  running.push(projection);
  return projection;
}

async function append(): Promise<void> {
  const records = given.store.log.slice(stored);
  await store.append(stored, records);
  stored += records.length;
}

/** An import of vouchers, one to a part. */
async function post(id: string, vouchers = 40): Promise<void> {
  const first = stored * 1000;
  await given.import(
    id,
    Array.from({ length: vouchers }, (_, i) => [
      voucher(first + i, [line('4010', i + 1, 'cost', { grant: '9916' }), line('2440', -i - 1, 'none')]),
    ]),
  );
  await append();
}

const netOre = (file: string): bigint => {
  const answers = new Answers(file);
  expect(answers.completeness().equal).toBe(true);
  const { total } = answers.net({ year: 2023 });
  answers.close();
  return total.netOre;
};

describe('a projection in a thread', () => {
  it('takes what is there, rings on, and answers for what it has taken', async () => {
    const projection = await started({ folder });
    await projection.waitFor(stored - 1, 20_000);
    await post('a');
    projection.ring();
    await projection.waitFor(stored - 1, 20_000);
    expect(projection.positions).toEqual({ figures: stored - 1, lines: stored - 1 });
    expect(netOre(projection.file)).toBe(-820n);
    await projection.close();
  });

  it('refuses to wait for ever', async () => {
    const projection = await started({ folder });
    await expect(projection.waitFor(stored + 5, 50)).rejects.toMatchObject({
      refusal: 'projection-behind',
      facts: { seq: stored + 5, waitedMs: 50 },
    });
    const waiting = projection.waitFor(stored + 5, 20_000);
    waiting.catch(() => {});
    await projection.close();
    await expect(waiting).rejects.toMatchObject({ refusal: 'projection-behind' });
  });

  it('says what it met, and goes on when it can', async () => {
    const troubles: Error[] = [];
    const projection = await started({ folder, onTrouble: (error) => troubles.push(error) });
    await projection.waitFor(stored - 1, 20_000);
    const bad = openSqliteStore(folder);
    await bad.append(stored, [{ head: new TextEncoder().encode('no event'), annex: null }]);
    await bad.close();
    projection.ring();
    while (troubles.length === 0) await pause(5);
    expect(troubles[0]).toMatchObject({ name: 'UnreadableEvent' });
    expect(projection.trouble).toBe(troubles.at(-1));
    await expect(projection.waitFor(stored, 100)).rejects.toMatchObject({ refusal: 'projection-behind' });
    await projection.close();
  });
});

describe('a projection whose thread dies', () => {
  it('is started again, and goes on where it was', async () => {
    const troubles: string[] = [];
    const worker = new URL('./dying-worker.js', import.meta.url);
    const projection = await started({ folder, worker, onTrouble: ({ message }) => troubles.push(message) });
    await post('a');
    while (troubles.length < 2) await pause(5);
    await projection.waitFor(stored - 1, 20_000);
    expect(troubles).toEqual(['dies 1', 'dies 2']);
    while (projection.trouble !== null) await pause(5); // until the third has begun
    expect(netOre(projection.file)).toBe(-820n);
    await projection.close();
  });

  it('is not started where the read models cannot be opened', async () => {
    await expect(
      started({ folder, file: join(folder, 'models'), store: { kind: 'sqlite', folder: join(folder, 'none') } }),
    ).rejects.toMatchObject({ message: expect.stringContaining('no ledger') });
  });
});

describe('a projection in this thread, or once', () => {
  it('gives the same answers', async () => {
    await post('a');
    const projection = await followInThread(given.store, join(folder, 'here.sqlite'));
    await projection.waitFor(stored - 1, 20_000);
    await projection.close();
    const file = readModelsOf(folder);
    expect(await catchUp({ kind: 'sqlite', folder }, file)).toEqual({ figures: stored - 1, lines: stored - 1 });
    expect([netOre(projection.file), netOre(file)]).toEqual([-820n, -820n]);
  });

  it('leaves its thread to others between two batches: whoever puts the log back is heard there', async () => {
    await post('a');
    const projector = new Projector(given.store, join(folder, 'in-one-go.sqlite'), { records: 1, bytes: 1 });
    await projector.open();
    let [batches, turns, ended] = [0, 0, false];
    const turn = (): void => {
      turns += 1;
      if (!ended) setImmediate(turn);
    };
    setImmediate(turn);
    await projector.advance(() => (batches += 1));
    ended = true;
    projector.close();
    expect(batches).toBeGreaterThan(40);
    expect(turns).toBeGreaterThanOrEqual(batches);
  });
});

describe('the lines of an import that is coming in', () => {
  const parts = [[voucher(1, [line('4010', 100, 'cost', { grant: '9916' }), line('2440', -100, 'none')])]];
  const projectorWaiting = async (waits: LinesWait): Promise<Projector> => {
    const projector = new Projector(given.store, join(folder, 'waiting.sqlite'), undefined, waits);
    await projector.open();
    await projector.advance();
    return projector;
  };

  it('leave the machine to its figures, and come when it is closed', async () => {
    const projector = await projectorWaiting({ lullMs: 60_000, mostMs: 60_000 });
    const before = given.store.log.length - 1;
    expect(projector.positions).toEqual({ figures: before, lines: before });
    await given.import('i', parts, 'open');
    const imported = given.store.log.length - 1;
    expect(await projector.advance()).toEqual({ figures: imported, lines: before });
    expect(projector.waitsMs).toBeGreaterThan(0);
    await given.act(new CloseImport({ import: 'i' }));
    expect(await projector.advance()).toEqual({ figures: imported + 1, lines: imported + 1 });
    projector.close();
  });

  it.each([
    ['for a part that does not come', { lullMs: 30, mostMs: 60_000 }],
    ['for ever, however long parts come', { lullMs: 60_000, mostMs: 30 }],
  ])('do not wait %s', async (_, waits) => {
    await given.import('i', parts, 'open');
    const projector = await projectorWaiting(waits);
    while (projector.waitsMs > 0) await pause(5);
    const last = given.store.log.length - 1;
    expect(await projector.advance()).toEqual({ figures: last, lines: last });
    projector.close();
  });

  it('come by themselves where the import is left open', async () => {
    const projection = await started({ folder });
    await projection.waitFor(stored - 1, 20_000);
    await given.import('i', parts, 'open');
    await append();
    projection.ring();
    const late = performance.now() + 20_000;
    while (projection.positions.lines < stored - 1 && performance.now() < late) await pause(5);
    expect(projection.positions).toEqual({ figures: stored - 1, lines: stored - 1 });
  });
});

describe('a projector that is started again after an import was abandoned', () => {
  it('tells of every voucher that came after a seq, also where that seq is of the import', async () => {
    const file = join(folder, 'abandoned.sqlite');
    const journalFrom = (fromSeq: number) => {
      const answers = new Answers(file);
      const { vouchers } = answers.journal({ fromSeq });
      answers.close();
      return vouchers.map(({ voucher: ref }) => ref);
    };
    const part = (number: number) => [voucher(number, [line('4010', 100, 'cost'), line('2440', -100, 'none')])];
    await given.import('i', [part(1), part(2), part(3)], 'open');
    const lastPart = given.seq;
    await given.act(new AbandonImport({ import: 'i', because: 'Fel fil' }));
    await append();
    await catchUp({ kind: 'sqlite', folder }, file);
    const lines = [
      { account: '4010', amountOre: 100, unit: '614' },
      { account: '1930', amountOre: -100, unit: '614' },
    ];
    await given.act(new PostCost({ eventDate: '2023-03-10', text: 'Kurs', counterparty: 'Part', document: 'F-1', lines }));
    await append();
    await catchUp({ kind: 'sqlite', folder }, file);
    expect(journalFrom(0)).toEqual(['own-2023-1']);
    expect(journalFrom(lastPart)).toEqual(['own-2023-1']);
  });
});

describe('a projector that is killed', () => {
  it('goes on where it was, whenever it was: no event twice, none skipped', async () => {
    await post('a', 300);
    const file = join(folder, 'killed.sqlite');
    let kills = 0;
    for (let done = false; !done && kills < 12;) {
      const child = fork(join(import.meta.dirname, 'projector-child.js'), [folder, file]);
      const begun = new Promise<void>((resolve) => child.once('message', () => resolve()));
      child.on('message', (message) => (done ||= message === 'done'));
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await begun;
      await pause(5 + kills * 7);
      child.kill('SIGKILL');
      await ended;
      kills++;
    }
    expect(kills).toBeGreaterThan(1);
    await catchUp({ kind: 'sqlite', folder }, file);
    expect(netOre(file)).toBe(-45_150n);
  });
});
