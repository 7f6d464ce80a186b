/**
 * A process that writes to a real ledger until it is killed: `writing-child.js <folder> posts|imports|changes|… <round>`. Each line it
 * says is one write system call after the fact: `posted <seq> <key>` for each acknowledgement, `imported <seq> <id> <sha256>`,
 * and `stage …` while an import goes on, so that it can be killed anywhere in one.
 */
import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { LedgerCommands, openSqliteStore } from '../../libs/eventstore/src/index.js';
import { FileImports, type ImportRequest } from '../../libs/imports/src/index.js';
import { SetProfile, type ControlTotal } from '../../libs/ledger/src/index.js';
import { anna, cost, costRows, csv, opened } from '../../libs/imports/src/given.js';
import { settings, sie, ver } from '../../libs/imports/src/profile-given.js';

const filter = { keep: [{ place: { dimension: '20' }, codes: [{ from: '9916' }] }] };
/** Profiles that read SIE: `erp`, a selection `urval`, and `valda`, which keeps the rows of 9916 only. */
export const PROFILES = Object.entries({
  erp: {},
  urval: { kind: 'selection', book: 'urval' } as const,
  valda: { book: 'valda', filter, keeps: 'chosen-rows' } as const,
}).map(([profile, rest]) => new SetProfile({ profile, validFrom: '2020-01-01', settings: { ...settings, ...rest } }));

/** Vouchers in one file, which comes in parts, and one of them goes on from part to part. */
export const FILE_VOUCHERS = 2_500;

/** The file that a round's child imports as its `number`th: no other has its voucher numbers. */
export function fileOf(round: number, number: number): string {
  const first = (round * 20 + number) * 10_000;
  const own = first / 10_000; // no two files say the same
  const large = Array.from({ length: 12_000 }, (_, i) => ({
    number: String(first),
    amount: `${i % 2 ? '-' : ''}1.${10 + (own % 90)}`,
    grant: '9916',
  }));
  return csv(
    ...large,
    ...Array.from({ length: FILE_VOUCHERS - 1 }, (_, i) => costRows(String(first + 1 + i), 1 + i + 10_000 * own, { grant: '9916' })).flat(),
  );
}

/** The SIE file that a round's child imports as its `number`th: of each pair the second changes some vouchers of the first, moves one, and has new ones. */
export function sieOf(round: number, number: number): string {
  const first = (round * 20 + number - (number % 2)) * 10_000;
  const changed = number % 2;
  const cost = (at: number) => ver(at === 2 && changed ? first + 9_000 : first + at, first + at + (changed && at % 170 === 0 ? 5_000 : 0));
  return sie(...Array.from({ length: FILE_VOUCHERS + (changed ? 50 : 0) }, (_, at) => cost(at + 1)).flat());
}

/** The lines of a round's `number`th file for a profile that chooses: every third voucher is of another grant. Several parts. */
export function chosenOf(round: number, number: number): string {
  const first = (round * 20 + number) * 10_000;
  const objects = (at: number) => (at % 3 === 0 ? '1 614 20 9929' : '1 614 20 9916');
  return sie(...Array.from({ length: 2 * FILE_VOUCHERS }, (_, at) => ver(first + at, first + at, { objects: objects(at) })).flat());
}

/** What the ERP says of a selection of that file. */
export function controlOf(round: number, number: number): ControlTotal[] {
  const first = (round * 20 + number) * 10_000;
  const ofGrant = (wanted: boolean) =>
    Array.from({ length: 2 * FILE_VOUCHERS }, (_, at) => ((at % 3 === 0) === wanted ? 100 * (first + at) : 0)).reduce((a, b) => a + b, 0);
  return [
    { account: '7550', grant: '9916', period: '2023-03', amountOre: ofGrant(false) },
    { account: '7550', grant: '9929', period: '2023-03', amountOre: ofGrant(true) },
  ];
}

/** The post that a round's child asks for as its `number`th, and its key. */
export const postOf = (round: number, number: number) => ({ key: `r${round}-${number}`, command: cost(1 + number) });

function say(line: string): void {
  for (const bytes = Buffer.from(`${line}\n`); ;)
    try {
      return void writeSync(1, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error; // who listens is slower than we speak: a line is written whole, or not at all
    }
}

/** Says how far an import has come; of its reading only the beginning, which takes many steps where the file is large. */
function stages(): NonNullable<Parameters<FileImports['importFile']>[2]> {
  let reading = false;
  return ({ stage, done }) => {
    if (stage !== 'reading' || !reading) say(`stage ${stage} ${done}`);
    reading = stage === 'reading';
  };
}

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
    const { seq, import: id, sha256 } = await files.importFile(chunks, request, stages());
    say(`imported ${seq} ${id} ${sha256}`);
  }
}

/** How a file is asked for by a profile, in each way that the accountant can say something of it. */
type Asked = Pick<ImportRequest, 'profile' | 'control' | 'asNew'>;
const WAYS: {
  readonly [mode: string]: (round: number, number: number) => Asked & { readonly text: string; readonly movedAreNew?: boolean };
} = {
  changes: (round, number) => ({ profile: 'erp', text: sieOf(round, number) }),
  new: (round, number) => ({ profile: 'erp', text: sieOf(round, number), movedAreNew: true }),
  control: (round, number) => ({ profile: 'urval', text: chosenOf(round, number), control: controlOf(round, number) }),
  chosen: (round, number) => ({ profile: 'valda', text: chosenOf(round, number) }),
};

async function byProfile(files: FileImports, mode: string, round: number): Promise<void> {
  for (let number = 0; number < 20; number += 1) {
    const { text, movedAreNew = false, ...way } = WAYS[mode]!(round, number);
    const bytes = Buffer.from(text);
    const once = async function* () {
      yield bytes;
    };
    const request = { caller: anna, name: `${round}-${number}.se`, ...way };
    let tried = await files.importFile(once(), { ...request, dryRun: true });
    const asNew = movedAreNew
      ? tried.asks.flatMap(({ finding, facts }) => (finding === 'file-voucher-moved' ? String(facts['voucher']) : []))
      : [];
    if (asNew.length > 0) tried = await files.importFile(once(), { ...request, asNew, dryRun: true });
    const asked = { ...request, ...(asNew.length > 0 && { asNew }), ...(tried.consent !== null && { consent: tried.consent }) };
    const { seq, import: id, sha256 } = await files.importFile(once(), asked, stages());
    say(`imported ${seq} ${id} ${sha256}`);
  }
}

const [, script, folder, mode, round] = process.argv;
if (script?.endsWith('writing-child.js')) {
  const commands = await opened(openSqliteStore(folder!), folder!);
  const files = new FileImports(folder!, commands);
  await files.clear();
  say('ready');
  const posting = posts(commands, Number(round), mode === 'posts' ? 0 : 10);
  if (mode === 'imports') await imports(files, Number(round));
  if (mode! in WAYS) await byProfile(files, mode!, Number(round));
  await posting;
}
