/** import: a file into the ledger with its progress, and what has been imported. */
import { Command } from 'commander';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { swedishInteger } from '#ledger';
import type { ImportEntry } from '#projections';
import type { AcknowledgementJson } from '../../api/src/writing.js';
import { randomUUID } from 'node:crypto';
import type { Door } from './door.js';
import { WrongUsage } from './exit.js';
import { Session } from './session.js';
import { examples, needed, type Say } from './words.js';

type Imported = {
  readonly outcome: 'imported' | 'nothing-new' | 'already-imported' | 'dry-run';
  readonly import: string | null;
  readonly vouchers: number;
  readonly seq: number;
  readonly counts: {
    readonly rows: number;
    readonly withCode: number;
    readonly withoutCode: number;
    readonly noCodeNeeded: number;
    readonly alreadyThere: number;
  } | null;
  readonly findings: readonly { readonly row: number; readonly text: string }[];
  readonly effects: AcknowledgementJson['effects'];
};
type Progress = { readonly stage: 'receiving' | 'reading' | 'posting'; readonly done: number; readonly of: number };

const LOOK_MS = 250;
const FINDINGS_SHOWN = 20;

export function importVerbs(say: Say): Command {
  const imports = new Command('import').description(
    say('läs in ekonomisystemets filer, och visa vad som lästs in', 'import the ERP’s files, and show what was imported'),
  );
  examples(
    imports
      .command('csv')
      .description(
        say('läs in en månads verifikationer, hela filen eller inget av den', 'import a month’s vouchers, the whole file or nothing of it'),
      )
      .argument('<file>', 'CSV UTF-8')
      .addOption(
        needed('--book <book>', say('bok: små bokstäver och siffror, till exempel erp', 'book: small letters and digits, for example erp')),
      )
      .addOption(needed('--year <year>', say('bokföringsår', 'fiscal year')))
      .action((file: string, { book, year }: { book: string; year: string }, verb: Command) =>
        importCsv(Session.of(verb), file, book, year),
      ),
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
      Session.of(verb).list<ImportEntry>(
        '/imports',
        ['import|läge|fil|bok|år|verifikationer|iakttagelser|registrerad', 'import|status|file|book|year|vouchers|findings|recorded'],
        ({ import: id, status, file, book, year, vouchers, findings, recordedAt }) => [
          id,
          status,
          file ?? '',
          book,
          String(year),
          { right: String(vouchers) },
          { right: String(findings) },
          recordedAt,
        ],
      ),
    );
  imports
    .command('show')
    .description(say('en import med sina iakttagelser', 'an import with its findings'))
    .argument('<import>')
    .action(async (id: string, _: unknown, verb: Command) => {
      const session = Session.of(verb);
      const answer = await session.at((door) =>
        door.json<ImportEntry & { listed: { row: number; text: string }[] }>({
          method: 'GET',
          path: `/imports/${encodeURIComponent(id)}`,
          query: { limit: '10000' },
        }),
      );
      if (session.options.format === 'table')
        session.out(
          `${answer.file ?? ''}  ${answer.status}  ${answer.vouchers} ${say('verifikationer', 'vouchers')}  sha256 ${answer.sha256}\n`,
        );
      session.show(
        answer,
        ['rad|iakttagelse', 'row|finding'],
        answer.listed.map(({ row, text }) => [{ right: String(row) }, text]),
      );
    });
  imports
    .command('abandon')
    .description(say('avbryt en import som är öppen', 'abandon an import that is open'))
    .argument('<import>')
    .addOption(needed('--because <text>', say('varför', 'why')))
    .action((id: string, { because }: { because: string }, verb: Command) =>
      Session.of(verb).write(`/imports/${encodeURIComponent(id)}/abandonment`, { because }),
    );
  return imports;
}

