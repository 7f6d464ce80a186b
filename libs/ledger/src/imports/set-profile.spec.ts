/** A profile says how files are read from a day on; everything in it is checked before any file is. */
import { describe, expect, it } from '@jest/globals';
import { file, profile, region } from '../region-given.js';
import { AbandonImport, OpenImportOfFile } from './import.js';
import type { DateRange, ProfileSettings } from './profile.js';
import { EndProfile, SetProfile } from './set-profile.js';

const set = (rest: Partial<ProfileSettings> = {}, validFrom = '2023-01-01', name = 'raindance') =>
  new SetProfile({ profile: name, validFrom, settings: { ...profile, ...rest } });
const open = (rest: Partial<OpenImportOfFile['input']> = {}) => new OpenImportOfFile({ ...file, profile: 'raindance~1', ...rest });

const columns = { number: 'Vernr', date: 'Bokföringsdatum', account: 'Konto', amount: 'Belopp' };
/** Every part that a profile can have. */
const full: ProfileSettings = {
  kind: 'whole-vouchers',
  book: 'erp',
  grant: [
    { dimension: '20', pattern: '^99\\d{2}$' },
    { column: 'Projekt', mappings: [{ from: 'P100', to: 'P199', code: '9916' }] },
  ],
  unit: { places: [{ dimension: '1' }, { column: 'Ansvar' }], mappings: [{ from: '6140', to: '6149', code: '614' }], otherwise: '605' },
  decision: { places: [{ column: 'Beslut' }] },
  counterpart: { places: [{ dimension: '8' }], otherwise: '000' },
  period: { from: { column: 'Period' }, closingSeries: [{ series: 'BOK', month: 13 }] },
  accounts: [{ from: '3000', to: '3999', kind: 'income', name: 'Erhållna bidrag' }],
  filter: {
    keep: [{ place: { dimension: '20' }, codes: [{ from: '9900', to: '9999' }] }, { grantCode: true }],
    drop: [{ series: ['LÖN'], accounts: [{ from: '4000', to: '4999' }] }],
  },
  keeps: 'chosen-rows',
  table: {
    separator: ';',
    headingRow: 3,
    decimal: ',',
    creditPositive: true,
    columns: { ...columns, series: 'Serie', lineText: 'Radtext' },
  },
};

describe('a profile', () => {
  it('is kept whole, as version 1', () =>
    region
      .when(set(full))
      .then({ type: 'ProfileSet', data: { profile: 'raindance', version: 1, validFrom: '2023-01-01', settings: full } }));
  it('has a version more each time it is set', () =>
    region
      .and(set())
      .when(set(full, '2024-01-01'))
      .then({ type: 'ProfileSet', data: { version: 2, validFrom: '2024-01-01' } }));
  it('reads a voucher by the version in force on its date, and none from before its first day', () => {
    const ledger = region.and(set(), set(full, '2024-01-01'), set({}, '2023-07-01')).ledger();
    const versions = ['2022-12-31', '2023-01-01', '2023-06-30', '2023-07-01', '2024-05-01'].map(
      (day) => ledger.profileOn('raindance', day)?.version ?? null,
    );
    expect(versions).toEqual([null, 1, 1, 3, 2]);
    expect(ledger.profileOn('agresso', '2023-05-01')).toBeNull();
  });
  it('set anew from the same day replaces what was said before', () => {
    const ledger = region.and(set(), set(full)).ledger();
    expect(ledger.profileOn('raindance', '2023-05-01')).toMatchObject({ version: 2, settings: full });
  });
  it('keeps its kind and its book in all versions', () => {
    const there = region.and(set());
    there.when(set({ book: 'pay' })).thenRefused('profile-fixed', { kind: 'whole-vouchers', book: 'erp' });
    there.when(set({ kind: 'selection' })).thenRefused('profile-fixed', { profile: 'raindance' });
  });
  it('has a name of its own, which can stand in an address', () => {
    region.when(set({}, '2023-01-01', 'voucher-csv')).thenRefused('profile-reserved', { profile: 'voucher-csv' });
    region.when(set({}, '2023-01-01', 'rain~2')).thenRefused('code-malformed');
    region.when(set({}, '2023-13-01')).thenRefused('date-malformed');
  });
  it('is left as it is while a file is read in by it', () => {
    const under = region.and(set(), open());
    under.when(set(full)).thenRefused('import-open', { import: 'a1' });
    under.when(new EndProfile({ profile: 'raindance' })).thenRefused('import-open', { import: 'a1' });
    under
      .and(new AbandonImport({ import: 'a1', because: 'Avbruten' }))
      .when(set(full))
      .then({ type: 'ProfileSet' });
    under.when(set({}, '2023-01-01', 'agresso')).then({ type: 'ProfileSet' });
  });
  it('takes no more files when it has ended, and is not set again', () => {
    const ended = region.and(set(), new EndProfile({ profile: 'raindance' }));
    ended.when(open()).thenRefused('profile-ended', { profile: 'raindance' });
    ended.when(set()).thenRefused('profile-ended');
    ended.when(new EndProfile({ profile: 'raindance' })).thenRefused('profile-ended');
    region.when(new EndProfile({ profile: 'raindance' })).thenRefused('profile-unknown', { profile: 'raindance' });
  });
});

