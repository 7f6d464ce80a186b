/**
 * Moves a ledger between stores: the log byte for byte, the imported originals, and then the proof that both give the same digest of all
 * events and the same answers, every report compared as JSON. For `liggare store copy` and `liggare store digest`; takes the folders'
 * locks, so that no server writes meanwhile.
 */
import { existsSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import {
  copyOriginals,
  copyStore,
  digestOf,
  FolderLocked,
  holdsLedger,
  inWords,
  lockFolder,
  makeFolder,
  openReader,
  openStore,
  storeName,
  STORE_FILE,
  StoreUnavailable,
  type EventReader,
  type Lock,
  type StoreDescription,
} from '#eventstore';
import { Refusal, refuse } from '#ledger';
import { Answers, catchUp, readModelsOf } from '#projections';
import { differingAnswer } from './compared-answers.js';
import { systemUser } from './desk.js';
import { storeOf } from './store-place.js';

/** A ledger's folder and, where its events are on a server, the setting that says so. */
export interface LedgerPlace {
  readonly folder: string;
  /** The server's address; left out, what the folder holds decides. */
  readonly address?: string | undefined;
}
/** What a copy is doing: copying and comparing events, then answers. */
export type CopyStage = 'events' | 'originals' | 'answers';

export interface CopiedLedger {
  readonly last: number;
  readonly copied: number;
  readonly originals: number;
  readonly digest: string;
  /** How many answers were compared. */
  readonly answers: number;
}

/**
 * Copies what `to` lacks of `from`. Run it again after any failure: it goes on where it was.
 * @param setting LIGGARE_STORE, for a folder whose events are on a server
 * Refuses `ledger-missing`, `ledger-held`, `store-unavailable`, `copy-import-open`, `copy-place-taken`, `copy-overtaken`, `copy-differs`, and those of {@link storeOf}.
 */
export async function copyLedger(
  from: LedgerPlace,
  to: LedgerPlace,
  setting: string | undefined,
  progress: (stage: CopyStage, done: number, of: number) => void = () => {},
): Promise<CopiedLedger> {
  if (resolve(from.folder) === resolve(to.folder)) refuse('copy-place-taken', { place: to.folder });
  if (!holdsLedger(from.folder) && !from.address) refuse('ledger-missing', { folder: from.folder });
  const locks: Lock[] = [];
  const open: { close(): Promise<void> }[] = [];
  try {
    for (const { folder } of [from, to]) locks.push(locked(folder));
    const places = [describe(from, setting, false), describe(to, setting, true)] as const;
    const source = openReader(places[0]);
    open.push(source);
    if ((await source.last()) < 0) {
      if (from.address && !holdsLedger(from.folder)) rmSync(join(from.folder, STORE_FILE), { force: true });
      refuse('ledger-missing', { folder: storeName(places[0]) });
    }
    const files = [from, to].map(({ folder }) => readModelsOf(folder));
    const { figures: asked } = await catchUp(places[0], files[0]!);
    refuseOpenImports(files[0]!);
    const target = openStore(places[1]);
    open.push(target);
    const { last, copied, digest } = await copyStore(source, target, (done, of) => progress('events', done, of)).catch((error: unknown) => {
      const reason = error instanceof StoreUnavailable ? error.reason : null;
      if (reason === 'not-a-ledger') return refuse('copy-place-taken', { place: storeName(places[1]) });
      if (reason === 'busy') return refuse('copy-overtaken', {});
      throw error;
    });
    if (last !== asked) refuse('copy-overtaken', {});
    progress('originals', 0, 1);
    const originals = await copyOriginals(from.folder, to.folder);
    for (const [index, place] of places.entries()) await catchUp(place, files[index]!);
    const answers = comparedAnswers(files, (done, of) => progress('answers', done, of));
    return { last, copied, originals, digest, answers };
  } catch (error) {
    throw inWords(error);
  } finally {
    for (const store of open.reverse()) await store.close();
    for (const lock of locks.reverse()) lock.release();
  }
}

/** The last seq and the SHA-256 over every head and annex. Refuses `ledger-missing`, `store-unavailable`. Reads only; a server may have the ledger open. */
export async function digestLedger(
  place: LedgerPlace,
  setting: string | undefined,
  progress: (done: number, of: number) => void = () => {},
): Promise<{ readonly last: number; readonly digest: string }> {
  let reader: EventReader | null = null;
  try {
    if (!holdsLedger(place.folder)) refuse('ledger-missing', { folder: place.folder });
    reader = openReader(storeOf(place.address ?? settingFor(place.folder, setting), place.folder, false));
    const all = (await reader.last()) + 1;
    return await digestOf(reader, (read) => progress(read, all));
  } catch (error) {
    throw inWords(error);
  } finally {
    await reader?.close();
  }
}

/** Which machine began an import stays with the machine: in the copy nobody could carry on with it, and it would hold up its book and year. */
function refuseOpenImports(file: string): void {
  const answers = new Answers(file);
  try {
    const open = answers.imports().rows.find(({ status }) => status === 'open');
    if (open) refuse('copy-import-open', { import: open.import, book: open.book, year: open.year });
  } finally {
    answers.close();
  }
}

function comparedAnswers(files: readonly string[], progress: (done: number, of: number) => void): number {
  const [ours, theirs] = files.map((file) => new Answers(file)) as [Answers, Answers];
  try {
    const { question, compared } = differingAnswer(ours, theirs, progress);
    if (question !== null) refuse('copy-differs', { question });
    return compared;
  } finally {
    ours.close();
    theirs.close();
  }
}

function describe({ folder, address }: LedgerPlace, setting: string | undefined, create: boolean): StoreDescription {
  return storeOf(address ?? settingFor(folder, setting), folder, create || address !== undefined);
}

/** The setting is meant for folders whose events are on a server; a file in the folder needs none. */
const settingFor = (folder: string, setting: string | undefined) => (existsSync(join(folder, STORE_FILE)) ? setting : undefined);

function locked(folder: string): Lock {
  makeFolder(folder);
  try {
    return lockFolder(folder, {
      pid: process.pid,
      user: systemUser().login,
      host: hostname(),
      since: new Date().toISOString(),
      address: null,
    });
  } catch (error) {
    if (!(error instanceof FolderLocked)) throw error;
    const { user, pid, host, since, address } = error.holder;
    throw new Refusal('ledger-held', { user, pid, host, since, address });
  }
}
