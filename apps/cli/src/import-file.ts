/**
 * A file on its way in: sent to the API with a bar that shows how far it has come, and what came of it in words. Used by `import` and
 * by `profile try`.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { countText, parseOre, swedishInteger, swedishKronor, type RowCounts } from '#ledger';
import type { AcknowledgementJson } from '../../api/src/writing.js';
import { textTable, type Cell } from '../../api/src/rows.js';
import type { Door } from './door.js';
import { Refused, WrongUsage } from './exit.js';
import { sizeOf } from './files.js';
import type { Session } from './session.js';
import { effectIn, type Say } from './words.js';
import { consentText, withConsent, writeDifferences } from './consent.js';

/** What an import answers. */
export type Imported = {
  readonly outcome: 'imported' | 'nothing-new' | 'already-imported' | 'dry-run';
  readonly import: string | null;
  readonly format: 'csv' | 'sie' | 'xlsx';
  readonly kind: 'whole-vouchers' | 'selection';
  readonly profile: string;
  readonly book: string;
  readonly year: number;
  readonly vouchers: number;
  readonly corrections: number;
  readonly seq: number;
  readonly counts: RowCounts | null;
  readonly leftOut: { readonly vouchers: number; readonly rows: number; readonly debit: string; readonly credit: string } | null;
  readonly asNew: readonly AsNew[];
  readonly asks: readonly Found[];
  readonly asksInAll: number;
  readonly consent: string | null;
  readonly findings: readonly Found[];
  readonly findingsInAll: number;
  readonly effects: AcknowledgementJson['effects'];
  readonly first: readonly FirstVoucher[];
  readonly resumed: number | null;
};
export type Found = {
  readonly row: number;
  readonly finding: string;
  readonly text: string;
  readonly facts: { readonly [fact: string]: string | undefined };
};
type AsNew = { readonly voucher: string; readonly from: string };
type FirstVoucher = {
  readonly voucher: string;
  readonly eventDate: string;
  readonly text: string;
  readonly lines: readonly {
    readonly account: string;
    readonly amount: string;
    readonly unit: string;
    readonly grant?: string;
    readonly decision?: string;
    readonly period: string;
    readonly effect: Parameters<typeof effectIn>[0];
    readonly objects?: readonly (readonly [string, string])[];
  }[];
};
export type Progress = { readonly stage: 'receiving' | 'reading' | 'posting'; readonly done: number; readonly of: number };

const LOOK_MS = 250;
const FINDINGS_SHOWN = 20;

/** What the query of POST /imports says beside the file's name. */
export type ImportQuery = { readonly [name: string]: string | undefined };

/** Control totals that were handed in: what an import names them by, and what was read. */
export type SentTotals = { readonly control: string; readonly totals: readonly object[] };

/** Hands in a list of control totals, CSV or Excel. @throws Refused with what is wrong in it, by row */
export function sendTotals(door: Door, file: string, say: Say): Promise<SentTotals> {
  sizeOf(file, say);
  return door.json<SentTotals>({ method: 'POST', path: '/imports/control-totals', file: createReadStream(file) });
}

/** Sends the file and says what came of it. @param options `vouchers`: also the first ones, as they would be coded; `control`: the file of the control totals that the query names; `differences`: the file that all that asks for consent is written to, of a dry run · @throws Refused, with the command that consents where consent is what is lacking */
export async function sendFile(
  session: Session,
  door: Door,
  file: string,
  query: ImportQuery,
  {
    vouchers = false,
    control,
    differences,
  }: { readonly vouchers?: boolean; readonly control?: string | undefined; readonly differences?: string | undefined } = {},
): Promise<Imported> {
  const { say, options } = session;
  if (differences !== undefined && !options.dryRun)
    throw new WrongUsage(
      say(
        '--differences skriver vad filen skulle ändra, och hör ihop med --dry-run.',
        '--differences writes what the file would change, and goes with --dry-run.',
      ),
    );
  const size = sizeOf(file, say);
  const key = options.key ?? randomUUID();
  const stop = new AbortController();
  const showing = showProgress(door, key, size, session, stop.signal);
  let result: Imported;
  try {
    result = await door.json<Imported>({
      method: 'POST',
      path: '/imports',
      key,
      file: createReadStream(file),
      query: { ...query, name: basename(file), asks: differences === undefined ? undefined : 'all' },
    });
  } catch (error) {
    throw error instanceof Refused ? withConsent(error, { file, query, control }, say) : error;
  } finally {
    stop.abort();
    await showing;
  }
  if (differences !== undefined) writeDifferences(session, result.asks, differences);
  const told = { ...result, ...(!vouchers && { first: [] }), ...(differences !== undefined && { asks: [] }) };
  tell(session, told, result.asks, file, query, control);
  return result;
}

