/** A region from empty to its first table: the workbook that Liggaren writes, filled in, registers everything or nothing, and twice is once. */
import { afterAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readXlsx, writeXlsx, type CellValue } from 'hucre/xlsx';
import { FIRST_CLASSES, FIRST_PATTERN, OpenLedger, readRecord, SetProfile, vouchersOf, type AccountClass, type LedgerEvent } from '#ledger';
import { LedgerCommands, MemoryStore, StoreUnavailable } from '#eventstore';
import { anna, opened, temporaryFolder } from '../given.js';
import { withFile } from '../tables/given.js';
import { INTRODUCTION, SHEET_NAMES, SHEETS, type SheetName } from './sheets.js';
import { StartRefused, Starts, type StartRequest, type StartResult } from './start.js';
import { writeStartTemplate } from './template.js';

type Filled = Partial<Record<SheetName, CellValue[][]>>;
/** Whole, and another than the example's: the workbook's takes its place. */
const FIRST_CHART: readonly AccountClass[] = [{ from: '1000', to: '2999', kind: 'balance' }, { from: '3000', to: '3999', kind: 'income' }, { from: '4000', to: '9999', kind: 'cost' }]; // prettier-ignore
const day = (text: string) => new Date(`${text}T00:00:00Z`);

/** What a region fills in: two boards, a unit under one, two grants, three decisions, its accounts and what it carries into 2023. */
const EXAMPLE: Required<Filled> = {
  Enheter: [
    ['614', 'Regionstaben', 'enhet', 'RS', day('2020-01-01')],
    ['RS', 'Regionstyrelsen', 'Nämnd', null, '2020-01-01'],
    ['HSN', 'Hälso- och sjukvårdsnämnden', 'nämnd', '', 20200101],
  ],
  Bidrag: [
    ['9917', 'Vårdens medarbetare', day('2021-01-01'), '9916'],
    [9916, 'Nära vård', day('2020-01-01'), null],
  ],
  Beslut: [
    ['9916-22', '9916', 'Socialstyrelsen', '9.3-1/2022', 'villkorat', 1_000_000, 2022, 'skuld', 'ja', 'Återbetalas om de inte används', null, day('2022-01-01'), day('2023-12-31')],
    ['9916-23', '9916', 'Socialstyrelsen', '9.3-2/2023', 'villkorat', '2 000 000,50', '2023', 'skuld', 'nej'],
    ['9917-22', '9917', 'Kammarkollegiet', '9.4-7/2022', 'prestationsbaserat', 500_000, 2022, 'intäkt', 'ja'],
  ],
  Kontoklasser: [...FIRST_CLASSES].map(({ from, to, kind }) => [from, to, { balance: 'balans', 'grant-liability': 'bidragsskuld', income: 'intäkt', cost: 'kostnad', reallocation: 'omfördelning' }[kind]]),
  Ingående: [
    ['9916-22', '2971', -250_000.75, '1930', '614', null],
    ['9917-22', '1790', 100_000, '3550', 'HSN', 2022],
  ],
  Ansvar: [['60000', '69999', '614'], ['70000', null, 'HSN']],
}; // prettier-ignore

/** The template with rows filled in below its explanations, as a person does it. */
async function filledIn(rows: Filled = EXAMPLE): Promise<Uint8Array> {
  const { sheets } = await readXlsx(await writeStartTemplate());
  return writeXlsx({
    sheets: sheets.map(({ name, rows: own }) => ({ name, rows: [...own.slice(0, 2), ...(rows[name as SheetName] ?? [])] })),
  });
}
const with_ = (changed: Filled): Promise<Uint8Array> => filledIn({ ...EXAMPLE, ...changed });

let store: MemoryStore;
let commands: LedgerCommands;
const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));
const events = (): LedgerEvent[] => store.log.map(({ head, annex }, seq) => readRecord(seq, head, annex).event);
const read = (workbook: Uint8Array, rest: Partial<StartRequest> = {}): Promise<StartResult> =>
  new Starts(folder, commands).read(workbook, { caller: anna, year: 2023, name: 'start.xlsx', ...rest });
