/**
 * The server's lock on a ledger's folder: one server writes a ledger, and whoever comes second is told who it is. The kernel holds
 * the lock (an open transaction on `lock.sqlite`), so it is gone the moment its process is, even after kill -9; `holder.json` beside it
 * only tells who, and is believed only while the lock is held. Do not copy or open `lock.sqlite` in the process that holds it.
 */
import Database from 'better-sqlite3';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { storeError } from './sqlite-error.js';

const LOCK_FILE = 'lock.sqlite';
const HOLDER_FILE = 'holder.json';

/** How long a newcomer waits for those who only look who holds the lock; they hold it for microseconds. */
const PROBE_PATIENCE_MS = 300;
/** How long one who looks waits for a holder that has the lock but has not yet written its name. */
const INTRODUCTION_MS = 300;

/** The connections that hold locks: without a reference from here the garbage collector closes one, and the lock of a living server is gone (tried). */
const holding = new Set<Database.Database>();

/** Who holds a ledger's folder. `since` is UTC (ISO 8601); `address` is `http://127.0.0.1:<port>`, null until the server listens. */
export interface Holder {
  readonly pid: number;
  readonly user: string;
  readonly host: string;
  readonly since: string;
  readonly address: string | null;
}

const UNKNOWN: Holder = { pid: 0, user: 'unknown', host: 'unknown', since: 'unknown', address: null };

/** Another process holds the folder. `holder` says who; its pid is 0 where it has not said. */
export class FolderLocked extends Error {
  constructor(
    readonly folder: string,
    readonly holder: Holder,
  ) {
    super(
      `${folder} is held by process ${holder.pid || 'unknown'} of ${holder.user} on ${holder.host} since ${holder.since}` +
        (holder.address === null ? '' : `, at ${holder.address}`),
    );
    this.name = 'FolderLocked';
  }
}

export interface Lock {
  /** Tells everyone where the server answers, once it listens; null when it stops listening. */
  announce(address: string | null): void;
  /** Gives the folder free. Doing it twice does no harm. */
  release(): void;
}

/**
 * Takes the folder for this process until `release` or its death.
 * @throws FolderLocked with the facts of who holds it
 * @throws StoreUnavailable where the folder is missing, full or read-only
 */
export function lockFolder(folder: string, holder: Holder): Lock {
  const db = hold(folder);
  let held = true;
  const introduce = (facts: Holder) => {
    const fresh = join(folder, `${HOLDER_FILE}.new`);
    try {
      writeFileSync(fresh, `${JSON.stringify(facts, null, 2)}\n`);
      renameSync(fresh, join(folder, HOLDER_FILE));
    } catch (error) {
      throw storeError(error, null, folder);
    }
  };
  const release = () => {
    if (!held) return;
    held = false;
    rmSync(join(folder, HOLDER_FILE), { force: true });
    holding.delete(db);
    db.close();
  };
  try {
    introduce(holder);
  } catch (error) {
    release();
    throw error;
  }
  return {
    announce(address) {
      if (held) introduce({ ...holder, address });
    },
    release,
  };
}

/** Who holds the folder; null when nobody does, even where the holder.json of a process that died still lies there. Takes nothing itself. */
export function holderOf(folder: string): Holder | null {
  const deadline = Date.now() + INTRODUCTION_MS;
  for (;;) {
    if (!isHeld(folder)) return null;
    const holder = introduction(folder);
    if (holder !== null) return holder;
    if (Date.now() > deadline) return UNKNOWN;
    pause(10);
  }
}

function hold(folder: string): Database.Database {
  const deadline = Date.now() + PROBE_PATIENCE_MS;
  for (;;) {
    let db: Database.Database | undefined;
    try {
      db = new Database(join(folder, LOCK_FILE), { timeout: 0 });
      db.pragma('locking_mode = EXCLUSIVE');
      db.exec('BEGIN EXCLUSIVE');
      holding.add(db);
      return db;
    } catch (error) {
      db?.close();
      if (!isBusy(error))
        throw existsSync(folder) ? storeError(error, null, folder) : storeError(Object.assign(new Error(folder), { code: 'ENOENT' }));
      const other = holderOf(folder) ?? (Date.now() > deadline ? UNKNOWN : null);
      // Nobody holds it: somebody only looked. Try again.
      if (other !== null) throw new FolderLocked(folder, other);
      pause(5);
    }
  }
}

/** A shared lock for an instant: refused exactly while somebody holds the exclusive one. */
function isHeld(folder: string): boolean {
  const file = join(folder, LOCK_FILE);
  if (!existsSync(file)) return false;
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, timeout: 0 });
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw storeError(error, null, folder);
  } finally {
    db?.close();
  }
}

/** null while holder.json is missing, half written, or left by a process of this machine that is dead. */
function introduction(folder: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(join(folder, HOLDER_FILE), 'utf8')) as Holder;
    return holder.host === hostname() && !isAlive(holder.pid) ? null : holder;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

function isBusy(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
