/** What real programs write that the standard does not foresee: read where the money is beyond doubt, and said. Each sample is made here. */
import { describe, expect, it } from '@jest/globals';
import { file, read, readingOf, said, voucher } from './given.js';
import { encode } from './encoding.js';

const VOUCHERS = [...voucher(), ...voucher('#TRANS 7550 {} 1250.00', '#VER A 2 20230513 "Lokalhyra"')];
/** What counts: account and öre of each line, voucher by voucher. */
const counted = (text: string | Uint8Array): string[] =>
  (typeof text === 'string' ? read(text) : readingOf(text)).vouchers.map(({ number, lines }) =>
    [number, ...lines.flatMap((line) => (line.counted ? [`${line.account} ${line.amountOre}`] : []))].join(', '),
  );
const plain = counted(file(...VOUCHERS));

describe('a voucher whose opening brace is missing', () => {
  const without = (brace: string) => file(...VOUCHERS).replace('{\n', brace);

  it.each([
    ['with its line', ''],
    ['but its line is there', '\n'],
  ])('%s is read: its lines stand between #VER and its closing brace', (_how, brace) => {
    expect(counted(without(brace))).toEqual(plain);
    expect(said(read(without(brace)))).toEqual(['12 sie-brace-missing']);
  });
  it('is refused where the closing one is missing too: nothing says where it ends', () =>
    expect(
      said(
        read(
          file(...VOUCHERS)
            .replace('{\n', '')
            .replace('}\n', ''),
        ),
      ),
    ).toEqual(['12 sie-brace-missing', '15 sie-voucher-open']));
  it('is no reason to take lines that follow no #VER', () =>
    expect(said(read(file('#TRANS 1930 {} 5.00', '}')))).toEqual(['12 sie-line-outside-voucher', '13 sie-brace-unexpected']));
});

it('braces may stand at the end of a #VER and a #TRANS that have all their fields', () => {
  const text = file(
    '#VER A 1 20230512 "Lokalhyra" 20230603 "EK" {',
    '#TRANS 7550 {1 "614" 20 "9916"} 1250.00 20230512 "Maj" 1 "EK"',
    '#TRANS 1930 {} -1250.00 20230512 "Maj" 1 "EK" }',
    ...VOUCHERS.slice(5),
  );
  expect(counted(text)).toEqual(plain);
  expect(said(read(text))).toEqual([]);
});

describe('a voucher with the number 0', () => {
  const all = (...heads: string[]) => read(file(...heads.flatMap((head) => voucher(undefined, head)))).vouchers;

  it('and no series has no number: the receiver is to number it, and every such voucher is one of its own', () => {
    const [one, two] = all('#VER "" 0 20230512 "Fakturor"', '#VER "" "0" 20230513 "Fakturor"');
    expect([one, two]).toMatchObject([{ numbered: false }, { numbered: false }]);
    expect(one!.number).not.toBe(two!.number);
    expect(all('#VER "" "" 20230512 "Fakturor"')[0]!.number).toBe(one!.number);
  });
  it('in a series has that number', () => expect(all('#VER IB 0 20230512')).toMatchObject([{ series: 'IB', number: '0', numbered: true }]));
});

describe('line ends', () => {
  const [head, vouchers] = [file(), VOUCHERS.map((record) => `${record}\n`).join('')];

  it('may change within the file: a lone CR before a record or a brace ends a line, as an editor counts', () => {
    const changing = `${head.replaceAll('\n', '\r\n')}${vouchers.replaceAll('\n', '\r')}#TRANS 1930 {} 1.00\r\n`;
    expect(counted(changing)).toEqual(plain);
    expect(said(read(changing))).toEqual(['23 sie-line-outside-voucher']);
  });
  it('never hide a voucher, wherever a chunk ends', () => {
    const bytes = encode(`${head}${vouchers.replaceAll('\n', '\r')}\n`, 'cp437');
    for (const size of [1, 7, 64]) expect(readingOf(bytes, [size]).vouchers).toHaveLength(2);
  });
  it('inside a text are control characters', () => {
    const text = file(...voucher('#TRANS 7550 {1 "614" 20 "9916"} 1250.00 20230512 "Maj\rmånad" 2'));
    expect(read(text).vouchers[0]!.lines[0]).toMatchObject({ text: 'Maj månad', quantity: '2' });
  });
});

it('the end of file of DOS may stand right after the last record', () => {
  const text = (last: string) => `${file(...VOUCHERS)}#UB 0 1930 -25.00${last}`;
  expect(read(text('\u001a'))).toMatchObject({ balances: read(text('\n')).balances, complaints: read(text('\n')).complaints });
});

