/** What must hold of a ledger's folder after any crash, and how the specs of crashes look at it. Only they import it. */
import { expect } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { allRecords } from '../../libs/eventstore/src/appending-testing.js';
import { openSqliteStore, type LedgerCommands } from '../../libs/eventstore/src/index.js';
import { anna, founded, opened } from '../../libs/imports/src/given.js';
import { FileImports, type Resumed } from '../../libs/imports/src/index.js';
import { Ledger, readRecord, vouchersOf, type ImportOpened, type Recorded } from '../../libs/ledger/src/index.js';
import { PROFILES } from './writing-child.js';

/** A new ledger of the region in the folder, with {@link PROFILES}. */
export async function founding(folder: string): Promise<void> {
  const commands = await founded(openSqliteStore(folder));
  for (const profile of PROFILES) await commands.handle(profile, { caller: anna });
  await commands.close();
}

export type Reopened = {
  readonly commands: LedgerCommands;
  readonly files: FileImports;
  readonly events: readonly Recorded[];
  readonly resumed: readonly Resumed[];
};

/**
 * Opens the folder as the next start would, recovers, and checks the whole ledger: gapless and readable, the state equal to a fresh
 * fold, no half voucher, no open import, each import whole or nothing, each original there byte for byte. The caller closes `commands`.
 */
export async function reopened(folder: string): Promise<Reopened> {
  const commands = await opened(openSqliteStore(folder), folder);
  const files = new FileImports(folder, commands);
  await files.clear();
  const resumed = await files.resume(anna);
  const events = (await allRecords(folder)).map(({ seq, head, annex }) => readRecord(seq, head, annex));
  const folded = new Ledger();
  for (const event of events) folded.evolve(event);
  const [state, fold] = [commands.ledger.save(), folded.save()];
  if (!isDeepStrictEqual(state, fold)) expect(state).toStrictEqual(fold);
  expect(folded.openImports.size).toBe(0);
  for (const place of ['incoming', 'readings'].map((name) => join(folder, name)))
    expect(existsSync(place) ? readdirSync(place) : []).toEqual([]);

  for (const { event } of events)
    if (event.type === 'CostPosted') expect(vouchersOf(event)[0]!.lines.reduce((sum, { amountOre }) => sum + amountOre, 0)).toBe(0);
  const numbers = events.flatMap(({ event }) => vouchersOf(event).flatMap(({ ref }) => (ref.book === 'own' ? [Number(ref.number)] : [])));
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  expectWholeImports(events, folded);
  const ids = closedImports(events);
  const closed = events.flatMap(({ event }) =>
    event.type === 'ImportOpened' && ids.has(event.data.import) ? [event.data.keptSha256 ?? event.data.sha256] : [],
  );
  const originals = existsSync(join(folder, 'originals')) ? readdirSync(join(folder, 'originals')) : [];
  for (const sha256 of originals)
    expect(
      createHash('sha256')
        .update(readFileSync(join(folder, 'originals', sha256)))
        .digest('hex'),
    ).toBe(sha256);
  expect(originals).toEqual(expect.arrayContaining(closed));
  return { commands, files, events, resumed };
}

const BOOKS = ['erp', 'urval', 'valda'];

const closedImports = (events: readonly Recorded[]) =>
  new Set(events.flatMap(({ event }) => (event.type === 'ImportClosed' ? [event.data.import] : [])));

/** The figures and numbers are those of the imports that were closed, all of them and no others. */
function expectWholeImports(events: readonly Recorded[], folded: Ledger): void {
  const closed = closedImports(events);
  let [taken, netOre] = [0, 0n];
  for (const [seq, { event }] of events.entries()) {
    if (event.type === 'ImportOpened' && event.data.kind === 'selection') expectTotals(events, seq);
    if (event.type === 'ImportOpened' && closed.has(event.data.import)) {
      const { vouchers, corrections = 0, counts } = event.data;
      const { rows, withCode, withoutCode, noCodeNeeded, alreadyThere, ignored = 0, leftOut = 0 } = counts;
      expect(withCode + withoutCode + noCodeNeeded + alreadyThere + ignored + leftOut).toBe(rows);
      const corrected = events.filter(({ event: { type, data } }) => type === 'VoucherCorrected' && data.import === event.data.import);
      expect(corrected).toHaveLength(corrections);
      const moved = corrected.flatMap(({ event }) => vouchersOf(event)).filter(({ ref }) => ref.version === 1); // to a number that was not there
      taken += vouchers + moved.length;
    }
    if ('import' in event.data && !closed.has(event.data.import!)) continue;
    for (const { lines } of vouchersOf(event))
      for (const { grant, amountOre, effect } of lines) if (grant === '9916' && effect === 'cost') netOre += BigInt(amountOre);
  }
  expect(BOOKS.reduce((sum, book) => sum + folded.numbers(book, 2023).count, 0)).toBe(taken);
  expect(folded.sums.of('net|9916|2023')).toBe(netOre);
}

/** A selection has its control totals from its opening on, and once. */
function expectTotals(events: readonly Recorded[], openedSeq: number): void {
  const { data } = events[openedSeq]!.event as ImportOpened;
  const recorded = events.flatMap(({ event }, seq) =>
    event.type === 'ControlTotalsRecorded' && event.data.import === data.import ? [seq] : [],
  );
  expect(recorded).toEqual([openedSeq + 1]);
}
