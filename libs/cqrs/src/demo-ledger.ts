/**
 * Makes the demo ledger: a year of an invented region, by the same commands and the same import as a user's. Ids, salts,
 * actors and clock are seeded, so that its bytes are the same everywhere. Built beside and put in place whole, so that a
 * crash leaves nothing half made; never touches a real ledger. Called by `liggare demo`.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EVENTS_FILE, makeFolder, openSqliteReader, syncFolder } from '#eventstore';
import { readRecord, refuse } from '#ledger';
import { demoFolder, demoSteps } from './demo-data.js';
import { LedgerFolder } from './ledger-folder.js';

const CALLER = { login: 'demo', name: 'Demo', role: 'user' };
/** What a ledger's folder may hold without a ledger in it. */
const LEFT_BEHIND = ['read-models', 'lock.sqlite', 'incoming'];
const SEED = 'liggaren demo 2023';

/**
 * Makes the demo in the folder where it is missing · refuses `folder-not-demo` where a real ledger lies there.
 * @returns whether it was made now
 */
export async function ensureDemo(folder: string, tell: (what: string) => void = () => {}): Promise<boolean> {
  const place = resolve(folder);
  const there = await factsIn(place);
  if (there && !there.demo) refuse('folder-not-demo', { folder: place, name: there.name });
  if (there) return false;
  makeFolder(dirname(place));
  sweep(place);
  const building = `${place}.building-${process.pid}`;
  try {
    await seed(building, tell);
    if (existsSync(place)) {
      if (readdirSync(place).some((name) => !LEFT_BEHIND.includes(name))) refuse('folder-not-demo', { folder: place, name: null });
      rmSync(place, { recursive: true });
    }
    renameSync(building, place);
    syncFolder(dirname(place));
    return true;
  } catch (error) {
    if (await factsIn(place)) return false; // another process was first
    throw error;
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

async function seed(folder: string, tell: (what: string) => void): Promise<void> {
  const data = demoFolder();
  const { book, year, steps } = demoSteps(data);
  let now = 0;
  mkdirSync(folder);
  const ledger = await LedgerFolder.open({ folder, create: true, caller: CALLER, clock: () => now, random: seededRandom(SEED) });
  try {
    let count = 0;
    for (const step of steps) {
      now = Date.parse(step.at);
      if ('file' in step) {
        const name = basename(step.file);
        tell(name);
        const file = createReadStream(join(data, step.file));
        await ledger.imports.importFile(file, { caller: CALLER, book, year, name, id: `i-demo-${name.replace('.csv', '')}` });
      } else await ledger.commands.handle(step.command, { caller: CALLER, key: `demo-${(count += 1)}` });
    }
    await ledger.reach(ledger.commands.seq, 'lines', 60_000);
  } finally {
    await ledger.close();
  }
}

/** Bytes that look random and are the same every time: SHA-256 over the seed and a counter. */
export function seededRandom(seedText: string): (bytes: number) => Uint8Array {
  let counter = 0;
  return (bytes) => {
    const blocks = Array.from({ length: Math.ceil(bytes / 32) }, () =>
      createHash('sha256')
        .update(`${seedText} ${(counter += 1)}`)
        .digest(),
    );
    return Buffer.concat(blocks).subarray(0, bytes);
  };
}

/** What ledger lies in the folder; null where there is none. */
async function factsIn(folder: string): Promise<{ readonly demo: boolean; readonly name: string } | null> {
  if (!existsSync(join(folder, EVENTS_FILE))) return null;
  const reader = openSqliteReader(folder);
  try {
    const [first] = await reader.read(0, { records: 1, bytes: 1 });
    if (!first) return null;
    const { event } = readRecord(first.seq, first.head, first.annex);
    return event.type === 'LedgerOpened' ? { demo: event.data.demo, name: event.data.name } : null;
  } finally {
    await reader.close();
  }
}

/** Clears what builders that died left behind. */
function sweep(place: string): void {
  const prefix = `${basename(place)}.building-`;
  for (const name of readdirSync(dirname(place))) {
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length))))
      rmSync(join(dirname(place), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
