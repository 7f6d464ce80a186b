/** start: a region's first day. The workbook to fill in, and what a filled-in one registers. */
import { Command } from 'commander';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { countText, swedishInteger } from '#ledger';
import type { Door } from './door.js';
import { Refused } from './exit.js';
import { sizeOf, writeTo } from './files.js';
import { Session } from './session.js';
import { cellText, examples, needed, type Say } from './words.js';

type Item = { readonly sheet: string; readonly row: number; readonly code: string };
type Found = { readonly sheet: string; readonly row: number; readonly column: string; readonly text: string };
type Started = {
  readonly outcome: 'registered' | 'nothing-new' | 'dry-run';
  readonly registered: readonly Item[];
  readonly already: readonly Item[];
  readonly findings: readonly Found[];
  readonly asks: readonly Found[];
  readonly consent: string | null;
  readonly consented: string | null;
  readonly vouchers: readonly string[];
};
type ReadOptions = { readonly year: string; readonly profile?: string; readonly consent?: string; readonly reason?: string };
type SieOptions = { readonly sie?: string; readonly dimension?: string };

export function startVerbs(say: Say): Command {
  const start = new Command('start').description(
    say(
      'starta en liggare: register, kontoklasser och ingående belopp ur en Excelmall',
      'start a ledger: register, account classes and carried-in amounts from an Excel template',
    ),
  );
  const withSie = (verb: Command) =>
    verb
      .option(
        '--sie <file>',
        say('SIE-fil med namnen på objekten och ingående balanser', 'a SIE file with the objects’ names and opening balances'),
      )
      .option('--dimension <number>', say('SIE-filens dimension för bidragskoder', 'the SIE file’s dimension of grant codes'));
  examples(
    withSie(
      start
        .command('template')
        .description(
          say(
            'skriv Excelmallen, med namn ur en SIE-fil om en anges',
            'write the Excel template, with names from a SIE file where one is given',
          ),
        )
        .argument('<file>', say('filen att skriva, till exempel start.xlsx', 'the file to write, for example start.xlsx')),
    ).action(async (out: string, { sie, dimension }: SieOptions, verb: Command) => {
      const session = Session.of(verb);
      const { bytes } = await session.at(async (door) => {
        const kept = sie === undefined ? undefined : await keptSie(door, sie, say);
        return door.ask({ method: 'GET', path: '/start/template', query: { sie: kept, dimension } });
      });
      writeTo(out, bytes, say);
      session.err(say(`Skrivet: ${out}, ${bytes.length} byte`, `Written: ${out}, ${bytes.length} bytes`));
    }),
    say,
    'liggare start template start.xlsx --sie 2023.se --dimension 20',
  );
  examples(
    withSie(
      start
        .command('read')
        .description(
          say(
            'registrera det som en ifylld mall innehåller, allt eller inget',
            'register what a filled-in template holds, all of it or nothing',
          ),
        )
        .argument('<file>', say('den ifyllda mallen (.xlsx)', 'the filled-in template (.xlsx)'))
        .addOption(
          needed('--year <year>', say('liggarens första år; belopp förs in i det', 'the ledger’s first year; amounts are carried into it')),
        )
        .option(
          '--consent <code>',
          say(
            'medgivande till just de skillnader som avvisningen räknade upp',
            'consent to exactly the differences that the refusal listed',
          ),
        )
        .option(
          '--reason <text>',
          say('varför de stämmer; krävs med --consent och sparas med det', 'why they are right; required with --consent, and kept'),
        )
        .option(
          '--profile <profile>',
          say('profilen som får bladet Ansvar som sina enheter', 'the profile that gets the sheet Ansvar as its units'),
        ),
    ).action(async (file: string, { year, profile, sie, dimension, consent, reason }: SieOptions & ReadOptions, verb: Command) => {
      const session = Session.of(verb);
      const { options } = session;
      const answer = await session.at(async (door) => {
        sizeOf(file, say);
        const kept = sie === undefined ? undefined : await keptSie(door, sie, say);
        const given = { year, profile, consent, reason, dimension };
        const query = { ...given, name: basename(file), sie: kept, dryRun: options.dryRun ? 'true' : undefined };
        return door.json<Started>({ method: 'POST', path: '/start', query, file: createReadStream(file) }).catch((error: unknown) => {
          const asked = error instanceof Refused ? (error.problem.facts as { readonly consent?: unknown }).consent : undefined;
          throw typeof asked === 'string' ? new Refused((error as Refused).problem, consentText(asked, say)) : error;
        });
      });
      tell(session, answer);
    }),
    say,
    'liggare start read start.xlsx --year 2023 --dry-run',
    'liggare start read start.xlsx --year 2023 --sie 2023.se --profile raindance',
  );
  return start;
}

