/** Answers that remember lines between questions tell the same as answers that are asked for the first time. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AbandonImport,
  CloseImport,
  CorrectVoucher,
  parseReference,
  PostCost,
  RecodeCost,
  RetireGrant,
  SetHintRule,
  type Command,
} from '#ledger';
import { Answers } from './answers.js';
import { GivenLedger, line, voucher } from './given.js';
import { Projector } from './projector.js';

let folder: string;
let given: GivenLedger;
let remembering: Answers | null = null;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'taken-'));
  given = await GivenLedger.withUnits();
  await given.grant('9916');
  await given.grant('9917');
});
afterEach(() => {
  remembering?.close();
  remembering = null;
  rmSync(folder, { recursive: true });
});

const cost = (text: string, counterparty: string, grant?: string, account = '5550') =>
  new PostCost({
    eventDate: '2023-03-15',
    text,
    counterparty,
    document: 'F-1',
    lines: [
      { account, amountOre: 100_00, unit: '614', grant },
      { account: '2440', amountOre: -100_00, unit: '614' },
    ],
  });
const recode = (ref: string, amountOre: number) =>
  new RecodeCost({
    voucher: parseReference(ref),
    line: 1,
    to: [{ grant: '9916', amountOre }],
    eventDate: '2023-04-15',
    text: 'Efter beslut',
  });
const imported = (number: number, grant?: string) =>
  voucher(number, [line('5550', 100, 'cost', grant === undefined ? {} : { grant }), line('2440', -100, 'none')]);

async function project(): Promise<string> {
  const file = join(folder, 'models.sqlite');
  const projector = new Projector(given.store, file);
  await projector.open();
  await projector.advance();
  projector.close();
  return file;
}

/** Every page, as those say it that were asked before and as those do that never were. */
async function both(limit: number): Promise<[before: unknown[], anew: unknown[]]> {
  const file = await project();
  remembering ??= new Answers(file);
  const anew = new Answers(file);
  while (anew.takeLines());
  const pages = (answers: Answers) => {
    const found: unknown[] = [];
    for (let after: string | undefined; ;) {
      const page = answers.withoutGrantCode({ year: 2023, limit, ...(after === undefined ? {} : { after }) });
      found.push(page);
      if (page.next === null) return found;
      after = page.next;
    }
  };
  const answered: [unknown[], unknown[]] = [pages(remembering), pages(anew)];
  anew.close();
  return answered;
}

it('whatever is posted, imported, abandoned, recoded, corrected or ruled between the questions', async () => {
  const steps: (Command | (() => Promise<void>))[] = [
    cost('Kurs', 'A'),
    cost('Resa', 'B', '9916', '5570'),
    () =>
      given.import(
        'maj',
        [[imported(1), imported(2)], [voucher(2, [line('5550', 50, 'cost'), line('2440', -50, 'none')], { firstLine: 3 })]],
        'open',
      ),
    cost('Kurs', 'A', '9917', '5580'),
    cost('Resa', 'B'),
    new CloseImport({ import: 'maj' }),
    () => given.import('juni', [[imported(3), imported(4, '9916')]], 'open'),
    cost('Kurs', 'C'),
    new AbandonImport({ import: 'juni', because: 'Fel fil' }),
    cost('Kurs', 'D'),
    recode('own-2023-1', 40_00),
    recode('own-2023-1', 60_00),
    new CorrectVoucher({ voucher: parseReference('own-2023-5'), reason: 'Dubbelt', eventDate: '2023-04-01' }),
    () => given.import('juli', [[imported(5, '9916'), imported(6)]]),
    new SetHintRule({ rule: 'kurser', grant: '9917', criterion: { text: 'KURS' } }),
    cost('Resa', 'E'),
    cost('Kurser', 'E'),
    new CorrectVoucher({ voucher: parseReference('own-2023-3'), reason: 'Dubbelt', eventDate: '2023-04-01' }),
    new RetireGrant({ grant: '9917', lastDay: '2023-03-14' }),
  ];
  for (const step of steps) {
    await (typeof step === 'function' ? step() : given.act(step));
    const [before, anew] = await both(2);
    expect(before).toEqual(anew);
  }
});

it('counts a voucher whole that came in two parts of an import, once the import is closed', async () => {
  await given.import('maj', [[imported(1)], [voucher(1, [line('5550', 50, 'cost'), line('2440', -50, 'none')], { firstLine: 3 })]], 'open');
  const [open] = await both(10);
  expect(open).toMatchObject([{ count: 0, totalOre: 0n }]);
  await given.act(new CloseImport({ import: 'maj' }));
  const [closed] = await both(10);
  expect(closed).toMatchObject([{ count: 2, totalOre: 150n }]);
});

it('says of as many lines that something speaks for them as the pages show', async () => {
  await given.act(cost('Kurs', 'A'));
  await given.act(cost('Resa', 'A'));
  await given.act(new SetHintRule({ rule: 'kurser', grant: '9917', criterion: { text: 'kurs' } }));
  await given.act(cost('KURS i vård', 'B'));
  await given.act(new RetireGrant({ grant: '9917', lastDay: '2023-03-15' }));
  const counts = async () => {
    const [[page]] = (await both(10)) as [[{ lines: { hints: unknown[] }[]; withHint: number }], unknown];
    return [page.withHint, page.lines.filter(({ hints }) => hints.length > 0).length];
  };
  expect(await counts()).toEqual([2, 2]);
  await given.act(new SetHintRule({ rule: 'resor', grant: '9916', criterion: { text: 'resa' } }));
  expect(await counts()).toEqual([3, 3]);
});
