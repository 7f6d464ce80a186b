/** store: a ledger from one store to another, with the proof that both hold and answer the same; and the digest to compare by. */
import { Command } from 'commander';
import { swedishInteger } from '#ledger';
import type { CopyStage, LedgerPlace } from '#cqrs';
import { WrongUsage } from './exit.js';
import { Session } from './session.js';
import { examples, needed, type Say } from './words.js';

type CopyAsked = { readonly from: string; readonly to: string; readonly fromFolder?: string; readonly toFolder?: string };

/** A bar is drawn anew at most this often. */
const DRAW_MS = 100;
const BAR = 30;

export function storeVerbs(say: Say): Command {
  const store = new Command('store').description(
    say(
      'var liggarens händelser ligger: kopiera till en annan plats, jämför',
      'where the ledger’s events are: copy them elsewhere, compare',
    ),
  );
  examples(
    store
      .command('copy')
      .description(
        say(
          'kopiera en liggare, logg och original, och bevisa att båda är lika',
          'copy a ledger, log and originals, and prove that both are alike',
        ),
      )
      .addOption(needed('--from <place>', say('mapp, eller adress till en server', 'folder, or address of a server')))
      .addOption(needed('--to <place>', say('mapp, eller adress till en server', 'folder, or address of a server')))
      .option('--from-folder <folder>', say('mappen till en liggare vars adress är given', 'the folder of a ledger given by address'))
      .option('--to-folder <folder>', say('mappen till en kopia vars adress är given', 'the folder of a copy given by address'))
      .action((asked: CopyAsked, verb: Command) => copy(Session.of(verb), asked)),
    say,
    'liggare store copy --from ./ledger --to "$LIGGARE_STORE" --to-folder ./ledger-on-server',
    'liggare store copy --from ./ledger-on-server --to ./ledger-again',
  ).addHelpText(
    'after',
    say(
      '\nEn mapp är en liggares mapp: vad den håller avgör om händelserna ligger i mappens egen fil eller på servern som LIGGARE_STORE anger.\nEn adress behöver också en mapp, för originalen och för namnet på strömmen. Lösenord hör hemma i en miljövariabel, som i exemplet.\nIngen får skriva under tiden, och ingen import får vara öppen (liggare import list). Avbruten kopiering körs om och fortsätter där den\nvar. Sist läses båda från början till slut: samma kontrollsumma över alla händelser, och samma svar på alla rapporter, för alla år och\nenheter. Originalet ändras aldrig.',
      '\nA folder is a ledger’s folder: what it holds decides whether the events are in the folder’s own file or on the server that LIGGARE_STORE\nnames. An address needs a folder as well, for the originals and the name of the stream. Passwords belong in an environment variable, as in\nthe example. Nobody may write meanwhile, and no import may be open (liggare import list). A copy that was stopped is run again and goes on\nwhere it was. At the end both are read from beginning to end: the same digest of all events, and the same answers to every report, for all\nyears and units. The original never changes.',
    ),
  );
  examples(
    store
      .command('digest')
      .description(say('kontrollsumma (SHA-256) över liggarens alla händelser', 'digest (SHA-256) over all events of the ledger'))
      .action((_: unknown, verb: Command) => digest(Session.of(verb))),
    say,
    'liggare store digest --ledger ./ledger',
  );
  return store;
}

async function copy(session: Session, { from, to, fromFolder, toFolder }: CopyAsked): Promise<void> {
  const { say, options } = session;
  const { copyLedger } = await import('#cqrs');
  const names: { readonly [stage in CopyStage]: string } = {
    events: say('Händelser', 'Events'),
    originals: say('Original', 'Originals'),
    answers: say('Svar', 'Answers'),
  };
  const bar = progressBar(session);
  try {
    const places = [placeOf(from, fromFolder, '--from-folder', say), placeOf(to, toFolder, '--to-folder', say)] as const;
    const copied = await copyLedger(...places, process.env['LIGGARE_STORE'], (stage, done, of) => bar.show(names[stage], done, of));
    bar.end();
    if (options.format === 'json') return session.out(JSON.stringify(copied, null, 2));
    const { last, copied: events, originals, digest: sum, answers } = copied;
    const number = swedishInteger;
    session.out(
      say(
        `Kopierat: ${number(events)} händelser och ${number(originals)} original. Båda slutar vid händelse ${last}.`,
        `Copied: ${number(events)} events and ${number(originals)} originals. Both end at event ${last}.`,
      ),
    );
    session.out(say(`Samma kontrollsumma: ${sum}`, `The same digest: ${sum}`));
    session.out(say(`Samma svar på ${number(answers)} frågor.`, `The same answers to ${number(answers)} questions.`));
  } finally {
    bar.end();
  }
}

async function digest(session: Session): Promise<void> {
  const { say, options } = session;
  const { digestLedger } = await import('#cqrs');
  const bar = progressBar(session);
  try {
    const found = await digestLedger({ folder: options.ledger }, process.env['LIGGARE_STORE'], (done, of) =>
      bar.show(say('Händelser', 'Events'), done, of),
    );
    bar.end();
    if (options.format === 'json') return session.out(JSON.stringify(found, null, 2));
    session.out(say(`${found.digest}  till och med händelse ${found.last}`, `${found.digest}  through event ${found.last}`));
  } finally {
    bar.end();
  }
}

/** A place as it was given: an address has a scheme. */
function placeOf(place: string, folder: string | undefined, option: string, say: Say): LedgerPlace {
  if (!/^[a-z+]+:\/\//i.test(place)) return { folder: place };
  if (folder === undefined)
    throw new WrongUsage(say(`En adress behöver en mapp också: ange ${option}.`, `An address needs a folder as well: give ${option}.`));
  return { folder, address: place };
}

/** A bar on a terminal, a line for each stage elsewhere. */
function progressBar({ err }: Session): { show(name: string, done: number, of: number): void; end(): void } {
  const terminal = process.stderr.isTTY;
  let [shown, drawn] = ['', 0];
  return {
    show(name, done, of) {
      const now = Date.now();
      if (!terminal) {
        if (shown !== name) err(`${name} …`);
      } else if (shown !== name || now - drawn >= DRAW_MS || done === of) {
        const share = Math.min(1, done / (of || 1));
        process.stderr.write(
          `\r${name.padEnd(10)} [${'#'.repeat(Math.round(share * BAR)).padEnd(BAR)}] ${String(Math.round(share * 100)).padStart(3)} %`,
        );
        drawn = now;
      }
      shown = name;
    },
    end() {
      if (terminal && shown) process.stderr.write('\r\x1b[K');
      shown = '';
    },
  };
}