async function importCsv(session: Session, file: string, book: string, year: string): Promise<void> {
  const { say, options } = session;
  const size = sizeOf(file, say);
  const key = options.key ?? randomUUID();
  const result = await session.at(async (door) => {
    const stop = new AbortController();
    const showing = showProgress(door, key, size, session, stop.signal);
    try {
      return await door.json<Imported>({
        method: 'POST',
        path: '/imports',
        key,
        file: createReadStream(file),
        query: { book, year, name: basename(file), dryRun: options.dryRun ? 'true' : undefined },
      });
    } finally {
      stop.abort();
      await showing;
    }
  });
  if (options.format === 'json') return session.out(JSON.stringify(result, null, 2));
  const { outcome, vouchers, counts, findings, effects, import: id } = result;
  const number = (count: number) => swedishInteger(count);
  if (outcome === 'already-imported')
    return session.out(
      say(`Filen är redan importerad (${id}). Inget nytt är lagrat.`, `The file is already imported (${id}). Nothing new was stored.`),
    );
  if (outcome === 'nothing-new')
    session.out(say('Allt i filen finns redan. Inget nytt är lagrat.', 'Everything in the file is there already. Nothing new was stored.'));
  if (outcome === 'dry-run')
    session.out(
      say(
        `Prov: ${number(vouchers)} verifikationer skulle läsas in. Inget är lagrat.`,
        `Dry run: ${number(vouchers)} vouchers would be imported. Nothing is stored.`,
      ),
    );
  if (outcome === 'imported')
    session.out(say(`Inläst: ${number(vouchers)} verifikationer (${id})`, `Imported: ${number(vouchers)} vouchers (${id})`));
  if (counts) {
    session.out(
      say(
        `Rader: ${number(counts.rows)} = med bidragskod ${number(counts.withCode)} + utan ${number(counts.withoutCode)} + behöver ingen ${number(counts.noCodeNeeded)} + fanns redan ${number(counts.alreadyThere)}`,
        `Rows: ${number(counts.rows)} = with grant code ${number(counts.withCode)} + without ${number(counts.withoutCode)} + need none ${number(counts.noCodeNeeded)} + already there ${number(counts.alreadyThere)}`,
      ),
    );
  }
  if (options.dryRun) session.moved(effects);
  for (const { row, text } of findings.slice(0, FINDINGS_SHOWN)) session.err(say(`Rad ${row}: ${text}`, `Row ${row}: ${text}`));
  const more = findings.length - FINDINGS_SHOWN;
  const where = id === null ? '' : `: liggare import show ${id}`;
  if (more > 0) session.err(say(`… och ${swedishInteger(more)} till${where}`, `… and ${swedishInteger(more)} more${where}`));
}

function sizeOf(file: string, say: Say): number {
  try {
    return statSync(file).size;
  } catch {
    throw new WrongUsage(say(`Filen ${file} finns inte eller får inte läsas.`, `The file ${file} does not exist or may not be read.`));
  }
}

/** Looks now and then how far the upload with that key has come: a bar on a terminal, a line for each stage elsewhere. */
async function showProgress(door: Door, key: string, size: number, { say, err }: Session, stopped: AbortSignal): Promise<void> {
  const terminal = process.stderr.isTTY;
  const names = { receiving: say('Tar emot', 'Receiving'), reading: say('Läser', 'Reading'), posting: say('Bokför', 'Posting') };
  let shown = '';
  while (!stopped.aborted) {
    await pause(LOOK_MS, undefined, { signal: stopped }).catch(() => undefined);
    if (stopped.aborted) break;
    const { underWay } = await door
      .json<{ underWay: { key: string; progress: Progress | null }[] }>({ method: 'GET', path: '/imports', query: { limit: '1' } })
      .catch(() => ({ underWay: [] }));
    const progress = underWay.find((one) => one.key === key)?.progress;
    if (!progress) continue;
    const share = progress.done / (progress.of || size || 1);
    if (terminal)
      process.stderr.write(
        `\r${names[progress.stage].padEnd(10)} [${'#'.repeat(Math.round(share * 30)).padEnd(30)}] ${String(Math.round(share * 100)).padStart(3)} %`,
      );
    else if (shown !== progress.stage) err(`${names[progress.stage]} …`);
    shown = progress.stage;
  }
  if (terminal && shown) process.stderr.write('\r\x1b[K');
}
