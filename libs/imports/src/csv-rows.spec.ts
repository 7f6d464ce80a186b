/** CSV as spreadsheets and ledgers write it: quotes, line breaks of every kind, and the row that a person sees when something is wrong. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Refusal } from '#ledger';
import { encode } from '#sie';
import { CsvRows, type Row } from './csv-rows.js';

/** The rows of a file that comes in these chunks; each chunk's memory is used again, as a reader does. */
function rowsOf(...chunks: readonly (string | Uint8Array)[]): Row[] {
  const rows = new CsvRows();
  const found: Row[] = [];
  for (const chunk of chunks) {
    const bytes = Buffer.from(chunk as string);
    found.push(...rows.push(bytes));
    bytes.fill(0x2e);
  }
  return [...found, ...rows.end()];
}
const fieldsOf = (...chunks: readonly (string | Uint8Array)[]) => rowsOf(...chunks).map(({ fields }) => fields);
const rowNumbers = (text: string) => rowsOf(text).map(({ row }) => row);

function refused(...chunks: readonly (string | Uint8Array)[]): [string, unknown] {
  try {
    rowsOf(...chunks);
  } catch (error) {
    if (error instanceof Refusal) return [error.refusal, error.facts['row']];
    throw error;
  }
  throw new Error('it was read');
}

describe('rows and fields', () => {
  it.each([
    ['plain', 'a,b\nc,d\n', [['a', 'b'], ['c', 'd']]],
    ['without a last line break', 'a,b\nc,d', [['a', 'b'], ['c', 'd']]],
    ['with CRLF', 'a,b\r\nc,d\r\n', [['a', 'b'], ['c', 'd']]],
    ['empty fields', ',\n,,\n', [['', ''], ['', '', '']]],
    ['a single field', 'a', [['a']]],
    ['nothing at all', '', []],
    ['only line breaks', '\n\r\n\n', []],
    ['quotation marks', '"a","b, c"\n', [['a', 'b, c']]],
    ['doubled quotation marks', '"say ""hej""","""",""\n', [['say "hej"', '"', '']]],
    ['an empty field after a quotation', '"a",\n', [['a', '']]],
    ['a line break in quotation marks', '"a\nb",c\n', [['a\nb', 'c']]],
    ['a CRLF in quotation marks', '"a\r\nb",c\r\n', [['a\nb', 'c']]],
    ['blank lines in quotation marks', '"a\n\nb",c\n', [['a\n\nb', 'c']]],
    ['a quoted last field without a line break', 'a,"b"', [['a', 'b']]],
    ['Swedish letters, and letters outside the first plane', 'åäö,🦌\n', [['åäö', '🦌']]],
    ['a byte order mark', '\ufeffa,b\n', [['a', 'b']]],
    ['a byte order mark only at the beginning', '\ufeffa\n\ufeffb\n', [['a'], ['\ufeffb']]],
    ['a byte order mark before a quotation mark', '\ufeff"a",b\n', [['a', 'b']]],
  ])('%s', (_what, text, fields) => expect(fieldsOf(text)).toEqual(fields)); // prettier-ignore

  it('are cut at the separator that is asked for, and at no other', () => {
    const rows = new CsvRows(1, { separator: ';' });
    expect(rows.push(Buffer.from('a,b;"c;""d""";\n')).map(({ fields }) => fields)).toEqual([['a,b', 'c;"d"', '']]);
  });
  it('are letters in the encoding that is asked for, also where the same bytes are no UTF-8', () => {
    for (const encoding of ['windows-1252', 'cp437'] as const) {
      const rows = new CsvRows(1, { encoding });
      expect(rows.push(encode('å,"Ö ä"\n', encoding)).map(({ fields }) => fields)).toEqual([['å', 'Ö ä']]);
    }
  });

  it('are the same wherever the chunks are cut', () => {
    const text = Buffer.from('\ufeffa,"b ""x""\r\n\r\nrad två 🦌",c\r\n\r\nå,ä,ö\n"",,""\nsist,"utan\nslut"');
    const whole = rowsOf(text);
    expect(whole).toHaveLength(4);
    for (let at = 0; at <= text.length; at += 1) expect(rowsOf(text.subarray(0, at), text.subarray(at))).toEqual(whole);
    expect(rowsOf(...Array.from(text, (_, at) => text.subarray(at, at + 1)))).toEqual(whole);
  });

  it('are the same however any file is chunked', () => {
    const piece = fc.constantFrom('a', 'å', '🦌', ',', '"', '""', '\n', '\r\n', '\r', '\n\n', ' ', '","', 'text');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(60), { maxLength: 5 }), (pieces, cuts) => {
        const bytes = Buffer.from(pieces.join(''));
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((to, i) => bytes.subarray(places[i], to));
        const whole = outcomeOf(bytes);
        expect(outcomeOf(...chunks)).toEqual(whole);
      }),
      { numRuns: 2_000 },
    );
  });

  it('come back as they were written', () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'å', '🦌', ',', '"', '\n', ' ', '1') });
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        (rows, end) => {
          const written = rows.map((fields) => fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(',') + end).join('');
          expect(fieldsOf(written)).toEqual(rows);
        },
      ),
    );
  });
});