/** Sheet, row, column and name of every finding of a start that is refused. */
const refused = async (workbook: Uint8Array, rest: Partial<StartRequest> = {}): Promise<unknown[]> => {
  const before = store.log.length;
  const outcome = await read(workbook, rest).catch((error: unknown) => error);
  if (!(outcome instanceof StartRefused)) throw outcome;
  expect(store.log).toHaveLength(before);
  return outcome.findings.map(({ sheet, row, column, finding }) => [sheet, row, column, finding]);
};
const found = ({ findings }: StartResult) => findings.map(({ sheet, row, finding }) => [sheet, row, finding]);

beforeEach(async () => {
  store = new MemoryStore();
  commands = await opened(store);
  const opening = { organisationNumber: '232100-0000', name: 'Demoregionen', region: 'REG', demo: true, timeZone: 'Europe/Stockholm' };
  await commands.handle(new OpenLedger({ ...opening, grantCodePattern: FIRST_PATTERN, accountClasses: FIRST_CHART }), { caller: anna }); // prettier-ignore
});

describe('the template', () => {
  it('has a sheet for each kind of thing, with headings, explanations and lists to choose from', async () => {
    const { sheets } = await readXlsx(await writeStartTemplate(), { readStyles: true });
    expect(sheets.map(({ name }) => name)).toEqual([INTRODUCTION, ...SHEET_NAMES]);
    for (const { name, rows, dataValidations = [] } of sheets.slice(1)) {
      const columns = Object.values(SHEETS[name as SheetName]);
      expect(rows.slice(0, 2)).toEqual([columns.map(({ heading }) => heading), columns.map(({ says }) => says)]);
      expect(
        rows
          .slice(2)
          .flat()
          .every((value) => value === null),
      ).toBe(true);
      expect(dataValidations).toHaveLength(columns.filter((column) => 'choices' in column || 'of' in column).length);
    }
    expect(sheets[1]!.dataValidations).toContainEqual(expect.objectContaining({ type: 'list', range: 'C3:C2000', values: ['nämnd', 'förvaltning', 'enhet'] })); // prettier-ignore
    expect(sheets[3]!.dataValidations).toContainEqual(expect.objectContaining({ formula1: "'Bidrag'!$A$3:$A$2000" }));
  });
  it('keeps the leading zeros of a code that is typed in', async () => {
    const { sheets } = await readXlsx(await writeStartTemplate({ units: new Map([['0614', 'Staben']]) }), { readStyles: true });
    expect(sheets[1]!.cells?.get('2,0')).toMatchObject({ value: '0614', style: { numFmt: '@' } });
  });
  it('can begin with what a SIE file calls its objects', async () => {
    const names = { units: new Map([['614', 'Regionstaben']]), grants: new Map([['9916', 'Nära vård']]) };
    const { sheets } = await readXlsx(await writeStartTemplate(names));
    expect([sheets[1]!.rows[2]?.slice(0, 2), sheets[2]!.rows[2]?.slice(0, 2)]).toEqual([['614', 'Regionstaben'], ['9916', 'Nära vård']]); // prettier-ignore
  });
  it('left empty holds nothing to register', async () =>
    expect(await refused(await writeStartTemplate())).toEqual([['', 0, '', 'start-empty']]));
});

