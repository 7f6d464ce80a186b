/**
 * Out and in again: any ledger, exported as SIE and read into a new ledger through the profile that fits, comes to the same figures per
 * grant, unit, account and period, the same codes and references, and texts that are the same after the listed transliteration (R35).
 */
import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CorrectVoucher,
  parseReference,
  PostCost,
  ReallocateFunds,
  RecodeCost,
  RecogniseIncome,
  referenceText,
  Refusal,
  SetProfile,
  type Command,
} from '#ledger';
import type { BookedVoucher } from '#projections';
import { exportProfile, OWN_SERIES, sieExport, type ExportDimensions } from '#reports';
import { readSie, transliterate } from '#sie';
import { Book } from '../books/book.js';
import { changedBook } from '../books/changes.js';
import { BookLedger, sieProfile } from '../books/ledger-of.js';
import { sieFile } from '../books/sie-file.js';
import { chanceFrom, type Chance } from '../fuzz/mutation.js';

/** Acts by hand beside the imported book: posts in any period, recodings, corrections and reallocations, of ours and of the ERP's vouchers. */
async function actsByHand(ledger: BookLedger, book: Book, chance: Chance): Promise<number> {
  const of = <T>(from: readonly T[]): T => from[chance(from.length)]!;
  const grants = book.region.grants.map(({ grant }) => grant);
  const references = [...book.vouchers()]
    .filter(({ series }) => series === 'LEV')
    .map(({ series, number }) => parseReference(`erp-2023-${series}-${number}`));
  const day = () => `2023-${String(1 + chance(12)).padStart(2, '0')}-${String(1 + chance(28)).padStart(2, '0')}`;
  const period = () => `2023-${String(1 + chance(16)).padStart(2, '0')}`;
  let done = 0;
  for (let left = 60; left > 0; left -= 1) {
    const grant = of(grants);
    const amountOre = 1 + chance(1_000_000);
    const about = {
      eventDate: day(),
      text: `Handpåläggning ${left} – § "${grant}"`,
      counterparty: 'Motpart é',
      document: 'D-1',
      ...(chance(2) && { period: period() }),
    };
    const unit = of(book.region.ansvar);
    const command: Command = [
      () =>
        new PostCost({
          ...about,
          lines: [
            { account: '7550', amountOre, unit, grant, decision: `${grant}-2023-1`, ...(chance(2) && { counterpart: '812' }) },
            { account: '2440', amountOre: -amountOre, unit },
          ],
        }),
      () =>
        new RecogniseIncome({
          ...about,
          lines: [
            { account: '2971', amountOre, unit, decision: `${grant}-2023-1` },
            { account: '3511', amountOre: -amountOre, unit, decision: `${grant}-2023-1` },
          ],
        }),
      () => new RecodeCost({ voucher: of(references), line: 1, to: [{ grant, amountOre }], eventDate: about.eventDate, text: about.text }),
      () => new CorrectVoucher({ voucher: of(references), reason: 'Dubbelt bokförd', eventDate: about.eventDate }),
      () =>
        new ReallocateFunds({
          grant,
          from: unit,
          to: of(book.region.ansvar),
          amountOre,
          account: '3591',
          eventDate: about.eventDate,
          text: about.text,
          mandate: { kind: 'board', diarienummer: 'RS/1/2023', paragraph: '4', date: '2023-01-20' },
          bookedAs: 'changed-unit',
        }),
    ][chance(5)]!();
    try {
      await ledger.act(command);
      done += 1;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error; // too much recoded, the same unit twice: a no is a no
    }
  }
  return done;
}

/** Everything that must come back: by reference (ours in the series that they were given), figures and codes line by line. */
function content(vouchers: Iterable<BookedVoucher>) {
  return [...vouchers]
    .map(({ ref, eventDate, text, lines }) => ({
      ref: `${ref.book === 'own' ? OWN_SERIES : ref.series} ${ref.number}${ref.version === 1 ? '' : `:${ref.version}`}`,
      eventDate,
      text: transliterate(text),
      lines: lines.map(({ account, amountOre, grant, decision, unit, period, counterpart, text: said }) => ({
        account,
        amountOre,
        grant,
        decision,
        unit,
        period,
        counterpart,
        text: transliterate(said),
      })),
    }))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));
}

/** Series as files have them: signs, letters beyond A to Z, a space, none at all, and one that CP437 has no sign for. */
const SERIES = ['#', '-', 'Ä', 'A 1', 'É', '%', '"', '{', '', 'LEV', '€'];

