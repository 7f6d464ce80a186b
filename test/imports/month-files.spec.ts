/** The files of demo/month, which the README imports: each still comes to what the README says of it, so that they can be followed by hand. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerCommands, MemoryStore } from '#eventstore';
import { fileBytes, FileImports, readControlTotals, Starts, type ImportRequest, type ImportResult, type StartRequest } from '#imports';
import {
  FIRST_CLASSES,
  FIRST_PATTERN,
  OpenLedger,
  RecordControlTotals,
  RegisterDecision,
  RegisterGrant,
  SetProfile,
  SetUnit,
  type ControlTotal,
  type ProfileSettings,
} from '#ledger';
import { Decoder, encode } from '#sie';
import { settingsIn } from '../../apps/cli/src/profile-text.js';

const root = join(import.meta.dirname, '../../..');
const used = new Set<string>();
/** Where a file of the month is; noted as imported. */
const month = (name: string): string => {
  used.add(name);
  return join(root, 'demo/month', name);
};
const caller = { login: 'anna', name: 'Anna Ek', role: 'accountant' };

/** The ledger that `liggare init` makes. */
async function init() {
  const commands = await LedgerCommands.open(new MemoryStore(), {
    clock: () => Date.parse('2024-02-01T08:00:00Z'),
    random: (bytes) => Uint8Array.from({ length: bytes }, () => Math.floor(Math.random() * 256)),
    program: 'spec',
    stateFolder: null,
  });
  const region = { organisationNumber: '232100-0214', name: 'Region Norr', region: 'REG', demo: false, timeZone: 'Europe/Stockholm' };
  await commands.handle(new OpenLedger({ ...region, grantCodePattern: FIRST_PATTERN, accountClasses: FIRST_CLASSES }), { caller });
  return commands;
}

const REGISTER = [
  new SetUnit({ unit: 'RS', name: 'Regionstyrelsen', kind: 'board', parent: 'REG', validFrom: '2023-01-01' }),
  new SetUnit({ unit: '614', name: 'Regionstaben', kind: 'unit', parent: 'RS', validFrom: '2023-01-01' }),
  new SetUnit({ unit: 'HSN', name: 'Hälso- och sjukvårdsnämnden', kind: 'board', parent: 'REG', validFrom: '2023-01-01' }),
  new RegisterGrant({ grant: '9916', name: 'Nära vård', validFrom: '2023-01-01' }),
  new RegisterGrant({ grant: '9917', name: 'Vårdens medarbetare', validFrom: '2023-01-01' }),
  new RegisterDecision({
    decision: '9916-2023',
    grant: '9916',
    terms: {
      agency: 'Socialstyrelsen',
      diarienummer: '9.3-2417/2023',
      kind: 'conditional',
      awardedOre: 1_200_000_00,
      grantYear: 2023,
      carryOver: false,
      receivedTo: 'liability',
    },
  }),
];

