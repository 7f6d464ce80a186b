/**
 * Turns what SQLite and the file system say into the port's own errors, for sqlite.ts. It promises that StoreUnavailable means "not
 * stored": the one failure after which a batch may still turn up, a sync that failed, becomes ResultUnknown.
 */
import Database from 'better-sqlite3';
import { accessSync, constants, existsSync } from 'node:fs';
import { Conflict, ResultUnknown, StoreUnavailable } from './port.js';
import type { UnavailableReason } from './port.js';

const sentences: Record<UnavailableReason, string> = {
  'disk-full': 'the disk that holds the ledger is full',
  'read-only': 'the ledger cannot be written: its file, folder or disk is read-only',
  busy: 'another process has been writing to the ledger for too long',
  'io-error': 'the disk that holds the ledger answers with an error',
  damaged: 'the file of the ledger is damaged',
  altered: 'an event is not as it was written',
  'not-found': 'there is no ledger in that folder',
  'not-a-ledger': 'the file is a database, but not of a ledger',
  'newer-format': 'the ledger was written by a newer version of the program',
  closed: 'the store is closed',
  unreachable: 'the store cannot be reached',
  denied: 'the store does not let this user do that',
  'too-large': 'the batch is larger than the store takes at once',
};

/**
 * @param expected the seq of an append, null where nothing was to be stored
 * @param folder where the store was to be opened, so that "cannot open" gets its real reason
 * @returns a port error; anything unknown (a bug of ours) comes back as it is
 */
export function storeError(error: unknown, expected: number | null = null, folder?: string): unknown {
  if (error instanceof Conflict || error instanceof StoreUnavailable) return error;
  const code = codeOf(error);
  if (code === null) return error;
  // SQLite rolls back in memory, but the frames may lie in the WAL and a restart would find them (Linux marks pages clean even when fsync fails).
  if (expected !== null && (code === 'SQLITE_IOERR_FSYNC' || code === 'SQLITE_IOERR_DIR_FSYNC'))
    return new ResultUnknown(expected, { cause: error });
  const reason = reasonOf(code, folder);
  return reason === null ? error : new StoreUnavailable(reason, `${sentences[reason]} (${code})`, { cause: error });
}

/** Refuses a file that is not, or not yet, ours. @throws StoreUnavailable `not-a-ledger`, `newer-format` */
export function refusalToOpen(db: Database.Database, applicationId: number, format: number, file: string): void {
  if (db.pragma('application_id', { simple: true }) !== applicationId)
    throw new StoreUnavailable('not-a-ledger', `${file}: ${sentences['not-a-ledger']}`);
  const found = db.pragma('user_version', { simple: true }) as number;
  if (found > format)
    throw new StoreUnavailable('newer-format', `${file}: ${sentences['newer-format']} (format ${found}, known ${format})`);
}

function codeOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}

function reasonOf(code: string, folder: string | undefined): UnavailableReason | null {
  switch (code) {
    case 'SQLITE_FULL':
    case 'SQLITE_IOERR_SHMSIZE': // the WAL's index could not grow
    case 'ENOSPC':
    case 'EDQUOT':
      return 'disk-full';
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return 'read-only';
    case 'ENOENT':
    case 'ENOTDIR':
      return 'not-found';
    case 'SQLITE_NOTADB':
      return 'damaged';
    case 'EIO':
      return 'io-error';
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM') return 'read-only';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'busy';
  if (code.startsWith('SQLITE_CORRUPT')) return 'damaged';
  if (code.startsWith('SQLITE_IOERR')) return 'io-error';
  if (code.startsWith('SQLITE_CANTOPEN')) return folder === undefined ? 'io-error' : whyNotOpened(folder);
  return null;
}

function whyNotOpened(folder: string): UnavailableReason {
  if (!existsSync(folder)) return 'not-found';
  try {
    accessSync(folder, constants.W_OK);
    return 'io-error';
  } catch {
    return 'read-only';
  }
}
