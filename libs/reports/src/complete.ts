/**
 * The complete table: every code with both sides or "–", its net and the verdict in words, with and without what is exempt;
 * beside it what was internal, what lacks a grant code and what is not yet allotted (R15, R16, R36, R43, R47).
 */
import type { Figures, Net, Verdict } from '#projections';
import { amountText, periodText, printed, type Cell, type Language, type Row, type Table, type TableOptions } from './table.js';

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
    exempt: (grant: string, reference: string) => `${grant} är undantaget från kravet på resultatneutralitet: ${reference}.`,
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
    exempt: (grant: string, reference: string) => `${grant} is exempt from neutrality: ${reference}.`,
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
  return {
    title: `${words.title}, ${net.scope.name}, ${periodText(net, language)}`,
    standing: net,
    language,
    unit,
    columns: [
      { key: 'code', header: words.code, kind: 'text' },
      { key: 'name', header: words.name, kind: 'text' },
      ...(['received', 'recognised', 'reallocated', 'income', 'cost', 'repaid', 'net'] as const).map((key) => ({
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
      ...(exempt.length > 0 || net.grants.some(({ decisions }) => decisions.some((decision) => decision.exempt !== null))
        ? [{ kind: 'total' as const, cells: ['', words.withoutExempt, ...amounts(net.totalWithoutExempt), ''] }]
        : []),
      ...aside(isRegion ? words.eliminated : words.internal, net.internal),
      ...aside(words.outside, net.withoutGrantCode),
      ...aside(isRegion ? words.eliminatedOutside : words.internalOutside, net.internalWithoutGrantCode),
    ],
    notes: [
      ...exempt.map((grant) => words.exempt(grant.grant, grant.exempt!)),
      words.unallotted(`${amountText(printed(net.unallottedOre, unit), unit)} ${unit}`),
    ],
  };
}

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
