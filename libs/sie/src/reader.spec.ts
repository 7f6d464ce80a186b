/** What the reader takes, what it refuses and what it only remarks on; each sample is made here. */
import { describe, expect, it } from '@jest/globals';
import { complaintNames, complaintText, severityOf } from './complaint.js';
import { file, read, readingOf, said, voucher } from './given.js';
import { balanceObjects } from './records.js';

const vouchersOf = (...records: string[]) => read(file(...records)).vouchers;
const sums = (text: string) =>
  read(text).vouchers.map(({ lines }) => lines.reduce((sum, { counted, amountOre }) => (counted ? sum + amountOre : sum), 0));

describe('a voucher', () => {
  it('has series, number, dates, text and sign, and lines with account, objects, öre, date, text, quantity and sign', () => {
    const [one] = vouchersOf(
      '#VER A 17 20230512 "Lokalhyra" 20230603 "EK"',
      '{',
      '#TRANS 7550 {1 "0614" 20 "9916"} 1250.5 20230511 "Maj" 2.50 "AB"',
      '#TRANS 1930 {} -1250.50',
      '}',
    );
    expect(one).toEqual({
      line: 12,
      series: 'A',
      number: '17',
      numbered: true,
      date: '2023-05-12',
      registered: '2023-06-03',
      text: 'Lokalhyra',
      sign: 'EK',
      lines: [
        {
          line: 14,
          act: 'posted',
          counted: true,
          account: '7550',
          objects: [
            { dim: '1', object: '0614' },
            { dim: '20', object: '9916' },
          ],
          amountOre: 125_050,
          date: '2023-05-11',
          text: 'Maj',
          quantity: '2.50',
          sign: 'AB',
        },
        {
          line: 15,
          act: 'posted',
          counted: true,
          account: '1930',
          objects: [],
          amountOre: -125_050,
          date: '2023-05-12',
          text: '',
          quantity: '',
          sign: '',
        },
      ],
    });
  });
  it('is debit plus, credit minus, as SIE has it: income below zero and cost above', () => {
    const lines = vouchersOf(
      '#VER A 1 20230512',
      '{',
      '#TRANS 3510 {20 9916} -100',
      '#TRANS 7550 {20 9916} 60.00',
      '#TRANS 1930 {} 40.0',
      '}',
    )[0]!.lines;
    expect(lines.map(({ amountOre }) => amountOre)).toEqual([-10_000, 6_000, 4_000]);
  });
  it('takes tabs and spaces, quoted or bare fields, escaped marks, CRLF and blank lines', () => {
    const odd =
      '\t #VER\t"A"   "1"\t20230512 "Kajen \\"Norra\\" {1}"\r\n\r\n {\t\r\n  #TRANS\t"7550" { "1"  614\t20 "99}6" } "1250.00"  \r\n#TRANS 1930 {} -1250.00\r\n\r\n}\r\n';
    const { vouchers, complaints } = read(file(odd));
    expect(complaints).toEqual([]);
    expect(vouchers[0]).toMatchObject({
      series: 'A',
      number: '1',
      text: 'Kajen "Norra" {1}',
      lines: [
        {
          account: '7550',
          objects: [
            { dim: '1', object: '614' },
            { dim: '20', object: '99}6' },
          ],
        },
        {},
      ],
    });
  });
  it('may have its braces on other records’ lines', () =>
    expect(
      said(
        read(
          file(
            '#VER A 1 20230512 "x" {',
            '#TRANS 7550 {} 5',
            '#TRANS 1930 {} -5 }',
            '#VER A 2 20230512 "y"',
            '{ #TRANS 7550 {} 5',
            '#TRANS 1930 {} -5',
            '} #VER A 3 20230512',
            '{',
            '#TRANS 7550 {} 0',
            '}',
          ),
        ),
      ),
    ).toEqual([]));
  it('keeps codes as the texts they are', () =>
    expect(vouchersOf('#VER 01 "0007" 20230512', '{', '#TRANS 7550 {7 "0012"} 0', '}')[0]).toMatchObject({
      series: '01',
      number: '0007',
      lines: [{ objects: [{ object: '0012' }] }],
    }));
  it('without a number (4I) gets its day, its fingerprint and the occurrence, and the same one in any encoding', () => {
    const twice = file(
      ...voucher(undefined, '#VER "" "" 20230512 "Lön"'),
      ...voucher(undefined, '#VER "" "" 20230512 "Lön"'),
      ...voucher(undefined, '#VER "" "" 20230513 "Lön"'),
    );
    const numbers = read(twice).vouchers.map(({ number, numbered }) => `${number} ${numbered}`);
    expect(numbers[0]).toMatch(/^20230512\.[0-9a-f]{16}\.1 false$/);
    expect(numbers[1]).toBe(numbers[0]!.replace('.1 ', '.2 '));
    expect(numbers[2]).not.toBe(numbers[0]);
    expect(read(twice, 'utf-8').vouchers.map(({ number }) => `${number} false`)).toEqual(numbers);
  });
  it('that does not balance is an error with its number and the difference, unless the file is a selection', () => {
    const text = file(...voucher('#TRANS 7550 {} 1250.02'));
    const { complaints } = read(text);
    expect(complaints).toMatchObject([
      {
        line: 12,
        name: 'sie-voucher-unbalanced',
        severity: 'error',
        text: '#VER A 1 20230512 Lokalhyra',
        facts: { voucher: 'A 1', differenceOre: '2' },
      },
    ]);
    expect(complaintText(complaints[0]!, 'sv')).toBe('Rad 12: Verifikation A 1 balanserar inte: debet och kredit skiljer 0,02 kr.');
    expect(said(read(text, 'cp437', { selection: true }))).toEqual([]);
  });
  it('sums exactly, also where the sum on the way is beyond what a number holds', () => {
    const most = '90071992547409.91';
    expect(
      said(
        read(
          file(
            '#VER A 1 20230512',
            '{',
            `#TRANS 7550 {} ${most}`,
            `#TRANS 7550 {} ${most}`,
            `#TRANS 1930 {} -${most}`,
            `#TRANS 1930 {} -${most}`,
            '}',
          ),
        ),
      ),
    ).toEqual([]);
    expect(
      read(
        file(
          '#VER A 1 20230512',
          '{',
          `#TRANS 7550 {} ${most}`,
          `#TRANS 7550 {} ${most}`,
          `#TRANS 1930 {} -${most}`,
          '#TRANS 1930 {} -90071992547409.90',
          '}',
        ),
      ).complaints,
    ).toMatchObject([{ facts: { differenceOre: '1' } }]);
  });
  it.each([
    ['1.234', 'amount-too-many-decimals'],
    ['1,50', 'amount-malformed'],
    ['+5', 'amount-malformed'],
    ['5.', 'amount-malformed'],
    ['', 'sie-field-missing'],
    ['1e5', 'amount-malformed'],
    ['""', 'amount-malformed'],
    ['90071992547409.92', 'amount-too-large'],
    ['--5', 'amount-malformed'],
  ])('refuses the amount %s with its line', (amount, name) =>
    expect(said(read(file('#VER A 1 20230512', '{', `#TRANS 7550 {} ${amount}`, '}')))).toEqual([`14 ${name}`]),
  );
  it.each([
    ['#VER A 1 20230229', 'sie-date-malformed'],
    ['#VER A 1', 'sie-field-missing'],
    ['#VER A 1 2023-02-01', 'sie-date-malformed'],
    ['#VER A 1 20230512 "" 20231399', 'sie-registered-malformed'],
    ['#VER A 1 20220512', 'sie-date-outside-year'],
  ])('%s is said', (head, name) => expect(said(read(file(head, '{', '#TRANS 7550 {} 0', '}')))).toEqual([`12 ${name}`]));
  it.each([
    ['#TRANS 7550 {} 0 20231332', '14 sie-date-malformed'],
    ['#TRANS {} 0', '14 sie-account-malformed'],
    ['#TRANS 75A0 {} 0', '14 sie-account-malformed'],
    ['#TRANS 7550 {1} 0', '14 sie-objects-malformed'],
    ['#TRANS 7550 {1 2 0', '14 sie-objects-malformed'],
    ['#TRANS', '14 sie-field-missing'],
    ['#TRANS 7550 {} 0 "" "" 1,5', '14 sie-quantity-malformed'],
    ['#TRANS 7551 {} 0', '14 sie-account-undeclared'],
    ['#TRANS 7550 {21 1} 0', '14 sie-dimension-undeclared'],
    ['#TRANS 7550 {2 1} 0', '14 sie-parent-object-missing'],
    ['TRANS 7550 {} 0', '14 sie-line-unreadable'],
    [`#TRANS 7550 {} 0 "" "${'x'.repeat(1_001)}"`, '14 sie-text-too-long'],
    ['#TRANS 7550 {} 0 "" "a\u0007b"', '14 sie-control-character'],
    ['#TRANS 7550 {} 0 "" "abc', '14 sie-quote-open'],
    ['#TRANS 7550 {} 0 "" "Kajen "Norra" AB"', '14 sie-quote-misplaced'],
  ])('%s is said', (line, expected) => expect(said(read(file('#VER A 1 20230512', '{', line, '}')))).toContain(expected));
  it('is never left open in silence', () => {
    const open = voucher().slice(0, -1);
    expect(said(read(file(...open)))).toEqual(['15 sie-voucher-open']);
    expect(said(read(file(...open, ...voucher())))).toEqual(['16 sie-voucher-open']);
    expect(said(read(file('#TRANS 7550 {} 5')))).toEqual(['12 sie-line-outside-voucher']);
    expect(said(read(file('{', '}', '#VER A 1 20230512', '#VER A 2 20230512')))).toEqual([
      '12 sie-brace-unexpected',
      '13 sie-brace-unexpected',
      '14 sie-voucher-empty',
      '15 sie-voucher-empty',
    ]);
  });
});

