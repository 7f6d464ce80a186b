/**
 * Every line of the books as one tidy table for Power BI, Stratsys and Excel (R35): UTF-8 with BOM, `;`, decimal comma, a row a line, the
 * amount both in kronor and in whole öre, with what it was coded to, where the unit lies, and the voucher it comes from. Streams.
 */
import { kronor, type Effect } from '#ledger';
import type { BookedLine, BookedVoucher, Books } from '#projections';
import { csvLine, csvText } from './csv.js';
import type { Language } from './table.js';

export type LinesAskedAsCsv = {
  readonly year: number;
  readonly fromPeriod?: string;
  readonly through?: string;
  readonly book?: string;
  /** A unit with everything below it; the whole region where left out. */
  readonly scope?: string;
  readonly grant?: string;
  readonly language?: Language;
};

const COLUMNS = {
  sv: [
    'bidragskod',
    'bidrag',
    'beslut',
    'nämnd',
    'nämndens namn',
    'enhet',
    'enhetens namn',
    'år',
    'period',
    'konto',
    'verkan',
    'intern',
    'motpart',
    'belopp',
    'belopp i öre',
    'tecken',
    'verifikat',
    'rad',
    'händelsedatum',
    'registrerad',
    'text',
    'radtext',
    'motpartens namn',
    'underlag',
    'bok',
    'händelse',
    'demo',
  ],
  en: [
    'grant',
    'grant name',
    'decision',
    'board',
    'board name',
    'unit',
    'unit name',
    'year',
    'period',
    'account',
    'effect',
    'internal',
    'counterpart',
    'amount',
    'amount in öre',
    'sign',
    'voucher',
    'line',
    'event date',
    'registered',
    'text',
    'line text',
    'counterparty',
    'document',
    'book',
    'event',
    'demo',
  ],
} as const satisfies Record<Language, readonly string[]>;
const SIGN = { sv: 'intäkter +, kostnader -', en: 'income +, costs -' } as const;
const EFFECTS: Record<Language, Record<Effect, string>> = {
  sv: {
    received: 'mottaget',
    recognised: 'intäktsfört',
    both: 'mottaget och intäktsfört',
    cost: 'kostnad',
    reallocated: 'omfördelat',
    repaid: 'återbetalt',
    none: '',
  },
  en: {
    received: 'received',
    recognised: 'recognised',
    both: 'received and recognised',
    cost: 'cost',
    reallocated: 'reallocated',
    repaid: 'repaid',
    none: '',
  },
};
const YES = { sv: 'ja', en: 'yes' } as const;

/** The table's text in parts, with BOM and CRLF; amounts with the sign of the tables. @param books closed by the caller · refuses `unit-unknown`, `grant-unknown` and what a malformed period is refused for */
export function* linesCsv(
  books: Books,
  { year, fromPeriod, through, book, scope, grant, language = 'sv' }: LinesAskedAsCsv,
): Generator<string> {
  const asked = {
    year,
    ...(fromPeriod !== undefined && { fromPeriod }),
    ...(through !== undefined && { through }),
    ...(book !== undefined && { book }),
  };
  const placed = books.placed(through ?? `${year}-16`);
  const chosen = scope === undefined ? null : books.unitsOf(scope, through ?? `${year}-16`);
  if (grant !== undefined) books.demandGrant(grant);
  const { demo } = books.ledger();
  const names = new Map<string, string>();
  const nameOf = (code: string, period: string): string => {
    const key = `${code}|${period}`;
    let name = names.get(key);
    if (name === undefined) names.set(key, (name = code === '' ? '' : books.grantName(code, period)));
    return name;
  };
  const row = (voucher: BookedVoucher, line: BookedLine): string => {
    const { name, board } = placed(line.unit);
    const amount = -line.amountOre || 0;
    return csvLine(
      [
        line.grant,
        nameOf(line.grant, line.period),
        line.decision,
        board?.unit ?? '',
        board?.name ?? '',
        line.unit,
        name,
        line.period.slice(0, 4),
        line.period,
        line.account,
        EFFECTS[language][line.effect],
        line.internal ? YES[language] : '',
        line.counterpart ?? '',
      ].map(csvText),
      [kronor(amount).replace('.', ','), String(amount)],
      [
        SIGN[language],
        voucher.voucher,
        String(line.line),
        voucher.eventDate,
        voucher.registered ?? voucher.recordedAt.slice(0, 10),
        voucher.text,
        line.text,
        voucher.counterparty ?? '',
        voucher.document ?? '',
        voucher.ref.book,
        String(voucher.seq),
        demo ? 'DEMO' : '',
      ].map(csvText),
    );
  };
  let pending = `\uFEFF${csvLine(COLUMNS[language])}`;
  for (const voucher of books.vouchers(asked))
    for (const line of voucher.lines) {
      if ((grant !== undefined && line.grant !== grant) || (chosen && !chosen.has(line.unit))) continue;
      pending += row(voucher, line);
      if (pending.length < PART_CHARACTERS) continue;
      yield pending;
      pending = '';
    }
  yield pending;
}

const PART_CHARACTERS = 64 * 1024;
