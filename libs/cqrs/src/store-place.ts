/**
 * Which store a folder's ledger is in, with every contradiction between folder and setting as a refusal, and whether the originals beside
 * it are that ledger's: where several machines share one ledger they share `originals/`, and a wrong mount must not go unseen.
 * Called by ledger-folder.ts when a ledger is opened.
 */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeStore,
  EVENTS_FILE,
  holdsLedger,
  makeFolder,
  STORE_FILE,
  StoreUnavailable,
  syncFolder,
  type StoreDescription,
} from '#eventstore';
import { refuse } from '#ledger';

/** In `originals/`: the id of the ledger that they belong to. */
const MARK = 'ledger.json';

/** Whether an empty folder is to be the second one of a ledger on a server: the setting names the stream itself. */
export const joins = (setting: string | undefined, folder: string): boolean => !holdsLedger(folder) && /[?&]stream=/i.test(setting ?? '');

/**
 * The store of the ledger in that folder; notes the stream of a new one in it.
 * @param setting as LIGGARE_STORE; empty or left out for the embedded file
 * Refuses `ledger-missing`, `ledger-on-server`, `ledger-in-file`, `ledger-other-stream`, `store-address-malformed`.
 * @throws StoreUnavailable
 */
export function storeOf(setting: string | undefined, folder: string, create: boolean): StoreDescription {
  try {
    return describeStore(setting, folder, create);
  } catch (error) {
    if (error instanceof RangeError) return refuse('store-address-malformed', {});
    if (!(error instanceof StoreUnavailable)) throw error;
    if (error.reason === 'not-found') return refuse('ledger-missing', { folder });
    if (error.reason !== 'not-a-ledger') throw error;
    if ((setting ?? '').trim() === '') return refuse('ledger-on-server', { folder });
    return refuse(
      !existsSync(join(folder, STORE_FILE)) && existsSync(join(folder, EVENTS_FILE)) ? 'ledger-in-file' : 'ledger-other-stream',
      { folder },
    );
  }
}

/**
 * Marks the originals as this ledger's, or finds the mark there.
 * @param imports whether the ledger has imported files, of which something must lie there
 * Refuses `originals-of-another-ledger`, `originals-missing`.
 */
export function checkOriginals(folder: string, ledgerId: string, imports: boolean): void {
  const originals = join(folder, 'originals');
  const mark = join(originals, MARK);
  if (existsSync(mark)) {
    if (markedLedger(mark) !== ledgerId) refuse('originals-of-another-ledger', { folder: originals });
    return;
  }
  makeFolder(originals);
  if (imports && !readdirSync(originals).some((name) => /^[0-9a-f]{64}$/.test(name))) refuse('originals-missing', { folder: originals });
  const fresh = `${mark}.${process.pid}.new`;
  const descriptor = openSync(fresh, 'w', 0o644);
  try {
    writeSync(descriptor, `${JSON.stringify({ ledgerId })}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(fresh, mark);
  syncFolder(originals);
}

function markedLedger(mark: string): string | null {
  try {
    return (JSON.parse(readFileSync(mark, 'utf8')) as { ledgerId?: string }).ledgerId ?? null;
  } catch {
    return null;
  }
}