describe('added and struck lines', () => {
  const lines = (...records: string[]) => read(file('#VER A 1 20230512', '{', ...records, '#TRANS 1930 {} -100', '}'));
  it('a struck line is kept and not summed', () => {
    const { vouchers, summary, complaints } = lines('#BTRANS 7550 {} 80 20230513 "Fel" "" "EK"', '#TRANS 7550 {} 100');
    expect(complaints).toEqual([]);
    expect(vouchers[0]!.lines[0]).toMatchObject({ act: 'struck', counted: false, amountOre: 8_000, sign: 'EK' });
    expect(summary.rows).toEqual({ counted: 2, added: 0, struck: 1 });
  });
  it('an added line is counted once: it and the #TRANS after it are one by position, though their dates differ', () => {
    const { vouchers, summary, complaints } = lines('#RTRANS 7550 {} 100 20230601 "" "" "EK"', '#TRANS 7550 {} 100 20230512');
    expect(complaints).toEqual([]);
    expect(vouchers[0]!.lines.map(({ act, counted, date }) => `${act} ${counted} ${date}`)).toEqual([
      'added false 2023-06-01',
      'posted true 2023-05-12',
      'posted true 2023-05-12',
    ]);
    expect(summary.rows).toEqual({ counted: 2, added: 1, struck: 0 });
  });
  it('two like added lines are two', () =>
    expect(
      sums(
        file(
          '#VER A 1 20230512',
          '{',
          '#RTRANS 7550 {} 50',
          '#TRANS 7550 {} 50',
          '#RTRANS 7550 {} 50',
          '#TRANS 7550 {} 50',
          '#TRANS 1930 {} -100',
          '}',
        ),
      ),
    ).toEqual([0]));
  it('an added line without its #TRANS counts, and is said', () => {
    const reading = lines('#RTRANS 7550 {} 100', '#BTRANS 7550 {} 1');
    expect(said(reading)).toEqual(['14 sie-added-line-alone']);
    expect(reading.summary.rows).toEqual({ counted: 2, added: 0, struck: 1 });
  });
  it('where the two differ in money the #TRANS counts, and it is said', () =>
    expect(said(lines('#RTRANS 7550 {} 90', '#TRANS 7550 {} 100'))).toEqual(['15 sie-added-line-differs']));
});

