/**
 * What a voucher says, as one text to be hashed: the same voucher in a later file is recognised by it. Over the decoded source,
 * before any mapping, and over the lines that count, so that the encoding and the history in the file do not matter. Not over
 * series and number: under those it is compared, and without them one that has moved to another number is recognised.
 */
import type { SieLine, SieObject } from './records.js';

const texts = new WeakMap<readonly SieObject[], string>();

type Said = {
  readonly date: string;
  readonly text: string;
  readonly lines: readonly Pick<SieLine, 'counted' | 'account' | 'objects' | 'amountOre' | 'date' | 'text'>[];
};

/** Date and text, and per line that counts account, objects, öre, date and text. */
export function fingerprintContent({ date, text, lines }: Said): string {
  let content = `${date}\u001f${text}`;
  for (const { counted, account, objects, amountOre, date: day, text: said } of lines)
    if (counted)
      content += `\u001e${account}\u001f${objects.length === 0 ? '' : objectsText(objects)}\u001f${amountOre}\u001f${day}\u001f${said}`;
  return content;
}

/** The objects in one order, whatever the file's. */
function objectsText(objects: readonly SieObject[]): string {
  let text = texts.get(objects);
  if (text === undefined) {
    const written = objects.map(({ dim, object }) => `${dim}\u001d${object}`);
    text = written.sort().join('\u001c');
    texts.set(objects, text);
  }
  return text;
}

/** How often each fingerprint has been met, twelve bytes for each: unnumbered vouchers that say the same are told apart. */
export class Occurrences {
  #prints = new Uint32Array(2 * 16);
  #counts = new Uint32Array(16);
  #size = 0;

  /** What a voucher goes by that the file does not number: its day, what it says, and which time it is said. @param date `YYYY-MM-DD` · @param fingerprint 16 hex digits */
  number(date: string, fingerprint: string): string {
    return `${date.replaceAll('-', '')}.${fingerprint}.${this.next(fingerprint)}`;
  }

  /** @param fingerprint 16 hex digits · @returns 1 the first time, then 2, 3 … */
  next(fingerprint: string): number {
    if (this.#size * 2 >= this.#counts.length) this.#grow();
    const [high, low] = [parseInt(fingerprint.slice(0, 8), 16) >>> 0, parseInt(fingerprint.slice(8), 16) >>> 0];
    const at = this.#placeOf(high, low);
    if (this.#counts[at] === 0) {
      this.#prints[2 * at] = high;
      this.#prints[2 * at + 1] = low;
      this.#size += 1;
    }
    return (this.#counts[at] = this.#counts[at]! + 1);
  }

  #placeOf(high: number, low: number): number {
    const mask = this.#counts.length - 1;
    let at = (high ^ low) & mask;
    while (this.#counts[at] !== 0 && (this.#prints[2 * at] !== high || this.#prints[2 * at + 1] !== low)) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const [prints, counts] = [this.#prints, this.#counts];
    this.#prints = new Uint32Array(prints.length * 2);
    this.#counts = new Uint32Array(counts.length * 2);
    for (let from = 0; from < counts.length; from += 1) {
      if (counts[from] === 0) continue;
      const at = this.#placeOf(prints[2 * from]!, prints[2 * from + 1]!);
      this.#prints.set([prints[2 * from]!, prints[2 * from + 1]!], 2 * at);
      this.#counts[at] = counts[from]!;
    }
  }
}
