/**
 * The rules' state between two runs, in one file beside the read models: opening a ledger of a million vouchers must not
 * wait for a fold. It is only a shortcut: stale, damaged, of other code or of another ledger, and the log is folded anew.
 */
import { hash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import { Ledger, type SavedLedger } from '#ledger';

const FILE = 'state.bin';
/** Of the hash that stands before the state: one flipped bit in a sum or a number would be believed for ever. */
const HASH_BYTES = 32;
type Saved = { readonly code: string; readonly state: SavedLedger; readonly lastHead: string };

/** SHA-256 over the code that folds (libs/ledger): another fold never meets an older one's state. */
export function foldCode(): string {
  const folder = fileURLToPath(new URL('../../ledger/src/', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.spec)\.(js|ts)$/.test(file));
  return hash(
    'sha256',
    files
      .sort()
      .map((file) => `${file}\n${readFileSync(join(folder, file), 'utf8')}`)
      .join('\n'),
    'hex',
  );
}

/**
 * The saved state, or null where there is none that can be used.
 * @param headAt the stored head at a seq, to see that the state belongs to this very log
 */
export async function loadState(folder: string, code: string, headAt: (seq: number) => Promise<Uint8Array | null>): Promise<Ledger | null> {
  const file = join(folder, FILE);
  if (!existsSync(file)) return null;
  try {
    const bytes = readFileSync(file);
    const state = bytes.subarray(HASH_BYTES);
    if (!hash('sha256', state, 'buffer').equals(bytes.subarray(0, HASH_BYTES))) return null;
    const saved = deserialize(state) as Saved;
    if (saved.code !== code) return null;
    const head = await headAt(saved.state.facts.seq);
    return head && hash('sha256', head, 'hex') === saved.lastHead ? new Ledger(saved.state) : null;
  } catch {
    return null; // a torn or foreign file: the log has everything
  }
}

/** Saves the state, whole or not at all. @param lastHead the stored head at the state's seq */
export function saveState(folder: string, code: string, ledger: Ledger, lastHead: Uint8Array): void {
  const file = join(folder, FILE);
  try {
    const descriptor = openSync(`${file}.new`, 'w', 0o600);
    try {
      const state = serialize({ code, state: ledger.save(), lastHead: hash('sha256', lastHead, 'hex') } satisfies Saved);
      for (const bytes of [hash('sha256', state, 'buffer'), state])
        for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(`${file}.new`, file);
  } catch (error) {
    rmSync(`${file}.new`, { force: true }); // on a full disk it would take the room that the next event needs
    throw error;
  }
}
