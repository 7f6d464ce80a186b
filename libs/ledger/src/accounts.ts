/**
 * What an account is, as a setting (domain page, section 3: a region's chart differs from a company's, so nothing is
 * hard-coded). Classes are intervals that never overlap, and hold from a date.
 */
import { refuse } from './refusal.js';
import { isDate } from './calendar.js';

export type AccountKind = 'balance' | 'grant-liability' | 'income' | 'cost' | 'reallocation';

/** Accounts `from` to `to` inclusive, compared as numbers; `internal`: between the region's own units (R47). */
export type AccountClass = { readonly from: string; readonly to: string; readonly kind: AccountKind; readonly internal?: boolean; readonly name?: string };

const KINDS: readonly string[] = ['balance', 'grant-liability', 'income', 'cost', 'reallocation'] satisfies AccountKind[];
const ACCOUNT = /^\d{1,10}$/;

/** Whether the text is an account: one to ten digits. */
export const isAccount = (text: string): boolean => ACCOUNT.test(text);

/**
 * What a region starts with: 1-2 balance sheet, 3 income, 4-8 cost; grant liability 2970-2979 and reallocation 3590-3599
 * so that the first receipt can be posted. Change it with `SetAccountClasses`.
 */
export const FIRST_CLASSES: readonly AccountClass[] = [
  { from: '1000', to: '2969', kind: 'balance' },
  { from: '2970', to: '2979', kind: 'grant-liability' },
  { from: '2980', to: '2999', kind: 'balance' },
  { from: '3000', to: '3589', kind: 'income' },
  { from: '3590', to: '3599', kind: 'reallocation' },
  { from: '3600', to: '3999', kind: 'income' },
  { from: '4000', to: '8999', kind: 'cost' },
];

/** The classes sorted by account · refuses `account-class-malformed`, `account-classes-overlap`. */
export function accountClasses(classes: readonly AccountClass[]): readonly AccountClass[] {
  for (const { from, to, kind } of classes)
    if (!isAccount(from) || !isAccount(to) || from.length !== to.length || from > to || !KINDS.includes(kind)) refuse('account-class-malformed', { from, to, kind });
  if (!classes.length) refuse('account-class-malformed', { from: '', to: '', kind: '' });
  const sorted = [...classes].sort((a, b) => Number(a.from) - Number(b.from));
  sorted.reduce((before, after) => {
    if (Number(after.from) <= Number(before.to)) refuse('account-classes-overlap', { first: `${before.from}-${before.to}`, second: `${after.from}-${after.to}` });
    return after;
  });
  return sorted;
}

/** The chart over time: which classes hold on which day. Immutable; `set` gives a new one. */
export class Chart {
  readonly #found = new Map<string, AccountClass | null>();
  constructor(readonly settings: readonly { readonly validFrom: string; readonly classes: readonly AccountClass[] }[]) {}

  /** The chart with these classes from that day on. */
  set(validFrom: string, classes: readonly AccountClass[]): Chart {
    const others = this.settings.filter((setting) => setting.validFrom !== validFrom);
    return new Chart([...others, { validFrom, classes }].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1)));
  }

  /** The class of an account on a day, or null where no interval holds it. */
  find(account: string, day: string): AccountClass | null {
    let setting = this.settings[0];
    for (const later of this.settings) if (later.validFrom <= day) setting = later;
    if (!setting || !isDate(day)) return null;
    const key = `${account} ${setting.validFrom}`;
    let found = this.#found.get(key);
    if (found === undefined) {
      const number = isAccount(account) ? Number(account) : NaN;
      found = setting.classes.find(({ from, to }) => account.length === from.length && Number(from) <= number && number <= Number(to)) ?? null;
      if (this.#found.size < 100_000) this.#found.set(key, found);
    }
    return found;
  }

  /** The class of an account on a day · refuses `account-unknown`. */
  of(account: string, day: string): AccountClass {
    return this.find(account, day) ?? refuse('account-unknown', { account: account.slice(0, 40) });
  }
}