describe('what is about the whole file', () => {
  it('tells who made it, for whom and about what', () => {
    const { summary } = read(
      file(
        '#ORGNR 232100-0000 1 1',
        '#PROSA "Export av\tallt"',
        '#KPTYP Region-Bas',
        '#OMFATTN 20231130',
        '#KTYP 7550 K',
        '#UNDERDIM 21 Insats 20',
        '#OBJEKT 20 9916 "Nära vård"',
        '#VALUTA SEK',
      ),
    );
    expect(summary).toMatchObject({
      kind: '4I',
      checksum: 'none',
      errors: 0,
      head: {
        flag: '0',
        program: 'Ekonomisystem',
        programVersion: '7.1',
        format: 'PC8',
        generated: '2024-01-05',
        generatedBy: 'ÅÄ',
        name: 'Region Småland',
        organisationNumber: '232100-0000',
        until: '2023-11-30',
        chart: 'Region-Bas',
        currency: 'SEK',
        years: [{ index: 0, from: '2023-01-01', to: '2023-12-31', broken: false }],
      },
      objects: [{ dim: '20', object: '9916', name: 'Nära vård' }],
    });
    expect(summary.accounts.get('7550')).toEqual({ number: '7550', name: 'Köpta tjänster', type: 'K', sru: '', unit: '' });
    expect(summary.dimensions.get('21')).toEqual({ number: '21', name: 'Insats', parent: '20' });
  });
  it('reads balances of every kind, in types 1 to 3 as well', () => {
    const { balances, summary } = read(
      '#FLAGGA 0\n#SIETYP 3\n#IB 0 1930 100.00\n#UB -1 1930 -5\n#OIB 0 1930 {20 9916} 7\n#RES 0 3510 -90.10 2\n#PSALDO 0 202305 3510 {} -90.10\n#PBUDGET 0 202305 3510 {1 "0614"} 0',
    );
    expect(summary.kind).toBe('3');
    expect(
      balances.map(({ label, year, period, objects, amountOre, quantity }) => [label, year, period, objects.length, amountOre, quantity]),
    ).toEqual([
      ['IB', 0, null, 0, 10_000, ''],
      ['UB', -1, null, 0, -500, ''],
      ['OIB', 0, null, 1, 700, ''],
      ['RES', 0, null, 0, -9_010, '2'],
      ['PSALDO', 0, '2023-05', 0, -9_010, ''],
      ['PBUDGET', 0, '2023-05', 1, 0, ''],
    ]);
    expect(read(file('#IB 0 1930 5', ...voucher())).summary.kind).toBe('4E');
  });
  it('counts a line of a sub-dimension on the concatenated object of balances too', () => {
    const { dimensions } = read(file('#UNDERDIM 21 Insats 20')).summary;
    expect(
      balanceObjects(
        [
          { dim: '20', object: '9916' },
          { dim: '21', object: 'A' },
        ],
        dimensions,
      ),
    ).toEqual([
      { dim: '20', object: '9916' },
      { dim: '21', object: 'A' },
      { dim: '21', object: '9916A' },
    ]);
  });
  it('passes over labels it does not know, their sub-records, and fields after the last known one', () => {
    const { summary, complaints, vouchers } = read(
      file(
        '#NYTT a b',
        '{',
        '#INTE x',
        '#ANNAT',
        '}',
        '#NYTT',
        ...voucher('#TRANS 7550 {} 1250 20230512 "" 1 EK och mer', '#VER A 1 20230512 "" 20230512 EK mer'),
      ),
    );
    expect(complaints).toEqual([]);
    expect([...summary.ignored]).toEqual([['NYTT', 2]]);
    expect(said(read(file('#NYTT', '{', '#TRANS 7550 {} 5', '}')))).toEqual(['14 sie-line-outside-voucher']);
    expect(said(read(file('#VER A 1 20230512', '#NYTT', '{', '#trans 7550 {} 5', '}')))).toEqual(['12 sie-voucher-unbalanced']);
    expect(vouchers).toHaveLength(1);
  });
  it.each([
    ['#FLAGGA 1', 'sie-flag-set'],
    ['#RAR 0 20220701 20230630', 'sie-year-broken'],
    ['#RAR 0 20230101 2023', 'sie-date-malformed'],
    ['#RAR 0', 'sie-year-empty'],
    ['#SIETYP 5', 'sie-type-unknown'],
    ['#IB x 1930 5', 'sie-year-malformed'],
    ['#IB 0 "" 5', 'sie-field-missing'],
    ['#IB 0 19x 5', 'sie-account-malformed'],
    ['#IB 0 1930 5,00', 'amount-malformed'],
    ['#PSALDO 0 202317 1930 {} 5', 'sie-period-malformed'],
    ['#OIB 0 1930 {1 0', 'sie-objects-malformed'],
    ['#UNDERDIM 21 x 21', 'sie-dimension-circular'],
    ['#KONTO', 'sie-field-missing'],
    ['#OBJEKT 6', 'sie-field-missing'],
    ['#KSUMMA 17', 'sie-ksumma-unpaired'],
  ])('%s is said', (record, name) => expect(said(read(file(record)))).toEqual([`12 ${name}`]));
  it('an export whose vouchers lack numbers, and a lesser type with vouchers, are said once', () => {
    expect(
      said(read(file('#IB 0 1930 0', ...voucher(undefined, '#VER A "" 20230512'), ...voucher(undefined, '#VER A "" 20230513')))),
    ).toEqual(['13 sie-number-missing']);
    expect(said(read(file('#SIETYP 2', ...voucher(), ...voucher())))).toEqual(['13 sie-type-contradicted']);
  });
  it.each([
    ['<!DOCTYPE html>\n<html><body>404</body></html>', 'sie-html'],
    ['\n\n  <?xml version="1.0"?><Sie/>', 'sie-xml'],
    ['PK\u0003\u0004 #FLAGGA', 'sie-not-sie'],
    ['', 'sie-not-sie'],
    ['# Läs mig\n# igen', 'sie-not-sie'],
    [`#FLAGGA 0\n#PROSA ${'x'.repeat(2_000_000)}`, 'sie-line-too-long'],
    ['<html>' + 'x'.repeat(2_000_000), 'sie-html'],
  ])('what is no SIE file is refused in one sentence (%#)', (text, name) => {
    const { complaints } = read(text);
    expect(complaints.map((complaint) => complaint.name)).toEqual([name]);
    expect(complaints[0]!.line).toBeGreaterThan(0);
  });
  it('says what was wrong with UTF-16', () =>
    expect(said(readingOf(new Uint8Array([0xff, 0xfe, 0x23, 0, 0x46, 0])))).toEqual(['1 sie-wide-characters']));
  it('ends where DOS ended its files, and with or without a last line break', () => {
    expect(said(read(`${file(...voucher())}\u001a\u0000\u0000`))).toEqual([]);
    expect(read(file(...voucher()).trimEnd()).vouchers).toHaveLength(1);
    expect(read(file(...voucher()).replaceAll('\n', '\r')).vouchers).toHaveLength(1);
  });
  it('shows a complaint with a line that fits on a screen, and its sentence in both languages', () => {
    const [complaint] = read(file(`#IB 0 1930 ${'9'.repeat(200)}`)).complaints;
    expect(complaint!.text.length).toBeLessThanOrEqual(80);
    expect(complaintText(complaint!, 'sv')).toMatch(/^Rad 12: Beloppet 9+/);
    expect(complaintText(complaint!, 'en')).toMatch(/^Line 12: The amount 9+/);
  });
  it('knows for each complaint whether it refuses the file', () =>
    expect(complaintNames.filter((name) => severityOf(name) === 'error')).toHaveLength(25));
});

