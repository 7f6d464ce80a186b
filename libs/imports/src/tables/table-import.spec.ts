/** A region's list, CSV or Excel, into the ledger through its profile: the same vouchers and the same figures, every row counted once, and no more kept than was chosen. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync, rmSync } from 'node:fs';
import { readRecord, SetProfile, vouchersOf, type LedgerEvent, type ProfileSettings } from '#ledger';
import { MemoryStore, type LedgerCommands } from '#eventstore';
import { FileImports } from '../file-import.js';
import { FileRefused, type ImportRequest, type ImportResult } from '../import-request.js';
import { anna, founded, temporaryFolder } from '../given.js';
import { rawWorkbook, settings, textRow, workbookOf } from './given.js';

const HEADINGS = ['Vernr', 'Datum', 'Konto', 'Ansvar', 'Objekt', 'Belopp', 'Text'];
const ROWS: [string, string, string, string, string, number, string][] = [
  ['1', '2023-03-14', '7550', '614', '9916', 1234.5, 'Konsult'],
  ['1', '2023-03-14', '2440', '614', '', -1234.5, 'Konsult'],
  ['2', '2023-03-15', '5010', '605', '', 0.3, 'Hyra'],
  ['2', '2023-03-15', '2440', '605', '', -0.3, 'Hyra'],
];
const TOTAL = ['Summa', '', '', '', '', 0, ''] as const;
const csvOf = (rows: readonly (readonly (string | number)[])[]) =>
  [HEADINGS, ...rows].map((fields) => `${fields.map((field) => String(field).replace('.', ',')).join(';')}\r\n`).join('');
const base = settings({}, { unit: { places: [{ column: 'Ansvar' }], otherwise: '614' } });

let store: MemoryStore;
let commands: LedgerCommands;
let imports: FileImports;
let folder: string;

async function opened(set: ProfileSettings = base): Promise<void> {
  store = new MemoryStore();
  commands = await founded(store);
  folder = temporaryFolder();
  imports = new FileImports(folder, commands);
  await commands.handle(new SetProfile({ profile: 'lista', validFrom: '2020-01-01', settings: set }), { caller: anna });
}
function run(bytes: string | Uint8Array, rest: Partial<ImportRequest> = {}): Promise<ImportResult> {
  const chunks = async function* () {
    yield Buffer.from(bytes as string);
  };
  return imports.importFile(chunks(), { caller: anna, profile: 'lista', name: 'lista', ...rest });
}
const events = (): LedgerEvent[] => store.log.map(({ head, annex }, seq) => readRecord(seq, head, annex).event);
/** The hash of what was kept of the only import. */
const keptOf = () => events().flatMap(({ type, data }) => (type === 'ImportOpened' ? (data.keptSha256 ?? []) : []))[0]!;
/** Account, grant, unit, öre and row of every line in the log. */
const linesInLog = () =>
  events()
    .flatMap(vouchersOf)
    .flatMap(({ ref, lines }) =>
      lines.map(({ account, grant = '', unit, amountOre, row }) => [ref.number, account, grant, unit, amountOre, row]),
    );
const refused = (importing: Promise<unknown>): Promise<unknown> =>
  importing.then(
    () => 'imported',
    (error: unknown) =>
      error instanceof FileRefused ? error.findings.map(({ row, finding, facts }) => [row, finding, facts['column']]) : error,
  );

beforeEach(() => opened());
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LINES = [
  ['1', '7550', '9916', '614', 123_450, 2],
  ['1', '2440', '', '614', -123_450, 3],
  ['2', '5010', '', '605', 30, 4],
  ['2', '2440', '', '605', -30, 5],
];

