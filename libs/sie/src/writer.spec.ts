/** What the writer promises: real CP437, the standard's order, and a file that our own reader takes without a word. */
import { describe, expect, it } from '@jest/globals';
import { Refusal } from '#ledger';
import { hashed, readingOf } from './given.js';
import type { SieVoucher } from './records.js';
import { transliterate, TRANSLITERATION } from './transliteration.js';
import { writeSie, type SieBook, type WrittenVoucher } from './writer.js';

const bytesOf = (book: SieBook, checksum = false) => Uint8Array.from([...writeSie(book, { checksum })].flatMap((chunk) => [...chunk]));
const textOf = (book: SieBook, checksum = false) => String.fromCharCode(...bytesOf(book, checksum));
const head = {
  program: 'Liggaren',
  programVersion: '0.2.0',
  generated: '2024-01-05',
  name: 'Region Jämtland',
  years: [{ index: 0, from: '2023-01-01', to: '2023-12-31' }],
};
const line = (account: string, amountOre: number, more: object = {}) => ({
  act: 'posted' as const,
  counted: true,
  account,
  objects: [],
  amountOre,
  date: '2023-05-12',
  text: '',
  quantity: '',
  sign: '',
  ...more,
});
const hyra: WrittenVoucher = {
  series: 'A',
  number: '17',
  numbered: true,
  date: '2023-05-12',
  registered: '',
  text: 'Hyra "Kajen" § 4 – 5 €',
  sign: '',
  lines: [
    line('7550', 125_050, {
      objects: [
        { dim: '1', object: '0614' },
        { dim: '20', object: '9916' },
      ],
      text: 'Maj',
    }),
    line('1930', -125_050),
  ],
};

describe('a written file', () => {
  it('has its records in the standard’s order, fields quoted and lines ended by CRLF', () =>
    expect(
      textOf({
        kind: '4E',
        head,
        accounts: [{ number: '7550', name: 'Köp', type: 'K', sru: '', unit: '' }],
        dimensions: [
          { number: '20', name: 'Bidrag', parent: null },
          { number: '21', name: 'Insats', parent: '20' },
        ],
        objects: [{ dim: '20', object: '9916', name: 'Nära vård' }],
        balances: [
          {
            label: 'PSALDO',
            year: 0,
            period: '2023-05',
            account: '7550',
            objects: [{ dim: '20', object: '9916' }],
            amountOre: 125_050,
            quantity: '',
          },
        ],
        vouchers: [hyra],
      }).split('\r\n'),
    ).toEqual([
      '#FLAGGA 0',
      '#PROGRAM "Liggaren" "0.2.0"',
      '#FORMAT PC8',
      '#GEN 20240105',
      '#SIETYP 4',
      '#PROSA "Teckentabell 437 (PC8): r\x84ksm\x94rg\x86s"',
      '#FNAMN "Region J\x84mtland"',
      '#RAR 0 20230101 20231231',
      '#KONTO 7550 "K\x94p"',
      '#KTYP 7550 "K"',
      '#DIM 20 "Bidrag"',
      '#UNDERDIM 21 "Insats" 20',
      '#OBJEKT 20 "9916" "N\x84ra v\x86rd"',
      '#PSALDO 0 202305 7550 {20 "9916"} 1250.50',
      '#VER "A" 17 20230512 "Hyra \\"Kajen\\" par. 4 - 5 EUR"',
      '{',
      '#TRANS 7550 {1 "0614" 20 "9916"} 1250.50 20230512 "Maj"',
      '#TRANS 1930 {} -1250.50 20230512',
      '}',
      '',
    ]));
  it('puts "" where an empty field stands before one with a value', () =>
    expect(
      textOf({
        kind: '4I',
        head,
        vouchers: [
          { ...hyra, number: 'x.1', numbered: false, series: '', registered: '', sign: 'EK', lines: [line('1', 0, { sign: 'EK' })] },
        ],
      }),
    ).toContain('#VER "" "" 20230512 "Hyra \\"Kajen\\" par. 4 - 5 EUR" "" "EK"\r\n{\r\n#TRANS 1 {} 0.00 20230512 "" "" "EK"\r\n}\r\n'));
  it('keeps the history of a voucher', () => {
    const lines = [
      line('7550', 100, { act: 'struck', counted: false }),
      line('7550', 90, { act: 'added', counted: false }),
      line('7550', 90),
      line('1930', -90),
    ];
    const { vouchers, complaints } = readingOf(bytesOf({ kind: '4I', head, vouchers: [{ ...hyra, lines }] }));
    expect(complaints).toEqual([]);
    expect(vouchers[0]!.lines.map(({ line: _, ...rest }) => rest)).toEqual(lines);
  });
  it('carries a control sum where it is wanted, which holds', () =>
    expect(
      readingOf(bytesOf({ kind: '4I', head, dimensions: [{ number: '20', name: 'Bidrag', parent: null }], vouchers: [hyra] }, true)),
    ).toMatchObject({ complaints: [], summary: { checksum: 'verified' } }));
  it('comes in chunks of bounded size, however many vouchers', () => {
    const many = function* () {
      for (let number = 1; number <= 5_000; number += 1) yield { ...hyra, number: String(number) };
    };
    const sizes = [...writeSie({ kind: '4I', head, vouchers: many() })].map(({ length }) => length);
    expect(Math.max(...sizes)).toBeLessThan(70_000);
    expect(sizes.length).toBeGreaterThan(5);
  });
  it('never holds a voucher that does not balance, nor a code that would come back as another', () => {
    const refusal = (book: SieBook) => {
      try {
        bytesOf(book);
        return 'none';
      } catch (error) {
        return (error as Refusal).refusal;
      }
    };
    const withLines = (...lines: SieVoucher['lines'][number][]) => refusal({ kind: '4I', head, vouchers: [{ ...hyra, lines }] });
    expect(withLines({ ...line('1', 1), line: 1 })).toBe('sie-voucher-unbalanced');
    expect(withLines({ ...line('1', 0, { objects: [{ dim: '6', object: '99–16' }] }), line: 1 })).toBe('sie-code-not-writable');
    expect(withLines({ ...line('19x', 0), line: 1 })).toBe('sie-account-malformed');
  });
});

describe('transliteration', () => {
  it('is listed, gives CP437 only, and the same again when done twice', () => {
    for (const [from, to] of Object.entries(TRANSLITERATION)) {
      expect(transliterate(from)).toBe(to);
      expect(transliterate(to)).toBe(to);
    }
  });
  it('leaves what CP437 has, drops marks it lacks, and says ? for the rest', () =>
    expect(transliterate('Åäö é ñ ½ ± ° ² · « » š ž ő Ś ﬁ 𝟙 日 😀 a\u030a\tx\n')).toBe('Åäö é ñ ½ ± ° ² · « » s z o S fi 1 ? ? å x '));
  it('lets no text end in a backslash, which would hide the mark after it', () => expect(transliterate('C:\\dir\\')).toBe('C:\\dir/'));
  it('keeps fingerprints of texts that CP437 can hold', () => expect(hashed(transliterate('Löner'))).toBe(hashed('Löner')));
});
