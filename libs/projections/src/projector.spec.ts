/** That the read models follow the events, whatever happens on the way: batch sizes, interruptions, imports that close or do not. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AbandonImport,
  CloseImport,
  CorrectVoucher,
  ImportVouchers,
  parseReference,
  PostCost,
  PostReceipt,
  ReallocateFunds,
  RecodeCost,
  RecogniseIncome,
  referenceText,
  type Line,
  type Voucher,
} from '#ledger';
import { Answers } from './answers.js';
import { GivenLedger, line, MANDATE, voucher } from './given.js';
import { Projector } from './projector.js';
import { openReadModels, setFact } from './schema.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'projections-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const texts = { text: 'Text', counterparty: 'Part', document: 'F-1' };
const UNITS = ['REG', 'RS', 'HSN', '604', '614'];

async function project(
  { store }: GivenLedger,
  file = join(folder, 'models.sqlite'),
  batch?: { records: number; bytes: number },
): Promise<string> {
  const projector = new Projector(store, file, batch);
  await projector.open();
  await projector.advance();
  projector.close();
  return file;
}

/** Every answer there is, as one text. */
function everything(file: string): string {
  const answers = new Answers(file);
  const all = [
    answers.ledger(),
    answers.completeness(),
    answers.journal({ limit: 10_000 }),
    answers.grants(),
    answers.decisions(),
    answers.unitRegister(),
    answers.periodRegister(),
    answers.imports(),
    answers.findings(),
    answers.persons(),
    ...UNITS.flatMap((scope) =>
      ['2023-03', '2023-16'].flatMap((through) => {
        const asked = { scope, through };
        return [
          answers.net(asked),
          answers.units(asked),
          answers.periods(asked),
          answers.neutrality(asked),
          answers.ledgerLines({ ...asked, limit: 10_000 }),
          answers.withoutGrantCode(asked),
        ];
      }),
    ),
  ];
  answers.close();
  return JSON.stringify(all, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 1);
}

const unit = fc.constantFrom('604', '614', 'HSN');
const grant = fc.constantFrom('9916', '9917', undefined);
const period = fc.constantFrom('2023-01', '2023-03', '2023-12', '2023-13');
const ore = fc.oneof(fc.integer({ min: 1, max: 500_000 }), fc.constant(Number.MAX_SAFE_INTEGER));
type Doing = (given: GivenLedger) => Promise<unknown>;

const cost = fc.record({ unit, grant, period, ore, internal: fc.boolean(), credit: fc.boolean() }).map(
  ({ unit: of, grant: code, period: in_, ore: amount, internal, credit }): Doing =>
    (given) =>
      given.act(
        new PostCost({
          ...texts,
          eventDate: '2023-03-10',
          period: in_,
          lines: [
            { account: internal ? '7910' : '4010', amountOre: credit ? -amount : amount, unit: of, ...(code ? { grant: code } : {}) },
            { account: '1930', amountOre: credit ? amount : -amount, unit: of },
          ],
        }),
      ),
);
const income = fc.record({ unit, grant: fc.constantFrom('9916', '9917'), named: fc.boolean(), period, ore }).map(
  ({ unit: of, grant: code, named, period: in_, ore: amount }): Doing =>
    (given) =>
      given.act(
        new RecogniseIncome({
          ...texts,
          eventDate: '2023-03-10',
          period: in_,
          lines: [
            { account: '2970', amountOre: amount, unit: of, grant: code },
            { account: '3510', amountOre: -amount, unit: of, grant: code, ...(named ? { decision: `${code}-B` } : {}) },
          ],
        }),
      ),
);
const receipt = fc.record({ unit, ore, period }).map(
  ({ unit: of, ore: amount, period: in_ }): Doing =>
    (given) =>
      given.act(
        new PostReceipt({
          ...texts,
          eventDate: '2023-03-10',
          period: in_,
          lines: [
            { account: '1930', amountOre: amount, unit: of },
            { account: '2970', amountOre: -amount, unit: of, decision: '9916-A' },
          ],
        }),
      ),
);
const reallocation = fc.record({ ore, period }).map(
  ({ ore: amountOre, period: in_ }): Doing =>
    (given) =>
      given.act(
        new ReallocateFunds({
          grant: '9916',
          from: '614',
          to: 'HSN',
          amountOre,
          account: '3590',
          eventDate: '2023-03-10',
          period: in_,
          text: 'Omfördelning',
          mandate: MANDATE,
          bookedAs: 'changed-unit',
        }),
      ),
);
const onLatest = (act: (ref: Voucher['ref']) => Parameters<GivenLedger['act']>[0]) =>
  fc.nat(20).map((back): Doing => async (given) => {
    const number = given.ledger.nextNumber(2023) - 1 - back;
    if (number > 0) await given.act(act(parseReference(`own-2023-${number}`))).catch(() => {}); // where the law forbids it, nothing happens
  });
