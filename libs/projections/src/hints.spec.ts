/** What speaks for a grant on a line without a code: what was coded before, and the accountant's rules. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CorrectVoucher,
  parseReference,
  PostCost,
  RecodeCost,
  RemoveHintRule,
  RetireGrant,
  SetHintRule,
  type HintCriterion,
} from '#ledger';
import { Answers } from './answers.js';
import { GivenLedger, line, voucher } from './given.js';
import { Projector } from './projector.js';

let folder: string;
let given: GivenLedger;
let answers: Answers | null = null;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hints-'));
  given = await GivenLedger.withUnits();
  await given.grant('9916');
  await given.grant('9917');
});
afterEach(() => {
  answers?.close();
  answers = null;
  rmSync(folder, { recursive: true });
});

/** A cost by hand; without grant where none is named. */
const cost = (counterparty: string, grant?: string, account = '5550', unit = '614', ore = 100_00, eventDate = '2023-03-15') =>
  given.act(
    new PostCost({
      eventDate,
      text: 'Kurs',
      counterparty,
      document: 'F-1',
      lines: [
        { account, amountOre: ore, unit, grant },
        { account: '2440', amountOre: -ore, unit },
      ],
    }),
  );
const recode = (name: string, grant: string, amountOre: number, from?: string) =>
  given.act(
    new RecodeCost({
      voucher: parseReference(name),
      line: 1,
      from: from === undefined ? undefined : { grant: from },
      to: [{ grant, amountOre }],
      eventDate: '2023-04-15',
      text: 'Efter beslut',
    }),
  );
async function asked(of: object = {}) {
  const file = join(folder, 'models.sqlite');
  const projector = new Projector(given.store, file);
  await projector.open();
  await projector.advance();
  projector.close();
  answers ??= new Answers(file);
  return answers.withoutGrantCode({ year: 2023, ...of });
}
const hints = async (of: object = {}) =>
  Object.fromEntries((await asked(of)).lines.map(({ voucher: name, hints: found }) => [name, found]));

describe('what was coded before', () => {
  it('speaks by counterparty, in any case of letters, and says how often', async () => {
    await cost('Kursgården AB', '9916', '5550');
    await cost('Kursgården AB', '9916', '5560');
    await cost('KURSGÅRDEN AB', undefined, '5570');
    expect(await hints()).toEqual({ 'own-2023-3': [{ grant: '9916', because: 'counterparty', times: 2, of: 3 }] });
  });
  it('speaks by account and unit, and of both the larger share', async () => {
    await cost('Någon', '9917', '5550');
    await cost('Kursgården AB', '9916', '5560');
    await cost('Kursgården AB', '9916', '5570');
    await cost('Kursgården AB', undefined, '5550');
    expect((await hints())['own-2023-4']).toEqual([
      { grant: '9916', because: 'counterparty', times: 2, of: 3 },
      { grant: '9917', because: 'coding', times: 1, of: 2 },
    ]);
  });
  it('follows a recoding, and leaves the grant that it was taken from', async () => {
    await cost('A', '9917', '5560');
    await cost('A', undefined, '5570');
    await recode('own-2023-1', '9916', 100_00, '9917');
    expect((await hints())['own-2023-2']).toEqual([{ grant: '9916', because: 'counterparty', times: 1, of: 2 }]);
  });
  it('does not speak any more when it was corrected away', async () => {
    await cost('A', '9916', '5560');
    await cost('A', undefined, '5570');
    expect((await hints())['own-2023-2']).toHaveLength(1);
    await given.act(new CorrectVoucher({ voucher: parseReference('own-2023-1'), reason: 'Dubbelt', eventDate: '2023-04-01' }));
    expect((await hints())['own-2023-2']).toEqual([]);
  });
  it('does not speak for a grant that one in ten like lines does not have', async () => {
    for (let i = 0; i < 10; i++) await cost('A', undefined, `55${60 + i}`);
    await cost('A', '9916', '5590');
    expect((await hints())['own-2023-1']).toEqual([]);
    await cost('A', '9916', '5591');
    expect((await hints())['own-2023-1']).toEqual([{ grant: '9916', because: 'counterparty', times: 2, of: 12 }]);
  });
  it('never speaks for a grant that had ended when the line happened', async () => {
    await cost('A', '9917', '5560');
    await cost('A', '9917', '5561', '614', -100_00);
    await given.act(new RetireGrant({ grant: '9917', lastDay: '2023-03-31' }));
    await cost('A', undefined, '5570');
    await cost('A', undefined, '5570', '614', 100_00, '2023-04-15');
    const { 'own-2023-3': before, 'own-2023-4': afterwards } = await hints();
    expect([before, afterwards]).toEqual([[{ grant: '9917', because: 'counterparty', times: 2, of: 4 }], []]);
  });
  it('looks at the first object in the file that is not the grant itself', async () => {
    const coded = (number: number, objects: [string, string][], grant?: string) =>
      voucher(number, [line('5550', 100, 'cost', { objects, ...(grant ? { grant } : {}) }), line('2440', -100, 'none')]);
    await given.import('maj', [
      [
        coded(
          1,
          [
            ['6', '9916'],
            ['1', '61400'],
          ],
          '9916',
        ),
        coded(2, [['1', '61400']]),
        coded(3, [['1', '61401']]),
      ],
    ]);
    expect(await hints()).toEqual({
      'erp-2023-A-2': [{ grant: '9916', because: 'coding', times: 1, of: 2 }],
      'erp-2023-A-3': [],
    });
  });
  it('does not count an import that is open', async () => {
    await cost('A', undefined);
    await given.import('maj', [[voucher(1, [line('5550', 100, 'cost', { grant: '9916' }), line('2440', -100, 'none')])]], 'open');
    expect(await hints()).toEqual({ 'own-2023-1': [] });
  });
});

