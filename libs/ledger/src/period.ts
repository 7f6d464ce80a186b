/** Closing and reopening of any single period (R8, R45). A closed period refuses every posting and never moves. */
import { lastDayOf, period as checkedPeriod, yearOf } from './calendar.js';
import { Command } from './decider.js';
import type { PeriodClosed, PeriodReopened } from './events.js';
import { textOf } from './fields.js';
import type { Ledger } from './ledger.js';
import { refuse } from './refusal.js';

export class ClosePeriod extends Command<{ period: string }> {}

/** Refuses `period-malformed`, `period-closed` (already), `import-open` where an import under way has rows in it. */
export function closePeriod({ period }: ClosePeriod['input'], ledger: Ledger): [PeriodClosed] {
  if (ledger.closedPeriods.has(checkedPeriod(period))) refuse('period-closed', { period });
  for (const [, { import: id, book, year, periods }] of ledger.openImports.entries())
    if (periods.includes(period)) refuse('import-open', { import: id, book, year });
  return [{ type: 'PeriodClosed', v: 1, data: { period } }];
}

/** Opens a closed period again; names who approved it and why, and is listed as an act of its own. */
export class ReopenPeriod extends Command<{ period: string; approver: string; reason: string }> {}

/** Refuses `period-malformed`, `period-not-closed`, `text-missing`. */
export function reopenPeriod({ period, approver, reason }: ReopenPeriod['input'], ledger: Ledger): [PeriodReopened] {
  if (!ledger.closedPeriods.has(checkedPeriod(period))) refuse('period-not-closed', { period });
  return [
    { type: 'PeriodReopened', v: 1, data: { period }, annex: { approver: textOf('approver', approver), reason: textOf('reason', reason) } },
  ];
}

/** The period itself where it is open, else the first open month after it; a closed closing period gives way to the next year. */
export function firstOpenPeriod(period: string, ledger: Ledger): string {
  let [year, month] = [yearOf(period), Number(period.slice(5))];
  for (let open = period; ; open = `${year}-${String(month).padStart(2, '0')}`) {
    if (!ledger.closedPeriods.has(open)) return open;
    [year, month] = month >= 12 ? [year + 1, 1] : [year, month + 1];
  }
}

/**
 * The day itself, where a change that holds from it on moves no closed period's table.
 * Refuses `change-in-closed-period`, with the latest closed period that ends on that day or later. @param what whose change it is
 */
export function dayAfterClosed(validFrom: string, what: 'unit' | 'grant' | 'decision', code: string, ledger: Ledger): string {
  const period = [...ledger.closedPeriods.keys()]
    .filter((closed) => lastDayOf(closed) >= validFrom)
    .sort()
    .at(-1);
  if (period !== undefined) refuse('change-in-closed-period', { what, code, validFrom, period, lastDay: lastDayOf(period) });
  return validFrom;
}
