/**
 * What has been read before, found again by its bytes: accounts, object lists and texts come back a million times, and a value
 * that is known costs no decoding and no memory. Bytes lie in one arena; when it is full, everything is
 * forgotten and there is more room, up to a bound; where little comes back, nothing is kept for a while.
 */
const MOST_SLOTS = 1 << 15;
const BYTES_A_SLOT = 32;
const PROBES = 8;
/** Look-ups after which it is judged whether keeping pays, and for how many it is left alone where it does not. */
const TRIAL = 1 << 15;
const REST = 1 << 18;

export class Interned<T> {
  #slots = new Int32Array(0); // three for each value: hash, offset + 1, length
  #arena = new Uint8Array(0);
  #values: T[] = [];
  #mask = 0;
  #used = 0;
  /** Values that found no slot since everything was forgotten last. */
  #crowded = 0;

  #lookUps = 0;
  #hits = 0;
  #resting = 0;

  constructor() {
    this.#forget(1 << 8);
  }

  /** The value kept for `bytes[from, to)`, whose hash that is. */
  find(hash: number, bytes: Uint8Array, from: number, to: number): T | undefined {
    if (this.#resting > 0) {
      this.#resting -= 1;
      return undefined;
    }
    this.#lookUps += 1;
    const slots = this.#slots;
    const arena = this.#arena;
    const mask = this.#mask;
    const length = to - from;
    for (let probe = 0, slot = (hash ^ (hash >>> 15)) & mask; probe < PROBES; probe += 1, slot = (slot + 1) & mask) {
      const offset = slots[3 * slot + 1]! - 1;
      if (offset < 0) return undefined;
      if (slots[3 * slot] !== hash || slots[3 * slot + 2] !== length) continue;
      let at = 0;
      while (at < length && arena[offset + at] === bytes[from + at]) at += 1;
      if (at === length) {
        this.#hits += 1;
        return this.#values[slot];
      }
    }
    return undefined;
  }

  keep(hash: number, bytes: Uint8Array, from: number, to: number, value: T): void {
    const length = to - from;
    if (this.#lookUps >= TRIAL) this.#judge();
    if (length > 1_024 || this.#resting > 0) return;
    if (this.#used + length > this.#arena.length || this.#crowded > this.#mask >> 2)
      this.#forget(Math.min(MOST_SLOTS, 4 * (this.#mask + 1)));
    const slots = this.#slots;
    const mask = this.#mask;
    for (let probe = 0, slot = (hash ^ (hash >>> 15)) & mask; probe < PROBES; probe += 1, slot = (slot + 1) & mask) {
      if (slots[3 * slot + 1] !== 0) continue;
      slots[3 * slot] = hash;
      slots[3 * slot + 1] = this.#used + 1;
      slots[3 * slot + 2] = length;
      this.#arena.set(bytes.subarray(from, to), this.#used);
      this.#used += length;
      this.#values[slot] = value;
      return;
    }
    this.#crowded += 1;
  }

  #judge(): void {
    if (this.#hits * 4 < this.#lookUps) this.#resting = REST;
    this.#lookUps = 0;
    this.#hits = 0;
  }

  #forget(slots: number): void {
    this.#slots = new Int32Array(3 * slots);
    this.#arena = new Uint8Array(BYTES_A_SLOT * slots);
    this.#values = new Array<T>(slots);
    this.#mask = slots - 1;
    this.#used = 0;
    this.#crowded = 0;
  }
}
