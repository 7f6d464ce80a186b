/**
 * Texts that come again a million times in stored bytes, each numbered from 0 by its bytes, so that it becomes a value once only.
 * Used by part-reader.ts.
 */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** So many are remembered; then whoever holds them begins anew. */
export const REMEMBERED = 1 << 15;

export class NumberedBytes<V> {
  /** By number. */
  readonly values: V[] = [];
  readonly #starts: number[] = [];
  readonly #hashes: number[] = [];
  readonly #slots = new Uint16Array(REMEMBERED * 2);
  #arena = new Uint8Array(4_096);
  #used = 0;

  /** @param make the value of a text that is new */
  constructor(private readonly make: (text: string) => V) {}

  get isFull(): boolean {
    return this.values.length >= REMEMBERED;
  }

  /** The number of the text that lies from `from` to `to`. */
  of(bytes: Uint8Array, from: number, to: number): number {
    let hash = to - from;
    for (let p = from; p < to; p++) hash = Math.imul(hash ^ bytes[p]!, 0x01000193);
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const id = slots[slot]! - 1;
      if (this.#hashes[id] === hash && this.#isSame(id, bytes, from, to)) return id;
    }
    return this.#add(slot, hash, bytes.subarray(from, to));
  }

  #add(slot: number, hash: number, text: Uint8Array): number {
    const id = this.values.length;
    this.values.push(this.make(decoder.decode(text)));
    if (this.#used + text.length > this.#arena.length) {
      const grown = new Uint8Array(2 * this.#arena.length + text.length);
      grown.set(this.#arena);
      this.#arena = grown;
    }
    this.#arena.set(text, this.#used);
    this.#starts.push(this.#used);
    this.#used += text.length;
    this.#hashes.push(hash);
    this.#slots[slot] = id + 1;
    return id;
  }

  #isSame(id: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#starts[id]!;
    const end = this.#starts[id + 1] ?? this.#used;
    if (end - start !== to - from) return false;
    for (let i = start, p = from; i < end; i++, p++) if (this.#arena[i] !== bytes[p]) return false;
    return true;
  }
}
