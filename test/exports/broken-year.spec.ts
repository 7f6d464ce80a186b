/**
 * The books of a broken fiscal year, in and out: SIE is of the ERP's fiscal year, so that what goes out comes back under the same
 * references (R35), while each line keeps its calendar period and each calendar year's table of lines has every line once.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostCost, referenceText, SetProfile, type ProfileSettings } from '#ledger';
import type { Books } from '#projections';
import { exportProfile, linesCsv, sieExport, type SieAsked } from '#reports';
import { readSie, type Complaint, type SieVoucher } from '#sie';
import { Book } from '../books/book.js';
import { BookLedger } from '../books/ledger-of.js';

const maker = { program: 'Liggaren', version: 'test', day: '2024-01-05' };
const book = new Book({ seed: 25, vouchers: 1 });
const unit = book.region.ansvar[0]!;
const profile: ProfileSettings = {
  ...exportProfile('erp'),
  period: { from: 'voucher-date', closingSeries: [{ series: 'B', month: 13 }] },
};
/** A file of the ERP: a cost for each day, and in each series numbers from 1. */
const fileOf = (from: string, to: string, ...vouchers: (readonly [series: string, number: number, day: string])[]) =>
  [
    '#FLAGGA 0',
    '#SIETYP 4',
    `#RAR 0 ${from} ${to}`,
    ...vouchers.flatMap(([series, number, day], at) => [
      `#VER ${series} ${number} ${day} "Verifikat ${number}"`,
      ...['{', `#TRANS 7550 {1 ${unit}} ${10 ** at}.00`, `#TRANS 2440 {1 ${unit}} -${10 ** at}.00`, '}'],
    ]),
  ].join('\r\n');
const cost = (eventDate: string) =>
  new PostCost({
    ...{ eventDate, text: 'För hand', counterparty: 'Konsult AB', document: 'F 1' },
    lines: [
      { account: '7550', amountOre: 5_500, unit, grant: book.region.grants[0]!.grant },
      { account: '2440', amountOre: -5_500, unit },
    ],
  });

