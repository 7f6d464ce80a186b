/**
 * The complete table: every code with both sides or "–", its net and the verdict in words, with and without what is exempt;
 * beside it what was internal, what lacks a grant code and what is not yet allotted (R15, R16, R36, R43, R47). Each cell is rounded
 * by itself from exact öre, so that the printed numbers need not foot; a note names each place where they do not.
 */
import type { Figures, Net, Verdict } from '#projections';
import {
  amountText,
  periodText,
  printed,
  type Cell,
  type Language,
  type MoneyUnit,
  type Row,
  type Table,
  type TableOptions,
} from './table.js';

const WORDS = {
  sv: {
    title: 'Riktade statsbidrag, varje kod',
    code: 'Kod',
    name: 'Benämning',
    received: 'Mottaget',
    recognised: 'Intäktsfört',
    reallocated: 'Omfördelat',
    income: 'Erhållet',
    cost: 'Kostnader',
    repaid: 'Återbetalt',
    net: 'Netto',
    verdict: 'Bedömning',
    total: 'Alla koder',
    withoutExempt: 'Utan undantagna',
    internal: 'Varav interna',
    outside: 'Saknar bidragskod',
    internalOutside: 'Varav interna utan kod',
    eliminated: 'Interna, ej medräknade',
    eliminatedOutside: 'Interna utan kod, ej medräknade',
    unallotted: (amount: string) => `Ofördelat (beviljat men inte tilldelat någon enhet): ${amount}. Ingår inte i någon summa.`,
    overAllotted: (amount: string) => `Tilldelat utöver vad som beviljats: ${amount}. Avräknat mot inget annat.`,
    exempt: (grant: string, reference: string) => `${grant} är undantaget från kravet på resultatneutralitet: ${reference}.`,
    columnsOff: (columns: string) => `Avrundning: koderna summerar inte till den tryckta totalen, avrundad från hela ören, i ${columns}.`,
    rowsOff: (rows: string) => `Avrundning: tryckt Erhållet och Kostnader ger inte tryckt Netto, avrundat från hela ören, för ${rows}.`,
  },
  en: {
    title: 'Targeted state grants, every code',
    code: 'Code',
    name: 'Name',
    received: 'Received',
    recognised: 'Recognised',
    reallocated: 'Reallocated',
    income: 'Income',
    cost: 'Costs',
    repaid: 'Repaid',
    net: 'Net',
    verdict: 'Verdict',
    total: 'All codes',
    withoutExempt: 'Without exempt',
    internal: 'Of which internal',
    outside: 'Without grant code',
    internalOutside: 'Of which internal without code',
    eliminated: 'Internal, not counted',
    eliminatedOutside: 'Internal without code, not counted',
    unallotted: (amount: string) => `Unallotted (awarded, not yet allotted to any unit): ${amount}. Part of no sum.`,
    overAllotted: (amount: string) => `Allotted beyond what was awarded: ${amount}. Set off against nothing else.`,
    exempt: (grant: string, reference: string) => `${grant} is exempt from neutrality: ${reference}.`,
    columnsOff: (columns: string) => `Rounding: the codes do not sum to the printed total, rounded from whole öre, in ${columns}.`,
    rowsOff: (rows: string) => `Rounding: printed Income and Costs do not give printed Net, rounded from whole öre, for ${rows}.`,
  },
} as const;

/** The verdicts as people read them. */
export const VERDICTS: { readonly [language in Language]: { readonly [verdict in Verdict]: string } } = {
  sv: { neutral: 'resultatneutral', 'not-neutral': 'ej resultatneutral', exempt: 'undantagen', 'no-movement': 'ingen rörelse' },
  en: { neutral: 'neutral', 'not-neutral': 'not neutral', exempt: 'exempt', 'no-movement': 'no movement' },
};