/** Says what came of a file. */
function tell(
  session: Session,
  result: Imported,
  asks: readonly Found[],
  file: string,
  query: ImportQuery,
  control: string | undefined,
): void {
  const { say, options } = session;
  if (options.format === 'json') return session.out(JSON.stringify(result, null, 2));
  const { outcome, vouchers, corrections, counts, findings, effects, resumed, import: id } = result;
  const read = aboutFile(result, say);
  if (read) session.out(read);
  if (outcome === 'already-imported')
    return session.out(
      say(`Filen är redan importerad (${id}). Inget nytt är lagrat.`, `The file is already imported (${id}). Nothing new was stored.`),
    );
  if (outcome === 'nothing-new')
    session.out(say('Allt i filen finns redan. Inget nytt är lagrat.', 'Everything in the file is there already. Nothing new was stored.'));
  const n = swedishInteger;
  const corrected = (sv: string, en: string) => (corrections === 0 ? '' : say(`, ${n(corrections)} ${sv}`, `, ${n(corrections)} ${en}`));
  if (outcome === 'dry-run')
    session.out(
      say(
        `Prov: ${vouchersText(vouchers, say)} skulle läsas in${corrected('rättas', 'corrected')}. Inget är lagrat.`,
        `Dry run: ${vouchersText(vouchers, say)} would be imported${corrected('rättas', 'corrected')}. Nothing is stored.`,
      ),
    );
  if (resumed !== null)
    session.out(
      say(
        `Återupptog ${id}, som hade stannat: ${n(resumed)} av ${n(vouchers + corrections)} verifikationer fanns redan.`,
        `Went on with ${id}, which had stopped: ${n(resumed)} of ${n(vouchers + corrections)} vouchers were there already.`,
      ),
    );
  if (outcome === 'imported')
    session.out(
      say(
        `Inläst: ${vouchersText(vouchers, say)}${corrected('rättade', 'corrected')} (${id})`,
        `Imported: ${vouchersText(vouchers, say)}${corrected('rättade', 'corrected')} (${id})`,
      ),
    );
  if (counts) session.out(countsText(counts, say));
  if (result.leftOut && result.leftOut.rows > 0) session.out(leftOutText(result.leftOut, say));
  for (const one of result.asNew) session.out(asNewText(one, say));
  if (outcome === 'dry-run') session.moved(effects);
  for (const voucher of result.first) session.out(`\n${voucherText(voucher, say)}`);
  for (const { row, text } of findings.slice(0, FINDINGS_SHOWN)) session.err(say(`Rad ${row}: ${text}`, `Row ${row}: ${text}`));
  const more = result.findingsInAll - FINDINGS_SHOWN;
  const where = id === null ? '' : `: liggare finding list --import ${id}`;
  if (more > 0) session.err(say(`… och ${swedishInteger(more)} till${where}`, `… and ${swedishInteger(more)} more${where}`));
  if (outcome === 'dry-run' && result.consent !== null) {
    const written = result.asks.length < asks.length;
    session.err(
      written
        ? say(
            'Filen kräver ditt medgivande till de skillnader som skrevs.',
            'The file asks for your consent to the differences that were written.',
          )
        : say('Filen kräver ditt medgivande:', 'The file asks for your consent:'),
    );
    for (const { row, text } of result.asks) session.err(say(`  rad ${row}: ${text}`, `  row ${row}: ${text}`));
    const asked = asks.map(({ finding, facts: { voucher } }) => ({ finding, voucher }));
    if (query['trial'] === undefined)
      session.err(consentText({ file, query, control, consent: result.consent, asked, asksInAll: result.asksInAll, written }, say));
  }
}

const FORMATS = { csv: 'CSV', sie: 'SIE', xlsx: 'Excel' } as const;

/** What the file was recognised as and is read by. */
function aboutFile({ format, kind, profile, book, year }: Imported, say: Say): string | null {
  if (profile === 'voucher-csv') return null;
  const [name = '', version = ''] = profile.split('~');
  const kinds = kind === 'selection' ? say('urval', 'a selection') : say('hela verifikat', 'whole vouchers');
  const by =
    name === 'trial' ? '' : say(`, läst med profilen ${name} version ${version}`, `, read by the profile ${name} version ${version}`);
  return say(
    `Filen är ${FORMATS[format]}, ${kinds}${by}, till boken ${book} år ${year}.`,
    `The file is ${FORMATS[format]}, ${kinds}${by}, into the book ${book} of ${year}.`,
  );
}

