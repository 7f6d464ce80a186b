/**
 * Sets how files of one kind are read from a day on, and ends it. A voucher is read by the version in force on its date; every
 * version stays, with who set it and when. Kind and book never change: a book's numbers and an import's promises rest on them.
 */
import { date } from '../calendar.js';
import { Command } from '../decider.js';
import type { ProfileEnded, ProfileSet } from '../events.js';
import { codeOf } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { refuse } from '../refusal.js';
import type { OpenImport, Profile } from '../state.js';
import type { ProfileSettings } from './profile.js';
import { checkedSettings } from './profile-check.js';

/** What files of the simple voucher CSV are read by; not a profile, and no profile's name. */
export const VOUCHER_CSV = 'voucher-csv';

/** How an import names the profile that it was read by: `erp~3`, the profile and its newest version then. */
export const profileText = (profile: string, version: number): string => `${profile}~${version}`;

/** The profile behind such a text, whatever its version. */
export const profileName = (text: string): string => text.split('~', 1)[0]!;

export class SetProfile extends Command<{ profile: string; validFrom: string; settings: ProfileSettings }> {}

/** Refuses `profile-reserved`, `code-malformed`, `profile-ended`, `profile-fixed`, `import-open` (by that profile), and what its settings can be wrong in: see {@link checkedSettings}. */
export function setProfile({ profile, validFrom, settings }: SetProfile['input'], ledger: Ledger): [ProfileSet] {
  if (codeOf('profile', profile) === VOUCHER_CSV) refuse('profile-reserved', { profile });
  const before = ledger.profiles.get(profile);
  if (before?.ended) refuse('profile-ended', { profile });
  unused(profile, ledger);
  const checked = checkedSettings(settings, ledger);
  const first = before?.versions[0]?.settings;
  if (first) sameKindAndBook(profile, first, checked);
  return [
    { type: 'ProfileSet', v: 1, data: { profile, version: (before?.newest ?? 0) + 1, validFrom: date(validFrom), settings: checked } },
  ];
}

export class EndProfile extends Command<{ profile: string }> {}

/** Refuses `profile-unknown`, `profile-ended`, `import-open`. */
export function endProfile({ profile }: EndProfile['input'], ledger: Ledger): [ProfileEnded] {
  livingProfile(profile, ledger);
  unused(profile, ledger);
  return [{ type: 'ProfileEnded', v: 1, data: { profile } }];
}

/** The profile, where it takes files · refuses `profile-unknown`, `profile-ended`. */
export function livingProfile(profile: string, ledger: Ledger): Profile {
  const found = ledger.profiles.get(profile) ?? refuse('profile-unknown', { profile: profile.slice(0, 40) });
  return found.ended ? refuse('profile-ended', { profile }) : found;
}

/** Refuses `profile-fixed` where a file, or another version, is of another kind or book than the profile. */
export function sameKindAndBook(
  profile: string,
  { kind, book }: Pick<OpenImport, 'kind' | 'book'>,
  other: Pick<OpenImport, 'kind' | 'book'>,
): void {
  if (other.kind !== kind || other.book !== book) refuse('profile-fixed', { profile, kind, book });
}

function unused(profile: string, ledger: Ledger): void {
  for (const [, { import: id, book, year, profile: by }] of ledger.openImports.entries())
    if (profileName(by) === profile) refuse('import-open', { import: id, book, year });
}
