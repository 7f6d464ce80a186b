/** Selections (urval) against the ERP's control totals: which are tied, and where one differs, down to the rows. */
import { parseOre, swedishInteger, swedishKronor } from '#ledger';
import type { ImportEntry, Ties } from '#projections';
import type { Cell } from '../../api/src/rows.js';
import type { Door } from './door.js';
import type { Session } from './session.js';

type Wired = Omit<Ties, 'ties'> & {
  readonly ties: readonly {
    readonly account: string;
    readonly grant: string | null;
    readonly period: string;
    readonly ledger: string;
    readonly control: string | null;
    readonly difference: string;
    readonly lines: readonly { readonly voucher: string; readonly line: number; readonly row: number | null }[];
    readonly linesInAll: number;
  }[];
};

const kr = (amount: string | null): Cell => ({ right: amount === null ? '' : swedishKronor(parseOre(amount)) });

/** One selection, account by account. */
export async function tellTies(session: Session, door: Door, id: string): Promise<void> {
  const { say } = session;
  const answer = await door.json<Wired>({ method: 'GET', path: `/imports/${encodeURIComponent(id)}/ties` });
  const rows = answer.ties.map(({ account, grant, period, ledger, control, difference, lines, linesInAll }): Cell[] => {
    const named = lines.map(({ voucher, line, row }) =>
      row === null ? `${voucher} ${line}` : `${voucher} ${line} (${say('rad', 'row')} ${row})`,
    );
    const more = linesInAll > named.length ? [say(`… av ${swedishInteger(linesInAll)}`, `… of ${swedishInteger(linesInAll)}`)] : [];
    return [account, grant ?? '–', period, kr(ledger), kr(control), kr(difference), [...named, ...more].join(', ')];
  });
  session.show(
    answer,
    [
      'konto|bidrag|period|liggaren|ekonomisystemet|skillnad|rader bakom skillnaden',
      'account|grant|period|ledger|ERP|difference|lines behind the difference',
    ],
    rows,
  );
  if (session.options.format !== 'table') return;
  const differing = answer.ties.filter(({ difference }) => parseOre(difference) !== 0).length;
  if (answer.tied)
    session.out(say('Avstämt: liggaren och kontrollsummorna säger detsamma.', 'Tied: the ledger and the control totals say the same.'));
  else if (answer.totals === null)
    session.out(
      say(
        `Ej avstämt: inga kontrollsummor. Ange dem: liggare import control ${id} FIL`,
        `Not tied: no control totals. Give them: liggare import control ${id} FILE`,
      ),
    );
  else
    session.out(
      say(
        `Ej avstämt på ${swedishInteger(differing)} av ${rows.length}.`,
        `Not tied: ${swedishInteger(differing)} of ${rows.length} differ.`,
      ),
    );
}

/** All selections, and whether each is tied. */
export async function listTies(session: Session): Promise<void> {
  const { say } = session;
  await session.list<ImportEntry>(
    '/imports',
    ['import|fil|bok|år|avstämt', 'import|file|book|year|tied'],
    ({ import: id, file, book, year, tied }) => [id, file ?? '', book, String(year), tied ? say('ja', 'yes') : say('nej', 'no')],
    { where: ({ kind, status }) => kind === 'selection' && status === 'closed' },
  );
}