describe('the number of a row', () => {
  it('is its line in the file, from 1', () => expect(rowNumbers('a\nb\nc')).toEqual([1, 2, 3]));
  it('counts blank lines', () => expect(rowNumbers('\na\n\r\n\nb\n')).toEqual([2, 5]));
  it('of a row with line breaks is where it begins', () => expect(rowNumbers('"a\nb\n",c\nd\n')).toEqual([1, 4]));
});

describe('what cannot be read', () => {
  it('is named by its row: not UTF-8', () => {
    const latin1 = Buffer.from('a,b\nåäö,c\nd,e\n', 'latin1');
    expect(refused(latin1)).toEqual(['file-not-text', 2]);
    expect(refused(latin1.subarray(0, 6), latin1.subarray(6))).toEqual(['file-not-text', 2]);
    expect(refused(Buffer.from('a\n\n"x\ny",', 'latin1'), Buffer.from('å\n', 'latin1'))).toEqual(['file-not-text', 4]);
  });
  it('is the row itself, not an earlier one that holds a replacement character', () =>
    expect(refused(Buffer.concat([Buffer.from('a\ufffd,b\nc\n'), Buffer.from('å\n', 'latin1')]))).toEqual(['file-not-text', 3]));
  it('is a letter cut off at the very end', () => expect(refused(Buffer.from('a,b\nå').subarray(0, -1))).toEqual(['file-not-text', 2]));
  it('is a quotation that never ends, named by where it begins', () => {
    expect(refused('a,b\nc,"d\ne,f\n')).toEqual(['file-quote-open', 2]);
    expect(refused('a,"')).toEqual(['file-quote-open', 1]);
  });
  it.each([
    ['text after a closing quotation mark', 'a,b\n1,"5"0.00\n', 2],
    ['a space after a closing quotation mark', '"a" ,b\n', 1],
    ['a space before an opening quotation mark', 'a, "b"\n', 1],
    ['a quotation mark inside a plain field', '5" rör,7\n', 1],
    ['text after a quotation over two lines, named by where it begins', 'a\n"b\nc"d\n', 2],
  ])('is a quotation mark out of place: %s', (_what, text, row) => expect(refused(text)).toEqual(['file-quote-malformed', row]));
  it('is found out soon in a large file: a quotation that never ends, a row that never ends', () => {
    const began = performance.now();
    expect(refused('a,"b\n', ...Array.from({ length: 200 }, () => 'short,row\n'.repeat(1_000)))).toEqual(['file-quote-open', 1]);
    expect(refused('a\n', ...Array.from({ length: 200 }, () => 'x'.repeat(1_000_000)))).toEqual(['file-row-too-long', 2]);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

function outcomeOf(...chunks: readonly Uint8Array[]): unknown {
  try {
    return rowsOf(...chunks);
  } catch (error) {
    if (error instanceof Refusal) return [error.refusal, error.facts];
    throw error;
  }
}
