/**
 * A region's year as SIE 4I through a profile, in three sizes, against ledger (and hledger, in the middle one) on the same vouchers: how
 * long to figures, what lines take after that, the memory, and whether ten times the vouchers take ten times as long. Then a million
 * vouchers of two rows each, as the target is worded.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SetProfile } from '#ledger';
import { Book } from '../books/book.js';
import { write } from '../books/bytes.js';
import { journal } from '../books/csv-file.js';
import { registerOf, sieProfile } from '../books/ledger-of.js';
import { sieFile } from '../books/sie-file.js';
import { contest, type Contested } from './contest.js';
import { mb, s, times, type Report, type Verdict } from './measure.js';
import { makeLedger } from './region.js';

const SIZES = [
  { vouchers: 10_000, twoRows: false, runs: 3, hledger: false },
  { vouchers: 100_000, twoRows: false, runs: 3, hledger: true },
  { vouchers: 1_000_000, twoRows: false, runs: 1, hledger: false },
  { vouchers: 1_000_000, twoRows: true, runs: 3, hledger: false },
] as const;
/** Bytes that may be resident while a million is imported. */
const RESIDENT = 500e6;

/** @param folder for temporary files */
export async function sieImport(folder: string): Promise<Report> {
  const table = [['', 'time', 'to ledger', 'max RSS', 'vouchers']];
  const done: { readonly named: string; readonly vouchers: number; readonly bytes: number; readonly contested: Contested }[] = [];
  for (const size of SIZES) {
    const { vouchers, twoRows } = size;
    const book = new Book({ vouchers, twoRows });
    const [file, theirs] = [join(folder, 'book.si'), join(folder, 'book.journal')];
    const bytes = await write(file, sieFile(book, { kind: '4I' }));
    await write(theirs, journal(book));
    const commands = [...registerOf(book), new SetProfile({ profile: 'erp', validFrom: '2020-01-01', settings: sieProfile() })];
    const contested = await contest(folder, {
      ...size,
      file,
      journal: theirs,
      ready: (ledger) => makeLedger(ledger, commands),
      profile: 'erp',
    });
    const named = `${vouchers.toLocaleString('sv-SE')} vouchers${twoRows ? ' of two rows' : ''}`;
    done.push({ named, vouchers, bytes, contested });
    const { ours, ledger, hledger, stage, row } = contested;
    table.push(row(`Liggaren, ${named}, to figures`, ours));
    table.push(row('– read and checked', { ms: stage('read'), bytes: NaN }));
    table.push(row('– posted', { ms: stage('posted') - stage('read'), bytes: NaN }));
    table.push(row('– figures, after that', { ms: stage('figures') - stage('posted'), bytes: NaN }));
    table.push(row('– every line findable, after that', { ms: stage('lines') - stage('figures'), bytes: NaN }));
    table.push(row(`ledger, ${named}`, ledger));
    if (size.hledger) table.push(row(`hledger, ${named}`, hledger));
    for (const made of [file, theirs]) rmSync(made);
  }
  const sizes = done.map(({ named, bytes }) => `${named} (${mb(bytes)})`).join(', ');
  const verdicts = done.flatMap(({ named, vouchers, contested: { ours, ledger, stage } }, i): Verdict[] => {
    const against: Verdict = Number.isNaN(ledger.ms)
      ? { what: `${named}: time to ledger’s`, measured: 'ledger is not installed', target: '< 1 ×', met: null }
      : { what: `${named}: time to ledger’s`, measured: times(ours.ms / ledger.ms), target: '< 1 ×, goal 0.5 ×', met: ours.ms < ledger.ms };
    const [before, lines] = [done[i - 1], stage('lines')];
    if (SIZES[i]!.twoRows)
      return [
        against,
        { what: `${named}: every line findable`, measured: s(lines), target: `< ${s(2 * ours.ms)}`, met: lines < 2 * ours.ms },
        { what: `${named}: resident`, measured: mb(ours.bytes), target: `< ${mb(RESIDENT)}`, met: ours.bytes < RESIDENT },
      ];
    if (!before) return [against];
    const grown = ours.ms / before.contested.ours.ms / (vouchers / before.vouchers);
    const peer = ledger.ms / before.contested.ledger.ms / (vouchers / before.vouchers);
    const target = `< 1.25 × (ledger ${times(peer)})`;
    return [
      against,
      {
        what: `${named}: time a voucher, to that of ${before.named}`,
        measured: times(grown),
        target,
        met: grown < 1.25,
      },
    ];
  });
  return {
    title: 'Import of SIE',
    how: `A generated year of a region as SIE 4I in CP437, ${sizes}: 3.7 lines a voucher where two are not said, objects in dimensions 1, 6 and 20, read through a profile, checked, posted durably and projected into the figures; ledger and hledger read the same vouchers and print the balances, each a process of its own. Medians of ${SIZES.map(({ runs }) => runs).join(', ')} alternating runs (hledger: one). Ours is timed from the first byte in an open ledger; opening it took ${s(done[0]!.contested.stage('opened'))}.`,
    table,
    verdicts,
  };
}