const recoding = onLatest(
  (ref) =>
    new RecodeCost({
      voucher: ref,
      line: 1,
      to: [{ grant: '9917', perCentHundredths: 3_333 }, { perCentHundredths: 1_000 }],
      eventDate: '2023-03-20',
      text: 'Omkontering',
    }),
);
const correction = onLatest((ref) => new CorrectVoucher({ voucher: ref, reason: 'Fel', eventDate: '2023-03-25' }));
let importNumber = 0;
const importing = fc
  .record({ unit, grant, ore, end: fc.constantFrom('closed', 'abandoned') })
  .map(({ unit: of, grant: code, ore: amount, end }): Doing => async (given) => {
    if (given.ledger.openImports.size > 0) return;
    const number = ++importNumber;
    const coded: Partial<Line> = { unit: of, ...(code ? { grant: code } : {}) };
    const pair = (id: number) =>
      voucher(number * 10 + id, [line('4010', amount, 'cost', coded), line('2440', -amount, 'none', { unit: of })]);
    const more = voucher(number * 10 + 9, [line('4010', 7, 'cost', coded)], { more: true });
    const rest = voucher(number * 10 + 9, [line('2440', -7, 'none', { unit: of })], { firstLine: 2 });
    await given.import(
      `import-${number}`,
      [
        [pair(1), more],
        [rest, pair(2)],
      ],
      'open',
    );
    await given.act(
      new PostCost({
        ...texts,
        eventDate: '2023-03-10',
        lines: [
          { account: '4010', amountOre: 1, unit: '614' },
          { account: '1930', amountOre: -1, unit: '614' },
        ],
      }),
    );
    await given.act(
      end === 'closed'
        ? new CloseImport({ import: `import-${number}` })
        : new AbandonImport({ import: `import-${number}`, because: 'Avbruten' }),
    );
  });
/** A file that has changed: whatever stands of a voucher that an import has brought says something else now. */
const changing = fc
  .record({ unit, grant, ore: fc.integer({ min: 0, max: 500_000 }), back: fc.nat(5), end: fc.constantFrom('closed', 'abandoned', 'open') })
  .map(({ unit: of, grant: code, ore: amount, back, end }): Doing => async (given) => {
    const number = (importNumber - back) * 10 + 1;
    const { ref } = voucher(number, []);
    const standing = given.ledger.standing(ref);
    if (!standing || given.ledger.openImports.size > 0) return;
    const corrects = referenceText({ ...ref, version: standing.version });
    const coded: Partial<Line> = { unit: of, ...(code ? { grant: code } : {}) };
    const to = voucher(number, [line('4010', amount, 'cost', coded), line('2440', 0 - amount, 'none', { unit: of })]);
    if (amount % 2 === 0)
      await given
        .act(
          new RecodeCost({
            voucher: parseReference(corrects),
            line: 1,
            to: [{ grant: '9917', perCentHundredths: 5_000 }],
            eventDate: '2023-03-20',
            text: 'x',
          }),
        )
        .catch(() => {}); // where the law forbids it, nothing happens
    const id = `change-${++importNumber}`;
    await given.change(id, [{ corrects, to }], end === 'closed' ? 'closed' : 'open');
    if (end === 'abandoned') await given.act(new AbandonImport({ import: id, because: 'Avbruten' }));
  });
const doings = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: cost },
    { weight: 2, arbitrary: income },
    receipt,
    reallocation,
    { weight: 2, arbitrary: recoding },
    correction,
    { weight: 2, arbitrary: importing },
    { weight: 2, arbitrary: changing },
  ),
  { maxLength: 25 },
);

async function given(acts: readonly Doing[] = []): Promise<GivenLedger> {
  const ledger = await GivenLedger.withUnits();
  await ledger.grant('9916', { decision: '9916-A', restrictionTo: '2023-12-31' }, { decision: '9916-B', restrictionTo: '2023-06-30' });
  await ledger.grant('9917', { decision: '9917-A', grantYear: 2022, carryOver: true }, { decision: '9917-B' });
  for (const act of acts) await act(ledger);
  return ledger;
}

