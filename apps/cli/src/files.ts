/** Files that the user names: whether they can be read, how large they are, their text, and those to be written; what cannot be is said in one sentence. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { WrongUsage } from './exit.js';
import type { Say } from './words.js';

/** Bytes. @throws WrongUsage where it is not there */
export const sizeOf = (file: string, say: Say): number => read(() => statSync(file).size, file, say);

/** UTF-8, without its byte order mark. @throws WrongUsage where it is not there */
export const textIn = (file: string, say: Say): string => read(() => readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), file, say);

/** @throws WrongUsage where it cannot be written */
export function writeTo(file: string, bytes: string | Uint8Array, say: Say): void {
  try {
    writeFileSync(file, bytes);
  } catch (error) {
    throw new WrongUsage(
      say(`Filen ${file} kan inte skrivas: ${(error as Error).message}`, `The file ${file} cannot be written: ${(error as Error).message}`),
    );
  }
}

function read<T>(reading: () => T, file: string, say: Say): T {
  try {
    return reading();
  } catch {
    throw new WrongUsage(say(`Filen ${file} finns inte eller får inte läsas.`, `The file ${file} does not exist or may not be read.`));
  }
}
