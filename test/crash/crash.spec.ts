/**
 * kill -9 in the middle of posts, of imports, and of files with all that can be said of them (consent, new, control totals, chosen rows): whatever was acknowledged is there under its key,
 * an import that had begun is carried to its end by the next start, one that had not is gone, and none is there by half. `LIGGARE_CRASH_ROUNDS=200 npm test -- crash` kills as often as one
 * likes. (That it also survives a cut of power is test/power-cut's to show.)
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anna } from '../../libs/imports/src/given.js';
import type { LedgerEvent } from '../../libs/ledger/src/index.js';
import { founding, reopened } from './ledger.js';
import { fileOf, FILE_VOUCHERS, postOf } from './writing-child.js';

const asked = Number(process.env['LIGGARE_CRASH_ROUNDS'] ?? 0);
const ROUNDS = { posts: asked || 25, imports: asked || 25, changes: asked || 15, new: asked || 6, control: asked || 6, chosen: asked || 6 };

/** What shows in the log that an import was asked for in its mode's way. */
const SAID: { readonly [mode in keyof typeof ROUNDS]: (event: LedgerEvent) => boolean } = {
  posts: () => false,
  imports: ({ type }) => type === 'VouchersImported',
  changes: ({ type }) => type === 'VoucherCorrected',
  new: ({ type, data }) => type === 'ImportOpened' && data.asNew !== undefined,
  control: ({ type }) => type === 'ControlTotalsRecorded',
  chosen: ({ type, data }) => type === 'ImportOpened' && data.keptSha256 !== undefined,
};

/** Runs a child until it has said so many lines after it was ready (of imports: stages and imports only), and a little longer; kills it; answers with all it said. */
async function killed(folder: string, mode: keyof typeof ROUNDS, round: number, lines: number, delayMs: number): Promise<string[][]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'writing-child.js'), folder, mode, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  let [rest, counted, dying] = ['', 0, false];
  const kill = () => child.kill('SIGKILL');
  child.stdout.on('data', (bytes: Buffer) => {
    const whole = (rest + bytes.toString()).split('\n');
    rest = whole.pop()!;
    said.push(...whole);
    counted += whole.filter((line) => mode === 'posts' || !line.startsWith('posted')).length;
    if (counted <= lines || dying) return;
    dying = true;
    if (delayMs === 0) kill();
    else setTimeout(kill, delayMs);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect([code, signal]).toEqual([null, 'SIGKILL']);
  return said.map((line) => line.split(' '));
}

describe.each(['posts', 'imports', 'changes', 'new', 'control', 'chosen'] as const)(
  'a ledger whose process is killed with -9 during %s',
  (mode) => {
    let folder: string;
    const folders: string[] = [];
    afterAll(() => {
      for (const one of folders) rmSync(one, { recursive: true });
    });
    const seen = { posted: 0, imported: 0, resumed: 0, gone: 0, said: 0, inParts: 0 };

    it.each(Array.from({ length: ROUNDS[mode] }, (_, round) => round))(
      'has lost nothing that was acknowledged, and nothing is there by half (round %i)',
      async (round) => {
        if (round % 5 === 0) {
          folder = mkdtempSync(join(tmpdir(), 'liggaren-killed-'));
          folders.push(folder);
          await founding(folder);
        }
        // the lines of one import are some six, or fifteen where it changes vouchers: every place of it is met, and the files after it
        const said = await killed(
          folder,
          mode,
          round,
          mode === 'posts' ? (round * 3) % 75 : (round * (ROUNDS[mode] > 10 ? 1 : 7)) % (mode === 'imports' ? 12 : 37),
          round % 3 === 2 ? (round * 37) % 150 : (round * 7) % 5, // a file takes some 150 ms to read and post
        );
        const { commands, files, events, resumed } = await reopened(folder);
        expect(resumed.filter(({ outcome }) => outcome !== 'resumed')).toEqual([]);
        expect(events.filter(({ event }) => event.type === 'ImportAbandoned')).toEqual([]);
        const posted = said.filter(([what]) => what === 'posted');
        for (const [, seq, key] of posted) expect(events[Number(seq)]?.head.command).toBe(key);
        const imported = said.filter(([what]) => what === 'imported');
        const closed = events.flatMap(({ event }, seq) => (event.type === 'ImportClosed' ? [{ seq, id: event.data.import }] : []));
        for (const [, seq, id] of imported) expect(closed.filter((one) => one.seq <= Number(seq)).map((one) => one.id)).toContain(id);
        seen.posted += posted.length;
        seen.imported += imported.length;
        seen.resumed += resumed.length;
        seen.said += events.filter(({ event }) => SAID[mode](event)).length;
        seen.inParts += events.filter(({ event }) => event.type === 'VouchersImported' && event.data.part === 1).length;
        if (mode !== 'posts' && resumed.length === 0) seen.gone += 1; // killed before its import was opened, or after it was closed

        if (posted.length > 0) {
          const number = posted.length - 1;
          const { key, command } = postOf(round, number);
          const again = await commands.handle(command, { caller: anna, key });
          expect([again.repeated, again.seq]).toEqual([true, Number(posted.find(([, , other]) => other === key)![1])]);
        }
        if (mode === 'imports' && round % 6 === 5) {
          const text = fileOf(round, imported.length);
          const taken = commands.ledger.numbers('erp', 2023).count;
          const { outcome, vouchers } = await files.importFile(wholeFile(text), {
            caller: anna,
            book: 'erp',
            year: 2023,
            name: 'igen.csv',
          });
          expect([outcome, vouchers]).toEqual(outcome === 'already-imported' ? [outcome, 0] : ['imported', FILE_VOUCHERS]);
          expect(commands.ledger.numbers('erp', 2023).count).toBe(taken + vouchers);
        }
        await commands.close();
      },
    );

    it('was killed where it mattered', () => {
      expect(seen.posted).toBeGreaterThan(mode === 'posts' || mode === 'imports' ? ROUNDS[mode] * 5 : 0);
      if (ROUNDS[mode] > 10 && mode !== 'posts') expect([seen.imported > 2, seen.resumed > 1, seen.gone > 1]).toEqual([true, true, true]);
      if (mode !== 'posts') expect([seen.resumed > 0, seen.said > 0, seen.inParts > 0]).toEqual([true, true, true]);
      if (asked) process.stdout.write(`${mode}: ${JSON.stringify(seen)}\n`);
    });
  },
);

async function* wholeFile(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
