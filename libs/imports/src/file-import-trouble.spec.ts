/** Imports in trouble: overtaken, two at once, the store away in the middle, a crash. Each is whole or nothing, and the same file can be imported after. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  AbandonImport,
  ClosePeriod,
  EndUnit,
  ImportVouchers,
  Ledger,
  OpenImportOfFile,
  readRecord,
  Refusal,
  RegisterGrant,
  RetireGrant,
  type Command,
} from '#ledger';
import { MemoryStore, StoreUnavailable, type LedgerCommands, type ReadLimit, type StoredRecord } from '#eventstore';
import { FileImports } from './file-import.js';
import type { ImportProgress, ImportRequest } from './import-request.js';
import { anna, costRows, csv, founded, FOUNDED, opened, temporaryFolder } from './given.js';

/** A store that can go away and come back. */
class FickleStore extends MemoryStore {
  away = false;
  failingReads = 0;
  override async append(expected: number, records: readonly StoredRecord[]) {
    if (this.away) throw new StoreUnavailable('disk-full', 'away');
    return super.append(expected, records);
  }
  override async read(fromSeq: number, limit: ReadLimit) {
    if (this.failingReads-- > 0) throw new StoreUnavailable('unreachable', 'no read');
    return super.read(fromSeq, limit);
  }
}

let folder: string;
let store: FickleStore;
let commands: LedgerCommands;
let imports: FileImports;
beforeEach(async () => {
  folder = temporaryFolder();
  store = new FickleStore();
  commands = await founded(store);
  imports = new FileImports(folder, commands);
});
afterEach(() => rmSync(folder, { recursive: true }));

const request: ImportRequest = { caller: anna, book: 'erp', year: 2023, name: 'mars.csv' };
const march = csv(...costRows('1', 100, { grant: '9916' }), ...costRows('2', 200));
const large = csv(...Array.from({ length: 12_000 }, (_, i) => costRows(String(i + 1), 1, { grant: '9916' })).flat());
async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const run = (text: string, progress?: (progress: ImportProgress) => void, rest: Partial<ImportRequest> = {}) =>
  imports.importFile(once(text), { ...request, ...rest }, progress);
const refusalOf = (answer: Promise<unknown>) =>
  answer.then(
    () => 'done',
    (error: unknown) => (error instanceof Refusal ? error.refusal : Promise.reject(error as Error)),
  );
const eventsSince = (from = FOUNDED) => store.log.slice(from).map(({ head, annex }, i) => readRecord(from + i, head, annex).event);
const types = () => eventsSince().map(({ type }) => type);
const kept = () => ['incoming', 'originals'].flatMap((place) => (existsSync(join(folder, place)) ? readdirSync(join(folder, place)) : []));
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
/** Does it once, when the import has come to that stage. */
const at = (stage: ImportProgress['stage'], act: () => unknown) => {
  let done = false;
  return (progress: ImportProgress) => {
    if (progress.stage === stage && !done) void ((done = true), act());
  };
};
const handle = (command: Command) => commands.handle(command, { caller: anna });

/** That nothing of any import counts, and the state is the log's. */
function expectUntouched(): void {
  expect(commands.ledger.numbers('erp', 2023).count).toBe(0);
  expect(commands.ledger.sums.of('net|9916|2023')).toBe(0n);
  expectRefold();
}
function expectRefold(): void {
  const folded = new Ledger();
  for (const [seq, { head, annex }] of store.log.entries()) folded.evolve(readRecord(seq, head, annex));
  expect(isDeepStrictEqual(commands.ledger.save(), folded.save())).toBe(true);
}
async function expectImportable(text = march): Promise<void> {
  expect(await run(text)).toMatchObject({ outcome: 'imported' });
  expect(commands.ledger.openImports.size).toBe(0);
  expect(commands.ledger.sums.of('net|9916|2023')).toBe(text === march ? 10_000n : 1_200_000n);
  expect(kept()).toContain(sha256(text));
  expectRefold();
}

