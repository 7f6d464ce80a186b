/** Days and accounting periods: what exists, what belongs to which year, and what comes after what. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { date, isDate, isPeriod, lastDayOf, period, periodOf, yearOf } from './calendar.js';
import { refuses } from './given.js';

describe('a day', () => {
  it.each(['2023-02-28', '2024-02-29', '2000-02-29', '2023-12-31', '1900-01-01'])('%s exists', (day) => expect(date(day)).toBe(day));
  it.each([
    '2023-02-29',
    '1900-02-29',
    '2023-00-10',
    '2023-13-01',
    '2023-04-31',
    '2023-1-1',
    '23-01-01',
    '2023-01-01T00:00',
    '1899-12-31',
    '',
    '２023-01-01',
  ])('%j does not', (day) => refuses(() => date(day), 'date-malformed'));
  it('exists where the world’s calendar has it, and only there', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1900, max: 9999 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (year, month, day) => {
          const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
          const time = new Date(`${text}T00:00:00Z`);
          return isDate(text) === (!Number.isNaN(time.getTime()) && time.toISOString().startsWith(text));
        },
      ),
    ));
});

describe('an accounting period', () => {
  it.each(['2023-01', '2023-12', '2023-13', '2023-16'])('%s is one', (text) => expect(period(text)).toBe(text));
  it.each(['2023-00', '2023-17', '2023-1', '1899-12', '2023', '2023-01-01', ''])('%j is none', (text) =>
    refuses(() => period(text), 'period-malformed'),
  );
  it('is the date’s month, and belongs to its own year', () => {
    expect(periodOf('2023-12-31')).toBe('2023-12');
    expect(yearOf('2023-16')).toBe(2023);
    expect(isPeriod(periodOf('2024-01-01'))).toBe(true);
  });
  it.each([
    ['2023-01', '2023-01-31'],
    ['2023-02', '2023-02-28'],
    ['2024-02', '2024-02-29'],
    ['2023-04', '2023-04-30'],
    ['2023-12', '2023-12-31'],
    ['2023-13', '2023-12-31'],
    ['2023-16', '2023-12-31'],
  ])('%s ends on %s', (text, day) => expect(lastDayOf(text)).toBe(day));
});