describe('the read models', () => {
  it('are the same however they came about: in batches of any size, interrupted anywhere, or rebuilt from nothing', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        doings,
        fc.array(
          fc.record({
            records: fc.integer({ min: 1, max: 7 }),
            bytes: fc.constantFrom(1, 2_000, 1e6),
            steps: fc.integer({ min: 0, max: 6 }),
            closed: fc.boolean(),
          }),
          { maxLength: 8 },
        ),
        async (acts, runs) => {
          const ledger = await given(acts);
          const [whole, pieces] = [join(folder, `whole-${++run}`), join(folder, `pieces-${run}`)];
          await project(ledger, whole);
          const left: Projector[] = [];
          for (const { records, bytes, steps, closed } of runs) {
            const projector = new Projector(ledger.store, pieces, { records, bytes });
            await projector.open();
            for (let i = 0; i < steps; i++) await projector.step();
            if (closed) projector.close();
            else left.push(projector);
          }
          await project(ledger, pieces, { records: 2, bytes: 1e6 });
          expect(everything(pieces)).toBe(everything(whole));
          for (const projector of left) projector.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('hold together: journal and ledger, region and units, decisions and codes, to the öre and beyond 53 bits of them', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(doings, async (acts) => {
        const answers = new Answers(await project(await given(acts), join(folder, `sums-${++run}`)));
        const { journal, ledger, figuresOre, equal } = answers.completeness();
        expect({ journal, figuresOre, equal }).toEqual({ journal: ledger, figuresOre: 0n, equal: true });
        for (const scope of UNITS) {
          const [net, units, periods] = [
            answers.net({ scope, year: 2023 }),
            answers.units({ scope, year: 2023 }),
            answers.periods({ scope, year: 2023 }),
          ];
          expect(units.units.reduce((sum, { own }) => sum + own.netOre, 0n)).toBe(net.total.netOre);
          expect(units.units[0]!.withBelow).toEqual(net.total);
          expect(periods.total).toEqual(net.total);
          for (const code of net.grants)
            for (const field of ['receivedOre', 'recognisedOre', 'reallocatedOre', 'incomeOre', 'costOre', 'repaidOre', 'netOre'] as const)
              expect(code.decisions.reduce((sum, share) => sum + share[field], 0n)).toBe(code[field]);
          const uncoded = answers.withoutGrantCode({ scope, year: 2023 });
          const inRegion = scope === 'REG' ? net.internalWithoutGrantCode.netOre : 0n;
          expect(-uncoded.totalOre).toBe(net.withoutGrantCode.netOre + inRegion);
          const lines = answers.ledgerLines({ scope, year: 2023, limit: 10_000 });
          expect(lines.lines.length).toBe(lines.total.lines);
          expect(lines.lines.at(-1)?.runningOre ?? 0n).toBe(lines.total.balanceOre);
        }
        answers.close();
      }),
      { numRuns: 40 },
    );
  });
});

describe('an import', () => {
  const parts = [
    [voucher(1, [line('4010', 500, 'cost', { grant: '9916' }), line('2440', -500, 'none')])],
    [voucher(2, [line('4010', 300, 'cost'), line('2440', -300, 'none')])],
  ];
  const state = (file: string) => {
    const answers = new Answers(file);
    const { total, withoutGrantCode } = answers.net({ year: 2023 });
    const found = {
      cost: total.costOre,
      uncoded: withoutGrantCode.costOre,
      journal: answers.journal().vouchers.length,
      lines: answers.ledgerLines({ year: 2023 }).total.lines,
      list: answers.withoutGrantCode({ year: 2023 }).count,
      equal: answers.completeness().equal,
      years: answers.ledger().years,
    };
    answers.close();
    return found;
  };
  const nothing = { cost: 0n, uncoded: 0n, journal: 0, lines: 0, list: 0, equal: true, years: [] };

  it('counts nothing before its close, and everything after', async () => {
    const ledger = await given();
    await ledger.import('i', parts, 'open');
    const file = await project(ledger);
    expect(state(file)).toEqual(nothing);
    expect(() => new Answers(file).voucher('erp-2023-A-1')).toThrow(expect.objectContaining({ refusal: 'voucher-unknown' }));
    await ledger.act(new CloseImport({ import: 'i' }));
    await project(ledger);
    expect(state(file)).toEqual({ cost: -500n, uncoded: -300n, journal: 2, lines: 4, list: 1, equal: true, years: [2023] });
    const answers = new Answers(file);
    expect(answers.voucher('erp-2023-A-1')).toMatchObject({
      act: 'import',
      countsFromSeq: ledger.seq,
      import: { import: 'i', file: 'i.csv' },
    });
    expect(answers.imports().rows).toMatchObject([{ import: 'i', status: 'closed', vouchers: 2 }]);
    answers.close();
  });

  it('counts never once it is abandoned, and its numbers may come again', async () => {
    const ledger = await given();
    await ledger.import('i', parts, 'open');
    await ledger.act(new AbandonImport({ import: 'i', because: 'Fel fil' }));
    const file = await project(ledger);
    expect(state(file)).toEqual(nothing);
    await ledger.import('j', parts);
    await project(ledger);
    expect(state(file)).toMatchObject({ cost: -500n, journal: 2, lines: 4, equal: true });
  });

  it('is summed exactly also beyond the 64 bits of the database', async () => {
    const ledger = await given();
    const most = Number.MAX_SAFE_INTEGER;
    const lines = Array.from({ length: 1_200 }, () => line('4010', most, 'cost', { grant: '9916' }));
    await ledger.import('i', [[voucher(1, lines)]]);
    const answers = new Answers(await project(ledger));
    const sum = 1_200n * BigInt(most);
    expect(sum > 2n ** 63n).toBe(true);
    const net = answers.net({ year: 2023 });
    expect(net.total.costOre).toBe(-sum);
    expect(net.grants[0]!.decisions.reduce((total, { costOre }) => total + costOre, 0n)).toBe(-sum);
    expect(answers.ledgerLines({ year: 2023, limit: 1 }).total).toMatchObject({ debitOre: sum, creditOre: 0n });
    expect(answers.journal().total.debitOre).toBe(sum);
    answers.close();
  });

  it('may have a voucher larger than a part: its lines come together', async () => {
    const ledger = await given();
    await ledger.import('i', [[voucher(1, [line('4010', 500, 'cost')], { more: true })]], 'open');
    await ledger.act(
      new PostCost({
        ...texts,
        eventDate: '2023-03-10',
        lines: [
          { account: '4010', amountOre: 1, unit: '614' },
          { account: '1930', amountOre: -1, unit: '614' },
        ],
      }),
    );
    await ledger.act(
      new ImportVouchers({
        import: 'i',
        part: 1,
        vouchers: [voucher(1, [line('2440', -500, 'none')], { firstLine: 2 })],
        texts: [{ text: 'Importerad' }],
      }),
    );
    await ledger.act(new CloseImport({ import: 'i' }));
    const answers = new Answers(await project(ledger));
    expect(answers.voucher('erp-2023-A-1').lines.map(({ line: number, amountOre }) => [number, amountOre])).toEqual([
      [1, 500n],
      [2, -500n],
    ]);
    expect(answers.journal().vouchers.map(({ voucher: ref, lines }) => [ref, lines])).toEqual([
      ['erp-2023-A-1', 2],
      ['own-2023-1', 2],
    ]);
    answers.close();
  });
});

