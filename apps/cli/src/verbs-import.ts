/** import: a file into the ledger with its progress, what has been imported, and a selection's control totals. */
import { Command } from 'commander';
import { swedishInteger } from '#ledger';
import type { ImportEntry } from '#projections';
import { WrongUsage } from './exit.js';
import { asNewText, countsText, leftOutText, sendFile, sendTotals, shareOf, vouchersText } from './import-file.js';
import type { Imported, Progress } from './import-file.js';
import { Session } from './session.js';
import { tellTies } from './ties.js';
import { examples, needed, statusIn, type Say } from './words.js';

/** `progress`: where the server is at it; one that is open without may have stopped. `elsewhere`: it began on another machine. */
type Entry = ImportEntry & { readonly progress: Progress | null; readonly elsewhere: boolean };
type Shown = Omit<Entry, 'leftOut'> & {
  readonly leftOut: Imported['leftOut'];
  readonly listed: readonly { readonly row: number; readonly text: string }[];
};

const path = (...parts: readonly string[]) => `/imports/${parts.map(encodeURIComponent).join('/')}`;
type FileOptions = {
  readonly profile?: string;
  readonly year?: string;
  readonly consent?: string;
  readonly new?: readonly string[];
  readonly control?: string;
  readonly differences?: string;
};

const consentHelp = (say: Say) =>
  say('medgivande till just de ändringar som avvisningen räknade upp', 'consent to exactly the changes that the refusal listed');

const differencesHelp = (say: Say) =>
  say(
    'med --dry-run: skriv allt som filen skulle ändra till denna fil (CSV), en verifikation per rad',
    'with --dry-run: write all that the file would change to this file (CSV), a voucher a row',
  );

const newHelp = (say: Say) =>
  say(
    'en verifikation som filen frågar om (flyttad, eller utan nummer och ändrad) och som är ny, inte den som redan finns; kan anges flera gånger',
    'a voucher that the file asks about (moved, or without a number and changed) and that is new, not the known one; may be given again',
  );
