/**
 * The four encodings that SIE files are found in, byte by byte: to text and back. CP437 is what the standard says; UTF-8 and
 * Windows-1252 is what programs write under the same tag. Which one a file is in is judged elsewhere (encoding-judge.ts).
 */
export type Encoding = 'ascii' | 'cp437' | 'utf-8' | 'windows-1252';

/** Bytes 0x80-0xFF of code page 437; 0xFF is the space that does not break. */
const CP437_UPPER =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';
/** Bytes 0x80-0x9F of Windows-1252; the five that it leaves out stay control characters. */
const WINDOWS_1252_UPPER = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const units = (upper: string): Uint16Array =>
  Uint16Array.from({ length: 256 }, (_, byte) => (byte < 128 ? byte : upper.charCodeAt(byte - 128)));
const TABLES = {
  cp437: units(CP437_UPPER),
  'windows-1252': units(WINDOWS_1252_UPPER + String.fromCharCode(...Array.from({ length: 96 }, (_, at) => 0xa0 + at))),
};
const TO_CP437: ReadonlyMap<number, number> = new Map([...TABLES.cp437].map((unit, byte) => [unit, byte]));

/** The byte of a UTF-16 unit in CP437, or undefined where CP437 lacks the character. */
export const cp437Byte = (unit: number): number | undefined => (unit < 128 ? unit : TO_CP437.get(unit));

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** Text from bytes in one encoding. Short fields a million times over: no call leaves JavaScript unless the bytes are UTF-8 proper. */
export class Decoder {
  readonly #table: Uint16Array;

  constructor(readonly encoding: Encoding) {
    this.#table = encoding === 'windows-1252' ? TABLES['windows-1252'] : TABLES.cp437;
  }

  /** The text of `bytes[from, to)`. Bytes that are not valid UTF-8 become U+FFFD in a UTF-8 file. */
  text(bytes: Uint8Array, from: number, to: number): string {
    if (this.encoding === 'utf-8') for (let at = from; at < to; at += 1) if (bytes[at]! > 127) return utf8.decode(bytes.subarray(from, to));
    const table = this.#table;
    let text = '';
    let at = from;
    for (; at + 8 <= to; at += 8)
      text += String.fromCharCode(
        table[bytes[at]!]!,
        table[bytes[at + 1]!]!,
        table[bytes[at + 2]!]!,
        table[bytes[at + 3]!]!,
        table[bytes[at + 4]!]!,
        table[bytes[at + 5]!]!,
        table[bytes[at + 6]!]!,
        table[bytes[at + 7]!]!,
      );
    if (at + 4 <= to) {
      text += String.fromCharCode(table[bytes[at]!]!, table[bytes[at + 1]!]!, table[bytes[at + 2]!]!, table[bytes[at + 3]!]!);
      at += 4;
    }
    if (at + 2 <= to) {
      text += String.fromCharCode(table[bytes[at]!]!, table[bytes[at + 1]!]!);
      at += 2;
    }
    return at < to ? text + String.fromCharCode(table[bytes[at]!]!) : text;
  }
}

/** CP437 of a text; characters that it lacks become `?` (the writer transliterates before). */
export function cp437(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = cp437Byte(text.charCodeAt(at)) ?? 0x3f;
  return bytes;
}

/** The text in any of the encodings; what a single-byte one lacks becomes `?`. */
export function encode(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-8') return utf8Encoder.encode(text);
  if (encoding !== 'windows-1252') return cp437(text);
  const table = TABLES['windows-1252'];
  return Uint8Array.from(text, (character) =>
    character.charCodeAt(0) < 128 ? character.charCodeAt(0) : Math.max(table.indexOf(character.charCodeAt(0), 128), 0x3f),
  );
}
