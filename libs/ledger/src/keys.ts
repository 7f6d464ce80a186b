/**
 * Which commands were acknowledged, in twelve bytes each: the first and the last eight digits of an event's id and its
 * seq, in one open table. A hit is only a hint; the caller fetches the event at that seq and compares the whole id.
 */
import type { Journal } from './journal.js';

export class Keys {
  #words: Uint32Array; // three a slot: two of the id, then seq + 1 (0 = free)
  #count: number;

  constructor(
    private readonly journal: Journal,
    saved?: { readonly words: Uint32Array; readonly count: number },
  ) {
    this.#words = saved?.words.slice() ?? new Uint32Array(3 * 1024);
    this.#count = saved?.count ?? 0;
  }

  /** The seq of the event with that id, or null. @param id a UUID in lower case */
  find(id: string): number | null {
    const slot = this.#slotOf(wordOf(id, 0), wordOf(id, 28));
    const seq = this.#words[slot + 2]!;
    return seq === 0 ? null : seq - 1;
  }

  /** Remembers the id of an event. */
  add(id: string, seq: number): void {
    if (this.#count * 3 * 2 > this.#words.length) this.#grow();
    const [high, low] = [wordOf(id, 0), wordOf(id, 28)];
    const slot = this.#slotOf(high, low);
    if (this.#words[slot + 2] !== 0) return; // the first holder keeps the place
    this.#words[slot] = high;
    this.#words[slot + 1] = low;
    this.#words[slot + 2] = seq + 1;
    this.#count += 1;
    this.journal.note(() => {
      this.#words.fill(0, slot, slot + 3); // the last in is the first out, so that nobody has probed past this slot
      this.#count -= 1;
    });
  }

  saved(): { words: Uint32Array; count: number } {
    return { words: this.#words.slice(), count: this.#count };
  }

  #slotOf(high: number, low: number): number {
    const slots = this.#words.length / 3;
    let slot = (high ^ low) >>> 0;
    for (slot = (slot % slots) * 3; this.#words[slot + 2] !== 0; slot = (slot + 3) % this.#words.length)
      if (this.#words[slot] === high && this.#words[slot + 1] === low) break;
    return slot;
  }

  #grow(): void {
    const before = this.#words;
    this.#words = new Uint32Array(before.length * 2);
    this.journal.note(() => (this.#words = before));
    for (let from = 0; from < before.length; from += 3)
      if (before[from + 2] !== 0) this.#words.set(before.subarray(from, from + 3), this.#slotOf(before[from]!, before[from + 1]!));
  }
}

/** Eight hex digits (lower case) of a text, as a number. */
function wordOf(text: string, from: number): number {
  let word = 0;
  for (let at = from; at < from + 8; at += 1) {
    const code = text.charCodeAt(at);
    word = (word << 4) | (code < 0x3a ? code - 0x30 : code - 0x57); // 0-9, a-f
  }
  return word >>> 0;
}
