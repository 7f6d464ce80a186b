/** Import of the simple CSV against ledger and hledger, which read the same vouchers and print the balances; alternating. */
import { readFileSync, statSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportOptions, ImportTimes } from './import-child.js';
import { alternate, Child, mb, median, program, s, times, type Report } from './measure.js';
import { makeLedger, writeCsv, writeJournal } from './region.js';

const [RUNS, VOUCHERS] = [5, 100_000];
type Timed = { readonly ms: number; readonly bytes: number };

/** @param folder for temporary files */
export async function csvImport(folder: string): Promise<Report> {
  const [csv, journal, balances] = ['vouchers.csv', 'vouchers.journal', 'balances.txt'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeCsv(csv, VOUCHERS);
  await writeJournal(journal, VOUCHERS);
  const stages: ImportTimes[] = [];
  const runs = await alternate<Timed | null>(RUNS, {
    ours: async () => {
      const ledger = mkdtempSync(join(folder, 'import-'));
      await makeLedger(ledger);
      const one = await new Child('import-child.js', { folder: ledger, file: csv } satisfies ImportOptions).next<ImportTimes>();
      stages.push(one);
      return { ms: one.figures, bytes: one.bytes };
    },
    ledger: () => program('ledger', ['-f', journal, 'balance'], balances),
    raw: () => bareRead(csv),
  });
  runs['hledger'] = [await program('hledger', ['-f', journal, 'balance'], balances)];
  const of = (name: string) => {
    const found = runs[name]!.filter((run) => run !== null);
    return { ms: median(found.map((run) => run.ms)), bytes: median(found.map((run) => run.bytes)) };
  };
  const [ours, ledger] = [of('ours'), of('ledger')];
  const stage = (name: keyof ImportTimes) => median(stages.map((one) => one[name]));
  const row = (what: string, { ms, bytes }: Timed) =>
    Number.isNaN(ms)
      ? [what, 'not installed, skipped', '', '', '']
      : [
          what,
          s(ms),
          Number.isNaN(ledger.ms) ? '–' : times(ms / ledger.ms),
          Number.isNaN(bytes) ? '–' : mb(bytes),
          `${Math.round(VOUCHERS / (ms / 1000))}/s`,
        ];
  return {
    title: `Import of ${VOUCHERS.toLocaleString('sv-SE')} vouchers`,
    how: `Two rows each, ${mb(statSync(csv).size)} of CSV, checked, posted durably and projected into the figures; ledger and hledger read the same vouchers (${mb(statSync(journal).size)}) and print the balances, each a process of its own. Medians of ${RUNS} alternating runs (hledger: one). Ours is timed from the first byte in an open ledger, as on a server; opening it took ${s(stage('opened'))}. Bare read is reading the file, decoding and splitting it into fields.`,
    table: [
      ['', 'time', 'to ledger', 'max RSS', 'vouchers'],
      row('Liggaren, to figures', ours),
      row('– received and hashed', { ms: stage('received'), bytes: NaN }),
      row('– read and checked', { ms: stage('read') - stage('received'), bytes: NaN }),
      row('– posted', { ms: stage('posted') - stage('read'), bytes: NaN }),
      row('– figures, after that', { ms: stage('figures') - stage('posted'), bytes: NaN }),
      row('– every line findable, after that', { ms: stage('lines') - stage('figures'), bytes: NaN }),
      row('ledger', ledger),
      row('hledger', of('hledger')),
      row('bare read and split', of('raw')),
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
