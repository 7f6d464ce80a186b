/**
 * What a file says against what its book holds already: which vouchers are new, there, or changed; which have moved to another number
 * and which are gone. Met one by one while the file is read; moved and gone are known only when all of it has been.
 */
import { Journal, Numbers, numberKey, referenceText, type LaterVersions, type Ledger, type Reference, type SavedBook } from '#ledger';
import type { Say } from './source.js';

/** A voucher under the number that it has in the file. */
export type Numbered = { readonly series: string; readonly number: string };
/** Old numbers, with the version that stands, by the {@link placeOf} of the new ones. */
export type MovedNumbers = ReadonlyMap<string, Reference>;
/** `new`, or the version that stands and says something else. */
export type Verdict = 'new' | Reference;

export const placeOf = ({ series, number }: Numbered): string => `${series}\u001f${number}`;

export class Comparison {
  /** The numbers of the file, whether they are imported or not. */
  readonly numbers = new Numbers(new Journal());
  readonly #known: Numbers;

  constructor(
    private readonly ledger: Ledger,
    private readonly book: string,
    private readonly year: number,
    private readonly moved: MovedNumbers,
    private readonly complain: Say,
  ) {
    this.#known = ledger.numbers(book, year);
  }

  /** Meets the next voucher of the file. Null where there is nothing more to do: it is `there` already, or it is complained of. */
  meet(row: number, { series, number }: Numbered, fingerprint: string): Verdict | 'there' | null {
    const { book, year } = this;
    if (this.numbers.find(series, number)) return this.#wrong(row, 'file-voucher-split', { series, number });
    this.numbers.add(series, number, 0, fingerprint);
    const from = this.moved.size > 0 ? this.moved.get(placeOf({ series, number })) : undefined;
    if (from) return from;
    if (!this.#known.find(series, number)) return 'new';
    const standing = this.ledger.standing({ book, year, series, number });
    if (standing?.fingerprint === fingerprint) return 'there';
    return { book, year, series, number, version: standing?.version ?? 1 }; // of a number that was left behind nothing stands: any version will do
  }

  /** Meets a voucher that is left out: it is in the file all the same. */
  pass(row: number, { series, number }: Numbered, fingerprint: string): void {
    if (this.numbers.find(series, number)) this.#wrong(row, 'file-voucher-split', { series, number });
    else this.numbers.add(series, number, 0, fingerprint);
  }

  #wrong(row: number, finding: 'file-voucher-split', { series, number }: Numbered): null {
    const { book, year } = this;
    this.complain(row, finding, { voucher: referenceText({ book, year, series, number, version: 1 }) });
    return null;
  }
}

/** What the ledger holds of a book and year. `later`: the later versions of its numbers, by {@link numberKey}. */
export type Known = {
  readonly book: string;
  readonly year: number;
  readonly numbers: SavedBook;
  readonly later: ReadonlyMap<string, LaterVersions>;
};

/** A voucher of the file that says the same as a known one which is absent from it. */
export type Alike = { readonly from: Reference; readonly to: Numbered };
export type Absent = {
  /** Alike, and the file is one that the known voucher should be in: it has moved. */
  readonly moved: MovedNumbers;
  /** Alike, but the file is a later one: what it says may well be said for the second time. */
  readonly alike: readonly Alike[];
  /** Known whole numbers between the file's lowest and highest of their series. */
  readonly gone: readonly Numbered[];
};

