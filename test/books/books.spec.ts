/** What the generator of books promises: vouchers that balance, files that hold together, the same book from the same seed in any form. */
import { describe, expect, it } from '@jest/globals';
import { hash } from 'node:crypto';
import { readSie, type Complaint, type SieBalance, type SieVoucher } from '#sie';
import { Book, counted } from './book.js';
import type { Encoded } from './bytes.js';
import { changedBook } from './changes.js';
import { reportCsv, simpleCsv } from './csv-file.js';
import { sieFile, type SieFileOptions } from './sie-file.js';
import { netsOf, sumsOf, type Sums } from './sums.js';

const book = new Book({ seed: 5, vouchers: 3_000 });
const whole = [...book.vouchers()];
const expected = sumsOf(whole);

/** Everything in a file, by our own reader. */
function reading(options: SieFileOptions = {}, of: Pick<Book, 'region' | 'year' | 'openings' | 'vouchers'> = book) {
  const vouchers: SieVoucher[] = [];
  const balances: SieBalance[] = [];
  const complaints: Complaint[] = [];
  const chunks = [...sieFile(of, options)];
  const taker = {
    voucher: (each: SieVoucher) => vouchers.push(each),
    balance: (each: SieBalance) => balances.push(each),
    complaint: (each: Complaint) => complaints.push(each),
  };
  const summary = readSie(() => chunks, taker, { hash: (content) => hash('sha256', content, 'hex').slice(0, 16) });
  return { vouchers, balances, complaints, summary };
}
const objectOf = (objects: SieVoucher['lines'][number]['objects'], dim: string) => objects.find((each) => each.dim === dim)?.object ?? '';
/** Öre by grant, unit, account and period, from what was read and by the book's own rules of coding. */
function sumsRead(vouchers: readonly SieVoucher[]): Sums {
  const sums = new Map<string, number>();
  const projects = new Set(book.region.grants.filter(({ place }) => place === '6').map(({ grant }) => grant));
  for (const { series, date, lines } of vouchers)
    for (const { counted: counts, account, objects, amountOre } of lines) {
      if (!counts) continue;
      const project = objectOf(objects, '6');
      const grant = objectOf(objects, '20') || (projects.has(project) ? project : '');
      const period = series === 'BO' ? `${date.slice(0, 4)}-13` : date.slice(0, 7);
      const key = `${grant}|${objectOf(objects, '1') || '0900'}|${account}|${period}`;
      sums.set(key, (sums.get(key) ?? 0) + amountOre);
    }
  return sums;
}
const sorted = (sums: Sums) => [...sums].sort(([a], [b]) => (a < b ? -1 : 1));

describe('a generated book', () => {
  it('of two rows a voucher has two in each, the first line of what happened and its last against it', () => {
    const two = [...new Book({ seed: 5, vouchers: 3_000, twoRows: true }).vouchers()];
    expect(two.map(({ lines }) => lines.length)).toEqual(whole.map(() => 2));
    expect(two.every(({ lines: [first, last] }) => first!.ore === -last!.ore && first!.ore !== 0)).toBe(true);
    const firstOf = (vouchers: typeof whole) =>
      vouchers.map(({ series, number, date, lines }) => [series, number, date, lines.find(({ act }) => act !== 'struck')!.account]);
    expect(firstOf(two)).toEqual(firstOf(whole));
  });
  it('holds vouchers that balance, numbered without a gap in each series, in the order of their dates', () => {
    const numbers = new Map<string, number>();
    let before = '';
    for (const voucher of whole) {
      expect([voucher.series, voucher.number, counted(voucher).reduce((sum, { ore }) => sum + ore, 0)]).toEqual([
        voucher.series,
        (numbers.get(voucher.series) ?? 0) + 1,
        0,
      ]);
      numbers.set(voucher.series, voucher.number);
      expect(voucher.date >= before).toBe(true);
      before = voucher.date;
    }
    expect(whole).toHaveLength(3_000);
    expect([...numbers.keys()].sort()).toEqual(book.series.sort());
    for (const [series, number] of numbers) expect(book.nextNumber(series)).toBe(number + 1);
  });
  it('is what a region’s books are: costs without a grant, EU projects, closing periods, history, one line and a hundred, every letter', () => {
    const lines = whole.flatMap((voucher) => voucher.lines);
    const costs = lines.filter(({ account }) => account > '4');
    expect(costs.filter(({ grant }) => grant === '').length / costs.length).toBeGreaterThan(0.2);
    expect(new Set(lines.map(({ grant }) => grant)).size).toBe(1 + 20 + 4);
    for (const code of ['0042-17', '0831-EU', '9916']) expect(lines.some(({ grant }) => grant === code)).toBe(true);
    expect(lines.some(({ object, project }) => object !== '' && project !== '')).toBe(true);
    for (const act of ['struck', 'added']) expect(lines.some((line) => line.act === act)).toBe(true);
    expect(new Set(whole.map(({ period }) => period)).size).toBe(13);
    expect(Math.max(...whole.map((voucher) => voucher.lines.length))).toBeGreaterThan(50);
    const texts = whole.map(({ text }) => text).join();
    for (const letter of 'åäöéÖ–"') expect(texts).toContain(letter);
    expect(whole.filter(({ registered }) => registered === '').length).toBeGreaterThan(0);
  });
  it('is the same from the same seed, month by month as whole, and another from another', () => {
    const months = Array.from({ length: 13 }, (_, month) => [
      ...new Book({ seed: 5, vouchers: 3_000 }).vouchers({ from: month + 1, to: month + 1 }),
    ]);
    expect(months.flat()).toEqual(whole);
    expect([...new Book({ seed: 6, vouchers: 100 }).vouchers()]).not.toEqual(whole.slice(0, 100));
  });
  it('has reallocations that sum to zero per grant, and grants that sum to what all lines do', () => {
    for (const { lines } of whole.filter(({ text }) => text.startsWith('Omfördelning')))
      expect(lines.reduce((sum, { ore }) => sum + ore, 0)).toBe(0);
    const income = [...netsOf(expected).values()].reduce((sum, ore) => sum + ore, 0);
    expect(income).toBe(-whole.flatMap(counted).reduce((sum, { account, ore }) => (account > '3' ? sum + ore : sum), 0));
  });
});