const more = (voucher: string, before: readonly string[] = []) => [...before, voucher];
const importHelp = (say: Say) => say('importens namn (liggare import list)', 'the import’s name (liggare import list)');
export function importVerbs(say: Say): Command {
  const imports = new Command('import').description(
    say('läs in ekonomisystemets filer, och visa vad som lästs in', 'import the ERP’s files, and show what was imported'),
  );
  imports.addHelpText(
    'after',
    say('\nAtt läsa in en fil, med alla val: liggare help import file', '\nTo import a file, with all options: liggare help import file'),
  );
  examples(
    imports
      .command('file', { isDefault: true })
      .description(
        say('läs in en fil genom en profil: liggare import FIL --profile P', 'import a file by a profile: liggare import FILE --profile P'),
      )
      .argument(
        '<file>',
        say('SIE, CSV eller Excel: formatet känns igen på innehållet', 'SIE, CSV or Excel: recognised from what is in it'),
      )
      .option(
        '--profile <profile>',
        say('profilen som filen läses med (liggare profile)', 'the profile that it is read by (liggare profile)'),
      )
      .option('--year <year>', say('bokföringsår; filens eget om inget anges', 'fiscal year; the file’s own where left out'))
      .option('--differences <file>', differencesHelp(say))
      .option('--consent <code>', consentHelp(say))
      .option('--new <voucher>', newHelp(say), more)
      .option(
        '--control <file>',
        say(
          'kontrollsummor till ett urval, CSV eller Excel: konto, bidrag, period, belopp',
          'control totals of a selection, CSV or Excel: account, grant, period, amount',
        ),
      )
      .action((file: string, asked: FileOptions, verb: Command) => importFile(Session.of(verb), file, asked)),
    say,
    'liggare import 2023-05.se --profile raindance --dry-run',
    'liggare import 2023-05.se --profile raindance',
    'liggare import urval.xlsx --profile urval --control kontrollsummor.csv',
  );
  examples(
    imports
      .command('csv')
      .description(
        say('läs in en månads verifikationer, hela filen eller inget av den', 'import a month’s vouchers, the whole file or nothing of it'),
      )
      .argument('<file>', say('CSV i UTF-8, som nedan', 'CSV in UTF-8, as below'))
      .addOption(
        needed('--book <book>', say('bok: små bokstäver och siffror, till exempel erp', 'book: small letters and digits, for example erp')),
      )
      .addOption(needed('--year <year>', say('bokföringsår', 'fiscal year')))
      .option('--differences <file>', differencesHelp(say))
      .option('--consent <code>', consentHelp(say))
      .option('--new <voucher>', newHelp(say), more)
      .action(async (file: string, asked: { book: string; year: string } & FileOptions, verb: Command) => {
        const session = Session.of(verb);
        const { book, year, consent, new: asNew, differences } = asked;
        const dryRun = session.options.dryRun ? 'true' : undefined;
        const query = { book, year, consent, new: asNew?.join(' '), dryRun };
        await session.at((door) => sendFile(session, door, file, query, { differences }));
      }),
    say,
    'liggare import csv 2023-05.csv --book erp --year 2023 --dry-run',
    'liggare import csv 2023-05.csv --book erp --year 2023',
  ).addHelpText(
    'after',
    say(
      '\nFilen: kommatecken mellan fälten, UTF-8, kronor med punkt, debet +, kredit −. Kolumner (ordning fri): number, date, account, amount, unit;\nseries, period, grant, decision, text, counterparty, document, registered, counterpart om de finns. En rad är en konteringsrad; en\nverifikations rader står tillsammans och balanserar. Samma fil läses aldrig in två gånger.',
      '\nThe file: commas, UTF-8, kronor with a point, debit +, credit −. Columns (any order): number, date, account, amount, unit;\nseries, period, grant, decision, text, counterparty, document, registered, counterpart where there are any. A row is a line; the rows\nof a voucher stand together and balance. The same file is never imported twice.',
    ),
  );
  imports
    .command('list')
    .description(say('lista importerna', 'list the imports'))
    .action((_: unknown, verb: Command) =>
      Session.of(verb).list<Entry>(
        '/imports',
        [
          'import|läge|fil|profil|bok|år|verifikationer|iakttagelser|registrerad',
          'import|status|file|profile|book|year|vouchers|findings|recorded',
        ],
        ({ import: id, status, progress, file, profile, book, year, vouchers, findings, recordedAt }) => [
          id,
          progress ? `${statusIn(status, say)} ${Math.floor(100 * shareOf(progress))} %` : statusIn(status, say),
          file ?? '',
          profile ?? '',
          book,
          String(year ?? ''),
          { right: String(vouchers) },
          { right: String(findings) },
          recordedAt,
        ],
      ),
    );
  imports
    .command('show')
    .description(say('en import med sina iakttagelser', 'an import with its findings'))
    .argument('<import>', importHelp(say))
    .action(async (id: string, _: unknown, verb: Command) => {
      const session = Session.of(verb);
      const answer = await session.at((door) =>
        door.json<Shown>({
          method: 'GET',
          path: path(id),
          query: { limit: '10000' },
        }),
      );
      if (session.options.format === 'table') for (const line of aboutImport(answer, say)) session.out(line);
      session.show(
        answer,
        ['rad|iakttagelse', 'row|finding'],
        answer.listed.map(({ row, text }) => [{ right: String(row) }, text]),
      );
    });
  examples(
    imports
      .command('original')
      .description(say('filen som den var, byte för byte', 'the file as it was, byte for byte'))
      .argument('<import>', importHelp(say))
      .action(async (id: string, _: unknown, verb: Command) => {
        const { bytes } = await Session.of(verb).at((door) => door.ask({ method: 'GET', path: path(id, 'original') }));
        process.stdout.write(bytes);
      }),
    say,
    'liggare import original i-77520f1e998f-8885f1fe > 2023-05.se',
  );
  examples(
    imports
      .command('control')
      .description(
        say(
          'ange ekonomisystemets kontrollsummor för ett urval; de ersätter tidigare',
          'give the ERP’s control totals of a selection; they replace earlier ones',
        ),
      )
      .argument('<import>', importHelp(say))
      .argument('<file>', say('CSV eller Excel: konto, bidrag, period, belopp', 'CSV or Excel: account, grant, period, amount'))
      .action(async (id: string, file: string, _: unknown, verb: Command) => {
        const session = Session.of(verb);
        const { totals } = await session.at((door) => sendTotals(door, file, say));
        await session.write(path(id, 'control-totals'), { totals });
        if (!session.options.dryRun && session.options.format === 'table') await session.at((door) => tellTies(session, door, id));
      }),
    say,
    'liggare import control i-77520f1e998f-8885f1fe kontrollsummor.csv',
  );
  examples(
    imports
      .command('abandon')
      .description(
        say(
          'ge upp en import som är öppen; inget i den räknas, och filen kan läsas in på nytt',
          'give up an import that is open; nothing in it counts, and its file can be imported anew',
        ),
      )
      .argument('<import>', importHelp(say))
      .addOption(needed('--because <text>', say('varför (krävs)', 'why (required)')))
      .action((id: string, { because }: { because: string }, verb: Command) =>
        Session.of(verb).write(path(id, 'abandonment'), { because }),
      ),
    say,
    'liggare import abandon i-77520f1e998f-8885f1fe --because "fel fil"',
    'liggare import abandon i-77520f1e998f-8885f1fe --because "datorn som började den är borta"',
  ).addHelpText(
    'after',
    say(
      '\nEn import som stannat fortsätter av sig själv när servern startar, eller när samma fil läses in igen. Har flera datorer samma liggare\nfortsätter den bara på den dator där den började; är den borta för gott kan importen avbrytas från vilken som helst av de andra. Så länge\nen import är öppen tar dess bok och år inte emot en annan fil, och liggaren kan inte kopieras (liggare store copy).',
      '\nAn import that stopped goes on by itself when the server starts, or when the same file is imported again. Where several machines share a\nledger it goes on only on the machine where it began; where that is gone for ever the import can be abandoned from any of the others. While\nan import is open its book and year take no other file, and the ledger cannot be copied (liggare store copy).',
    ),
  );
  return imports;
}

