/**
 * What goes out of the ledger: SIE of a year, of some periods, of our own vouchers and of balances alone, and the lines as CSV, read
 * back here and held against the sums of the book that was imported and of what was posted by hand beside it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileRefused } from '#imports';
import {
  ClosePeriod,
  CorrectVoucher,
  ownReference,
  parseReference,
  PostCost,
  ReallocateFunds,
  RecodeCost,
  Refusal,
  SetProfile,
} from '#ledger';
import type { Answers, Books } from '#projections';
import { linesCsv, sieExport, type SieAsked } from '#reports';
import { readSie, transliterate, type Complaint, type SieBalance, type SieSummary, type SieVoucher } from '#sie';
import { Book, counted } from '../books/book.js';
import { changedBook } from '../books/changes.js';
import { BookLedger, sieProfile } from '../books/ledger-of.js';
import { sieFile } from '../books/sie-file.js';
import { sumsOf } from '../books/sums.js';

const book = new Book({ seed: 11, vouchers: 600 });
const maker = { program: 'Liggaren', version: 'test', day: '2024-01-05' };
/** Öre by grant, unit, account and period: the imported book and what is posted by hand below. */
const expected = new Map(sumsOf(book.vouchers()));
const move = (grant: string, unit: string, account: string, period: string, ore: number) => {
  const key = `${grant}|${unit}|${account}|${period}`;
  expected.set(key, (expected.get(key) ?? 0) + ore);
};

