/**
 * Random books through the whole way of an import, held against other accounting programs, which share no line with ours: every
 * balance per grant, unit, account and period must agree to the öre. What is not installed is skipped, and said.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as law from '#ledger';
import type { Answers } from '#projections';
import { Book } from '../books/book.js';
import { write } from '../books/bytes.js';
import { journal, reportCsv } from '../books/csv-file.js';
import { BookLedger, reportProfile, sieProfile } from '../books/ledger-of.js';
import { sieFile } from '../books/sie-file.js';
import { sumsOf } from '../books/sums.js';

const installed = (program: string) => spawnSync(program, ['--version']).status === 0;
/** What each is asked, so that it prints every balance, those that are zero too. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  hledger: ['balance', '--flat', '--no-total', '-E'],
  ledger: ['balance', '--flat', '--no-total', '--empty'],
};
const peers = Object.keys(PROGRAMS).filter(installed);
for (const program of Object.keys(PROGRAMS).filter((each) => !peers.includes(each)))
  process.stdout.write(`Skipped: ${program} is not installed, so random books were not compared with it (apt-get install ${program}).\n`);

/** The ways that a book comes in. */
const WAYS: Readonly<Record<string, (ledger: BookLedger, book: Book) => Promise<unknown>>> = {
  'the simple CSV': (ledger, book) => ledger.importCsv(book),
  'SIE 4E through a profile': (ledger, book) => through(ledger, sieProfile(), sieFile(book, { checksum: true })),
  'the ERP’s list in Windows-1252 through a profile': (ledger, book) =>
    through(ledger, reportProfile({ debitAndCredit: true }), reportCsv(book, { debitAndCredit: true, grouped: true })),
  'SIE 4I in UTF-8, a month a file': async (ledger, book) => {
    await ledger.act(new law.SetProfile({ profile: 'erp', validFrom: '2020-01-01', settings: sieProfile() }));
    for (let month = 1; month <= 13; month += 1)
      await ledger.import(sieFile(book, { kind: '4I', encoding: 'utf-8', months: { from: month, to: month } }), { profile: 'erp' });
  },
};

async function through(ledger: BookLedger, settings: law.ProfileSettings, file: Iterable<Uint8Array>) {
  await ledger.act(new law.SetProfile({ profile: 'erp', validFrom: '2020-01-01', settings }));
  await ledger.import(file, { profile: 'erp' });
}

/** Öre by `grant|unit|account|period`, without those that are zero. */
type Balances = [string, bigint][];
const balancesOf = (of: Iterable<readonly [string, bigint]>): Balances =>
  [...of]
    .filter(([, ore]) => ore !== 0n)
    .map(([key, ore]): [string, bigint] => [key, ore])
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** As another program sums them from a journal of the same book. */
function peersBalances(program: string, file: string): Balances {
  const said = execFileSync(program, ['-f', file, ...PROGRAMS[program]!], { encoding: 'utf8', maxBuffer: 1 << 27 });
  const rows = said.split('\n').filter((row) => row.trim());
  return balancesOf(
    rows.map((row) => {
      const [, amount, period, account, unit, grant] = /^\s*(-?[\d.]+)\s+([^:\s]+):([^:]+):([^:]+):(\S+)$/.exec(row)!;
      return [`${grant === 'none' ? '' : grant}|${unit}|${account}|${period}`, BigInt(law.parseOre(amount!))] as const;
    }),
  );
}

/** From the general ledger, page by page. */
function ourBalances(answers: Answers, year: number): Balances {
  const sums = new Map<string, bigint>();
  for (let after: string | undefined; ;) {
    const page = answers.ledgerLines({ year, limit: 10_000, ...(after !== undefined && { after }) });
    for (const { grant, unit, account, period, amountOre } of page.lines) {
      const key = `${grant ?? ''}|${unit}|${account}|${period}`;
      sums.set(key, (sums.get(key) ?? 0n) + amountOre);
    }
    if (page.next === null) return balancesOf(sums);
    after = page.next;
  }
}

(peers.length ? describe : describe.skip).each(['first', 'second', 'third'].map((name, i) => ({ name, seed: 1 + 100 * i })))(
  'a random book ($name)',
  ({ seed }) => {
    const book = new Book({ seed, vouchers: 400 });
    let folder: string;
    let theirs: Record<string, Balances>;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'liggaren-peer-'));
      const file = join(folder, 'book.journal');
      await write(
        file,
        journal(book, { account: ({ grant, unit, account }, period) => `${period}:${account}:${unit}:${grant || 'none'}` }),
      );
      theirs = Object.fromEntries(peers.map((program) => [program, peersBalances(program, file)]));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('comes to in other programs what its maker says', () => {
      const made = balancesOf([...sumsOf(book.vouchers())].map(([key, ore]) => [key, BigInt(ore)] as const));
      for (const program of peers) expect([program, theirs[program]]).toEqual([program, made]);
    });

    it.each(Object.keys(WAYS))('agrees to the öre, per grant, unit, account and period, by way of %s', async (way) => {
      const home = mkdtempSync(join(folder, 'ledger-'));
      const ledger = await BookLedger.open(home, book);
      await WAYS[way]!(ledger, book);
      await ledger.close();
      const answers = await ledger.answers();
      const ours = ourBalances(answers, book.year);
      for (const program of peers) expect([program, ours]).toEqual([program, theirs[program]]);

      // and the answers that people see, with the sign turned once
      const balances = theirs[peers[0]!]!.map(([key, ore]) => ({ key: key.split('|'), ore }));
      const sum = (grant: string, unit: string, from: string, to: string, period?: string) =>
        balances.reduce(
          (total, { key: [code, of, account, month], ore }) =>
            code === grant && of === unit && account! >= from && account! <= to && (period === undefined || month === period)
              ? total + ore
              : total,
          0n,
        );
      for (const unit of book.region.ansvar) {
        const { grants } = answers.net({ year: book.year, scope: unit });
        expect(grants.filter(({ verdict }) => verdict !== 'no-movement').length).toBeGreaterThan(0);
        for (const { grant, incomeOre, costOre, netOre } of grants) {
          expect([unit, grant, incomeOre]).toEqual([unit, grant, -sum(grant, unit, '3000', '3999')]);
          expect([unit, grant, costOre]).toEqual([unit, grant, -sum(grant, unit, '4000', '8999')]);
          expect(netOre).toBe(incomeOre + costOre);
        }
        for (const { grant } of grants.slice(0, 3))
          for (const { period, netOre } of answers.periods({ year: book.year, scope: unit, grant }).periods)
            expect([unit, grant, period, netOre]).toEqual([unit, grant, period, -sum(grant, unit, '3000', '8999', period)]);
      }
      answers.close();
    });
  },
);
