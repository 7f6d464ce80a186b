/**
 * One ledger, two stores, one answer: the demo ledger is copied from its file to a server and back, and every report, every head and every
 * leaf is the same; and one file imported into both comes to the same.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { openReader, sha256, type StoreDescription } from '#eventstore';
import { copyLedger, digestLedger, ensureDemo, LedgerFolder } from '#cqrs';
import { AbandonImport, hex, leafHash, OpenImportOfFile, type Command } from '#ledger';
import { demoFolder, demoSteps } from '../../libs/cqrs/src/demo-data.js';
import { seededRandom } from '../../libs/cqrs/src/demo-ledger.js';
import { CALLER, everyReport, opened, region, removeTemporary, serverPlace, temporary, type Place } from './places.js';

let place: Place;
const [file, onServer, back] = ['demo', 'on-server', 'back'];
let root: string;
let setting: string;
beforeAll(async () => {
  [place, root] = [await serverPlace(), temporary()];
  setting = place.setting();
}, 180_000);
afterAll(async () => {
  removeTemporary();
  await place.end();
});

const recordsIn = async (store: StoreDescription) => {
  const reader = openReader(store);
  try {
    const found = [];
    for (;;) {
      const part = await reader.read(found.length, { records: 500, bytes: 1 << 22 });
      if (part.length === 0) return found;
      found.push(...part);
    }
  } finally {
    await reader.close();
  }
};
const reportsOf = async (folder: string, store = '') => {
  const app = await opened({ folder, store });
  try {
    return await everyReport(app);
  } finally {
    await app.close();
  }
};

describe('the demo ledger', () => {
  it('is copied to a server and back, and holds and answers the same', async () => {
    const [from, to, again] = [join(root, file!), join(root, onServer!), join(root, back!)];
    await ensureDemo(from);
    const stages = new Set<string>();
    const there = await copyLedger({ folder: from }, { folder: to, address: setting }, undefined, (stage) => stages.add(stage));
    expect([...stages]).toEqual(['events', 'originals', 'answers']);
    expect(there.copied).toBe(there.last + 1);
    expect(there.originals).toBeGreaterThan(0);
    const home = await copyLedger({ folder: to }, { folder: again }, setting);
    expect(home).toEqual(there);
    expect(await copyLedger({ folder: to }, { folder: again }, setting)).toEqual({ ...there, copied: 0, originals: 0 });
    for (const [folder, store] of [[from], [to, setting], [again]] as const)
      expect(await digestLedger({ folder }, store)).toEqual({ last: there.last, digest: there.digest });

    const stream = /stream=([^&]+)/.exec(setting)![1]!;
    const [ours, theirs] = [
      await recordsIn({ kind: 'sqlite', folder: from }),
      await recordsIn({ kind: 'kurrentdb', address: setting, stream }),
    ];
    const leaves = (records: typeof ours) => records.map(({ head }) => hex(leafHash(head, sha256)));
    expect(theirs.map(({ head }) => Buffer.from(head).toString())).toEqual(ours.map(({ head }) => Buffer.from(head).toString()));
    expect(leaves(theirs)).toEqual(leaves(ours));

    const expected = await reportsOf(from);
    expect(expected.size).toBeGreaterThan(100);
    expect(await reportsOf(to, setting)).toEqual(expected);
    expect(await reportsOf(again)).toEqual(expected);
  }, 180_000);

  it('is not copied onto another ledger, nor onto itself', async () => {
    const other = join(root, 'other');
    const ledger = await LedgerFolder.open({ folder: other, create: true, caller: CALLER });
    const opening: unknown = demoSteps(demoFolder()).steps[0];
    await ledger.commands.handle((opening as { readonly command: Command }).command, { caller: CALLER });
    await ledger.close();
    const from = { folder: join(root, file!) };
    await expect(copyLedger(from, { folder: other }, undefined)).rejects.toMatchObject({ refusal: 'copy-place-taken' });
    await expect(copyLedger(from, from, undefined)).rejects.toMatchObject({ refusal: 'copy-place-taken' });
    await expect(copyLedger({ folder: join(root, 'none') }, { folder: join(root, 'new') }, undefined)).rejects.toMatchObject({
      refusal: 'ledger-missing',
    });
  }, 60_000);
});

describe('a ledger with an import that is open', () => {
  const opening = new OpenImportOfFile({
    ...{ import: 'i-öppen', sha256: 'ab'.repeat(32), bytes: 1, kind: 'whole-vouchers', format: 'csv', profile: 'voucher-csv' },
    ...{ book: 'erp', year: 2023, counts: { rows: 2, withCode: 2, withoutCode: 0, noCodeNeeded: 0, alreadyThere: 0 }, vouchers: 1 },
    ...{ periods: ['2023-05'], grants: [], decisions: [], units: [], file: 'maj.csv', readAtSeq: 999_999 },
  });

  it('is not copied, for nobody could carry on with it there; it is when the import is given up', async () => {
    const [from, to] = [join(root, 'open'), join(root, 'open-copy')];
    const app = await opened({ folder: from, create: true });
    await region(app);
    await app.folder.handle(opening, { caller: CALLER });
    await app.close();
    const stages = new Set<string>();
    const address = place.setting();
    const copied = copyLedger({ folder: from }, { folder: to, address }, undefined, (stage) => stages.add(stage));
    await expect(copied).rejects.toMatchObject({
      refusal: 'copy-import-open',
      facts: { import: 'i-öppen', book: 'erp', year: 2023 },
      message: expect.stringContaining('liggare import abandon i-öppen'),
    });
    expect([...stages]).toEqual([]);
    const again = await opened({ folder: from });
    await again.folder.handle(new AbandonImport({ import: 'i-öppen', because: 'flyttar' }), { caller: CALLER });
    await again.close();
    expect((await copyLedger({ folder: from }, { folder: to, address }, undefined)).copied).toBeGreaterThan(0);
  }, 60_000);
});

describe('a file imported into both', () => {
  it('comes to the same reports', async () => {
    const data = demoFolder();
    const { book, year, steps } = demoSteps(data);
    const until = steps.findIndex((step) => 'file' in step) + 1;
    const made = async (folder: string, store: string) => {
      let now = 0;
      const ledger = await LedgerFolder.open({
        folder,
        store,
        create: true,
        caller: CALLER,
        clock: () => now,
        random: seededRandom('both'),
      });
      try {
        for (const [index, step] of steps.slice(0, until).entries()) {
          now = Date.parse(step.at);
          if ('file' in step)
            await ledger.importFile(createReadStream(join(data, step.file)), {
              caller: CALLER,
              book,
              year,
              name: 'januari.csv',
              id: 'i-both',
            });
          else await ledger.handle(step.command, { caller: CALLER, key: `both-${index}` });
        }
      } finally {
        await ledger.close();
      }
      return reportsOf(folder, store);
    };
    const ours = await made(join(root, 'import-file'), '');
    expect(ours.get('/imports?limit=10000')).toMatchObject({ rows: [{ status: 'closed' }] });
    const address = place.setting();
    expect(await made(join(root, 'import-server'), address)).toEqual(ours);
  }, 180_000);
});
