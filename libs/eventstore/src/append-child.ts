/**
 * A process that only appends, for the specs that kill it or let two of them race: `append-child.js <folder> <name> <events>`.
 * It says `ready`, waits for a byte on stdin, then writes `<first> <last>` to stdout after each acknowledgement, in one write
 * system call, so that whatever was said before a kill was really acknowledged before it. The bytes follow from name and seq.
 */
import { readSync, writeSync } from 'node:fs';
import { Conflict, type StoredRecord } from './port.js';
import { openSqliteStore } from './sqlite.js';

/** The record that the child called `name` writes at `seq`: from a few bytes to some 20 kB, so that commits end anywhere in a page. */
export function childRecord(name: string, seq: number): StoredRecord {
  const head = Buffer.alloc(20 + ((seq * 7_919) % 1_500) + (seq % 50 === 0 ? 20_000 : 0), `${name} ${seq} `);
  return { head, annex: seq % 3 === 0 ? Buffer.alloc(seq % 700, `annex of ${seq} `) : null };
}

/** The batches of a child grow and shrink: 1, 2, 4, 8, 16, 1 … */
function childBatch(name: string, first: number): StoredRecord[] {
  return Array.from({ length: 1 << (first % 5) }, (_, i) => childRecord(name, first + i));
}

async function run(folder: string, name: string, events: number): Promise<void> {
  const store = openSqliteStore(folder);
  writeSync(1, 'ready\n');
  readSync(0, Buffer.alloc(1));
  let next = (await store.last()) + 1;
  while (next < events) {
    try {
      const { last } = await store.append(next, childBatch(name, next));
      writeSync(1, `${next} ${last}\n`);
      next = last + 1;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      next = (await store.last()) + 1;
    }
  }
  await store.close();
}

const [, script, folder, name, events] = process.argv;
if (script?.endsWith('append-child.js')) await run(folder!, name!, Number(events));