/** So many vouchers. */
export const vouchersText = (vouchers: number, say: Say): string =>
  countText(vouchers, say('verifikation', 'voucher'), say('verifikationer', 'vouchers'));

/** Counts that add up (R33). */
export function countsText(
  { rows, withCode, withoutCode, noCodeNeeded, alreadyThere, ignored = 0, leftOut = 0 }: RowCounts,
  say: Say,
): string {
  const n = swedishInteger;
  return say(
    `Rader: ${n(rows)} = med bidragskod ${n(withCode)} + utan ${n(withoutCode)} + behöver ingen ${n(noCodeNeeded)} + fanns redan ${n(alreadyThere)}` +
      `${ignored ? ` + ej räknade ${n(ignored)}` : ''}${leftOut ? ` + utanför urvalet ${n(leftOut)}` : ''}`,
    `Rows: ${n(rows)} = with grant code ${n(withCode)} + without ${n(withoutCode)} + need none ${n(noCodeNeeded)} + already there ${n(alreadyThere)}` +
      `${ignored ? ` + not counted ${n(ignored)}` : ''}${leftOut ? ` + left out ${n(leftOut)}` : ''}`,
  );
}

/** What a filter left out. */
export function leftOutText({ vouchers, rows, debit, credit }: NonNullable<Imported['leftOut']>, say: Say): string {
  const [d, c] = [debit, credit].map((amount) => swedishKronor(parseOre(amount)));
  return say(
    `Utanför urvalet: ${vouchersText(vouchers, say)}, ${countText(rows, 'rad', 'rader')}, debet ${d}, kredit ${c}.`,
    `Left out: ${vouchersText(vouchers, say)}, ${countText(rows, 'row', 'rows')}, debit ${d}, credit ${c}.`,
  );
}

/** A voucher as it would be coded. */
function voucherText({ voucher, eventDate, text, lines }: FirstVoucher, say: Say): string {
  const header = say(
    'konto|belopp|enhet|bidrag|beslut|period|verkan|kodning i filen',
    'account|amount|unit|grant|decision|period|effect|coding in the file',
  );
  const rows = lines.map(({ account, amount, unit, grant, decision, period, effect, objects }): Cell[] => [
    account,
    { right: swedishKronor(parseOre(amount)) },
    unit,
    grant ?? '',
    decision ?? '',
    period,
    effectIn(effect, say),
    (objects ?? []).map((pair) => pair.join(':')).join(' '),
  ]);
  return `${voucher}  ${eventDate}  ${text}\n${textTable(header.split('|'), rows)}`;
}

/** A voucher that was said to be new. */
export const asNewText = ({ voucher, from }: AsNew, say: Say): string =>
  say(`Ny, fast den liknar ${from}: ${voucher}`, `New, though it is like ${from}: ${voucher}`);

/** How much of its stage is done, from 0 to 1. @param size of the file in bytes, where it is known */
export const shareOf = ({ done, of }: Progress, size = 0): number => done / (of || size || 1);

/** Looks now and then how far the upload with that key has come: a bar on a terminal, a line for each stage elsewhere. */
async function showProgress(door: Door, key: string, size: number, { say, err }: Session, stopped: AbortSignal): Promise<void> {
  const terminal = process.stderr.isTTY;
  const names = { receiving: say('Tar emot', 'Receiving'), reading: say('Läser', 'Reading'), posting: say('Bokför', 'Posting') };
  let shown = '';
  while (!stopped.aborted) {
    await pause(LOOK_MS, undefined, { signal: stopped }).catch(() => undefined);
    if (stopped.aborted) break;
    const { underWay } = await door
      .json<{ underWay: { key: string; progress: Progress | null }[] }>({
        method: 'GET',
        path: '/imports',
        query: { limit: '1' },
        inPassing: true,
      })
      .catch(() => ({ underWay: [] }));
    const progress = underWay.find((one) => one.key === key)?.progress;
    if (!progress) continue;
    const share = shareOf(progress, size);
    if (terminal)
      process.stderr.write(
        `\r${names[progress.stage].padEnd(10)} [${'#'.repeat(Math.round(share * 30)).padEnd(30)}] ${String(Math.round(share * 100)).padStart(3)} %`,
      );
    else if (shown !== progress.stage) err(`${names[progress.stage]} …`);
    shown = progress.stage;
  }
  if (terminal && shown) process.stderr.write('\r\x1b[K');
}