/** What is known and absent from the file. */
export function absent(ofFile: SavedBook, known: Known): Absent {
  const { book, year } = known;
  const [matches, gone]: [Alike[], Numbered[]] = [[], []];
  const overlapping = new Set<string>();
  const found = newContent(ofFile, known);
  for (const [series, { numbers, prints, named }] of known.numbers) {
    const there = ofFile.get(series);
    const [lowest, highest] = [there?.numbers[0] ?? Infinity, there?.numbers.at(-1) ?? -Infinity];
    const take = (number: string, print: string, within: boolean) => {
      const later = known.later.size > 0 ? known.later.get(numberKey({ book, year, series, number, version: 1 })) : undefined;
      if (later?.standing === 0) return;
      const to = found.get(later?.fingerprint ?? print)?.shift();
      if (to) matches.push({ from: { book, year, series, number, version: later?.standing ?? 1 }, to });
      else if (within) gone.push({ series, number });
    };
    for (let mine = 0, theirs = 0; mine < numbers.length; mine += 1) {
      const number = numbers[mine]!;
      while (there && theirs < there.numbers.length && there.numbers[theirs]! < number) theirs += 1;
      if (there && there.numbers[theirs] === number) {
        overlapping.add(series);
        continue;
      }
      const within = lowest < number && number < highest;
      if (within || known.later.size > 0 || found.may(prints[2 * mine + 1]!))
        take(String(number), hex(prints[2 * mine]!) + hex(prints[2 * mine + 1]!), within);
    }
    for (const [number, { fingerprint }] of named)
      if (there?.named.has(number)) overlapping.add(series);
      else take(number, fingerprint, false);
  }
  return { ...movedOf(matches, ofFile, overlapping), gone };
}

/**
 * Tells vouchers that have moved from those that merely say the same (two equal invoices of one day, in files that follow one another):
 * moved are those of a series that the file has more of, and those that make up half of a series in the file (it was renamed).
 */
function movedOf(matches: readonly Alike[], ofFile: SavedBook, overlapping: ReadonlySet<string>): Pick<Absent, 'moved' | 'alike'> {
  const [moved, alike]: [Map<string, Reference>, Alike[]] = [new Map(), []];
  const pair = ({ from, to }: Alike) => `${from.series}\u001f${to.series}`;
  const times = new Map<string, number>();
  for (const match of matches) times.set(pair(match), (times.get(pair(match)) ?? 0) + 1);
  for (const match of matches) {
    const { numbers, named } = ofFile.get(match.to.series)!;
    const renamed = 2 * times.get(pair(match))! >= numbers.length + named.size;
    if (overlapping.has(match.from.series) || renamed) moved.set(placeOf(match.to), match.from);
    else alike.push(match);
  }
  return { moved, alike };
}

/** The file's vouchers under numbers that are not known, by fingerprint; most known ones are told from them by a few bits. */
function newContent(ofFile: SavedBook, known: Known) {
  const vouchers = [...ofFile.values()].reduce((sum, { numbers, named }) => sum + numbers.length + named.size, 0);
  const bits = new Uint8Array(2 ** Math.ceil(Math.log2(BYTES_EACH * vouchers + 1)));
  const mask = bits.length - 1;
  const isNew = function* (): Iterable<Numbered & { high: number; low: number }> {
    for (const [series, { numbers, prints, named }] of ofFile) {
      const there = known.numbers.get(series);
      for (let mine = 0, theirs = 0; mine < numbers.length; mine += 1) {
        const number = numbers[mine]!;
        while (there && theirs < there.numbers.length && there.numbers[theirs]! < number) theirs += 1;
        if (there?.numbers[theirs] !== number)
          yield { series, number: String(number), high: prints[2 * mine]!, low: prints[2 * mine + 1]! };
      }
      for (const [number, { fingerprint }] of named)
        if (!there?.named.has(number))
          yield { series, number, high: parseInt(fingerprint.slice(0, 8), 16), low: parseInt(fingerprint.slice(8), 16) };
    }
  };
  if (known.numbers.size > 0) for (const { low } of isNew()) bits[(low >>> 3) & mask]! |= 1 << (low & 7);
  const may = (low: number) => (bits[(low >>> 3) & mask]! & (1 << (low & 7))) !== 0;
  let byPrint: Map<string, Numbered[]> | null = null;
  return {
    may,
    get(print: string): Numbered[] | undefined {
      if (!may(parseInt(print.slice(8), 16))) return undefined;
      if (!byPrint) {
        byPrint = new Map();
        for (const { series, number, high, low } of isNew()) {
          const all = byPrint.get(hex(high) + hex(low));
          if (all) all.push({ series, number });
          else byPrint.set(hex(high) + hex(low), [{ series, number }]);
        }
      }
      return byPrint.get(print);
    },
  };
}

/** Bytes of the filter for each voucher of the file: one known voucher in sixteen, or fewer, is looked at twice. */
const BYTES_EACH = 2;
const hex = (word: number) => word.toString(16).padStart(8, '0');
