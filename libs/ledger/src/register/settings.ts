/** The ledger's opening and its settings. Every setting that changes a figure is an event with its own first day. */
import { wholeChart, type AccountClass } from '../accounts.js';
import { date } from '../calendar.js';
import { Command } from '../decider.js';
import type { AccountClassesSet, GrantCodePatternSet, LedgerOpened, PersonAdded } from '../events.js';
import { codeOf, textOf } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { refuse } from '../refusal.js';
import { grantCodePattern as checkedPattern } from './pattern.js';

/** What a region's grant codes look like until it says otherwise: letters, digits, full stop, hyphen, underscore; EU projects fit too. */
export const FIRST_PATTERN = '^[0-9A-Za-z][0-9A-Za-z._-]{0,19}$';

/** Makes the ledger: event 0. `region` is the code of the region itself, the root of the units. */
export class OpenLedger extends Command<{
  organisationNumber: string;
  name: string;
  region: string;
  demo: boolean;
  timeZone: string;
  grantCodePattern: string;
  accountClasses: readonly AccountClass[];
}> {}

/** Refuses `ledger-exists`, and fields that are malformed. */
export function openLedger(input: OpenLedger['input'], ledger: Ledger): [LedgerOpened] {
  if (ledger.seq >= 0) refuse('ledger-exists', { name: ledger.facts.name });
  return [
    {
      type: 'LedgerOpened',
      v: 1,
      data: {
        organisationNumber: textOf('organisationNumber', input.organisationNumber),
        name: textOf('name', input.name),
        currency: 'SEK',
        timeZone: timeZoneOf(input.timeZone),
        demo: input.demo,
        region: codeOf('region', input.region),
        grantCodePattern: checkedPattern(input.grantCodePattern),
        accountClasses: wholeChart(input.accountClasses),
      },
    },
  ];
}

/** Gives a person who acts for the first time a random id; the login and the name live in the annex. */
export class AddPerson extends Command<{ person: string; login: string; name: string }> {}
export const addPerson = ({ person, login, name }: AddPerson['input']): [PersonAdded] => [
  { type: 'PersonAdded', v: 1, data: { person }, annex: { login: textOf('login', login), name: textOf('name', name) } },
];

/** Sets what a grant code looks like, as a regular expression. Codes already registered stay. */
export class SetGrantCodePattern extends Command<{ pattern: string }> {}
/** Refuses `pattern-malformed`. */
export const setGrantCodePattern = (input: SetGrantCodePattern['input']): [GrantCodePatternSet] => [
  { type: 'GrantCodePatternSet', v: 1, data: { pattern: checkedPattern(input.pattern) } },
];

/** Sets what the accounts are from a day on; what is already posted keeps what it was given. */
export class SetAccountClasses extends Command<{ validFrom: string; classes: readonly AccountClass[] }> {}
/** Refuses `account-class-malformed`, `account-classes-overlap`, `account-classes-incomplete`, `import-open`. */
export function setAccountClasses({ validFrom, classes }: SetAccountClasses['input'], ledger: Ledger): [AccountClassesSet] {
  for (const [, { import: id, book, year }] of ledger.openImports.entries()) refuse('import-open', { import: id, book, year });
  return [{ type: 'AccountClassesSet', v: 1, data: { validFrom: date(validFrom), classes: wholeChart(classes) } }];
}

function timeZoneOf(name: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return refuse('choice-unknown', { field: 'timeZone', value: name.slice(0, 40), choices: 'Europe/Stockholm' });
  }
}
