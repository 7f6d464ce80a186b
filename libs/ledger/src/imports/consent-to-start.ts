/**
 * What a start workbook carries in may differ from the opening balances of the SIE file that it was held against; the accountant knows which
 * is right. Who consented to which differences, when and why is one event, stored before anything that rests on it: findings, settled by it.
 */
import { Command } from '../decider.js';
import type { StartConsented } from '../events.js';
import { textOf, year as checkedYear } from '../fields.js';
import { refuse } from '../refusal.js';

/** @param input `findings`: the differences, each with its sheet and column among its facts */
export class ConsentToStart extends Command<StartConsented['data'] & { file: string; reason: string }> {}

/** Refuses `text-missing` (no differences, no name of the workbook, or no reason), `year-malformed`. */
export function consentToStart({ file, reason, ...data }: ConsentToStart['input']): [StartConsented] {
  if (!data.findings.length) refuse('text-missing', { field: 'findings' });
  checkedYear(data.year);
  return [{ type: 'StartConsented', v: 1, data, annex: { file: textOf('file', file), reason: textOf('reason', reason) } }];
}