let folder: string;
let ledger: BookLedger;
let answers: Answers;
let books: Books;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'liggaren-exports-'));
  ledger = await BookLedger.open(folder, book);
  await ledger.importCsv(book);
  const post = (eventDate: string, amountOre: number, rest: { period?: string; text?: string } = {}) =>
    ledger.act(
      new PostCost({
        eventDate,
        text: 'Konsult § 4 – våren, 5 €',
        counterparty: 'Konsult AB',
        document: 'F-1',
        lines: [
          { account: '7550', amountOre, unit: '0604', grant: '9916', decision: '9916-2023-1', counterpart: '812' },
          { account: '2440', amountOre: -amountOre, unit: '0900' },
        ],
        ...rest,
      }),
    );
  await post('2023-05-03', 125_050);
  await post('2023-05-31', 70_000, { period: '2023-06', text: 'Bokförd i juni' });
  await post('2023-12-31', 33_333, { period: '2023-13', text: 'Bokslut' });
  for (const [period, ore] of [
    ['2023-05', 125_050],
    ['2023-06', 70_000],
    ['2023-13', 33_333],
  ] as const) {
    move('9916', '0604', '7550', period, ore);
    move('', '0900', '2440', period, -ore);
  }
  await ledger.act(
    new RecodeCost({
      voucher: ownReference(2023, 1),
      line: 1,
      to: [{ grant: '9917', amountOre: 25_050 }],
      eventDate: '2023-06-10',
      text: 'Till 9917',
    }),
  );
  move('9916', '0604', '7550', '2023-06', -25_050);
  move('9917', '0604', '7550', '2023-06', 25_050);
  await ledger.act(
    new ReallocateFunds({
      grant: '9916',
      from: '0604',
      to: '0204',
      amountOre: 50_000,
      account: '3591',
      eventDate: '2023-07-01',
      text: 'Fördelning',
      mandate: { kind: 'board', diarienummer: 'RS/1/2023', paragraph: '4', date: '2023-06-20' },
      bookedAs: 'changed-unit',
    }),
  );
  move('9916', '0604', '3591', '2023-07', 50_000);
  move('9916', '0204', '3591', '2023-07', -50_000);
  await ledger.act(new CorrectVoucher({ voucher: ownReference(2023, 2), reason: 'Fel belopp', eventDate: '2023-08-01' }));
  move('9916', '0604', '7550', '2023-08', -70_000);
  move('', '0900', '2440', '2023-08', 70_000);
  answers = await ledger.answers();
  books = answers.books();
});
afterAll(async () => {
  books.close();
  answers.close();
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

type Reading = { summary: SieSummary; vouchers: SieVoucher[]; balances: SieBalance[]; complaints: Complaint[]; bytes: Buffer };
function exported(asked: Omit<SieAsked, 'year'> & { year?: number }, from = books): Reading {
  const chunks = [...sieExport(from, { year: 2023, ...asked }, maker)];
  const [vouchers, balances, complaints]: [SieVoucher[], SieBalance[], Complaint[]] = [[], [], []];
  const taker = {
    voucher: (each: SieVoucher) => vouchers.push(each),
    balance: (each: SieBalance) => balances.push(each),
    complaint: (each: Complaint) => complaints.push(each),
  };
  const summary = readSie(() => chunks, taker, { hash: (content) => hash('sha256', content, 'hex').slice(0, 16) });
  return { summary, vouchers, balances, complaints, bytes: Buffer.concat(chunks) };
}
const on = (line: { objects: SieVoucher['lines'][number]['objects'] }, dim: string) =>
  line.objects.find((each) => each.dim === dim)?.object ?? '';
const refusalOf = (asked: Parameters<typeof exported>[0], from = books) => {
  try {
    exported(asked, from);
    return 'none';
  } catch (error) {
    return (error as Refusal).refusal;
  }
};
function sumsIn(vouchers: readonly SieVoucher[], grant = '20'): [string, number][] {
  const sums = new Map<string, number>();
  for (const { date, lines } of vouchers)
    for (const line of lines) {
      const key = `${on(line, grant)}|${on(line, '1')}|${line.account}|${on(line, '23') || date.slice(0, 7)}`;
      sums.set(key, (sums.get(key) ?? 0) + line.amountOre);
    }
  return sorted(sums);
}
const sorted = (sums: ReadonlyMap<string, number>) => [...sums].sort(([a], [b]) => (a < b ? -1 : 1));

describe('a year as SIE 4E', () => {
  it('holds every voucher, and comes to the same öre per grant, unit, account and period', () => {
    const { complaints, summary, vouchers } = exported({ kind: '4E', checksum: true });
    expect(complaints).toEqual([]);
    expect(summary).toMatchObject({ kind: '4E', checksum: 'verified', vouchers: 600 + 6 });
    expect(sumsIn(vouchers)).toEqual(sorted(expected));
  });
  it('keeps series, numbers, dates and texts, ours under a series of their own', () => {
    const { vouchers } = exported({ kind: '4E' });
    const named = new Map(vouchers.map((voucher) => [`${voucher.series} ${voucher.number}`, voucher]));
    for (const { series, number, date, registered, text } of book.vouchers())
      expect(named.get(`${series} ${number}`)).toMatchObject({ date, registered, text: transliterate(text) });
    expect(vouchers.filter(({ series }) => series === 'LIGG').map(({ number }) => number)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(named.get('LIGG 1')!.text).toBe('Konsult par. 4 - våren, 5 EUR');
    for (const series of new Set(vouchers.map((voucher) => voucher.series))) {
      const numbers = vouchers.filter((voucher) => voucher.series === series).map(({ number }) => Number(number));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
  });
  it('codes unit, grant, decision and counterpart in their dimensions, and a period where the date says another', () => {
    const { vouchers, summary } = exported({ kind: '4E' });
    const ours = (number: string) => vouchers.find((voucher) => voucher.series === 'LIGG' && voucher.number === number)!.lines[0]!.objects;
    const coding = [
      { dim: '1', object: '0604' },
      { dim: '20', object: '9916' },
      { dim: '21', object: '9916-2023-1' },
      { dim: '22', object: '812' },
    ];
    expect(ours('1')).toEqual(coding);
    expect(ours('2')).toEqual([...coding, { dim: '23', object: '2023-06' }]);
    expect(ours('3')).toEqual([...coding, { dim: '23', object: '2023-13' }]);
    expect(summary.objects).toContainEqual({ dim: '20', object: '9916', name: 'Nära vård, ök kvalitet i hsn' });
    expect(summary.objects).toContainEqual({ dim: '1', object: '0604', name: 'Kommunikation 0604' });
  });
  it('carries the grant in the dimension that is chosen', () => {
    const { vouchers, complaints } = exported({ kind: '4E', dimensions: { grant: '6' } });
    expect(complaints).toEqual([]);
    expect(sumsIn(vouchers, '6')).toEqual(sorted(expected));
  });
  it('says in its balances what its vouchers come to, per account and per object', () => {
    const { vouchers, balances } = exported({ kind: '4E' });
    const rows = vouchers.flatMap(({ date, lines }) => lines.map((line) => ({ ...line, month: date.slice(0, 7) })));
    expect(new Set(balances.map(({ label }) => label))).toEqual(new Set(['UB', 'OUB', 'RES', 'PSALDO']));
    for (const balance of balances) {
      const come = rows.filter(
        ({ account, month, objects }) =>
          account === balance.account &&
          (balance.period === null || month === balance.period) &&
          balance.objects.every(({ dim, object }) => on({ objects }, dim) === object),
      );
      expect([balance, come.reduce((sum, { amountOre }) => sum + amountOre, 0)]).toEqual([balance, balance.amountOre]);
    }
    const totals = (label: string) => balances.filter((each) => each.label === label).reduce((sum, { amountOre }) => sum + amountOre, 0);
    expect(totals('UB') + totals('RES')).toBe(0);
  });
  it('of the year after begins with what this year ended with', () => {
    const closing = exported({ kind: '4E' }).balances.filter(
      ({ label, amountOre }) => (label === 'UB' || label === 'OUB') && amountOre !== 0,
    );
    const opening = exported({ kind: '4E', year: 2024 }).balances.filter(
      ({ label, amountOre }) => (label === 'IB' || label === 'OIB') && amountOre !== 0,
    );
    expect(opening.map(({ account, objects, amountOre }) => ({ account, objects, amountOre }))).toEqual(
      closing.map(({ account, objects, amountOre }) => ({ account, objects, amountOre })),
    );
    expect(opening.length).toBeGreaterThan(10);
  });
  it('of one book holds that book', () => {
    const { vouchers } = exported({ kind: '4E', book: 'erp' });
    expect(vouchers).toHaveLength(600);
    expect(sumsIn(vouchers)).toEqual(sorted(sumsOf(book.vouchers())));
    expect(exported({ kind: '4E', book: 'own' }).vouchers).toHaveLength(6);
  });
});

describe('SIE 4I', () => {
  it('of some periods holds their vouchers and no balances, the year cut without a voucher lost or doubled', () => {
    const quarters = [
      ['01', '03'],
      ['04', '06'],
      ['07', '09'],
      ['10', '16'],
    ].map(([from, to]) => exported({ kind: '4I', fromPeriod: `2023-${from}`, through: `2023-${to}` }));
    for (const { summary, complaints } of quarters) expect([summary.kind, complaints]).toEqual(['4I', []]);
    expect(sumsIn(quarters.flatMap(({ vouchers }) => vouchers))).toEqual(sorted(expected));
  });
  it('of our own vouchers has no numbers, and our reference in each text: the corrections, recodings and reallocations too', () => {
    const { vouchers, complaints, bytes } = exported({ kind: '4I', book: 'own' });
    expect(complaints).toEqual([]);
    expect(vouchers.map(({ text }) => text.split(':')[0])).toEqual([
      'own-2023-1',
      'own-2023-2',
      'own-2023-3',
      'own-2023-4',
      'own-2023-5',
      'own-2023-6',
    ]);
    for (const { text } of vouchers) expect(answers.voucher(parseReference(text.split(':')[0]!)).lines.length).toBeGreaterThan(1);
    expect(vouchers.every(({ numbered, series }) => !numbered && series === '')).toBe(true);
    expect(bytes.toString('latin1')).toContain('#VER "" "" 20230503 "own-2023-1: Konsult par. 4 - v\x86ren, 5 EUR"');
  });
});

describe('balances alone, type 3', () => {
  it('have no voucher, and the change of each period', () => {
    const { summary, balances, complaints } = exported({ kind: '3', fromPeriod: '2023-05', through: '2023-06' });
    expect(complaints).toEqual([]);
    expect(summary).toMatchObject({ kind: '3', vouchers: 0 });
    const may = balances.find(
      ({ period, account, objects }) =>
        period === '2023-05' &&
        account === '7550' &&
        objects.length === 2 &&
        objects[1]!.object === '9916' &&
        objects[0]!.object === '0604',
    );
    expect(may!.amountOre).toBe(expected.get('9916|0604|7550|2023-05'));
    expect(new Set(balances.map(({ label }) => label))).toEqual(new Set(['PSALDO']));
  });
});

describe('the lines as CSV', () => {
  const rowsOf = (asked: Partial<Parameters<typeof linesCsv>[1]> = {}) => {
    const text = [...linesCsv(books, { year: 2023, ...asked })].join('');
    expect(text.startsWith('\uFEFF')).toBe(true);
    const [header, ...rows] = text
      .slice(1)
      .trimEnd()
      .split('\r\n')
      .map((row) =>
        [...row.matchAll(/("(?:[^"]|"")*"|[^;]*)(?:;|$)/g)]
          .slice(0, 27)
          .map(([, cell]) => cell!.replace(/^"|"$/g, '').replaceAll('""', '"')),
      );
    return rows.map((row) => Object.fromEntries(row.map((cell, i) => [header![i]!, cell])));
  };
  it('are a row each, with the board, and come to the same öre', () => {
    const sums = new Map<string, number>();
    for (const row of rowsOf()) {
      const key = `${row['bidragskod']}|${row['enhet']}|${row['konto']}|${row['period']}`;
      sums.set(key, (sums.get(key) ?? 0) - Number(row['belopp i öre']));
      expect(Number(row['belopp']!.replace(',', ''))).toBe(Number(row['belopp i öre']));
      expect(row['nämnd']).toBe({ '06': 'RS', '02': 'HSN', '03': 'RUN', '04': 'KTN', '09': 'RS' }[row['enhet']!.slice(0, 2)]);
    }
    expect(sorted(sums)).toEqual(sorted(expected));
  });
  it('name their voucher, and can be of one scope and grant', () => {
    const rows = rowsOf({ scope: 'HSN', grant: '9916', fromPeriod: '2023-07', through: '2023-07' });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row['nämnd'] === 'HSN' && row['bidragskod'] === '9916' && row['period'] === '2023-07')).toBe(true);
    expect(rows.map((row) => row['verifikat'])).toContain('own-2023-5');
  });
});

describe('a selection', () => {
  it('goes out as balances that its rows sum to and as CSV, never as vouchers', async () => {
    const home = mkdtempSync(join(tmpdir(), 'liggaren-selection-'));
    const chosen = await BookLedger.open(home, book);
    const settings = { ...sieProfile('urval'), kind: 'selection', filter: { keep: [{ grantCode: true }] } } as const;
    await chosen.act(new SetProfile({ profile: 'urval', validFrom: '2020-01-01', settings }));
    await chosen.import(sieFile(book), { profile: 'urval' });
    const theirs = await chosen.answers();
    const selection = theirs.books();
    const coded = sorted(new Map([...sumsOf(book.vouchers())].filter(([key]) => !key.startsWith('|'))));

    for (const kind of ['4E', '4I'] as const) expect(refusalOf({ kind }, selection)).toBe('export-selection');
    const { balances, summary, complaints } = exported({ kind: '3' }, selection);
    expect([summary.kind, complaints]).toEqual(['3', []]);
    const months = new Map<string, number>();
    for (const [key, ore] of coded) {
      const [grant, unit, account, period] = key.split('|') as [string, string, string, string];
      const month = `${grant}|${unit}|${account}|${period === '2023-13' ? '2023-12' : period}`;
      months.set(month, (months.get(month) ?? 0) + ore);
    }
    const stated = balances.filter(({ label, objects }) => label === 'PSALDO' && objects.length === 2);
    expect(stated.map((each) => [`${on(each, '20')}|${on(each, '1')}|${each.account}|${each.period}`, each.amountOre]).sort()).toEqual(
      [...months].sort(),
    );
    const rows = [...linesCsv(selection, { year: 2023 })].join('').trimEnd().split('\r\n').slice(1);
    expect(rows).toHaveLength([...book.vouchers()].flatMap(counted).filter(({ grant }) => grant !== '').length);
    selection.close();
    theirs.close();
    await chosen.close();
    rmSync(home, { recursive: true, force: true });
  });
});

describe('what a changed file corrects of a closed year', () => {
  it('goes out with the year that it is booked in, under a number that names its own', async () => {
    const home = mkdtempSync(join(tmpdir(), 'liggaren-closed-'));
    const closed = await BookLedger.open(home, book);
    await closed.act(new SetProfile({ profile: 'erp', validFrom: '2020-01-01', settings: sieProfile() }));
    await closed.import(sieFile(book), { profile: 'erp' });
    for (let month = 1; month <= 16; month += 1) await closed.act(new ClosePeriod({ period: `2023-${String(month).padStart(2, '0')}` }));
    const later = changedBook(book, 7, { amount: 2, coding: 0, text: 0, moved: 0, renamed: 0, deleted: 0 });
    const asks = await closed.import(sieFile(later), { profile: 'erp' }).catch((refusal: FileRefused) => refusal);
    await closed.import(sieFile(later), { profile: 'erp', consent: (asks as FileRefused).consent! });
    const theirs = await closed.answers();
    const all = theirs.books();
    expect(sumsIn(exported({ kind: '4E' }, all).vouchers)).toEqual(sorted(sumsOf(book.vouchers())));
    const { vouchers, complaints } = exported({ kind: '4E', year: 2024 }, all);
    expect(complaints).toEqual([]);
    const names = later.changes.flatMap(({ was }) => [`${was.series} 2023-${was.number}:2`, `${was.series} 2023-${was.number}:3`]);
    expect(vouchers.map(({ series, number }) => `${series} ${number}`).sort()).toEqual(names.sort());
    all.close();
    theirs.close();
    await closed.close();
    rmSync(home, { recursive: true, force: true });
  });
});

describe('a voucher dated before the year of its period', () => {
  it('has a date in the year, as SIE wants it, and its own date on its lines', async () => {
    const home = mkdtempSync(join(tmpdir(), 'liggaren-dated-'));
    const dated = await BookLedger.open(home, book);
    const lines = [
      { account: '7550', amountOre: 100, unit: '0604', grant: '9916' },
      { account: '2440', amountOre: -100, unit: '0900' },
    ];
    await dated.act(new PostCost({ eventDate: '2023-12-30', period: '2024-02', text: 'Sen', counterparty: 'A', document: 'B', lines }));
    const theirs = await dated.answers();
    const all = theirs.books();
    const { vouchers, balances, complaints } = exported({ kind: '4E', year: 2024 }, all);
    expect(complaints).toEqual([]);
    expect(vouchers).toMatchObject([{ date: '2024-01-01', lines: [{ date: '2023-12-30' }, { date: '2023-12-30' }] }]);
    expect(on(vouchers[0]!.lines[0]!, '23')).toBe('2024-02');
    expect(balances.filter(({ label, objects }) => label === 'PSALDO' && objects.length === 0)).toMatchObject([
      { period: '2024-01', account: '2440', amountOre: -100 },
      { period: '2024-01', account: '7550', amountOre: 100 },
    ]);
    all.close();
    theirs.close();
    await dated.close();
    rmSync(home, { recursive: true, force: true });
  });
});

describe('an export is refused', () => {
  it('where a dimension is not free or carries two things, or a series would hold two books', () => {
    expect(refusalOf({ kind: '4E', dimensions: { grant: '7' } })).toBe('export-dimension-taken');
    expect(refusalOf({ kind: '4E', dimensions: { grant: '21' } })).toBe('export-dimension-taken');
    expect(refusalOf({ kind: '4E', ownSeries: 'LEV' })).toBe('export-series-taken');
  });
});