describe('a list through a profile', () => {
  it('enters as CSV, its total counted as ignored, with a finding', async () => {
    const result = await run(csvOf([...ROWS, TOTAL]));
    expect(result).toMatchObject({ outcome: 'imported', format: 'csv', year: 2023, vouchers: 2 });
    expect(result.counts).toMatchObject({ rows: 5, withCode: 1, withoutCode: 1, noCodeNeeded: 2, alreadyThere: 0, ignored: 1 });
    expect(result.findings.map(({ row, finding }) => [row, finding])).toContainEqual([6, 'finding-row-without-line']);
    expect(linesInLog()).toEqual(LINES);
  });
  it('enters as Excel, to the same lines', async () => {
    const result = await run(await workbookOf([HEADINGS, ...ROWS.map((row) => [...row]), [...TOTAL]]));
    expect(result).toMatchObject({ outcome: 'imported', format: 'xlsx', year: 2023, vouchers: 2 });
    expect(linesInLog()).toEqual(LINES);
  });
  it('is there already when it comes again in the other form', async () => {
    await run(csvOf(ROWS));
    const again = await run(await workbookOf([HEADINGS, ...ROWS.map((row) => [...row])]));
    expect(again).toMatchObject({ outcome: 'nothing-new', counts: { rows: 4, alreadyThere: 4 } });
  });
  it('is refused whole for one cell, named by sheet, row and heading', async () => {
    const rows = textRow(1, ...HEADINGS) + textRow(2, '1', '2023-03-14', '7550', '614', '', '', 'x').replace('<c r="F2" t="inlineStr"><is><t></t></is></c>', '<c r="F2" t="e"><v>#REF!</v></c>'); // prettier-ignore
    expect(await refused(run(rawWorkbook(rows)))).toEqual([[2, 'cell-error', 'Blad1!Belopp']]);
    expect(await refused(run(csvOf([['1', '2023-03-14', '7550', '614', '', '1.005', 'x']])))).toEqual([[2, 'cell-amount-decimals', 'Belopp']]); // prettier-ignore
    expect(linesInLog()).toEqual([]);
  });
  it('is refused in words where it is damaged, or is read without a profile', async () => {
    expect(await refused(run(Buffer.from('PK\u0003\u0004 nothing')))).toEqual([[1, 'workbook-unreadable', undefined]]);
    expect(await refused(run(Buffer.from('d0cf11e0a1b11ae1', 'hex')))).toEqual([[1, 'workbook-protected', undefined]]);
    expect(await refused(run(await workbookOf([HEADINGS]), { profile: undefined, book: 'erp', year: 2023 }))).toEqual([[1, 'file-not-by-profile', undefined]]); // prettier-ignore
  });
  it('as a selection may be scattered and one-sided', async () => {
    await opened(settings({}, { kind: 'selection' }));
    const result = await run(csvOf([ROWS[0]!, ROWS[2]!, ['1', '2023-03-14', '7551', '614', '9916', 5, 'Konsult']]));
    expect(result).toMatchObject({ outcome: 'imported', kind: 'selection', vouchers: 2 });
    expect(linesInLog().map(([number, account, , , ore]) => [number, account, ore])).toEqual([['1', '7550', 123_450], ['1', '7551', 500], ['2', '5010', 30]]); // prettier-ignore
  });
});

describe('what is kept of a list', () => {
  const keep = { keep: [{ grantCode: true }] };
  it('is the whole vouchers that were chosen', async () => {
    await opened({ ...base, filter: keep, keeps: 'chosen-rows' });
    const result = await run(csvOf([...ROWS, TOTAL]));
    expect(result.leftOut).toMatchObject({ vouchers: 1, rows: 2 });
    expect(readFileSync(imports.original(keptOf())!, 'utf8')).toBe(csvOf(ROWS.slice(0, 2)));
  });
  it('is, of a selection, the rows that were chosen and no other of their vouchers', async () => {
    await opened({ ...settings({}, { kind: 'selection' }), filter: keep, keeps: 'chosen-rows' });
    await run(csvOf([ROWS[1]!, ROWS[0]!, ROWS[2]!]));
    expect(readFileSync(imports.original(keptOf())!, 'utf8')).toBe(csvOf([ROWS[0]!]));
  });
});

it('every row of an accepted list is counted once, whatever is in it', async () => {
  const voucher = fc.record({
    ore: fc.integer({ min: 1, max: 1_000_000 }),
    grant: fc.constantFrom('9916', '', '9999'),
    account: fc.constantFrom('7550', '5010', '1510'),
    total: fc.boolean(),
  });
  await opened({ ...base, filter: { drop: [{ accounts: [{ from: '5010' }] }] } });
  let number = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(voucher, { minLength: 1, maxLength: 12 }), async (vouchers) => {
      const rows = vouchers.flatMap(({ ore, grant, account, total }) => {
        const of = [String((number += 1)), '2023-04-01'];
        const both = [[...of, account, '614', grant, ore / 100, 'x'], [...of, '2440', '614', '', -ore / 100, 'x']]; // prettier-ignore
        return total ? [...both, ['', '', '', '', 'Delsumma', ore / 100, '']] : both;
      });
      const { counts } = await run(csvOf(rows), { dryRun: true });
      const { rows: all, withCode, withoutCode, noCodeNeeded, alreadyThere, ignored = 0, leftOut = 0 } = counts!;
      expect(all).toBe(rows.length);
      expect(withCode + withoutCode + noCodeNeeded + alreadyThere + ignored + leftOut).toBe(all);
    }),
    { numRuns: 15 },
  );
}, 60_000);
