/**
 * A process that writes to a real ledger until it is killed: `writing-child.js <folder> posts|imports <round>`. Each line it
 * says is one write system call after the fact: `posted <seq> <key>` for each acknowledgement, `imported <seq> <id> <sha256>`,
 * and `stage …` while an import goes on, so that it can be killed anywhere in one.
 */
import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { LedgerCommands, openSqliteStore } from '../../libs/eventstore/src/index.js';
import { FileImports } from '../../libs/imports/src/index.js';
import { anna, cost, costRows, csv, opened } from '../../libs/imports/src/given.js';

/** Vouchers in one file, which comes in parts, and one of them goes on from part to part. */
export const FILE_VOUCHERS = 500;

/** The file that a round's child imports as its `number`th: no other has its voucher numbers. */
export function fileOf(round: number, number: number): string {
  const first = (round * 20 + number) * 10_000;
  const large = Array.from({ length: 3_000 }, (_, i) => ({ number: String(first), amount: i % 2 ? '-1.00' : '1.00', grant: '9916' }));
  return csv(
    ...large,
    ...Array.from({ length: FILE_VOUCHERS - 1 }, (_, i) => costRows(String(first + 1 + i), 1 + i, { grant: '9916' })).flat(),
  );
}

/** The post that a round's child asks for as its `number`th, and its key. */
export const postOf = (round: number, number: number) => ({ key: `r${round}-${number}`, command: cost(1 + number) });

const say = (line: string) => void writeSync(1, `${line}\n`);

async function posts(commands: LedgerCommands, round: number, pauseMs: number): Promise<never> {
  for (let number = 0; ;) {
    const burst = Array.from({ length: 1 + (number % 7) }, () => postOf(round, number++));
    await Promise.all(
      burst.map(async ({ key, command }) => say(`posted ${(await commands.handle(command, { caller: anna, key })).seq} ${key}`)),
    );
    if (pauseMs > 0) await setTimeout(pauseMs);
  }
}

async function imports(files: FileImports, round: number): Promise<void> {
  for (let number = 0; number < 20; number += 1) {
    const text = fileOf(round, number);
    const chunks = (async function* () {
      yield Buffer.from(text);
    })();
    const request = { caller: anna, book: 'erp', year: 2023, name: `${round}-${number}.csv` };
    const { seq, import: id, sha256 } = await files.importFile(chunks, request, ({ stage, done }) => say(`stage ${stage} ${done}`));
    say(`imported ${seq} ${id} ${sha256}`);
  }
}

const [, script, folder, mode, round] = process.argv;
if (script?.endsWith('writing-child.js')) {
  const commands = await opened(openSqliteStore(folder!), folder!);
  const files = new FileImports(folder!, commands);
  await files.recover(anna);
  say('ready');
  const posting = posts(commands, Number(round), mode === 'imports' ? 10 : 0);
  if (mode === 'imports') await imports(files, Number(round));
  await posting;
}
