/** Verbs that move money: post, recognise, correct, recode, reallocate; and voucher show. */
import { Command } from 'commander';
import { parseOre, swedishKronor } from '#ledger';
import type { VoucherAnswer } from '#projections';
import { amountText, lineOf, mandateOf, shareOf, type MandateOptions } from './line-text.js';
import { Session } from './session.js';
import { textTable } from '../../api/src/rows.js';
import { effectIn, examples, needed, type Say } from './words.js';
import { withMandate } from './verbs-register.js';

/** What a voucher is called. */
const VOUCHER = 'own-2023-17, erp-2023-LEV-3';
const collect = (text: string, before: readonly string[] = []) => [...before, text];
const voucherPath = (voucher: string, act: string) => `/vouchers/${encodeURIComponent(voucher)}/${act}`;

type DraftOptions = { date: string; period?: string; text: string; counterparty?: string; document?: string; line: string[] };

function drafted(verb: Command, route: string, say: Say): Command {
  return verb
    .addOption(needed('--date <date>', say('händelsedatum', 'event date')))
    .option('--period <period>', say('period; datumets månad om inget anges', 'period; the date’s month where left out'))
    .addOption(needed('--text <text>', say('vad det gäller', 'what it is about')))
    .option('--counterparty <name>', say('motpartens namn', 'the other party'))
    .option('--document <text>', say('underlag och var det finns', 'the document and where it is'))
    .addOption(needed('--line <line>', lineHelp(say)).argParser(collect))
    .action(({ date, period, text, counterparty, document, line }: DraftOptions, of: Command) =>
      Session.of(of).write(route, { eventDate: date, period, text, counterparty, document, lines: line.map((one) => lineOf(one, say)) }),
    );
}

const lineHelp = (say: Say) =>
  say(
    'rad: "konto belopp enhet=… [bidrag=…] [beslut=…] [motpart=…]", debet +, kredit −; upprepas, minst två som balanserar',
    'line: "account amount unit=… [grant=…] [decision=…] [counterpart=…]", debit +, credit −; repeated, at least two that balance',
  );

export function postVerbs(say: Say): Command[] {
  const post = new Command('post').description(
    say('bokför: receipt (inbetalning), cost (kostnad), repayment (återbetalning)', 'post: receipt, cost, repayment'),
  );
  examples(
    drafted(
      post.command('receipt').description(say('pengar från en myndighet', 'money received from an agency')),
      '/vouchers/receipts',
      say,
    ),
    say,
    'liggare post receipt --date 2023-02-03 --text "Utbetalning" --counterparty Socialstyrelsen --document 9.3-2417/2023 \\\n      --line "1930 6 450 000,00 enhet=614" --line "2971 -6 450 000,00 enhet=614 beslut=9916-2023-1"',
  );
  examples(
    drafted(
      post.command('cost').description(say('en kostnad, på ett bidrag eller utan bidragskod', 'a cost, on a grant or without one')),
      '/vouchers/costs',
      say,
    ),
    say,
    'liggare post cost --date 2023-05-03 --text "Konsult" --counterparty "Tallmon & Ek AB" --document F-23-04110 \\\n      --line "7010 1 000,00 enhet=614 bidrag=9916" --line "2440 -1 000,00 enhet=614"',
  );
  examples(
    drafted(
      post.command('repayment').description(say('pengar tillbaka till myndigheten', 'money paid back to the agency')),
      '/vouchers/repayments',
      say,
    ),
    say,
    'liggare post repayment --date 2024-03-28 --text "Outnyttjat" --counterparty Socialstyrelsen --document 9.3-2417/2023 \\\n      --line "2971 412 214,00 enhet=614 beslut=9916-2023-1" --line "1930 -412 214,00 enhet=614"',
  );
  const recognise = examples(
    drafted(
      new Command('recognise')
        .alias('recognize')
        .description(
          say('intäktsför, från skuld eller som upplupen fordran', 'recognise income, from the liability or as an accrued claim'),
        ),
      '/vouchers/recognitions',
      say,
    ),
    say,
    'liggare recognise --date 2023-05-31 --text "Intäktsföring maj" --line "2971 1 000,00 enhet=614 beslut=9916-2023-1" --line "3510 -1 000,00 enhet=614 beslut=9916-2023-1"',
  );
  return [post, recognise];
}