describe('an import that is overtaken', () => {
  it('by the end of a grant while its file is read is read again, by what holds then', async () => {
    await run(
      march,
      at('reading', () => handle(new RetireGrant({ grant: '9916', lastDay: '2023-12-31' }))),
    );
    expect(types()).toEqual(['GrantRetired', 'ImportOpened', 'VouchersImported', 'ImportClosed']);
    expect(kept()).toHaveLength(1);
  });

  it('by the end of its grant before its day while it is read is refused with the rows, as if it had come after', async () => {
    const ends = at('reading', () => handle(new RetireGrant({ grant: '9916', lastDay: '2023-02-28' })));
    await expect(run(march, ends)).rejects.toMatchObject({ findings: [{ row: expect.any(Number), finding: 'grant-not-valid' }] });
    expect([types(), kept()]).toEqual([['GrantRetired', 'ImportRefused'], []]);
    expectUntouched();
  });

  it('by the closing of its period while its file is read is refused with the rows, as if it had come after', async () => {
    const closes = at('reading', () => handle(new ClosePeriod({ period: '2023-03' })));
    const rows = [2, 3, 4, 5].map((row) => ({ row, finding: 'period-closed' }));
    await expect(run(march, closes)).rejects.toMatchObject({ findings: rows });
    expect([types(), kept()]).toEqual([['PeriodClosed', 'ImportRefused'], []]);
    expectUntouched();
  });

  it('each time that it is read is refused in the end, and leaves no file', async () => {
    let code = 9950;
    const moves = ({ stage }: ImportProgress) =>
      stage === 'reading' && void handle(new RegisterGrant({ grant: String((code += 1)), name: 'Nytt', validFrom: '2023-01-01' }));
    expect(await refusalOf(run(march, moves))).toBe('file-overtaken');
    expect(kept()).toEqual([]);
  });

  it.each<[string, Command]>([
    ['a grant', new RetireGrant({ grant: '9916', lastDay: '2023-12-31' })],
    ['a unit', new EndUnit({ unit: '614', lastDay: '2023-12-31' })],
  ])('by the end of %s while it is posted is abandoned, and can be read again', async (_what, command) => {
    expect(
      await refusalOf(
        run(
          large,
          at('posting', () => handle(command)),
        ),
      ),
    ).toBe('import-overtaken');
    expect(types().at(-1)).toBe('ImportAbandoned');
    expectUntouched();
    await expectImportable();
  });

  it('by the end of something it does not touch goes on', async () => {
    await run(
      large,
      at('posting', () => handle(new RetireGrant({ grant: '9929', lastDay: '2023-12-31' }))),
    );
    expect(types().at(-1)).toBe('ImportClosed');
  });

  it('by somebody who abandons it is over', async () => {
    const abandon = () => handle(new AbandonImport({ import: commands.ledger.openImports.get('erp-2023')!.import, because: 'Fel fil' }));
    expect(
      await refusalOf(
        run(
          large,
          at('posting', () => setImmediate(abandon)),
        ),
      ),
    ).toBe('import-not-open');
    expect(types().filter((type) => type === 'ImportAbandoned')).toHaveLength(1);
    expectUntouched();
    await expectImportable();
  });
});

