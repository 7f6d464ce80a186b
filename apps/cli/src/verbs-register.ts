/** Verbs of the register: grant, decision, unit, account-classes, close-period, reopen-period, allot. */
import { Command, Option } from 'commander';
import type { DecisionEntry, GrantEntry, UnitEntry } from '#projections';
import { swedishKronor, parseOre } from '#ledger';
import { amountText, classOf, mandateOf, type MandateOptions } from './line-text.js';
import { Session } from './session.js';
import { examples, needed, type Say } from './words.js';

type Wired<T> = { readonly [K in keyof T as K extends `${infer Name}Ore` ? Name : K]: K extends `${string}Ore` ? string : T[K] };
const path = (...parts: readonly string[]) => `/${parts.map(encodeURIComponent).join('/')}`;
const collect = (text: string, before: readonly string[] = []) => [...before, text];

export function grantVerbs(say: Say): Command {
  const grant = new Command('grant').description(
    say('bidragskoder (objekt): lägg upp, döp om, avsluta, lista', 'grant codes: add, rename, end, list'),
  );
  examples(
    grant
      .command('add')
      .description(say('lägg upp ett bidrag', 'register a grant'))
      .argument('<code>', say('bidragskod', 'grant code'))
      .argument('<name>', say('namn', 'name'))
      .addOption(needed('--from <date>', say('första dag', 'first day')))
      .option('--predecessor <code>', say('bidraget det följer på', 'the grant it follows upon'))
      .action((code: string, name: string, { from, predecessor }: { from: string; predecessor?: string }, verb: Command) =>
        Session.of(verb).write('/grants', { grant: code, name, validFrom: from, predecessor }),
      ),
    say,
    'liggare grant add 9916 "Nära vård, ök kvalitet i hsn" --from 2023-01-01',
  );
  examples(
    grant
      .command('rename')
      .description(say('ge ett bidrag nytt namn från en dag', 'give a grant a new name from a day on'))
      .argument('<code>', say('bidragskod', 'grant code'))
      .argument('<name>', say('det nya namnet', 'the new name'))
      .addOption(needed('--from <date>', say('från vilken dag', 'from which day')))
      .action((code: string, name: string, { from }: { from: string }, verb: Command) =>
        Session.of(verb).write(path('grants', code, 'names'), { name, validFrom: from }),
      ),
    say,
    'liggare grant rename 9916 "God och nära vård" --from 2024-01-01',
  );
  examples(
    grant
      .command('end')
      .description(say('avsluta ett bidrag vars saldo och öppna år är noll', 'end a grant whose balance and open years are zero'))
      .argument('<code>', say('bidragskod', 'grant code'))
      .addOption(needed('--last-day <date>', say('sista dag', 'last day')))
      .option('--successor <code>', say('bidraget som tar över', 'the grant that takes over'))
      .action((code: string, { lastDay, successor }: { lastDay: string; successor?: string }, verb: Command) =>
        Session.of(verb).write(path('grants', code, 'end'), { lastDay, successor }),
      ),
    say,
    'liggare grant end 9957 --last-day 2023-12-31',
  );
  grant
    .command('list')
    .description(say('lista bidragen', 'list the grants'))
    .action((_: unknown, verb: Command) =>
      Session.of(verb).list<GrantEntry>(
        '/grants',
        ['kod|namn|från|till|undantag', 'code|name|from|to|exempt'],
        ({ grant: code, names, validFrom, lastDay, exemptions }) => [
          code,
          names.at(-1)!.name,
          validFrom,
          lastDay ?? '',
          exemptions.map(({ year, decision }) => `${year}${decision ? ` ${decision}` : ''}`).join(', '),
        ],
      ),
    );
  return grant;
}

