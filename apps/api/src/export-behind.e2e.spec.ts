/** A file is asked for at once after a large import, while the lines still come in: it is waited for, and holds everything. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { COST, Rig } from './testing.js';

/** Longer than a question waits (5 s), in bits that the projector bears. */
const BEHIND_MS = 7_000;
let rig: Rig;
beforeAll(async () => {
  rig = await Rig.region();
});
afterAll(() => rig.close());

/** Keeps the answers from being written for a while. */
async function behind(): Promise<void> {
  const db = new Database(join(rig.folder, 'read-models', 'read-models.sqlite'), { timeout: 10_000 });
  for (const deadline = Date.now() + BEHIND_MS; Date.now() < deadline;) {
    db.exec('BEGIN IMMEDIATE');
    await pause(1_000);
    db.exec('ROLLBACK');
  }
  db.close();
}

describe('an export that is asked for while the lines are behind', () => {
  it.each([
    ['csv', '7011'],
    ['sie', '7012'],
    ['selection', '7013'],
  ])(
    'as %s is waited for, and has all that was durable',
    async (path, account) => {
      const lines = [
        { account, amount: '5.00', unit: '614', grant: '9916' },
        { account: '2440', amount: '-5.00', unit: '614' },
      ];
      await rig.get(`/reports/net?minSeq=${rig.seq}`);
      const held = behind();
      await pause(100);
      expect((await rig.post('/vouchers/costs', { ...COST, lines })).status).toBe(201);
      const { status, body } = await rig.get(`/exports/${path}?year=2023`);
      expect([status, body]).toEqual([200, expect.stringContaining(account)]);
      await held;
    },
    60_000,
  );
});
