/**
 * Folders that are still there after a cut of power. For everything that makes a name on which the ledger depends: the ledger's folder and
 * file here, the imported originals. Both functions throw the file system's own errors.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Makes the folder, and those above it, where they are missing; each new name is synced in the folder that holds it. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(resolve(folder));
  makeFolder(parent);
  try {
    mkdirSync(folder); // not `recursive`: on a read-only disk that answers ENOENT
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
  }
  syncFolder(parent);
}

/** Makes the names in a folder durable (a file's bytes are by its own fsync). Windows cannot open a folder and needs no such sync. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
