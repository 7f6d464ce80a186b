/**
 * What a cut of power leaves of the embedded store: everything acknowledged, gapless, byte for byte. The same test goes red with weaker
 * syncing (asserted here), so it can fail; kill -9 alone never would, since the kernel keeps what a dead process wrote.
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { allRecords, appending, isWhole, lost } from '../../libs/eventstore/src/appending-testing.js';
import { reopened } from '../crash/ledger.js';
import { FILE_VOUCHERS } from '../crash/writing-child.js';
import { powerCut, type Place } from './power-cut.js';

const power = powerCut();
const cut = power.unavailable === null ? it : it.skip;
const unless = power.unavailable === null ? '' : ` (skipped: ${power.unavailable})`;
const MANY = 1_000_000;
const WEAKER = ['--import', join(import.meta.dirname, 'weaker-sync.js')];
if (power.unavailable !== null) process.stderr.write(`No power was cut: ${power.unavailable}.\n`);
afterAll(() => power.remove());

/** Appends until that many batches are acknowledged, cuts the power, and answers with the ledger on the disk and how much is lost of what was acknowledged. */
async function life(place: Place, batches: number, synchronous?: string) {
  const child = await appending(
    join(place.folder, 'ledger'),
    'p',
    MANY,
    { ...place.env, POWER_CUT_SYNCHRONOUS: synchronous },
    synchronous ? WEAKER : [],
  );
  if (batches > 0) {
    child.begin();
    await child.after(batches);
  }
  await child.kill();
  const found = await allRecords(join(place.shadow, 'ledger'));
  return { child, found, lost: lost(found, [child]), acknowledged: (child.acknowledged.at(-1)?.[1] ?? -1) + 1 };
}

/** Runs a program on the ledger of that place and kills it; answers with what it said. */
function running(place: Place, program: string): string {
  const store = pathToFileURL(join(import.meta.dirname, '../../libs/eventstore/src/sqlite.js')).href;
  const whole = `import { unlinkSync, writeFileSync, writeSync } from 'node:fs'; import { openSqliteStore } from ${JSON.stringify(store)};
    const ledger = ${JSON.stringify(join(place.folder, 'ledger'))}, broken = ${JSON.stringify(place.broken)};
    ${program}; process.kill(process.pid, 'SIGKILL');`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', whole], {
    env: { ...process.env, ...place.env },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout;
}

describe(`a cut of power${unless}`, () => {
  cut('right after a ledger is made leaves the ledger, with its folders and its file', async () => {
    const place = power.place();
    const child = await appending(join(place.folder, 'region', 'ledger'), 'p', MANY, place.env);
    await child.kill();
    expect(readFileSync(join(place.shadow, 'region', 'ledger', 'events.sqlite')).length).toBeGreaterThan(0);
    expect(await allRecords(join(place.shadow, 'region', 'ledger'))).toEqual([]);
  });

  for (const batches of [1, 2, 25, 180, 400])
    cut(`after ${batches} acknowledged batches leaves every event of them, byte for byte, and no gap`, async () => {
      const after = await life(power.place(), batches);
      expect(after.acknowledged).toBeGreaterThanOrEqual(batches);
      expect(after.lost).toBe(0);
      expect(after.found.every((record) => isWhole(record, 'p'))).toBe(true);
    });

  for (const seed of [1, 2, 3, 4])
    cut(`loses nothing when the disk also holds torn pieces of what was not synced (seed ${seed})`, async () => {
      const after = await life(power.place({ leak: 0.4, seed }), 60 * seed);
      expect(after.lost).toBe(0);
      expect(after.found.every((record) => isWhole(record, 'p'))).toBe(true);
    });

  cut('after a cut of power, and once more, leaves what every life was acknowledged', async () => {
    let place = power.place();
    const children = [];
    for (let round = 1; round <= 5; round++) {
      const after = await life(place, 40 * round);
      children.push(after.child);
      expect(lost(after.found, children)).toBe(0);
      place = power.place({ after: place, leak: round % 2 ? 0.3 : 0, seed: round });
    }
  });

  cut('leaves what a second process answered from, though the first was killed before it had synced', async () => {
    const place = power.place();
    const first = await appending(join(place.folder, 'ledger'), 'p', MANY, { ...place.env, POWER_CUT_SYNCHRONOUS: 'OFF' }, WEAKER);
    first.begin();
    await first.after(20);
    await first.kill();
    const stdout = running(place, `writeSync(1, String(await openSqliteStore(ledger).last()))`);
    expect(Number(stdout)).toBeGreaterThanOrEqual(first.acknowledged.at(-1)![1]);
    const found = await allRecords(join(place.shadow, 'ledger'));
    expect(found.length - 1).toBe(Number(stdout));
    expect(lost(found, [first])).toBe(0);
  });

  for (const [parts, leak, chosen] of [
    [1, 0, ''],
    [1, 0.4, ''],
    [2, 0.4, ''],
    [1, 0, 'chosen'],
    [1, 0.4, 'chosen'],
  ] as const)
    cut(
      `in the middle of an import (when ${parts} parts were sent${leak ? ', with torn pieces' : ''}${chosen && ', of chosen rows'}) leaves what the next start carries to its end`,
      async () => {
        const place = power.place({ leak, seed: parts });
        const child = [join(import.meta.dirname, 'importing-child.js'), join(place.folder, 'ledger'), String(parts), chosen];
        const { signal, stderr } = spawnSync(process.execPath, child, { env: { ...process.env, ...place.env }, encoding: 'utf8' });
        expect(`${signal} ${stderr}`).toBe('SIGKILL ');
        const { commands, resumed } = await reopened(join(place.shadow, 'ledger'));
        expect(resumed).toMatchObject([{ outcome: 'resumed' }]);
        const all = chosen ? Math.floor((2 * 2 * FILE_VOUCHERS) / 3) : FILE_VOUCHERS; // a third of them is of another grant
        expect(commands.ledger.numbers(chosen ? 'valda' : 'erp', 2023).count).toBe(all);
        await commands.close();
      },
    );

  for (const synchronous of ['OFF', 'NORMAL'])
    cut(`with synchronous=${synchronous} does lose acknowledged events: this test can fail`, async () => {
      const after = await life(power.place(), 60, synchronous);
      expect(after.acknowledged).toBeGreaterThanOrEqual(60);
      expect(after.lost).toBeGreaterThan(0);
    });
});