export function decisionVerbs(say: Say): Command {
  const decision = new Command('decision').description(
    say('bidragsbeslut: lägg upp, ändra villkor, rapportera, undanta, lista', 'decisions: add, change terms, report, exempt, list'),
  );
  examples(
    withTerms(
      decision
        .command('add')
        .description(say('lägg upp ett beslut', 'register a decision'))
        .argument('<decision>', say('beslutets namn här', 'its name here'))
        .addOption(needed('--grant <code>', say('bidragskod', 'grant code'))),
      say,
    ).action((name: string, { grant, ...terms }: TermOptions & { grant: string }, verb: Command) =>
      Session.of(verb).write('/decisions', { decision: name, grant, terms: termsOf(terms) }),
    ),
    say,
    'liggare decision add 9916-2023-1 --grant 9916 --agency Socialstyrelsen --dnr 9.3-2417/2023 --kind conditional \\\n      --awarded "12 900 000" --grant-year 2023 --received-to liability --restriction 2023-01-01..2023-12-31',
  );
  examples(
    withTerms(
      decision
        .command('change')
        .description(say('sätt alla villkor på nytt från en dag', 'set all terms anew from a day on'))
        .argument('<decision>', say('beslutets namn (liggare decision list)', 'the decision’s name (liggare decision list)'))
        .addOption(needed('--from <date>', say('från vilken dag', 'from which day')))
        .addOption(needed('--reason <text>', say('varför', 'why'))),
      say,
    ).action((name: string, { from, reason, ...terms }: TermOptions & { from: string; reason: string }, verb: Command) =>
      Session.of(verb).write(path('decisions', name, 'changes'), { validFrom: from, reason, terms: termsOf(terms) }),
    ),
    say,
    'liggare decision change 9918-2023-1 --from 2023-11-07 --reason "Nytt brev" --agency Socialstyrelsen --dnr 6.7-4102/2023 --kind conditional \\\n      --awarded "10 250 000" --grant-year 2023 --received-to liability --restriction 2023-07-01..2024-12-31 --carry-over',
  );
  examples(
    decision
      .command('report')
      .description(say('anteckna vad som redovisats till myndigheten', 'record what was reported to the agency'))
      .argument('<decision>', say('beslutets namn (liggare decision list)', 'the decision’s name (liggare decision list)'))
      .argument('<amount>', say('kronor', 'kronor'))
      .addOption(needed('--date <date>', say('när', 'when')))
      .option('--dnr <text>', say('vårt diarienummer', 'our reference'))
      .action((name: string, amount: string, { date, dnr }: { date: string; dnr?: string }, verb: Command) =>
        Session.of(verb).write(path('decisions', name, 'reports'), { amount: amountText(amount), date, diarienummer: dnr }),
      ),
    say,
    'liggare decision report 9916-2023-1 "10 347 000" --date 2024-03-20',
  );
  examples(
    decision
      .command('exempt')
      .description(
        say(
          'undanta ett bidrag (eller ett av dess beslut) från resultatneutralitet ett år',
          'exempt a grant, or one of its decisions, from neutrality in a year',
        ),
      )
      .argument('<grant>', say('bidragskod', 'grant code'))
      .argument('<year>', say('vilket år', 'which year'))
      .addOption(needed('--reference <text>', say('beslutet om undantag', 'what it rests on')))
      .addOption(needed('--reason <text>', say('varför', 'why')))
      .option('--decision <decision>', say('bara detta beslut', 'this decision only'))
      .action(
        (
          grant: string,
          year: string,
          { reference, reason, decision: only }: { reference: string; reason: string; decision?: string },
          verb: Command,
        ) => Session.of(verb).write('/exemptions', { grant, year: Number(year), decision: only, reference, reason }),
      ),
    say,
    'liggare decision exempt 9929 2023 --reference "RS/1187/2023 § 9" --reason "Prestationsbaserat"',
  );
  decision
    .command('unexempt')
    .description(say('ta tillbaka ett undantag', 'withdraw an exemption'))
    .argument('<grant>', say('bidragskod', 'grant code'))
    .argument('<year>', say('vilket år', 'which year'))
    .addOption(needed('--reason <text>', say('varför', 'why')))
    .option('--decision <decision>', say('undantaget av bara detta beslut', 'the exemption of this decision only'))
    .action((grant: string, year: string, { reason, decision: only }: { reason: string; decision?: string }, verb: Command) =>
      Session.of(verb).write('/exemptions/withdrawals', { grant, year: Number(year), decision: only, reason }),
    );
  decision
    .command('list')
    .description(say('lista besluten', 'list the decisions'))
    .action((_: unknown, verb: Command) =>
      Session.of(verb).list<Wired<DecisionEntry>>(
        '/decisions',
        ['beslut|bidrag|myndighet|diarienummer|år|slag|beviljat', 'decision|grant|agency|diarienummer|year|kind|awarded'],
        ({ decision: name, grant, versions }) => {
          const { agency, diarienummer, grantYear, kind, awarded } = versions.at(-1)!.terms as unknown as {
            agency: string;
            diarienummer: string;
            grantYear: number;
            kind: string;
            awarded: string;
          };
          return [name, grant, agency, diarienummer, String(grantYear), kind, { right: swedishKronor(parseOre(awarded)) }];
        },
      ),
    );
  return decision;
}