describe('a series of any signs', () => {
  it('goes out as the file had it and comes back under the same references; where CP437 lacks the sign, as references write it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'liggaren-series-'));
    const book = new Book({ seed: 24, vouchers: 1 });
    const unit = book.region.ansvar[0]!;
    const named = (series: string) => `"${series.replace('"', '\\"')}"`;
    const text = [
      '#FLAGGA 0',
      '#SIETYP 4',
      '#RAR 0 20230101 20231231',
      ...SERIES.flatMap((series) => [
        `#VER ${named(series)} 1 20230314 "Råd"`,
        ...['{', `#TRANS 7550 {1 ${unit}} 10.00`, `#TRANS 2440 {1 ${unit}} -10.00`, '}'],
      ]),
    ].join('\r\n');
    const bytes = [Buffer.from(text)];
    const first = await BookLedger.open(join(folder, 'first'), book);
    await first.act(new SetProfile({ profile: 'erp', validFrom: '2020-01-01', settings: exportProfile('erp') }));
    await first.import(bytes, { profile: 'erp' });
    const [answers, maker] = [await first.answers(), { program: 'Liggaren', version: 'test', day: '2024-01-05' }];
    const books = answers.books();
    const file = [...sieExport(books, { kind: '4E', year: 2023 }, maker)];
    const series: string[] = [];
    readSie(() => file, { voucher: (voucher) => series.push(voucher.series), complaint: () => {} }, { hash: (content) => content });
    expect(series.sort()).toEqual(SERIES.map((each) => (each === '€' ? '%E2%82%AC' : each)).sort());

    const second = await BookLedger.open(join(folder, 'second'), book);
    await second.act(new SetProfile({ profile: 'back', validFrom: '2020-01-01', settings: exportProfile('erp') }));
    await second.import(file, { profile: 'back' });
    const back = await second.answers();
    const booksBack = back.books();
    const references = (of: typeof books) => [...of.vouchers({ year: 2023 })].map(({ ref }) => referenceText(ref)).sort();
    expect(references(booksBack)).toEqual(references(books));
    expect(references(books)).toHaveLength(SERIES.length);
    expect(await second.import(bytes, { profile: 'back' })).toMatchObject({ outcome: 'nothing-new' });
    for (const each of [books, booksBack, answers, back]) each.close();
    await first.close();
    await second.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

const BOARDS = new Set(['RS', 'HSN', 'RUN', 'KTN']);

describe('a ledger, out as SIE and in again', () => {
  it.each<{ seed: number; changed?: true; kind: '4E' | '4I'; dimensions: Partial<ExportDimensions>; checksum: boolean }>([
    { seed: 21, kind: '4E', dimensions: {}, checksum: true },
    { seed: 22, kind: '4I', dimensions: { grant: '6' }, checksum: false },
    { seed: 23, changed: true, kind: '4E', dimensions: { grant: '31', period: '20' }, checksum: false },
  ])('is the same ledger (%j)', async ({ seed, changed, kind, dimensions, checksum }) => {
    const folder = mkdtempSync(join(tmpdir(), 'liggaren-round-'));
    const book = new Book({ seed, vouchers: 300 });
    const first = await BookLedger.open(join(folder, 'first'), book);
    await first.act(new SetProfile({ profile: 'erp', validFrom: '2020-01-01', settings: sieProfile() }));
    await first.import(sieFile(book), { profile: 'erp' });
    if (changed) {
      const file = [...sieFile(changedBook(book, seed))];
      const asks = await first.import(file, { profile: 'erp' }).catch((refusal: Refusal) => refusal);
      expect(asks).toMatchObject({ refusal: 'file-asks-consent' });
      await first.import(file, { profile: 'erp', consent: String((asks as Refusal).facts['consent']) });
    }
    expect(await actsByHand(first, book, chanceFrom(seed))).toBeGreaterThan(30);
    const answers = await first.answers();
    const books = answers.books();
    const file = [
      ...sieExport(books, { kind, year: 2023, dimensions, checksum }, { program: 'Liggaren', version: 'test', day: '2024-01-05' }),
    ];

    if (changed)
      expect(new Set([...books.vouchers({ year: 2023, book: 'erp' })].map(({ ref }) => ref.version))).toEqual(new Set([1, 2, 3]));
    const second = await BookLedger.open(join(folder, 'second'), book);
    await second.act(new SetProfile({ profile: 'back', validFrom: '2020-01-01', settings: exportProfile('erp', dimensions) }));
    const result = await second.import(file, { profile: 'back' });
    expect([result.outcome, result.findings.filter(({ finding }) => finding !== 'finding-voucher-repeated')]).toEqual(['imported', []]);
    const back = await second.answers();
    const booksBack = back.books();

    expect(content(booksBack.vouchers({ year: 2023 }))).toEqual(content(books.vouchers({ year: 2023 })));
    for (const { unit } of book.region.units)
      for (const { grant, netOre, incomeOre, costOre } of answers.net({ year: 2023, scope: unit }).grants) {
        const again = back.net({ year: 2023, scope: unit }).grants.find((each) => each.grant === grant);
        expect([unit, grant, again?.netOre, again?.incomeOre, again?.costOre]).toEqual([unit, grant, netOre, incomeOre, costOre]);
        if (!BOARDS.has(unit)) continue;
        expect(back.periods({ year: 2023, scope: unit, grant }).periods.map((each) => [each.period, each.netOre])).toEqual(
          answers.periods({ year: 2023, scope: unit, grant }).periods.map((each) => [each.period, each.netOre]),
        );
      }
    expect((await second.import(file, { profile: 'back' })).outcome).toBe('already-imported');
    for (const each of [books, booksBack, answers, back]) each.close();
    await first.close();
    await second.close();
    rmSync(folder, { recursive: true, force: true });
  });
});
