/** What findings do to the state: how many an event recorded, and which of them are settled. Called by the fold of ledger.ts only. */
import type { FindingsRecorded, FindingsSettled } from '../events.js';
import type { Ledger } from '../ledger.js';
import { placeOf } from './import-fold.js';

/** Findings of an import that is open: they are there from its close on. */
export function foundInImport(ledger: Ledger, { import: id, findings }: FindingsRecorded['data'], seq: number): void {
  const open = ledger.openImport(id)!;
  ledger.openImports.set(placeOf(open), { ...open, findings: [...open.findings, [seq, findings.length]] });
}

/** Findings of a refused file: they are there at once. */
export function foundInRefused(ledger: Ledger, findings: readonly unknown[], seq: number): void {
  ledger.findings.set(String(seq), { count: findings.length, settled: [] });
}

/** Differences that somebody consented to: there and settled at once. */
export function consentedFindings(ledger: Ledger, findings: readonly unknown[], seq: number): void {
  ledger.findings.set(String(seq), { count: findings.length, settled: findings.map((_, i) => i + 1) });
}

export function settledFindings(ledger: Ledger, { findings }: FindingsSettled['data']): void {
  for (const finding of findings) {
    const [of, place] = finding.split('.') as [string, string];
    const { count, settled } = ledger.findings.get(of)!;
    ledger.findings.set(of, { count, settled: [...settled, Number(place)] });
  }
}