describe('the control sum', () => {
  // The value is that of another program over these records (zlib's crc32 over labels and fields in CP437).
  const body =
    '#SIETYP 4\n#PROGRAM "Ett \\"program\\"" 1\n#FNAMN "Åre"\n#VER A 1 20230512 "Hyra {}" \n{\n#TRANS 7550 {1 "6 4"} 5.00\n#TRANS 1930 {} -5.00\n}\n';
  const summed = (value: string | null, records = body) =>
    read(`#FLAGGA 0\n#KSUMMA\n${records}${value === null ? '' : `#KSUMMA ${value}\n`}`);
  it('is verified', () => {
    expect(summed('777154157')).toMatchObject({ complaints: [], summary: { checksum: 'verified' } });
    expect(
      summed(
        '777154157',
        body
          .replaceAll(' ', '\t  ')
          .replace('{1\t', '{ 1 ')
          .replaceAll('Ett\t  \\', 'Ett \\')
          .replace('6\t  4', '6 4')
          .replace('Hyra\t  {', 'Hyra {'),
      ).complaints,
    ).toEqual([]);
  });
  it('is verified after a mail server has made UTF-8 of the file', () =>
    expect(readingOf(new TextEncoder().encode(`#FLAGGA 0\n#KSUMMA\n${body}#KSUMMA 777154157\n`)).complaints).toEqual([]));
  it('refuses a file that was changed, and one that lacks its end', () => {
    expect(said(summed('777154157', body.replaceAll('5.00', '6.00')))).toEqual(['11 sie-ksumma-wrong']);
    expect(said(summed('hej'))).toEqual(['11 sie-ksumma-wrong']);
    expect(said(summed(null))).toEqual(['2 sie-ksumma-open']);
  });
});