describe('a filled-in workbook', () => {
  it('says in a dry run what would be registered, in an order that the ledger takes, and stores nothing', async () => {
    const before = store.log.length;
    const result = await read(await filledIn(), { dryRun: true });
    expect(result.outcome).toBe('dry-run');
    expect(store.log).toHaveLength(before);
    expect(result.registered.map(({ sheet, row, code }) => `${sheet} ${row} ${code}`)).toEqual([
      'Kontoklasser 3 1000–8999',
      ...['Enheter 4 RS', 'Enheter 3 614', 'Enheter 5 HSN'],
      ...['Bidrag 4 9916', 'Bidrag 3 9917'],
      ...['Beslut 3 9916-22', 'Beslut 4 9916-23', 'Beslut 5 9917-22'],
      ...['Ingående 3 9916-22', 'Ingående 4 9917-22'],
    ]);
    expect(result.already).toEqual([]);
    expect(result.responsibilities).toEqual([{ from: '60000', to: '69999', code: '614' }, { from: '70000', code: 'HSN' }]); // prettier-ignore
  });
  it('registers all of it', async () => {
    const result = await read(await filledIn());
    expect(result).toMatchObject({ outcome: 'registered', vouchers: ['own-2022-1', 'own-2022-2'] });
    await commands.look((ledger) => {
      expect(ledger.units.get('614')?.versions).toEqual([{ validFrom: '2020-01-01', name: 'Regionstaben', kind: 'unit', parent: 'RS' }]);
      expect(ledger.units.get('HSN')?.versions[0]?.parent).toBe('REG');
      expect(ledger.grants.get('9917')?.names[0]?.name).toBe('Vårdens medarbetare');
      expect(ledger.termsOn('9916-22', '2023-01-01')).toMatchObject({ awardedOre: 100_000_000, restrictionTo: '2023-12-31', carryOver: true, conditions: 'Återbetalas om de inte används' }); // prettier-ignore
      expect(ledger.termsOn('9916-23', '2023-01-01')).toMatchObject({ awardedOre: 200_000_050, grantYear: 2023, carryOver: false, receivedTo: 'liability' }); // prettier-ignore
      expect(ledger.chart.find('2971', '2023-01-01')?.kind).toBe('grant-liability');
    });
  });
  it('registers it in one append, so that a failure leaves nothing', async () => {
    const append = jest.spyOn(store, 'append');
    append.mockRejectedValueOnce(new StoreUnavailable('disk-full', 'no room'));
    const before = store.log.length;
    await expect(read(await filledIn())).rejects.toMatchObject({ refusal: 'store-unavailable' });
    expect(store.log).toHaveLength(before);
    append.mockClear();
    expect((await read(await filledIn())).registered).toHaveLength(11);
    expect(append).toHaveBeenCalledTimes(1);
  });
  it('tries it on the state and leaves no trace there', async () => {
    const before = await commands.look((ledger) => ledger.save());
    await read(await filledIn(), { dryRun: true });
    await refused(await with_({ Ansvar: [['1', null, '999']] }));
    expect(await commands.look((ledger) => ledger.save())).toEqual(before);
  });
  it('keeps the workbook byte for byte, as the document behind what is carried in', async () => {
    const workbook = await filledIn();
    const { sha256 } = await read(workbook);
    expect(Buffer.compare(readFileSync(join(folder, 'originals', sha256)), workbook)).toBe(0);
    const [, texts] = events().flatMap(
      ({ annex }) => (annex as { vouchers?: { document: string; counterparty: string }[] })?.vouchers ?? [],
    );
    expect(texts).toMatchObject({ document: '9.4-7/2022, start.xlsx', counterparty: 'Kammarkollegiet' });
  });
  it('carries in a debt as money received, and a claim as income recognised before the money came, in the year before', async () => {
    await read(await filledIn());
    const posted = events().flatMap((event) => vouchersOf(event).map(({ eventDate, lines }) => [event.type, eventDate, lines] as const));
    expect(posted).toMatchObject([
      ['ReceiptPosted', '2022-12-31', [
        { account: '2971', amountOre: -25_000_075, decision: '9916-22', grant: '9916', effect: 'received', period: '2022-16', unit: '614' },
        { account: '1930', amountOre: 25_000_075, effect: 'none', unit: '614' },
      ]],
      ['IncomeRecognised', '2022-12-31', [
        { account: '1790', amountOre: 10_000_000, decision: '9917-22', period: '2022-16' },
        { account: '3550', amountOre: -10_000_000, grant: '9917', effect: 'recognised' },
      ]],
    ]); // prettier-ignore
    await commands.look((ledger) => expect(ledger.sums.of('received|9916-22')).toBe(-25_000_075n));
  });
  it('read twice says that all is there already, whoever reads it, and does nothing twice', async () => {
    const workbook = await filledIn();
    const first = await read(workbook);
    const before = store.log.length;
    const bertil = { login: 'bertil', name: 'Bertil Berg', role: 'accountant' };
    const again = await read(workbook, { caller: bertil });
    expect(again).toMatchObject({ outcome: 'nothing-new', registered: [], vouchers: [], findings: [] });
    expect(again.already.map(({ code }) => code).sort()).toEqual(first.registered.map(({ code }) => code).sort());
    expect(store.log).toHaveLength(before);
  });
  it('with more rows later registers only those', async () => {
    await read(await filledIn());
    const more = await read(await with_({ Enheter: [...EXAMPLE.Enheter, ['605', 'eHälsa och IT', 'enhet', 'RS', day('2020-01-01')]] }));
    expect(more.registered).toEqual([{ sheet: 'Enheter', row: 6, code: '605' }]);
  });
  it('carries nothing in where the decision has been posted to since, and says so', async () => {
    await read(await filledIn());
    const before = store.log.length;
    const changed = await read(await with_({ Ingående: [['9916-22', '2971', -300_000, '1930', '614', null]] }));
    expect(found(changed)).toEqual([['Ingående', 3, 'finding-carried-in-moved']]);
    expect(store.log).toHaveLength(before);
  });
  it('with another amount than was carried in says what differs, of a debt, a claim and earlier years’ cost, and calls none of them there already', async () => {
    const rows = (debt: number, claim: number, cost: number): CellValue[][] => [
      ['9916-22', '2971', debt, '1930', '614', null],
      ['9917-22', '1790', claim, '3550', 'HSN', 2022],
      ['9916-22', '7550', cost, '2440', '614', 2021],
    ];
    await read(await with_({ Ingående: rows(-250, 100, 7) }));
    const of = async (workbook: Uint8Array) => {
      const { outcome, findings, already } = await read(workbook);
      expect(outcome).toBe('nothing-new');
      return [
        findings.map(({ row, facts }) => [row, facts['standingOre'], facts['givenOre']]),
        already.filter(({ sheet }) => sheet === 'Ingående').length,
      ];
    };
    expect(await of(await with_({ Ingående: rows(-250, 100, 7) }))).toEqual([[], 3]);
    expect(await of(await with_({ Ingående: rows(-250, 101, 8) }))).toEqual([[[4, '-10000', '-10100'], [5, '700', '800']], 1]); // prettier-ignore
    expect(await of(await with_({ Ingående: rows(-251, 100, 7) }))).toEqual([[[3, '-25000', '-25100']], 2]);
  });
  it('of earlier years posts income and cost as totals', async () => {
    await read(await with_({ Ingående: [['9916-22', '2971', -500, '1930', '614', 2021], ['9916-22', '3550', -300, '2971', '614', 2021], ['9916-22', '7550', 300, '2440', '614', 2021]] })); // prettier-ignore
    await commands.look((ledger) => {
      expect([ledger.sums.of('recognised|9916-22'), ledger.sums.of('net|9916|2021')]).toEqual([-30_000n, 0n]);
    });
  });
  it('gives the profile its mapping of units, once', async () => {
    const profile = { kind: 'whole-vouchers', book: 'erp', grant: [{ dimension: '20' }], unit: { places: [{ dimension: '1' }] } } as const;
    await commands.handle(new SetProfile({ profile: 'erp', validFrom: '2020-01-01', settings: profile }), { caller: anna });
    await read(await filledIn(), { profile: 'erp' });
    const mappings = [{ from: '60000', to: '69999', code: '614' }, { from: '70000', code: 'HSN' }]; // prettier-ignore
    await commands.look((ledger) =>
      expect(ledger.profiles.get('erp')?.versions.at(-1)).toMatchObject({ version: 2, validFrom: '2023-01-01', settings: { unit: { places: [{ dimension: '1' }], mappings } } }),
    ); // prettier-ignore
    expect(await read(await filledIn(), { profile: 'erp' })).toMatchObject({ outcome: 'nothing-new' });
    expect(await refused(await filledIn(), { profile: 'hr' })).toEqual([['Ansvar', 3, '', 'profile-unknown']]);
  });
  it('says what the ledger would warn of', async () => {
    const result = await read(await with_({ Ingående: [['9916-22', '2971', -1_500_000, '1930', '614', null]] }), { dryRun: true });
    expect(found(result)).toEqual([['Ingående', 3, 'warning-received-above-award']]);
  });
});

