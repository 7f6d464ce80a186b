/** An import enters whole or not at all, and nothing of it counts before the close. */
import { describe, expect, it } from '@jest/globals';
import { closeYear, cost, erpLine, erpVoucher, file, importedCost, profile, region, terms } from '../region-given.js';
import { ChangeDecision } from '../register/decision.js';
import { RetireGrant } from '../register/grant.js';
import { EndUnit } from '../register/unit.js';
import { CorrectVoucher } from '../vouchers/correct-voucher.js';
import { AbandonImport, CloseImport, ImportVouchers, OpenImportOfFile, RecordFindings, RefuseImport } from './import.js';
import { SetProfile } from './set-profile.js';

const open = (rest: Partial<OpenImportOfFile['input']> = {}) => new OpenImportOfFile({ ...file, ...rest });
const payroll = new SetProfile({ profile: 'payroll', validFrom: '2023-01-01', settings: profile });
const [, part, close] = importedCost(100_000) as [OpenImportOfFile, ImportVouchers, CloseImport];
const erp = { book: 'erp', year: 2023, series: 'LEV', number: '153', version: 1 };
const half = (number: number, rest: object) =>
  new ImportVouchers({
    import: 'a1',
    part: number,
    vouchers: [erpVoucher('153', [erpLine('7550', 5, { effect: 'cost', grant: '9957' })], rest)],
    texts: [{ text: 'Stor' }],
  });

describe('an import', () => {
  it('opens with what the file is and what it touches; its name stands beside', () =>
    region.when(open()).then({
      type: 'ImportOpened',
      data: { import: 'a1', sha256: file.sha256, book: 'erp', year: 2023, periods: ['2023-03'] },
      annex: { file: '2023-03.csv' },
    }));
  it('counts nothing, and lets nobody touch its vouchers, before the close', () => {
    const under = region.and(open(), part);
    expect(under.ledger().locate(erp)).toBeNull();
    expect(under.ledger().sums.size).toBe(0);
    under.when(new CorrectVoucher({ voucher: erp, reason: 'Fel', eventDate: '2023-05-03' })).thenRefused('voucher-unknown');
  });
  it('counts whole from the close on', () => {
    const closed = region.and(open(), half(0, {}), close);
    expect(closed.ledger().locate(erp)).toBe(14);
    expect(closed.ledger().sums.of('net|9957|2023')).toBe(5n);
  });
  it('uses its units from the close on, and not where it is abandoned', () => {
    const ends = (day: string) => new EndUnit({ unit: '614', lastDay: day });
    region.and(open(), half(0, {}), close).when(ends('2023-01-31')).thenWarns('warning-unit-used-after-end');
    region.and(open(), half(0, {}), close).when(ends('2023-12-31')).thenWarns();
    region
      .and(open(), half(0, {}), new AbandonImport({ import: 'a1', because: 'Avbruten' }))
      .when(ends('2023-01-31'))
      .thenWarns();
  });
  it('abandoned leaves nothing but that it was', () => {
    const outcome = region.and(open(), half(0, {})).when(new AbandonImport({ import: 'a1', because: 'Avbruten' }));
    outcome.then({ type: 'ImportAbandoned', data: { import: 'a1', because: 'Avbruten' } });
    expect(outcome.after.ledger().locate(erp)).toBeNull();
    outcome.after.when(open({ import: 'a2' })).then({ type: 'ImportOpened' });
  });
  it('is one at a time in a book and year', () => {
    const under = region.and(open());
    under.when(open({ import: 'a2', sha256: 'cd'.repeat(32) })).thenRefused('import-open', { import: 'a1', book: 'erp', year: 2023 });
    under.when(open({ import: 'a2', year: 2024, periods: ['2024-01'] })).then({ type: 'ImportOpened' });
    under.when(open({ import: 'a2', book: 'pay', sha256: 'cd'.repeat(32) })).then({ type: 'ImportOpened' });
  });
  it('lets posting by hand go on meanwhile', () => region.and(open()).when(cost(1)).then({ type: 'CostPosted' }));
  it('of the same file by the same profile happens once', () => {
    const closed = region.and(...importedCost(1));
    closed.when(open({ import: 'a2' })).thenRefused('file-already-imported', { import: 'a1' });
    closed
      .and(payroll)
      .when(open({ import: 'a2', profile: 'payroll~1' }))
      .then({ type: 'ImportOpened' });
  });
  it('of the same file by the same profile never goes into another book, where it would count twice', () => {
    const closed = region.and(...importedCost(1));
    for (const year of [2023, 2024])
      closed.when(open({ import: 'a2', book: 'pay', year, periods: [] })).thenRefused('file-other-book', { import: 'a1', book: 'erp' });
    closed
      .and(new SetProfile({ ...payroll.input, settings: { ...profile, book: 'pay' } }))
      .when(open({ import: 'a2', book: 'pay', profile: 'payroll~1' }))
      .then({ type: 'ImportOpened' });
  });
  it('of the same file into two books waits for the first of them', () => {
    const under = region.and(open());
    under.when(open({ import: 'a2', book: 'pay' })).thenRefused('import-open', { import: 'a1', book: 'erp', year: 2023 });
    under
      .and(new AbandonImport({ import: 'a1', because: 'Fel bok' }))
      .when(open({ import: 'a2', book: 'pay' }))
      .then({ type: 'ImportOpened' });
  });
  it('of a file read before the register or the book changed is read again', () => {
    region.when(open({ readAtSeq: 12 })).then({ type: 'ImportOpened' });
    const changed = region.and(new ChangeDecision({ decision: '9916-23', validFrom: '2023-05-01', terms, reason: 'Nya villkor' }));
    changed.when(open({ readAtSeq: 12 })).thenRefused('file-overtaken');
    changed
      .and(cost(1))
      .when(open({ readAtSeq: 13 }))
      .then({ type: 'ImportOpened' });
    region
      .and(...importedCost(1))
      .when(open({ import: 'a2', sha256: 'cd'.repeat(32), readAtSeq: 14 }))
      .thenRefused('file-overtaken');
  });
  it('goes into no closed period', () =>
    region
      .and(...closeYear(2023))
      .when(open())
      .thenRefused('period-closed', { period: '2023-03' }));
  it.each(['own', 'ERP', '', 'e rp'])('goes into a book of the ERP’s, not %j', (book) =>
    region.when(open({ book })).thenRefused('book-malformed', { book }),
  );
  it('goes into a year, and has a name', () => {
    region.when(open({ year: 23 })).thenRefused('year-malformed');
    region.when(open({ file: '' })).thenRefused('text-missing', { field: 'file' });
  });
});

