/**
 * What the ledger holds and a file lacks, once all of the file has been met: vouchers that have moved to another number, that came back
 * changed without one, and that are gone. In one pass over both books of numbers; memory is the file's, not the ledger's.
 */
import { numberKey, referenceText, type LaterVersions, type Reference, type SavedBook, type SavedSeries } from '#ledger';
import { placeOf, type Alike, type MovedNumbers, type Numbered } from './comparison.js';
import { dayOfUnnumbered, type Fresh } from './likeness.js';

/**
 * What the ledger holds of a book and year. `later`: the later versions of its numbers, by {@link numberKey}. `corrected`: references of
 * those that somebody has corrected here, so that nobody need miss them.
 */
export type Known = {
  readonly book: string;
  readonly year: number;
  readonly numbers: SavedBook;
  readonly later: ReadonlyMap<string, LaterVersions>;
  readonly corrected: ReadonlySet<string>;
};

/** What is known of a file beside what stands in it. */
export type Told = {
  /** Its new vouchers without a number that are like absent ones. */
  readonly pairs: readonly Alike[];
  /** Vouchers that the accountant says are new, each with the known one that it is like. */
  readonly asNew: readonly Alike[];
  /** Places of known vouchers that are dated outside the file's days: nobody need miss them, whatever their numbers. */
  readonly elsewhere: ReadonlySet<string>;
};
export const NOTHING_TOLD: Told = { pairs: [], asNew: [], elsewhere: new Set() };
export type Absent = {
  /** Alike, and the file is one that the known voucher should be in: it has moved, or come back changed. */
  readonly moved: MovedNumbers;
  /** Alike, but the file is a later one: what it says may well be said for the second time. */
  readonly alike: readonly Alike[];
  /** Known whole numbers between the file's lowest and highest of their series, and unnumbered vouchers of the file's months whose part it has half of. */
  readonly gone: readonly Reference[];
  /** Known vouchers without a number, of a day and series of a fresh one, in the order in which they are stored. */
  readonly unnumbered: readonly Reference[];
  /** Vouchers without a number that are there already, though the file has little else of what they came with: they may be said for the second time. */
  readonly twice: readonly Numbered[];
};