describe('a file read by a profile', () => {
  const there = region.and(set());
  it('names the profile and its newest version', () => there.when(open()).then({ type: 'ImportOpened', data: { profile: 'raindance~1' } }));
  it('is of a profile that exists', () => region.when(open()).thenRefused('profile-unknown', { profile: 'raindance' }));
  it('is read again where the profile has been set anew meanwhile', () =>
    there.and(set(full, '2024-01-01')).when(open()).thenRefused('file-overtaken'));
  it('is of the kind and goes into the book that the profile says', () => {
    there.when(open({ kind: 'selection' })).thenRefused('profile-fixed', { kind: 'whole-vouchers' });
    there.when(open({ book: 'pay' })).thenRefused('profile-fixed', { book: 'erp' });
  });
  it('says what the filter left out, what was kept and what it corrects', () =>
    there
      .when(open({ corrections: 2, keptSha256: 'cd'.repeat(32), leftOut: { vouchers: 1, rows: 2, debitOre: '5', creditOre: '-5' } }))
      .then({ type: 'ImportOpened', data: { corrections: 2, keptSha256: 'cd'.repeat(32), leftOut: { rows: 2 } } }));
});

describe('the settings of a profile', () => {
  const place = (rest: object) => [rest] as unknown as ProfileSettings['grant'];
  it('say what kind of file it is, and which book it goes into', () => {
    region.when(set({ kind: 'all' as 'selection' })).thenRefused('choice-unknown', { field: 'kind' });
    region.when(set({ book: 'own' })).thenRefused('book-malformed', { book: 'own' });
  });
  it('name at least one place for the grant code, and one place or code for the unit', () => {
    region.when(set({ grant: [] })).thenRefused('profile-part-missing', { part: 'grant' });
    region.when(set({ unit: { places: [] } })).thenRefused('profile-part-missing', { part: 'unit' });
    region.when(set({ unit: { places: [], otherwise: '614' } })).then({ type: 'ProfileSet' });
  });
  it.each([{}, { dimension: 'sex' }, { dimension: '' }, { dimension: '6', column: 'Objekt' }])(
    'a place is a dimension or a column, not %j',
    (wrong) => region.when(set({ grant: place(wrong) })).thenRefused('profile-place-malformed', { part: 'grant.1' }),
  );
  it('a column has a heading', () =>
    region.when(set({ grant: place({ column: ' ' }) })).thenRefused('text-missing', { field: 'grant.1.column' }));
  it('a pattern cannot hold the server', () =>
    region.when(set({ grant: place({ dimension: '6', pattern: '(a+)+$' }) })).thenRefused('pattern-malformed'));
  it('a range has as many characters at both ends, and goes upwards', () => {
    const mapped = (from: string, to: string) => set({ unit: { places: [{ dimension: '1' }], mappings: [{ from, to, code: '614' }] } });
    region.when(mapped('6140', '615')).thenRefused('profile-range-malformed', { part: 'unit.mappings.1', from: '6140', to: '615' });
    region.when(mapped('6149', '6140')).thenRefused('profile-range-malformed');
    region.when(mapped('', '')).thenRefused('text-missing');
  });
  it('a code of the file is called one thing', () =>
    region
      .when(
        set({
          unit: {
            places: [{ dimension: '1' }],
            mappings: [
              { from: '6145', code: '605' },
              { from: '614', code: '614' },
              { from: '6140', to: '6149', code: '614' },
            ],
          },
        }),
      )
      .thenRefused('profile-ranges-overlap', { part: 'unit.mappings', first: '6140-6149', second: '6145' }));
  it('a unit that codes are mapped to is in the register', () => {
    region.when(set({ unit: { places: [{ dimension: '1' }], otherwise: '999' } })).thenRefused('unit-unknown', { unit: '999' });
    region
      .when(set({ unit: { places: [{ dimension: '1' }], mappings: [{ from: '1', code: '999' }] } }))
      .thenRefused('unit-unknown', { unit: '999' });
  });
  it('a period comes from a date, a column or a dimension; closing series have a closing month', () => {
    region.when(set({ period: { from: { dimension: 'x' } } })).thenRefused('profile-place-malformed', { part: 'period.from' });
    region
      .when(set({ period: { from: { dimension: '23' } } }))
      .then({ type: 'ProfileSet', data: { settings: { period: { from: { dimension: '23' } } } } });
    region.when(set({ period: { from: 'today' as 'registered' } })).thenRefused('choice-unknown', { field: 'period.from' });
    region
      .when(set({ period: { from: 'voucher-date', closingSeries: [{ series: 'BOK', month: 12 as 13 }] } }))
      .thenRefused('profile-number-malformed', { part: 'period.closingSeries.1.month', least: 13, most: 16 });
    region
      .when(set({ period: { from: 'voucher-date', closingSeries: [{ series: 'x'.repeat(17), month: 13 }] } }))
      .thenRefused('series-malformed', { series: 'x'.repeat(17) });
  });
  it('a series is named as the file writes it, whatever signs are in it, or none where vouchers have none', () => {
    const filter = { drop: [{ series: ['#', 'Ä 1', 'K-', '%', ''] }] };
    region.when(set({ filter })).then({ type: 'ProfileSet', data: { settings: { filter } } });
    region.when(set({ unnumbered: ['#'] })).then({ type: 'ProfileSet', data: { settings: { unnumbered: ['#'] } } });
    region.when(set({ unnumbered: ['x'.repeat(17)] })).thenRefused('series-malformed');
    region.when(set({ filter: { drop: [{ series: ['€€€€€€'] }] } })).thenRefused('series-malformed', { series: '€€€€€€' });
  });
  it('accounts are classes as the ledger’s own', () => {
    region.when(set({ accounts: [] })).thenRefused('account-class-malformed');
    region
      .when(
        set({
          accounts: [
            { from: '3000', to: '3999', kind: 'income' },
            { from: '3500', to: '4000', kind: 'cost' },
          ],
        }),
      ) // prettier-ignore
      .thenRefused('account-classes-overlap');
  });
  it('a filter has conditions, and each says something', () => {
    region.when(set({ filter: {} })).thenRefused('profile-part-missing', { part: 'filter' });
    region.when(set({ filter: { keep: [{}] } })).thenRefused('profile-condition-malformed', { part: 'filter.keep.1' });
    region
      .when(set({ filter: { drop: [{ place: { dimension: '7' } }] } }))
      .thenRefused('profile-condition-malformed', { part: 'filter.drop.1' });
    region.when(set({ filter: { keep: [{ codes: [{ from: '9916' }] }] } })).thenRefused('profile-condition-malformed');
    region.when(set({ filter: { keep: [{ accounts: [{ from: 'x' }] }] } })).thenRefused('account-unknown', { account: 'x' });
  });
  it('a condition may name days: from one, to one, or both in order', () => {
    const of = (dates: DateRange) => set({ filter: { keep: [{ dates }] } });
    for (const dates of [{ from: '2023-01-01' }, { to: '2023-12-31' }, { from: '2023-01-01', to: '2023-12-31' }])
      region.when(of(dates)).then({ type: 'ProfileSet', data: { settings: { filter: { keep: [{ dates }] } } } });
    region.when(of({})).thenRefused('profile-part-missing', { part: 'filter.keep.1.dates' });
    region.when(of({ from: '2023-02-30' })).thenRefused('date-malformed', { date: '2023-02-30' });
    region
      .when(of({ from: '2023-12-31', to: '2023-01-01' }))
      .thenRefused('profile-dates-malformed', { part: 'filter.keep.1.dates', from: '2023-12-31', to: '2023-01-01' });
  });
  it('the fiscal year may begin in another month than January', () => {
    region.when(set({ firstMonth: 7 })).then({ type: 'ProfileSet', data: { settings: { firstMonth: 7 } } });
    for (const firstMonth of [0, 13, 1.5])
      region.when(set({ firstMonth })).thenRefused('profile-number-malformed', { part: 'firstMonth', least: 1, most: 12 });
  });
  it('only chosen rows are kept where something is chosen, and not of a workbook', () => {
    const filter = { keep: [{ grantCode: true }] };
    region.when(set({ keeps: 'chosen-rows' })).thenRefused('profile-keeps-malformed');
    region.when(set({ keeps: 'chosen-rows', filter, table: { sheet: 'Blad1', columns } })).thenRefused('profile-keeps-malformed');
    region.when(set({ keeps: 'chosen-rows', filter })).then({ type: 'ProfileSet' });
    region.when(set({ keeps: 'none' as 'file' })).thenRefused('choice-unknown', { field: 'keeps' });
  });
  it('a table has an amount, or debit and credit', () => {
    const { amount: _amount, ...others } = columns;
    for (const wrong of [{}, { debit: 'Debet' }, { amount: 'Belopp', debit: 'Debet', credit: 'Kredit' }])
      region.when(set({ table: { columns: { ...others, ...wrong } } })).thenRefused('profile-amount-columns');
    const two = { ...others, debit: 'Debet', credit: 'Kredit' };
    region.when(set({ table: { columns: two } })).then({ type: 'ProfileSet' });
    region.when(set({ table: { creditPositive: true, columns: two } })).thenRefused('profile-amount-columns');
  });
  it('a table has its headings somewhere, and number, date and account among them', () => {
    region.when(set({ table: { headingRow: 0, columns } })).thenRefused('profile-number-malformed', { part: 'table.headingRow' });
    region.when(set({ table: { columns: { ...columns, account: '' } } })).thenRefused('text-missing', { field: 'table.columns.account' });
    region.when(set({ table: { separator: '|' as ';', columns } })).thenRefused('choice-unknown', { field: 'table.separator' });
    region.when(set({ table: { decimal: ';' as ',', columns } })).thenRefused('choice-unknown', { field: 'table.decimal' });
  });
});