describe('the parts of an import', () => {
  it('come in order', () => {
    region.and(open()).when(half(1, {})).thenRefused('import-part-out-of-order', { part: 1, expected: 0 });
    region.and(open(), part).when(part).thenRefused('import-part-out-of-order', { part: 0, expected: 1 });
  });
  it('come to an open import', () => {
    region.when(part).thenRefused('import-not-open', { import: 'a1' });
    region.and(open(), part, close).when(half(1, {})).thenRefused('import-not-open');
  });
  it('must all have come before the close', () => {
    region.and(open()).when(close).thenRefused('import-incomplete', { arrived: 0, vouchers: 1 });
    region
      .and(open({ vouchers: 2 }), part)
      .when(close)
      .thenRefused('import-incomplete', { arrived: 1, vouchers: 2 });
  });
  it('may cut a large voucher, which counts once, and is whole before the close', () => {
    const cut = region.and(open(), half(0, { more: true }));
    cut.when(close).thenRefused('import-incomplete');
    const whole = cut.and(half(1, { firstLine: 2 })).when(close);
    whole.then({ type: 'ImportClosed' });
    expect(whole.after.ledger().sums.of('net|9957|2023')).toBe(10n);
  });
  it('can say what was found worth a look', () => {
    const findings = [{ row: 2, finding: 'finding-without-grant-code', facts: { account: '7550' } }];
    region
      .and(open())
      .when(new RecordFindings({ import: 'a1', findings }))
      .then({ type: 'FindingsRecorded', data: { findings } });
    region.when(new RecordFindings({ import: 'a1', findings })).thenRefused('import-not-open');
  });
});

describe('the close of an import', () => {
  const under = region.and(open({ grants: ['9957'], units: ['614', '605'] }), part);
  it('decides again: a grant that was ended meanwhile', () =>
    under
      .and(new RetireGrant({ grant: '9957', lastDay: '2023-02-28' }))
      .when(close)
      .thenRefused('import-overtaken', { code: '9957' }));
  it('decides again: a unit that was ended meanwhile', () =>
    under
      .and(new EndUnit({ unit: '605', lastDay: '2023-02-28' }))
      .when(close)
      .thenRefused('import-overtaken', { code: '605' }));
  it('minds nothing that the file does not touch', () =>
    under
      .and(new EndUnit({ unit: 'HSN', lastDay: '2023-02-28' }))
      .when(close)
      .then({ type: 'ImportClosed', data: { import: 'a1' } }));
  it('happens once', () => under.and(close).when(close).thenRefused('import-not-open'));
  it('is not for an import that was never opened', () => {
    region.when(close).thenRefused('import-not-open');
    region.when(new AbandonImport({ import: 'a1', because: 'x' })).thenRefused('import-not-open');
  });
  it('an abandoning says why', () =>
    under.when(new AbandonImport({ import: 'a1', because: ' ' })).thenRefused('text-missing', { field: 'because' }));
});

describe('a refused file', () => {
  it('leaves its hash, its name and what was wrong; nothing else', () =>
    region
      .when(new RefuseImport({ sha256: file.sha256, bytes: 9, book: 'erp', year: 2023, findings: [], findingsInAll: 3, file: 'mars.csv' }))
      .then({ type: 'ImportRefused', data: { sha256: file.sha256, findingsInAll: 3 }, annex: { file: 'mars.csv' } }));
  it('can be sent again when it is mended', () =>
    region
      .and(new RefuseImport({ sha256: file.sha256, bytes: 9, book: 'erp', year: 2023, findings: [], findingsInAll: 3, file: 'mars.csv' }))
      .when(open())
      .then({ type: 'ImportOpened' }));
});
