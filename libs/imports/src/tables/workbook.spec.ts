/** Workbooks as Excel and other programs write them, and as nobody should: what is read of a cell, what is refused, and what it may cost. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Refusal, WORKBOOK_BYTES } from '#ledger';
import { rawWorkbook, textRow, workbookOf, workbookParts, zip } from './given.js';
import { readWorkbook, type SheetRead } from './workbook.js';
import { writeXlsx } from 'hucre/xlsx';

const fieldsOf = (sheet: SheetRead) => [...sheet.rows(',')].map(({ fields }) => fields);
const first = async (bytes: Uint8Array) => (await readWorkbook(bytes, 'first'))[0]!;
const cell = (at: string, inner: string, attributes = '') => `<c r="${at}" ${attributes}>${inner}</c>`;
const flawsOf = async (bytes: Uint8Array) => [...(await first(bytes)).rows(',')].map(({ flaws }) => flaws && Object.fromEntries(flaws));

async function refused(bytes: Uint8Array, wanted: Parameters<typeof readWorkbook>[1] = 'first'): Promise<[string, Refusal['facts']]> {
  try {
    await readWorkbook(bytes, wanted);
  } catch (error) {
    if (error instanceof Refusal) return [error.refusal, error.facts];
    throw error;
  }
  throw new Error('it was read');
}

describe('cells', () => {
  it('are text as a CSV file would hold it: numbers with the decimal sign asked for, dates as days', async () => {
    const book = await workbookOf([['a', 1234.5, new Date(Date.UTC(2023, 2, 14)), true, null, '1 234,50']]);
    expect(fieldsOf(await first(book))).toEqual([['a', '1234,5', '2023-03-14', 'SANT', '', '1 234,50']]);
    expect([...(await first(book)).rows('.')][0]!.fields[1]).toBe('1234.5');
  });
  it('of a workbook with days from 1904 are the same days', async () => {
    const days = { rows: [[new Date(Date.UTC(2023, 2, 14))]], name: 'Blad1' };
    const book = await writeXlsx({ sheets: [days], dateSystem: '1904' });
    expect(fieldsOf(await first(book))).toEqual([['2023-03-14']]);
  });
  it('that a formula has worked out hold its value, also where that is no text at all', async () => {
    const book = rawWorkbook(`<row r="1">${cell('A1', '<f>1+1</f><v>2</v>')}${cell('B1', '<f>IF(1,"")</f><v></v>', 't="str"')}</row>`);
    expect(fieldsOf(await first(book))).toEqual([['2', '']]);
    expect(await flawsOf(book)).toEqual([undefined]);
  });
  it('with an error, or a formula that was never worked out, say so', async () => {
    const book = rawWorkbook(
      `<row r="2">${cell('A2', '<f>B9</f><v>#REF!</v>', 't="e"')}${cell('B2', '<f>SUM(A1:A9)</f>')}${cell('C2', '<f>A1</f><v/>')}</row>`,
    );
    expect(await flawsOf(book)).toEqual([
      {
        0: { finding: 'cell-error', value: '#REF!' },
        1: { finding: 'cell-formula-without-value', value: '=SUM(A1:A9)' },
        2: { finding: 'cell-formula-without-value', value: '=A1' },
      },
    ]);
  });
  it('merged away by one above say so; beside one in their row they are empty', async () => {
    const rows = textRow(1, 'a', 'b') + textRow(2, '', 'c') + textRow(3, 'd', '');
    const book = rawWorkbook(rows, '<mergeCells count="2"><mergeCell ref="A1:A2"/><mergeCell ref="A3:B3"/></mergeCells>');
    expect(await flawsOf(book)).toEqual([undefined, { 0: { finding: 'cell-merged', value: '' } }, undefined]);
  });
});

describe('rows', () => {
  it('have the numbers that Excel shows, blank ones left out', async () => {
    const book = rawWorkbook(textRow(3, 'a') + '<row r="5"><c r="A5"/></row>' + textRow(7, 'b'));
    expect([...(await first(book)).rows(',')].map(({ row, fields }) => [row, fields[0]])).toEqual([[3, 'a'], [7, 'b']]); // prettier-ignore
  });
  it('that are hidden are read, and counted', async () => {
    const book = rawWorkbook(textRow(1, 'a') + textRow(2, 'b').replace('<row', '<row hidden="1"') + '<row r="3" hidden="1"/>');
    expect(fieldsOf(await first(book))).toEqual([['a'], ['b']]);
    expect((await first(book)).hidden).toBe(1);
  });
});

describe('sheets', () => {
  const sheets = [{ name: 'Dold', rows: [['x']], hidden: true }, { name: 'Rader', rows: [['y']] }, { name: 'Mer', rows: [['z']] }]; // prettier-ignore
  it('are the first that can be seen, all of them, or by name whatever the case', async () => {
    const book = await writeXlsx({ sheets });
    const named = async (wanted: Parameters<typeof readWorkbook>[1]) => (await readWorkbook(book, wanted)).map(({ name }) => name);
    expect(await named('first')).toEqual(['Rader']);
    expect(await named('all')).toEqual(['Dold', 'Rader', 'Mer']);
    expect(await named(['mer', 'DOLD', 'Borta'])).toEqual(['Dold', 'Mer']);
    expect(await refused(book, ['Borta'])).toEqual(['sheet-missing', { row: 1, sheet: 'Borta', sheets: 'Dold, Rader, Mer' }]);
  });
});

describe('a file that cannot be read', () => {
  it.each([
    ['no zip file', Buffer.from('PK\u0003\u0004 not at all')],
    ['a zip file of something else', zip({ 'hello.txt': 'hej' })],
    ['a workbook cut short', rawWorkbook(textRow(1, 'a')).subarray(0, 300)],
    ['a workbook whose sheet is no XML', zip({ ...workbookParts(''), 'xl/workbook.xml': '<workbook><sheets' })],
    ['nothing at all', new Uint8Array(0)],
    ['ranges merged over each other without end', rawWorkbook(Array.from({ length: 1_100 }, (_, i) => textRow(i + 1, 'a')).join(''), `<mergeCells>${'<mergeCell ref="A1:A1100"/>'.repeat(1_000)}</mergeCells>`)],
  ])('says so: %s', async (_what, bytes) => expect((await refused(bytes))[0]).toBe('workbook-unreadable')); // prettier-ignore
  it('says so: an older Excel file, or one with a password', async () =>
    expect((await refused(Buffer.from('d0cf11e0a1b11ae10000', 'hex')))[0]).toBe('workbook-protected'));
  it('is read or refused by name, whatever has happened to its bytes', async () => {
    const whole = Buffer.from(await workbookOf([['Vernr', 'Belopp'], ['A1', 1234.5]])); // prettier-ignore
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(damage, fc.integer({ min: 1, max: whole.length }), fc.boolean(), async (changes, length, cut) => {
        const bytes = Buffer.from(whole);
        for (const [at, byte] of changes) bytes[at] = byte;
        const outcome = await readWorkbook(cut ? bytes.subarray(0, length) : bytes, 'first').catch((error: unknown) => error);
        if (outcome instanceof Refusal) expect(outcome.refusal).toMatch(/^(workbook-|sheet-missing)/);
        else for (const sheet of outcome as SheetRead[]) expect([...sheet.rows(',')].length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 200 },
    );
  });
  it('is refused before it is unpacked, where it unpacks to more than our bound', async () => {
    const bomb = zip({ ...workbookParts(''), 'xl/worksheets/sheet1.xml': Buffer.alloc(WORKBOOK_BYTES + 1, 32) });
    expect(bomb.length).toBeLessThan(1_000_000);
    const before = process.memoryUsage().rss;
    expect(await refused(bomb)).toEqual(['workbook-too-large', { most: 256 }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });
  it('is refused where its directory says that it is smaller than it is, or does not say', async () => {
    const parts = { ...workbookParts(''), 'xl/worksheets/sheet1.xml': Buffer.alloc(50_000_000, 32) };
    const before = process.memoryUsage().rss;
    expect((await refused(zip(parts, 5_000)))[0]).toBe('workbook-unreadable');
    expect((await refused(zip(parts, 0)))[0]).toBe('workbook-too-large');
    expect((await refused(zip(parts, 0xffffffff)))[0]).toBe('workbook-too-large');
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });
});
