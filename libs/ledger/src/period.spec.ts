/** Closing and reopening: a closed period refuses every posting and never moves (R8, R45). */
import { describe, expect, it } from '@jest/globals';
import { AbandonImport, OpenImportOfFile } from './imports/import.js';
import { ClosePeriod, ReopenPeriod } from './period.js';
import { closeYear, cost, file, own, reallocation, receipt, recode, recognition, region, repayment } from './region-given.js';
import { isClosedYear } from './register/grant.js';
import { CorrectVoucher } from './vouchers/correct-voucher.js';

const close = (period: string) => new ClosePeriod({ period });
const reopen = (period: string) => new ReopenPeriod({ period, approver: 'Ekonomidirektören', reason: 'Sen faktura' });

describe('closing a period', () => {
  it('is an event', () => region.when(close('2023-05')).then({ type: 'PeriodClosed', data: { period: '2023-05' } }));
  it('once only', () => region.and(close('2023-05')).when(close('2023-05')).thenRefused('period-closed', { period: '2023-05' }));
  it('of a period that exists', () => region.when(close('2023-17')).thenRefused('period-malformed'));
  it('in any order, and any single one', () =>
    region.and(close('2023-05'), close('2023-13')).when(close('2023-02')).then({ type: 'PeriodClosed' }));
  it('waits for an import that has rows in it', () => {
    const importing = region.and(new OpenImportOfFile(file));
    importing.when(close('2023-03')).thenRefused('import-open', { import: 'a1', book: 'erp', year: 2023 });
    importing.when(close('2023-04')).then({ type: 'PeriodClosed' });
    importing
      .and(new AbandonImport({ import: 'a1', because: 'Fel fil' }))
      .when(close('2023-03'))
      .then({ type: 'PeriodClosed' });
  });

  const may = region.and(cost(100_000), close('2023-05'));
  it.each([
    ['a cost', cost(1)],
    ['a receipt', receipt(1)],
    ['a recognition', recognition(1)],
    ['a repayment', repayment(1)],
    ['a recoding', recode([{ grant: '9916' }])],
    ['a reallocation', reallocation(1)],
    ['a correction', new CorrectVoucher({ voucher: own(1), reason: 'Fel', eventDate: '2023-05-31' })],
    ['an import', new OpenImportOfFile({ ...file, periods: ['2023-04', '2023-05'] })],
  ])('keeps out %s', (_, command) => may.when(command).thenRefused('period-closed', { period: '2023-05' }));
  it('keeps out a late date only by its period: the same day can be booked in the next', () =>
    may.when(cost(1, {}, { period: '2023-06' })).thenLines({ period: '2023-06' }, { period: '2023-06' }));
});

describe('reopening a period', () => {
  it('says who approved it and why', () =>
    region
      .and(close('2023-05'))
      .when(reopen('2023-05'))
      .then({
        type: 'PeriodReopened',
        data: { period: '2023-05' },
        annex: { approver: 'Ekonomidirektören', reason: 'Sen faktura' },
      }));
  it('lets postings in again, and it can be closed again', () => {
    const open = region.and(close('2023-05'), reopen('2023-05'));
    open.when(cost(1)).then({ type: 'CostPosted' });
    open.when(close('2023-05')).then({ type: 'PeriodClosed' });
  });
  it('only where it is closed', () => region.when(reopen('2023-05')).thenRefused('period-not-closed', { period: '2023-05' }));
  it('never without approver and reason', () => {
    const closed = region.and(close('2023-05'));
    closed
      .when(new ReopenPeriod({ period: '2023-05', approver: '', reason: 'Sen faktura' }))
      .thenRefused('text-missing', { field: 'approver' });
    closed.when(new ReopenPeriod({ period: '2023-05', approver: 'ED', reason: ' ' })).thenRefused('text-missing', { field: 'reason' });
  });
});

describe('a closed year', () => {
  it('is one whose twelve months are closed; the closing periods 13 to 16 close by themselves', () => {
    const closed = region.and(...closeYear(2023));
    expect(isClosedYear(2023, closed.ledger())).toBe(true);
    expect(isClosedYear(2023, closed.and(reopen('2023-07')).ledger())).toBe(false);
    closed.when(cost(1, {}, { period: '2023-13', eventDate: '2023-12-31' })).thenLines({ period: '2023-13' }, { period: '2023-13' });
    closed
      .and(close('2023-13'))
      .when(cost(1, {}, { period: '2023-13', eventDate: '2023-12-31' }))
      .thenRefused('period-closed');
  });
});
