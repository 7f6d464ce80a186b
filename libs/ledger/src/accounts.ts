/**
 * What an account is, as a setting (domain page, section 3: a region's chart differs from a company's, so nothing is
 * hard-coded). Classes are intervals that never overlap, and hold from a date.
 */
import { refuse } from './refusal.js';
import { optionalText } from './fields.js';

export type AccountKind = 'balance' | 'grant-liability' | 'income' | 'cost' | 'reallocation';

/** Accounts `from` to `to` inclusive, compared as numbers; `internal`: between the region's own units (R47). */
export type AccountClass = {
  readonly from: string;
  readonly to: string;
  readonly kind: AccountKind;
  readonly internal?: boolean;
  readonly name?: string;
};

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

/** What a chart cannot be without: a cost or an income, and what stands against it. A receipt may go straight to income, a reallocation be left out. */
const NEEDED: readonly AccountKind[] = ['balance', 'income', 'cost'];

/** The classes sorted by account · refuses `account-class-malformed`, `account-classes-overlap`. */
export function accountClasses(classes: readonly AccountClass[]): readonly AccountClass[] {
  for (const { from, to, kind } of classes)
    if (!isAccount(from) || !isAccount(to) || from.length !== to.length || from > to || !KINDS.includes(kind))
      refuse('account-class-malformed', { from, to, kind });
  if (!classes.length) refuse('account-class-malformed', { from: '', to: '', kind: '' });
  const sorted = classes
    .map(({ from, to, kind, internal, name }): AccountClass => ({ from, to, kind, internal, name: optionalText('name', name) }))
    .sort((a, b) => Number(a.from) - Number(b.from));
  sorted.reduce((before, after) => {
    if (Number(after.from) <= Number(before.to))
      refuse('account-classes-overlap', { first: `${before.from}-${before.to}`, second: `${after.from}-${after.to}` });
    return after;
  });
  return sorted;
}

/** The classes of a whole chart, as {@link accountClasses} · refuses also `account-classes-incomplete`. */
export function wholeChart(classes: readonly AccountClass[]): readonly AccountClass[] {
  const sorted = accountClasses(classes);
  const missing = NEEDED.filter((needed) => !sorted.some(({ kind }) => kind === needed));
  if (missing.length) refuse('account-classes-incomplete', { kinds: missing.join(', ') });
  return sorted;
}

/** The chart over time: which classes hold on which day. Immutable; `set` gives a new one. */
export class Chart {
  /** What each account was found to be, per setting: an import asks for the same few hundred a million times. */
  readonly #found: readonly Map<string, AccountClass | null>[];
  constructor(readonly settings: readonly { readonly validFrom: string; readonly classes: readonly AccountClass[] }[]) {
    this.#found = settings.map(() => new Map());
  }

  /** The chart with these classes from that day on. */
  set(validFrom: string, classes: readonly AccountClass[]): Chart {
    const others = this.settings.filter((setting) => setting.validFrom !== validFrom);
    return new Chart([...others, { validFrom, classes }].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1)));
  }

  /** The class of an account on a day (`YYYY-MM-DD`), or null where no interval holds it. */
  find(account: string, day: string): AccountClass | null {
    let at = this.settings.length - 1;
    while (at > 0 && this.settings[at]!.validFrom > day) at -= 1;
    const found = this.#found[at];
    if (!found) return null;
    let accountClass = found.get(account);
    if (accountClass === undefined) {
      const number = isAccount(account) ? Number(account) : NaN;
      accountClass =
        this.settings[at]!.classes.find(
          ({ from, to }) => account.length === from.length && Number(from) <= number && number <= Number(to),
        ) ?? null;
      if (found.size < FOUND_KEPT) found.set(account, accountClass);
    }
    return accountClass;
  }

  /** The class of an account on a day · refuses `account-unknown`. */
  of(account: string, day: string): AccountClass {
    return this.find(account, day) ?? refuse('account-unknown', { account: account.slice(0, 40) });
  }
}

const FOUND_KEPT = 100_000;
