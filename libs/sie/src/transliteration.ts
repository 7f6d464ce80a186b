/**
 * What becomes of the characters that CP437 lacks when a SIE file is written (§, €, – and −, letters of other languages), and of
 * the few that it has in bytes that are Swedish letters in Windows-1252 (÷ is ö there), so that nobody can mistake the file. The
 * list is the promise: a text read back from our file equals `transliterate` of the text that was written.
 */
import { cp437Byte } from './encoding.js';

const framed = (characters: string, to: string) => Object.fromEntries(Array.from(characters, (character) => [character, to]));

/** Character by character; letters that are not here lose their marks (š becomes s), and anything else becomes `?`. */
export const TRANSLITERATION: Readonly<Record<string, string>> = {
  '§': 'par.',
  '€': 'EUR',
  '¤': 'kr',
  '©': '(c)',
  '®': '(R)',
  '™': 'TM',
  '…': '...',
  '•': '·',
  '†': '+',
  '‡': '+',
  '‰': 'o/oo',
  '¦': '|',
  '¯': '-',
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '―': '-',
  '−': '-',
  '\u00ad': '',
  '⁄': '/',
  '×': 'x',
  '¾': '3/4',
  '¹': '1',
  '³': '3',
  '‘': "'",
  '’': "'",
  '‚': "'",
  '‛': "'",
  '´': "'",
  '′': "'",
  '‹': '<',
  '›': '>',
  '“': '"',
  '”': '"',
  '„': '"',
  '‟': '"',
  '″': '"',
  '¨': '"',
  '¸': ',',
  ø: 'o',
  Ø: 'O',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  đ: 'd',
  Đ: 'D',
  ł: 'l',
  Ł: 'L',
  œ: 'oe',
  Œ: 'OE',
  ı: 'i',
  ŋ: 'n',
  Ŋ: 'N',
  ŧ: 't',
  Ŧ: 'T',
  ...framed('─═╌╴', '-'),
  ...framed('│║', '|'),
  ...framed('┤╡╢╖╕╣╗╝╜╛┐└┴┬├┼╞╟╚╔╩╦╠╬╧╨╤╥╙╘╒╓╫╪┘┌', '+'),
  ...framed('░▒▓█▄▌▐▀■', '#'),
  α: 'a',
  Γ: 'G',
  π: 'pi',
  Σ: 'S',
  σ: 's',
  τ: 't',
  Φ: 'F',
  Θ: 'Th',
  Ω: 'O',
  δ: 'd',
  φ: 'f',
  ε: 'e',
  '∞': 'oo',
  '∩': 'n',
  '≡': '=',
  '≥': '>=',
  '≤': '<=',
  '⌠': '(',
  '⌡': ')',
  '÷': '/',
  '≈': '~',
  '∙': '·',
  '√': 'V',
  ⁿ: 'n',
  ẞ: 'SS',
  '\u2002': ' ',
  '\u2003': ' ',
  '\u2007': ' ',
  '\u2008': ' ',
  '\u2009': ' ',
  '\u200a': ' ',
  '\u202f': ' ',
  '\u200b': '',
  '\u200c': '',
  '\u200d': '',
  '\u2060': '',
  '\ufeff': '',
};

/** The text as CP437 can hold it on one line of a SIE file; the same again when done twice. */
export function transliterate(text: string): string {
  let plain = true;
  for (let at = 0; at < text.length && plain; at += 1) plain = text.charCodeAt(at) >= 32 && text.charCodeAt(at) < 127;
  const written = plain ? text : Array.from(text.normalize('NFC'), inCp437).join('');
  return written.endsWith('\\') ? `${written.slice(0, -1)}/` : written; // before the closing mark it would hide that mark
}

function inCp437(character: string): string {
  const unit = character.charCodeAt(0);
  if (unit < 32 || unit === 127) return ' ';
  const listed = TRANSLITERATION[character];
  if (listed !== undefined) return listed;
  if (character.length === 1 && cp437Byte(unit) !== undefined) return character;
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
  return bare !== '' &&
    bare !== character &&
    [...bare].every(
      (part) =>
        part.length === 1 && part.charCodeAt(0) >= 32 && TRANSLITERATION[part] === undefined && cp437Byte(part.charCodeAt(0)) !== undefined,
    )
    ? bare
    : /\p{M}/u.test(character)
      ? ''
      : '?';
}
