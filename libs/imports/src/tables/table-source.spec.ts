/** A region's lists as file vouchers: CSV as any system writes it and Excel as any person saves it come to the same, and what is not understood is named by row and heading. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encode } from '#sie';
import { HEADINGS, rawWorkbook, readTable, settings, textRow, withFile, workbookOf, type Read } from './given.js';

const LINES = [
  ['A1', '2023-03-14', '7550', '614', '9916', '1 234,50', 'Konsult mars'],
  ['A1', '2023-03-14', '2440', '614', '', '-1 234,50', 'Konsult mars'],
  ['A2', '20230315', '5010', '605', '', '0,5', 'Hyra åäö'],
  ['A2', '20230315', '2440', '605', '', '-0,5', 'Hyra åäö'],
];
const lines = (rows: readonly (readonly string[])[], separator = ';', end = '\r\n') =>
  rows.map((fields) => fields.join(separator) + end).join('');
const csv = (...rows: readonly (readonly string[])[]) => lines([HEADINGS, ...rows]);
/** Row, name and what the finding is about. */
const errorsOf = ({ errors }: Read) =>
  errors.map(({ row, finding, facts }) => [row, finding, facts['column'] ?? facts['field'] ?? facts['voucher'] ?? '']);
const bare = ({ vouchers }: Read) =>
  vouchers.map(({ line: _line, lines: of, ...voucher }) => ({ ...voucher, lines: of.map(({ line: _of, ...rest }) => rest) }));

describe('a list', () => {
  it('comes to vouchers with what its columns say', async () => {
    const read = await readTable(csv(...LINES));
    expect(read.errors).toEqual([]);
    expect(read).toMatchObject({ rows: 4, ignored: 0 });
    expect(read.vouchers[0]).toEqual({
      ...{ line: 2, series: '', number: 'A1', date: '2023-03-14', registered: '', text: 'Konsult mars' },
      lines: [
        { line: 2, counted: true, account: '7550', amountOre: 123_450, date: '2023-03-14', text: '', objects: [{ dim: 'Objekt', object: '9916' }, { dim: 'Ansvar', object: '614' }] },
        { line: 3, counted: true, account: '2440', amountOre: -123_450, date: '2023-03-14', text: '', objects: [{ dim: 'Ansvar', object: '614' }] },
      ],
    }); // prettier-ignore
    expect(read.vouchers.map(({ number }) => number)).toEqual(['A1', 'A2']);
    expect(read.vouchers[1]!.lines[1]!.objects).toBe(read.vouchers[1]!.lines[0]!.objects);
  });
  const all = {
    columns: {
      number: 'Nr',
      series: 'Serie',
      date: 'Dag',
      account: 'Konto',
      debit: 'Debet',
      credit: 'Kredit',
      lineText: 'Rad',
      counterparty: 'Leverantör',
      document: 'Faktura',
      registered: 'Reg',
    },
  };
  it('may have series, debit and credit, own texts, counterparty, document and registration date', async () => {
    const headings = ['Serie', 'Nr', 'Dag', 'Reg', 'Konto', 'Ansvar', 'Objekt', 'Debet', 'Kredit', 'Rad', 'Leverantör', 'Faktura'];
    const rows = [
      ['LEV', '7', '2023-03-14', '2023-03-20', '7550', '614', '9916', '100,00', '', 'en rad', '', ''],
      ['LEV', '7', '2023-03-15', '2023-03-20', '2440', '614', '', '0,00', '100,00', '', 'Firman AB', 'F-1'],
    ];
    const read = await readTable(lines([headings, ...rows]), { settings: settings(all) });
    expect(read.errors).toEqual([]);
    expect(read.vouchers).toMatchObject([
      { series: 'LEV', number: '7', date: '2023-03-14', registered: '2023-03-20', counterparty: 'Firman AB', document: 'F-1' },
    ]);
    expect(read.vouchers[0]!.lines.map(({ amountOre, date, text }) => [amountOre, date, text])).toEqual([[10_000, '2023-03-14', 'en rad'], [-10_000, '2023-03-15', '']]); // prettier-ignore
    expect(read.source.namesCounterparty).toBe(true);
    expect((await readTable(csv(...LINES))).source.namesCounterparty).toBe(false);
  });
  it('with the report’s sign is turned once', async () => {
    const read = await readTable(csv(...LINES), { settings: settings({ creditPositive: true }) });
    expect(read.vouchers[0]!.lines.map(({ amountOre }) => amountOre)).toEqual([-123_450, 123_450]);
    expect(
      Object.is(
        (await readTable(csv(['A1', '2023-03-14', '7550', '614', '', '0', '']), { settings: settings({ creditPositive: true }) }))
          .vouchers[0]!.lines[0]!.amountOre,
        0,
      ),
    ).toBe(true);
  });
  it('may have titles above its headings, totals below its rows and its headings again on each page', async () => {
    const total = ['', '', '', '', '', '1 235,00', ''];
    const list = [['Huvudbok', '', '', '', '', '', ''], [''], ['Skriven 2023-04-01'], HEADINGS, ...LINES.slice(0, 2), HEADINGS, ...LINES.slice(2), ['Summa', ...total.slice(1)], total, ['', '', '', '', '', '', '']];
    const read = await readTable(lines(list), { settings: settings({ headingRow: 4 }) });
    expect(read.errors).toEqual([]);
    expect(read.vouchers.map(({ line }) => line)).toEqual([5, 8]);
    expect(read).toMatchObject({ rows: 7, ignored: 3 });
    expect(read.findings).toEqual([{ row: 7, finding: 'finding-row-without-line', facts: { rows: 3, text: 'Vernr' } }]);
  }); // prettier-ignore
  it('gives a voucher for each place where its rows stand', async () => {
    const scattered = csv(LINES[0]!, LINES[2]!, LINES[1]!);
    expect((await readTable(scattered)).vouchers.map(({ number, lines: of }) => [number, of.length])).toEqual([['A1', 1], ['A2', 1], ['A1', 1]]); // prettier-ignore
  });
  it('has the period’s month where Excel has made a date of it', async () => {
    const more = settings({}, { period: { from: { column: 'Period' } } });
    const read = await readTable(await workbookOf([[...HEADINGS, 'Period'], ['1', '2023-01-05', '7550', '614', '', 5, '', new Date(Date.UTC(2022, 11, 1))]]), { settings: more });
    expect(read.vouchers[0]!.lines[0]!.objects).toContainEqual({ dim: 'Period', object: '2022-12' });
  }); // prettier-ignore
});