/** What is known and absent from the file. @param fresh its new vouchers without a number, of days that have known ones */
export function absent(
  ofFile: SavedBook,
  known: Known,
  fresh: readonly Fresh[] = [],
  { pairs, asNew, elsewhere }: Told = NOTHING_TOLD,
): Absent {
  const { book, year } = known;
  const matches: Alike[] = [...pairs];
  const [gone, twice]: [Reference[], Numbered[]] = [[], []];
  const unnumbered: { readonly seq: number; readonly from: Reference }[] = [];
  const overlapping = new Set<string>();
  const found = newContent(ofFile, known, new Set(asNew.map(({ to }) => placeOf(to))));
  const paired = new Set(pairs.map(({ from }) => placeOf(from)));
  const freshDays = new Set(fresh.map(({ series, number }) => `${series}\u001f${dayOfUnnumbered(number)}`));
  for (const [series, { numbers, prints, named }] of known.numbers) {
    const there = ofFile.get(series);
    const [lowest, highest] = [there?.numbers[0] ?? Infinity, there?.numbers.at(-1) ?? -Infinity];
    const take = (number: string, print: string, within: boolean, seq = 0) => {
      const later = laterOf(series, number, known);
      if (later?.standing === 0) return;
      const from = { book, year, series, number, version: later?.standing ?? 1 };
      const to = ofSeries(series, found.get(later?.fingerprint ?? print));
      if (to) return matches.push({ from, to });
      if (within && !elsewhere.has(placeOf(from)) && !known.corrected.has(referenceText(from))) gone.push(from);
      if (freshDays.has(`${series}\u001f${dayOfUnnumbered(number)}`)) unnumbered.push({ seq, from });
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
    const stands = (number: string) => laterOf(series, number, known)?.standing !== 0 && !paired.has(placeOf({ series, number }));
    const within = monthsBetween(there?.named ?? new Map());
    const parts = partsBeside(there?.named ?? new Map(), named, within, stands);
    for (const [number, { fingerprint, seq }] of named)
      if (there?.named.has(number)) {
        if (parts.get(seq) === 'other' && stands(number)) twice.push({ series, number });
        else overlapping.add(series);
      } else if (!paired.has(placeOf({ series, number }))) take(number, fingerprint, parts.get(seq) === 'same' && within(number), seq);
  }
  const inOrder = unnumbered.sort((a, b) => a.seq - b.seq).map(({ from }) => from);
  return { ...movedOf(matches, ofFile, overlapping), gone, unnumbered: inOrder, twice };
}

/**
 * By the seq of each stored part that the file holds unnumbered vouchers of: whether the file is the `same` one again, with at least half of
 * what the part has of the file's months, or an `other` one that happens to say the same.
 */
function partsBeside(
  there: SavedSeries['named'],
  known: SavedSeries['named'],
  within: (number: string) => boolean,
  stands: (number: string) => boolean,
): ReadonlyMap<number, 'same' | 'other'> {
  const parts = new Map<number, { held: number; lacking: number }>();
  for (const [number, { seq }] of known) {
    if (!within(number) || !stands(number)) continue;
    if (!parts.has(seq)) parts.set(seq, { held: 0, lacking: 0 });
    parts.get(seq)![there.has(number) ? 'held' : 'lacking'] += 1;
  }
  return new Map(
    [...parts].flatMap(([seq, { held, lacking }]) => (held === 0 ? [] : [[seq, held >= lacking ? 'same' : 'other'] as const])),
  );
}

/** Whether an unnumbered voucher is of a month between the first and the last of these. */
function monthsBetween(these: SavedSeries['named']): (number: string) => boolean {
  let [first, last] = ['\uffff', ''];
  for (const number of these.keys()) {
    const month = dayOfUnnumbered(number)?.slice(0, 6);
    if (month === undefined) continue;
    if (month < first) first = month;
    if (month > last) last = month;
  }
  return (number) => {
    const month = dayOfUnnumbered(number)?.slice(0, 6);
    return month !== undefined && first <= month && month <= last;
  };
}

/** Takes the first of the same series out of the list, or else the first. */
function ofSeries(series: string, alike: Numbered[] = []): Numbered | undefined {
  const at = alike.findIndex((one) => one.series === series);
  return alike.splice(Math.max(at, 0), 1)[0];
}

const laterOf = (series: string, number: string, { book, year, later }: Known): LaterVersions | undefined =>
  later.size > 0 ? later.get(numberKey({ book, year, series, number, version: 1 })) : undefined;

/**
 * Tells vouchers that have moved (or came back changed) from those that merely are alike (two equal invoices of one day, in files that
 * follow one another): moved are those of a series that the file has more of, and those that make up half of a series in the file (it was
 * renamed, or is as short). In a file that has no more of the series, likeness that is not close never makes one moved, and is alike only
 * where it is of half the series.
 */
function movedOf(matches: readonly Alike[], ofFile: SavedBook, overlapping: ReadonlySet<string>): Pick<Absent, 'moved' | 'alike'> {
  const [moved, alike]: [Map<string, Reference>, Alike[]] = [new Map(), []];
  const pair = ({ from, to }: Alike) => `${from.series}\u001f${to.series}`;
  const times = new Map<string, number>();
  for (const match of matches) times.set(pair(match), (times.get(pair(match)) ?? 0) + 1);
  for (const match of matches) {
    const { numbers, named } = ofFile.get(match.to.series)!;
    const renamed = 2 * times.get(pair(match))! >= numbers.length + named.size;
    const loosely = match.changed === 'loosely';
    if (overlapping.has(match.from.series) || (renamed && !loosely)) moved.set(placeOf(match.to), match.from);
    else if (renamed || !loosely) alike.push(match);
  }
  return { moved, alike };
}

/** The file's vouchers under numbers that are not known, or of which nothing stands any more, and that nobody said are new, by fingerprint; most known ones are told from them by a few bits. */
function newContent(ofFile: SavedBook, known: Known, asNew: ReadonlySet<string>) {
  const vouchers = [...ofFile.values()].reduce((sum, { numbers, named }) => sum + numbers.length + named.size, 0);
  const bits = new Uint8Array(2 ** Math.ceil(Math.log2(BYTES_EACH * vouchers + 1)));
  const mask = bits.length - 1;
  const isNew = function* (): Iterable<Numbered & { high: number; low: number }> {
    for (const [series, { numbers, prints, named }] of ofFile) {
      const there = known.numbers.get(series);
      for (let mine = 0, theirs = 0; mine < numbers.length; mine += 1) {
        const number = numbers[mine]!;
        while (there && theirs < there.numbers.length && there.numbers[theirs]! < number) theirs += 1;
        if (there?.numbers[theirs] !== number || laterOf(series, String(number), known)?.standing === 0)
          yield { series, number: String(number), high: prints[2 * mine]!, low: prints[2 * mine + 1]! };
      }
      for (const [number, { fingerprint }] of named)
        if (!there?.named.has(number) || laterOf(series, number, known)?.standing === 0)
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
          if (asNew.size > 0 && asNew.has(placeOf({ series, number }))) continue;
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
