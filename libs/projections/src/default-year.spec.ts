/** Which year a report is about where nobody named one: the latest that has begun, whatever a slip of the pen says. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
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

/** The years that reports, and the ledger's own entry, choose in a ledger with a cost in each period, its last event recorded about then. */
async function chosen(recordedAt: string, ...periods: readonly string[]): Promise<readonly number[]> {
  const given = await GivenLedger.withUnits();
  for (const period of periods) {
    given.firstMs = Date.parse(recordedAt) - given.store.log.length * 1000;
    const lines = [
      { account: '4010', amountOre: 100, unit: '614' },
      { account: '2440', amountOre: -100, unit: '614' },
    ];
    await given.act(new PostCost({ eventDate: `${period}-03`, text: 'Text', counterparty: 'Part', document: 'F-1', lines }));
  }
  const projector = new Projector(given.store, join(folder, `${periods.join()}.sqlite`));
  await projector.open();
  await projector.advance();
  projector.close();
  const answers = new Answers(projector.file);
  const years = [answers.net().year, answers.ledgerLines().year, answers.ledger().year];
  answers.close();
  return years;
}

describe('a report that names no year', () => {
  it('is about the latest year with lines', async () =>
    expect(await chosen('2024-02-01T08:00:00Z', '2022-05', '2023-05', '2024-01')).toEqual([2024, 2024, 2024]));
  it('is about the last year while nothing of the new one is posted', async () =>
    expect(await chosen('2024-02-01T08:00:00Z', '2022-05', '2023-05')).toEqual([2023, 2023, 2023]));
  it('is not moved by one line in a far-off year', async () =>
    expect(await chosen('2023-06-01T08:00:00Z', '2023-05', '2032-05')).toEqual([2023, 2023, 2023]));
  it('turns to the new year at midnight in the ledger’s own zone', async () => {
    expect(await chosen('2023-12-31T22:59:00Z', '2023-12', '2024-01')).toEqual([2023, 2023, 2023]);
    expect(await chosen('2023-12-31T23:01:00Z', '2023-11', '2024-02')).toEqual([2024, 2024, 2024]);
  });
  it('is about the first year there is where all lie ahead, and about today’s where there is none', async () => {
    expect(await chosen('2023-06-01T08:00:00Z', '2032-05', '2033-05')).toEqual([2032, 2032, 2032]);
    expect(await chosen('2023-06-01T08:00:00Z')).toEqual([2023, 2023, 2023]);
  });
});
