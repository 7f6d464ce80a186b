/** finding: what imports found worth a look, until somebody settles it. */
import { Command } from 'commander';
import type { FindingEntry } from '#projections';
import { WrongUsage } from './exit.js';
import { Session } from './session.js';
import { examples, needed, type Say } from './words.js';

type Listed = FindingEntry & { readonly text: string };

/** Why a finding is settled. */
const whyOf = ({ import: id, reason }: NonNullable<FindingEntry['settled']>, say: Say): string =>
  id === null ? (reason ?? '') : say(`filen importerades (${id})`, `the file was imported (${id})`);

export function findingVerbs(say: Say): Command {
  const finding = new Command('finding').description(
    say('iakttagelser från importerna: lista, klara av', 'findings of the imports: list, settle'),
  );
  examples(
    finding
      .command('list')
      .description(say('de som ingen har klarat av', 'those that nobody has settled'))
      .option('--import <import>', say('bara denna imports', 'of this import only'))
      .option('--kind <kind>', say('bara av detta slag', 'of this kind only'))
      .option('--all', say('också de som är avklarade, med vem, när och varför', 'also those that are settled, with who, when and why'))
      .action(({ import: id, kind, all }: { import?: string; kind?: string; all?: boolean }, verb: Command) =>
        Session.of(verb).list<Listed>(
          '/findings',
          all
            ? ['id|import|rad|slag|iakttagelse|avklarad', 'id|import|row|kind|finding|settled']
            : ['id|import|rad|slag|iakttagelse', 'id|import|row|kind|finding'],
          ({ id: name, import: of, row, finding: what, text, settled }) => [
            name,
            of,
            { right: String(row) },
            what,
            text,
            ...(all
              ? [settled ? `${settled.recordedAt.slice(0, 10)} ${settled.actorName ?? settled.actor}: ${whyOf(settled, say)}` : '']
              : []),
          ],
          { query: { import: id, kind, all: all ? 'true' : undefined } },
        ),
      ),
    say,
    'liggare finding list',
    'liggare finding list --import i-77520f1e998f-8885f1fe --kind finding-number-gap',
  );
  examples(
    finding
      .command('settle')
      .description(
        say(
          'klara av iakttagelser: någon har sett dem, och säger varför de är klara',
          'settle findings: somebody has looked, and says why they are done',
        ),
      )
      .argument('[id...]', say('iakttagelsernas id, eller --import och --kind', 'the findings’ ids, or --import and --kind'))
      .option('--import <import>', say('alla öppna i denna import …', 'all open ones of this import …'))
      .option('--kind <kind>', say('… av detta slag', '… of this kind'))
      .addOption(needed('--reason <text>', say('varför', 'why')))
      .action((ids: string[], { import: id, kind, reason }: { import?: string; kind?: string; reason: string }, verb: Command) => {
        const whole = id !== undefined && kind !== undefined;
        if (ids.length > 0 ? id !== undefined || kind !== undefined : !whole)
          throw new WrongUsage(
            say(
              'Ange iakttagelsernas id, eller --import och --kind tillsammans.',
              'Name the findings’ ids, or --import and --kind together.',
            ),
          );
        return Session.of(verb).write('/findings/settlements', { ...(ids.length > 0 ? { findings: ids } : { import: id, kind }), reason });
      }),
    say,
    'liggare finding settle 412.1 412.2 --reason "Makulerade i ekonomisystemet"',
    'liggare finding settle --import i-77520f1e998f-8885f1fe --kind finding-number-gap --reason "Serien delas med en annan bok"',
  );
  return finding;
}