describe(`a sync that fails${unless}`, () => {
  const appendOnBroken = `const store = openSqliteStore(ledger), one = (text) => [{ head: Buffer.from(text), annex: null }];
    const say = (promise) => promise.then(JSON.stringify, (error) => error.name + ' ' + (error.reason ?? error.cause?.code)).then((text) => writeSync(1, text + '; '));
    await say(store.append(0, one('a')));
    writeFileSync(broken, '');
    await say(store.append(1, one('b')));`;

  cut('makes the result unknown; the ledger ends where it did, and the same batch can be sent again', async () => {
    const place = power.place();
    const said = running(place, `${appendOnBroken} await say(store.last()); unlinkSync(broken); await say(store.append(1, one('b')));`);
    expect(said).toBe('{"last":0}; ResultUnknown SQLITE_IOERR_FSYNC; 0; {"last":1}; ');
    expect((await allRecords(join(place.shadow, 'ledger'))).map(({ head }) => String(head))).toEqual(['a', 'b']);
  });

  cut('may leave the batch stored all the same, for whoever opens the ledger after a kill: that is why it was unknown', async () => {
    const place = power.place();
    expect(running(place, appendOnBroken)).toBe('{"last":0}; ResultUnknown SQLITE_IOERR_FSYNC; ');
    expect((await allRecords(join(place.folder, 'ledger'))).map(({ head }) => String(head))).toEqual(['a', 'b']);
    expect((await allRecords(join(place.shadow, 'ledger'))).map(({ head }) => String(head))).toEqual(['a']);
  });
});

describe(`the disk of these tests${unless}`, () => {
  /** Runs a script in `node:fs` terms (`at(name)` is a path in the folder) under the library; answers with the disk after the cut. */
  function disk(script: string, leak = 0): Record<string, string> {
    const place = power.place({ leak });
    const program = `const fs = require('node:fs'); const at = (name) => ${JSON.stringify(`${place.folder}/`)} + name;
      const write = (name, text, sync) => { const fd = fs.openSync(at(name), 'a'); fs.writeSync(fd, text); if (sync) fs.fsyncSync(fd); fs.closeSync(fd); };
      const syncFolder = (name = '') => { const fd = fs.openSync(at(name)); fs.fsyncSync(fd); fs.closeSync(fd); };
      ${script}; process.kill(process.pid, 'SIGKILL');`;
    const { signal, stderr } = spawnSync(process.execPath, ['-e', program], { env: { ...process.env, ...place.env } });
    expect(`${signal} ${String(stderr)}`).toBe('SIGKILL ');
    const names = readdirSync(place.shadow, { recursive: true, withFileTypes: true });
    return Object.fromEntries(
      names.filter((one) => one.isFile()).map((one) => [one.name, readFileSync(join(one.parentPath, one.name), 'utf8')]),
    );
  }

  cut('holds a file only when both its bytes and its name were synced', () => {
    expect(disk(`write('both', 'x', true); write('bytes', 'x', false); syncFolder(); write('name', 'x', true)`)).toEqual({
      both: 'x',
      bytes: '',
    });
  });
  cut('holds what was written before the last sync of the file, not after', () => {
    expect(disk(`write('a', '1', true); syncFolder(); write('a', '2', true); write('a', '3', false)`)).toEqual({ a: '12' });
  });
  cut('keeps the old file until the folder of a rename is synced', () => {
    const replace = `write('a', 'old', true); syncFolder(); write('b', 'new', true); fs.renameSync(at('b'), at('a'));`;
    expect(disk(replace)).toEqual({ a: 'old' });
    expect(disk(`${replace} syncFolder()`)).toEqual({ a: 'new' });
  });
  cut('keeps a removed file until its folder is synced', () => {
    const remove = `write('a', '1', true); syncFolder(); fs.unlinkSync(at('a'));`;
    expect(disk(remove)).toEqual({ a: '1' });
    expect(disk(`${remove} syncFolder()`)).toEqual({});
  });
  cut('holds a file in a new folder only when that folder’s own name was synced too', () => {
    const make = `fs.mkdirSync(at('f')); write('f/a', '1', true); syncFolder('f');`;
    expect(disk(make)).toEqual({});
    expect(disk(`${make} syncFolder()`)).toEqual({ a: '1' });
  });
  cut('forgets a truncation that was not synced', () => {
    expect(disk(`write('a', '123', true); syncFolder(); fs.truncateSync(at('a'), 1)`)).toEqual({ a: '123' });
  });
  cut('holds everything when everything leaks', () => {
    expect(disk(`write('a', '', false); write('a', '1', false)`, 1)).toEqual({ a: expect.stringMatching(/^1?$/) });
  });
});
