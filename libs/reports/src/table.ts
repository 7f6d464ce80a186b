/**
 * A paper as data: titled, with its standing (scope, period, event, demo), columns and rows; amounts exact öre until a door
 * prints them. Every layout makes one, and text-table.ts, csv.ts and json.ts write it.
 */
import { roundTo, swedishInteger, swedishKronor } from '#ledger';
import type { Standing } from '#projections';

export type Language = 'sv' | 'en';
/** kr is exact with two decimals, tkr whole, mkr with one decimal; the last two rounded half away from zero, cell by cell. */
export type MoneyUnit = 'kr' | 'tkr' | 'mkr';

/** A text, an amount with the sign of the tables, or nothing ("–"). */
export type Cell = string | { readonly ore: bigint } | null;
export type Column = { readonly key: string; readonly header: string; readonly kind: 'text' | 'amount' };
export type Row = { readonly kind: 'row' | 'total' | 'aside'; readonly cells: readonly Cell[] };
export type Table = {
  readonly title: string;
  readonly standing: Standing;
  readonly language: Language;
  readonly unit: MoneyUnit;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
  /** `posted`: amounts as in the books, debit + and credit −; else with the sign of the tables. */
  readonly sign?: 'posted';
};
export type TableOptions = { readonly unit?: MoneyUnit; readonly language?: Language };

/** Öre in the smallest step that a unit prints. */
const STEP_ORE: { readonly [unit in MoneyUnit]: bigint } = { kr: 1n, tkr: 100_000n, mkr: 10_000_000n };

/** An amount as a unit prints it, in the smallest steps it prints: öre, tkr, tenths of mkr. */
export const printed = (ore: bigint, unit: MoneyUnit): bigint => roundTo(ore, STEP_ORE[unit]);

/** A printed amount in Swedish: U+00A0 between thousands, comma, U+2212, never "−0" (R37). */
export function amountText(steps: bigint, unit: MoneyUnit): string {
  if (unit === 'kr') return swedishKronor(steps);
  if (unit === 'tkr') return swedishInteger(steps);
  const size = steps < 0n ? -steps : steps;
  return `${steps < 0n ? '\u2212' : ''}${swedishInteger(size / 10n)},${size % 10n}`;
}

/** A printed amount for a machine: no grouping, ASCII minus. @param decimal the decimal mark */
export function plainAmount(steps: bigint, unit: MoneyUnit, decimal: ',' | '.'): string {
  const size = String(steps < 0n ? -steps : steps);
  const sign = steps < 0n ? '-' : '';
  const decimals = { kr: 2, tkr: 0, mkr: 1 }[unit];
  if (decimals === 0) return sign + size;
  const padded = size.padStart(decimals + 1, '0');
  return `${sign}${padded.slice(0, -decimals)}${decimal}${padded.slice(-decimals)}`;
}

const KINDS = {
  sv: { region: 'regionen', board: 'nämnd', administration: 'förvaltning', unit: 'enhet' },
  en: { region: 'the region', board: 'board', administration: 'administration', unit: 'unit' },
} as const;

/** The period in words: `januari–maj 2023`, `helår 2023`. */
export function periodText({ year, fromPeriod, through }: Standing, language: Language): string {
  const [from, to] = [fromPeriod, through].map((period) => Number(period.slice(5))) as [number, number];
  if (from === 1 && to === 16) return language === 'sv' ? `helår ${year}` : `full year ${year}`;
  const closing = language === 'sv' ? 'bokslutsperiod' : 'closing period';
  const name = (month: number) => (month > 12 ? `${closing} ${month}` : MONTHS[language][month - 1]!);
  return from === to ? `${name(from)} ${year}` : `${name(from)}–${name(to)} ${year}`;
}

/** What every paper says of itself, a sentence a line: demo, scope, period, event, sign, unit (R44). */
export function aboutLines({ standing, language, unit, sign }: Pick<Table, 'standing' | 'language' | 'unit' | 'sign'>): string[] {
  const { scope, seq, fromPeriod, through, demo, notTied } = standing;
  const selections = notTied.map(({ file, import: id }) => file ?? id).join(', ');
  const time = `${periodText(standing, language)} (${fromPeriod}–${through})`;
  if (language === 'sv')
    return [
      ...(demo ? ['DEMO: uppgifterna är påhittade.'] : []),
      `Omfattning: ${scope.unit} ${scope.name} (${KINDS.sv[scope.kind]}) med allt därunder`,
      `Period: ${time}`,
      `Till och med händelse ${seq}`,
      ...(selections ? [`Ej avstämt mot ekonomisystemets kontrollsummor: ${selections}`] : []),
      `Belopp i ${unit}, ${sign === 'posted' ? 'som bokförda: debet +, kredit' : 'intäkter +, kostnader'} \u2212`,
    ];
  return [
    ...(demo ? ['DEMO: the figures are made up.'] : []),
    `Scope: ${scope.unit} ${scope.name} (${KINDS.en[scope.kind]}) with everything below it`,
    `Period: ${time}`,
    `As of event ${seq}`,
    ...(selections ? [`Not tied to the accounting system’s control totals: ${selections}`] : []),
    `Amounts in ${unit}, ${sign === 'posted' ? 'as posted: debit +, credit' : 'income +, costs'} \u2212`,
  ];
}

const MONTHS = {
  sv: ['januari', 'februari', 'mars', 'april', 'maj', 'juni', 'juli', 'augusti', 'september', 'oktober', 'november', 'december'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
} as const;