async function importFile(session: Session, file: string, asked: FileOptions): Promise<void> {
  const { say, options } = session;
  const { profile, year, consent, new: asNew, control, differences } = asked;
  if (profile === undefined)
    throw new WrongUsage(
      say(
        `Ange med --profile hur ${file} ska läsas. Profilerna visas med liggare profile list, en utgångspunkt med liggare profile example sie.`,
        `Say by --profile how ${file} is to be read. The profiles are shown by liggare profile list, a starting point by liggare profile example sie.`,
      ),
    );
  await session.at(async (door) => {
    const given = control === undefined ? null : await sendTotals(door, control, say);
    const query = {
      profile,
      year,
      consent,
      new: asNew?.join(' '),
      control: given?.control,
      dryRun: options.dryRun ? 'true' : undefined,
    };
    const { import: id, outcome } = await sendFile(session, door, file, query, { control, differences });
    if (given === null || id === null || outcome === 'dry-run') return;
    if (outcome === 'already-imported')
      await door.json({ method: 'POST', path: path(id, 'control-totals'), body: { totals: given.totals } });
    await tellTies(session, door, id);
  });
}

/** What an import that is open waits for, or its user can do. */
function openText(id: string, progress: Progress | null, elsewhere: boolean, say: Say): string {
  if (progress) {
    const percent = Math.floor(100 * shareOf(progress));
    return progress.stage === 'posting'
      ? say(`Bokförs nu: ${percent} %.`, `Being posted: ${percent} %.`)
      : say(`Filen läses: ${percent} %.`, `Its file is being read: ${percent} %.`);
  }
  if (elsewhere)
    return say(
      `Inte klar, och inget i den räknas än. Den började på en annan dator, och bara den datorn fortsätter med den. Är den borta för gott: liggare import abandon ${id}`,
      `Not done, and nothing in it counts yet. It began on another machine, and only that machine goes on with it. Where it is gone for ever: liggare import abandon ${id}`,
    );
  return say(
    `Inte klar, och inget i den räknas än. Har den stannat: läs in samma fil igen så fortsätter den, eller avbryt den: liggare import abandon ${id}`,
    `Not done, and nothing in it counts yet. Where it has stopped: import the same file again and it goes on, or abandon it: liggare import abandon ${id}`,
  );
}

/** What an import was, a sentence a line, before its findings. */
function aboutImport(
  {
    import: id,
    file,
    status,
    progress,
    elsewhere,
    kind,
    profile,
    book,
    year,
    vouchers,
    corrections,
    asNew,
    counts,
    leftOut,
    tied,
    because,
    ...hashes
  }: Shown,
  say: Say,
): string[] {
  const { sha256, keptSha256 } = hashes;
  const kinds = kind === null ? '' : kind === 'selection' ? say(', urval', ', a selection') : say(', hela verifikat', ', whole vouchers');
  const by = profile === null ? '' : say(`, profil ${profile}`, `, profile ${profile}`);
  const ties =
    tied === null
      ? []
      : [
          tied
            ? say('Avstämt mot kontrollsummor.', 'Tied to its control totals.')
            : say('Ej avstämt: liggare report ties', 'Not tied: liggare report ties'),
        ];
  return [
    `${file ?? ''}  ${statusIn(status, say)}  ${book} ${year ?? ''}${kinds}${by}`,
    `${vouchersText(vouchers, say)}${corrections === 0 ? '' : `, ${swedishInteger(corrections)} ${say('rättade', 'corrected')}`}`,
    ...(counts ? [countsText(counts, say)] : []),
    ...(leftOut ? [leftOutText(leftOut, say)] : []),
    ...asNew.map((one) => asNewText(one, say)),
    ...ties,
    ...(because === null ? [] : [because]),
    ...(status === 'open' ? [openText(id, progress, elsewhere, say)] : []),
    `sha256 ${sha256}${keptSha256 === null ? '' : say(`; sparat är bara de valda raderna, ${keptSha256}`, `; only the chosen rows are kept, ${keptSha256}`)}`,
    '',
  ];
}
