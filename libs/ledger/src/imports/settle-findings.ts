/**
 * Settles findings of imports that closed: somebody has looked, and says why they need no more. A finding is named `seq.place`: the
 * event that recorded it, and its place in that event counted from 1. Until it is settled it stays in the list.
 */
import { Command } from '../decider.js';
import type { FindingsSettled } from '../events.js';
import { textOf } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { refuse } from '../refusal.js';

const FINDING = /^(\d{1,10})\.([1-9]\d{0,5})$/;

export class SettleFindings extends Command<{ findings: readonly string[]; reason: string }> {}

/** Refuses `text-missing` (no findings, or no reason), `finding-unknown`, `finding-settled` (already, or named twice). */
export function settleFindings({ findings, reason }: SettleFindings['input'], ledger: Ledger): [FindingsSettled] {
  if (!findings.length) refuse('text-missing', { field: 'findings' });
  const seen = new Set<string>();
  for (const finding of findings) {
    const [, seq = '', place] = FINDING.exec(finding) ?? [];
    const found = ledger.findings.get(seq);
    if (!found || Number(place) > found.count) refuse('finding-unknown', { finding: finding.slice(0, 40) });
    if (seen.has(finding) || found.settled.includes(Number(place))) refuse('finding-settled', { finding });
    seen.add(finding);
  }
  return [{ type: 'FindingsSettled', v: 1, data: { findings }, annex: { reason: textOf('reason', reason) } }];
}
