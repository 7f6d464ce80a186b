/**
 * Takes a part of an import into the state from its stored bytes: the numbers taken and the sums, and no voucher made of them.
 * Kept by the ledger, so that what a coding counts under is settled once for all parts.
 */
import type { Sums } from '../journal.js';
import { dayOfUse, isOnBalance, noteUse, sumsOfLine } from '../line-sums.js';
import type { Numbers } from '../numbers.js';
import { PartReader } from './part-reader.js';

/** Beyond this a sum in a double is put away; with one more amount it is still exact. */
const EXACT = 8e15;

export class PartFold {
  readonly #part = new PartReader();
  readonly #keys: string[] = [];
  readonly #placeOfKey = new Map<string, number>();
  /** Öre of this part, by the key's place. */
  readonly #ore: number[] = [];
  /** What a coding counts under: places of keys, or their complement where the öre are turned; by account where that matters. */
  #counts: (readonly number[] | Map<number, readonly number[]>)[] = [];
  #codings: PartReader['placings'] | null = null;
  /** By a coding's place, while a part is taken: its latest date; and the places that have one. Their memory is used again. */
  readonly #latest: (string | undefined)[] = [];
  readonly #met: number[] = [];

  /**
   * @param vouchers the packed vouchers of a part @param seq of its event @param used the units' last days, which the part's are noted among
   * @returns how many vouchers begin in it and whether the last goes on in the next, or null where its bytes must be parsed
   */
  take(
    vouchers: Uint8Array,
    seq: number,
    numbers: Numbers,
    sums: Sums,
    used: Map<string, string>,
  ): { readonly arrived: number; readonly unfinished: boolean } | null {
    const part = this.#part;
    if (!part.read(vouchers)) return null;
    if (this.#codings !== part.placings) [this.#codings, this.#counts] = [part.placings, []];
    let arrived = 0;
    for (let v = 0; v < part.vouchers; v++) {
      if (part.firstLine[v] !== 1) continue;
      arrived += 1;
      const { series } = part.serieses.values[part.series[v]!]!;
      numbers.addRead(series, part.number[v]!, part.named.get(v), seq, part.fingerprint[2 * v]!, part.fingerprint[2 * v + 1]!);
    }
    for (let l = 0; l < part.lines; l++) this.#count(part.placing[l]!, part.account[l]!, part.amountOre[l]!, sums);
    for (let place = 0; place < this.#ore.length; place++) this.#putAway(place, sums);
    this.#use(used);
    return { arrived, unfinished: part.more };
  }

  /** The latest date that each coding stands with, then the units by those few. */
  #use(used: Map<string, string>): void {
    const { dates, eventDate, lineFrom, placing, placings, vouchers } = this.#part;
    const latest = this.#latest;
    for (let v = 0; v < vouchers; v++) {
      const date = dates.values[eventDate[v]!]!;
      for (let l = lineFrom[v]!; l < lineFrom[v + 1]!; l++) {
        const place = placing[l]!;
        const known = latest[place];
        if (known === undefined) this.#met.push(place);
        if (known === undefined || known < date) latest[place] = date;
      }
    }
    for (const place of this.#met) {
      noteUse(used, placings.values[place]!.unit, dayOfUse(placings.values[place]!, latest[place]!));
      latest[place] = undefined;
    }
    this.#met.length = 0;
  }

  #count(placing: number, account: number, ore: number, sums: Sums): void {
    const counts = (this.#counts[placing] ??= this.#countsOf(placing));
    const places = Array.isArray(counts)
      ? (counts as readonly number[])
      : this.#ofAccount(counts as Map<number, readonly number[]>, placing, account);
    for (let i = 0; i < places.length; i++) {
      const isTurned = places[i]! < 0;
      const place = isTurned ? ~places[i]! : places[i]!;
      const sum = (this.#ore[place] = this.#ore[place]! + (isTurned ? -ore : ore));
      if (sum > EXACT || sum < -EXACT) this.#putAway(place, sums);
    }
  }

  #countsOf(placing: number): readonly number[] | Map<number, readonly number[]> {
    const coding = this.#part.placings.values[placing]!;
    if (coding.grant === undefined) return [];
    return isOnBalance(coding.effect) ? new Map() : this.#places(placing, '');
  }

  #ofAccount(counts: Map<number, readonly number[]>, placing: number, account: number): readonly number[] {
    let places = counts.get(account);
    if (places === undefined) counts.set(account, (places = this.#places(placing, this.#part.accounts.values[account]!)));
    return places;
  }

  #places(placing: number, account: string): readonly number[] {
    return sumsOfLine({ ...this.#part.placings.values[placing]!, account }).map(({ key, sign }) => {
      let place = this.#placeOfKey.get(key);
      if (place === undefined) {
        this.#placeOfKey.set(key, (place = this.#keys.push(key) - 1));
        this.#ore.push(0);
      }
      return sign < 0 ? ~place : place;
    });
  }

  #putAway(place: number, sums: Sums): void {
    const ore = this.#ore[place]!;
    if (ore !== 0) sums.add(this.#keys[place]!, ore);
    this.#ore[place] = 0;
  }
}
