/**
 * The books as a whole, for people and for spreadsheets: the journal, and whether journal, general ledger and figures hold the same. They
 * belong to no scope and no period, so they are none of papers.ts's. Used by the reports' door.
 */
import { kronor, swedishKronor } from '#ledger';
import type { Completeness, JournalAnswer } from '#projections';
import type { Language } from '#reports';
import { csvTable, textTable } from './rows.js';

const JOURNAL = ['seq', 'recordedAt', 'actor', 'name', 'voucher', 'act', 'eventDate', 'text', 'lines', 'debit', 'credit', 'sign', 'demo'];
/** The journal as CSV: UTF-8 with BOM, decimal comma. */
export const journalCsv = (journal: Pick<JournalAnswer, 'vouchers' | 'demo'>): string =>
  `\uFEFF${csvTable(JOURNAL, journalRows(journal))}\r\n`;

const journalRows = ({ vouchers, demo }: Pick<JournalAnswer, 'vouchers' | 'demo'>): string[][] =>
  vouchers.map(({ seq, recordedAt, actor, actorName, voucher, act, eventDate, text, lines, debitOre, creditOre }) => [
    String(seq),
    recordedAt,
    actor,
    actorName ?? '',
    voucher,
    act,
    eventDate,
    text,
    String(lines),
    kronor(debitOre).replace('.', ','),
    kronor(creditOre).replace('.', ','),
    'debet +, kredit -',
    demo ? 'DEMO' : '',
  ]);

/** The journal for people. @param after the place to go on from, or null at the end */
export function journalText({ seq, demo, vouchers }: Omit<JournalAnswer, 'next'>, after: string | null, language: Language): string {
  const say = (sv: string, en: string) => (language === 'sv' ? sv : en);
  const headers = say(
    'händelse|bokförd|av|verifikation|datum|text|rader|debet|kredit',
    'event|recorded|by|voucher|date|text|lines|debit|credit',
  ).split('|');
  const rows = vouchers.map(({ seq, recordedAt, actor, actorName, voucher, eventDate, text, lines, debitOre, creditOre }) => [
    { right: String(seq) },
    recordedAt,
    actorName ?? actor,
    voucher,
    eventDate,
    text,
    { right: String(lines) },
    { right: swedishKronor(debitOre) },
    { right: swedishKronor(creditOre) },
  ]);
  const about = [
    ...(demo ? [say('DEMO: uppgifterna är påhittade.', 'DEMO: the figures are made up.')] : []),
    say(
      `Grundbok i registreringsordning, till och med händelse ${seq}. Belopp i kr, debet +, kredit −.`,
      `Journal in order of registration, as of event ${seq}. Amounts in kr, debit +, credit −.`,
    ),
  ];
  const more = after === null ? [] : [say(`Fler rader: after=${after}`, `More: after=${after}`)];
  return `${[...about, '', textTable(headers, rows), ...more].join('\n')}\n`;
}

const COMPLETENESS = ['place', 'lines', 'debit', 'credit', 'balance', 'equal', 'event', 'sign', 'demo'];

/** As {@link journalCsv}, a row for each of the three places; figures have no lines. */
export function completenessCsv({ seq, demo, journal, ledger, figuresOre, equal }: Completeness): string {
  const money = (ore: bigint) => kronor(ore).replace('.', ',');
  const about = [equal ? 'yes' : 'no', String(seq), 'debet +, kredit -', demo ? 'DEMO' : ''];
  const of = (place: string, { lines, debitOre, creditOre, balanceOre }: Completeness['journal']) => [
    place,
    String(lines),
    money(debitOre),
    money(creditOre),
    money(balanceOre),
    ...about,
  ];
  const rows = [of('journal', journal), of('ledger', ledger), ['figures', '', '', '', money(figuresOre), ...about]];
  return `\uFEFF${csvTable(COMPLETENESS, rows)}\r\n`;
}

/** The three places beneath each other, and the verdict in words (R5). */
export function completenessText({ seq, demo, journal, ledger, figuresOre, equal }: Completeness, language: Language): string {
  const say = (sv: string, en: string) => (language === 'sv' ? sv : en);
  const of = (place: string, { lines, debitOre, creditOre, balanceOre }: Completeness['journal']) => [
    place,
    { right: String(lines) },
    ...[debitOre, creditOre, balanceOre].map((ore) => ({ right: swedishKronor(ore) })),
  ];
  const rows = [
    of(say('grundbok', 'journal'), journal),
    of(say('huvudbok', 'general ledger'), ledger),
    [say('rapporternas summor', 'figures of the reports'), '', '', '', { right: swedishKronor(figuresOre) }],
  ];
  const about = [
    ...(demo ? [say('DEMO: uppgifterna är påhittade.', 'DEMO: the figures are made up.')] : []),
    say(
      `Fullständighet, till och med händelse ${seq}. Belopp i kr, debet +, kredit −.`,
      `Completeness, as of event ${seq}. Amounts in kr, debit +, credit −.`,
    ),
  ];
  const verdict = equal
    ? say('Grundbok, huvudbok och rapporter stämmer överens.', 'Journal, general ledger and reports agree.')
    : say(
        'Grundbok, huvudbok och rapporter STÄMMER INTE överens. Ta bort mappen read-models och starta om; består felet, kontrollera liggaren.',
        'Journal, general ledger and reports DO NOT agree. Remove the folder read-models and start again; if it stays so, check the ledger.',
      );
  return `${[...about, '', textTable(say('var|rader|debet|kredit|saldo', 'where|lines|debit|credit|balance').split('|'), rows), '', verdict].join('\n')}\n`;
}
