/** The opening of a ledger, the people, and the settings that decide figures. */
import { describe, expect, it } from '@jest/globals';
import { TEXT_CHARACTERS } from '../limits.js';
import { OpenImportOfFile } from '../imports/import.js';
import { given } from '../given.js';
import { classes, cost, file, opening, region } from '../region-given.js';
import { RegisterGrant } from './grant.js';
import { AddPerson, OpenLedger, SetAccountClasses, SetGrantCodePattern } from './settings.js';

describe('opening a ledger', () => {
  it('is event 0: whose it is, its currency, its time zone, its first chart, and whether it is a demo', () =>
    given()
      .when(new OpenLedger(opening))
      .then({
        type: 'LedgerOpened',
        data: { name: 'Demoregionen', currency: 'SEK', timeZone: 'Europe/Stockholm', demo: true, region: 'REG' },
      }));
  it('makes the region the root of its units', () =>
    expect(given(new OpenLedger(opening)).ledger().units.get('REG')).toMatchObject({
      versions: [{ name: 'Demoregionen', kind: 'region', parent: null }],
    }));
  it('happens once', () => region.when(new OpenLedger(opening)).thenRefused('ledger-exists', { name: 'Demoregionen' }));
  it('never without a name', () =>
    given()
      .when(new OpenLedger({ ...opening, name: '' }))
      .thenRefused('text-missing', { field: 'name' }));
  it('in a time zone that exists', () =>
    given()
      .when(new OpenLedger({ ...opening, timeZone: 'Europe/Östersund' }))
      .thenRefused('choice-unknown', { field: 'timeZone' }));
  it('with a code for the region', () =>
    given()
      .when(new OpenLedger({ ...opening, region: 'RE|G' }))
      .thenRefused('code-malformed', { what: 'region', code: 'RE|G' }));
});

describe('a text', () => {
  const named = (name: string) => given().when(new OpenLedger({ ...opening, name }));
  it('is kept as written, without the spaces around it', () =>
    named('  Region Åäö 😀 ').then({ type: 'LedgerOpened', data: { name: 'Region Åäö 😀' } }));
  it('has one kind of line break', () => named('a\r\nb\rc\n').then({ type: 'LedgerOpened', data: { name: 'a\nb\nc' } }));
  it('has room for what people write', () => {
    named('å'.repeat(TEXT_CHARACTERS)).then({ type: 'LedgerOpened' });
    named('å'.repeat(TEXT_CHARACTERS + 1)).thenRefused('text-too-long', { characters: TEXT_CHARACTERS + 1, most: TEXT_CHARACTERS });
  });
  it.each(['a\u0000b', 'a\u001bb', 'a\u007fb', 'half a pair \ud83d'])('never holds what cannot be stored: %j', (name) =>
    named(name).thenRefused('text-malformed', { field: 'name' }),
  );
});

describe('a person', () => {
  it('is a random id in what is kept for ever; login and name stand beside it', () =>
    region.when(new AddPerson({ person: 'f00d', login: 'eva', name: 'Eva Ek' })).then({
      type: 'PersonAdded',
      data: { person: 'f00d' },
      annex: { login: 'eva', name: 'Eva Ek' },
    }));
  it('is known by the login from then on', () =>
    expect(
      region
        .and(new AddPerson({ person: 'f00d', login: 'eva', name: 'Eva Ek' }))
        .ledger()
        .persons.get('eva'),
    ).toBe('f00d'));
  it('has a login', () =>
    region.when(new AddPerson({ person: 'f00d', login: '', name: 'Eva Ek' })).thenRefused('text-missing', { field: 'login' }));
});

describe('the pattern of grant codes', () => {
  const pattern = (text: string) => region.when(new SetGrantCodePattern({ pattern: text }));
  it('is a regular expression', () => pattern('^99\\d\\d$').then({ type: 'GrantCodePatternSet', data: { pattern: '^99\\d\\d$' } }));
  it.each(['(', '', 'x'.repeat(101)])('%j is none', (text) => pattern(text).thenRefused('pattern-malformed'));
  it('holds for codes registered from then on', () => {
    const strict = region.and(new SetGrantCodePattern({ pattern: '^EU-' }));
    strict
      .when(new RegisterGrant({ grant: '9930', name: 'Nytt', validFrom: '2023-01-01' }))
      .thenRefused('grant-code-malformed', { pattern: '^EU-' });
    strict.when(new RegisterGrant({ grant: 'EU-7', name: 'Nytt', validFrom: '2023-01-01' })).then({ type: 'GrantRegistered' });
    strict.when(cost(1, { grant: '9916' })).then({ type: 'CostPosted' });
  });
});

describe('the account classes', () => {
  const set = (from: string, to = from) =>
    new SetAccountClasses({
      validFrom: '2023-06-01',
      classes: [
        { from, to, kind: 'cost' },
        { from: '9000', to: '9499', kind: 'balance' },
        { from: '9500', to: '9999', kind: 'income' },
      ],
    });
  it('hold from a day on; what is posted keeps what it was given', () => {
    const later = region.and(cost(1), set('1000', '2999'));
    later.when(cost(1)).thenLines({ effect: 'cost' }, { effect: 'none' });
    later.when(cost(1, {}, { eventDate: '2023-06-01' })).thenRefused('account-unknown', { account: '7550' });
  });
  it('never overlap', () =>
    region
      .when(new SetAccountClasses({ validFrom: '2023-06-01', classes: [...classes, classes[0]!] }))
      .thenRefused('account-classes-overlap'));
  it('are a whole chart: one that calls every account a cost is refused', () =>
    region
      .when(new SetAccountClasses({ validFrom: '2023-06-01', classes: [{ from: '1000', to: '9999', kind: 'cost' }] }))
      .thenRefused('account-classes-incomplete', { kinds: 'balance, income' }));
  it('are intervals', () => region.when(set('4000', '3000')).thenRefused('account-class-malformed'));
  it('wait for an import under way', () =>
    region.and(new OpenImportOfFile(file)).when(set('4000', '4999')).thenRefused('import-open', { import: 'a1' }));
});