export function changeVerbs(say: Say): Command[] {
  const correct = examples(
    new Command('correct')
      .description(
        say(
          'rätta en verifikation: den tas tillbaka, och ersätts om rader anges',
          'correct a voucher: it is reversed, and replaced where lines are given',
        ),
      )
      .argument('<voucher>', VOUCHER)
      .addOption(needed('--reason <text>', say('varför', 'why')))
      .addOption(needed('--date <date>', say('när rättelsen sker', 'when the correction happens')))
      .option('--period <period>', say('öppen period', 'an open period'))
      .option('--line <line>', `${lineHelp(say)} ${say('(ersättaren)', '(the replacement)')}`, collect)
      .option('--text <text>', say('ersättarens text', 'the replacement’s text'))
      .option('--counterparty <name>', say('ersättarens motpart', 'the replacement’s other party'))
      .option('--document <text>', say('ersättarens underlag och var det finns', 'the replacement’s document and where it is'))
      .option('--event-date <date>', say('ersättarens händelsedatum', 'the replacement’s event date'))
      .action(
        (
          voucher: string,
          o: {
            reason: string;
            date: string;
            period?: string;
            line?: string[];
            text?: string;
            counterparty?: string;
            document?: string;
            eventDate?: string;
          },
          verb: Command,
        ) => {
          const { reason, date, period, line, text, counterparty, document, eventDate } = o;
          const replacement = line && { eventDate, text, counterparty, document, lines: line.map((one) => lineOf(one, say)) };
          return Session.of(verb).write(voucherPath(voucher, 'correction'), { reason, eventDate: date, period, replacement });
        },
      ),
    say,
    'liggare correct erp-2023-LEV-113 --reason "Fakturan bokförd två gånger" --date 2023-06-02',
    'liggare correct own-2023-4 --reason "Fel enhet" --date 2023-06-02 --line "7010 1 000,00 enhet=612 bidrag=9916" --line "2440 -1 000,00 enhet=612"',
  );
  const recode = examples(
    withMandate(
      new Command('recode')
        .description(say('koda om en kostnad till de bidrag den hör till', 'recode a cost to the grants it belongs to'))
        .argument('<voucher>', VOUCHER)
        .argument('<line>', say('radens nummer, från 1', 'the line’s number, from 1'))
        .addOption(
          needed(
            '--to <share>',
            say(
              '"bidrag[/beslut] [belopp|procent%]", "-" är utan bidragskod; upprepas; utan storlek tas allt',
              '"grant[/decision] [amount|per cent%]", "-" is without grant code; repeated; without a size takes all',
            ),
          ).argParser(collect),
        )
        .option(
          '--from <grant>',
          say(
            'bidraget kostnaden står på nu, "-" utan bidragskod; radens eget om inget anges',
            'the grant it stands on, "-" for none; the line’s own where left out',
          ),
        )
        .addOption(needed('--date <date>', say('när', 'when')))
        .option('--period <period>', say('öppen period', 'an open period'))
        .addOption(needed('--text <text>', say('varför', 'why'))),
      say,
    ).action(
      (
        voucher: string,
        line: string,
        o: { to: string[]; from?: string; date: string; period?: string; text: string } & MandateOptions,
        verb: Command,
      ) => {
        const { to, from, date, period, text, ...mandate } = o;
        const [grant, decision] = (from === '-' ? '' : (from ?? '')).split('/');
        return Session.of(verb).write(voucherPath(voucher, 'recoding'), {
          line: Number(line),
          from: from === undefined ? undefined : { grant, decision },
          to: to.map(shareOf),
          eventDate: date,
          period,
          text,
          mandate: mandateOf(mandate, say),
        });
      },
    ),
    say,
    'liggare recode erp-2023-LEV-3 1 --to "9916 71 566,46" --to "9935 20 963,42" --date 2023-05-08 --text "Efter fördelningsbeslut" \\\n      --board "RS/412/2023 § 87 2023-04-26"',
    'liggare recode own-2023-2 1 --to "9916 60%" --to "9917 40%" --date 2023-05-08 --text "Delas"',
  );
  const reallocate = examples(
    withMandate(
      new Command('reallocate')
        .description(say('omfördela ett bidrags pengar mellan enheter', 'move a grant’s money from one unit to another'))
        .argument('<grant>', say('bidragskod', 'grant code'))
        .argument('<amount>', 'kronor')
        .addOption(needed('--from <unit>', say('enheten som lämnar', 'the unit that gives')))
        .addOption(needed('--to <unit>', say('enheten som får', 'the unit that takes')))
        .addOption(needed('--account <account>', say('omfördelningskonto', 'a reallocation account')))
        .addOption(needed('--date <date>', say('när', 'when')))
        .option('--period <period>', say('öppen period', 'an open period'))
        .addOption(needed('--text <text>', say('vad det gäller', 'what it is about')))
        .option('--document <text>', say('underlag och var det finns', 'the document and where it is'))
        .option('--decision <decision>', say('bidragsbeslutet vars pengar det är', 'the decision whose money it is'))
        .option(
          '--booked-as <how>',
          say(
            'i ekonomisystemet: changed-unit (ändrat ansvar) eller internal (intern intäkt och kostnad)',
            'in the ERP: changed-unit or internal',
          ),
          'changed-unit',
        )
        .option('--from-counterpart <code>', say('motpart hos den som lämnar', 'counterpart at the giver'))
        .option('--to-counterpart <code>', say('motpart hos den som får', 'counterpart at the taker')),
      say,
    ).action(
      (
        grant: string,
        amount: string,
        o: {
          from: string;
          to: string;
          account: string;
          date: string;
          period?: string;
          text: string;
          document?: string;
          decision?: string;
          bookedAs: string;
          fromCounterpart?: string;
          toCounterpart?: string;
        } & MandateOptions,
        verb: Command,
      ) => {
        const { date, board, assembly, delegate, ...rest } = o;
        return Session.of(verb).write('/reallocations', {
          grant,
          amount: amountText(amount),
          eventDate: date,
          ...rest,
          mandate: mandateOf({ board, assembly, delegate }, say),
        });
      },
    ),
    say,
    'liggare reallocate 9917 "2 500 000" --from 614 --to HSF --account 3590 --date 2023-05-09 --text "Till hälso- och sjukvården" \\\n      --board "RS/412/2023 § 87 2023-04-26"',
  );
  return [correct, recode, reallocate];
}

