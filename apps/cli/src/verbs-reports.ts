/** report: each report is one question to the API; the tables and CSV are made there. */
import { Command } from 'commander';
import { Session } from './session.js';
import { listTies, tellTies } from './ties.js';
import { examples, type Say } from './words.js';

type Asked = {
  scope?: string;
  year?: string;
  through?: string;
  from?: string;
  grant?: string;
  account?: string;
  decision?: string;
  effect?: string;
  limit?: string;
  after?: string;
};

/** About the ledger as a whole: no scope is asked for. */
const WHOLE: ReadonlySet<string> = new Set(['journal', 'completeness', 'unallotted']);

export function reportVerbs(say: Say): Command {
  const report = new Command('report').description(
    say('rapporter; varje tabell säger vilken enhet och period den gäller', 'reports; each table says its scope and period'),
  );
  const kinds: readonly (readonly [verb: string, route: string, sv: string, en: string, lines?: 'lines'])[] = [
    ['net', 'net', 'netto per bidrag', 'net per grant'],
    ['unit', 'units', 'per enhet', 'per unit'],
    ['period', 'periods', 'per period', 'per period'],
    ['neutrality', 'neutrality', 'vilka bidrag som är resultatneutrala', 'which grants are result-neutral'],
    ['ledger', 'ledger', 'huvudbok', 'general ledger', 'lines'],
    ['journal', 'journal', 'grundbok, i registreringsordning', 'journal, in the order of registration', 'lines'],
    ['as-printed', 'as-printed', 'tabellen som den trycks', 'the table as printed'],
    ['complete', 'complete', 'tabellen med varje kod på båda sidor', 'the table with each code on both sides'],
    ['without-code', 'without-grant-code', 'rader som saknar bidragskod', 'lines without a grant code', 'lines'],
    [
      'completeness',
      'completeness',
      'om grundbok, huvudbok och rapporter stämmer överens',
      'whether journal, general ledger and reports agree',
    ],
    ['unallotted', 'unallotted', 'ofördelat per beslut', 'unallotted per decision'],
  ];
  for (const [name, route, sv, en, lines] of kinds) {
    const verb = report.command(name).description(say(sv, en));
    if (name !== 'journal' && name !== 'completeness') {
      verb.option('--year <year>', say('år; det senaste om inget anges', 'year; the latest where left out'));
      if (name !== 'unallotted') {
        verb.option(
          '--scope <unit>',
          say('enhet och allt under den; hela regionen om inget anges', 'a unit and all below it; the region where left out'),
        );
        verb
          .option('--through <period>', say('till och med period', 'last period'))
          .option('--from <period>', say('från och med period', 'first period'));
      }
      if (lines || name === 'unit' || name === 'period') verb.option('--grant <code>', say('bara detta bidrag', 'this grant only'));
    }
    if (lines) {
      if (name !== 'journal')
        verb
          .option('--account <account>', say('bara detta konto', 'this account only'))
          .option('--decision <decision>', say('bara detta bidragsbeslut', 'this decision only'))
          .option(
            '--effect <effect>',
            say(
              'bara rader med den verkan: received, recognised, both, cost, reallocated, repaid, none',
              'only lines of that effect: received, recognised, both, cost, reallocated, repaid, none',
            ),
          );
      verb
        .option('--limit <rows>', say('högst så många rader', 'at most so many rows'))
        .option('--after <place>', say('fortsätt efter sidan före', 'go on after the page before'));
    }
    verb.action(async (asked: Asked, of: Command) => {
      const session = Session.of(of);
      const { format, unit } = session.options;
      const { scope, year, through, from, grant, account, decision, effect, limit, after } = asked;
      const query = {
        scope,
        year,
        through,
        from,
        grant,
        account,
        decision,
        effect,
        limit,
        after,
        format,
        unit,
      };
      const text = await session.at((door) => door.text({ method: 'GET', path: `/reports/${route}`, query }));
      session.out(text.replace(/\r?\n$/, ''));
    });
    examples(verb, say, `liggare report ${name}${WHOLE.has(name) ? '' : ' --scope RS --year 2023'}`);
  }
  examples(
    report
      .command('ties')
      .description(say('urval mot ekonomisystemets kontrollsummor', 'selections against the ERP’s control totals'))
      .option(
        '--import <import>',
        say(
          'ett urval, konto för konto med raderna bakom varje skillnad',
          'one selection, by account, with the lines behind each difference',
        ),
      )
      .action(({ import: id }: { import?: string }, of: Command) => {
        const session = Session.of(of);
        return id === undefined ? listTies(session) : session.at((door) => tellTies(session, door, id));
      }),
    say,
    'liggare report ties',
    'liggare report ties --import i-77520f1e998f-8885f1fe',
  );
  return report;
}
