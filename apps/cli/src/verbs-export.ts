/** export: the books as SIE for other systems, and their lines as a table. Written to stdout or to a file, byte for byte as the API gives them. */
import { Command } from 'commander';
import { writeTo } from './files.js';
import { Session } from './session.js';
import { examples, needed, type Say } from './words.js';

type Asked = { readonly out?: string; readonly [name: string]: string | boolean | undefined };

export function exportVerbs(say: Say): Command {
  const exports = new Command('export').description(
    say(
      'skriv ut böckerna: SIE till andra system, CSV till Power BI och Stratsys',
      'write the books out: SIE for other systems, CSV for Power BI and Stratsys',
    ),
  );
  const verb = (name: string, sv: string, en: string) =>
    exports
      .command(name)
      .description(say(sv, en))
      .addOption(needed('--year <year>', say('bokföringsår', 'fiscal year')))
      .option('--from <period>', say('från och med period', 'first period'))
      .option('--through <period>', say('till och med period', 'last period'))
      .option('--book <book>', say('bara denna bok; own är det som bokförts här', 'this book only; own is what was posted here'))
      .option('--out <file>', say('filen att skriva; annars standard ut', 'the file to write; else standard output'))
      .action((asked: Asked, of: Command) => written(Session.of(of), name, asked));
  const asSie = (of: Command) =>
    of
      .option(
        '--dimension <number>',
        say('dimensionen som bär bidragskoden; 20 om inget anges', 'the dimension that carries the grant code; 20 where left out'),
      )
      .option('--checksum', say('med kontrollsumma (#KSUMMA)', 'with a control sum (#KSUMMA)'));
  examples(
    asSie(
      verb('sie', 'SIE typ 4 i CP437: 4E med saldon för året, eller 4I', 'SIE type 4 in CP437: 4E with balances for the year, or 4I'),
    ).option(
      '--kind <kind>',
      say(
        '4E (hela året) eller 4I (verifikationer; av boken own utan nummer, att bokföra i ekonomisystemet)',
        '4E (the whole year) or 4I (vouchers; of the book own without numbers, for the ERP to book)',
      ),
      '4E',
    ),
    say,
    'liggare export sie --year 2023 --out 2023.se',
    'liggare export sie --year 2023 --kind 4I --book own --from 2023-05 --through 2023-05 --out bokforingsorder.si',
  );
  examples(
    asSie(
      verb(
        'selection',
        'summor som SIE typ 3 (#PSALDO med objekt), också för ett urval',
        'sums as SIE type 3 (#PSALDO with objects), also of a selection',
      ),
    ),
    say,
    'liggare export selection --year 2023 --book urval --out urval.se',
  );
  examples(
    verb(
      'csv',
      'varje rad som en tabell: UTF-8 med BOM, semikolon, decimalkomma',
      'every line as a table: UTF-8 with BOM, semicolons, decimal comma',
    )
      .option('--scope <unit>', say('en enhet och allt under den', 'a unit and all below it'))
      .option('--grant <code>', say('bara detta bidrag', 'this grant only')),
    say,
    'liggare export csv --year 2023 --scope RS --out rader-2023.csv',
  );
  examples(
    exports
      .command('profile')
      .description(
        say(
          'profilen som läser in en SIE-export i en annan liggare med samma enheter och bidrag: samma belopp, koder och nummer',
          'the profile that reads a SIE export into another ledger with the same units and grants: the same amounts, codes and numbers',
        ),
      )
      .addOption(needed('--book <book>', say('boken som verifikationerna ska in i', 'the book that the vouchers are to go into')))
      .option(
        '--dimension <number>',
        say(
          'dimensionen som bär bidragskoden i exporten; 20 om inget anges',
          'the dimension that carries the grant code in the export; 20 where left out',
        ),
      )
      .action(async (query: { readonly book: string; readonly dimension?: string }, of: Command) => {
        const session = Session.of(of);
        session.out(
          JSON.stringify(await session.at((door) => door.json<object>({ method: 'GET', path: '/exports/profile', query })), null, 2),
        );
      }),
    say,
    'liggare export profile --book erp > tillbaka.json',
    'liggare profile set tillbaka tillbaka.json --from 2023-01-01',
  );
  return exports;
}

async function written(session: Session, name: string, { out, ...asked }: Asked): Promise<void> {
  const { say } = session;
  const query = Object.fromEntries(Object.entries(asked).map(([field, value]) => [field, value === undefined ? undefined : String(value)]));
  const { bytes, leftOut } = await session.at((door) => door.ask({ method: 'GET', path: `/exports/${name}`, query }));
  if (leftOut !== undefined)
    session.err(
      say(
        `Urval är inte med, för de är inga hela verifikat: ${leftOut}`,
        `Selections are left out, since they are no whole vouchers: ${leftOut}`,
      ),
    );
  if (out === undefined) return void process.stdout.write(bytes);
  writeTo(out, bytes, say);
  session.err(say(`Skrivet: ${out}, ${bytes.length} byte`, `Written: ${out}, ${bytes.length} bytes`));
}
