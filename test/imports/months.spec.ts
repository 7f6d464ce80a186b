/** What holds of any book, however its files come: months in any order and overlap, changed and sent again, the counts always add up. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerCommands, MemoryStore } from '#eventstore';
import { FileImports, type ImportResult } from '#imports';
import { readRecord, SetProfile, vouchersOf } from '#ledger';
import { Book } from '../books/book.js';
import { changedBook } from '../books/changes.js';
import { registerOf, sieProfile } from '../books/ledger-of.js';
import { sieFile, type SieFileOptions } from '../books/sie-file.js';

const caller = { login: 'anna', name: 'Anna Ek', role: 'accountant' };
const runs = { numRuns: Number(process.env['RUNS'] ?? 2) };

/** A ledger in memory with the book's register and the profile of its files. */
class MonthsDesk {
  readonly results: ImportResult[] = [];
  private constructor(
    private readonly folder: string,
    private readonly store: MemoryStore,
    private readonly imports: FileImports,
  ) {}

  static async open(book: Book): Promise<MonthsDesk> {
    const [folder, store] = [mkdtempSync(join(tmpdir(), 'liggaren-months-')), new MemoryStore()];
    const commands = await LedgerCommands.open(store, {
      clock: () => Date.parse('2024-02-01T08:00:00Z'),
      random: (bytes) => Uint8Array.from({ length: bytes }, () => Math.floor(Math.random() * 256)),
      program: 'spec',
      stateFolder: null,
    });
    for (const command of registerOf(book)) await commands.handle(command, { caller });
    await commands.handle(new SetProfile({ profile: 'erp', validFrom: '2020-01-01', settings: sieProfile() }), { caller });
    return new MonthsDesk(folder, store, new FileImports(folder, commands));
  }

  /** Imports a file of the book, with the consent that it asks for. */
  async run(book: Parameters<typeof sieFile>[0], options: SieFileOptions = {}): Promise<ImportResult> {
    const bytes = Buffer.concat([...sieFile(book, options)]);
    const request = { caller, profile: 'erp', name: 'fil.se' };
    const once = async function* () {
      yield bytes;
    };
    const { consent } = await this.imports.importFile(once(), { ...request, dryRun: true });
    const result = await this.imports.importFile(once(), { ...request, ...(consent !== null && { consent }) });
    this.results.push(result);
    return result;
  }

  /** Öre per account, unit, grant, decision, effect and period of what counts. */
  figures(): Record<string, string> {
    const events = this.store.log.map(({ head, annex }, seq) => readRecord(seq, head, annex).event);
    const closed = new Set(events.flatMap(({ type, data }) => (type === 'ImportClosed' ? [data.import] : [])));
    const sums = new Map<string, bigint>();
    for (const event of events)
      for (const { lines } of 'import' in event.data && !closed.has(event.data.import!) ? [] : vouchersOf(event))
        for (const { account, unit, grant = '', decision = '', effect, period, amountOre } of lines) {
          const key = [account, unit, grant, decision, effect, period].join(' ');
          sums.set(key, (sums.get(key) ?? 0n) + BigInt(amountOre));
        }
    return Object.fromEntries([...sums].filter(([, ore]) => ore !== 0n).map(([key, ore]) => [key, String(ore)] as const).sort(([a], [b]) => (a < b ? -1 : 1))); // prettier-ignore
  }

  close(): void {
    for (const { counts } of this.results)
      if (counts) {
        const { rows, withCode, withoutCode, noCodeNeeded, alreadyThere, ignored = 0, leftOut = 0 } = counts;
        expect(withCode + withoutCode + noCodeNeeded + alreadyThere + ignored + leftOut).toBe(rows);
      }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function figuresOf(book: Book, ...files: readonly (readonly [Parameters<typeof sieFile>[0], SieFileOptions])[]) {
  const desk = await MonthsDesk.open(book);
  try {
    for (const [one, options] of files) await desk.run(one, options);
    return desk.figures();
  } finally {
    desk.close();
  }
}

const books = fc
  .record({ seed: fc.nat(1_000_000), vouchers: fc.integer({ min: 30, max: 150 }) })
  .map((shape) => new Book({ ...shape, grants: 8, units: 6, plainTexts: true }));
const encodings = fc.constantFrom('cp437', 'utf-8', 'windows-1252') as fc.Arbitrary<NonNullable<SieFileOptions['encoding']>>;
const months = fc
  .tuple(fc.integer({ min: 1, max: 13 }), fc.integer({ min: 1, max: 13 }))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

describe('any book', () => {
  it(
    'comes to the same in any months, overlap, order and encoding, once all months have come',
    () =>
      fc.assert(
        fc.asyncProperty(books, fc.array(fc.tuple(months, encodings), { maxLength: 3 }), encodings, async (book, parts, encoding) => {
          const whole = await figuresOf(book, [book, { encoding }]);
          const files = parts.map(([span, each]) => [book, { months: span, encoding: each }] as const);
          expect(await figuresOf(book, ...files, [book, {}])).toEqual(whole);
          expect(
            await figuresOf(book, [book, { months: { from: 7, to: 13 } }], ...files, [book, { months: { from: 1, to: 8 }, encoding }]),
          ).toEqual(whole);
        }),
        runs,
      ),
    120_000,
  );

  it(
    'imported again is nothing, in the same file or in another encoding',
    () =>
      fc.assert(
        fc.asyncProperty(books, async (book) => {
          const desk = await MonthsDesk.open(book);
          await desk.run(book);
          const figures = desk.figures();
          expect(await desk.run(book)).toMatchObject({ outcome: 'already-imported' });
          expect(await desk.run(book, { encoding: 'utf-8' })).toMatchObject({ outcome: 'nothing-new', vouchers: 0, corrections: 0 });
          expect(desk.figures()).toEqual(figures);
          desk.close();
        }),
        runs,
      ),
    120_000,
  );

  it(
    'changed and sent again, with consent, comes to what the new file comes to alone',
    () =>
      fc.assert(
        fc.asyncProperty(books, fc.nat(1_000), encodings, async (book, seed, encoding) => {
          const kinds = { amount: 2, coding: 2, text: 1, moved: 1, renamed: 1, deleted: 0 };
          const changed = changedBook(book, seed, kinds);
          const alone = await figuresOf(book, [changed, {}]);
          expect(await figuresOf(book, [book, { encoding }], [changed, {}])).toEqual(alone);
          expect(await figuresOf(book, [book, {}], [changed, { months: { from: 1, to: 6 } }], [changed, { encoding }])).toEqual(alone);
        }),
        runs,
      ),
    120_000,
  );
});
