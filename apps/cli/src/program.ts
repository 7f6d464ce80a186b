/** The whole of `liggare`: its global options, its verbs and its manual, in the language asked for. */
import { Command, Option } from 'commander';
import type { Language } from '#ledger';
import { accountVerbs, allotVerb, decisionVerbs, grantVerbs, periodVerbs, unitVerbs } from './verbs-register.js';
import { changeVerbs, postVerbs, voucherVerbs } from './verbs-vouchers.js';
import { exportVerbs } from './verbs-export.js';
import { findingVerbs } from './verbs-finding.js';
import { hintVerbs } from './verbs-hint.js';
import { importVerbs } from './verbs-import.js';
import { ledgerVerbs } from './verbs-ledger.js';
import { profileVerbs } from './verbs-profile.js';
import { reportVerbs } from './verbs-reports.js';
import { startVerbs } from './verbs-start.js';
import { storeVerbs } from './verbs-store.js';
import { complaint, sayIn, titleIn, type Say } from './words.js';

/** The program; its verbs act when it is parsed. */
export function program(language: Language): Command {
  const say = sayIn(language);
  const root = new Command('liggare')
    .description(say('Liggare över riktade statsbidrag.', 'A ledger of targeted state grants.'))
    .version('0.1.0', '--version', say('visa version', 'show the version'))
    .addOption(new Option('--ledger <folder>', say('liggarens mapp', 'the ledger’s folder')).env('LIGGARE_LEDGER').default('./ledger'))
    .addOption(new Option('--lang <language>', say('språk', 'language')).choices(['sv', 'en']).env('LIGGARE_LANG').default('sv'))
    .addOption(
      new Option('--format <format>', say('hur svaret visas', 'how answers are shown')).choices(['table', 'json', 'csv']).default('table'),
    )
    .addOption(
      new Option(
        '--unit <unit>',
        say(
          'beloppens enhet i rapporter; annars tkr i as-printed, kr i de andra',
          'the unit of amounts in reports; else tkr in as-printed, kr in the others',
        ),
      ).choices(['kr', 'tkr', 'mkr']),
    )
    .option('--dry-run', say('visa verkan, lagra inget (alla verb som skriver)', 'show the effect, store nothing (all verbs that write)'))
    .option(
      '--key <key>',
      say('nyckel: samma nyckel lagrar en gång, hur ofta den än sänds', 'key: the same key stores once, however often it is sent'),
    );
  for (const verb of [
    ...ledgerVerbs(say),
    grantVerbs(say),
    decisionVerbs(say),
    unitVerbs(say),
    accountVerbs(say),
    allotVerb(say),
    ...postVerbs(say),
    ...changeVerbs(say),
    voucherVerbs(say),
    ...periodVerbs(say),
    importVerbs(say),
    profileVerbs(say),
    findingVerbs(say),
    hintVerbs(say),
    exportVerbs(say),
    startVerbs(say),
    reportVerbs(say),
    storeVerbs(say),
  ]) {
    root.addCommand(verb);
  }
  root.addHelpText(
    'after',
    say(
      `
Belopp skrivs som i Sverige eller med punkt: "1 000,00", "-1000", "−1 000" eller 1000.00. Datum: ÅÅÅÅ-MM-DD. Period: ÅÅÅÅ-MM; 13 till 16 är bokslut.
Om en server har liggaren öppen går anropet till den, annars öppnas liggaren här.
Hjälp om ett verb: liggare help post cost

Slutkoder: 0 klart, 1 en regel säger nej, 2 fel i anropet, 3 inget lagrat eller liggaren nås inte, 4 oklart om det lagrades, 5 programfel.`,
      `
Amounts are written as in Sweden or with a point: "1 000,00", "-1000", "−1 000" or 1000.00. Dates: YYYY-MM-DD. Period: YYYY-MM; 13 to 16 close the year.
Where a server holds the ledger the request goes to it, otherwise the ledger is opened here.
Help on a verb: liggare help post cost

Exit codes: 0 done, 1 a rule says no, 2 wrong usage, 3 not stored or the ledger cannot be reached, 4 not known whether it was stored, 5 a fault of the program.`,
    ),
  );
  for (const verb of everyVerb(root)) {
    verb
      .exitOverride()
      .configureOutput({ outputError: (text, write) => write(complaint(text, language)) })
      .configureHelp({ styleTitle: (title) => titleIn(title, language) })
      .helpOption(
        '-h, --help',
        verb === root
          ? say('visa hjälp', 'show help')
          : say(
              'visa hjälp; val som alla verb har, till exempel --dry-run: liggare --help',
              'show help; options of every verb, for example --dry-run: liggare --help',
            ),
      )
      .showHelpAfterError(false);
    if (verb.commands.length) helpOn(verb, say);
  }
  return root;
}

/** `liggare help profile try`: the library's own help knows one word only. */
function helpOn(above: Command, say: Say): void {
  above
    .helpCommand(false)
    .command('help')
    .description(say('visa hjälp om ett verb', 'help on a verb'))
    .argument('[verb...]', say('verbet, till exempel import file', 'the verb, for example import file'))
    .action((verbs: readonly string[]) => {
      let at = above;
      for (const name of verbs) {
        const below = at.commands.find((one) => one.name() === name || one.aliases().includes(name));
        at = below ?? at.error(`error: unknown command '${name}'`);
      }
      at.help();
    });
}

const everyVerb = (verb: Command): Command[] => [verb, ...verb.commands.flatMap(everyVerb)];
