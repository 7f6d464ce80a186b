/**
 * One book in many forms comes to one ledger: 4E, 4I and the ERP's list, three encodings, a month a file or the year in one; and a book
 * that the ERP changed afterwards is met with exactly those changes. Held against the generator's own sums, over random books.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetProfile } from '#ledger';
import { FileRefused } from '#imports';
import { Book, counted } from '../books/book.js';
import { changedBook, type ChangedBook } from '../books/changes.js';
import { reportCsv } from '../books/csv-file.js';
import { BookLedger, reportProfile, sieProfile } from '../books/ledger-of.js';
import { sieFile } from '../books/sie-file.js';
import { sumsOf, type Sums } from '../books/sums.js';

let folder: string;
let ledger: BookLedger;
const plain = new Book({ seed: 31, vouchers: 300, plainTexts: true });
const rows = [...plain.vouchers()].flatMap(counted).length;
const profile = 'erp';
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'liggaren-forms-'));
  ledger = await BookLedger.open(folder, plain);
  await ledger.act(new SetProfile({ profile, validFrom: '2020-01-01', settings: sieProfile() }));
});
afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Öre by grant, unit, account and period, without those that are zero. */
const inOrder = (sums: Sums) => [...sums].filter(([, ore]) => ore !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
async function ours(): Promise<[string, number][]> {
  const answers = await ledger.answers();
  const books = answers.books();
  const sums = new Map<string, number>();
  for (const { grant, unit, account, period, ore } of books.sums(() => true)) {
    const key = `${grant}|${unit}|${account}|${period}`;
    sums.set(key, (sums.get(key) ?? 0) + Number(ore));
  }
  books.close();
  answers.close();
  return inOrder(sums);
}

describe('a book in other forms', () => {
  it('holds nothing new: 4I after 4E, any encoding, with or without a control sum, a month a file', async () => {
    const first = await ledger.import(sieFile(plain), { profile });
    expect([first.outcome, first.vouchers]).toEqual(['imported', 300]);
    for (const options of [
      { kind: '4I' },
      { encoding: 'utf-8' },
      { encoding: 'windows-1252' },
      { checksum: true },
      { months: { from: 4, to: 4 } },
    ] as const) {
      const again = await ledger.import(sieFile(plain, options), { profile });
      expect([options, again.outcome, again.vouchers, again.counts!.alreadyThere - again.counts!.rows + again.counts!.ignored!]).toEqual([
        options,
        'nothing-new',
        0,
        0,
      ]);
    }
    expect(await ours()).toEqual(inOrder(sumsOf(plain.vouchers())));
  });

  it('accounts for every row of the file: with code, without, needing none, struck', async () => {
    const { counts } = await ledger.import(sieFile(plain), { profile });
    const { rows: all, withCode, withoutCode, noCodeNeeded, ignored = 0 } = counts!;
    const lines = [...plain.vouchers()].flatMap((voucher) => voucher.lines);
    expect(withCode).toBe(lines.filter(({ act, grant }) => act !== 'struck' && grant !== '').length);
    expect(withoutCode).toBe(lines.filter(({ act, grant, account }) => act !== 'struck' && grant === '' && account > '3').length);
    expect(withCode + withoutCode + noCodeNeeded).toBe(rows);
    // a struck line, and the double of an added one
    expect(ignored).toBe(lines.filter(({ act }) => act !== 'posted').length);
    expect(all).toBe(rows + ignored);
  });

  it('ties with its own balances; one that says something else is found, with the rows that it is about', async () => {
    const file = Buffer.concat([...sieFile(plain)]).toString('latin1');
    const balance =
      /#PSALDO 0 202305 7550 \{20 "9916"\} (-?\d+\.\d\d)/.exec(file) ?? /#PSALDO 0 202305 7550 \{\} (-?\d+\.\d\d)/.exec(file)!;
    const other = balance[0].replace(balance[1]!, '1.00');
    const { findings } = await ledger.import([Buffer.from(file.replace(balance[0], other), 'latin1')], { profile });
    const tied = findings.filter(({ finding }) => finding.startsWith('finding-not-tied') || finding === 'finding-balances-not-compared');
    expect(tied).toMatchObject([
      {
        finding: 'finding-not-tied',
        facts: { account: '7550', period: '2023-05', statedOre: '100', rowsOre: String(Math.round(Number(balance[1]) * 100)) },
      },
    ]);
    expect(findings.some(({ finding }) => finding === 'finding-grant-unknown')).toBe(false);
  });

  it('is the same book in the ERP’s list', async () => {
    await ledger.act(new SetProfile({ profile: 'lista', validFrom: '2020-01-01', settings: reportProfile({ book: 'lista' }) }));
    await ledger.import(reportCsv(plain, { encoding: 'utf-8', grouped: true }), { profile: 'lista' });
    expect(await ours()).toEqual(inOrder(sumsOf(plain.vouchers())));
  });
});

describe('a book that the ERP changed', () => {
  /** What the ledger must come to: what is gone from the file stays until somebody corrects it. */
  const expected = (changed: ChangedBook) => {
    const sums = new Map(sumsOf(changed.vouchers()));
    for (const [key, ore] of sumsOf(changed.changes.flatMap(({ kind, was }) => (kind === 'deleted' ? [was] : []))))
      sums.set(key, (sums.get(key) ?? 0) + ore);
    return inOrder(sums);
  };

  it.each([41, 42, 43])('asks about exactly what was changed, and with consent is as the file says (%i)', async (seed) => {
    await ledger.import(sieFile(plain), { profile });
    const changed = changedBook(plain, seed);
    const file = [...sieFile(changed, { encoding: 'utf-8' })];
    const refused = await ledger.import(file, { profile }).then(
      () => null,
      (refusal: FileRefused) => refusal,
    );
    const named = ({ series, number }: { readonly series: string; readonly number: number }) => `erp-2023-${series}-${number}`;
    const asked = changed.changes.filter(({ kind }) => kind !== 'deleted');
    expect(refused!.findings.map(({ facts }) => facts['voucher']).sort()).toEqual(
      asked.map(({ kind, was, becomes }) => named(kind === 'moved' || kind === 'renamed' ? becomes! : was)).sort(),
    );
    expect(await ours()).toEqual(inOrder(sumsOf(plain.vouchers())));

    const { outcome, findings, corrections } = await ledger.import(file, { profile, consent: refused!.consent! });
    expect([outcome, corrections]).toEqual(['imported', asked.length]);
    const gone = findings.filter(({ finding }) => finding === 'finding-voucher-gone').map(({ facts }) => facts['voucher']);
    expect(gone.sort()).toEqual(changed.changes.flatMap(({ kind, was }) => (kind === 'deleted' ? [named(was)] : [])).sort());
    expect(await ours()).toEqual(expected(changed));
    const again = await ledger.import(sieFile(changed, { kind: '4I' }), { profile });
    expect([again.vouchers, again.corrections, await ours()]).toEqual([0, 0, expected(changed)]);
  });
});
