/** Files that the user names: whether they can be read, how large they are, and their text; what cannot be read is said in one sentence. */
import { readFileSync, statSync } from 'node:fs';
import { WrongUsage } from './exit.js';
import type { Say } from './words.js';

/** Bytes. @throws WrongUsage where it is not there */
export const sizeOf = (file: string, say: Say): number => read(() => statSync(file).size, file, say);

/** UTF-8, without its byte order mark. @throws WrongUsage where it is not there */
export const textIn = (file: string, say: Say): string => read(() => readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), file, say);

function read<T>(reading: () => T, file: string, say: Say): T {
  try {
    return reading();
  } catch {
    throw new WrongUsage(say(`Filen ${file} finns inte eller får inte läsas.`, `The file ${file} does not exist or may not be read.`));
  }
}