type TermOptions = {
  agency: string;
  dnr: string;
  legalBasis?: string;
  kind: string;
  awarded: string;
  conditions?: string;
  restriction?: string;
  grantYear: string;
  carryOver?: boolean;
  receivedTo: string;
  decided?: string;
  requisitionBy?: string;
  reportBy?: string;
  repayBy?: string;
};

function withTerms(verb: Command, say: Say): Command {
  return verb
    .addOption(needed('--agency <name>', say('myndighet', 'agency')))
    .addOption(needed('--dnr <text>', say('myndighetens diarienummer', 'the agency’s reference')))
    .addOption(needed('--kind <kind>', say('slag', 'kind')).choices(['conditional', 'performance', 'unconditional', 'mediated']))
    .addOption(needed('--awarded <amount>', say('beviljat, kronor', 'awarded, kronor')))
    .addOption(needed('--grant-year <year>', say('bidragsår', 'grant year')))
    .addOption(needed('--received-to <where>', say('vart pengarna går', 'where its money goes')).choices(['liability', 'income']))
    .option('--carry-over', say('får föras över till nästa år', 'may be carried over'))
    .option('--legal-basis <text>', say('författning', 'legal basis'))
    .option('--conditions <text>', say('villkor', 'conditions'))
    .option('--restriction <from..to>', say('restriktion, första och sista dag', 'restriction, first and last day'))
    .option('--decided <date>', say('beslutsdag', 'decided on'))
    .option('--requisition-by <date>', say('rekvirera senast', 'draw down by'))
    .option('--report-by <date>', say('redovisa senast', 'report by'))
    .option('--repay-by <date>', say('återbetala senast', 'repay by'));
}

function termsOf({ dnr, awarded, grantYear, restriction, decided, carryOver = false, ...rest }: TermOptions): object {
  const [restrictionFrom, restrictionTo] = restriction?.split('..') ?? [];
  return {
    ...rest,
    diarienummer: dnr,
    awarded: amountText(awarded),
    grantYear: Number(grantYear),
    carryOver,
    restrictionFrom: restrictionFrom || undefined,
    restrictionTo: restrictionTo || undefined,
    decidedOn: decided,
  };
}

export function unitVerbs(say: Say): Command {
  const unit = new Command('unit').description(say('enheter: lägg upp eller ändra, avsluta, lista', 'units: add or change, end, list'));
  examples(
    unit
      .command('add')
      .description(
        say(
          'lägg upp en enhet, eller ge den nytt namn, slag eller läge från en dag',
          'add a unit, or give one a new name, kind or place from a day on',
        ),
      )
      .argument('<unit>', say('enhetens kod', 'the unit’s code'))
      .argument('<name>', say('namn', 'name'))
      .addOption(needed('--kind <kind>', say('slag', 'kind')).choices(['board', 'administration', 'unit']))
      .addOption(needed('--under <unit>', say('enheten ovanför', 'the unit above')))
      .addOption(needed('--from <date>', say('från vilken dag', 'from which day')))
      .action((code: string, name: string, { kind, under, from }: { kind: string; under: string; from: string }, verb: Command) =>
        Session.of(verb).write('/units', { unit: code, name, kind, parent: under, validFrom: from }),
      ),
    say,
    'liggare unit add 614 "Regionstaben gemensamt" --kind unit --under RS --from 2023-01-01',
  );
  unit
    .command('end')
    .description(say('avsluta en enhet', 'end a unit'))
    .argument('<unit>', say('enhetens kod', 'the unit’s code'))
    .addOption(needed('--last-day <date>', say('sista dag', 'last day')))
    .action((code: string, { lastDay }: { lastDay: string }, verb: Command) =>
      Session.of(verb).write(path('units', code, 'end'), { lastDay }),
    );
  unit
    .command('list')
    .description(say('lista enheterna', 'list the units'))
    .action((_: unknown, verb: Command) =>
      Session.of(verb).list<UnitEntry>(
        '/units',
        ['enhet|namn|slag|under|från|till', 'unit|name|kind|under|from|to'],
        ({ unit: code, versions, lastDay }) => {
          const { name, kind, parent, validFrom } = versions.at(-1)!;
          return [code, name, kind, parent ?? '', validFrom, lastDay ?? ''];
        },
      ),
    );
  return unit;
}