describe('while an import is open', () => {
  it('its periods are not closed, others are', async () => {
    const closings: Promise<string>[] = [];
    const close = (period: string) => closings.push(refusalOf(handle(new ClosePeriod({ period }))));
    await run(
      large,
      at('posting', () => [close('2023-03'), close('2023-02')]),
    );
    expect(await Promise.all(closings)).toEqual(['import-open', 'done']);
    expect(await refusalOf(handle(new ClosePeriod({ period: '2023-03' })))).toBe('done');
  });

  it('another into the same book and year is refused; its file is not kept, and it can be imported after', async () => {
    let second!: Promise<string>;
    await run(large, at('posting', () => (second = refusalOf(run(march))))); // prettier-ignore
    expect(['import-open', 'file-overtaken', 'number-taken']).toContain(await second.catch(() => 'number-taken'));
    expect(kept()).toEqual([sha256(large)]);
    expect(commands.ledger.numbers('erp', 2023).count).toBe(12_000);
    expect(await run(csv(...costRows('15000', 1)))).toMatchObject({ outcome: 'imported' });
  });

  it.each([2, 5])('%i of the same file at once leave one import, and its original', async (count) => {
    const results = await Promise.all(Array.from({ length: count }, () => run(march).then(({ outcome }) => outcome as string, (error: Refusal) => error.refusal))); // prettier-ignore
    expect(results.filter((result) => result === 'imported')).toHaveLength(1);
    for (const result of results)
      expect(['imported', 'already-imported', 'file-already-imported', 'import-open', 'file-overtaken']).toContain(result);
    expect(types().filter((type) => type === 'ImportClosed')).toHaveLength(1);
    expect(kept()).toEqual([sha256(march)]);
    expect(commands.ledger.sums.of('net|9916|2023')).toBe(10_000n);
    expectRefold();
  });

  it('the same into another book never goes in too, at once or when it is tried again', async () => {
    const results = await Promise.all([refusalOf(run(march)), refusalOf(run(march, undefined, { book: 'pa' }))]);
    expect(results.filter((result) => result === 'done')).toHaveLength(1);
    for (const result of results) expect(['done', 'import-open', 'file-other-book', 'file-refused']).toContain(result);
    const again = await Promise.all(['erp', 'pa'].map((book) => refusalOf(run(march, undefined, { book }))));
    expect(again).toEqual(results.map((result) => (result === 'done' ? 'done' : 'file-refused')));
    expect(commands.ledger.sums.of('net|9916|2023')).toBe(10_000n);
    expect(kept()).toEqual([sha256(march)]);
    expectRefold();
  });
});

describe('a store that goes away', () => {
  it.each([1, 2, 3])('for a moment, at append %i of an import, is no matter', async (at) => {
    store.script(...Array.from({ length: at }, () => 'none' as const), { unavailable: 'unreachable' });
    await expectImportable(large);
    expect(types().filter((type) => type !== 'VouchersImported')).toEqual(['ImportOpened', 'ImportClosed']);
  });

  it.each(['disk-full', 'unreachable'] as const)(
    'for longer (%s) leaves the import open, and says so; nothing of it counts, and its file carries on with it',
    async (reason) => {
      store.script('none', { unavailable: reason }, { unavailable: reason });
      await expect(run(large)).rejects.toMatchObject({ refusal: 'import-stopped', facts: { import: expect.any(String), reason } });
      expect(types()).toEqual(['ImportOpened']);
      expectUntouched();
      expect(await run(large)).toMatchObject({ outcome: 'imported', resumed: 0, vouchers: 12_000 });
      expect(types().filter((type) => type !== 'VouchersImported')).toEqual(['ImportOpened', 'ImportClosed']);
      expectRefold();
    },
  );

  it('for ever is an import that somebody abandons: then another file goes in, and periods can be closed again', async () => {
    expect(
      await refusalOf(
        run(
          large,
          at('posting', () => (store.away = true)),
        ),
      ),
    ).toBe('import-stopped');
    expect(commands.ledger.openImports.size).toBe(1);
    expect(await refusalOf(run(large))).toBe('import-stopped');
    store.away = false;
    expect(await refusalOf(run(march))).toBe('import-open');
    await handle(new AbandonImport({ import: commands.ledger.openImports.get('erp-2023')!.import, because: 'Fel fil' }));
    expectUntouched();
    await expectImportable();
    expect(types().slice(-4)).toEqual(['ImportAbandoned', 'ImportOpened', 'VouchersImported', 'ImportClosed']);
    expect(await refusalOf(handle(new ClosePeriod({ period: '2023-03' })))).toBe('done');
  });

  it('before the opening leaves nothing, not even the file', async () => {
    store.away = true;
    expect(await refusalOf(run(march))).toBe('store-unavailable');
    store.away = false;
    expect([types(), kept()]).toEqual([[], []]);
    await expectImportable();
  });

  it('when a file is refused says so, and the refusal is not stored', async () => {
    store.away = true;
    expect(await refusalOf(run(csv({ unit: '999' })))).toBe('store-unavailable');
    expect(types()).toEqual([]);
  });
});

