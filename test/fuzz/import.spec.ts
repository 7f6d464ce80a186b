/**
 * Damaged SIE files through the whole import, into a ledger that has an undamaged one already: none stops the program or takes long,
 * each refusal names its rows, the counts of what enters add up, and nothing is there by half. `LIGGARE_FUZZ_FILES=100000 FUZZ_SEED=7` reads
 * as many as one likes (every one in this thread, each hundredth through the threads and the log); a failure names its seed.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRefusalName, Ledger, readRecord, type LedgerEvent, type SavedLedger } from '#ledger';
import { FileRefused } from '../../libs/imports/src/import-request.js';
import { formatOf } from '../../libs/imports/src/file-bytes.js';
import { knownOf, readFile } from '../../libs/imports/src/given.js';
import { addsUp, Desk, settings } from '../../libs/imports/src/profile-given.js';
import { wholeOf } from '../../libs/imports/src/read-file.js';
import { chanceFrom, cpuMs, mutated } from './mutation.js';
import { sieFile, WORDS } from './sie-files.js';

const files = Number(process.env['LIGGARE_FUZZ_FILES'] ?? 400);
const firstSeed = Number(process.env['FUZZ_SEED'] ?? 1);
const mostMs = 2_000;
/** One in so many goes through the threads and the log too. */
const THROUGH = files > 1_000 ? 100 : 10;

let desk: Desk;
let state: SavedLedger;
beforeAll(async () => {
  desk = await Desk.open([
    ['2020-01-01', { ...settings, filter: { drop: [{ series: ['Ö'], grantCode: false }] } }],
    ['2023-05-01', { ...settings, period: { from: 'line-date' } }],
  ]);
  for (const seed of [5, 6, 7]) await desk.consented(sieFile(chanceFrom(seed))).catch(() => undefined);
  state = desk.commands.ledger.save();
});
afterAll(() => desk.close());

const damaged = (seed: number) => {
  const chance = chanceFrom(seed);
  const whole = sieFile(chance(4) === 0 ? chanceFrom(5 + chance(3)) : chance);
  return mutated(whole, chance, WORDS);
};

/** What is wrong with how this file was read; empty where nothing is. */
function faults(seed: number, seen: { refused: number; accepted: number; asked: number }): string[] {
  const bytes = damaged(seed);
  const file = join(desk.folder, 'damaged');
  writeFileSync(file, bytes);
  const found: string[] = [];
  const wrong = (fault: string) => found.push(`seed ${seed}: ${fault}`);
  const versions = new Ledger(state).profiles.get('erp')!.versions;
  const began = cpuMs();
  const read = wholeOf([readFile(file, join(desk.folder, 'damaged.parts'), state, { format: formatOf(bytes), versions })], knownOf(state))!;
  if (cpuMs() - began > mostMs) wrong('more than 2 s of processor time');
  const lines = bytes.filter((byte) => byte === 10 || byte === 13).length + 1;
  for (const { row, finding } of [...read.errors, ...read.findings, ...read.asks])
    if (!(Number.isInteger(row) && row >= 1 && row <= lines) || !isRefusalName(finding)) wrong(`${finding} names row ${row} of ${lines}`);
  if (read.errors.length > 0) seen.refused += 1;
  else if (read.asks.length > 0) seen.asked += 1;
  else seen.accepted += 1;
  const { counts, vouchers, corrections } = read.gathered;
  const { rows, withCode, withoutCode, noCodeNeeded, alreadyThere, ignored, leftOut } = counts;
  if (read.errors.length === 0 && withCode + withoutCode + noCodeNeeded + alreadyThere + ignored + leftOut !== rows)
    wrong(`counts do not add up: ${JSON.stringify(counts)}`);
  if (
    read.errors.length === 0 &&
    (read.parts.reduce((sum, { count }) => sum + count, 0) !== vouchers || read.changes.length !== corrections)
  )
    wrong('vouchers and parts differ');
  return found;
}

describe('damaged SIE files through the import', () => {
  it(
    `${files} of them are read to their end, refused with a row, or come to rows that add up`,
    () => {
      const [found, seen]: [string[], { refused: number; accepted: number; asked: number }] = [[], { refused: 0, accepted: 0, asked: 0 }];
      for (let seed = firstSeed; seed < firstSeed + files && found.length < 20; seed += 1) {
        try {
          found.push(...faults(seed, seen));
        } catch (error) {
          found.push(`seed ${seed}: ${String((error as Error).stack)}`);
        }
      }
      expect(found).toEqual([]);
      expect([seen.refused > files / 20, seen.accepted + seen.asked > files / 50]).toEqual([true, true]);
    },
    60_000 + files * 30,
  );

  it(
    'enter whole or not at all',
    async () => {
      for (let seed = firstSeed; seed < firstSeed + files; seed += THROUGH) {
        const [bytes, before] = [damaged(seed), desk.store.log.length];
        const result = await desk.consented(bytes).catch((error: unknown) => error);
        const events = desk.store.log.slice(before).map(({ head, annex }, i): LedgerEvent => readRecord(before + i, head, annex).event);
        const types = events.map(({ type }) => type);
        if (result instanceof FileRefused) expect([seed, types]).toEqual([seed, types.length === 0 ? [] : ['ImportRefused']]);
        else if (result instanceof Error) throw new Error(`seed ${seed}`, { cause: result });
        else
          expect([seed, addsUp(result as never), types.length === 0 || types.at(-1) === 'ImportClosed']).toEqual([
            seed,
            (result as { counts: unknown }).counts !== null,
            true,
          ]);
      }
      expect(desk.commands.ledger.openImports.size).toBe(0);
      const folded = new Ledger();
      desk.store.log.forEach(({ head, annex }, seq) => folded.evolve(readRecord(seq, head, annex)));
      expect(folded.save()).toEqual(desk.commands.ledger.save());
    },
    60_000 + files * 30,
  );
});
