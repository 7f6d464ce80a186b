/** A month's file into the ledger: in whole or not at all, nothing twice, the original kept; what a user meets when all goes well or the file is wrong. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CorrectVoucher, ownReference, readRecord, RecodeCost, type LedgerEvent, type Reference } from '#ledger';
import { MemoryStore, type LedgerCommands } from '#eventstore';
import { FileImports } from './file-import.js';
import { FileRefused, type ImportProgress, type ImportRequest } from './import-request.js';
import { anna, cost, costRows, csv, founded, FOUNDED, temporaryFolder } from './given.js';

let folder: string;
let store: MemoryStore;
let commands: LedgerCommands;
let imports: FileImports;
beforeEach(async () => {
  folder = temporaryFolder();
  store = new MemoryStore();
  commands = await founded(store);
  imports = new FileImports(folder, commands);
});
afterEach(() => rmSync(folder, { recursive: true }));

const request: ImportRequest = { caller: anna, book: 'erp', year: 2023, name: 'mars.csv' };
const run = (text: string | Uint8Array, rest: Partial<ImportRequest> = {}, progress?: (progress: ImportProgress) => void) =>
  imports.importFile(inChunks(Buffer.from(text as string)), { ...request, ...rest }, progress);
async function* inChunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 60_000) yield bytes.subarray(from, from + 60_000);
}
const events = (from = FOUNDED): LedgerEvent[] =>
  store.log.slice(from).map(({ head, annex }, i) => readRecord(from + i, head, annex).event);
const types = () => events().map(({ type }) => type);
const kept = () => ['incoming', 'originals'].flatMap((place) => (existsSync(join(folder, place)) ? readdirSync(join(folder, place)) : []));
const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
const erp = (number: string): Reference => ({ book: 'erp', year: 2023, series: 'LEV', number, version: 1 });
const march = csv(...costRows('1', 100, { grant: '9916' }), ...costRows('2', 200), ...costRows('3', 300));

describe('a file', () => {
  it('is opened, posted and closed; then its vouchers count, and the original is kept byte for byte', async () => {
    const result = await run(march);
    expect(result).toMatchObject({
      outcome: 'imported',
      import: expect.stringMatching(/^i-[0-9a-f]{12}-/),
      sha256: sha256(march),
      bytes: Buffer.byteLength(march),
      counts: { rows: 6, withCode: 1, withoutCode: 2, noCodeNeeded: 3, alreadyThere: 0 },
      vouchers: 3,
      findings: [],
      effects: [
        { grant: '9916', unit: '614', effect: 'cost', amountOre: 10_000 },
        { grant: null, unit: '614', effect: 'cost', amountOre: 50_000 },
      ],
      seq: FOUNDED + 2,
    });
    expect(types()).toEqual(['ImportOpened', 'VouchersImported', 'ImportClosed']);
    expect(events()[0]).toMatchObject({
      data: { sha256: sha256(march), bytes: Buffer.byteLength(march), vouchers: 3, periods: ['2023-03'], grants: ['9916'] },
      annex: { file: 'mars.csv' },
    });
    expect(readRecord(FOUNDED + 1, store.log[FOUNDED + 1]!.head, null).head.source).toBe(`import:${sha256(march)}`);
    expect(commands.ledger.locate(erp('2'))).toBe(FOUNDED + 1);
    expect(commands.ledger.sums.of('net|9916|2023')).toBe(10_000n);
    expect(kept()).toEqual([sha256(march)]);
    expect(readFileSync(imports.original(sha256(march))!).equals(Buffer.from(march))).toBe(true);
  });

  it('imported once more is nothing, whatever it is called', async () => {
    const first = await run(march);
    const seq = commands.seq;
    expect(await run(march, { name: 'igen.csv' })).toMatchObject({
      outcome: 'already-imported',
      import: first.import,
      sha256: first.sha256,
      seq,
    });
    expect(commands.seq).toBe(seq);
    expect(kept()).toEqual([sha256(march)]);
  });

  it('that overlaps an earlier one adds only what is new, and its figures add up', async () => {
    await run(march);
    const result = await run(csv(...costRows('3', 300), ...costRows('2', 200), ...costRows('4', 400)));
    expect(result).toMatchObject({
      outcome: 'imported',
      vouchers: 1,
      counts: { rows: 6, withCode: 0, withoutCode: 1, noCodeNeeded: 1, alreadyThere: 4 },
    });
    expect(commands.ledger.numbers('erp', 2023).count).toBe(4);
  });

  it('with nothing new in it leaves nothing', async () => {
    await run(march);
    const seq = commands.seq;
    const result = await run(csv(...costRows('2', 200)));
    expect(result).toMatchObject({ outcome: 'nothing-new', import: null, counts: { rows: 2, alreadyThere: 2 } });
    expect([commands.seq, kept()]).toEqual([seq, [sha256(march)]]);
  });

  it('never goes into another book too, where it would count twice', async () => {
    const { import: id } = await run(march);
    for (const dryRun of [true, false]) {
      const refused = await run(march, { book: 'pa', dryRun }).catch((error: unknown) => error as FileRefused);
      expect(refused).toBeInstanceOf(FileRefused);
      expect(refused).toMatchObject({
        findingsInAll: 1,
        findings: [{ row: 1, finding: 'file-other-book', facts: { import: id, book: 'erp' } }],
      });
      expect((refused as FileRefused).message).toContain('redan importerad till boken erp');
      expect(types().slice(3)).toEqual(dryRun ? [] : ['ImportRefused']);
    }
    expect(events().at(-1)).toMatchObject({ data: { book: 'pa', findings: [{ finding: 'file-other-book' }], findingsInAll: 1 } });
    expect(kept()).toEqual([sha256(march)]);
    expect(commands.ledger.sums.of('net|9916|2023')).toBe(10_000n);
  });

  it('in another year is another file', async () => {
    await run(march);
    await expect(run(march, { year: 2024 })).rejects.toMatchObject({
      findings: [{ finding: 'file-other-year' }, ...Array.from({ length: 5 }, () => ({}))],
    });
  });

  it('with findings keeps them in the ledger', async () => {
    const result = await run(csv(...costRows('1', 1, { counterparty: '' }), ...costRows('4', 4)));
    expect(result.findings).toHaveLength(2);
    expect(types()).toEqual(['ImportOpened', 'VouchersImported', 'FindingsRecorded', 'ImportClosed']);
    expect(events()[2]).toMatchObject({ data: { findings: result.findings } });
  });

  it('with many findings keeps as many as are listed, and how many there are', async () => {
    const result = await run(csv(...Array.from({ length: 1_100 }, (_, i) => costRows(String(i + 1), 1, { counterparty: '' })).flat()));
    const recorded = events().flatMap((event) => (event.type === 'FindingsRecorded' ? event.data.findings : []));
    expect(recorded).toEqual(result.findings);
    expect(recorded).toHaveLength(1_001);
    expect(recorded.at(-1)).toMatchObject({ finding: 'finding-without-counterparty-in-all', facts: { inAll: 1_100, listed: 1_000 } });
  });

  it('says how far it has come', async () => {
    const said: ImportProgress[] = [];
    const many = csv(...Array.from({ length: 9_000 }, (_, i) => costRows(String(i + 1), 1)).flat());
    await run(many, {}, (progress) => void said.push(progress));
    for (const stage of ['receiving', 'reading', 'posting'] as const) {
      const done = said.filter((progress) => progress.stage === stage).map((progress) => progress.done);
      expect(done).toEqual([...done].sort((a, b) => a - b));
      expect(done.at(-1)).toBe(stage === 'posting' ? 9_000 : Buffer.byteLength(many));
    }
    expect(said.filter(({ stage }) => stage === 'posting').length).toBeGreaterThan(2);
  });

  it('with a voucher of ten thousand lines is found again whole: recoded on its last line, and corrected', async () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => (i < 9_999 ? { amount: '1.00' } : { amount: '-9999.00', unit: '605' }));
    await run(csv(...lines.map((line) => ({ ...line, number: '7' })), ...costRows('8', 1)));
    const recoding = { voucher: erp('7'), line: 10_000, to: [{ grant: '9916' }], eventDate: '2023-04-01', text: 'Enligt aprilbeslutet' };
    const { effects } = await commands.handle(new RecodeCost(recoding), { caller: anna });
    expect(effects).toEqual([
      { grant: null, unit: '605', effect: 'cost', amountOre: 999_900 },
      { grant: '9916', unit: '605', effect: 'cost', amountOre: -999_900 },
    ]);
    await expect(commands.handle(new RecodeCost({ ...recoding, line: 10_001 }), { caller: anna })).rejects.toMatchObject({
      refusal: 'voucher-line-unknown',
    });
    await commands.handle(new RecodeCost({ ...recoding, from: { grant: '9916' }, to: [{}] }), { caller: anna });
    const correction = new CorrectVoucher({ voucher: erp('7'), reason: 'Fel', eventDate: '2023-04-01' });
    const { seq } = await commands.handle(correction, { caller: anna });
    expect(events(seq)[0]).toMatchObject({
      data: { vouchers: [{ ref: ownReference(2023, 3), reverses: erp('7'), lines: { length: 10_000 } }] },
    });
  });

  it('with a voucher too large to be taken back in one event is imported all the same; its correction is refused', async () => {
    await run(csv(...Array.from({ length: 12_000 }, (_, i) => ({ number: '7', amount: i % 2 ? '-1.00' : '1.00' }))));
    const correction = new CorrectVoucher({ voucher: erp('7'), reason: 'Fel', eventDate: '2023-04-01' });
    await expect(commands.handle(correction, { caller: anna })).rejects.toMatchObject({ refusal: 'event-too-large' });
  });
});

describe('a dry run', () => {
  it('answers as the import would, and leaves neither events nor files', async () => {
    const tried = await run(march, { dryRun: true });
    expect(tried).toMatchObject({ outcome: 'dry-run', import: null, vouchers: 3, seq: FOUNDED - 1 });
    expect([types(), kept()]).toEqual([[], []]);
    const { counts, effects } = await run(march);
    expect(tried).toMatchObject({ counts, effects });
  });

  it('of a file that would be refused says so, and leaves no event', async () => {
    await expect(run(csv({ unit: '999' }), { dryRun: true })).rejects.toBeInstanceOf(FileRefused);
    expect([types(), kept()]).toEqual([[], []]);
  });
});

describe('a file that is wrong', () => {
  it('is refused whole, with every row; one event stays, and no file', async () => {
    const wrong = csv(...costRows('1', 100), ...costRows('2', 200, { unit: '999' }));
    const refused = await run(wrong).catch((error: unknown) => error as FileRefused);
    expect(refused).toBeInstanceOf(FileRefused);
    expect(refused).toMatchObject({
      refusal: 'file-refused',
      findingsInAll: 2,
      findings: [{ row: 4, finding: 'unit-unknown', facts: { unit: '999' } }, { row: 5 }],
    });
    expect((refused as FileRefused).message).toContain('2 fel, det första på rad 4: Enhet 999');
    expect(types()).toEqual(['ImportRefused']);
    expect(events()[0]).toMatchObject({
      data: { sha256: sha256(wrong), bytes: Buffer.byteLength(wrong), findingsInAll: 2, findings: [{ row: 4 }, { row: 5 }] },
      annex: { file: 'mars.csv' },
    });
    expect(kept()).toEqual([]);
    expect(commands.ledger.numbers('erp', 2023).count).toBe(0);
  });

  it('for a number that was taken by another voucher is refused, and goes in when it is mended', async () => {
    await run(march);
    const changed = await run(csv(...costRows('2', 201), ...costRows('4', 4))).catch((error: unknown) => error);
    expect(changed).toMatchObject({ findings: [{ row: 2, finding: 'file-voucher-changed', facts: { voucher: 'erp-2023-LEV-2' } }] });
    expect(await run(csv(...costRows('2', 200), ...costRows('4', 4)))).toMatchObject({ vouchers: 1 });
  });

  it.each<[string, Partial<ImportRequest>, string]>([
    ['a book that is none', { book: 'own' }, 'book-malformed'],
    ['a year that is none', { year: 23.5 }, 'year-malformed'],
    ['no name', { name: ' ' }, 'text-missing'],
    ['a name that is too long', { name: 'x'.repeat(1_001) }, 'text-too-long'],
  ])('asked for with %s, is refused before it is received', async (_what, rest, refusal) => {
    let received = false;
    const chunks = (async function* () {
      received = true;
      yield Buffer.from(march);
    })();
    await expect(imports.importFile(chunks, { ...request, ...rest })).rejects.toMatchObject({ refusal });
    expect([received, types(), kept()]).toEqual([false, [], []]);
  });

  it('that stops coming half way leaves nothing', async () => {
    const chunks = (async function* () {
      yield Buffer.from(march.slice(0, 100));
      throw new Error('connection lost');
    })();
    await expect(imports.importFile(chunks, request)).rejects.toThrow('connection lost');
    expect([types(), kept()]).toEqual([[], []]);
  });

  it('is never found by a name that is no hash', () => {
    for (const name of ['..', '../events.sqlite', '', 'A'.repeat(64), 'a'.repeat(64)]) expect(imports.original(name)).toBeNull();
  });
});

describe('beside an import', () => {
  it('posts by hand go on, and are stored in between', async () => {
    const many = csv(...Array.from({ length: 6_000 }, (_, i) => costRows(String(i + 1), 1)).flat());
    const posted: Promise<unknown>[] = [];
    await run(many, {}, ({ stage }) => void (stage === 'posting' && posted.push(commands.handle(cost(5), { caller: anna }))));
    await Promise.all(posted);
    const order = types();
    expect(order.indexOf('CostPosted')).toBeGreaterThan(order.indexOf('ImportOpened'));
    expect(order.indexOf('CostPosted')).toBeLessThan(order.indexOf('ImportClosed'));
    expect(commands.ledger.numbers('erp', 2023).count).toBe(6_000);
  });
});