let folder: string;
let ledger: BookLedger;
let books: Books;
const closing: (() => unknown)[] = [];
const opened = async (name: string) => {
  const one = await BookLedger.open(join(folder, name), book);
  closing.push(() => one.close());
  return one;
};
const booksOf = async (one: BookLedger) => {
  const answers = await one.answers();
  const these = answers.books();
  closing.push(
    () => answers.close(),
    () => these.close(),
  );
  return these;
};
const exported = (asked: Partial<SieAsked> = {}) => [...sieExport(books, { kind: '4E', year: 2022, ...asked }, maker)];
/** The file's own words of its year, and its vouchers' series and numbers. */
function read(file: readonly Uint8Array[]) {
  const [vouchers, complaints]: [SieVoucher[], Complaint[]] = [[], []];
  const { head } = readSie(
    () => file,
    { voucher: (voucher) => vouchers.push(voucher), complaint: (said) => complaints.push(said) },
    { hash: (of) => of },
  );
  expect(complaints.filter(({ name }) => name !== 'sie-year-broken')).toEqual([]);
  return { years: head.years.map(({ from, to }) => `${from} ${to}`), numbers: vouchers.map(({ series, number }) => `${series} ${number}`) };
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'liggaren-broken-'));
  ledger = await opened('first');
  await ledger.act(new SetProfile({ profile: 'erp', validFrom: '2020-01-01', settings: profile }));
  const files = [
    fileOf(
      '20220701',
      '20230630',
      ['A', 1, '20220701'],
      ['A', 2, '20221231'],
      ['A', 3, '20230101'],
      ['A', 4, '20230630'],
      ['B', 1, '20230630'],
    ),
    fileOf('20230701', '20240630', ['A', 1, '20230701'], ['A', 2, '20240115']),
  ];
  for (const [i, file] of files.entries())
    expect(await ledger.import([Buffer.from(file)], { profile: 'erp' })).toMatchObject({ outcome: 'imported', year: 2022 + i });
  for (const day of ['2022-08-15', '2023-02-15', '2023-08-15']) await ledger.act(cost(day));
  books = await booksOf(ledger);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the books of a broken fiscal year', () => {
  it('go out as the fiscal years of the ERP, and come back under the same references, codes, periods and sums', async () => {
    const [of2022, of2023] = [exported({ book: 'erp' }), exported({ book: 'erp', year: 2023 })];
    expect(read(of2022)).toEqual({
      years: ['2022-07-01 2023-06-30', '2021-07-01 2022-06-30'],
      numbers: ['A 1', 'A 2', 'A 3', 'A 4', 'B 1'],
    });
    expect(read(of2023)).toEqual({ years: ['2023-07-01 2024-06-30', '2022-07-01 2023-06-30'], numbers: ['A 1', 'A 2'] });

    const back = await opened('second');
    await back.act(new SetProfile({ profile: 'back', validFrom: '2020-01-01', settings: exportProfile('erp') }));
    for (const [i, file] of [of2022, of2023].entries()) {
      const result = await back.import(file, { profile: 'back' });
      expect(result).toMatchObject({ outcome: 'imported', year: 2022 + i });
      expect(result.findings.filter(({ finding }) => finding === 'finding-not-tied')).toEqual([]);
    }
    const booksBack = await booksOf(back);
    const content = (these: Books) =>
      [2022, 2023, 2024].flatMap((year) =>
        [...these.vouchers({ year, book: 'erp' })].map(({ ref, eventDate, lines }) => [
          referenceText(ref),
          eventDate,
          ...lines.map(({ account, amountOre, period }) => `${account} ${amountOre} ${period}`),
        ]),
      );
    expect(content(booksBack)).toEqual(content(books));
    expect(content(books).map(([ref]) => ref).sort()).toEqual(['erp-2022-A-1', 'erp-2022-A-2', 'erp-2022-A-3', 'erp-2022-A-4', 'erp-2022-B-1', 'erp-2023-A-1', 'erp-2023-A-2']); // prettier-ignore
  });

  it('have our own vouchers of those months beside them, each in one of the files, those of the second calendar year by their year', () => {
    expect(read(exported()).numbers).toEqual(['A 1', 'A 2', 'A 3', 'A 4', 'B 1', 'LIGG 1', 'LIGG 2023-1']);
    expect(read(exported({ year: 2023 })).numbers).toEqual(['A 1', 'A 2', 'LIGG 2']);
    expect(read(exported({ book: 'own', year: 2023 }))).toMatchObject({ years: ['2023-01-01 2023-12-31', '2022-01-01 2022-12-31'], numbers: ['LIGG 1', 'LIGG 2'] }); // prettier-ignore
  });

  it('go out in part as 4I, by periods of the fiscal year and no others', () => {
    expect(read(exported({ kind: '4I', book: 'erp', fromPeriod: '2023-01', through: '2023-05' })).numbers).toEqual(['A 3']);
    expect(read(exported({ kind: '4I', book: 'erp', fromPeriod: '2023-06' })).numbers).toEqual(['A 4', 'B 1']);
    expect(() => exported({ kind: '4I', book: 'erp', fromPeriod: '2022-06', through: '2022-08' })).toThrow(/2022-06 ligger inte i år 2022/);
  });

  it('go out with the calendar years where another book has those, and have the year before their numbers then', async () => {
    await ledger.act(new SetProfile({ profile: 'kal', validFrom: '2020-01-01', settings: { ...profile, book: 'kal' } }));
    const calendar = fileOf('20220101', '20221231', ['K', 1, '20220301'], ['K', 2, '20221201']);
    await ledger.import([Buffer.from(calendar)], { profile: 'kal' });
    books = await booksOf(ledger);
    expect(read(exported()).numbers).toEqual(['erpA 1', 'erpA 2', 'kalK 1', 'kalK 2', 'LIGG 1']);
    expect(read(exported({ year: 2023 })).numbers).toEqual(expect.arrayContaining(['A 2022-3', 'A 1']));
    expect(read(exported({ book: 'erp' })).numbers).toEqual(['A 1', 'A 2', 'A 3', 'A 4', 'B 1']);
  });

  it('are a table of every line once, by calendar year', () => {
    const rows = [2022, 2023, 2024].map((year) => [...linesCsv(books, { year })].join('').trimEnd().split('\r\n').length - 1);
    expect(rows).toEqual([6, 12, 2]);
  });
});
