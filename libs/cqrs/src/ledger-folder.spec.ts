/** A ledger's folder in one process: two at a time, one holder each, everything given back, and the buses bound to all there is. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { openSqliteReader } from '#eventstore';
import { FIRST_CLASSES, FIRST_PATTERN, ledgerDecider, OpenLedger, RegisterGrant } from '#ledger';
import { readModelsOf } from '#projections';
import { commandHandlers } from './command-handlers.js';
import { ensureDemo } from './demo-ledger.js';
import { Desk } from './desk.js';
import { LedgerFolder } from './ledger-folder.js';
import { LedgerModule } from './ledger.module.js';
import { QUESTIONS, queryHandlers } from './query-handlers.js';

const folders: string[] = [];
const temporary = () => {
  folders.push(mkdtempSync(join(tmpdir(), 'liggaren-cqrs-')));
  return folders.at(-1)!;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const opening = (name: string) =>
  new OpenLedger({
    organisationNumber: '232100-0214',
    name,
    region: 'REG',
    demo: false,
    timeZone: 'Europe/Stockholm',
    grantCodePattern: FIRST_PATTERN,
    accountClasses: FIRST_CLASSES,
  });
async function started(folder: string) {
  const app = await Test.createTestingModule({ imports: [LedgerModule.forRoot({ folder, create: true })] }).compile();
  return app.init();
}

describe('a ledger’s folder', () => {
  it('has a handler for every command and every question', () => {
    expect(commandHandlers(ledgerDecider).map(({ name }) => name)).toContain('RecodeCostHandler');
    expect([commandHandlers(ledgerDecider).length, queryHandlers().length]).toEqual([ledgerDecider.commands.length, QUESTIONS.length]);
  });

  it('is one of two in the same process, and neither knows of the other', async () => {
    const apps = [await started(temporary()), await started(temporary())];
    try {
      const desks = apps.map((app) => app.get(Desk));
      const [first] = await Promise.all(desks.map((desk, i) => desk.act(opening(`Region ${i}`))));
      const { seq } = await desks[0]!.act(new RegisterGrant({ grant: '9916', name: 'Nära vård', validFrom: '2023-01-01' }));
      expect(seq).toBeGreaterThan(first!.seq);
      expect((await desks[0]!.ask('grants', [], seq)).rows.map(({ grant }) => grant)).toEqual(['9916']);
      expect((await desks[1]!.ask('grants', [], 0)).rows).toEqual([]);
      expect((await desks[1]!.ask('ledger', [], 0)).name).toBe('Region 1');
    } finally {
      for (const app of apps) await app.close();
    }
  });

  it('names its holder to whoever comes second, and is free when it is closed', async () => {
    const folder = temporary();
    const first = await LedgerFolder.open({ folder, create: true });
    await expect(LedgerFolder.open({ folder })).rejects.toMatchObject({ refusal: 'ledger-held', facts: { pid: process.pid } });
    await first.commands.handle(opening('Region'), { caller: first.caller });
    await first.close();
    const second = await LedgerFolder.open({ folder });
    await second.close();
    expect(readdirSync(folder).filter((name) => /wal|shm|holder/.test(name))).toEqual([]);
  });

  it('is closed and free for the next where its holder can no longer be written, as on a full disk', async () => {
    const folder = temporary();
    const first = await LedgerFolder.open({ folder, create: true });
    await first.commands.handle(opening('Region'), { caller: first.caller });
    mkdirSync(join(folder, 'holder.json.new')); // in the place of what is written
    await first.close();
    rmdirSync(join(folder, 'holder.json.new'));
    const second = await LedgerFolder.open({ folder });
    await second.close();
  });

  it('is refused in words where the disk does not let its answers be kept', async () => {
    const folder = temporary();
    await (await LedgerFolder.open({ folder, create: true })).close();
    rmSync(join(folder, 'read-models'), { recursive: true });
    mkdirSync(readModelsOf(folder), { recursive: true }); // in the place of the file that is made
    await expect(LedgerFolder.open({ folder, create: true })).rejects.toMatchObject({
      refusal: 'store-unavailable',
      facts: { reason: 'io-error' },
    });
  });

  it('is refused where there is no ledger and none is to be made', () =>
    expect(LedgerFolder.open({ folder: join(temporary(), 'none') })).rejects.toMatchObject({ refusal: 'ledger-missing' }));

  it.each(['x', ''])('is refused where its folder (file/%s) cannot be made, for something on the way is a file', async (below) => {
    const file = join(temporary(), 'file');
    writeFileSync(file, '');
    const folder = join(file, below);
    await expect(LedgerFolder.open({ folder, create: true })).rejects.toMatchObject({ refusal: 'folder-unusable', facts: { folder } });
  });

  it('is refused where its log is there and empty: what was in it is lost, or it was never opened', async () => {
    const folder = temporary();
    await (await LedgerFolder.open({ folder, create: true })).close();
    await expect(LedgerFolder.open({ folder })).rejects.toMatchObject({ refusal: 'ledger-missing' });
  });

  it('says how far the answers have come where they are behind or ahead', async () => {
    const ledger = await LedgerFolder.open({ folder: temporary(), create: true });
    try {
      await expect(ledger.reach(5, 'figures')).rejects.toMatchObject({ refusal: 'seq-ahead' });
      ledger.appended = () => {}; // a doorbell that nobody hears: the wait itself rings
      await ledger.commands.handle(opening('Region'), { caller: ledger.caller });
      await ledger.reach(ledger.commands.seq, 'lines');
      await ledger.projection.close();
      await ledger.commands.handle(new RegisterGrant({ grant: '9916', name: 'Nära vård', validFrom: '2023-01-01' }), {
        caller: ledger.caller,
      });
      await expect(ledger.reach(ledger.commands.seq, 'figures', 50)).rejects.toMatchObject({ refusal: 'projection-behind' });
    } finally {
      await ledger.close();
    }
  });
});

describe('the demo', () => {
  it('has the same bytes every time it is made', async () => {
    const bytes = async (folder: string) => {
      expect(await ensureDemo(folder)).toBe(true);
      expect(await ensureDemo(folder)).toBe(false);
      const reader = openSqliteReader(folder);
      const records = await reader.read(0, { records: 100_000, bytes: 1 << 30 });
      await reader.close();
      return records.map(({ head, annex }) => `${Buffer.from(head).toString()}\n${annex ? Buffer.from(annex).toString() : ''}`);
    };
    const [first, second] = [await bytes(join(temporary(), 'demo')), await bytes(join(temporary(), 'demo'))];
    expect(first.length).toBeGreaterThan(300);
    expect(second).toEqual(first);
  });

  it('never gives way to, nor takes the place of, what is not a demo', async () => {
    const folder = temporary();
    const ledger = await LedgerFolder.open({ folder, create: true });
    await ledger.commands.handle(opening('Region Exempel'), { caller: ledger.caller });
    await ledger.close();
    const before = readFileSync(join(folder, 'events.sqlite'));
    await expect(ensureDemo(folder)).rejects.toMatchObject({ refusal: 'folder-not-demo', facts: { name: 'Region Exempel' } });
    expect(readFileSync(join(folder, 'events.sqlite')).equals(before)).toBe(true);
  });
});
