/** Completeness (R5) is counted from the lines themselves: one that is lost from the general ledger shows. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostCost } from '#ledger';
import { Answers } from './answers.js';
import { GivenLedger } from './given.js';
import { Projector } from './projector.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'projections-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('journal and general ledger are equal until a line of the general ledger is lost', async () => {
  const given = await GivenLedger.withUnits();
  const lines = [
    { account: '4010', amountOre: 100, unit: '614' },
    { account: '2440', amountOre: -100, unit: '614' },
  ];
  for (const document of ['F-1', 'F-2'])
    await given.act(new PostCost({ eventDate: '2023-05-03', text: 'Text', counterparty: 'Part', document, lines }));
  const projector = new Projector(given.store, join(folder, 'read-models.sqlite'));
  await projector.open();
  await projector.advance();
  projector.close();

  const answers = new Answers(projector.file);
  expect(answers.completeness()).toMatchObject({ journal: { lines: 4 }, ledger: { lines: 4 }, equal: true });
  const db = new Database(projector.file);
  db.prepare('DELETE FROM lines WHERE id = (SELECT max(id) FROM lines)').run();
  db.close();
  expect(answers.completeness()).toMatchObject({ journal: { lines: 4 }, ledger: { lines: 3, balanceOre: 100n }, equal: false });
  answers.close();
});