export function voucherVerbs(say: Say): Command {
  const voucher = new Command('voucher').description(say('visa en verifikation', 'show a voucher'));
  examples(
    voucher
      .command('show')
      .description(say('en verifikation med allt som rör den', 'a voucher with everything that has to do with it'))
      .argument('<voucher>', VOUCHER)
      .action(async (name: string, _: unknown, verb: Command) => {
        const session = Session.of(verb);
        const answer = await session.at((door) => door.json<Shown>({ method: 'GET', path: `/vouchers/${encodeURIComponent(name)}` }));
        const fromFile = answer.lines.some(({ objects, lineText, row }) => objects ?? lineText ?? row);
        const rows = answer.lines.map(({ line, account, amount, unit, grant, decision, period, effect, objects, lineText, row }) => [
          { right: String(line) },
          account,
          { right: swedishKronor(parseOre(amount)) },
          unit,
          grant ?? '',
          decision ?? '',
          period,
          effectIn(effect, say),
          ...(fromFile
            ? [{ right: row === null ? '' : String(row) }, (objects ?? []).map((pair) => pair.join(':')).join(' '), lineText ?? '']
            : []),
        ]);
        const headers = [
          `rad|konto|belopp|enhet|bidrag|beslut|period|verkan${fromFile ? '|rad i filen|kodning i filen|radtext' : ''}`,
          `line|account|amount|unit|grant|decision|period|effect${fromFile ? '|row of the file|coding in the file|line text' : ''}`,
        ] as const;
        if (session.options.format !== 'table') return session.show(answer, headers, rows);
        session.out(textTable(['', ''], factsOf(answer, say)).split('\n').slice(2).join('\n'));
        session.out('');
        session.show(answer, headers, rows);
      }),
    say,
    'liggare voucher show erp-2023-LEV-3',
  );
  return voucher;
}

type Shown = Omit<VoucherAnswer, 'lines'> & {
  readonly lines: readonly (Omit<VoucherAnswer['lines'][number], 'amountOre'> & { readonly amount: string })[];
};

function factsOf(answer: Shown, say: Say): string[][] {
  const {
    voucher,
    eventDate,
    registered,
    text,
    counterparty,
    document,
    recordedAt,
    recordedSeq,
    actorName,
    actor,
    corrects,
    reverses,
    replaces,
    correctedBy,
    recodedBy,
    recodes,
    mandate,
    import: from,
  } = answer;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    [say('Verifikation', 'Voucher'), voucher],
    [say('Händelsedatum', 'Event date'), eventDate],
    [say('Registrerad i ekonomisystemet', 'Registered in the ERP'), registered],
    [say('Text', 'Text'), text],
    [say('Motpart', 'Counterparty'), counterparty],
    [say('Underlag', 'Document'), document],
    [say('Beslut', 'Mandate'), mandate],
    [say('Bokförd', 'Recorded'), `${recordedAt} (${say('händelse', 'event')} ${recordedSeq}), ${actorName ?? actor}`],
    [say('Inläst ur', 'Imported from'), from && `${from.file ?? ''} (${from.import})`],
    [say('Rättar', 'Corrects'), corrects],
    [say('Tar tillbaka', 'Reverses'), reverses],
    [say('Ersätter', 'Replaces'), replaces],
    [say('Rättad av', 'Corrected by'), correctedBy.map((link) => link.voucher).join(', ')],
    [say('Kodar om', 'Recodes'), recodes && `${recodes.voucher} ${say('rad', 'line')} ${recodes.line}`],
    [say('Omkonterad av', 'Recoded by'), recodedBy.map((link) => `${link.voucher} (${say('rad', 'line')} ${link.line})`).join(', ')],
  ];
  return facts.flatMap(([name, fact]) => (fact ? [[name, fact]] : []));
}
