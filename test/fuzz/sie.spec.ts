/**
 * SIE files damaged at random: the reader never throws and never hangs, every complaint names a line of the file, what it
 * gives without an error balances, and rows add up. `FUZZ=100000 FUZZ_SEED=7 npm test -- fuzz` runs as many as one likes; a
 * failure names the seed of its file.
 */
import { describe, expect, it } from '@jest/globals';
import { hash } from 'node:crypto';
import { readSie, type Complaint, type SieVoucher } from '#sie';
import { chanceFrom, cpuMs, mutated } from './mutation.js';
import { sieFile, WORDS } from './sie-files.js';

const files = Number(process.env['FUZZ'] ?? 1_000);
const firstSeed = Number(process.env['FUZZ_SEED'] ?? 1);
const mostMs = 2_000;

function reading(bytes: Uint8Array, size: number) {
  const vouchers: SieVoucher[] = [];
  const complaints: Complaint[] = [];
  function* open() {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  }
  const taker = {
    voucher: (voucher: SieVoucher) => vouchers.push(voucher),
    complaint: (complaint: Complaint) => complaints.push(complaint),
  };
  return { summary: readSie(open, taker, { hash: (content) => hash('sha256', content, 'hex').slice(0, 16) }), vouchers, complaints };
}

/** What is wrong with how this file was read; empty where nothing is. */
function faults(seed: number): string[] {
  const chance = chanceFrom(seed);
  const bytes = mutated(sieFile(chance), chance, WORDS);
  const size = 1 + chance(600);
  const began = cpuMs();
  const { summary, vouchers, complaints } = reading(bytes, size);
  const whole = reading(bytes, Math.max(1, bytes.length));
  const lines = Buffer.from(bytes)
    .toString('latin1')
    .split(/\r\n|\r|\n/).length;
  const found: string[] = [];
  const wrong = (fault: string) => found.push(`seed ${seed}: ${fault}`);
  if (cpuMs() - began > mostMs) wrong('more than 2 s of processor time');
  for (const { line, name, text } of complaints) {
    if (!(Number.isInteger(line) && line >= 1 && line <= lines)) wrong(`${name} names line ${line} of ${lines}`);
    if (text.length > 80) wrong(`${name} shows ${text.length} characters`);
  }
  if (summary.errors !== complaints.filter(({ severity }) => severity === 'error').length) wrong('errors are not counted');
  if (JSON.stringify(whole.complaints) !== JSON.stringify(complaints) || JSON.stringify(whole.vouchers) !== JSON.stringify(vouchers))
    wrong('chunks change what is read');
  if (summary.errors > 0) return found;
  const rows = vouchers.reduce((sum, each) => sum + each.lines.length, 0);
  if (rows !== summary.rows.counted + summary.rows.added + summary.rows.struck) wrong('rows do not add up');
  for (const { lines, line, date } of vouchers) {
    if (lines.reduce((sum, { counted, amountOre }) => (counted ? sum + BigInt(amountOre) : sum), 0n) !== 0n)
      wrong(`the voucher of line ${line} does not balance`);
    if (![date, ...lines.map((each) => each.date)].every((day) => /^\d{4}-\d{2}-\d{2}$/.test(day)))
      wrong(`the voucher of line ${line} has no date`);
  }
  return found;
}

describe('damaged SIE files', () => {
  it(
    `${files} of them are read to their end, and what is wrong is said with its line`,
    () => {
      const found: string[] = [];
      for (let seed = firstSeed; seed < firstSeed + files && found.length < 20; seed += 1) {
        try {
          found.push(...faults(seed));
        } catch (error) {
          found.push(`seed ${seed}: ${String((error as Error).stack)}`);
        }
      }
      expect(found).toEqual([]);
    },
    60_000 + files * 20,
  );
  it('are refused and accepted both, so that the fuzzer says something', () => {
    const errors = Array.from(
      { length: 300 },
      (_, seed) => reading(mutated(sieFile(chanceFrom(seed)), chanceFrom(seed), WORDS), 4_096).summary.errors > 0,
    );
    expect(errors.filter(Boolean).length).toBeGreaterThan(60);
    expect(errors.filter((refused) => !refused).length).toBeGreaterThan(15);
  });
  it('undamaged, every one is accepted', () => {
    const refused = Array.from({ length: 200 }, (_, seed) => reading(sieFile(chanceFrom(seed)), 4_096).complaints)
      .flat()
      .filter(({ severity }) => severity === 'error');
    expect(refused).toEqual([]);
  });
});
