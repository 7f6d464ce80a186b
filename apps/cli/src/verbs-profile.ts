/** profile: how files of one kind are read. Written as a file, tried against another, set from a day on. */
import { Argument, Command } from 'commander';
import { existsSync } from 'node:fs';
import type { ProfileSettings } from '#ledger';
import type { ProfileEntry } from '#projections';
import { sendFile } from './import-file.js';
import { EXAMPLES, exampleOf, settingsIn } from './profile-text.js';
import { Session } from './session.js';
import { WrongUsage } from './exit.js';
import { examples, needed, type Say } from './words.js';

type Shown = ProfileEntry & { readonly seq: number };
const path = (...parts: readonly string[]) => `/profiles/${parts.map(encodeURIComponent).join('/')}`;

export function profileVerbs(say: Say): Command {
  const profile = new Command('profile').description(
    say(
      'profiler: hur filer av ett slag läses (bidragskod, enhet, period, urval)',
      'profiles: how files of one kind are read (grant code, unit, period, choice)',
    ),
  );
  examples(
    profile
      .command('example')
      .description(say('skriv ut en utgångspunkt att redigera', 'print a starting point to be edited'))
      .addArgument(new Argument('<kind>', say('filens slag', 'the kind of file')).choices(EXAMPLES))
      .action((kind: (typeof EXAMPLES)[number], _: unknown, verb: Command) => Session.of(verb).out(exampleOf(kind, say))),
    say,
    'liggare profile example sie > erp.json',
  );
  examples(
    profile
      .command('try')
      .description(
        say(
          'pröva en profil, också en som inte är satt, mot en fil; inget lagras',
          'try a profile, also one that is not set, against a file; nothing is stored',
        ),
      )
      .argument('<profile>', say('profilens namn, eller filen den står i', 'the profile’s name, or the file it stands in'))
      .argument('<file>', say('filen att pröva mot: SIE, CSV eller Excel', 'the file to try it against: SIE, CSV or Excel'))
      .option('--year <year>', say('bokföringsår; filens eget om inget anges', 'fiscal year; the file’s own where left out'))
      .action(async (named: string, file: string, { year }: { year?: string }, verb: Command) => {
        const session = Session.of(verb);
        const isFile = named.endsWith('.json') || existsSync(named);
        const settings = isFile ? settingsIn(named, say) : null;
        await session.at(async (door) => {
          const trial =
            settings && (await door.json<{ trial: string }>({ method: 'POST', path: '/profiles/trials', body: { settings } })).trial;
          const by = trial === null ? { profile: named } : { trial };
          await sendFile(session, door, file, { ...by, year, dryRun: 'true' }, { vouchers: true });
        });
      }),
    say,
    'liggare profile try erp.json 2023-05.se',
    'liggare profile try raindance 2023-05.se',
  );
  examples(
    profile
      .command('set')
      .description(
        say(
          'sätt en profil från en dag; en tidigare version gäller dessförinnan',
          'set a profile from a day on; an earlier version holds before it',
        ),
      )
      .argument('<name>', say('profilens namn', 'the profile’s name'))
      .argument('<file>', say('JSON; rader som börjar med // är kommentarer', 'JSON; lines that begin with // are comments'))
      .addOption(needed('--from <date>', say('första dag', 'first day')))
      .action((name: string, file: string, { from }: { from: string }, verb: Command) =>
        Session.of(verb).write('/profiles', { profile: name, validFrom: from, settings: settingsIn(file, say) }),
      ),
    say,
    'liggare profile set raindance erp.json --from 2023-01-01',
  );
  examples(
    profile
      .command('show')
      .description(
        say('profilens innehåll som JSON, att redigera och sätta igen', 'what the profile says, as JSON, to be edited and set again'),
      )
      .argument('<name>', say('profilens namn', 'the profile’s name'))
      .argument('[version]', say('en tidigare version; den nyaste om inget anges', 'an earlier version; the newest where left out'))
      .action(async (name: string, version: string | undefined, _: unknown, verb: Command) => {
        const session = Session.of(verb);
        const { versions } = await session.at((door) => door.json<Shown>({ method: 'GET', path: path(name) }));
        session.out(JSON.stringify(settingsOf(versions, version, say), null, 2));
      }),
    say,
    'liggare profile show raindance > erp.json',
  );
  profile
    .command('list')
    .description(say('lista profilerna med deras versioner', 'list the profiles with their versions'))
    .action((_: unknown, verb: Command) =>
      Session.of(verb).list<ProfileEntry>(
        '/profiles',
        ['profil|slag|bok|versioner|avslutad', 'profile|kind|book|versions|ended'],
        ({ profile: name, versions, ended }) => [
          name,
          versions[0]!.settings.kind,
          versions[0]!.settings.book,
          versions.map(({ version, validFrom }) => `${version}: ${validFrom}`).join(', '),
          ended ? say('ja', 'yes') : '',
        ],
      ),
    );
  profile
    .command('end')
    .description(say('avsluta en profil: den tar inte emot fler filer', 'end a profile: it takes no more files'))
    .argument('<name>', say('profilens namn', 'the profile’s name'))
    .action((name: string, _: unknown, verb: Command) => Session.of(verb).write(path(name, 'end'), {}));
  return profile;
}

function settingsOf(versions: ProfileEntry['versions'], asked: string | undefined, say: Say): ProfileSettings {
  const found = versions.reduce((newest, version) => (version.version > newest.version ? version : newest));
  if (asked === undefined) return found.settings;
  const version = versions.find((one) => String(one.version) === asked);
  if (version) return version.settings;
  throw new WrongUsage(say(`Profilen har ingen version ${asked}.`, `The profile has no version ${asked}.`));
}
