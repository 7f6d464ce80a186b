/**
 * Rules that say which grant a line without a code may belong to: readable, and the accountant's own. A rule only speaks; recoding
 * stays an act. What it looks for may name a person, so it stands in the annex.
 */
import { isAccount } from '../accounts.js';
import { Command } from '../decider.js';
import type { HintCriterion, HintRuleRemoved, HintRuleSet } from '../events.js';
import { codeOf, textOf } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { refuse } from '../refusal.js';
import { registeredGrant } from './grant.js';
import { registeredUnit } from './unit.js';

/** Sets a rule, or sets it anew: the later replaces the earlier of that name. */
export class SetHintRule extends Command<{ rule: string; grant: string; criterion: HintCriterion }> {}

/** Refuses `code-malformed`, `grant-unknown`, `grant-is-display-group`, `hint-rule-empty`, `account-unknown`, `profile-range-malformed`, `unit-unknown`, and texts that are missing or too long. */
export function setHintRule({ rule, grant, criterion }: SetHintRule['input'], ledger: Ledger): [HintRuleSet] {
  registeredGrant(grant, ledger);
  return [{ type: 'HintRuleSet', v: 1, data: { rule: codeOf('rule', rule), grant }, annex: { criterion: criterionOf(criterion, ledger) } }];
}

export class RemoveHintRule extends Command<{ rule: string }> {}

/** Refuses `hint-rule-unknown`. */
export function removeHintRule({ rule }: RemoveHintRule['input'], ledger: Ledger): [HintRuleRemoved] {
  if (!ledger.hintRules.has(rule)) refuse('hint-rule-unknown', { rule: rule.slice(0, 40) });
  return [{ type: 'HintRuleRemoved', v: 1, data: { rule } }];
}

function criterionOf({ accounts, units, text, counterparty, counterpart, objects }: HintCriterion, ledger: Ledger): HintCriterion {
  for (const { from, to = from } of accounts ?? []) {
    for (const account of [from, to]) if (!isAccount(account)) refuse('account-unknown', { account: account.slice(0, 40) });
    if (to.length !== from.length || to < from) refuse('profile-range-malformed', { part: 'accounts', from, to });
  }
  for (const unit of units ?? []) registeredUnit(unit, ledger);
  const criterion = {
    ...(accounts?.length && { accounts: accounts.map(({ from, to }) => ({ from, ...(to !== undefined && { to }) })) }),
    ...(units?.length && { units }),
    ...(text !== undefined && { text: textOf('text', text) }),
    ...(counterparty !== undefined && { counterparty: textOf('counterparty', counterparty) }),
    ...(counterpart !== undefined && { counterpart: codeOf('counterpart', counterpart) }),
    ...(objects?.length && {
      objects: objects.map(([dimension, object]) => [textOf('dimension', dimension), textOf('object', object)] as const),
    }),
  };
  return Object.keys(criterion).length ? criterion : refuse('hint-rule-empty', {});
}
