/** What findings do to the state: how many an event recorded, and which of them are settled. Called by the fold of ledger.ts only. */
import type { FindingsRecorded, FindingsSettled, ImportRefused, StartConsented } from '../events.js';
import type { Ledger } from '../ledger.js';
import { placeOf } from './import-fold.js';

export function takenFindings(
  ledger: Ledger,
  { type, data }: FindingsRecorded | FindingsSettled | ImportRefused | StartConsented,
  seq: number,
): void {
  switch (type) {
    case 'FindingsRecorded':
      return foundInImport(ledger, data, seq);
    case 'ImportRefused': // there at once
      return ledger.findings.set(String(seq), { count: data.findings.length, settled: [] });
    case 'StartConsented': // and settled at once, for somebody consented to them
      return ledger.findings.set(String(seq), { count: data.findings.length, settled: data.findings.map((_, i) => i + 1) });
    case 'FindingsSettled':
      return settledFindings(ledger, data);
  }
}

/** Findings of an import that is open: they are there from its close on. */
function foundInImport(ledger: Ledger, { import: id, findings }: FindingsRecorded['data'], seq: number): void {
  const open = ledger.openImport(id)!;
  ledger.openImports.set(placeOf(open), { ...open, findings: [...open.findings, [seq, findings.length]] });
}

function settledFindings(ledger: Ledger, { findings }: FindingsSettled['data']): void {
  for (const finding of findings) {
    const [of, place] = finding.split('.') as [string, string];
    const { count, settled } = ledger.findings.get(of)!;
    ledger.findings.set(of, { count, settled: [...settled, Number(place)] });
  }
}
