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
    if (!standing) return this.#wrong(row, 'number-taken', { series, number });
    return standing.fingerprint === fingerprint ? 'there' : { book, year, series, number, version: standing.version };
  }

  /** Meets a voucher that is left out: it is in the file all the same. */
  pass(row: number, { series, number }: Numbered, fingerprint: string): void {
    if (this.numbers.find(series, number)) this.#wrong(row, 'file-voucher-split', { series, number });
    else this.numbers.add(series, number, 0, fingerprint);
  }

  #wrong(row: number, finding: 'file-voucher-split' | 'number-taken', { series, number }: Numbered): null {
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

/** Known vouchers that are absent from the file: those whose content stands in it under a new number, and those between its lowest and highest number that do not. */
export function absent(ofFile: SavedBook, known: Known): { moved: Map<string, Reference>; gone: { series: string; number: number }[] } {
  const { book, year } = known;
  const moved = new Map<string, Reference>();
  const gone: { series: string; number: number }[] = [];
  const found = newContent(ofFile, known);
  for (const [series, { numbers, prints, named }] of known.numbers) {
    const there = ofFile.get(series);
    const [lowest, highest] = [there?.numbers[0] ?? Infinity, there?.numbers.at(-1) ?? -Infinity];
    const take = (number: string, print: string, within: boolean) => {
      const later = known.later.size > 0 ? known.later.get(numberKey({ book, year, series, number, version: 1 })) : undefined;
      if (later?.standing === 0) return;
      const to = found.get(later?.fingerprint ?? print)?.shift();
      if (to) moved.set(placeOf(to), { book, year, series, number, version: later?.standing ?? 1 });
      else if (within) gone.push({ series, number: Number(number) });
    };
    for (let mine = 0, theirs = 0; mine < numbers.length; mine += 1) {
      const number = numbers[mine]!;
      while (there && theirs < there.numbers.length && there.numbers[theirs]! < number) theirs += 1;
      if (there && there.numbers[theirs] === number) continue;
      const within = lowest < number && number < highest;
      if (within || known.later.size > 0 || found.may(prints[2 * mine + 1]!))
        take(String(number), hex(prints[2 * mine]!) + hex(prints[2 * mine + 1]!), within);
    }
    for (const [number, { fingerprint }] of named) if (!there?.named.has(number)) take(number, fingerprint, false);
  }
  return { moved, gone };
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