let commands: LedgerCommands;
let files: FileImports;
const folder = mkdtempSync(join(tmpdir(), 'liggaren-month-'));
beforeAll(async () => {
  commands = await init();
  for (const command of REGISTER) await commands.handle(command, { caller });
  for (const [profile, file] of Object.entries({ raindance: 'erp.json', urval: 'urval.json' }))
    await commands.handle(
      new SetProfile({ profile, validFrom: '2023-01-01', settings: settingsIn(month(file), (sv) => sv) as ProfileSettings }),
      { caller },
    );
  files = new FileImports(folder, commands);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (name: string, asked: Partial<ImportRequest>): Promise<ImportResult> =>
  files.importFile(createReadStream(month(name)), { caller, name, ...asked });
const csv = (name: string) => run(name, { book: 'erp', year: 2023 });
const byProfile = (name: string, rest: Partial<ImportRequest> = {}) => run(name, { profile: 'raindance', ...rest });
const totalsIn = (name: string): Promise<ControlTotal[]> =>
  readControlTotals(fileBytes(month(name)), (row, finding) => {
    throw new Error(`${name} row ${row}: ${finding}`);
  });
const kinds = (findings: readonly { readonly finding: string }[]) => findings.map(({ finding }) => finding);

describe('the files that the README imports', () => {
  it('fel.csv is refused with its three errors, mars.csv comes in', async () => {
    await expect(csv('fel.csv')).rejects.toMatchObject({ findings: [{ row: 4 }, { row: 4 }, { row: 5 }] });
    expect(await csv('mars.csv')).toMatchObject({
      outcome: 'imported',
      vouchers: 3,
      counts: { withCode: 2, withoutCode: 1, noCodeNeeded: 3 },
    });
  });
  it('2023-05.se comes in with what there is to look at', async () => {
    const { findings, ...result } = await byProfile('2023-05.se');
    expect(result).toMatchObject({ outcome: 'imported', format: 'sie', vouchers: 3, counts: { rows: 6, withCode: 1, withoutCode: 2 } });
    expect(kinds(findings)).toEqual(['finding-two-grants', 'finding-grant-unknown', 'finding-number-gap']);
  });
  it('2023-24.se asks for a year, and comes in a year at a time', async () => {
    await expect(byProfile('2023-24.se')).rejects.toMatchObject({ findings: [{ finding: 'file-other-years' }] });
    for (const year of [2023, 2024])
      expect(await byProfile('2023-24.se', { year, dryRun: true })).toMatchObject({ year, vouchers: 1, counts: { leftOut: 2 } });
  });
  it('2023-05-igen.se asks for consent to one that is changed and one that has moved', async () => {
    const { asks, consent } = await byProfile('2023-05-igen.se', { dryRun: true });
    expect(kinds(asks)).toEqual(['file-voucher-changed', 'file-voucher-moved']);
    const { corrections, findings } = await byProfile('2023-05-igen.se', { consent: consent! });
    expect([corrections, kinds(findings)]).toEqual([
      2,
      ['finding-two-grants', 'finding-not-tied', 'finding-not-tied', 'finding-number-gap'],
    ]);
  });
  it('urval.csv is a selection whose first control totals differ in one, and whose second agree', async () => {
    const [first, second] = [await totalsIn('kontrollsummor.csv'), await totalsIn('kontrollsummor-igen.csv')];
    const { import: id, counts } = await run('urval.csv', { profile: 'urval', control: first });
    expect(counts).toMatchObject({ rows: 3, withCode: 2, leftOut: 1 });
    expect(first.map(({ amountOre }, i) => amountOre - second[i]!.amountOre)).toEqual([0, 100_00]);
    expect(second.map(({ grant, amountOre }) => [grant, amountOre])).toEqual([['9916', 12_000_00], ['9917', 1_500_50]]); // prettier-ignore
    expect((await commands.handle(new RecordControlTotals({ import: id!, totals: second }), { caller })).repeated).toBe(false);
  });
  it('start.xlsx differs from the opening balances of 2023-01.se, and is registered with consent', async () => {
    const starts = new Starts(folder, await init());
    const start = (rest: Partial<StartRequest> = {}) =>
      starts.read(readFileSync(month('start.xlsx')), {
        caller,
        year: 2023,
        name: 'start.xlsx',
        sie: fileBytes(month('2023-01.se')),
        dimensions: { grants: '20' },
        ...rest,
      });
    const { consent, asks } = await start({ dryRun: true });
    expect(asks.map(({ facts }) => [facts['object'], facts['givenOre'], facts['balanceOre']])).toEqual([
      ['9916', '-25000000', '-24000000'],
    ]);
    expect(await start({ consent: consent!, reason: 'Rättas' })).toMatchObject({ outcome: 'registered', vouchers: ['own-2022-1'] });
  });
  it('are in CP437 where they are SIE', () => {
    for (const name of readdirSync(join(root, 'demo/month')).filter((one) => one.endsWith('.se'))) {
      const bytes = readFileSync(month(name));
      const text = new Decoder('cp437').text(bytes, 0, bytes.length);
      expect(text).toMatch(/[åäö]/);
      expect(text).not.toMatch(/[Ã├]/);
      expect(Buffer.from(encode(text, 'cp437')).equals(bytes)).toBe(true);
    }
  });
  it('are all in use, and those that the README names are there', () => {
    const there = readdirSync(join(root, 'demo/month'));
    expect([...used, 'README.md'].sort()).toEqual(there.sort());
    const named = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/demo\/month\/([\w-]+\.\w+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !there.includes(name!))).toEqual([]);
  });
});
