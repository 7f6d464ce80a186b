/** What holds for any book: written and read back it is the same, in three encodings, in any chunks, with any blanks and quotation. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encode } from './encoding.js';
import { readingOf, type Reading } from './given.js';
import { transliterate } from './transliteration.js';
import { writeSie, type SieBook, type WrittenLine, type WrittenVoucher } from './writer.js';

const day = fc
  .date({ min: new Date('2023-01-01'), max: new Date('2023-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const code = fc.oneof(
  fc.stringMatching(/^[0-9]{1,8}$/),
  fc.stringMatching(/^[0-9A-Za-zåäöÅÄÖ"{} -]{1,10}$/).filter((text) => text.trim() !== ''),
);
const account = fc.stringMatching(/^[1-8][0-9]{3}$/);
/** Any text, and often such as SIE finds hard. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.array(fc.constantFrom('"', '\\', '{', '}', '#', ' ', '\t', 'å', 'Ö', '§', '–', 'x'), { maxLength: 20 }).map((parts) => parts.join('')),
);
const ore = fc.oneof(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.maxSafeInteger());
const objects = fc.uniqueArray(fc.record({ dim: fc.constantFrom('1', '6', '7', '20'), object: code }), {
  selector: ({ dim }) => dim,
  maxLength: 3,
});
const quantity = fc.constantFrom('', '', '1', '-2.50');

const line = fc.record({ account, objects, amountOre: ore, date: day, text, quantity, sign: text });
const lines = fc
  .array(fc.record({ line, act: fc.constantFrom('posted', 'posted', 'added', 'struck') }), { minLength: 1, maxLength: 6 })
  .map((parts): WrittenLine[] =>
    parts.flatMap(({ line, act }): WrittenLine[] => {
      // Each line has its counterpart, so that any book balances; an added line has its #TRANS at once after it.
      const counter: WrittenLine = { ...line, act: 'posted', counted: true, amountOre: -line.amountOre || 0, objects: [] };
      if (act === 'struck') return [{ ...line, act: 'struck', counted: false }];
      const posted: WrittenLine = { ...line, act: 'posted', counted: true };
      return act === 'added' ? [{ ...posted, act: 'added', counted: false }, posted, counter] : [posted, counter];
    }),
  );
const voucher = fc
  .record({
    series: fc.oneof(fc.constant(''), fc.stringMatching(/^[A-ZÅÄÖ0-9]{1,3}$/)),
    number: fc.integer({ min: 1, max: 99_999 }),
    date: day,
    registered: fc.option(day, { nil: '' }),
    text,
    sign: text,
    lines,
  })
  .map((voucher): WrittenVoucher => ({ ...voucher, number: String(voucher.number), numbered: true }));
const book = fc
  .record({
    vouchers: fc.array(voucher, { maxLength: 5 }),
    name: text,
    accounts: fc.array(fc.record({ number: account, name: text }), { maxLength: 4 }),
    balances: fc.array(fc.record({ account, objects, amountOre: ore, label: fc.constantFrom('IB', 'UB', 'RES', 'PSALDO', 'OIB') }), {
      minLength: 1,
      maxLength: 5,
    }),
    whole: fc.boolean(),
  })
  .map(({ vouchers, name, accounts, balances, whole }): SieBook => {
    const head = { program: 'Liggaren', generated: '2024-01-05', name, years: [{ index: 0, from: '2023-01-01', to: '2023-12-31' }] };
    const dimensions = [{ number: '20', name: 'Bidrag', parent: null }];
    const parts = { head, dimensions, accounts: accounts.map((each) => ({ ...each, type: '', sru: '', unit: '' })), vouchers };
    if (!whole) return { kind: '4I', ...parts };
    const ofAccount = (label: string) => label === 'IB' || label === 'UB' || label === 'RES';
    return {
      kind: '4E',
      ...parts,
      balances: balances.map((each) => ({
        ...each,
        label: each.label as 'IB',
        year: 0,
        period: each.label === 'PSALDO' ? '2023-05' : null,
        objects: ofAccount(each.label) ? [] : each.objects,
        quantity: '',
      })),
    };
  });

const bytesOf = (each: SieBook, checksum = false) => Uint8Array.from([...writeSie(each, { checksum })].flatMap((chunk) => [...chunk]));
/** The records alone, without lines' numbers: what a book is. */
const content = ({ vouchers, balances, summary }: Reading) => ({
  vouchers: vouchers.map(({ line: _, lines, ...rest }) => ({ ...rest, lines: lines.map(({ line: __, ...each }) => each) })),
  balances: balances.map(({ line: _, ...rest }) => rest),
  name: summary.head.name,
  accounts: [...summary.accounts.values()],
});
/** What may be said of a book of this kind: the accounts and texts are drawn at random. */
const serious = ({ complaints }: Reading) => complaints.filter(({ name }) => name !== 'sie-account-undeclared');
const runs = { numRuns: Number(process.env['RUNS'] ?? 100) };

