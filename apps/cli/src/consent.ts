/**
 * What a file would change of what is there already, before the accountant consents to it: all of it in a file where she wants that, and
 * the commands that consent to exactly that. Used by import-file.ts.
 */
import { countText, swedishInteger } from '#ledger';
import { csvLine, csvText } from '#reports';
import { Refused } from './exit.js';
import { writeTo } from './files.js';
import type { Found, ImportQuery } from './import-file.js';
import type { Session } from './session.js';
import type { Say } from './words.js';

/** How the file was sent in. @param control the file of the control totals that the query names */
type Sent = { readonly file: string; readonly query: ImportQuery; readonly control: string | undefined };
/** What is asked: what is shown of it, how much that is in all, and whether all has been written to a file. */
type Asked = Sent & {
  readonly consent: string;
  readonly asked: readonly { readonly finding: string; readonly voucher?: string | undefined }[];
  readonly asksInAll: number;
  readonly written: boolean;
};

/** Writes all that asks for consent as a table: UTF-8 with BOM, semicolons, one a row. @throws WrongUsage where the file cannot be written */
export function writeDifferences({ say, err }: Session, asks: readonly Found[], file: string): void {
  const header = say('rad;iakttagelse;verifikation;tidigare;skillnad;text', 'row;finding;voucher;from;difference;text');
  const lines = asks.map(({ row, finding, text, facts: { voucher = '', from = '', difference = '' } }) =>
    csvLine([String(row), finding, ...[voucher, from, difference, text].map(csvText)]),
  );
  writeTo(file, `\uFEFF${header}\r\n${lines.join('')}`, say);
  err(say(`Skrivet: ${file}, ${countText(asks.length, 'rad', 'rader')}`, `Written: ${file}, ${countText(asks.length, 'row', 'rows')}`));
}

/** The refusal of a file that asks for consent, with the command that gives it. */
export function withConsent(refused: Refused, sent: Sent, say: Say): Refused {
  const { consent, asks = 0 } = refused.problem.facts as { readonly consent?: unknown; readonly asks?: number };
  if (!refused.problem.type.endsWith(':file-asks-consent') || typeof consent !== 'string') return refused;
  const asked = (refused.problem.errors ?? []).map(({ type, facts }) => ({
    finding: type.split(':').at(-1)!,
    voucher: facts?.['voucher'] as string | undefined,
  }));
  return new Refused(refused.problem, consentText({ ...sent, consent, asked, asksInAll: asks, written: false }, say));
}

/** What is asked of vouchers that may be known ones, or new. */
const EITHER_WAY: readonly string[] = ['file-voucher-moved', 'file-voucher-changed-unnumbered'];
/** Vouchers that a command names; more are left for the next. */
const NAMED = 20;

/** The exact command that consents to exactly this, and the one that says that vouchers are new. */
export function consentText({ file, query, control, consent, asked, asksInAll, written }: Asked, say: Say): string {
  const quoted = (text: string) => (/^[\w./~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const asNew = (vouchers: readonly string[]) => vouchers.map((voucher) => `--new ${quoted(voucher)}`);
  const given = [...['profile', 'book', 'year'].map((name) => [name, query[name]] as const), ['control', control] as const];
  const options = [
    ...given.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${quoted(value)}`])),
    ...asNew(query['new']?.split(' ') ?? []),
  ];
  const command = `liggare ${query['profile'] === undefined ? 'import csv' : 'import'} ${quoted(file)}`;
  const consents = [command, ...options, `--consent ${consent}`].join(' ');
  const unsure = asked.flatMap(({ finding, voucher }) => (EITHER_WAY.includes(finding) && voucher !== undefined ? [voucher] : []));
  const says = [command, ...options, ...asNew(unsure.slice(0, NAMED))].join(' ');
  const all = [command, ...options, '--dry-run', `--differences ${say('skillnader.csv', 'differences.csv')}`].join(' ');
  const same = unsure.length === 0 ? ['', ''] : [' och de är samma verifikationer', ' and they are the same vouchers'];
  const n = swedishInteger;
  return [
    ...(written || asksInAll <= asked.length
      ? []
      : [
          say(
            `Här visas ${n(asked.length)} av ${n(asksInAll)}. Alla skrivs till en fil så här:\n  ${all}`,
            `Shown are ${n(asked.length)} of ${n(asksInAll)}. All are written to a file by:\n  ${all}`,
          ),
        ]),
    say(
      `Om allt detta stämmer${same[0]}, ge ditt medgivande till just det så här:\n  ${consents}`,
      `If all this is right${same[1]}, consent to exactly that:\n  ${consents}`,
    ),
    ...(unsure.length === 0
      ? []
      : [
          say(
            `De som är nya verifikationer, och inte dem som redan finns, anger du så här (stryk de andra):\n  ${says}`,
            `Those that are new vouchers, and not the known ones, are named like this (strike the others):\n  ${says}`,
          ),
        ]),
  ].join('\n');
}