describe('an amount', () => {
  const ore = (kronor: string) =>
    read(file(...voucher(`#TRANS 7550 {} ${kronor}`))).vouchers[0]!.lines.find(({ account }) => account === '7550')?.amountOre;

  it('may leave out the nought before its point', () => expect(['.5', '-.25'].map(ore)).toEqual([50, -25]));
  it.each(['.', '-.', '.255', '..2', '12.', '.2,'])('is none where it is %j', (kronor) => expect(ore(kronor)).toBeUndefined());
});

describe('a year (#RAR) without days', () => {
  it.each(['#RAR 0', '#RAR 0  ', '#RAR 0 "" ""'])('is no year, and said: %j', (record) => {
    const text = file(...VOUCHERS).replace('#RAR 0 20230101 20231231', record);
    expect(read(text).summary.head.years).toEqual([]);
    expect(said(read(text))).toEqual(['7 sie-year-empty']);
  });
  it('refuses the file where it has a first day and no last', () =>
    expect(said(read(file().replace(' 20231231', '')))).toEqual(['7 sie-field-missing']));
});

describe('a budget (#PBUDGET) that cannot be read', () => {
  it.each([
    ['with account and period in each other’s place', '#PBUDGET 0 7550 202301 100.00'],
    ['with a share of a year in thousandths', '#PBUDGET 0 202301 7550 {} 33.333'],
    ['with a decimal comma', '#PBUDGET 0 202301 7550 {} 33,33'],
    ['with an object list that never ends', '#PBUDGET 0 202301 7550 {1 614 100.00'],
    ['without an amount', '#PBUDGET 0 202301 7550 {}'],
  ])('%s is left out, said once, and refuses nothing: no voucher rests on it', (_what, record) => {
    const { complaints, balances } = read(file(record, record, ...VOUCHERS));
    expect(complaints.map(({ line, name }) => `${line} ${name}`)).toEqual(['12 sie-budget-unreadable']);
    expect(balances).toEqual([]);
  });
  it('is not the same for a balance, which money rests on', () =>
    expect(said(read(file('#PSALDO 0 7550 202301 100.00', ...VOUCHERS)))).toEqual(['12 sie-period-malformed']));
});

describe('an added line (#RTRANS) that its #TRANS does not follow at once', () => {
  const lines = (...records: string[]) => file('#VER A 1 20230512 "Lokalhyra"', '{', '#TRANS 7550 {} 1250.00', ...records, '}');

  it('is not counted where the #TRANS alone balance, as every reader may take them', () => {
    const apart = lines('#RTRANS 1930 {} -1250.00', '#BTRANS 1930 {} -1205.00', '#TRANS 1930 {} -1250.00');
    expect(counted(apart)).toEqual(['1, 7550 125000, 1930 -125000']);
    expect(said(read(apart))).toEqual(['15 sie-added-line-apart']);
    expect(read(apart).summary.rows).toEqual({ counted: 2, added: 1, struck: 1 });
  });
  it('nor where the added lines stand first and their #TRANS after', () =>
    expect(counted(lines('#RTRANS 1930 {} -50.00', '#RTRANS 1930 {} -1200.00', '#TRANS 1930 {} -50.00', '#TRANS 1930 {} -1200.00'))).toEqual(['1, 7550 125000, 1930 -5000, 1930 -120000'])); // prettier-ignore
  it('is counted where the voucher balances only with it', () => {
    expect(counted(lines('#RTRANS 1930 {} -1250.00'))).toEqual(['1, 7550 125000, 1930 -125000']);
    expect(said(read(lines('#RTRANS 1930 {} -1250.00')))).toEqual(['15 sie-added-line-alone']);
  });
  it('is counted where the voucher has nothing else', () =>
    expect(counted(file('#VER A 1 20230512', '{', '#RTRANS 7550 {} 5.00', '#RTRANS 1930 {} -5.00', '}'))).toEqual(['1, 7550 500, 1930 -500'])); // prettier-ignore
});

it('a file in another currency than the ledger’s is refused: its amounts are no kronor', () => {
  expect(said(read(file('#VALUTA NOK', ...VOUCHERS)))).toEqual(['12 sie-currency-foreign']);
  for (const currency of ['SEK', 'sek', '"SEK"', 'SKR', '']) expect(said(read(file(`#VALUTA ${currency}`, ...VOUCHERS)))).toEqual([]);
});

it('a line whose account is none is said once, and is no line', () => {
  const { complaints, vouchers } = read(file(...voucher('#TRANS FEL {} 1250.00')));
  expect(complaints.map(({ line, name }) => `${line} ${name}`)).toEqual(['14 sie-account-malformed']);
  expect(vouchers[0]!.lines.map(({ account }) => account)).toEqual(['1930']);
});
