/**
 * The questions as papers: which columns a table of units, periods, verdicts or lines has, in both languages. The layouts of
 * the reports themselves (as printed, complete) are libs/reports'. Used by the reports' door and the page.
 */
import { countText } from '#ledger';
import type {
  Figures,
  Hint,
  LedgerLines,
  Neutrality,
  NeutralityReason,
  Periods,
  Standing,
  Unallotted,
  Units,
  WithoutGrantCode,
} from '#projections';
import { VERDICTS, type Cell, type Column, type Language, type MoneyUnit, type Row, type Table } from '#reports';

export type PaperOptions = { readonly unit: MoneyUnit; readonly language: Language };
type Words = readonly [sv: string, en: string];

const FIGURES: readonly (readonly [key: keyof Figures, ...words: Words])[] = [
  ['receivedOre', 'Mottaget', 'Received'],
  ['recognisedOre', 'Intäktsfört', 'Recognised'],
  ['reallocatedOre', 'Omfördelat', 'Reallocated'],
  ['incomeOre', 'Erhållet', 'Income'],
  ['costOre', 'Kostnader', 'Costs'],
  ['repaidOre', 'Återbetalt', 'Repaid'],
  ['netOre', 'Netto', 'Net'],
];

export const REASONS: { readonly [reason in NeutralityReason]: Words } = {
  exempt: ['undantagen', 'exempt'],
  'in-balance': ['går jämnt upp', 'in balance'],
  'income-left': ['intäkt kvar', 'income left'],
  'cost-above-income': ['kostnader över intäkten', 'costs above the income'],
  'income-without-cost': ['intäkt utan kostnad', 'income without cost'],
  'cost-without-income': ['kostnad utan intäkt', 'cost without income'],
  'income-at-other-unit': ['intäkten ligger hos en annan enhet', 'the income lies at another unit'],
  'cost-at-other-unit': ['kostnaden ligger hos en annan enhet', 'the cost lies at another unit'],
  'no-movement': ['ingen rörelse', 'no movement'],
};

const pick = (language: Language, [sv, en]: Words): string => (language === 'sv' ? sv : en);
const amount = (ore: bigint): Cell => (ore === 0n ? null : { ore });
const figures = (of: Figures): Cell[] => FIGURES.map(([key]) => amount(of[key]));

function paper(
  title: Words,
  standing: Standing,
  { unit, language }: PaperOptions,
  columns: readonly (readonly [key: string, kind: Column['kind'], ...words: Words])[],
  rows: readonly Row[],
  notes: readonly string[] = [],
  sign?: Table['sign'],
): Table {
  return {
    title: `${pick(language, title)}, ${standing.scope.name}`,
    standing,
    language,
    unit,
    columns: columns.map(([key, kind, ...words]) => ({
      key,
      kind,
      header: kind === 'amount' ? `${pick(language, words)} ${unit}` : pick(language, words),
    })),
    rows,
    notes,
    sign,
  };
}
const text = (key: string, ...words: Words) => [key, 'text', ...words] as const;
const money = (key: string, ...words: Words) => [key, 'amount', ...words] as const;
const figureColumns = FIGURES.map(([key, ...words]) => money(key.slice(0, -3), ...words));

/** Each unit with everything below it, in the tree's order. */
export function unitsPaper(answer: Units, options: PaperOptions): Table {
  const rows = answer.units.map(({ unit, name, depth, withBelow }): Row => ({
    kind: 'row',
    cells: [unit, `${'  '.repeat(depth)}${name}`, ...figures(withBelow)],
  }));
  const of = answer.grant === null ? '' : ` ${answer.grant}`;
  return paper(
    [`Riktade statsbidrag per enhet${of}`, `Targeted state grants per unit${of}`],
    answer,
    options,
    [text('unit', 'Enhet', 'Unit'), text('name', 'Namn', 'Name'), ...figureColumns],
    rows,
  );
}

