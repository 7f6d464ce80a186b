/** Whole SIE files of several kinds and encodings, made from a seed, and the words that a fuzzer throws into them. */
import { encode, writeSie, type WrittenLine, type WrittenVoucher } from '#sie';
import type { Chance } from './mutation.js';

const bytesOf = (text: string) => encode(text, 'cp437');

export const WORDS: readonly Uint8Array[] = [
  '#VER ',
  '#TRANS ',
  '#RTRANS ',
  '#BTRANS ',
  '#KSUMMA\n',
  '#KSUMMA 12345\n',
  '{',
  '}',
  '\n{\n',
  '\n}\n',
  '{}',
  '"',
  '\\"',
  '\\',
  ' ',
  '\t',
  '\r\n',
  '\n',
  '\r',
  '-',
  '.',
  ',',
  '+',
  '\u001a',
  '0',
  '99999999999999999999',
  '-0.00',
  '0.005',
  '20230230',
  '#IB 0 1930 ',
  '#PSALDO 0 202313 ',
  '#UNDERDIM 6 x 6\n',
  '#UNDERDIM 20 x 21\n',
  '#SIETYP 5\n',
  '#FLAGGA 1\n',
  '#RAR 0 20230101 20221231\n',
  '<html>',
  '<?xml',
  '#',
  '##',
  '# VER',
  '\n\n',
  '\u0000',
]
  .map(bytesOf)
  .concat([
    new Uint8Array([0xef, 0xbb, 0xbf]),
    new Uint8Array([0xff, 0xfe]),
    new Uint8Array([0xc3, 0xa5]),
    new Uint8Array([0xe5]),
    new Uint8Array([0x86]),
    new Uint8Array([0xc3]),
    encode('#VER "Å" "Ö" 20230512 "Åäö"\n', 'utf-8'),
  ]);

/** A small whole file: 4E or 4I, in one of three encodings, with or without control sum, history and objects. */
export function sieFile(chance: Chance): Uint8Array {
  const vouchers = Array.from({ length: 1 + chance(4) }, (_, at): WrittenVoucher => {
    const numbered = chance(4) > 0;
    const [date, number] = [`2023-0${1 + chance(9)}-1${chance(9)}`, numbered ? String(at + 1) : ''];
    return {
      series: 'ALÖ'[chance(3)]!,
      number,
      numbered,
      date,
      registered: chance(2) ? date : '',
      text: texts[chance(texts.length)]!,
      sign: chance(3) ? '' : 'EK',
      lines: lines(chance, date),
    };
  });
  const head = {
    program: 'Ekonomisystem',
    generated: '2024-01-05',
    name: 'Region Småland',
    organisationNumber: '232100-0000',
    years: [{ index: 0, from: '2023-01-01', to: '2023-12-31' }],
  };
  const accounts = ACCOUNTS.map((number) => ({ number, name: `Konto åäö ${number}`, type: 'K', sru: '', unit: '' }));
  const parts = {
    head,
    accounts,
    dimensions: [{ number: '20', name: 'Bidrag', parent: null }],
    objects: [{ dim: '20', object: '9916', name: 'Nära vård' }],
    vouchers,
  };
  const balances = [
    { label: 'IB' as const, year: 0, period: null, account: '1930', objects: [], amountOre: 100, quantity: '' },
    {
      label: 'PSALDO' as const,
      year: 0,
      period: '2023-05',
      account: '7550',
      objects: [{ dim: '20', object: '9916' }],
      amountOre: 100,
      quantity: '',
    },
  ];
  const chunks = [...writeSie(chance(2) ? { kind: '4I', ...parts } : { kind: '4E', ...parts, balances }, { checksum: chance(3) === 0 })];
  const file = Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
  const encoding = chance(3);
  if (encoding === 0) return file;
  const text = Array.from(file, (byte) => LETTERS.get(byte) ?? String.fromCharCode(byte)).join('');
  return encode(text, encoding === 1 ? 'utf-8' : 'windows-1252');
}

const ACCOUNTS = ['1930', '3510', '7550'];
const LETTERS = new Map([
  [0x86, 'å'],
  [0x84, 'ä'],
  [0x94, 'ö'],
  [0x8f, 'Å'],
  [0x8e, 'Ä'],
  [0x99, 'Ö'],
]);
const texts = ['Lokalhyra', 'Löner "maj"', 'Köp av tjänst {1}', '', 'Måltider, Östersund'];

function lines(chance: Chance, date: string): WrittenLine[] {
  const line = {
    account: ACCOUNTS[chance(3)]!,
    objects: chance(2)
      ? [
          { dim: '1', object: '0614' },
          { dim: '20', object: '9916' },
        ]
      : [],
    amountOre: chance(1_000_000),
    date,
    text: texts[chance(texts.length)]!,
    quantity: '',
    sign: '',
  };
  const posted = { ...line, act: 'posted' as const, counted: true };
  const history = chance(3);
  const before: WrittenLine[] =
    history === 0 ? [{ ...line, act: 'struck', counted: false }] : history === 1 ? [{ ...posted, act: 'added', counted: false }] : [];
  return [...before, posted, { ...posted, amountOre: -line.amountOre || 0, account: '1930', objects: [] }];
}
