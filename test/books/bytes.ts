/** A generated file's text to bytes in the encodings that such files are found in, and to disk; with a table of its own, not the library's. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

export type Encoded = 'cp437' | 'utf-8' | 'windows-1252';

/** What the books' texts hold beyond ASCII. A program that writes CP437 has no dash (–) and puts a hyphen. */
const CP437: Readonly<Record<string, number>> = { å: 0x86, ä: 0x84, ö: 0x94, Å: 0x8f, Ä: 0x8e, Ö: 0x99, é: 0x82, É: 0x90, '–': 0x2d };
const WINDOWS_1252: Readonly<Record<string, number>> = { '–': 0x96 };

/** @throws for a character that no table has */
export function bytesOf(text: string, encoding: Encoded): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  const table = encoding === 'cp437' ? CP437 : WINDOWS_1252;
  const units = text.replace(/[\u0080-\uffff]/g, (character) => {
    const byte = table[character] ?? (encoding === 'windows-1252' && character < '\u0100' ? character.charCodeAt(0) : null);
    if (byte === null) throw new Error(`${character} is in no table of ${encoding}`);
    return String.fromCharCode(byte);
  });
  return Buffer.from(units, 'latin1');
}

/** Chunks of some 64 KiB from any small texts. */
export function* chunked(texts: Iterable<string>, encoding: Encoded): Generator<Buffer> {
  let pending = '';
  for (const text of texts) {
    pending += text;
    if (pending.length < 1 << 16) continue;
    yield bytesOf(pending, encoding);
    pending = '';
  }
  if (pending !== '') yield bytesOf(pending, encoding);
}

/** Writes the chunks to a file. @returns its bytes */
export async function write(file: string, chunks: Iterable<Buffer>): Promise<number> {
  const stream = createWriteStream(file);
  for (const chunk of chunks) if (!stream.write(chunk)) await once(stream, 'drain');
  stream.end();
  await finished(stream);
  return stream.bytesWritten;
}

/** Öre as `-1234.50`, made here so that the library's own way is held against another. @param decimal the decimal mark */
export function amountText(ore: number, decimal: '.' | ',' = '.'): string {
  const size = Math.abs(ore);
  const rest = size % 100;
  return `${ore < 0 ? '-' : ''}${(size - rest) / 100}${decimal}${rest < 10 ? '0' : ''}${rest}`;
}
