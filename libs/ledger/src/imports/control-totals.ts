/**
 * The ERP's own totals for a selection (urval): what its lines come to per account, grant and period. A selection counts from its
 * close, and is not tied until they agree (R42); whether they do is an answer of the read models, never stored.
 */
import { isAccount } from '../accounts.js';
import { period } from '../calendar.js';
import { Command } from '../decider.js';
import type { ControlTotal, ControlTotalsRecorded } from '../events.js';
import type { Ledger } from '../ledger.js';
import { exactOre } from '../money.js';
import { refuse } from '../refusal.js';
import { registeredGrant } from '../register/grant.js';

/** A later record replaces the earlier; the totals that stand, said again, are no news. */
export class RecordControlTotals extends Command<{ import: string; totals: readonly ControlTotal[] }> {}

/** Nothing where they stand already, in whatever order · refuses `import-unknown`, `import-not-selection`, and as {@link checkedTotals}. */
export function recordControlTotals({ import: id, totals }: RecordControlTotals['input'], ledger: Ledger): ControlTotalsRecorded[] {
  if (!ledger.selections.has(id)) {
    const known = ledger.openImport(id) ?? [...ledger.filesImported.entries()].find(([, other]) => other === id);
    refuse(known ? 'import-not-selection' : 'import-unknown', { import: id.slice(0, 40) });
  }
  const checked = checkedTotals(totals, ledger);
  if (ledger.selections.get(id) === totalsText(checked)) return [];
  return [{ type: 'ControlTotalsRecorded', v: 1, data: { import: id, totals: checked } }];
}

/** The same for the same totals, whatever their order: what the state keeps to know them by. */
export const totalsText = (totals: readonly ControlTotal[]): string =>
  totals
    .map(({ account, grant = '', period: of, amountOre }) => `${account}|${grant}|${of}|${amountOre}`)
    .sort()
    .join('\n');

/** The totals, where each is of something that is here, and said once · refuses `control-totals-empty`, `account-unknown`, `grant-unknown`, `period-malformed`, `control-total-twice`. */
export function checkedTotals(totals: readonly ControlTotal[], ledger: Ledger): readonly ControlTotal[] {
  if (!totals.length) refuse('control-totals-empty', {});
  const seen = new Set<string>();
  return totals.map(({ account, grant, period: of, amountOre }): ControlTotal => {
    if (!isAccount(account)) refuse('account-unknown', { account: account.slice(0, 40) });
    if (grant !== undefined) registeredGrant(grant, ledger);
    const key = `${account}|${grant ?? ''}|${period(of)}`;
    if (seen.has(key)) refuse('control-total-twice', { account, grant: grant ?? '', period: of });
    seen.add(key);
    return { account, ...(grant !== undefined && { grant }), period: of, amountOre: exactOre(amountOre) };
  });
}