describe('any book', () => {
  it('written and read back is the same book, texts after transliteration', () =>
    fc.assert(
      fc.property(book, fc.boolean(), (each, checksum) => {
        const reading = readingOf(bytesOf(each, checksum));
        expect(serious(reading)).toEqual([]);
        expect(reading.summary.checksum).toBe(checksum ? 'verified' : 'none');
        const plain = transliterate;
        expect(content(reading)).toEqual({
          name: plain(each.head.name),
          accounts: [...new Map([...each.accounts!].map((a) => [a.number, { ...a, name: plain(a.name) }])).values()],
          balances: each.kind === '4E' ? [...each.balances] : [],
          vouchers: [...each.vouchers].map((v) => ({
            ...v,
            text: plain(v.text),
            sign: plain(v.sign),
            lines: v.lines.map((l) => ({ ...l, text: plain(l.text), sign: plain(l.sign) })),
          })),
        });
      }),
      runs,
    ));
  it('is the same in CP437, UTF-8 and Windows-1252', () =>
    fc.assert(
      fc.property(book, (each) => {
        const western = (value: string) => /^[\u0020-\u007eåäöÅÄÖéÉüÜ]*$/.test(value);
        const original = readingOf(bytesOf(each));
        const whole = original.vouchers.flatMap(({ text, sign, series, lines }) => [
          text,
          sign,
          series,
          ...lines.flatMap((l) => [l.text, l.sign, ...l.objects.map(({ object }) => object)]),
        ]);
        fc.pre([...whole, original.summary.head.name, ...[...original.summary.accounts.values()].map(({ name }) => name)].every(western));
        const file = latin(bytesOf(each).map((byte) => (byte < 128 ? byte : WINDOWS.get(byte)!)));
        for (const encoding of ['utf-8', 'windows-1252'] as const)
          expect(content(readingOf(encode(file, encoding)))).toEqual(content(original));
      }),
      runs,
    ));
  it('is the same in chunks of any size, down to a byte', () =>
    fc.assert(
      fc.property(
        book,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom('cp437' as const, 'utf-8' as const),
        (each, sizes, encoding) => {
          const bytes = encoding === 'cp437' ? bytesOf(each) : encode(latin(bytesOf(each)), 'utf-8');
          expect(readingOf(bytes, sizes)).toEqual(readingOf(bytes, [1_000_000]));
        },
      ),
      runs,
    ));
  it('is the same with any line ends, blanks and quotation', () =>
    fc.assert(
      fc.property(book, fc.infiniteStream(fc.nat({ max: 5 })), fc.constantFrom('\n', '\r\n', '\r'), (each, chance, lineEnd) => {
        const original = readingOf(bytesOf(each));
        const text = latin(bytesOf(each));
        const next = () => chance.next().value!;
        const dressed = text.split('\r\n').map(
          (record) =>
            `${[' ', '\t', '', '', '', ''][next()]!}${fieldsOf(record)
              .map((field) => dress(field, next()))
              .join([' ', '\t', '  ', ' \t', ' ', ' '][next()]!)}${[' ', '\t', '', '', '', ''][next()]!}`,
        );
        const blank = dressed.flatMap((record) => (next() === 0 ? ['', record] : [record])).join(lineEnd);
        const bytes = Uint8Array.from(blank, (character) => character.charCodeAt(0));
        expect(content(readingOf(bytes))).toEqual(content(readingOf(Uint8Array.from(text, (character) => character.charCodeAt(0)))));
        expect(original.summary.errors).toBe(0);
      }),
      runs,
    ));
});

/** Where CP437's western letters are in Latin-1. */
const WINDOWS = new Map(
  [
    [0x86, 'å'],
    [0x84, 'ä'],
    [0x94, 'ö'],
    [0x8f, 'Å'],
    [0x8e, 'Ä'],
    [0x99, 'Ö'],
    [0x82, 'é'],
    [0x90, 'É'],
    [0x81, 'ü'],
    [0x9a, 'Ü'],
  ].map(([byte, letter]) => [byte as number, (letter as string).charCodeAt(0)]),
);

/** Each byte as the character of that number. */
const latin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
/** A record's fields as written, object lists whole. */
const fieldsOf = (record: string): string[] =>
  record.match(/\{(?:"(?:\\"|[^"\\]|\\(?!"))*"|[^"}])*\}|"(?:\\"|[^"\\]|\\(?!"))*"|\S+/g) ?? [];
/** The same field, quoted where chance says so. */
const dress = (field: string, chance: number): string => (chance === 0 && /^[\w.-]+$/.test(field) ? `"${field}"` : field);
