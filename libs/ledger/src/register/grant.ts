/** The grants: a code that is never reused, names over time, an end (R12, R13). And the check that a code may be posted to. */
import { date } from '../calendar.js';
import { Command } from '../decider.js';
import type { GrantRegistered, GrantRenamed, GrantRetired } from '../events.js';
import { textOf } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { dayAfterClosed } from '../period.js';
import type { Grant } from '../state.js';
import { refuse } from '../refusal.js';
import { GRANT_CODE_CHARACTERS } from './pattern.js';

export class RegisterGrant extends Command<{ grant: string; name: string; validFrom: string; predecessor?: string }> {}

/** What no pattern can widen; a space, # and | part codes elsewhere. */
const CODE = new RegExp(`^[^\\s#|\\p{C}]{1,${GRANT_CODE_CHARACTERS}}$`, 'u');

/** Refuses `grant-is-display-group`, `grant-code-malformed`, `grant-exists`, `grant-unknown` (the predecessor). */
export function registerGrant({ grant, name, validFrom, predecessor }: RegisterGrant['input'], ledger: Ledger): [GrantRegistered] {
  if (grant.includes('*')) refuse('grant-is-display-group', { grant: grant.slice(0, 40) });
  const pattern = ledger.facts.grantCodePattern;
  if (!CODE.test(grant) || !new RegExp(pattern, 'u').test(grant)) refuse('grant-code-malformed', { grant: grant.slice(0, 40), pattern });
  if (ledger.grants.has(grant)) refuse('grant-exists', { grant });
  if (predecessor !== undefined) registeredGrant(predecessor, ledger);
  return [{ type: 'GrantRegistered', v: 1, data: { grant, name: textOf('name', name), validFrom: date(validFrom), predecessor } }];
}

export class RenameGrant extends Command<{ grant: string; name: string; validFrom: string }> {}

/** Refuses `grant-unknown`, `change-in-closed-period`. The earlier name stays for the time it held. */
export function renameGrant({ grant, name, validFrom }: RenameGrant['input'], ledger: Ledger): [GrantRenamed] {
  registeredGrant(grant, ledger);
  const from = dayAfterClosed(date(validFrom), 'grant', grant, ledger);
  return [{ type: 'GrantRenamed', v: 1, data: { grant, name: textOf('name', name), validFrom: from } }];
}

export class RetireGrant extends Command<{ grant: string; lastDay: string; successor?: string }> {}

/** Refuses `grant-unknown`, `grant-retired`, and `grant-not-empty` unless its balance sheet and the net of every open year are zero (R13). */
export function retireGrant({ grant, lastDay, successor }: RetireGrant['input'], ledger: Ledger): [GrantRetired] {
  const retired = registeredGrant(grant, ledger).lastDay;
  if (retired !== null) refuse('grant-retired', { grant, lastDay: retired });
  if (successor !== undefined) registeredGrant(successor, ledger);
  const standing = (sum: string) => [...ledger.sums.entries()].filter(([key, ore]) => ore !== 0n && key.startsWith(`${sum}|${grant}|`));
  const nets = standing('net').filter(([key]) => !isClosedYear(key.slice(-4), ledger));
  const balances = standing('balance');
  const liabilities = balances.filter(
    ([key]) => ledger.chart.find(key.slice(key.lastIndexOf('|') + 1), lastDay)?.kind === 'grant-liability',
  );
  const balanceOre = total(balances) || total(liabilities); // a bank line that names the grant never hides what is owed
  if (balanceOre !== 0n || liabilities.length || nets.length)
    refuse('grant-not-empty', { grant, balanceOre: String(-balanceOre), netOre: String(-total(nets)) });
  return [{ type: 'GrantRetired', v: 1, data: { grant, lastDay: date(lastDay), successor } }];
}

const total = (sums: readonly (readonly [string, bigint])[]): bigint => sums.reduce((sum, [, ore]) => sum + ore, 0n);

/** The grant · refuses `grant-is-display-group`, `grant-unknown`. */
export function registeredGrant(grant: string, ledger: Ledger): Grant {
  if (grant.includes('*')) refuse('grant-is-display-group', { grant: grant.slice(0, 40) });
  return ledger.grants.get(grant) ?? refuse('grant-unknown', { grant: grant.slice(0, 40) });
}

/** The code itself, where it may be posted to on that day · refuses `grant-is-display-group`, `grant-unknown`, `grant-not-valid`. */
export function postableGrant(grant: string, day: string, ledger: Ledger): string {
  const { validFrom, lastDay } = registeredGrant(grant, ledger);
  if (day < validFrom || (lastDay !== null && day > lastDay)) refuse('grant-not-valid', { grant, day, validFrom, lastDay });
  return grant;
}

/** Whether the twelve months of a year are all closed. */
export const isClosedYear = (year: string | number, ledger: Ledger): boolean =>
  Array.from({ length: 12 }, (_, month) => `${year}-${String(month + 1).padStart(2, '0')}`).every((period) =>
    ledger.closedPeriods.has(period),
  );