export function accountVerbs(say: Say): Command {
  const classes = new Command('account-classes').description(say('kontoklasser: vad kontona är', 'account classes: what the accounts are'));
  examples(
    classes
      .command('set')
      .description(
        say('sätt alla klasser från en dag; det som redan bokförts ligger kvar', 'set all classes from a day on; what is posted stays'),
      )
      .addOption(needed('--from <date>', say('från vilken dag', 'from which day')))
      .addOption(
        needed(
          '--class <class>',
          say(
            'från-till slag [internal] [namn]; slag är balance, grant-liability, income, cost, reallocation',
            'from-to kind [internal] [name]; kinds are balance, grant-liability, income, cost, reallocation',
          ),
        ).argParser(collect),
      )
      .action(({ from, class: given }: { from: string; class: string[] }, verb: Command) =>
        Session.of(verb).write('/settings/account-classes', { validFrom: from, classes: given.map((text) => classOf(text, say)) }),
      ),
    say,
    'liggare account-classes set --from 2024-01-01 --class "1000-2999 balance" --class "3000-3999 income" --class "4000-8999 cost Kostnader"',
  );
  classes
    .command('list')
    .description(say('visa klasserna', 'show the classes'))
    .action(async (_: unknown, verb: Command) => {
      const session = Session.of(verb);
      const answer = await session.at((door) =>
        door.json<{
          accountClasses: { validFrom: string; classes: { from: string; to: string; kind: string; internal?: boolean; name?: string }[] }[];
        }>({ method: 'GET', path: '/settings' }),
      );
      const rows = answer.accountClasses.flatMap(({ validFrom, classes: of }) =>
        of.map(({ from, to, kind, internal, name = '' }) => [validFrom, from, to, kind, internal ? 'internal' : '', name]),
      );
      session.show(answer, ['från dag|från|till|slag|internt|namn', 'from day|from|to|kind|internal|name'], rows);
    });
  return classes;
}

export function periodVerbs(say: Say): Command[] {
  return [
    examples(
      new Command('close-period')
        .description(say('stäng en period', 'close a period'))
        .argument('<period>', 'YYYY-MM')
        .action((period: string, _: unknown, verb: Command) => Session.of(verb).write(path('periods', period, 'closure'), {})),
      say,
      'liggare close-period 2023-05',
    ),
    examples(
      new Command('reopen-period')
        .description(say('öppna en stängd period igen', 'open a closed period again'))
        .argument('<period>', 'YYYY-MM')
        .addOption(needed('--approver <who>', say('vem som godkänt', 'who approved')))
        .addOption(needed('--reason <text>', say('varför', 'why')))
        .action((period: string, options: { approver: string; reason: string }, verb: Command) =>
          Session.of(verb).write(path('periods', period, 'reopening'), { approver: options.approver, reason: options.reason }),
        ),
      say,
      'liggare reopen-period 2023-05 --approver Ekonomidirektören --reason "Sen faktura"',
    ),
  ];
}

export function allotVerb(say: Say): Command {
  return examples(
    withMandate(
      new Command('allot')
        .description(
          say('tilldela en enhet av ett besluts pengar (flyttar inga pengar)', 'allot a decision’s money to a unit (moves no money)'),
        )
        .argument('<decision>', say('beslutets namn (liggare decision list)', 'the decision’s name (liggare decision list)'))
        .argument('<unit>', say('enhetens kod', 'the unit’s code'))
        .argument(
          '<amount>',
          say('kronor; under noll drar tillbaka (skriv −500 eller -- -500)', 'kronor; below zero takes back (write −500 or -- -500)'),
        )
        .addOption(needed('--date <date>', say('när', 'when'))),
      say,
    ).action((decision: string, unit: string, amount: string, { date, ...mandate }: { date: string } & MandateOptions, verb: Command) =>
      Session.of(verb).write('/allotments', { decision, unit, amount: amountText(amount), date, mandate: mandateOf(mandate, say) }),
    ),
    say,
    'liggare allot 9916-2023-1 614 "12 487 786" --date 2023-04-26 --board "RS/412/2023 § 87 2023-04-26"',
  );
}

/** The options that name what an act rests on. */
export function withMandate(verb: Command, say: Say): Command {
  return verb
    .addOption(
      new Option(
        '--board <mandate>',
        say('nämndens beslut: "diarienummer § paragraf datum"', 'the board’s mandate: "diarienummer § paragraph date"'),
      ),
    )
    .addOption(new Option('--assembly <mandate>', say('fullmäktiges beslut, på samma sätt', 'the assembly’s, likewise')))
    .addOption(new Option('--delegate <mandate>', say('delegationsbeslut: "nummer datum vem"', 'a delegate’s: "number date who"')));
}
