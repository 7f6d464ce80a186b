/**
 * What happens in a region's books in a year, one function a pattern: invoices, payroll, money from agencies, recognition,
 * reallocation, corrections and recodings made in the ERP, and what has nothing to do with grants. Öre, debit +, credit −.
 */
import type { Chance } from '../fuzz/mutation.js';
import { FINANCE, INVOICE_ACCOUNTS, type BookGrant, type BookRegion } from './region.js';

/** `struck` is history and not part of the voucher; `added` counts, and was put in after the voucher was first made. */
export type BookLine = {
  readonly act: 'posted' | 'added' | 'struck';
  readonly account: string;
  readonly unit: string;
  /** Dimension 20 (objekt 99xx) and dimension 6 (project); empty where there is none. */
  readonly object: string;
  readonly project: string;
  /** The grant that the codes amount to: the object, else the project where it is an EU project. */
  readonly grant: string;
  readonly ore: number;
  /** Its own text and date, empty where it has none. */
  readonly text: string;
  readonly date: string;
};
export type Content = {
  readonly text: string;
  readonly counterparty: string;
  readonly document: string;
  readonly lines: readonly BookLine[];
};
export type Surroundings = {
  readonly region: BookRegion;
  readonly year: number;
  /** The number of the voucher in the book, from 0. */
  readonly index: number;
  readonly chance: Chance;
  /** A supplier's invoice from before, with its series and number; null where there is none yet. */
  readonly earlier: () => (Content & { readonly series: string; readonly number: number }) | null;
};
export type Pattern = (surroundings: Surroundings) => Content;

const SUPPLIERS = [
  'Tallmon & Ek Rådgivning AB',
  'Tolkväxeln i Norr AB',
  'Pärm & Penna AB',
  'Kvarnåns Utveckling AB',
  'Bokförlaget Rosé',
  'Åre Hotell "Fjället" AB',
  'Studieförbundet Bygden',
];
const AGENCIES = ['Socialstyrelsen', 'Kammarkollegiet', 'MSB', 'Folkhälsomyndigheten', 'Tillväxtverket', 'E-hälsomyndigheten'];
const BOUGHT = [
  'Konsulttimmar, god och nära vård',
  'Tolk på plats',
  'Utbildning – steg 2',
  'Resor och logi',
  'Handböcker "Första hjälpen"',
  'Licenser',
  'Möteslokal, kafé',
  'Handledning; grupp',
  'Översättning',
];

const of = <T>(from: readonly T[], chance: Chance): T => from[chance(from.length)]!;
const posted = (account: string, unit: string, ore: number, more: Partial<BookLine> = {}): BookLine => ({
  act: 'posted',
  account,
  unit,
  object: '',
  project: '',
  grant: '',
  ore,
  text: '',
  date: '',
  ...more,
});
const balance = (account: string, ore: number): BookLine => posted(account, FINANCE, ore);
/** Mostly some thousand kronor, now and then millions, never even. */
const amount = (chance: Chance): number => (chance(40) === 0 ? 10_000_000 + chance(900_000_000) : 100 + chance(4_000_000));
const coding = ({ grant, place }: BookGrant): Pick<BookLine, 'grant' | 'object' | 'project'> =>
  place === '20' ? { grant, object: grant, project: '' } : { grant, object: '', project: grant };

/** Two of three costs have a grant; some of the rest a project that is none, and some grants a project beside them. */
function costCoding({ region, chance }: Surroundings): Pick<BookLine, 'grant' | 'object' | 'project'> {
  const draw = chance(12);
  if (draw < 4) return { grant: '', object: '', project: draw === 0 ? of(region.projects, chance).project : '' };
  const coded = coding(of(region.grants, chance));
  return draw === 11 && coded.object !== '' ? { ...coded, project: of(region.projects, chance).project } : coded;
}

export const invoice: Pattern = (of_) => {
  const { region, index, chance } = of_;
  const text = of(BOUGHT, chance);
  const credited = chance(40) === 0 ? -1 : 1;
  const lines: BookLine[] = [];
  let sum = 0;
  for (let left = 1 + (chance(3) === 0 ? 1 + chance(3) : 0); left > 0; left -= 1) {
    const ore = credited * amount(chance);
    sum += ore;
    const said = chance(4) === 0 ? `${text}, del ${left}` : '';
    lines.push(posted(of(INVOICE_ACCOUNTS, chance), of(region.ansvar, chance), ore, { ...costCoding(of_), text: said }));
  }
  if (chance(3) === 0) {
    const tax = Math.trunc(sum / 4);
    sum += tax;
    lines.push(balance('1680', tax));
  }
  lines.push(balance('2440', -sum));
  const document = `F-${String(100_000 + index).slice(-6)}`;
  const content = {
    text: `${credited < 0 ? 'Kreditfaktura' : 'Faktura'} ${10_000 + chance(90_000)} ${text}`,
    counterparty: of(SUPPLIERS, chance),
    document,
  };
  return { ...content, lines: chance(50) === 0 ? withHistory(lines, chance) : lines };
};

/** As a program leaves it that shows what was changed: the first line struck and another put in its place. */
function withHistory([first, ...rest]: readonly BookLine[], chance: Chance): BookLine[] {
  const struck: BookLine = {
    ...first!,
    act: 'struck',
    account: first!.account === '7690' ? '7550' : '7690',
    ore: first!.ore + chance(1_000),
  };
  return [struck, { ...first!, act: 'added' }, ...rest];
}