/** The paper. @param options `unit` kr where left out */
export function completeTable(net: Net, { unit = 'kr', language = 'sv' }: TableOptions = {}): Table {
  const words = WORDS[language];
  const isRegion = net.scope.kind === 'region';
  const aside = (name: string, figures: Figures): Row[] =>
    hasAny(figures) ? [{ kind: 'aside', cells: ['', name, ...amounts(figures), ''] }] : [];
  const exempt = net.grants.filter((grant) => grant.exempt !== null);
  const someExempt = exempt.length > 0 || net.grants.some(({ decisions }) => decisions.some((decision) => decision.exempt !== null));
  return {
    title: `${words.title}, ${net.scope.name}, ${periodText(net, language)}`,
    standing: net,
    language,
    unit,
    columns: [
      { key: 'code', header: words.code, kind: 'text' },
      { key: 'name', header: words.name, kind: 'text' },
      ...AMOUNTS.map((key) => ({
        key,
        header: `${words[key]} ${unit}`,
        kind: 'amount' as const,
      })),
      { key: 'verdict', header: words.verdict, kind: 'text' },
    ],
    rows: [
      ...net.grants.map((grant): Row => ({
        kind: 'row',
        cells: [grant.grant, grant.name, ...amounts(grant), VERDICTS[language][grant.verdict]],
      })),
      { kind: 'total', cells: ['', words.total, ...amounts(net.total), ''] },
      ...(someExempt ? [{ kind: 'total' as const, cells: ['', words.withoutExempt, ...amounts(net.totalWithoutExempt), ''] }] : []),
      ...aside(isRegion ? words.eliminated : words.internal, net.internal),
      ...aside(words.outside, net.withoutGrantCode),
      ...aside(isRegion ? words.eliminatedOutside : words.internalOutside, net.internalWithoutGrantCode),
    ],
    notes: [
      ...footingNotes(net, someExempt, unit, language),
      ...exempt.map((grant) => words.exempt(grant.grant, grant.exempt!)),
      words.unallotted(`${amountText(printed(net.unallottedOre, unit), unit)} ${unit}`),
      ...(net.overAllottedOre > 0n ? [words.overAllotted(`${amountText(printed(net.overAllottedOre, unit), unit)} ${unit}`)] : []),
    ],
  };
}

/** One sentence for the columns and one for the rows that do not foot as printed, each with by how much. */
function footingNotes({ grants, total, totalWithoutExempt }: Net, someExempt: boolean, unit: MoneyUnit, language: Language): string[] {
  const words = WORDS[language];
  const steps = (of: Figures, key: (typeof AMOUNTS)[number]) => printed(of[`${key}Ore`], unit);
  const named = (name: string, off: bigint) => (off === 0n ? [] : [`${name} (${off > 0n ? '+' : ''}${amountText(off, unit)})`]);
  const columns = AMOUNTS.flatMap((key) =>
    named(words[key], grants.reduce((sum, grant) => sum + steps(grant, key), 0n) - steps(total, key)),
  );
  const rows = [
    ...grants.map((grant) => [grant.grant, grant] as const),
    [words.total, total] as const,
    ...(someExempt ? [[words.withoutExempt, totalWithoutExempt] as const] : []),
  ].flatMap(([name, of]) => named(name, steps(of, 'income') + steps(of, 'cost') - steps(of, 'net')));
  return [
    ...(columns.length > 0 ? [words.columnsOff(columns.join(', '))] : []),
    ...(rows.length > 0 ? [words.rowsOff(rows.join(', '))] : []),
  ];
}

const AMOUNTS = ['received', 'recognised', 'reallocated', 'income', 'cost', 'repaid', 'net'] as const;
/** A side without money is "–", so that nobody reads a forgotten number as zero. */
const amount = (ore: bigint): Cell => (ore === 0n ? null : { ore });
const amounts = (of: Figures): Cell[] => [
  amount(of.receivedOre),
  amount(of.recognisedOre),
  amount(of.reallocatedOre),
  amount(of.incomeOre),
  amount(of.costOre),
  amount(of.repaidOre),
  { ore: of.netOre },
];
const hasAny = (of: Figures): boolean => Object.values(of).some((ore: bigint) => ore !== 0n);
