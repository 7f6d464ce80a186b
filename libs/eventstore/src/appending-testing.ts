/** Starts append-child.js for the specs of crashes, and checks a ledger against what the children were acknowledged. */
import { expect } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childRecord } from './append-child.js';
import type { SequencedRecord } from './port.js';
import { openSqliteStore } from './sqlite.js';

export interface Appending {
  readonly name: string;
  /** First and last seq of every batch acknowledged so far. */
  readonly acknowledged: readonly (readonly [first: number, last: number])[];
  /** Lets it begin, once it has opened its store. */
  begin(): void;
  /** Resolves after that many acknowledgements (or at its end). */
  after(batches: number): Promise<void>;
  /** kill -9; resolves when it is dead and all it said is read. */
  kill(): Promise<void>;
  /** Resolves with its exit code. */
  readonly ended: Promise<number | null>;
}

/** @param first further arguments of node (`--import …`), @param env e.g. LD_PRELOAD */
export async function appending(
  folder: string,
  name: string,
  events: number,
  env: NodeJS.ProcessEnv = {},
  first: readonly string[] = [],
): Promise<Appending> {
  const script = join(import.meta.dirname, 'append-child.js');
  const child = spawn(process.execPath, [...first, script, folder, name, String(events)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const acknowledged: [number, number][] = [];
  let waiting: { batches: number; resolve: () => void } | null = null;
  let said = '';
  const ready = Promise.withResolvers<void>();
  child.stdin.on('error', () => {}); // it may be dead before it was told to begin
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString();
    const lines = said.split('\n');
    said = lines.pop()!;
    for (const line of lines)
      if (line === 'ready') ready.resolve();
      else acknowledged.push(line.split(' ').map(Number) as [number, number]);
    if (waiting && acknowledged.length >= waiting.batches) waiting.resolve();
  });
  const ended = once(child, 'close').then(([code]) => {
    ready.reject(new Error(`the appending process ended with ${code} before it was ready`));
    waiting?.resolve();
    return code as number | null;
  });
  await ready.promise;
  return {
    name,
    acknowledged,
    ended,
    begin: () => void child.stdin.write('.'),
    after: (batches) => new Promise((resolve) => (acknowledged.length >= batches ? resolve() : (waiting = { batches, resolve }))),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Every record of the ledger in the folder; fails where there is a gap. */
export async function allRecords(folder: string): Promise<SequencedRecord[]> {
  const store = openSqliteStore(folder);
  const found: SequencedRecord[] = [];
  for (;;) {
    const part = await store.read(found.length, { records: 1_000, bytes: 1 << 22 });
    if (part.length === 0) break;
    found.push(...part);
  }
  expect(await store.last()).toBe(found.length - 1);
  expect(found.findIndex(({ seq }, at) => seq !== at)).toBe(-1);
  await store.close();
  return found;
}

/** How many acknowledged records are not in the ledger with the bytes that were acknowledged. */
export function lost(found: readonly SequencedRecord[], children: readonly Pick<Appending, 'name' | 'acknowledged'>[]): number {
  let count = 0;
  for (const { name, acknowledged } of children)
    for (const [first, last] of acknowledged) for (let seq = first; seq <= last; seq++) if (!isWhole(found[seq], name)) count++;
  return count;
}

/** Whether a record is, byte for byte, what the child of that name writes at that seq. */
export function isWhole(found: SequencedRecord | undefined, name: string): boolean {
  if (!found) return false;
  const { head, annex } = childRecord(name, found.seq);
  return (
    Buffer.compare(found.head, head) === 0 &&
    (annex === null || found.annex === null ? annex === found.annex : Buffer.compare(found.annex, annex) === 0)
  );
}