describe('a workbook with anything wrong registers nothing, and names sheet, row and column', () => {
  const units = EXAMPLE.Enheter;
  it.each([
    ['a kind of unit', { Enheter: [['X', 'X', 'klinik', '', '2020-01-01'], ...units] }, ['Enheter', 3, 'Slag', 'choice-unknown']],
    ['a date', { Enheter: [['X', 'X', 'enhet', '', '1/1 2020'], ...units] }, ['Enheter', 3, 'Gäller från', 'cell-date-malformed']],
    ['a cell that must be filled in', { Enheter: [[null, 'X', 'enhet', '', '2020-01-01'], ...units] }, ['Enheter', 3, 'Kod', 'file-field-missing']],
    ['a unit under one that is not there', { Enheter: [...units, ['X', 'X', 'enhet', 'Y', '2020-01-01']] }, ['Enheter', 6, 'Ligger under', 'unit-unknown']],
    ['units under each other', { Enheter: [...units, ['X', 'X', 'enhet', 'Y', '2020-01-01'], ['Y', 'Y', 'enhet', 'X', '2020-01-01']] }, ['Enheter', 7, 'Ligger under', 'unit-unknown']],
    ['a code', { Enheter: [...units, ['a b', 'X', 'enhet', '', '2020-01-01']] }, ['Enheter', 6, '', 'code-malformed']],
    ['a row twice', { Enheter: [...units, units[0]!] }, ['Enheter', 6, '', 'start-row-twice']],
    ['no name anywhere', { Enheter: [...units, ['X', '', 'enhet', '', '2020-01-01']] }, ['Enheter', 6, 'Namn', 'start-name-missing']],
    ['what went before', { Bidrag: [...EXAMPLE.Bidrag, ['9930', 'Nytt', '2023-01-01', '9999']] }, ['Bidrag', 5, 'Föregångare', 'grant-unknown']],
    ['a display group', { Bidrag: [...EXAMPLE.Bidrag, ['99**', 'Övriga', '2023-01-01', null]] }, ['Bidrag', 5, '', 'grant-is-display-group']],
    ['an award of three decimals', { Beslut: [...EXAMPLE.Beslut, ['x', '9916', 'S', '1', 'villkorat', 1.005, 2023, 'skuld', 'ja']] }, ['Beslut', 6, 'Beviljat', 'cell-amount-decimals']],
    ['a grant year', { Beslut: [...EXAMPLE.Beslut, ['x', '9916', 'S', '1', 'villkorat', 1, '23', 'skuld', 'ja']] }, ['Beslut', 6, 'Bidragsår', 'year-malformed']],
    ['a grant', { Beslut: [...EXAMPLE.Beslut, ['x', '9999', 'S', '1', 'villkorat', 1, 2023, 'skuld', 'ja']] }, ['Beslut', 6, 'Bidrag', 'grant-unknown']],
    ['days the wrong way round', { Beslut: [...EXAMPLE.Beslut, ['x', '9916', 'S', '1', 'villkorat', 1, 2023, 'skuld', 'ja', '', '', '2023-12-31', '2023-01-01']] }, ['Beslut', 6, 'Används till', 'terms-contradict']],
    ['classes over each other', { Kontoklasser: [...EXAMPLE.Kontoklasser, ['2000', '2001', 'balans']] }, ['Kontoklasser', 10, 'Från', 'account-classes-overlap']],
    ['a class', { Kontoklasser: [...EXAMPLE.Kontoklasser, ['9000', '899', 'balans']] }, ['Kontoklasser', 10, 'Från', 'account-class-malformed']],
    ['a decision that is not there', { Ingående: [['x', '2971', -1, '1930', '614', null]] }, ['Ingående', 3, 'Beslut', 'decision-unknown']],
    ['an account', { Ingående: [['9916-22', '9971', -1, '1930', '614', null]] }, ['Ingående', 3, 'Konto', 'account-unknown']],
    ['two accounts that make no act', { Ingående: [['9916-22', '2971', 1, '1930', '614', null]] }, ['Ingående', 3, 'Konto', 'start-carried-in-accounts']],
    ['a debt of money that is income', { Ingående: [['9917-22', '2971', -1, '1930', '614', null]] }, ['Ingående', 3, 'Konto', 'received-elsewhere']],
    ['a unit', { Ingående: [['9916-22', '2971', -1, '1930', '999', null]] }, ['Ingående', 3, 'Enhet', 'unit-unknown']],
    ['the first year itself', { Ingående: [['9916-22', '2971', -1, '1930', '614', 2023]] }, ['Ingående', 3, 'År', 'start-year-not-before']],
    ['nothing carried in', { Ingående: [['9916-22', '2971', 0, '1930', '614', null]] }, ['Ingående', 3, 'Belopp', 'amount-zero']],
    ['a responsibility of no unit', { Ansvar: [['1', null, '999']] }, ['Ansvar', 3, 'Enhet', 'unit-unknown']],
    ['responsibilities over each other', { Ansvar: [['100', '199', '614'], ['150', null, 'HSN']] }, ['Ansvar', 4, 'Ansvar från', 'profile-ranges-overlap']],
    ['a range', { Ansvar: [['100', '99', '614']] }, ['Ansvar', 3, 'Ansvar till', 'profile-range-malformed']],
  ] as [string, Filled, unknown[]][])('%s', async (_what, changed, finding) => expect(await refused(await with_(changed))).toContainEqual(finding)); // prettier-ignore

  it('all that is wrong at once, in every sheet', async () => {
    const wrong = await with_({ Enheter: [['X', 'X', 'klinik', '', '2020-01-01'], ...units], Ansvar: [['1', null, '999']] });
    expect((await refused(wrong)).map((finding) => (finding as string[])[0])).toEqual(['Enheter', 'Ansvar']);
  });
  it('what the ledger has otherwise: a start changes nothing', async () => {
    await read(await filledIn());
    const other = {
      Enheter: [['614', 'Staben', 'enhet', 'RS', '2020-01-01'], ['RS', 'Regionstyrelsen', 'enhet', null, '2020-01-01']],
      Bidrag: [['9916', 'Nära', '2020-01-01', null]],
      Beslut: [EXAMPLE.Beslut[1]!.with(5, 3)],
    }; // prettier-ignore
    expect(await refused(await filledIn(other))).toEqual([
      ['Enheter', 3, 'Namn', 'start-differs'],
      ['Enheter', 4, 'Slag', 'start-differs'],
      ['Bidrag', 3, 'Namn', 'start-differs'],
      ['Beslut', 3, 'Beviljat', 'start-differs'],
    ]);
  });
  it('a sheet that nobody knows, a heading that nobody knows, and one that is missing', async () => {
    const sheets = [
      { name: 'Besult', rows: [['x']] },
      { name: 'Enheter', rows: [['Kod', 'Namn', 'Slag', 'Färg', 'Gäller från']] },
      { name: 'Bidrag', rows: [['Kod', 'Namn']] },
    ];
    expect(await refused(await writeXlsx({ sheets }))).toEqual([
      ['Besult', 0, '', 'start-sheet-unknown'],
      ['Enheter', 1, 'Färg', 'file-column-unknown'],
      ['Bidrag', 1, 'Gäller från', 'file-column-missing'],
      ['', 0, '', 'start-empty'],
    ]);
    const twice = [{ name: 'Bidrag', rows: [['Kod', 'Namn', 'Gäller från', 'kod'], ['9916', 'x', '2020-01-01', 'y']] }]; // prettier-ignore
    expect(await refused(await writeXlsx({ sheets: twice }))).toEqual([['Bidrag', 1, 'kod', 'file-column-twice']]);
  });
  it('its first sentence is about a row, in words', async () => {
    const error = await read(await with_({ Ansvar: [['1', null, '999']] })).catch((one: unknown) => one as StartRefused);
    const empty = await read(await writeStartTemplate()).catch((one: unknown) => one as StartRefused);
    expect((empty as StartRefused).message).toMatch(/^Inget är registrerat: 1 fel i filen. Det första: Filen har inget att registrera/);
    expect((error as StartRefused).message).toBe('Inget är registrerat: 1 fel i filen. Det första, Ansvar rad 3, Enhet: Enhet 999 finns inte. Rätta koden eller lägg till enheten.'); // prettier-ignore
  });
});

