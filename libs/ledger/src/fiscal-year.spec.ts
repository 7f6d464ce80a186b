/** Which fiscal year a period belongs to, and what a broken one is called. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { closingPeriod, fiscalYear, fiscalYearOf, fiscalYearOfDays, isOtherYear, knownYear, liesIn } from './fiscal-year.js';

const months = fc
  .tuple(fc.integer({ min: 1990, max: 2090 }), fc.integer({ min: 1, max: 16 }))
  .map(([year, month]) => `${year}-${String(month).padStart(2, '0')}`);

describe('a fiscal year', () => {
  it('of a region is the calendar year, with its closing periods', () => {
    const year = fiscalYear(2023);
    expect(year).toEqual({ year: 2023, from: '2023-01', through: '2023-12' });
    expect(['2022-12', '2023-01', '2023-12', '2023-13', '2023-16', '2024-01', '2022-13'].filter((period) => liesIn(period, year))).toEqual([
      '2023-01',
      '2023-12',
      '2023-13',
      '2023-16',
    ]);
    expect(closingPeriod(year, 13)).toBe('2023-13');
  });
  it('that is broken is named after the year in which it begins, and closes in the one in which it ends', () => {
    const year = fiscalYear(2009, 7);
    expect(year).toEqual({ year: 2009, from: '2009-07', through: '2010-06' });
    expect(['2009-06', '2009-07', '2009-13', '2010-06', '2010-07', '2010-13'].filter((period) => liesIn(period, year))).toEqual([
      '2009-07',
      '2010-06',
      '2010-13',
    ]);
    expect(closingPeriod(year, 14)).toBe('2010-14');
  });
  it('that a file names has the length that it says, but one that begins in January is never less than the calendar year', () => {
    expect(fiscalYearOfDays('2009-07-01', '2010-12-31')).toEqual({ year: 2009, from: '2009-07', through: '2010-12' });
    expect(fiscalYearOfDays('2010-05-01', '2010-12-31')).toEqual({ year: 2010, from: '2010-05', through: '2010-12' });
    expect(fiscalYearOfDays('2010-01-01', '2010-04-30')).toEqual({ year: 2010, from: '2010-01', through: '2010-12' });
  });
  it('is told from another of the same name by what files have said of it, or else by the periods of their vouchers', () => {
    const unsaid = knownYear(undefined, { periods: ['2023-07', '2024-01'] });
    expect(unsaid).toEqual({ stated: null, first: '2023-07', last: '2024-01' });
    expect([isOtherYear(unsaid, fiscalYear(2023, 7)), isOtherYear(unsaid, fiscalYear(2023))]).toEqual([false, true]);
    const said = knownYear(unsaid, { fiscalYear: { from: '2023-07', through: '2024-06' }, periods: ['2024-13'] });
    expect(said).toEqual({ stated: { from: '2023-07', through: '2024-06' }, first: '2023-07', last: '2024-13' });
    expect([isOtherYear(said, fiscalYear(2023, 7)), isOtherYear(said, fiscalYear(2023, 9))]).toEqual([false, true]);
    expect(knownYear(said, { periods: [] })).toEqual(said);
    expect(isOtherYear(knownYear(undefined, { periods: [] }), fiscalYear(2023, 7))).toBe(false);
  });
  it('holds every period once: the one that the period is of, and no other', () =>
    fc.assert(
      fc.property(months, fc.integer({ min: 1, max: 12 }), (period, firstMonth) => {
        const its = fiscalYearOf(period, firstMonth);
        expect(liesIn(period, its)).toBe(true);
        for (const other of [-1, 1]) expect(liesIn(period, fiscalYear(its.year + other, firstMonth))).toBe(false);
      }),
    ));
  it('holds nothing that is no period', () =>
    expect(['2023-17', '2023-00', '2023', '2023-011', '2023 mars', ''].filter((text) => liesIn(text, fiscalYear(2023)))).toEqual([]));
});
