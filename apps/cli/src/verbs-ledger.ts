/** Verbs of the ledger itself: init, serve, demo. */
import { Command } from 'commander';
import { join } from 'node:path';
import { Refusal } from '#ledger';
import { problemOf } from '../../api/src/problem.js';
import { Door } from './door.js';
import { Refused, WrongUsage } from './exit.js';
import { Session } from './session.js';
import { examples, needed, type Say } from './words.js';

const PORT = 3000;
const LOOPBACK = '127.0.0.1';

export function ledgerVerbs(say: Say): Command[] {
  const init = examples(
    new Command('init')
      .description(say('skapa en liggare i mappen', 'make a ledger in the folder'))
      .addOption(needed('--name <name>', say('regionens namn', 'the region’s name')))
      .addOption(needed('--orgnr <number>', say('organisationsnummer', 'organisation number')))
      .option('--region <code>', say('regionens egen kod, roten för enheterna', 'the region’s own code, the root of the units'), 'REG')
      .option('--grant-pattern <regexp>', say('hur en bidragskod ser ut', 'what a grant code looks like'))
      .action(
        ({ name, orgnr, region, grantPattern }: { name: string; orgnr: string; region: string; grantPattern?: string }, verb: Command) =>
          Session.of(verb).write('/ledger', { name, organisationNumber: orgnr, region, grantCodePattern: grantPattern }, { create: true }),
      ),
    say,
    'liggare init --ledger ./ledger --name "Region Exempel" --orgnr 232100-0214 --grant-pattern "^99\\d{2}$"',
  );
  const serve = examples(
    new Command('serve')
      .description(say('starta servern (bara på 127.0.0.1)', 'start the server (on 127.0.0.1 only)'))
      .option('--port <port>', say('port; 0 tar en ledig', 'port; 0 takes a free one'), String(PORT))
      .option('--host <address>', say('bara 127.0.0.1 godtas: ingen loggar in än', '127.0.0.1 only: nobody signs in yet'), LOOPBACK)
      .action(async ({ port, host }: { port: string; host: string }, verb: Command) => {
        const session = Session.of(verb);
        await serveFolder(session, session.options.ledger, port, host, process.env['LIGGARE_STORE'] ?? '');
      }),
    say,
    'liggare serve --ledger ./ledger --port 3000',
  );
  const demo = examples(
    new Command('demo')
      .description(
        say(
          'öppna demoliggaren för 2023 (skapas om den saknas) och visa tabellerna',
          'open the demo ledger of 2023 (made where missing) and show its tables',
        ),
      )
      .option('--serve', say('fortsätt som server', 'go on as a server'))
      .option('--port <port>', say('port; 0 tar en ledig', 'port; 0 takes a free one'), String(PORT))
      .action(async ({ serve: serving, port }: { serve?: boolean; port: string }, verb: Command) => {
        const session = Session.of(verb);
        // Not $LIGGARE_LEDGER: that is the user's own ledger.
        const named = verb.getOptionValueSourceWithGlobals('ledger') === 'cli';
        await runDemo(session, named ? session.options.ledger : join('ledgers', 'demo'), serving ? port : null);
      }),
    say,
    'liggare demo',
    'liggare demo --serve',
  );
  return [init, serve, demo];
}

async function runDemo(session: Session, folder: string, port: string | null): Promise<void> {
  const { say, options } = session;
  const started = Date.now();
  const { ensureDemo } = await import('#cqrs');
  try {
    const made = await ensureDemo(folder, (file) => session.err(say(`Läser in ${file} …`, `Importing ${file} …`)));
    if (made)
      session.err(
        say(
          `Demoliggaren är skapad i ${folder} (${((Date.now() - started) / 1000).toFixed(1)} s).`,
          `The demo ledger is made in ${folder} (${((Date.now() - started) / 1000).toFixed(1)} s).`,
        ),
      );
  } catch (error) {
    throw error instanceof Refusal ? new Refused(problemOf(error, options.lang)) : error;
  }
  const door = await Door.open(folder, options.lang, { store: '' }); // the demo stays in its folder
  const server = door.address;
  try {
    for (const path of ['/reports/as-printed', '/reports/complete', '/reports/neutrality']) {
      const query = { year: '2023', scope: path.endsWith('neutrality') ? undefined : 'RS', format: 'table', unit: 'tkr' };
      session.out(`${(await door.text({ method: 'GET', path, query })).trimEnd()}\n`);
    }
  } finally {
    await door.close();
  }
  if (server !== null) return session.out(say(`Demon visas redan på ${server}`, `The demo is served already at ${server}`));
  if (port !== null) await serveFolder(session, folder, port, LOOPBACK, '');
}

/** Serves until it is told to end. @param store as LIGGARE_STORE */
async function serveFolder(session: Session, folder: string, port: string, host: string, store: string): Promise<void> {
  const { say, options } = session;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new WrongUsage(say(`"${port}" är ingen port.`, `"${port}" is no port.`));
  const [{ listen, openApp }, { serverLog, wantsJson }] = await Promise.all([
    import('../../api/src/app.js'),
    import('../../api/src/log.js'),
  ]);
  const log = serverLog();
  const json = wantsJson(process.env, process.stderr.isTTY);
  let app;
  try {
    app = await openApp({ folder, store, measured: true, patienceMs: 5_000, report: log });
    const address = await listen(app, { port: Number(port), host });
    if (json) log('the server listens', 'start', { address });
    session.out(
      say(
        `Liggaren finns på ${address} (API: ${address}/api). Avsluta med Ctrl-C.`,
        `The ledger is at ${address} (API: ${address}/api). End with Ctrl-C.`,
      ),
    );
  } catch (error) {
    await app?.close();
    if (error instanceof Refusal) throw new Refused(problemOf(error, options.lang));
    const { code } = error as { code?: string };
    if (code === 'EADDRINUSE' || code === 'EACCES')
      throw new WrongUsage(
        say(
          `Port ${port} är upptagen. Välj en annan med --port, eller 0 för en ledig.`,
          `Port ${port} is taken. Choose another with --port, or 0 for a free one.`,
        ),
      );
    throw error;
  }
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  log(json ? 'the server ends' : say('Avslutar …', 'Ending …'), 'stop');
  await app.close();
}
