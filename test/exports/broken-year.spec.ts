/**
 * A file of a broken fiscal year, in and out: its vouchers belong to one year of the ERP's book and to two of the region's, and no export
 * of a calendar year loses one or has it twice.
 */
import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetProfile } from '#ledger';
import { exportProfile, linesCsv, sieExport } from '#reports';
import { readSie, type Complaint, type SieVoucher } from '#sie';
import { Book } from '../books/book.js';
import { BookLedger } from '../books/ledger-of.js';

const maker = { program: 'Liggaren', version: 'test', day: '2024-01-05' };

describe('the books of a broken fiscal year', () => {
  it('go out with the calendar years of their periods, every voucher once, and tie with their balances', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'liggaren-broken-'));
    const book = new Book({ seed: 25, vouchers: 1 });
    const unit = book.region.ansvar[0]!;
    const days = ['20220701', '20221231', '20230101', '20230630'];
    const text = [
      '#FLAGGA 0',
      '#SIETYP 4',
      '#RAR 0 20220701 20230630',
      ...days.flatMap((day, at) => [
        `#VER A ${at + 1} ${day} "Verifikat ${at + 1}"`,
        ...['{', `#TRANS 7550 {1 ${unit}} ${10 ** at}.00`, `#TRANS 2440 {1 ${unit}} -${10 ** at}.00`, '}'],
      ]),
    ].join('\r\n');
    const ledger = await BookLedger.open(join(folder, 'first'), book);
    await ledger.act(new SetProfile({ profile: 'erp', validFrom: '2020-01-01', settings: exportProfile('erp') }));
    expect(await ledger.import([Buffer.from(text)], { profile: 'erp' })).toMatchObject({ outcome: 'imported', year: 2022 });
    const answers = await ledger.answers();
    const books = answers.books();

    const back = await BookLedger.open(join(folder, 'second'), book);
    await back.act(new SetProfile({ profile: 'back', validFrom: '2020-01-01', settings: exportProfile('erp') }));
    const numbers: string[][] = [];
    for (const year of [2022, 2023]) {
      const file = [...sieExport(books, { kind: '4E', year }, maker)];
      const vouchers: SieVoucher[] = [];
      const complaints: Complaint[] = [];
      readSie(
        () => file,
        { voucher: (voucher) => vouchers.push(voucher), complaint: (said) => complaints.push(said) },
        { hash: (of) => of },
      );
      expect(complaints).toEqual([]);
      numbers.push(vouchers.map(({ number }) => number));
      const result = await back.import(file, { profile: 'back' });
      expect(result).toMatchObject({ outcome: 'imported', year, vouchers: 2 });
      expect(result.findings.filter(({ finding }) => finding === 'finding-not-tied')).toEqual([]);
      const rows = [...linesCsv(books, { year })].join('').trimEnd().split('\r\n').slice(1);
      expect(rows).toHaveLength(4);
    }
    expect(numbers).toEqual([['1', '2'], ['2022-3', '2022-4']]); // prettier-ignore
    books.close();
    answers.close();
    await ledger.close();
    await back.close();
    rmSync(folder, { recursive: true, force: true });
  });
});