describe('a list in any writing', () => {
  it.each([
    ['UTF-8', Buffer.from(csv(...LINES))],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${csv(...LINES)}`)],
    ['Windows-1252', encode(csv(...LINES), 'windows-1252')],
    ['CP437', encode(csv(...LINES), 'cp437')],
    ['tabs', Buffer.from(lines([HEADINGS, ...LINES], '\t', '\n'))],
    ['commas and quotation marks', Buffer.from(lines([HEADINGS, ...LINES].map((fields) => fields.map((text) => `"${text}"`)), ','))],
    ['thousands apart by U+00A0, minus U+2212', Buffer.from(csv(...LINES).replaceAll('1 234', '1\u00a0234').replaceAll(';-', ';\u2212'))],
    ['thousands apart by U+00A0 in Windows-1252, minus U+2013', encode(csv(...LINES).replaceAll('1 234', '1\u00a0234').replaceAll(';-', ';\u2013'), 'windows-1252')],
    ['more columns, in another order', Buffer.from(lines([HEADINGS, ...LINES].map((fields) => ['x', ...fields.toReversed(), 'y'])))],
  ])('%s comes to the same vouchers', async (_what, bytes) => {
    const [one, other] = [await readTable(csv(...LINES)), await readTable(bytes)];
    expect(other.errors).toEqual([]);
    expect(bare(other)).toEqual(bare(one));
  }); // prettier-ignore
  it('comes to the same vouchers as a workbook does, with numbers and dates as Excel keeps them', async () => {
    const book = await workbookOf([
      HEADINGS,
      ['A1', new Date(Date.UTC(2023, 2, 14)), 7550, 614, 9916, 1234.5, 'Konsult mars'],
      ['A1', '2023-03-14', '2440', '614', null, -1234.5, 'Konsult mars'],
      ['A2', new Date(Date.UTC(2023, 2, 15)), 5010, 605, null, 0.1 + 0.4, 'Hyra åäö'],
      ['A2', 20230315, 2440, 605, null, '-0,5', 'Hyra åäö'],
    ]);
    const read = await readTable(book);
    expect(read.errors).toEqual([]);
    expect(bare(read)).toEqual(bare(await readTable(csv(...LINES))));
    expect(read.vouchers[1]!.lines.map(({ line }) => line)).toEqual([4, 5]);
  });
  it('is the same whatever the order of columns, the separator, the quotation marks and the chunks', async () => {
    const expected = bare(await readTable(csv(...LINES)));
    const way = fc.record({ order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }), separator: fc.constantFrom(';', '\t', ','), quoted: fc.boolean(), chunk: fc.integer({ min: 1, max: 300 }), end: fc.constantFrom('\n', '\r\n') });
    await fc.assert(
      fc.asyncProperty(way, async ({ order, separator, quoted, chunk, end }) => {
        const write = (text: string) => (quoted || text.includes(separator) ? `"${text}"` : text);
        const file = lines([HEADINGS, ...LINES].map((fields) => order.map((at) => write(fields[at]!))), separator, end);
        const read = await readTable(file, {}, chunk);
        expect(read.errors).toEqual([]);
        expect(bare(read)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  }); // prettier-ignore
  it('is read by the newest version of the profile whose headings it has', async () => {
    const older = settings({ columns: { number: 'Verifikat', date: 'Datum', account: 'Konto', amount: 'Belopp', text: 'Text' } });
    const versions = [{ version: 1, validFrom: '2020-01-01', settings: older }, { version: 2, validFrom: '2023-01-01', settings: settings() }]; // prettier-ignore
    const old = lines([['Verifikat', ...HEADINGS.slice(1)], ...LINES]);
    for (const file of [old, csv(...LINES)])
      expect(bare(await readTable(file, { versions }))).toEqual(bare(await readTable(csv(...LINES))));
    expect(errorsOf(await readTable('Nummer;Datum\r\n1;2\r\n', { versions }))).toEqual([[1, 'table-heading-missing', 'Vernr']]);
  });
});

describe('what is not understood is named by its row and heading', () => {
  const row = (place: number, text: string) => LINES[0]!.map((field, at) => (at === place ? text : field));
  it.each([
    ['an amount', 5, '1.234,50', 'cell-amount-malformed', 'Belopp'],
    ['three decimals', 5, '1,005', 'cell-amount-decimals', 'Belopp'],
    ['too much', 5, '99999999999999', 'cell-amount-too-large', 'Belopp'],
    ['no amount', 5, '', 'file-field-missing', 'Belopp'],
    ['a date', 1, '14/3', 'cell-date-malformed', 'Datum'],
    ['no date', 1, '', 'file-field-missing', 'Datum'],
    ['no number', 0, '', 'file-field-missing', 'Vernr'],
    ['a number', 0, 'A 1', 'cell-number-malformed', 'Vernr'],
    ['an account', 2, '75x0', 'cell-account-malformed', 'Konto'],
    ['no account', 2, '', 'file-field-missing', 'Konto'],
    ['a text', 6, 'x'.repeat(1_001), 'text-too-long', 'Text'],
    ['signs in a text', 6, 'a\u0007', 'text-malformed', 'Text'],
  ])('%s', async (_what, place, text, finding, column) => {
    const read = await readTable(csv(LINES[2]!, row(place, text)));
    expect(errorsOf(read)).toEqual([[3, finding, column]]);
    expect(read.vouchers.map(({ number }) => number)).toEqual(['A2']);
  });
  it('a text that differs between the rows of a voucher; one that is missing on some does not', async () => {
    expect(errorsOf(await readTable(csv(LINES[0]!, LINES[1]!.with(6, 'annat'))))).toEqual([[3, 'file-voucher-differs', 'Text']]);
    expect((await readTable(csv(LINES[0]!.with(6, ''), LINES[1]!))).vouchers[0]!.text).toBe('Konsult mars');
  });
  it('a series longer than a series can be; one of other signs than letters is one', async () => {
    const of = settings({ columns: { series: 'Konto', number: 'Vernr', date: 'Datum', account: 'Vernr', amount: 'Belopp' } });
    const series = (text: string) => csv(LINES[0]!.with(0, '7550').with(2, text));
    expect(errorsOf(await readTable(series('x'.repeat(17)), { settings: of }))).toEqual([[2, 'cell-number-malformed', 'Konto']]);
    for (const text of ['#', 'Ä 1', 'K-2'])
      expect((await readTable(series(text), { settings: of })).vouchers.map((voucher) => voucher.series)).toEqual([text]);
  });
  it('rows of one voucher in different months, unless the period is the row’s own; in different years they are two vouchers', async () => {
    const rows = (day: string) => csv(LINES[0]!, LINES[1]!.with(1, day));
    expect(errorsOf(await readTable(rows('2023-04-01')))).toEqual([[3, 'table-months-differ', 'Datum']]);
    expect(errorsOf(await readTable(rows('2023-03-31')))).toEqual([]);
    for (const from of ['line-date', { column: 'Objekt' }] as const)
      expect(errorsOf(await readTable(rows('2023-04-01'), { settings: settings({}, { period: { from } }) }))).toEqual([]);
    const dates = async (read: Parameters<typeof readTable>[1]) =>
      (await readTable(rows('2022-03-14'), read)).vouchers.map(({ date }) => date);
    expect(await dates({})).toEqual(['2023-03-14', '2022-03-14']);
    const broken = settings({}, { firstMonth: 7, period: { from: 'line-date' } });
    expect((await readTable(csv(LINES[0]!, LINES[1]!.with(1, '2022-12-31')), { settings: broken })).vouchers).toHaveLength(1);
  });
  it('amounts in both debit and credit, or in neither', async () => {
    const both = settings({ columns: { number: 'V', date: 'D', account: 'K', debit: 'Debet', credit: 'Kredit' } });
    const read = await readTable('V;D;K;Ansvar;Objekt;Debet;Kredit\n1;2023-01-01;7550;614;;5;5\n1;2023-01-01;7550;614;;;\n', {
      settings: both,
    });
    expect(read.errors.map(({ row, finding, facts }) => [row, finding, facts])).toEqual([
      [2, 'cell-amount-twice', { debit: 'Debet', credit: 'Kredit' }],
      [3, 'file-field-missing', { column: 'Debet' }],
    ]);
  });
  it('a row with more or fewer fields than there are headings, and not that the next voucher lacks it', async () => {
    const read = await readTable(csv([...LINES[0]!, 'x'], LINES[1]!, LINES[2]!.slice(0, 6), LINES[3]!, ['A3', ...LINES[2]!.slice(1), '']));
    expect(errorsOf(read).map(([at, finding]) => [at, finding])).toEqual([[2, 'file-row-fields'], [4, 'file-row-fields']]); // prettier-ignore
    expect(read.vouchers.map(({ number }) => number)).toEqual(['A3']);
  });
  it('quotation marks that do not close', async () =>
    expect(errorsOf(await readTable(`${csv(...LINES)}"A3;`))).toEqual([[6, 'file-quote-open', '']]));
  it('a cell of Excel with the sheet’s name before the heading, but not one that nobody reads', async () => {
    const cells = (at: number, amount: string, unit = '614') =>
      textRow(at, 'A1', '2023-03-14', '7550', unit, '9916', '', 'x').replace(`<c r="F${at}" t="inlineStr"><is><t></t></is></c>`, amount) +
      '';
    const rows = [
      textRow(1, ...HEADINGS, 'Saldo'),
      cells(2, '<c r="F2" t="e"><v>#REF!</v></c>'),
      cells(3, '<c r="F3"><f>SUM(F1:F2)</f></c>'),
      cells(4, '<c r="F4"><v>1.005</v></c><c r="H4" t="e"><v>#N/A</v></c>'),
      cells(5, '<c r="F5"><v>5</v></c><c r="H5" t="e"><v>#N/A</v></c>'),
    ];
    const read = await readTable(rawWorkbook(rows.join('')));
    expect(errorsOf(read)).toEqual([
      [2, 'cell-error', 'Blad1!Belopp'],
      [3, 'cell-formula-without-value', 'Blad1!Belopp'],
      [4, 'cell-amount-decimals', 'Blad1!Belopp'],
    ]);
  });
  it('a cell of Excel that is merged away, also where the row would look like a total', async () => {
    const rows = textRow(1, ...HEADINGS) + textRow(2, ...LINES[0]!) + textRow(3, '', '', '', '614', '', '5', 'x');
    const read = await readTable(rawWorkbook(rows, '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="C2:C3"/></mergeCells>'));
    expect(errorsOf(read)).toContainEqual([3, 'cell-merged', 'Blad1!Vernr']);
    expect(errorsOf(read)).toContainEqual([3, 'cell-merged', 'Blad1!Konto']);
  });
  it('hidden rows, which are read all the same', async () => {
    const rows =
      textRow(1, ...HEADINGS) +
      LINES.map((line, at) => textRow(at + 2, ...line).replace('<row', at > 1 ? '<row hidden="1"' : '<row')).join('');
    const read = await readTable(rawWorkbook(rows));
    expect(read.vouchers).toHaveLength(2);
    expect(read.findings).toEqual([{ row: 1, finding: 'finding-rows-hidden', facts: { rows: 2, sheet: 'Blad1' } }]);
  });
});

describe('a file that is no such list', () => {
  it.each([
    ['UTF-16', Buffer.from(`\ufeff${csv(...LINES)}`, 'utf16le'), [1, 'file-wide-characters', '']],
    ['two encodings', Buffer.concat([Buffer.from(csv(...LINES)), encode('A3;2023-01-01;7550;å;;5;x\n', 'windows-1252')]), [6, 'file-encoding-mixed', '']],
    ['nothing', Buffer.from(''), [1, 'table-heading-row-missing', '']],
    ['other headings', Buffer.from('a;b\n1;2\n'), [1, 'table-heading-missing', 'Vernr']],
    ['a heading twice', Buffer.from(lines([[...HEADINGS, 'Konto'], ...LINES])), [1, 'file-column-twice', 'Konto']],
  ])('says so: %s', async (_what, bytes, error) => expect(errorsOf(await readTable(bytes))).toEqual([error])); // prettier-ignore
  it('says so: a profile without columns, or of a sheet that is not there', async () => {
    const { table: _table, ...none } = settings();
    expect(errorsOf(await readTable(csv(...LINES), { settings: none }))).toEqual([[1, 'table-profile-without-columns', '']]);
    expect(errorsOf(await readTable(await workbookOf([HEADINGS]), { settings: settings({ sheet: 'Utfall' }) }))).toEqual([[1, 'sheet-missing', '']]);
  }); // prettier-ignore
  it('never makes the reader fail in another way, whatever its bytes', async () => {
    const piece = fc.constantFrom(...HEADINGS, ...LINES.flat(), ';', ',', '\t', '"', '\n', '\r\n', '\u00e5', '');
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), fc.boolean(), async (pieces, headed) => {
        const read = await readTable(encode((headed ? csv() : '') + pieces.join(''), 'windows-1252'));
        expect(read.rows).toBeGreaterThanOrEqual(read.vouchers.reduce((sum, { lines: of }) => sum + of.length, read.ignored ?? 0));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a file reduced to chosen rows', () => {
  it('keeps its headings and those rows byte for byte, whatever the chunks', async () => {
    const list = `Titel\r\n${csv(LINES[0]!, LINES[1]!.with(6, '"två\r\nrader ""här"""'), LINES[2]!, LINES[3]!)}`;
    const asked = { settings: settings({ headingRow: 2 }) };
    for (const chunk of [1, 7, 1024]) {
      const { source, errors } = await readTable(list, asked, chunk);
      expect(errors).toEqual(
        [[4, 'file-voucher-differs', 'Text']].map(() => expect.objectContaining({ row: 4, finding: 'file-voucher-differs' })),
      );
      const kept = await withFile(list, (file) => Buffer.concat([...source.reduce!(file, new Set([4, 7]))]).toString(), chunk);
      expect(kept).toBe(`Titel\r\n${csv(LINES[1]!.with(6, '"två\r\nrader ""här"""'), LINES[3]!)}`);
    }
  });
  it('is not offered of a workbook', async () => expect((await readTable(await workbookOf([HEADINGS]))).source.reduce).toBeUndefined());
});