describe('a SIE file beside the workbook', () => {
  const sie = (...records: string[]) => ['#FLAGGA 0', '#SIETYP 4', '#RAR 0 20230101 20231231', '#RAR -1 20220101 20221231', '#DIM 20 Bidrag', ...records, ''].join('\r\n'); // prettier-ignore
  const start = (text: string, rows: Filled = EXAMPLE, rest: Partial<StartRequest> = {}) =>
    withFile(text, async (file) => read(await filledIn(rows), { sie: file, dryRun: true, ...rest }));

  it('names units and grants that have no name in the workbook', async () => {
    const nameless = { ...EXAMPLE, Enheter: EXAMPLE.Enheter.map((row) => row.with(1, null)), Bidrag: EXAMPLE.Bidrag.map((row) => row.with(1, '')) }; // prettier-ignore
    const names = ['#OBJEKT 1 614 "Regionstaben"', '#OBJEKT 1 RS "Regionstyrelsen"', '#OBJEKT 1 HSN "Hälso"', '#OBJEKT 20 9916 "Nära vård"', '#OBJEKT 20 9917 "Medarbetare"']; // prettier-ignore
    await start(sie(...names), nameless, { dryRun: false });
    await commands.look((ledger) => {
      expect([ledger.units.get('614')?.versions[0]?.name, ledger.grants.get('9917')?.names[0]?.name]).toEqual([
        'Regionstaben',
        'Medarbetare',
      ]);
    });
  });
  it('agrees with what is carried in, account by account and grant by grant', async () => {
    const balances = ['#IB 0 2971 -250000.75', '#OIB 0 2971 {20 9916} -250000.75', '#IB 0 1790 100000.00'];
    expect(found(await start(sie(...balances)))).toEqual([]);
  });
  const differing = ['#OIB 0 2971 {20 9916} -250000.00', '#IB 0 1790 90000.00'];
  it('or does not: then nothing is registered until the accountant consents to exactly those differences', async () => {
    const workbook = await filledIn(); // one file: another is another to consent to, and each is written with the time
    const start = (text: string, rest: Partial<StartRequest> = {}) =>
      withFile(text, (file) => read(workbook, { sie: file, dryRun: false, ...rest }));
    const before = store.log.length;
    const asks = await start(sie(...differing)).catch((error: unknown) => error as StartRefused);
    expect(asks).toMatchObject({
      refusal: 'start-asks-consent',
      findings: [
        { sheet: 'Ingående', row: 4, finding: 'finding-carried-in-not-tied' },
        { sheet: 'Ingående', row: 3, finding: 'finding-carried-in-not-tied' },
      ],
    });
    expect(store.log).toHaveLength(before);
    const { consent } = asks as StartRefused;
    const other = { consent: consent!, reason: 'Rättas i ekonomisystemet' };
    await expect(start(sie(differing[0]!), other)).rejects.toMatchObject({ refusal: 'start-asks-consent', findingsInAll: 2 });
    await expect(start(sie(...differing), { ...other, reason: '' })).rejects.toMatchObject({
      refusal: 'text-missing',
      facts: { field: 'reason' },
    });
    expect(store.log).toHaveLength(before);
    const answer = await start(sie(...differing), other);
    expect(answer).toMatchObject({ outcome: 'registered', findings: [], consent, consented: `start-${before}` });
    expect(events()[before]).toMatchObject({
      type: 'StartConsented',
      data: {
        ...{ sha256: answer.sha256, bytes: workbook.length, year: 2023 },
        findings: [
          { row: 4, finding: 'finding-carried-in-not-tied', facts: { sheet: 'Ingående', account: '1790', balanceOre: '9000000' } },
          { row: 3, finding: 'finding-carried-in-not-tied', facts: { sheet: 'Ingående', account: '2971', object: '9916' } },
        ],
      },
      annex: { file: 'start.xlsx', reason: 'Rättas i ekonomisystemet' },
    });
    expect(await start(sie(...differing))).toMatchObject({
      outcome: 'nothing-new',
      asks: [],
      findings: [{ row: 4 }, { row: 3 }],
    });
  });
  it('is consented to once, wherever it was stopped, and before anything rests on it', async () => {
    const workbook = await filledIn();
    const start = (rest: Partial<StartRequest>) =>
      withFile(sie(...differing), (file) => read(workbook, { sie: file, dryRun: false, reason: 'Så är det', ...rest }));
    const [consent, log] = [(await start({ dryRun: true })).consent!, [...store.log]];
    await start({ consent });
    const whole = events().map(({ type, data }) => ({ type, data }));
    expect(whole[log.length]!.type).toBe('StartConsented');
    for (let after = 0; after < whole.length - log.length; after += 1) {
      const dying = Object.assign(new MemoryStore([...log]), { appendBytes: 1 });
      const append = dying.append.bind(dying);
      let left = after;
      dying.append = async (...asked) => (left-- > 0 ? append(...asked) : Promise.reject(new StoreUnavailable('unreachable', 'gone')));
      commands = await opened(dying);
      await expect(start({ consent })).rejects.toMatchObject({ refusal: 'store-unavailable' });
      expect(dying.log).toHaveLength(log.length + after);
      store = new MemoryStore(dying.log);
      commands = await opened(store);
      expect(await start({ consent })).toMatchObject({ outcome: 'registered', consented: `start-${log.length}` });
      expect(events().map(({ type, data }) => ({ type, data }))).toEqual(whole);
    }
  });
  it('in a dry run each difference is listed, with what consents to them', async () => {
    const balances = [
      '#OIB 0 2971 {20 9916} -250000.00',
      '#OIB 0 2971 {20 9920} -5.00',
      '#IB 0 1790 90000.00',
      '#IB 0 2972 -7.00',
      '#IB 0 1930 1.00',
    ];
    const { asks, consent } = await start(sie(...balances));
    expect(consent).toMatch(/^[0-9a-f]{12}$/);
    expect(asks.map(({ finding, facts }) => [finding, facts['account'], facts['object'], facts['givenOre'], facts['balanceOre']])).toEqual([
      ['finding-carried-in-not-tied', '1790', '', '10000000', '9000000'],
      ['finding-carried-in-not-tied', '2971', '9916', '-25000075', '-25000000'],
      ['finding-carried-in-not-tied', '2971', '9920', '0', '-500'],
      ['finding-carried-in-not-tied', '2972', '', '0', '-700'],
    ]);
  });
  it('of the year before is tied by its closing balances', async () => {
    const before = ['#FLAGGA 0', '#SIETYP 4', '#RAR 0 20220101 20221231', '#UB 0 2971 -250000.75', '#UB 0 1790 100000.00', '#IB 0 2971 -1.00', ''].join('\r\n'); // prettier-ignore
    expect(found(await start(before))).toEqual([]);
  });
  it('without balances of the year ties nothing, and says so', async () =>
    expect(found(await start(sie('#IB -1 2971 5.00')))).toEqual([['Ingående', 3, 'finding-carried-in-not-compared']]));
  it('that is none refuses the start', async () => {
    const html = await withFile('<html></html>', async (file) => refused(await filledIn(), { sie: file }));
    expect(html).toEqual([['SIE', 1, '', 'sie-html']]);
  });
});