describe('a rule', () => {
  const rule = (name: string, grant: string, criterion: HintCriterion) => given.act(new SetHintRule({ rule: name, grant, criterion }));
  const coded = { grant: '9916', because: 'rule', rule: 'kurser' };

  it('speaks before what was coded before, and of each grant once', async () => {
    await cost('A', '9917', '5550');
    await cost('A', undefined, '5550');
    await rule('kurser', '9916', { accounts: [{ from: '5550', to: '5559' }] });
    await rule('andra', '9917', { text: 'KURS' });
    expect((await hints())['own-2023-2']).toEqual([{ grant: '9917', because: 'rule', rule: 'andra' }, coded]);
  });
  it.each<[string, HintCriterion, boolean]>([
    ['an account', { accounts: [{ from: '5550' }] }, true],
    ['another account', { accounts: [{ from: '5551', to: '5559' }] }, false],
    ['accounts of another length', { accounts: [{ from: '555', to: '559' }] }, false],
    ['the unit', { units: ['604', '614'] }, true],
    ['another unit', { units: ['604'] }, false],
    ['a part of the text, in any case of letters', { text: 'KUR' }, true],
    ['another text', { text: 'resa' }, false],
    ['a part of the counterparty', { counterparty: 'gården' }, true],
    ['another counterparty', { counterparty: 'hotell' }, false],
    ['a counterpart code that the line lacks', { counterpart: '811' }, false],
    ['an object that the line lacks', { objects: [['1', '614']] }, false],
    ['all that it names', { accounts: [{ from: '5550' }], units: ['614'], text: 'kurs', counterparty: 'kursgården' }, true],
    ['all but one that it names', { accounts: [{ from: '5550' }], units: ['614'], text: 'kurs', counterparty: 'hotell' }, false],
  ])('looks for %s', async (_, criterion, speaks) => {
    await cost('Kursgården AB');
    await rule('kurser', '9916', criterion);
    expect((await hints())['own-2023-1']).toEqual(speaks ? [coded] : []);
  });
  it('looks at the line’s own text, its counterpart and the file’s own coding', async () => {
    const lines = [
      line('5550', 100, 'cost', {
        counterpart: '811',
        objects: [
          ['1', '61400'],
          ['6', 'P1'],
        ],
      }),
      line('2440', -100, 'none'),
    ];
    await given.import('maj', [[voucher(1, lines)]], 'closed', { text: 'Faktura', lines: ['Kursavgift', ''] });
    await rule('kurser', '9916', {
      text: 'kursavgift',
      counterpart: '811',
      objects: [
        ['6', 'P1'],
        ['1', '61400'],
      ],
    });
    const { lines: found } = await asked();
    expect(found).toMatchObject([
      {
        hints: [coded],
        lineText: 'Kursavgift',
        objects: [
          ['1', '61400'],
          ['6', 'P1'],
        ],
      },
    ]);
  });
  it('speaks no more when it is removed, and never codes anything', async () => {
    await cost('A');
    await rule('kurser', '9916', { text: 'kurs' });
    expect((await asked()).count).toBe(1);
    await given.act(new RemoveHintRule({ rule: 'kurser' }));
    expect(await hints()).toEqual({ 'own-2023-1': [] });
  });
  it('gives at most three hints', async () => {
    for (const [i, grant] of ['9918', '9919', '9920', '9921'].entries()) {
      await given.grant(grant);
      await rule(`r${i}`, grant, { text: 'kurs' });
    }
    await cost('A');
    expect((await hints())['own-2023-1']!.map(({ grant }) => grant)).toEqual(['9918', '9919', '9920']);
  });
});

describe('the list', () => {
  it('begins with the lines that something speaks for, page by page', async () => {
    await cost('Ingen', undefined, '5560');
    await cost('A', undefined, '5570');
    await cost('Ingen', undefined, '5561');
    await cost('A', undefined, '5571');
    await cost('A', '9916', '5590');
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await asked({ limit: 1, ...(after === undefined ? {} : { after }) });
      expect([page.count, page.withHint, page.totalOre]).toEqual([4, 2, 400_00n]);
      seen.push(...page.lines.map(({ voucher: name }) => name));
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen).toEqual(['own-2023-2', 'own-2023-4', 'own-2023-1', 'own-2023-3']);
  });
  it('is counted anew when a line is posted after it was asked for', async () => {
    await cost('A', undefined, '5570');
    expect((await asked()).withHint).toBe(0);
    await cost('A', '9916', '5590');
    expect((await asked()).withHint).toBe(1);
    await given.import('maj', [[voucher(1, [line('5570', 100, 'cost', { grant: '9917' }), line('2440', -100, 'none')])]]);
    expect((await hints())['own-2023-1']).toEqual([
      { grant: '9916', because: 'counterparty', times: 1, of: 2 },
      { grant: '9917', because: 'coding', times: 1, of: 2 },
    ]);
  });
});
