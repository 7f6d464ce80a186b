/** Rules that say which grant a line without a code may belong to; the accountant's own, and only a word in the ear. */
import { describe, it } from '@jest/globals';
import type { HintCriterion } from '../events.js';
import { region } from '../region-given.js';
import { RemoveHintRule, SetHintRule } from './hint-rule.js';

const set = (criterion: HintCriterion, rest: Partial<SetHintRule['input']> = {}) =>
  new SetHintRule({ rule: 'konsulter', grant: '9916', criterion, ...rest });

describe('a hint rule', () => {
  const whole: HintCriterion = {
    accounts: [{ from: '7550' }, { from: '6000', to: '6999' }],
    units: ['614'],
    text: 'nära vård',
    counterparty: 'Konsult AB',
    counterpart: '130',
    objects: [['6', 'P100']],
  };
  it('speaks for a grant where all that it names holds; what it names stands beside', () =>
    region.when(set(whole)).then({ type: 'HintRuleSet', data: { rule: 'konsulter', grant: '9916' }, annex: { criterion: whole } }));
  it('is set anew under its name, and removed', () => {
    const there = region.and(set(whole));
    there.when(set({ text: 'konsult' }, { grant: '9917' })).then({ type: 'HintRuleSet', data: { grant: '9917' } });
    there.when(new RemoveHintRule({ rule: 'konsulter' })).then({ type: 'HintRuleRemoved', data: { rule: 'konsulter' } });
    region.when(new RemoveHintRule({ rule: 'konsulter' })).thenRefused('hint-rule-unknown', { rule: 'konsulter' });
    there
      .and(new RemoveHintRule({ rule: 'konsulter' }))
      .when(new RemoveHintRule({ rule: 'konsulter' }))
      .thenRefused('hint-rule-unknown');
  });
  it('looks for something', () => {
    for (const nothing of [{}, { accounts: [], units: [], objects: [] }]) region.when(set(nothing)).thenRefused('hint-rule-empty');
    region.when(set({ text: ' ' })).thenRefused('text-missing', { field: 'text' });
    region.when(set({ objects: [['6', '']] })).thenRefused('text-missing', { field: 'object' });
  });
  it('speaks of what can be: accounts, units, a registered grant, a name', () => {
    region.when(set({ accounts: [{ from: '75x' }] })).thenRefused('account-unknown', { account: '75x' });
    region.when(set({ accounts: [{ from: '7000', to: '6999' }] })).thenRefused('profile-range-malformed', { from: '7000', to: '6999' });
    region.when(set({ units: ['999'] })).thenRefused('unit-unknown', { unit: '999' });
    region.when(set({ counterpart: 'x y' })).thenRefused('code-malformed');
    region.when(set(whole, { grant: '9999' })).thenRefused('grant-unknown', { grant: '9999' });
    region.when(set(whole, { grant: '99**' })).thenRefused('grant-is-display-group');
    region.when(set(whole, { rule: 'en regel' })).thenRefused('code-malformed', { code: 'en regel' });
  });
});
