/**
 * Which encoding a file is in, judged from its bytes alone: nearly every SIE file says PC8, whatever it holds. One pass over
 * the whole file before it is read (the import hashes it in the same pass); the reader uses the same judgement on each
 * field of a file that turns out to mix. Memory is flat.
 */
import type { Encoding } from './encoding.js';

export type EncodingFound = {
  readonly encoding: Encoding;
  readonly byteOrderMark: boolean;
  /** There is evidence of more than one encoding: the reader judges field by field and names each line that differs. */
  readonly mixed: boolean;
  /** Lines end in CR alone, as they did long ago. */
  readonly carriageReturns: boolean;
  /** UTF-16, or not text at all. */
  readonly wide: boolean;
};

/**
 * How a byte speaks where it is no part of UTF-8: `C` a letter in CP437 and nothing likely in Windows-1252, `W` the other way
 * round, `T` a letter in CP437 but a quotation mark or the like in Windows-1252 (its neighbours decide), `c` and `w` a hint.
 */
const SPEAKS = new Array<string>(256).fill('');
const speak = (how: string, ...bytes: number[]) => bytes.forEach((byte) => (SPEAKS[byte] = how));
speak('w', ...Array.from({ length: 32 }, (_, at) => 0xe0 + at), 0x80, 0x85, 0x91, 0x92, 0x93, 0x95, 0x96, 0x97, 0xa0, 0xa7, 0xb4);
speak(
  'c',
  0x83,
  0x87,
  0x88,
  0x89,
  0x8a,
  0x8b,
  0x8c,
  0x98,
  0x9a,
  0xa1,
  0xa2,
  0xa3,
  0xa4,
  0xa5,
  0xab,
  0xac,
  0xf1,
  0xf8,
  0xfa,
  0xfd,
  0xe1,
  0xe6,
  0xff,
);
speak('C', 0x81, 0x8f, 0x90);
speak('W', 0xc4, 0xc5, 0xd6, 0xc9, 0xdc, 0xe4, 0xe5, 0xe8, 0xe9, 0xf6, 0xfc);
speak('T', 0x82, 0x84, 0x86, 0x8e, 0x94, 0x99);

/** Bytes that must follow one before it is judged: the longest UTF-8 character. */
const AHEAD = 4;
/** Bytes of a chunk that are looked at together with what is held of the one before; the rest is judged where it lies. */
const JOINT = 2 * AHEAD;

export class EncodingJudge {
  #held: Uint8Array = new Uint8Array(0);
  #at = 0; // the first byte of what is held that is not judged yet
  #started = false;
  #mark = false;
  #wide = false;
  #lineFeeds = false;
  #carriageReturns = false;
  #utf8 = 0;
  readonly #said = { C: 0, W: 0, T: 0, c: 0, w: 0, other: 0 };

  push(chunk: Uint8Array): void {
    this.#lineFeeds ||= chunk.includes(10);
    this.#carriageReturns ||= chunk.includes(13);
    const held = this.#held;
    const joint = new Uint8Array(held.length + Math.min(JOINT, chunk.length));
    joint.set(held);
    joint.set(chunk.subarray(0, JOINT), held.length);
    const rest = chunk.length > JOINT;
    this.#judge(joint, rest ? held.length + 1 : joint.length - AHEAD);
    if (!rest) return this.#hold(joint);
    this.#at -= held.length;
    this.#judge(chunk, chunk.length - AHEAD);
    this.#hold(chunk);
  }

  /** What the bytes say; push nothing after it. */
  verdict(): EncodingFound {
    this.#judge(this.#held, this.#held.length);
    const { C, W, T, c, w, other } = this.#said;
    const single = C + W + T + c + w + other;
    const windows = W > 0 ? W >= C : C + T === 0 && w > c;
    const encoding: Encoding =
      this.#mark || (this.#utf8 > 0 && this.#utf8 >= single) ? 'utf-8' : single > 0 ? (windows ? 'windows-1252' : 'cp437') : 'ascii';
    return {
      encoding,
      byteOrderMark: this.#mark,
      mixed: (encoding === 'utf-8' ? single > 0 : this.#utf8 > 0) || (C > 0 && W > 0),
      carriageReturns: this.#carriageReturns && !this.#lineFeeds,
      wide: this.#wide,
    };
  }

  /** Whether a letter spoke, and not only a sign that might be anything. */
  get certain(): boolean {
    return this.#utf8 + this.#said.C + this.#said.W + this.#said.T > 0;
  }

  #judge(bytes: Uint8Array, to: number): void {
    if (!this.#started && bytes.length > 0 && (to >= 0 || to === bytes.length)) {
      this.#started = true;
      this.#mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
      this.#wide = bytes.subarray(0, 4).includes(0) || (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
      if (this.#mark) this.#at = 3;
    }
    let at = this.#at;
    const skip = -bytes.byteOffset & 3;
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset + skip, Math.max(0, (bytes.length - skip) >> 2));
    for (;;) {
      while (at < to && bytes[at]! < 128)
        at = ((at - skip) & 3) === 0 ? pastAscii(words, (at - skip) >> 2, (to - skip) >> 2, skip) : at + 1;
      if (at >= to) break;
      const length = utf8Length(bytes, at);
      if (length > 0) this.#utf8 += 1;
      else this.#hear(bytes[at]!, bytes[at - 1] ?? 32, bytes[at + 1] ?? 32);
      at += length || 1;
    }
    this.#at = at;
  }

  /** Holds what is not judged yet, and one byte before it. */
  #hold(bytes: Uint8Array): void {
    const from = Math.max(0, this.#at - 1);
    this.#held = new Uint8Array(bytes.subarray(from)); // a Buffer's slice would be its memory, which the next chunk may be read into
    this.#at -= from;
  }

  #hear(byte: number, before: number, after: number): void {
    const how = SPEAKS[byte]!;
    if (how === 'T') this.#said[isLetter(before) && isLetter(after) ? 'C' : 'T'] += 1;
    else this.#said[how === '' ? 'other' : (how as 'C')] += 1;
  }
}

/** The encoding of one field in a file that mixes, and whether it differs from the file's or mixes in itself. */
export function encodingOfField(bytes: Uint8Array, file: Encoding): { readonly encoding: Encoding; readonly differs: boolean } {
  const judge = new EncodingJudge();
  judge.push(bytes);
  const { encoding, mixed } = judge.verdict();
  const other = encoding !== 'ascii' && encoding !== file && (judge.certain || file === 'utf-8');
  return { encoding: other ? encoding : file, differs: other || mixed };
}

/** The first byte after the ASCII that begins with that word: four bytes at a time, and the one that is met where the word holds another. */
function pastAscii(words: Uint32Array, from: number, to: number, skip: number): number {
  let at = from;
  while (at < to && (words[at]! & 0x80808080) === 0) at += 1;
  return skip + 4 * at + (at === from ? 1 : 0);
}

/** Bytes of the UTF-8 character that begins here (2 to 4), or 0 where there is none. */
function utf8Length(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]!;
  const length = byte >= 0xc2 && byte < 0xe0 ? 2 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
  for (let next = at + 1; next < at + length; next += 1) if ((bytes[next] ?? 0) >> 6 !== 2) return 0;
  return length;
}

const isLetter = (byte: number): boolean => (byte | 32) >= 97 && (byte | 32) <= 122;