/** Period by period, the last column cumulative. */
export function periodsPaper(answer: Periods, options: PaperOptions): Table {
  const rows = answer.periods.map((period): Row => ({
    kind: 'row',
    cells: [period.period, ...figures(period), { ore: period.cumulativeNetOre }],
  }));
  const total: Row = { kind: 'total', cells: [pick(options.language, ['Summa', 'Total']), ...figures(answer.total), null] };
  const of = answer.grant === null ? '' : ` ${answer.grant}`;
  const columns = [text('period', 'Period', 'Period'), ...figureColumns, money('cumulative', 'Netto ackumulerat', 'Net cumulative')];
  return paper([`Riktade statsbidrag per period${of}`, `Targeted state grants per period${of}`], answer, options, columns, [
    ...rows,
    total,
  ]);
}

/** The verdict of each grant, towards the state and in the scope. */
export function neutralityPaper(answer: Neutrality, options: PaperOptions): Table {
  const { language } = options;
  const isRegion = answer.scope.kind === 'region';
  const verdict = ({ verdict: of, reason }: Neutrality['verdicts'][number]['region']): string[] => [
    VERDICTS[language][of],
    pick(language, REASONS[reason]),
  ];
  const rows = answer.verdicts.map(({ grant, name, region, scope, exempt }): Row => ({
    kind: 'row',
    cells: [
      grant,
      name,
      { ore: region.netOre },
      ...verdict(region),
      ...(isRegion ? [] : [{ ore: scope.netOre }, ...verdict(scope)]),
      exempt ?? '',
    ],
  }));
  const columns = [
    text('grant', 'Kod', 'Code'),
    text('name', 'Benämning', 'Name'),
    money('region', 'Mot staten, netto', 'Towards the state, net'),
    text('verdict', 'Bedömning', 'Verdict'),
    text('reason', 'Varför', 'Why'),
    ...(isRegion
      ? []
      : [
          money('scope', `${answer.scope.unit}, netto`, `${answer.scope.unit}, net`),
          text('scopeVerdict', 'Bedömning', 'Verdict'),
          text('scopeReason', 'Varför', 'Why'),
        ]),
    text('exempt', 'Undantag', 'Exemption'),
  ];
  const { neutral, notNeutral, exempt } = answer;
  const note: Words = [
    `${countText(notNeutral, 'ej resultatneutral', 'ej resultatneutrala')}, ${countText(neutral, 'resultatneutral', 'resultatneutrala')}, ${countText(exempt, 'undantagen', 'undantagna')}.`,
    `${notNeutral} not neutral, ${neutral} neutral, ${exempt} exempt.`,
  ];
  return paper(['Resultatneutralitet', 'Neutrality'], answer, options, columns, rows, [pick(language, note)]);
}

/** Lines of the general ledger, debit + and credit − as posted. */
export function linesPaper(answer: LedgerLines, options: PaperOptions): Table {
  const { language } = options;
  const rows = answer.lines.map(
    ({ grant, account, unit, period, eventDate, voucher, line, text: about, counterparty, amountOre, runningOre }): Row => ({
      kind: 'row',
      cells: [
        grant ?? '–',
        account,
        unit,
        period,
        eventDate,
        `${voucher} ${line}`,
        about,
        counterparty ?? '',
        { ore: amountOre },
        { ore: runningOre },
      ],
    }),
  );
  const { lines, debitOre, creditOre, balanceOre } = answer.total;
  const columns = [
    text('grant', 'Bidrag', 'Grant'),
    text('account', 'Konto', 'Account'),
    text('unit', 'Enhet', 'Unit'),
    text('period', 'Period', 'Period'),
    text('eventDate', 'Datum', 'Date'),
    text('voucher', 'Verifikation', 'Voucher'),
    text('text', 'Text', 'Text'),
    text('counterparty', 'Motpart', 'Counterparty'),
    money('amount', 'Belopp', 'Amount'),
    money('running', 'Saldo', 'Balance'),
  ];
  const more = answer.next === null ? [] : [pick(language, [`Fler rader: after=${answer.next}`, `More lines: after=${answer.next}`])];
  const total = (label: string, ore: bigint): Row => ({ kind: 'total', cells: [label, '', '', '', '', '', '', '', { ore }, null] });
  const totals = [
    total(pick(language, ['Debet', 'Debit']), debitOre),
    total(pick(language, ['Kredit', 'Credit']), creditOre),
    total(pick(language, [`Saldo av ${countText(lines, 'rad', 'rader')}`, `Balance of ${countText(lines, 'line', 'lines')}`]), balanceOre),
  ];
  return paper(['Huvudbok', 'General ledger'], answer, options, columns, [...rows, ...totals], more, 'posted');
}