/** What consents to exactly the differences that were listed. */
const consentText = (consent: string, say: Say): string =>
  say(
    `Om allt detta stämmer, ge ditt medgivande till just det: samma kommando med --consent ${consent} --reason "varför"`,
    `If all this is right, consent to exactly that: the same command with --consent ${consent} --reason "why"`,
  );

function tell(session: Session, { outcome, registered, already, findings, asks, consent, consented, vouchers }: Started): void {
  const { say, options } = session;
  if (options.format === 'json')
    return session.out(JSON.stringify({ outcome, registered, already, findings, asks, consent, consented, vouchers }, null, 2));
  const n = swedishInteger;
  if (outcome === 'nothing-new')
    session.out(
      findings.length > 0
        ? say('Inget nytt är lagrat.', 'Nothing new was stored.')
        : say('Allt i filen finns redan. Inget nytt är lagrat.', 'Everything in the file is there already. Nothing new was stored.'),
    );
  if (outcome === 'dry-run')
    session.out(
      say(
        `Prov: ${countText(registered.length, 'sak', 'saker')} skulle registreras. Inget är lagrat.`,
        `Dry run: ${countText(registered.length, 'thing', 'things')} would be registered. Nothing is stored.`,
      ),
    );
  if (outcome === 'registered')
    session.out(
      say(
        `Registrerat: ${countText(registered.length, 'sak', 'saker')}${vouchers.length ? `, ${vouchers.join(', ')}` : ''}`,
        `Registered: ${countText(registered.length, 'thing', 'things')}${vouchers.length ? `, ${vouchers.join(', ')}` : ''}`,
      ),
    );
  if (already.length) session.out(say(`Fanns redan: ${n(already.length)}`, `There already: ${n(already.length)}`));
  const perSheet = Map.groupBy(registered, ({ sheet }) => sheet);
  for (const [sheet, items] of perSheet) session.out(`  ${sheet}: ${items.map(({ code }) => code).join(', ')}`);
  if (consented !== null)
    session.out(
      say(
        `Ditt medgivande är noterat med skillnaderna: liggare finding list --all --import ${consented}`,
        `Your consent is recorded with the differences: liggare finding list --all --import ${consented}`,
      ),
    );
  for (const { sheet, row, column, text } of findings) session.err(`${cellText({ sheet, row, column }, say)}: ${text}`);
  if (outcome !== 'dry-run' || consent === null) return;
  session.err(
    say(
      'Skiljer sig från SIE-filens ingående balanser, och kräver ditt medgivande:',
      'Differs from the opening balances of the SIE file, and asks for your consent:',
    ),
  );
  for (const { sheet, row, column, text } of asks) session.err(`  ${cellText({ sheet, row, column }, say)}: ${text}`);
  session.err(consentText(consent, say));
}

async function keptSie(door: Door, file: string, say: Say): Promise<string> {
  sizeOf(file, say);
  return (await door.json<{ sie: string }>({ method: 'POST', path: '/start/sie', file: createReadStream(file) })).sie;
}
