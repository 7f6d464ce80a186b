/**
 * Random books through the whole way of an import, held against another accounting program, which shares no line with ours:
 * every balance per account, unit and grant must agree to the öre. Skipped, and said, where neither program is installed.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerCommands, openSqliteReader, openSqliteStore } from '#eventstore';
import { FileImports } from '#imports';
import * as law from '#ledger';
import { Answers, Projector, READ_MODELS_FILE } from '#projections';

const installed = (program: string) => spawnSync(program, ['--version']).status === 0;
const peer = ['hledger', 'ledger'].find(installed);
if (!peer)
  process.stdout.write('Skipped: neither hledger nor ledger is installed, so random books were not compared with another program.\n');

const UNITS = ['RS', '614', 'HSN'];
const GRANTS = ['9916', '9917', '9929'];
const caller = { login: 'ekonom', name: 'Eva Ekonom', role: 'user' };

type Line = { account: string; unit: string; grant: string; ore: number };
type Book = { number: number; date: string; lines: Line[] }[];

/** Vouchers of two to nine lines, of any sign, some costs without a grant; the last line balances. */
function randomBook(seed: string, vouchers: number): Book {
  let drawn = 0;
  const random = (below: number) => createHash('sha256').update(`${seed} ${drawn++}`).digest().readUInt32BE() % below;
  const pick = <T>(from: readonly T[]) => from[random(from.length)]!;
  return Array.from({ length: vouchers }, (_, index) => {
    const month = String(1 + random(12)).padStart(2, '0');
    const lines = Array.from({ length: 1 + random(8) }, (): Line => {
      const account = String(pick([3511, 3512, 5550, 4011, 6540, 7530, 2971]));
      const ore = (random(3) === 0 ? -1 : 1) * (1 + random(90_000_000));
      return { account, unit: pick(UNITS), grant: account < '4000' ? pick(GRANTS) : pick([...GRANTS, '']), ore };
    });
    const rest = lines.reduce((sum, { ore }) => sum - ore, 0);
    return {
      number: index + 1,
      date: `2023-${month}-${String(1 + random(28)).padStart(2, '0')}`,
      lines: [...lines, { account: '1930', unit: 'RS', grant: '', ore: rest || 1 }],
    };
  }).filter(({ lines }) => lines.reduce((sum, { ore }) => sum + ore, 0) === 0);
}

const csvOf = (book: Book) =>
  ['series,number,date,account,amount,unit,grant,text,counterparty']
    .concat(
      book.flatMap(({ number, date, lines }) =>
        lines.map(
          ({ account, unit, grant, ore }) =>
            `A,${number},${date},${account},${law.kronor(ore)},${unit},${grant},"Verifikat ""${number}"", å",Motpart`,
        ),
      ),
    )
    .join('\r\n');

const journalOf = (book: Book) =>
  book
    .map(
      ({ number, date, lines }) =>
        `${date} verifikat ${number}\n${lines.map(({ account, unit, grant, ore }) => `    ${account}:${unit}:${grant || 'none'}  ${law.kronor(ore)} SEK\n`).join('')}`,
    )
    .join('\n');

/** Öre by `account:unit:grant`, as the other program sums them. */
function balancesOf(folder: string, book: Book): Map<string, bigint> {
  const file = join(folder, 'book.journal');
  writeFileSync(file, journalOf(book));
  const args =
    peer === 'hledger' ? ['-f', file, 'balance', '--flat', '--no-total', '-E'] : ['-f', file, 'balance', '--flat', '--no-total', '--empty'];
  const rows = execFileSync(peer!, args, { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\n')
    .filter((row) => row.trim());
  return new Map(
    rows.map((row) => {
      const [, amount, account] = /^\s*(-?[\d.,]+)(?: SEK)?\s+(\S+)$/.exec(row)!;
      return [account!, BigInt(law.parseOre(amount!.replaceAll(',', '')))];
    }),
  );
}

(peer ? describe : describe.skip)(`random books against ${peer ?? 'another accounting program'}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'liggaren-peer-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['first', 'second', 'third'])('agree to the öre, per account, unit and grant (%s)', async (seed) => {
    const home = mkdtempSync(join(folder, 'book-'));
    const book = randomBook(seed, 400);
    const commands = await LedgerCommands.open(openSqliteStore(home), {
      stateFolder: null,
      clock: Date.now,
      random: (bytes) => createHash('sha512').update(`${seed}${Math.random()}`).digest().subarray(0, bytes),
      program: 'test',
    });
    const act = (command: law.Command) => commands.handle(command, { caller });
    await act(
      new law.OpenLedger({
        organisationNumber: '232100-9900',
        name: 'Region',
        region: 'REG',
        demo: false,
        timeZone: 'Europe/Stockholm',
        grantCodePattern: law.FIRST_PATTERN,
        accountClasses: law.FIRST_CLASSES,
      }),
    );
    for (const unit of UNITS) await act(new law.SetUnit({ unit, name: unit, kind: 'board', parent: 'REG', validFrom: '2020-01-01' }));
    for (const grant of GRANTS) await act(new law.RegisterGrant({ grant, name: grant, validFrom: '2020-01-01' }));
    const bytes = Buffer.from(csvOf(book));
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
    }
    await new FileImports(home, commands).importFile(chunks(), { caller, book: 'erp', year: 2023, name: 'book.csv' });
    await commands.close();

    const reader = openSqliteReader(home);
    const projector = new Projector(reader, join(home, READ_MODELS_FILE));
    await projector.open();
    while (await projector.step());
    projector.close();
    await reader.close();
    const answers = new Answers(join(home, READ_MODELS_FILE));
    const theirs = balancesOf(home, book);
    const ours = new Map<string, bigint>();
    for (const scope of UNITS)
      for (const line of answers.ledgerLines({ year: 2023, scope, limit: 10_000 }).lines) {
        const key = `${line.account}:${scope}:${line.grant ?? 'none'}`;
        ours.set(key, (ours.get(key) ?? 0n) + BigInt(line.amountOre));
      }
    expect([...ours].sort()).toEqual([...theirs].sort());

    // and the answers that people see, with the sign turned once
    const sum = (unit: string, grant: string, from: string, to: string) =>
      [...theirs].reduce((total, [key, ore]) => {
        const [account, of, code] = key.split(':');
        return of === unit && code === grant && account! >= from && account! <= to ? total + ore : total;
      }, 0n);
    for (const unit of UNITS)
      for (const { grant, incomeOre, costOre, netOre } of answers.net({ year: 2023, scope: unit }).grants) {
        expect([unit, grant, incomeOre]).toEqual([unit, grant, -sum(unit, grant, '3000', '3999')]);
        expect([unit, grant, costOre]).toEqual([unit, grant, -sum(unit, grant, '4000', '8999')]);
        expect(netOre).toBe(incomeOre + costOre);
      }
    answers.close();
  });
});
