/**
 * The table as the region prints it in its reports: per side the largest codes, the rest in 99** last, totals first (R36;
 * May and annual report 2023). Each cell is rounded by itself from exact öre, totals and net from exact sums, so the
 * printed numbers need not foot: both differences are worked out and told in a note.
 */
import type { Net } from '#projections';
import { amountText, periodText, printed, type Language, type Row, type Table, type TableOptions } from './table.js';

/** The display group; never a code that can be posted to (R13). */
export const REST = '99**';

export type AsPrintedOptions = TableOptions & {
  /** How many codes each side names: 10 in the annual report, 3 in the May report. */
  readonly top?: number;
  /** What 99** is called: "Övriga bidrag" where left out. */
  readonly restName?: string;
};
export type PrintedRow = { readonly code: string; readonly name: string; readonly ore: bigint };
/** `footing`: printed rows less printed total of each side, and printed totals less printed net; in steps of the unit. */
export type AsPrinted = {
  readonly income: { readonly totalOre: bigint; readonly rows: readonly PrintedRow[] };
  readonly cost: { readonly totalOre: bigint; readonly rows: readonly PrintedRow[] };
  readonly netOre: bigint;
  readonly footing: { readonly income: bigint; readonly cost: bigint; readonly net: bigint };
};

const WORDS = {
  sv: {
    title: 'Riktade statsbidrag',
    income: 'Erhållna statsbidrag',
    cost: 'Redovisade kostnader',
    net: 'Resultat',
    rest: 'Övriga bidrag',
    code: 'Kod',
    name: 'Benämning',
  },
  en: {
    title: 'Targeted state grants',
    income: 'State grants received',
    cost: 'Costs',
    net: 'Net result',
    rest: 'Other grants',
    code: 'Code',
    name: 'Name',
  },
} as const;

/** The rows and totals, exact, and how far the printed ones are from footing. */
export function asPrinted(
  net: Net,
  { top = 10, unit = 'tkr', language = 'sv', restName = WORDS[language].rest }: AsPrintedOptions = {},
): AsPrinted {
  const side = (of: 'incomeOre' | 'costOre') => {
    const rows = net.grants
      .map((grant): PrintedRow => ({ code: grant.grant, name: grant.name, ore: grant[of] }))
      .filter(({ ore }) => ore !== 0n);
    const direction = of === 'incomeOre' ? -1n : 1n;
    rows.sort((a, b) => Number(direction * (a.ore > b.ore ? 1n : a.ore < b.ore ? -1n : 0n)) || (a.code < b.code ? -1 : 1));
    const rest = rows.slice(top);
    const others = rest.length > 0 ? [{ code: REST, name: restName, ore: rest.reduce((sum, { ore }) => sum + ore, 0n) }] : [];
    return { totalOre: net.total[of], rows: [...rows.slice(0, top), ...others] };
  };
  const [income, cost] = [side('incomeOre'), side('costOre')];
  const off = ({ rows, totalOre }: typeof income) => rows.reduce((sum, { ore }) => sum + printed(ore, unit), 0n) - printed(totalOre, unit);
  const totals = printed(income.totalOre, unit) + printed(cost.totalOre, unit);
  return {
    income,
    cost,
    netOre: net.total.netOre,
    footing: { income: off(income), cost: off(cost), net: totals - printed(net.total.netOre, unit) },
  };
}

/** The paper of it. */
export function asPrintedTable(net: Net, options: AsPrintedOptions = {}): Table {
  const { unit = 'tkr', language = 'sv' } = options;
  const words = WORDS[language];
  const { income, cost, netOre, footing } = asPrinted(net, options);
  const rows = (side: typeof income, total: string): Row[] => [
    { kind: 'total', cells: ['', total, { ore: side.totalOre }] },
    ...side.rows.map(({ code, name, ore }): Row => ({ kind: 'row', cells: [code, name, { ore }] })),
  ];
  return {
    title: `${words.title}, ${net.scope.name}, ${periodText(net, language)}`,
    standing: net,
    language,
    unit,
    columns: [
      { key: 'code', header: words.code, kind: 'text' },
      { key: 'name', header: words.name, kind: 'text' },
      { key: 'amount', header: unit, kind: 'amount' },
    ],
    rows: [...rows(income, words.income), ...rows(cost, words.cost), { kind: 'total', cells: ['', words.net, { ore: netOre }] }],
    notes: footingNotes(footing, unit, language),
  };
}

function footingNotes({ income, cost, net }: AsPrinted['footing'], unit: 'kr' | 'tkr' | 'mkr', language: Language): string[] {
  const words = WORDS[language];
  const by = (steps: bigint) => `${amountText(steps < 0n ? -steps : steps, unit)} ${unit}`;
  const more = (steps: bigint) => (language === 'sv' ? (steps > 0n ? 'mer' : 'mindre') : steps > 0n ? 'more' : 'less');
  const sides = (
    [
      [words.income, income],
      [words.cost, cost],
    ] as const
  ).flatMap(([side, steps]) =>
    steps === 0n
      ? []
      : [
          language === 'sv'
            ? `Avrundning: raderna under ${side} summerar till ${by(steps)} ${more(steps)} än totalen, som är avrundad från hela ören.`
            : `Rounding: the rows under ${side} sum to ${by(steps)} ${more(steps)} than the total, which is rounded from whole öre.`,
        ],
  );
  if (net === 0n) return sides;
  return [
    ...sides,
    language === 'sv'
      ? `Avrundning: de tryckta totalerna ger ${by(net)} ${more(net)} än ${words.net}, som är avrundat från hela ören.`
      : `Rounding: the printed totals give ${by(net)} ${more(net)} than ${words.net}, which is rounded from whole öre.`,
  ];
}
