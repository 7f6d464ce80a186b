/** hint: rules that speak for a grant on lines without a code. What they say stands in `report without-code`; recoding stays an act. */
import { Command } from 'commander';
import type { HintRuleEntry } from '#projections';
import { WrongUsage } from './exit.js';
import { Session } from './session.js';
import { examples, needed, type Say } from './words.js';

const collect = (text: string, before: readonly string[] = []) => [...before, text];

type Options = {
  grant: string;
  account?: string[];
  unit?: string[];
  text?: string;
  counterparty?: string;
  counterpart?: string;
  object?: string[];
};

export function hintVerbs(say: Say): Command {
  const hint = new Command('hint').description(
    say('ledtrådar: regler som talar för ett bidrag på rader utan kod', 'hints: rules that speak for a grant on lines without a code'),
  );
  examples(
    hint
      .command('add')
      .description(
        say(
          'sätt en regel, eller sätt den på nytt; allt som anges måste stämma på raden',
          'set a rule, or set it anew; everything that is named must hold for the line',
        ),
      )
      .argument('<rule>', say('regelns namn', 'the rule’s name'))
      .addOption(needed('--grant <code>', say('bidraget den talar för', 'the grant it speaks for')))
      .option('--account <from-to>', say('konto eller kontointervall; upprepas', 'an account or accounts from-to; repeated'), collect)
      .option('--in-unit <unit>', say('enhet; upprepas', 'a unit; repeated'), collect)
      .option('--text <text>', say('texten innehåller', 'the text holds'))
      .option('--counterparty <name>', say('motpartens namn innehåller', 'the other party’s name holds'))
      .option('--counterpart <code>', say('motpartskod', 'counterpart code'))
      .option(
        '--object <dimension:object>',
        say('kod i filens egen kodning; upprepas', 'a code in the file’s own coding; repeated'),
        collect,
      )
      .action((rule: string, { grant, inUnit, ...criterion }: Options & { inUnit?: string[] }, verb: Command) =>
        Session.of(verb).write('/hints', { rule, grant, criterion: criterionOf({ ...criterion, unit: inUnit }, say) }),
      ),
    say,
    'liggare hint add kurser --grant 9916 --account 5550-5559 --in-unit 614 --text kurs',
    'liggare hint add kursgarden --grant 9917 --counterparty "Kursgården"',
  );
  hint
    .command('list')
    .description(say('lista reglerna', 'list the rules'))
    .action((_: unknown, verb: Command) =>
      Session.of(verb).list<HintRuleEntry>(
        '/hints',
        [
          'regel|bidrag|konto|enhet|text|motpart|motpartskod|kodning i filen',
          'rule|grant|account|unit|text|counterparty|counterpart|coding in the file',
        ],
        ({ rule, grant, criterion: { accounts = [], units = [], text = '', counterparty = '', counterpart = '', objects = [] } }) => [
          rule,
          grant,
          accounts.map(({ from, to }) => (to === undefined ? from : `${from}-${to}`)).join(' '),
          units.join(' '),
          text,
          counterparty,
          counterpart,
          objects.map((pair) => pair.join(':')).join(' '),
        ],
      ),
    );
  hint
    .command('remove')
    .description(say('ta bort en regel', 'remove a rule'))
    .argument('<rule>', say('regelns namn', 'the rule’s name'))
    .action((rule: string, _: unknown, verb: Command) => Session.of(verb).write(`/hints/${encodeURIComponent(rule)}/removal`, {}));
  return hint;
}

function criterionOf({ account, unit, text, counterparty, counterpart, object }: Omit<Options, 'grant'>, say: Say): object {
  const objects = object?.map((pair) => {
    const [dimension = '', code = ''] = pair.split(/:(.*)/);
    if (!dimension || !code)
      throw new WrongUsage(
        say(`"${pair}" ska vara dimension:objekt, till exempel 1:61400.`, `"${pair}" must be dimension:object, for example 1:61400.`),
      );
    return { dimension, object: code };
  });
  const accounts = account?.map((range) => {
    const [from = '', to] = range.split('-');
    return { from, ...(to ? { to } : {}) };
  });
  return { accounts, units: unit, text, counterparty, counterpart, objects };
}
