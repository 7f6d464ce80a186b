/** `liggare store`, as a user runs it: a copy with its proof, run twice, refused where it must be; and what a server prints for a log. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from './exit.js';
import { liggare, server, temporaryFolder } from './testing.js';

const root = temporaryFolder();
const [from, to] = [join(root, 'ledger'), join(root, 'copy')];
beforeAll(async () => {
  expect((await liggare(['init', '--ledger', from, '--name', 'Region Norr', '--orgnr', '232100-0214'])).code).toBe(EXIT.ok);
  await liggare(['grant', 'add', '9916', 'Nära vård', '--from', '2023-01-01', '--ledger', from]);
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('liggare store', () => {
  it('copies a ledger, proves it, and goes on where it was', async () => {
    const ran = await liggare(['store', 'copy', '--from', from, '--to', to]);
    expect([ran.code, ran.err]).toEqual([EXIT.ok, 'Händelser …\nOriginal …\nSvar …\n']);
    expect(ran.out).toMatch(
      /^Kopierat: 3 händelser och 0 original\. Båda slutar vid händelse 2\.\nSamma kontrollsumma: [0-9a-f]{64}\nSamma svar på \d+ frågor\.\n$/,
    );
    const sum = /[0-9a-f]{64}/.exec(ran.out)![0];
    const again = await liggare(['store', 'copy', '--from', from, '--to', to, '--lang', 'en', '--format', 'json']);
    expect(JSON.parse(again.out)).toMatchObject({ last: 2, copied: 0, digest: sum });
    for (const ledger of [from, to])
      expect((await liggare(['store', 'digest', '--ledger', ledger])).out).toBe(`${sum}  till och med händelse 2\n`);
    expect((await liggare(['grant', 'list', '--ledger', to])).out).toContain('9916');
  }, 60_000);

  it('says no in words, with the exit code of the kind', async () => {
    const other = join(root, 'other');
    await liggare(['init', '--ledger', other, '--name', 'Region Syd', '--orgnr', '232100-0131']);
    const taken = await liggare(['store', 'copy', '--from', from, '--to', other]);
    expect([taken.code, taken.err]).toEqual([EXIT.refused, expect.stringContaining('finns redan en annan liggare')]);
    const missing = await liggare(['store', 'copy', '--from', join(root, 'none'), '--to', join(root, 'new')]);
    expect([missing.code, existsSync(join(root, 'new'))]).toEqual([EXIT.usage, false]);
    const address = await liggare(['store', 'copy', '--from', from, '--to', 'esdb://127.0.0.1:1']);
    expect([address.code, address.err]).toEqual([EXIT.usage, 'En adress behöver en mapp också: ange --to-folder.\n']);
    const setting = await liggare(['grant', 'list', '--ledger', from], { LIGGARE_STORE: 'esdb://hemlig:losen@127.0.0.1:1?tls=false' });
    expect([setting.code, setting.err]).toEqual([EXIT.usage, expect.stringContaining('finns i mappens egen fil')]);
    expect(setting.err).not.toContain('losen');
  }, 60_000);

  it('does not copy what a server holds, and the server’s log is JSON with nobody in it', async () => {
    const serving = await server(['serve', '--ledger', from, '--port', '0']);
    const held = await liggare(['store', 'copy', '--from', from, '--to', join(root, 'held')]);
    expect([held.code, held.err]).toEqual([EXIT.notStored, expect.stringContaining('används av')]);
    expect((await liggare(['store', 'digest', '--ledger', from])).code).toBe(EXIT.ok);
    expect(await (await fetch(`${serving.address}/metrics`)).text()).toContain('liggaren_last_seq 2');
    expect(await serving.end()).toBe(0);
    const lines = serving
      .err()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      { time: expect.any(String), level: 'info', event: 'start', message: 'the server listens', address: serving.address },
      { time: expect.any(String), level: 'info', event: 'stop', message: 'the server ends' },
    ]);
  }, 60_000);

  it('has a manual in both languages', async () => {
    const [sv, en] = [await liggare(['store', 'copy', '--help']), await liggare(['store', 'copy', '--help', '--lang', 'en'])];
    expect(sv.out).toContain('liggare store copy --from ./ledger --to "$LIGGARE_STORE" --to-folder ./ledger-on-server');
    expect([sv.out, en.out]).toEqual([expect.stringContaining('kontrollsumma'), expect.stringContaining('The original never changes')]);
  }, 60_000);
});