describe('its SIE files', () => {
  const own = ['sie-encoding-tag', 'sie-added-line-differs'];
  it.each<SieFileOptions>([{}, { kind: '4I' }, { encoding: 'utf-8' }, { encoding: 'windows-1252' }, { checksum: true }])(
    '%j: our reader takes it without a word and comes to the expected figures',
    (options) => {
      const { vouchers, complaints, summary } = reading(options);
      expect(complaints.filter(({ name }) => !own.includes(name))).toEqual([]);
      expect(summary).toMatchObject({ vouchers: 3_000, kind: options.kind ?? '4E', checksum: options.checksum ? 'verified' : 'none' });
      expect(sorted(sumsRead(vouchers))).toEqual(sorted(expected));
    },
  );
  it('say in #PSALDO, #RES, #UB and #OUB what their own vouchers come to', () => {
    const { vouchers, balances } = reading();
    const rows = vouchers.flatMap(({ date, lines }) =>
      lines.filter((line) => line.counted).map((line) => ({ ...line, month: date.slice(0, 7) })),
    );
    const opened = new Map(
      balances.filter(({ label }) => label === 'IB' || label === 'OIB').map((each) => [keyOf(each), each.amountOre] as const),
    );
    const closing = balances.filter(({ label }) => label !== 'IB' && label !== 'OIB');
    expect(new Set(closing.map(({ label }) => label))).toEqual(new Set(['UB', 'OUB', 'RES', 'PSALDO']));
    for (const balance of closing.filter((_, i) => i % 7 === 0)) {
      const moved = rows
        .filter(
          ({ account, objects, month }) =>
            account === balance.account &&
            (balance.period === null || month === balance.period) &&
            balance.objects.every(({ dim, object }) => objectOf(objects, dim) === object),
        )
        .reduce((sum, { amountOre }) => sum + amountOre, 0);
      expect([balance, (balance.period === null ? (opened.get(keyOf(balance)) ?? 0) : 0) + moved]).toEqual([balance, balance.amountOre]);
    }
  });
  it('are the same in three encodings, where no text has a dash that CP437 lacks', () => {
    const plain = new Book({ seed: 5, vouchers: 500, plainTexts: true });
    const [first, ...others] = (['cp437', 'utf-8', 'windows-1252'] satisfies Encoded[]).map(
      (encoding) => reading({ encoding }, plain).vouchers,
    );
    for (const other of others) expect(other).toEqual(first);
  });
  it('of one month hold that month, and balances of that month', () => {
    const { vouchers, balances } = reading({ months: { from: 5, to: 5 } });
    expect(vouchers.map(({ number }) => number)).toEqual(
      whole.filter(({ period }) => period === '2023-05').map(({ number }) => String(number)),
    );
    expect(new Set(balances.map(({ period }) => period))).toEqual(new Set([null, '2023-05']));
  });
});

describe('its CSV files', () => {
  it('have a row for each line that counts', () => {
    const rows = Buffer.concat([...simpleCsv(book)])
      .toString()
      .trimEnd()
      .split('\n');
    expect(rows).toHaveLength(1 + whole.flatMap(counted).length);
    const report = Buffer.concat([...reportCsv(book, { encoding: 'utf-8', grouped: true })])
      .toString()
      .trimEnd()
      .split('\r\n');
    expect(report).toHaveLength(rows.length);
    expect(report[0]).toBe(
      '\ufeffSerie;Vernr;Bokf datum;Period;Konto;Ansvar;Objekt;Projekt;Belopp;Text;Radtext;Motpart namn;Underlag;Reg datum',
    );
    expect(report.find((row) => row.includes('\u2212'))).toMatch(/;\u2212\d{1,3}(?:\u00a0\d{3})*,\d\d;/);
  });
});

describe('a changed book', () => {
  const changes = changedBook(book, 9, {}, { from: 2, to: 6 });
  it('tells each change, and all else is as it was', () => {
    expect(changes.changes.map(({ kind }) => kind).sort()).toEqual([
      'amount',
      'amount',
      'coding',
      'coding',
      'deleted',
      'deleted',
      'moved',
      'moved',
      'renamed',
      'renamed',
      'text',
      'text',
    ]);
    const now = [...changes.vouchers()];
    expect(now).toHaveLength(2_998);
    const untouched = new Set(changes.changes.flatMap(({ was }) => [was.index]));
    expect(now.filter(({ index }) => !untouched.has(index))).toEqual(whole.filter(({ index }) => !untouched.has(index)));
    for (const { was, becomes } of changes.changes) {
      expect(was).toEqual(whole[was.index]);
      expect(now.filter(({ index }) => index === was.index)).toEqual(becomes ? [becomes] : []);
      expect(becomes).not.toEqual(was);
    }
  });
  it('still balances, and no number stands twice', () => {
    const now = [...changes.vouchers()];
    for (const voucher of now) expect(counted(voucher).reduce((sum, { ore }) => sum + ore, 0)).toBe(0);
    expect(new Set(now.map(({ series, number }) => `${series} ${number}`)).size).toBe(now.length);
  });
});

function keyOf({ account, objects }: SieBalance): string {
  return `${account} ${objects.map(({ dim, object }) => `${dim}:${object}`).join()}`;
}
