/** Import of the simple CSV against ledger and hledger, which read the same vouchers and print the balances; alternating. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { contest, type Timed } from './contest.js';
import { mb, s, times, type Report } from './measure.js';
import { makeLedger, writeCsv, writeJournal } from './region.js';

const [RUNS, VOUCHERS] = [5, 100_000];

/** @param folder for temporary files */
export async function csvImport(folder: string): Promise<Report> {
  const [file, journal] = [join(folder, 'vouchers.csv'), join(folder, 'vouchers.journal')];
  await writeCsv(file, VOUCHERS);
  await writeJournal(journal, VOUCHERS);
  const asked = { file, journal, vouchers: VOUCHERS, runs: RUNS, hledger: true, ready: makeLedger, more: { raw: () => bareRead(file) } };
  const { ours, ledger, hledger, stage, more, row } = await contest(folder, asked);
  const after = (name: Parameters<typeof stage>[0], before: Parameters<typeof stage>[0]) => ({
    ms: stage(name) - stage(before),
    bytes: NaN,
  });
  return {
    title: `Import of ${VOUCHERS.toLocaleString('sv-SE')} vouchers`,
    how: `Two rows each, ${mb(statSync(file).size)} of CSV, checked, posted durably and projected into the figures; ledger and hledger read the same vouchers (${mb(statSync(journal).size)}) and print the balances, each a process of its own. Medians of ${RUNS} alternating runs (hledger: one). Ours is timed from the first byte in an open ledger, as on a server; opening it took ${s(stage('opened'))}. Bare read is reading the file, decoding and splitting it into fields.`,
    table: [
      ['', 'time', 'to ledger', 'max RSS', 'vouchers'],
      row('Liggaren, to figures', ours),
      row('– received and hashed', { ms: stage('received'), bytes: NaN }),
      row('– read and checked', after('read', 'received')),
      row('– posted', after('posted', 'read')),
      row('– figures, after that', after('figures', 'posted')),
      row('– every line findable, after that', after('lines', 'figures')),
      row('ledger', ledger),
      row('hledger', hledger),
      row('bare read and split', more('raw')),
    ],
    verdicts: [
      Number.isNaN(ledger.ms)
        ? { what: 'time to ledger’s', measured: 'ledger is not installed', target: '< 1 ×', met: null }
        : { what: 'time to ledger’s', measured: times(ours.ms / ledger.ms), target: '< 1 ×', met: ours.ms < ledger.ms },
    ],
  };
}

function bareRead(file: string): Timed {
  const started = performance.now();
  let fields = 0;
  for (const line of readFileSync(file, 'utf8').split('\n')) fields += line.split(',').length;
  if (fields === 0) throw new Error('an empty file');
  return { ms: performance.now() - started, bytes: NaN };
}
