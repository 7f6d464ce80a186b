/**
 * A grant book as an ERP keeps it through a year, of any size, from a seed: voucher n is a function of the seed and n alone, so
 * that a book is never in memory and a month can be made without the months before. Tests, fuzzers and benches read it through the files beside this.
 */
import { chanceFrom } from '../fuzz/mutation.js';
import * as patterns from './patterns.js';
import type { BookLine, Content, Pattern } from './patterns.js';
import { FINANCE, regionOf, type BookRegion } from './region.js';

export type BookVoucher = Content & {
  readonly index: number;
  readonly series: string;
  readonly number: number;
  readonly date: string;
  /** When it was registered in the ERP; empty for some. */
  readonly registered: string;
  /** The month of its date, or the closing period 13. */
  readonly period: string;
};
export type BookShape = {
  readonly seed?: number;
  readonly vouchers: number;
  readonly year?: number;
  /** 99xx codes (20 where left out, at most 99), beside four EU projects. */
  readonly grants?: number;
  /** Responsibility units (24 where left out). */
  readonly units?: number;
  /** Only characters that all three encodings have: no dash (–). */
  readonly plainTexts?: boolean;
  /** Every voucher with two rows: its first line, and its last against it. */
  readonly twoRows?: boolean;
};
/** Vouchers of these months, 1 to 13; all where left out. */
export type Months = { readonly from: number; readonly to: number };
/** What stands on an account, and where it has one a grant, when the year begins. */
export type Opening = {
  readonly account: string;
  readonly unit: string;
  readonly object: string;
  readonly project: string;
  readonly ore: number;
};

export const CLOSING_SERIES = 'BO';
/** How often each pattern comes in a hundred vouchers, and its series. */
const DECK: readonly (readonly [times: number, series: string, pattern: Pattern])[] = [
  [60, 'LEV', patterns.invoice],
  [3, 'LÖN', patterns.payroll],
  [3, 'INB', patterns.receipt],
  [4, 'BOK', patterns.recognition],
  [3, 'BOK', patterns.reallocation],
  [6, 'BOK', patterns.recoding],
  [3, 'BOK', patterns.correction],
  [3, 'BOK', patterns.accrual],
  [8, 'KUND', patterns.sale],
  [4, 'INB', patterns.fees],
  [3, 'UTB', patterns.payment],
];

export class Book {
  readonly region: BookRegion;
  readonly seed: number;
  readonly year: number;
  readonly count: number;
  readonly openings: readonly Opening[];
  readonly #plain: boolean;
  readonly #twoRows: boolean;
  /** Vouchers of the months; those after them close the year. */
  readonly #running: number;
  readonly #deck: readonly { readonly series: string; readonly pattern: Pattern; readonly rank: number; readonly inDeck: number }[];
  readonly #dates: readonly string[];

  constructor(shape: BookShape) {
    const { seed = 1, vouchers, year = 2023, grants = 20, units = 24 } = shape;
    this.region = regionOf(units, grants);
    this.seed = seed;
    this.year = year;
    this.count = vouchers;
    this.#plain = shape.plainTexts ?? false;
    this.#twoRows = shape.twoRows ?? false;
    this.#running = vouchers - (vouchers < 50 ? 0 : Math.ceil(vouchers / 250));
    this.#deck = deckOf(seed);
    const first = Date.UTC(year, 0, 1);
    const days = (Date.UTC(year + 1, 0, 1) - first) / 86_400_000;
    this.#dates = Array.from({ length: days + 31 }, (_, day) => new Date(first + day * 86_400_000).toISOString().slice(0, 10));
    this.openings = this.#opened();
  }

  /** In the order of date, numbers ascending within each series. */
  *vouchers(months?: Months): Generator<BookVoucher> {
    for (const index of this.indexes(months)) yield this.voucher(index);
  }

  /** The vouchers' places in the book. */
  *indexes({ from, to }: Months = { from: 1, to: 13 }): Generator<number> {
    for (let index = 0; index < this.count; index += 1) {
      const month = this.#monthOf(index);
      if (month > to) return;
      if (month >= from) yield index;
    }
  }