/** What speaks for a grant on a line, in words: `9916 (motparten: 14 av 15)`. */
export function hintText(hint: Hint, language: Language): string {
  const why =
    hint.because === 'rule'
      ? `${pick(language, ['regel', 'rule'])} ${hint.rule}`
      : `${pick(language, HINTS[hint.because])}: ${hint.times} ${pick(language, ['av', 'of'])} ${hint.of}`;
  return `${hint.grant} (${why})`;
}
const HINTS: { readonly [because in 'counterparty' | 'coding']: Words } = {
  counterparty: ['motparten', 'the counterparty'],
  coding: ['konto, enhet och objekt', 'account, unit and object'],
};

/** Lines that stand without a grant code, what is left of each, and what speaks for a grant. */
export function uncodedPaper(answer: WithoutGrantCode, options: PaperOptions): Table {
  const { language } = options;
  const rows = answer.lines.map(
    ({ account, unit, period, eventDate, voucher, line, text: about, counterparty, internal, amountOre, leftOre, hints }): Row => ({
      kind: 'row',
      cells: [
        account,
        unit,
        period,
        eventDate,
        `${voucher} ${line}`,
        about,
        counterparty ?? '',
        internal ? pick(language, ['intern', 'internal']) : '',
        { ore: amountOre },
        { ore: leftOre },
        hints.map((hint) => hintText(hint, language)).join('; '),
      ],
    }),
  );
  const columns = [
    text('account', 'Konto', 'Account'),
    text('unit', 'Enhet', 'Unit'),
    text('period', 'Period', 'Period'),
    text('eventDate', 'Datum', 'Date'),
    text('voucher', 'Verifikation', 'Voucher'),
    text('text', 'Text', 'Text'),
    text('counterparty', 'Motpart', 'Counterparty'),
    text('internal', 'Intern', 'Internal'),
    money('amount', 'Belopp', 'Amount'),
    money('left', 'Kvar utan kod', 'Left without code'),
    text('hints', 'Talar för', 'Speaks for'),
  ];
  const label = pick(language, [countText(answer.count, 'rad', 'rader'), countText(answer.count, 'line', 'lines')]);
  const total: Row = { kind: 'total', cells: [label, '', '', '', '', '', '', '', null, { ore: answer.totalOre }, ''] };
  const { withHint, next } = answer;
  const notes = [
    ...(withHint === 0
      ? []
      : [
          pick(language, [
            `${countText(withHint, 'rad', 'rader')} har något som talar för ett bidrag. De står först.`,
            `Something speaks for a grant on ${countText(withHint, 'line', 'lines')}. They come first.`,
          ]),
        ]),
    ...(next === null ? [] : [pick(language, [`Fler rader: after=${next}`, `More lines: after=${next}`])]),
  ];
  return paper(['Saknar bidragskod', 'Without grant code'], answer, options, columns, [...rows, total], notes, 'posted');
}

/** Awarded less allotted, per decision of the year. */
export function unallottedPaper(
  answer: Unallotted,
  region: { readonly unit: string; readonly name: string },
  options: PaperOptions,
): Table {
  const { seq, demo, year } = answer;
  const standing: Standing = {
    seq,
    demo,
    year,
    fromPeriod: `${year}-01`,
    through: `${year}-16`,
    scope: { ...region, kind: 'region' },
    notTied: [],
  };
  const rows = answer.decisions.map(({ decision, grant, name, awardedOre, allottedOre, unallottedOre }): Row => ({
    kind: 'row',
    cells: [decision, grant, name, { ore: awardedOre }, { ore: allottedOre }, { ore: unallottedOre }],
  }));
  const total: Row = { kind: 'total', cells: [pick(options.language, ['Summa', 'Total']), '', '', null, null, { ore: answer.totalOre }] };
  const columns = [
    text('decision', 'Beslut', 'Decision'),
    text('grant', 'Kod', 'Code'),
    text('name', 'Benämning', 'Name'),
    money('awarded', 'Beviljat', 'Awarded'),
    money('allotted', 'Tilldelat', 'Allotted'),
    money('unallotted', 'Ofördelat', 'Unallotted'),
  ];
  return paper(['Ofördelade medel', 'Unallotted money'], standing, options, columns, [...rows, total]);
}
