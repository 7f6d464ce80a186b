/**
 * Two application processes, with folders of their own, on one ledger: each reads its own writes and the other's, neither loses or doubles
 * anything, an import of one survives a start of the other, and originals of another ledger are refused.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AbandonImport, CloseImport, OpenImportOfFile } from '#ledger';
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

  it('leave alone what the other imports, and abandon their own after a crash', async () => {
    const ledger = store();
    const [first, second] = await pair(ledger);
    const counts = { rows: 0, withCode: 0, withoutCode: 0, noCodeNeeded: 0, alreadyThere: 0 };
    const opening = {
      import: 'i-mine', sha256: 'a'.repeat(64), bytes: 1, kind: 'whole-vouchers', format: 'csv', profile: 'voucher-csv', book: 'erp', year: 2023, counts,
      vouchers: 0, file: 'f.csv', periods: [], grants: [], decisions: [], units: [], readAtSeq: first.folder.commands.seq,
    } as const; // prettier-ignore
    await first.folder.commands.handle(new OpenImportOfFile(opening), { caller: CALLER });
    writeFileSync(join(first.folder.folder, 'importing', 'i-mine'), ''); // as an import in that folder leaves it
    const { folder } = second.folder;
    await apps.pop()!.close();
    const again = await app({ folder, store: ledger });
    const open = () => again.folder.commands.look(({ openImports }) => openImports.size);
    expect(await open()).toBe(1);
    const where = first.folder.folder;
    await apps.shift()!.close();
    const restarted = await app({ folder: where, store: ledger });
    expect(await restarted.folder.commands.look(({ openImports }) => openImports.size)).toBe(0);
    await expect(again.folder.commands.handle(new CloseImport({ import: 'i-mine' }), { caller: CALLER })).rejects.toMatchObject({
      refusal: 'import-not-open',
    });
    await expect(
      again.folder.commands.handle(new AbandonImport({ import: 'i-mine', because: 'x' }), { caller: CALLER }),
    ).rejects.toMatchObject({
      refusal: 'import-not-open',
    });
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
