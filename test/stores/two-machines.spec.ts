/**
 * Two application processes, with folders of their own, on one ledger: each reads its own writes and the other's, neither loses or doubles
 * anything, an import of one survives a start of the other, and originals of another ledger are refused.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoreDescription } from '#eventstore';
import { CALLER, cost, opened, region, removeTemporary, serverPlace, temporary, type Opened, type Place } from './places.js';

let place: Place;
const apps: Opened[] = [];
beforeAll(async () => void (place = await serverPlace()), 180_000);
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  removeTemporary();
});
afterAll(() => place.end());
const app = async (...asked: Parameters<typeof opened>) => {
  apps.push(await opened(...asked));
  return apps.at(-1)!;
};
/** Two machines of one ledger. `originals/` is shared, as an operator mounts it. */
async function pair(store: string | StoreDescription): Promise<readonly [Opened, Opened]> {
  const [one, two] = [temporary(), temporary()];
  const originals = join(one, 'originals');
  mkdirSync(originals);
  symlinkSync(originals, join(two, 'originals'));
  const first = await app({ folder: one, store, create: true });
  await region(first);
  return [first, await app({ folder: two, store })];
}
const stores: readonly (readonly [name: string, store: () => string | StoreDescription])[] = [
  ['a server', () => place.setting()],
  ['one file that both have open', () => ({ kind: 'sqlite', folder: temporary() })],
];

const rows = Array.from({ length: 3_000 }, (_, i) => `${i + 1},2023-05-03,7010,1.00,614,9916,Konsult\n${i + 1},2023-05-03,2440,-1.00,614,,Konsult\n`); // prettier-ignore
rows.push(...[...rows, ...rows].map((row) => row.replaceAll(/^\d+/gm, '3001'))); // a voucher larger than one part
const file = Buffer.from(`number,date,account,amount,unit,grant,text\n${rows.join('')}`);
const offered = ({ folder }: Opened, told?: Parameters<Opened['folder']['importFile']>[2]) =>
  folder.importFile(Readable.from([file]), { caller: CALLER, book: 'erp', year: 2023, name: 'maj.csv' }, told);
/** Imports the file on a machine that dies in the midst of it: nothing more is stored. */
async function stoppedOn(machine: Opened): Promise<void> {
  const gone: Promise<void>[] = [];
  const dies = ({ stage }: { readonly stage: string }) => {
    if (stage === 'posting' && gone.length === 0) gone.push(machine.folder.commands.close());
  };
  await expect(offered(machine, dies)).rejects.toMatchObject({ refusal: 'import-stopped' });
  await Promise.all(gone);
}

