/** Imports against other programs: ours, ledger and hledger on the same vouchers in turn, each in a process of its own, and their rows of a table. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportOptions, ImportTimes } from './import-child.js';
import { alternate, Child, mb, median, program, s, times } from './measure.js';

/** NaN where it was not measured or is not installed. */
export type Timed = { readonly ms: number; readonly bytes: number };
export type Contest = {
  readonly file: string;
  /** The same vouchers as a journal. */
  readonly journal: string;
  readonly vouchers: number;
  readonly runs: number;
  /** hledger takes many times as long: it reads the journal once, or not at all. */
  readonly hledger: boolean;
  /** Makes an empty ledger in the folder, ready for the file. */
  readonly ready: (ledger: string) => Promise<unknown>;
  /** How the file is read; the simple voucher CSV where left out. */
  readonly profile?: string;
  /** Others, under their names. */
  readonly more?: Readonly<Record<string, () => Timed>>;
};
export type Contested = {
  /** Ours to figures. */
  readonly ours: Timed;
  readonly ledger: Timed;
  readonly hledger: Timed;
  readonly stage: (name: keyof ImportTimes) => number;
  readonly more: (name: string) => Timed;
  /** A row of a table: time, ratio to ledger's, memory, vouchers a second. */
  readonly row: (what: string, timed: Timed) => string[];
};

/** @param folder for temporary files · medians of the runs, which alternate */
export async function contest(
  folder: string,
  { file, journal, vouchers, runs, hledger, ready, profile, more = {} }: Contest,
): Promise<Contested> {
  const balances = join(folder, 'balances.txt');
  const stages: ImportTimes[] = [];
  const peer = (name: string) => () => program(name, ['-f', journal, 'balance'], balances);
  const found = await alternate<Timed | null>(runs, {
    ours: async () => {
      const ledger = mkdtempSync(join(folder, 'import-'));
      await ready(ledger);
      const options: ImportOptions = { folder: ledger, file, ...(profile !== undefined && { profile }) };
      const one = await new Child('import-child.js', options).next<ImportTimes>();
      stages.push(one);
      return { ms: one.figures, bytes: one.bytes };
    },
    ledger: peer('ledger'),
    ...more,
  });
  if (hledger) found['hledger'] = [await peer('hledger')()];
  const of = (name: string): Timed => {
    const measured = (found[name] ?? []).filter((run) => run !== null);
    return { ms: median(measured.map((run) => run.ms)), bytes: median(measured.map((run) => run.bytes)) };
  };
  const ledger = of('ledger');
  return {
    ours: of('ours'),
    ledger,
    hledger: of('hledger'),
    stage: (name) => median(stages.map((one) => one[name])),
    more: of,
    row: (what, { ms, bytes }) =>
      Number.isNaN(ms)
        ? [what, 'not installed, skipped', '', '', '']
        : [
            what,
            s(ms),
            Number.isNaN(ledger.ms) ? '–' : times(ms / ledger.ms),
            Number.isNaN(bytes) ? '–' : mb(bytes),
            `${Math.round(vouchers / (ms / 1000))}/s`,
          ],
  };
}