describe('a ledger that has become shorter', () => {
  it.each([0, 5])('is told of, not passed over, while the read models follow it: %i events are left', async (left) => {
    const { store } = await given();
    const projector = new Projector(store, join(folder, 'models.sqlite'));
    await projector.open();
    await projector.advance();
    const gone = store.log.splice(left);
    await expect(projector.step()).rejects.toMatchObject({ name: 'StoreUnavailable', reason: 'damaged' });
    store.log.push(...gone);
    expect(await projector.step()).toBe(false);
    projector.close();
  });
  it('has its read models built anew from what is left when they are opened', async () => {
    const whole = await given();
    const file = await project(whole);
    whole.store.log.splice(5);
    await project(whole);
    const other = await project(whole, join(folder, 'other.sqlite'));
    expect(everything(file)).toBe(everything(other));
  });
  it('of no events at all leaves read models without any', async () => {
    const whole = await given();
    const file = await project(whole);
    whole.store.log.splice(0);
    const projector = new Projector(whole.store, file);
    expect(await projector.open()).toEqual({ figures: -1, lines: -1 });
    projector.close();
  });
});

describe('the file of the read models', () => {
  it.each<[string, (file: string) => void]>([
    [
      'of another version',
      (file) => {
        const db = openReadModels(file);
        setFact(db, 'version', 'older');
        db.close();
      },
    ],
    [
      'of another ledger',
      (file) => {
        const db = openReadModels(file);
        setFact(db, 'ledgerId', 'other');
        db.close();
      },
    ],
    ['that is no database', (file) => writeFileSync(file, 'not a database, but long enough to be taken for one'.repeat(100))],
    ['that was deleted', (file) => rmSync(file)],
    [
      'that has come further than the ledger',
      (file) => {
        const db = openReadModels(file);
        db.exec('UPDATE positions SET seq = seq + 5');
        db.close();
      },
    ],
    [
      'of another history of the ledger',
      (file) => {
        const db = openReadModels(file);
        db.exec("UPDATE positions SET head_hash = 'other'");
        db.close();
      },
    ],
  ])('%s is dropped and built anew', async (_, spoil) => {
    const ledger = await given();
    await ledger.import('i', [[voucher(1, [line('4010', 500, 'cost', { grant: '9916' }), line('2440', -500, 'none')])]]);
    const file = await project(ledger);
    const before = everything(file);
    spoil(file);
    await project(ledger);
    expect(everything(file)).toBe(before);
  });
});