describe.each(stores)('two machines on %s', (_, store) => {
  it('read their own writes and each other’s', async () => {
    const [first, second] = await pair(store());
    const { seq, vouchers } = (await first.post('/vouchers/costs', cost(100))).json<{ seq: number; vouchers: string[] }>();
    expect((await second.get(`/vouchers/${vouchers[0]}?minSeq=${seq}`)).status).toBe(200);
    expect((await second.get('/health/ready')).json()).toMatchObject({ ready: true, seq, lag: { figures: 0 } });
    const answer = await second.post('/vouchers/costs', cost(200));
    expect([answer.status, answer.json<{ vouchers: string[] }>().vouchers]).toEqual([201, ['own-2023-2']]);
    expect((await first.get(`/vouchers/own-2023-2?minSeq=${answer.json<{ seq: number }>().seq}`)).status).toBe(200);
    expect((await first.get('/reports/net?minSeq=999')).json()).toMatchObject({ status: 409 });
  }, 60_000);

  it('hear of each other unasked', async () => {
    const [first, second] = await pair(store());
    const { seq } = (await first.post('/vouchers/costs', cost(100))).json<{ seq: number }>();
    const deadline = Date.now() + 10_000;
    while (second.folder.projection.positions.lines < seq && Date.now() < deadline) await pause(20);
    expect(second.folder.projection.positions.lines).toBe(seq);
    expect(second.folder.seq).toBe(seq);
  }, 60_000);

  it('write at the same time, and every voucher is there once', async () => {
    const [first, second] = await pair(store());
    const written = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const to = n % 2 ? first : second;
        for (;;) {
          const answer = await to.post('/vouchers/costs', cost(n + 1), { 'idempotency-key': `k${n}` });
          if (answer.status < 300) return answer.json<{ vouchers: string[] }>().vouchers[0]!;
          if (answer.status !== 503) throw new Error(answer.body);
        }
      }),
    );
    expect(new Set(written).size).toBe(40);
    await second.folder.reach((await second.folder.readiness()).seq, 'lines');
    const { vouchers } = (await second.get('/reports/journal?limit=1000&format=json')).json<{ vouchers: { voucher: string }[] }>();
    expect(vouchers.map(({ voucher }) => voucher).sort()).toEqual([...written].sort());
  }, 60_000);

  it('leave alone what the other imports, and carry on with their own after a crash', async () => {
    const ledger = store();
    const [first, second] = await pair(ledger);
    await stoppedOn(first);
    const { folder } = second.folder;
    await apps.pop()!.close();
    const again = await app({ folder, store: ledger });
    const open = (of: Opened) => of.folder.commands.look(({ openImports }) => openImports.size);
    again.folder.resumeImports();
    expect(await again.folder.imports.resume(CALLER)).toEqual([]);
    await expect(offered(again)).rejects.toMatchObject({ refusal: 'import-elsewhere' });
    expect(await open(again)).toBe(1);
    const where = first.folder.folder;
    await apps.shift()!.close();
    const restarted = await app({ folder: where, store: ledger });
    expect(await open(restarted)).toBe(1); // a verb of the terminal leaves it
    restarted.folder.resumeImports();
    const deadline = Date.now() + 20_000;
    while ((await open(restarted)) === 1 && Date.now() < deadline) await pause(20);
    const numbers = await restarted.folder.commands.look((state) => state.numbers('erp', 2023).count);
    expect([await open(restarted), numbers]).toEqual([0, 3_001]);
    expect(await offered(again)).toMatchObject({ outcome: 'already-imported' });
    while (readdirSync(join(where, 'importing')).length > 0 && Date.now() < deadline) await pause(20);
    expect(readdirSync(join(where, 'importing'))).toEqual([]);
  }, 60_000);

  it('are not held up for ever where one is gone: the other gives its import up, with the reason, and takes in the file', async () => {
    const [first, second] = await pair(store());
    await stoppedOn(first);
    const { import: id } = (await second.get(`/imports?minSeq=${first.folder.seq}`)).json<{ rows: { import: string }[] }>().rows[0]!;
    await expect(offered(second)).rejects.toMatchObject({
      refusal: 'import-elsewhere',
      message: expect.stringContaining(`avbryt importen (liggare import abandon ${id})`),
    });
    const elsewhere = async (app: Opened) =>
      (await app.get(`/imports?minSeq=${app.folder.seq}`)).json<{ rows: { elsewhere: boolean }[] }>().rows[0]!.elsewhere;
    expect([await elsewhere(first), await elsewhere(second)]).toEqual([false, true]);
    const answer = await second.post(`/imports/${id}/abandonment`, { because: 'datorn är kasserad' });
    expect(answer.status).toBe(201);
    const { seq } = answer.json<{ seq: number }>();
    expect((await second.get(`/imports?minSeq=${seq}`)).json()).toMatchObject({
      rows: [{ status: 'abandoned', because: 'datorn är kasserad' }],
    });
    expect(await offered(second)).toMatchObject({ outcome: 'imported', vouchers: 3_001 });
    expect(await elsewhere(second)).toBe(false);
  }, 60_000);

  it('refuse originals of another ledger, and a folder without the originals that were imported', async () => {
    const ledger = store();
    const [first, second] = await pair(ledger);
    const mark = join(first.folder.folder, 'originals', 'ledger.json');
    const rows = ['number,date,account,amount,unit', '1,2023-03-01,7010,1.00,614', '1,2023-03-01,2440,-1.00,614', ''].join('\n');
    const chunks = async function* () {
      yield Buffer.from(rows);
    };
    const imported = await second.folder.importFile(chunks(), { caller: CALLER, book: 'erp', year: 2023, name: 'f.csv' });
    expect(imported.outcome).toBe('imported');
    expect(first.folder.imports.original(imported.sha256)).not.toBeNull();
    const { ledgerId } = JSON.parse(readFileSync(mark, 'utf8')) as { ledgerId: string };
    expect(ledgerId).toMatch(/^[0-9a-f-]{36}$/);
    const { folder } = second.folder;
    await apps.pop()!.close();
    writeFileSync(mark, JSON.stringify({ ledgerId: 'another' }));
    await expect(opened({ folder, store: ledger })).rejects.toMatchObject({ refusal: 'originals-of-another-ledger' });
    writeFileSync(mark, JSON.stringify({ ledgerId }));
    rmSync(join(folder, 'originals'));
    await expect(opened({ folder, store: ledger })).rejects.toMatchObject({ refusal: 'originals-missing' });
  }, 60_000);
});

describe('a folder and the setting', () => {
  it('contradict each other only with a clear no', async () => {
    const [server, file, empty] = [temporary(), temporary(), temporary()];
    const setting = place.setting();
    await region(await app({ folder: server, store: setting, create: true }));
    await region(await app({ folder: file, create: true }));
    for (const one of apps.splice(0)) await one.close();
    await expect(opened({ folder: server })).rejects.toMatchObject({ refusal: 'ledger-on-server' });
    await expect(opened({ folder: file, store: setting })).rejects.toMatchObject({ refusal: 'ledger-in-file' });
    await expect(opened({ folder: server, store: place.setting() })).rejects.toMatchObject({ refusal: 'ledger-other-stream' });
    await expect(opened({ folder: empty, store: 'postgres://x', create: true })).rejects.toMatchObject({
      refusal: 'store-address-malformed',
    });
    await expect(opened({ folder: empty, store: setting.replace(/[&?]stream=.*/, '') })).rejects.toMatchObject({
      refusal: 'ledger-missing',
    });
    await expect(opened({ folder: empty, store: place.setting() })).rejects.toMatchObject({ refusal: 'ledger-missing' });
    expect(existsSync(join(empty, 'store.json'))).toBe(false);
    const joined = await app({ folder: empty, store: setting });
    expect((await joined.get(`/ledger?minSeq=${joined.folder.seq}`)).json()).toMatchObject({ name: 'Region Exempel' });
  }, 60_000);
});