describe('an answer that is lost', () => {
  it('to the opening is settled where the store can be read again', async () => {
    store.script('answer-lost').failingReads = 1;
    await expectImportable();
    expect(types()).toEqual(['ImportOpened', 'VouchersImported', 'ImportClosed']);
  });

  it('to the opening, of a store that is then away, is an unknown result; the file carries on with what was opened', async () => {
    store.script('answer-lost').failingReads = 2;
    expect(await refusalOf(run(march))).toBe('result-unknown');
    expect([types(), kept()]).toEqual([['ImportOpened'], [sha256(march)]]);
    expect(await run(march)).toMatchObject({ outcome: 'imported' });
    expect(types()).toEqual(['ImportOpened', 'VouchersImported', 'ImportClosed']);
    expectRefold();
  });

  it('to a part is settled where the store can be read', async () => {
    store.script('none', 'answer-lost', 'request-lost');
    await expectImportable(large);
  });

  it.each([
    ['where it was closed', 'answer-lost'],
    ['where it was not: it is closed then', 'request-lost'],
  ] as const)('to the close is no failure %s', async (_, lost) => {
    store.script('none', 'none', lost);
    const closing = run(
      march,
      at('posting', () => (store.failingReads = 1)),
    );
    expect(await closing).toMatchObject({ outcome: 'imported' });
    expect(types()).toEqual(['ImportOpened', 'VouchersImported', 'ImportClosed']);
    expectRefold();
  });
});

describe('an import that somebody else is at', () => {
  it('under the same id is refused, and nothing is stored', async () => {
    imports = new FileImports(folder, commands, () => false); // begun on another machine
    expect(await refusalOf(run(march))).toBe('import-open');
    expect([types(), kept()]).toEqual([[], []]);
    expectUntouched();
  });
});

describe('a failure of our own', () => {
  it('while an import is posted abandons it, with what can be said of it', async () => {
    const broken = () => {
      throw new Error(`${'\u0000a 🦌\n'.repeat(1_000)}`);
    };
    await expect(run(large, at('posting', broken))).rejects.toThrow('🦌');
    expect(eventsSince().at(-1)).toMatchObject({ type: 'ImportAbandoned', data: { because: expect.stringMatching(/^a 🦌 a/) } });
    expectUntouched();
    await expectImportable();
  });
});

describe('the next start after a crash', () => {
  it('abandons what was open and has no original, clears what was on its way, and takes the same file', async () => {
    const opening = {
      ...{
        import: 'i1',
        sha256: sha256(march),
        bytes: 1,
        kind: 'whole-vouchers' as const,
        format: 'csv' as const,
        profile: 'voucher-csv',
        book: 'erp',
        year: 2023,
      },
      ...{
        counts: { rows: 2, withCode: 0, withoutCode: 1, noCodeNeeded: 1, alreadyThere: 0 },
        vouchers: 1,
        file: 'mars.csv',
        readAtSeq: FOUNDED,
      },
      ...{ periods: ['2023-03'], grants: [], decisions: [], units: [] },
    };
    await handle(new OpenImportOfFile(opening));
    await handle(new OpenImportOfFile({ ...opening, import: 'i2', book: 'pa', sha256: sha256(large) }));
    const lines = [{ account: '7550', amountOre: 100, effect: 'cost' as const, unit: '614', period: '2023-03', grant: '9916' }];
    const voucher = {
      ref: { book: 'erp', year: 2023, series: 'LEV', number: '1', version: 1 },
      eventDate: '2023-03-14',
      lines,
      fingerprint: '0'.repeat(16),
    };
    await handle(new ImportVouchers({ import: 'i1', part: 0, vouchers: [voucher], texts: [{ text: 'x' }] }));
    mkdirSync(join(folder, 'incoming'));
    writeFileSync(join(folder, 'incoming', 'half.parts'), 'half');
    commands = await opened(store);
    imports = new FileImports(folder, commands);
    await imports.clear();
    await imports.resume(anna);
    expect(types()).toEqual(['ImportOpened', 'ImportOpened', 'VouchersImported', 'ImportAbandoned', 'ImportAbandoned']);
    expect(existsSync(join(folder, 'incoming'))).toBe(false);
    expectUntouched();
    await expectImportable();
  });
});
