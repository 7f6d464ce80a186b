/** The complete table and the ways a table is written. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asPrinted, asPrintedTable, REST } from './as-printed.js';
import { completeTable } from './complete.js';
import { csv } from './csv.js';
import { figures, grant, net } from './given.js';
import { jsonTable } from './json.js';
import { aboutLines, amountText, periodText, plainAmount, printed } from './table.js';
import { textTable } from './text-table.js';

const some = net(
  [
    grant('9916', 'Nära vård', { received: 20_000_000, recognised: 12_345_678, cost: -12_345_679 }),
    grant('9929', 'Ökad tillgänglighet', { recognised: 5_000_000 }, 'RS/1 § 2'),
  ],
  {
    withoutGrantCode: figures({ cost: -700 }),
    internal: figures({ cost: -100, recognised: 100 }),
    unallottedOre: 41_221_400n,
  },
);

describe('the complete table', () => {
  const text = textTable(completeTable(some)).replaceAll('\u00a0', ' ');
  it('has each code on both sides or a dash, and the verdict in words', () => {
    expect(text).toMatch(/9916 +Nära vård +200 000,00 +123 456,78 +– +123 456,78 +−123 456,79 +– +−0,01 +ej resultatneutral/);
    expect(text).toMatch(/9929 +Ökad tillgänglighet +– +50 000,00 +– +50 000,00 +– +– +50 000,00 +undantagen/);
  });
  it('totals with and without what is exempt, and sets internal and uncoded money beside', () => {
    expect(text).toMatch(/Alla koder.* 49 999,99\n/);
    expect(text).toMatch(/Utan undantagna.* −0,01\n/);
    expect(text).toMatch(/Varav interna .* 0,00\n/);
    expect(text).toMatch(/Saknar bidragskod.* −7,00\n/);
    expect(text).toContain('9929 är undantaget från kravet på resultatneutralitet: RS/1 § 2.');
    expect(text).toContain('Ofördelat (beviljat men inte tilldelat någon enhet): 412 214,00 kr. Ingår inte i någon summa.');
  });
  it('tells what is allotted beyond an award, where there is any', () => {
    expect(text).not.toContain('utöver');
    expect(completeTable({ ...some, overAllottedOre: 700n }).notes.at(-1)).toBe(
      'Tilldelat utöver vad som beviljats: 7,00 kr. Avräknat mot inget annat.',
    );
  });
  it('foots in kronor, and says nothing of rounding', () => expect(text).not.toContain('Avrundning'));
  it('names each column and row that does not foot where it is rounded, and by how much', () => {
    const off = net([
      grant('9916', 'a', { recognised: 149_999, cost: -49_999 }),
      grant('9917', 'b', { recognised: 149_999, cost: -50_000 }),
      grant('9918', 'c', { recognised: 60_000, cost: -50_000 }, 'RS/1 § 2'),
    ]);
    const notes = (language: 'sv' | 'en') => completeTable(off, { unit: 'tkr', language }).notes.slice(0, 2);
    expect(notes('sv')).toEqual([
      'Avrundning: koderna summerar inte till den tryckta totalen, avrundad från hela ören, i Intäktsfört (−1), Erhållet (−1), Kostnader (−1).',
      'Avrundning: tryckt Erhållet och Kostnader ger inte tryckt Netto, avrundat från hela ören, för 9917 (−1), Alla koder (+1).',
    ]);
    expect(notes('en')[0]).toBe(
      'Rounding: the codes do not sum to the printed total, rounded from whole öre, in Recognised (−1), Income (−1), Costs (−1).',
    );
  });
  it('aligns every row to one width', () => {
    const rows = text.split('\n').filter((line) => /^(9916|9929|Kod) /.test(line) && !line.endsWith('.'));
    expect(new Set(rows.map((row) => row.search(/(ej resultatneutral|undantagen|Bedömning)$/))).size).toBe(1);
  });
  it('calls internal money in the region what it is: not counted', () =>
    expect(textTable(completeTable({ ...some, scope: { unit: 'REG', name: 'Regionen', kind: 'region' } }))).toContain(
      'Interna, ej medräknade',
    ));
});

describe('the as-printed table', () => {
  it('leaves out what is zero, and needs no 99** where every code is named', () => {
    const printedTable = asPrinted(net([grant('1', 'a', { recognised: 1 }), grant('2', 'b', { cost: -1 }), grant('3', 'c', {})]), {
      top: 1,
    });
    expect(printedTable.income.rows.map(({ code }) => code)).toEqual(['1']);
    expect(printedTable.cost.rows.map(({ code }) => code)).toEqual(['2']);
  });
  it('keeps the exact sum of each side, whatever the top and the amounts; the note tells every öre of difference', () => {
    const amount = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ recognised: amount, cost: amount }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 12 }),
        (amounts, top) => {
          const answer = net(amounts.map((of, i) => grant(String(9000 + i), 'x', of)));
          const { income, cost, footing } = asPrinted(answer, { top });
          for (const [side, off] of [
            [income, footing.income],
            [cost, footing.cost],
          ] as const) {
            expect(side.rows.reduce((sum, { ore }) => sum + ore, 0n)).toBe(side.totalOre);
            expect(side.rows.length).toBeLessThanOrEqual(top + 1);
            expect(side.rows.findIndex(({ code }) => code === REST)).toBe(side.rows.length > top ? top : -1);
            expect(side.rows.reduce((sum, { ore }) => sum + printed(ore, 'tkr'), 0n) - printed(side.totalOre, 'tkr')).toBe(off);
          }
        },
      ),
    );
  });
});

describe('a table with lines of a selection', () => {
  it('says so while the selection is not tied, and is silent when all are', () => {
    const table = completeTable({ ...some, notTied: [{ import: 'i-1', book: 'urval', file: 'maj.csv' }, { import: 'i-2', book: 'urval', file: null }] }); // prettier-ignore
    expect(aboutLines(table)).toContain('Ej avstämt mot ekonomisystemets kontrollsummor: maj.csv, i-2');
    expect(aboutLines({ ...table, language: 'en' })).toContain('Not tied to the accounting system’s control totals: maj.csv, i-2');
    expect(aboutLines(completeTable(some)).join()).not.toContain('kontrollsummor');
  });
});

describe('a table as CSV', () => {
  it('has a BOM, semicolons, a decimal comma, and on each row what it is about', () => {
    const [header, first] = csv(completeTable(some)).split('\r\n');
    expect(header!.startsWith('\uFEFFKod;Benämning;Mottaget kr;')).toBe(true);
    expect(first).toBe(
      '9916;Nära vård;200000,00;123456,78;;123456,78;-123456,79;;-0,01;ej resultatneutral;RS;2023-01;2023-16;1234;kr;intäkter +, kostnader -;',
    );
  });
  it('says of each row which sign its amounts have', () => {
    const table = completeTable(some);
    const signs = (of: typeof table) => csv(of).split('\r\n').slice(1, -1).map((row) => row.split(';').at(-2)); // prettier-ignore
    expect(new Set(signs(table))).toEqual(new Set(['intäkter +, kostnader -']));
    expect(new Set(signs({ ...table, language: 'en' }))).toEqual(new Set(['income +, costs -']));
    expect(new Set(signs({ ...table, sign: 'posted' }))).toEqual(new Set(['debet +, kredit -']));
    expect(new Set(signs({ ...table, sign: 'posted', language: 'en' }))).toEqual(new Set(['debit +, credit -']));
  });
  it('never lets a text be run as a formula, nor break a row', () => {
    const evil = ['=cmd|x', '+1', '-1', '@SUM(A1)', ' \t=1', '\u22121', 'a;b"c\r\nd'];
    const text = csv(asPrintedTable(net(evil.map((name, i) => grant(`9${i}`, name, { recognised: 100 })))));
    for (const name of evil.slice(0, 6)) expect(text).toContain(`'${name}`);
    expect(text).toContain('"a;b""c\r\nd"');
  });
});

describe('a table in a terminal', () => {
  it('shows no control characters of a text', () =>
    expect(textTable(asPrintedTable(net([grant('1', 'a\u001b[2Jb\u202ec', { recognised: 1 })])))).not.toMatch(/[\u001b\u202e]/));
});

describe('a table as JSON', () => {
  it('has exact kronor beside what is printed', () =>
    expect(jsonTable(asPrintedTable(some))).toMatchObject({
      seq: 1234,
      scope: { unit: 'RS' },
      rows: [{}, { kind: 'row', cells: { code: '9916', amount: { kronor: '123456.78', printed: '123' } } }, {}, {}, {}, {}],
    }));
});

describe('an amount', () => {
  it('is never −0, and rounds half away from zero', () => {
    expect(amountText(printed(-49_999n, 'tkr'), 'tkr')).toBe('0');
    expect(amountText(printed(-50_000n, 'tkr'), 'tkr')).toBe('−1');
    expect(amountText(printed(-5_000_000n, 'mkr'), 'mkr')).toBe('−0,1');
    expect(amountText(printed(123_456_000_000n, 'mkr'), 'mkr')).toBe('1\u00a0234,6');
    expect(plainAmount(-5n, 'kr', ',')).toBe('-0,05');
    expect(plainAmount(printed(-123_400_000n, 'mkr'), 'mkr', '.')).toBe('-1.2');
  });
});

describe('a period', () => {
  it('is named as people name it', () => {
    expect(periodText({ ...some, through: '2023-05' }, 'sv')).toBe('januari–maj 2023');
    expect(periodText({ ...some, fromPeriod: '2023-05', through: '2023-05' }, 'sv')).toBe('maj 2023');
    expect(periodText({ ...some, through: '2023-13' }, 'en')).toBe('January–closing period 13 2023');
  });
});
