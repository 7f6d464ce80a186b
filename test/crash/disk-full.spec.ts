/**
 * A disk that fills up during an import, at ever new places: the upload, the parts, the events. The import is whole or nothing, says why,
 * and goes in once there is room. A small disk of its own (tmpfs) takes the rights of root; where they are missing, the list of tests says so.
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anna, cost } from '../../libs/imports/src/given.js';
import { Refusal } from '../../libs/ledger/src/index.js';
import { founding, reopened } from './ledger.js';
import { fileOf, FILE_VOUCHERS } from './writing-child.js';

const mount = (...args: string[]) => spawnSync('mount', args).status === 0;
const disk = mkdtempSync(join(tmpdir(), 'liggaren-full-'));
const isRoot = process.getuid?.() === 0 && mount('-t', 'tmpfs', '-o', 'size=64m', 'liggaren', disk);
const rooted = isRoot ? it : it.skip;
if (!isRoot) process.stderr.write('No import met a full disk: mounting one needs root.\n');
afterAll(() => {
  if (isRoot) spawnSync('umount', ['--lazy', disk]);
  rmSync(disk, { recursive: true, force: true });
});

const text = fileOf(0, 0);
const request = { caller: anna, book: 'erp', year: 2023, name: 'mars.csv' };
async function* wholeFile(): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < text.length; from += 60_000) yield Buffer.from(text.slice(from, from + 60_000));
}
const usedKiB = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + Math.ceil(statSync(join(folder, name)).size / 4_096) * 4,
    0,
  );

describe('a disk that is full', () => {
  const met = new Set<string>();

  // the file has to be received, then read into parts beside it, and then it goes into the log
  const fileKiB = Math.ceil(Buffer.byteLength(text) / 1024);
  for (const roomKiB of [4, fileKiB >> 1, fileKiB + 60, ...Array.from({ length: 9 }, (_, i) => Math.ceil(fileKiB * (2 + i / 2)))])
    rooted(`with room for ${roomKiB} KiB more: an import is whole or nothing, says why, and goes in once there is room`, async () => {
      mount('-o', 'remount,size=64m', disk);
      const folder = mkdtempSync(join(disk, 'ledger-'));
      await founding(folder);
      const first = await reopened(folder);
      const stages: string[] = [];
      mount('-o', `remount,size=${usedKiB(disk) + roomKiB}k`, disk);
      const error: unknown = await first.files.importFile(wholeFile(), request, ({ stage }) => void stages.push(stage)).then(() => null, (refused: unknown) => refused); // prettier-ignore
      met.add(error === null ? 'done' : (stages.at(-1) ?? 'nothing'));
      if (error instanceof Refusal) met.add(error.refusal);
      expect(existsSync(join(folder, 'incoming')) ? readdirSync(join(folder, 'incoming')) : []).toEqual([]);
      if (error !== null) {
        expect(error).toBeInstanceOf(Refusal);
        expect(error).toMatchObject({
          refusal: expect.stringMatching(/^(?:store-unavailable|import-stopped)$/),
          facts: { reason: 'disk-full' },
        });
        expect(first.commands.ledger.numbers('erp', 2023).count).toBe(0);
      }

      mount('-o', 'remount,size=64m', disk);
      await first.commands.handle(cost(5), { caller: anna });
      const { outcome, resumed } = await first.files.importFile(wholeFile(), request);
      expect(resumed !== null).toBe(error instanceof Refusal && error.refusal === 'import-stopped');
      expect(outcome).toBe(error === null ? 'already-imported' : 'imported');
      expect(first.commands.ledger.numbers('erp', 2023).count).toBe(FILE_VOUCHERS);
      await first.commands.close();
      const second = await reopened(folder);
      expect(second.commands.ledger.numbers('erp', 2023).count).toBe(FILE_VOUCHERS);
      await second.commands.close();
      rmSync(folder, { recursive: true });
    });

  rooted('was met before the file was received, before it was read, and while it was posted', () =>
    expect([...met]).toEqual(expect.arrayContaining(['nothing', 'receiving', 'posting', 'done', 'import-stopped'])),
  );
});