export const payroll: Pattern = (of_) => {
  const { region, index, chance } = of_;
  const people = 2 + chance(chance(12) === 0 ? 120 : 12);
  const lines: BookLine[] = [];
  let paid = 0;
  for (let left = people; left > 0; left -= 1) {
    const pay = 1_800_000 + chance(4_000_000);
    const unit = of(region.ansvar, chance);
    const coded = costCoding(of_);
    const fee = Math.trunc((pay * 3142) / 10_000);
    paid += pay;
    lines.push(posted('4011', unit, pay, coded), posted('4510', unit, fee, coded), balance('2730', -fee));
    if (chance(3) === 0) {
      const extra = 10_000 + chance(500_000);
      paid += extra;
      lines.push(posted('4012', unit, extra, { ...coded, text: 'OB, natt och helg' }));
    }
  }
  const tax = Math.trunc(paid * 0.3);
  lines.push(balance('2710', -tax), balance('1930', tax - paid));
  return { text: `Lönekörning ${1 + (index % 28)}`, counterparty: 'Anställda', document: `L-${index}`, lines };
};

/** Money from an agency: to the liability, or straight to income. */
export const receipt: Pattern = ({ region, year, index, chance }) => {
  const grant = of(region.grants, chance);
  const ore = 5_000_000 + chance(2_000_000_000);
  const unit = of(region.ansvar, chance);
  const line = posted(grant.liability ? '2971' : grant.income, unit, -ore, coding(grant));
  return {
    text: `Utbetalning ${grant.name}`,
    counterparty: of(AGENCIES, chance),
    document: `Dnr 9.3-${index}/${year}`,
    lines: [balance('1930', ore), line],
  };
};

/** Income out of the liability. */
export const recognition: Pattern = ({ region, index, chance }) => {
  const grant = of(region.grants, chance);
  const ore = 1_000_000 + chance(900_000_000);
  const unit = of(region.ansvar, chance);
  const lines = [posted('2971', unit, ore, coding(grant)), posted(grant.income, unit, -ore, coding(grant))];
  return { text: `Intäktsföring ${grant.grant}`, counterparty: of(AGENCIES, chance), document: `PM ${index}`, lines };
};

/** At the closing what is unused goes back to the liability. */
export const deferral: Pattern = (of_) => {
  const { lines, ...rest } = recognition(of_);
  return { ...rest, text: 'Periodisering till nästa år – bokslut', lines: lines.map((line) => ({ ...line, ore: -line.ore })) };
};

export const reallocation: Pattern = ({ region, year, index, chance }) => {
  const grant = of(region.grants, chance);
  const ore = 100_000 + chance(300_000_000);
  const from = chance(region.ansvar.length);
  const to = (from + 1 + chance(Math.max(1, region.ansvar.length - 1))) % region.ansvar.length;
  const lines = [posted('3591', region.ansvar[from]!, ore, coding(grant)), posted('3591', region.ansvar[to]!, -ore, coding(grant))];
  return {
    text: `Omfördelning ${grant.grant} enligt RS/850/${year}`,
    counterparty: 'Regionstyrelsen',
    document: `RS/850/${year}-${index}`,
    lines,
  };
};

/** An invoice taken back whole, in a voucher of its own. */
export const correction: Pattern = (of_) => {
  const earlier = of_.earlier();
  if (!earlier) return sale(of_);
  const { series, number, counterparty, document, text, lines } = earlier;
  const counted = lines.filter(({ act }) => act !== 'struck');
  return {
    text: `Rättelse av ${series} ${number}: ${text}`,
    counterparty,
    document,
    lines: counted.map((line) => ({ ...line, act: 'posted', ore: -line.ore })),
  };
};

/** A cost moved to a grant after the fact, as the ERP's accountant does it. */
export const recoding: Pattern = (of_) => {
  const earlier = of_.earlier();
  if (!earlier) return sale(of_);
  const { series, number, counterparty, document, lines } = earlier;
  const cost = { ...lines.find(({ act }) => act !== 'struck')!, act: 'posted' as const, text: '' };
  const to = { ...cost, ...coding(of(of_.region.grants, of_.chance)) };
  return { text: `Omkontering av ${series} ${number}`, counterparty, document, lines: [{ ...cost, ore: -cost.ore }, to] };
};

export const accrual: Pattern = (of_) => {
  const { region, index, chance } = of_;
  const ore = amount(chance);
  const lines = [posted('7550', of(region.ansvar, chance), ore, costCoding(of_)), balance('2990', -ore)];
  return { text: 'Upplupen kostnad, konsulter', counterparty: of(SUPPLIERS, chance), document: `UPL-${index}`, lines };
};

/** Income that has nothing to do with grants. */
export const sale: Pattern = ({ region, index, chance }) => {
  const ore = amount(chance);
  const lines = [balance('1510', ore), posted('3411', of(region.ansvar, chance), -ore)];
  return { text: 'Försäljning, utomlänspatienter', counterparty: 'Region Gävleborg', document: `K-${index}`, lines };
};

export const fees: Pattern = ({ region, index, chance }) => {
  const lines: BookLine[] = [];
  let sum = 0;
  for (let left = 1 + chance(5); left > 0; left -= 1) {
    const ore = 100_00 * (1 + chance(400));
    sum += ore;
    lines.push(posted('3111', of(region.ansvar, chance), -ore));
  }
  return { text: 'Dagskassa', counterparty: 'Patienter', document: `DK-${index}`, lines: [balance('1930', sum), ...lines] };
};

/** Suppliers paid: nothing that a code belongs on. */
export const payment: Pattern = ({ index, chance }) => {
  const ore = amount(chance);
  return {
    text: 'Leverantörsbetalning',
    counterparty: of(SUPPLIERS, chance),
    document: `BG-${index}`,
    lines: [balance('2440', ore), balance('1930', -ore)],
  };
};
