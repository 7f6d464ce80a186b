/** A report asked for while the server's answers are behind a large import: the terminal waits for it, and says so. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { liggare, server, temporaryFolder } from './testing.js';

/** Longer than the terminal needs to ask, and a server then waits before it answers that the reports are behind (5 s). */
const BEHIND_MS = 11_000;
const folder = temporaryFolder();
const ledger = join(folder, 'ledger');
const run = (...args: readonly string[]) => liggare([...args, '--ledger', ledger]);
let serving: Awaited<ReturnType<typeof server>>;

beforeAll(async () => {
  await run('init', '--name', 'Region Norr', '--orgnr', '232100-0214', '--grant-pattern', '^99\\d{2}$');
  serving = await server(['serve', '--port', '0', '--ledger', ledger]);
});
afterAll(async () => {
  await serving.end();
  rmSync(folder, { recursive: true, force: true });
});

/** Keeps the answers from being written until told otherwise, in bits that the projector bears. */
function hold(): () => Promise<void> {
  const db = new Database(join(ledger, 'read-models', 'read-models.sqlite'), { timeout: 10_000 });
  let held = true;
  const holding = (async () => {
    while (held) {
      db.exec('BEGIN IMMEDIATE');
      await pause(1_000);
      db.exec('ROLLBACK');
    }
    db.close();
  })();
  return () => ((held = false), holding);
}

describe('a report that is behind', () => {
  it('is waited for, with a line that says so', async () => {
    await run('report', 'without-code');
    const letGo = hold();
    await run('unit', 'add', '614', 'Regionstaben', '--kind', 'board', '--under', 'REG', '--from', '2023-01-01');
    const asked = run('report', 'without-code');
    await pause(BEHIND_MS);
    await letGo();
    const { code, err } = await asked;
    expect([code, err]).toEqual([0, expect.stringMatching(/Rapporterna har kommit till händelse \d+ av \d+; väntar …/)]);
  }, 60_000);
});
