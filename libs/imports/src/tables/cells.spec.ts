/** Cells as accountants and their systems write them: every way of writing an amount or a date that is read, and every one that is not. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Refusal } from '#ledger';
import { cellDate, cellOre, numberText } from './cells.js';

const refused = (read: () => unknown): string => {
  try {
    return `read as ${String(read())}`;
  } catch (error) {
    if (error instanceof Refusal) return error.refusal;
    throw error;
  }
};

describe('an amount', () => {
  it.each([
    ['1234,50', 123_450],
    ['1 234,50', 123_450],
    ['1\u00a0234\u00a0567,5', 123_456_750],
    ['1\u202f234', 123_400],
    ['-1 234,50', -123_450],
    ['\u22121\u00a0234,50', -123_450],
    ['\u201312', -1_200],
    ['- 12', -1_200],
    ['1 234,50-', -123_450],
    ['12 -', -1_200],
    ['(1 234,50)', -123_450],
    ['  0,05\u00a0', 5],
    ['0', 0],
    ['-0,00', 0],
    ['007', 700],
    ['9999999999999,99', 999_999_999_999_999],
  ])('%j is read with a decimal comma', (text, ore) => expect(cellOre(text, ',')).toBe(ore));
  it.each([
    ['1 234.50', 123_450],
    ['-0.5', -50],
  ])('%j is read with a decimal point', (text, ore) => expect(cellOre(text, '.')).toBe(ore));
  it.each(['', ' ', '1.234,50', '1.234', '1234.50', '12 34', '1 2345', ' 1  234', ',50', '5,', '+5', '--5', '-5-', '(5', '5)', '(-5)', '-(5)', '1e5', '0x10', '5 kr', 'NaN', '\u0665', '1'.repeat(41)])(
    '%j is refused where the decimal sign is a comma',
    (text) => expect(refused(() => cellOre(text, ','))).toBe('cell-amount-malformed'),
  ); // prettier-ignore
  it.each(['1,234.50', '1,5', '1 234,50'])('%j is refused where the decimal sign is a point', (text) =>
    expect(refused(() => cellOre(text, '.'))).toBe('cell-amount-malformed'),
  );
  it('of more than two decimals is refused, also where they are noughts', () => {
    expect(refused(() => cellOre('1,005', ','))).toBe('cell-amount-decimals');
    expect(refused(() => cellOre('1,000', ','))).toBe('cell-amount-decimals');
  });
  it('that could not be kept to the öre is refused', () =>
    expect(refused(() => cellOre('10 000 000 000 000', ','))).toBe('cell-amount-too-large'));
  it('comes back from every way of writing it', () => {
    const way = fc.record({
      ore: fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }),
      decimal: fc.constantFrom(',' as const, '.' as const),
      thousands: fc.constantFrom('', ' ', '\u00a0', '\u202f'),
      minus: fc.constantFrom('-', '\u2212', '\u2013', 'after', '()'),
      bare: fc.boolean(),
    });
    fc.assert(
      fc.property(way, ({ ore, decimal, thousands, minus, bare }) => {
        const size = String(Math.abs(ore)).padStart(3, '0');
        const decimals = size.slice(-2);
        const kronor = size.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, thousands);
        const plain = bare && decimals === '00' ? kronor : `${kronor}${decimal}${decimals}`;
        const text = ore >= 0 ? plain : minus === 'after' ? `${plain}-` : minus === '()' ? `(${plain})` : `${minus}${plain}`;
        expect(cellOre(text, decimal)).toBe(ore);
      }),
    );
  });
  it('is read or refused by name, whatever is written, and at once', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'01 ,.-()\u2212\u00a0kr') }), (text) => {
        expect(refused(() => cellOre(text, ','))).toMatch(/^(read as -?\d+|cell-amount-(malformed|decimals|too-large))$/);
      }),
    );
    const began = performance.now();
    refused(() => cellOre(`1${' '.repeat(100_000)}x`, ','));
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('a number that a workbook stores', () => {
  it.each([
    [1234.5, '1234,5'],
    [0.1 + 0.2, '0,3'],
    [1.1 + 2.2, '3,3'],
    [-0.05, '-0,05'],
    [0, '0'],
    [-0, '0'],
    [7550, '7550'],
    [202303, '202303'],
    [1e15, '1000000000000000'],
    [1e21, '1000000000000000000000'],
    [1e-7, '0,0000001'],
    [0.01, '0,01'],
    [123456789012.34, '123456789012,34'],
    [5.551115123125783e-17, '0,0000000000000000555111512312578'],
  ])('%j is written %j', (value, text) => expect(numberText(value, ',')).toBe(text));
  it('comes to the same öre as it was put in with', () =>
    fc.assert(
      fc.property(fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }), (ore) => {
        expect(cellOre(numberText(ore / 100, ','), ',')).toBe(ore);
      }),
    ));
  it('comes to the right öre where a formula has summed it with errors in the last digits', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000_000 }), { minLength: 1, maxLength: 50 }), (ore) => {
        const sum = ore.reduce((all, one) => all + one / 100, 0);
        expect(cellOre(numberText(sum, '.'), '.')).toBe(ore.reduce((all, one) => all + one, 0));
      }),
    ));
  it('keeps a third decimal, so that it is refused and not rounded', () =>
    expect(refused(() => cellOre(numberText(1234.567, ','), ','))).toBe('cell-amount-decimals'));
});

describe('a date', () => {
  it.each([
    ['2023-03-14', '2023-03-14'],
    ['20230314', '2023-03-14'],
    [' 2024-02-29 ', '2024-02-29'],
    ['2023-03-14 00:00:00', '2023-03-14'],
    ['2023-03-14T10:15:00.000Z', '2023-03-14'],
  ])('%j is %j', (text, date) => expect(cellDate(text)).toBe(date));
  it.each(['', '2023-02-30', '14/3 2023', '23-03-14', '230314', '2023-0314', '44999', '2023-03', '2023-03-14x'])('%j is refused', (text) =>
    expect(refused(() => cellDate(text))).toBe('cell-date-malformed'),
  );
});
