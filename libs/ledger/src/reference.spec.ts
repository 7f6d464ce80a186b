/** What a voucher is called: a reference and its text are one and the same, for ever. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refuses } from './given.js';
import {
  isBook,
  isNumber,
  isSeries,
  ownReference,
  parseReference,
  referenceText,
  seriesCode,
  seriesText,
  type Reference,
} from './reference.js';

const erp = fc.record<Reference>({
  book: fc.constantFrom('erp', 'a', 'raindance2', 'abcdefghijklmnop'),
  year: fc.integer({ min: 1900, max: 9999 }),
  series: fc.constantFrom('', 'A', 'LEV', 'Ö7', '1'),
  number: fc.string({ unit: fc.constantFrom(...'0123456789AZ-/.|åÖ'), minLength: 1, maxLength: 12 }),
  version: fc.integer({ min: 1, max: 9999 }),
});

describe('a reference', () => {
  it('comes back from its text, whatever the series and number', () =>
    fc.assert(fc.property(erp, (ref) => expect(parseReference(referenceText(ref))).toEqual(ref))));
  it('has a text of its own: two references never share one', () =>
    fc.assert(
      fc.property(erp, erp, (a, b) => expect(referenceText(a) === referenceText(b)).toBe(JSON.stringify(a) === JSON.stringify(b))),
    ));
  it('to our own voucher names year and number', () => {
    expect(referenceText(ownReference(2023, 17))).toBe('own-2023-17');
    expect(parseReference('own-2023-17')).toEqual(ownReference(2023, 17));
  });
  it('to the ERP’s voucher names its series, and its version from the second on', () => {
    expect(parseReference('erp-2023-A-153')).toEqual({ book: 'erp', year: 2023, series: 'A', number: '153', version: 1 });
    expect(parseReference('erp-2023--153')).toMatchObject({ series: '', number: '153' });
    expect(parseReference('erp-2023-A-15-3~2')).toMatchObject({ series: 'A', number: '15-3', version: 2 });
  });
  it.each([
    '',
    '17',
    'own-2023',
    'own-2023-A-1',
    'erp-2023-153',
    'ERP-2023-A-1',
    'erp-23-A-1',
    'erp-2023-A-1~0',
    'erp-2023-A-1 2',
    'erp-2023-A-',
    'erp-2023-A-1#2',
  ])('%j is none', (text) => refuses(() => parseReference(text), 'voucher-reference-malformed'));
  it('is of a book in small letters and digits; our own is no ERP’s', () =>
    expect(['erp', 'erp2', 'own', 'ERP', '2erp', 'e-rp', ''].map(isBook)).toEqual([true, true, false, false, false, false, false]));
  it('is of a series in letters and digits, or none', () =>
    expect(['', 'A', 'LEV', 'Ö7', 'A-B', 'A B', 'A#'].map(isSeries)).toEqual([true, true, true, true, false, false, false]));
  it('is written by its bytes where a file has other signs in it, so that a reference can be read back', () => {
    expect(['A', '#', 'A-B', 'A B', '%', 'É'].map(seriesCode)).toEqual(['A', '%23', 'A%2DB', 'A%20B', '%25', '%C3%89']);
    for (const series of ['#', '~', '-', "'", '€'].map(seriesCode)) {
      const ref = { book: 'erp', year: 2023, series, number: '1', version: 1 };
      expect(isSeries(series)).toBe(true);
      expect(parseReference(referenceText(ref))).toEqual(ref);
    }
  });
  it('is said as the file wrote it, whatever signs that are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 4 }), (series) => {
        fc.pre(!/%[0-9A-F]{2}/.test(series) && series.isWellFormed());
        expect(seriesText(seriesCode(series))).toBe(series);
      }),
    );
    expect(['', 'A', '%41', '%FF', '%E2%82', '%2D'].map(seriesText)).toEqual(['', 'A', '%41', '%FF', '%E2%82', '-']);
  });
  it('has a number without spaces, ~, # or what cannot be seen', () =>
    expect(['153', '15-3', '', '1 5', '1~2', '1#2', '1\u0000', '\ud800'].map(isNumber)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
      false,
    ]));
});
