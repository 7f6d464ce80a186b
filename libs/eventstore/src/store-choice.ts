/**
 * Which store a ledger's folder uses: the embedded file in the folder, or a stream on an event store server, which `store.json` in the folder
 * then names. The address of the server, with its password, is never written down: it is a setting (LIGGARE_STORE). Used by whoever opens
 * a ledger; a description may be sent to another thread.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { makeFolder, syncFolder } from './folder.js';
import { isServerAddress, isStreamName, serverAddress, withoutPassword } from './kurrentdb-address.js';
import { openKurrentStore } from './kurrentdb.js';
import { StoreUnavailable, type EventReader, type EventStore } from './port.js';
import { EVENTS_FILE, openSqliteReader, openSqliteStore } from './sqlite.js';

/** Where a ledger's events are, in plain data. `address` holds a password: it goes into no log and no answer. */
export type StoreDescription =
  { readonly kind: 'sqlite'; readonly folder: string } | { readonly kind: 'kurrentdb'; readonly address: string; readonly stream: string };

/** In a ledger's folder: the stream that its events are in. */
export const STORE_FILE = 'store.json';
/** A reader of projections has nobody waiting for its answer: it sits out what a writer reports. */
const READER_PATIENCE = { readMs: 10_000 };

/** Whether the folder holds a ledger, or says where it is. */
export const holdsLedger = (folder: string): boolean => existsSync(join(folder, EVENTS_FILE)) || existsSync(join(folder, STORE_FILE));

/**
 * The store of the ledger in that folder. What the folder holds decides; the setting decides for a new ledger, whose stream is then noted in
 * the folder (with `create`).
 * @param setting empty or left out for the embedded file, else the address of an event store server; there `?stream=` joins an existing ledger
 * @throws StoreUnavailable `not-a-ledger` where folder and setting contradict each other, `not-found` without a ledger and `create`
 * @throws RangeError where the setting is no address
 */
export function describeStore(setting: string | undefined, folder: string, create = false): StoreDescription {
  const wanted = setting?.trim() ?? '';
  if (wanted !== '' && !isServerAddress(wanted))
    throw new RangeError(`not the address of an event store server: ${withoutPassword(wanted)}`);
  const noted = notedStream(folder);
  if (wanted === '') {
    if (noted !== null)
      throw new StoreUnavailable(
        'not-a-ledger',
        `the ledger of ${folder} is in the stream ${noted} of a server: LIGGARE_STORE has to name it`,
      );
    return { kind: 'sqlite', folder };
  }
  const named = serverAddress(wanted).stream;
  if (noted === null && existsSync(join(folder, EVENTS_FILE)))
    throw new StoreUnavailable(
      'not-a-ledger',
      `the ledger of ${folder} is in its file ${EVENTS_FILE}: copy it to the server first, or take LIGGARE_STORE away`,
    );
  if (noted !== null && named !== null && noted !== named)
    throw new StoreUnavailable('not-a-ledger', `the ledger of ${folder} is in the stream ${noted}, not in ${named}`);
  const stream = noted ?? named ?? newStream(folder);
  if (noted === null) {
    if (!create) throw new StoreUnavailable('not-found', `there is no ledger in ${folder}`);
    noteStream(folder, stream);
  }
  return { kind: 'kurrentdb', address: wanted, stream };
}

/** Opens it for writing. @throws StoreUnavailable (an event store server is only asked at the first call) */
export function openStore(store: StoreDescription): EventStore {
  return store.kind === 'sqlite' ? openSqliteStore(store.folder) : openKurrentStore(store.address, store.stream);
}

/** Opens it for reading, on a connection of one's own, for another thread or process. @throws StoreUnavailable */
export function openReader(store: StoreDescription): EventReader {
  return store.kind === 'sqlite' ? openSqliteReader(store.folder) : openKurrentStore(store.address, store.stream, READER_PATIENCE);
}

/** As it may be shown: no password. */
export function storeName(store: StoreDescription): string {
  return store.kind === 'sqlite' ? join(store.folder, EVENTS_FILE) : `${withoutPassword(store.address)} (${store.stream})`;
}

/** Writes down, durably, that the folder's events are in that stream. Only for a folder that says nothing else yet. */
export function noteStream(folder: string, stream: string): void {
  makeFolder(folder);
  const file = join(folder, STORE_FILE);
  const descriptor = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify({ kind: 'kurrentdb', stream })}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.new`, file);
  syncFolder(folder);
}

function notedStream(folder: string): string | null {
  const file = join(folder, STORE_FILE);
  if (!existsSync(file)) return null;
  try {
    const { kind, stream } = JSON.parse(readFileSync(file, 'utf8')) as { kind?: unknown; stream?: unknown };
    if (kind === 'kurrentdb' && typeof stream === 'string' && isStreamName(stream)) return stream;
  } catch {
    // falls through: as bad as one that says something else
  }
  throw new StoreUnavailable('damaged', `${file} does not say where the ledger is`);
}

/** A name that a person recognises on the server's pages and that no other ledger has. */
function newStream(folder: string): string {
  const name = basename(resolve(folder))
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  return `liggaren-${name === '' ? 'ledger' : name}-${randomBytes(4).toString('hex')}`;
}