  voucher(index: number): BookVoucher {
    const chance = chanceFrom(Math.imul(this.seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
    const closing = index >= this.#running;
    const { series, pattern } = closing ? { series: CLOSING_SERIES, pattern: patterns.deferral } : this.#deck[index % 100]!;
    const day = this.#dayOf(index);
    const earlier = () => this.#earlier(index, chance);
    const content = pattern({ region: this.region, year: this.year, index, chance, earlier });
    const date = this.#dates[day]!;
    const made = {
      ...content,
      lines: this.#twoRows ? firstAgainstLast(content) : content.lines,
      index,
      series,
      number: this.#numberOf(index),
      date,
      registered: chance(8) === 0 ? '' : this.#dates[day + chance(10)]!,
      period: closing ? `${this.year}-13` : date.slice(0, 7),
    };
    return this.#plain ? plainly(made) : made;
  }

  /** The number that the next voucher of the series would have. */
  nextNumber(series: string): number {
    for (let index = this.count - 1; index >= 0; index -= 1) if (this.#seriesOf(index) === series) return this.#numberOf(index) + 1;
    return 1;
  }

  /** The series, as long as there are vouchers in them. */
  get series(): string[] {
    return [...new Set([...DECK.map(([, series]) => series), CLOSING_SERIES])].filter((series) => this.nextNumber(series) > 1);
  }

  #seriesOf(index: number): string {
    return index >= this.#running ? CLOSING_SERIES : this.#deck[index % 100]!.series;
  }

  #numberOf(index: number): number {
    if (index >= this.#running) return index - this.#running + 1;
    const { rank, inDeck } = this.#deck[index % 100]!;
    return Math.floor(index / 100) * inDeck + rank;
  }

  #dayOf(index: number): number {
    return index >= this.#running ? this.#dates.length - 32 : Math.floor((index / this.#running) * (this.#dates.length - 31));
  }

  #monthOf(index: number): number {
    return index >= this.#running ? 13 : Number(this.#dates[this.#dayOf(index)]!.slice(5, 7));
  }

  /** Some invoice of the last thousand vouchers. */
  #earlier(index: number, chance: (bound: number) => number): BookVoucher | null {
    if (index === 0) return null;
    for (let at = index - 1 - chance(Math.min(index, 1_000)); at >= 0; at -= 1)
      if (this.#deck[at % 100]!.pattern === patterns.invoice) return this.voucher(at);
    return null;
  }

  /** Carried-in liability per grant that has one, the bank and what is owed; equity takes the rest. */
  #opened(): Opening[] {
    const chance = chanceFrom(this.seed);
    const carried = this.region.grants
      .filter(({ liability }) => liability)
      .map(({ grant, place }): Opening => ({
        account: '2971',
        unit: this.region.ansvar[chance(this.region.ansvar.length)]!,
        object: place === '20' ? grant : '',
        project: place === '6' ? grant : '',
        ore: -(1_000_000 + chance(500_000_000)),
      }));
    const plain = (account: string, ore: number): Opening => ({ account, unit: FINANCE, object: '', project: '', ore });
    const known = [...carried, plain('1930', 12_345_678_901), plain('1510', 98_765_432), plain('2440', -345_678_912)];
    return [...known, plain('2010', -known.reduce((sum, { ore }) => sum + ore, 0))];
  }
}

/** A hundred patterns in an order of the seed's, each with its place among those of its series. */
function deckOf(seed: number) {
  const chance = chanceFrom(seed + 77);
  const cards = DECK.flatMap(([times, series, pattern]) => Array.from({ length: times }, () => ({ series, pattern })));
  for (let at = cards.length - 1; at > 0; at -= 1) {
    const other = chance(at + 1);
    [cards[at], cards[other]] = [cards[other]!, cards[at]!];
  }
  const sofar = new Map<string, number>();
  const ranked = cards.map((card) => {
    const rank = (sofar.get(card.series) ?? 0) + 1;
    sofar.set(card.series, rank);
    return { ...card, rank };
  });
  return ranked.map((card) => ({ ...card, inDeck: sofar.get(card.series)! }));
}

function firstAgainstLast({ lines }: Content): BookLine[] {
  const rows = counted({ lines });
  const first: BookLine = { ...rows[0]!, act: 'posted' };
  return [first, { ...rows.at(-1)!, ore: -first.ore }];
}

function plainly(voucher: BookVoucher): BookVoucher {
  const plain = (text: string) => (text.includes('–') ? text.replaceAll('–', '-') : text);
  return { ...voucher, text: plain(voucher.text), lines: voucher.lines.map((line): BookLine => ({ ...line, text: plain(line.text) })) };
}

/** The lines that count. */
export const counted = ({ lines }: Pick<Content, 'lines'>): readonly BookLine[] =>
  lines.some(({ act }) => act === 'struck') ? lines.filter(({ act }) => act !== 'struck') : lines;
