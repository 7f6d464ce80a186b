/** What was awarded, allotted and reported: as of the last day asked about, decision by decision. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AllotFunds, ChangeDecision, ReportUse, type Terms } from '#ledger';
import { Answers } from './answers.js';
import { GivenLedger } from './given.js';
import { Projector } from './projector.js';

const terms: Terms = {
  agency: 'Socialstyrelsen',
  diarienummer: 'S/1',
  kind: 'conditional',
  awardedOre: 1_000,
  grantYear: 2023,
  carryOver: false,
  receivedTo: 'liability',
};
const folder = mkdtempSync(join(tmpdir(), 'funds-'));
let answers: Answers;

beforeAll(async () => {
  const given = await GivenLedger.withUnits();
  await given.grant(
    '9916',
    { decision: 'A', awardedOre: 1_000, decidedOn: '2023-01-10' },
    { decision: 'B', awardedOre: 1_000 },
    { decision: 'C', awardedOre: 1_000, decidedOn: '2023-09-01' },
  );
  for (const [decision, unit, amountOre, date] of [
    ['A', '614', 300, '2023-05-31'],
    ['A', '604', 200, '2023-06-01'],
    ['A', '614', 900, '2024-01-01'],
    ['B', 'HSN', 1_700, '2023-05-01'],
    ['C', '614', 400, '2023-12-31'],
  ] as const)
    await given.act(new AllotFunds({ decision, unit, amountOre, date }));
  await given.act(
    new ChangeDecision({ decision: 'B', validFrom: '2023-07-01', terms: { ...terms, awardedOre: 1_500 }, reason: 'Tilldelning två' }),
  );
  await given.act(new ReportUse({ decision: 'A', amountOre: 50, date: '2023-05-31' }));
  await given.act(new ReportUse({ decision: 'A', amountOre: 25, date: '2023-06-01' }));
  const projector = new Projector(given.store, join(folder, 'models.sqlite'));
  await projector.open();
  await projector.advance();
  projector.close();
  answers = new Answers(projector.file);
});
afterAll(() => {
  answers.close();
  rmSync(folder, { recursive: true });
});

const asOf = (through: string, scope = 'REG') => {
  const { grants, unallottedOre, overAllottedOre } = answers.net({ scope, year: 2023, through });
  const { awardedOre, allottedOre, reportedOre } = grants[0]!;
  return [awardedOre, allottedOre, reportedOre, unallottedOre, overAllottedOre].map(Number);
};

describe('what was awarded, allotted and reported', () => {
  it('is as of the last day asked about: by the dates of the acts, and of the agency’s decisions', () => {
    // A 1 000 − 300, B 1 000 − 1 700, C not decided yet
    expect(asOf('2023-05')).toEqual([2_000, 2_000, 50, 700, 700]);
    expect(asOf('2023-05', 'RS')).toEqual([2_000, 300, 50, 700, 700]);
    // A 1 000 − 500, B 1 500 − 1 700
    expect(asOf('2023-08')).toEqual([2_500, 2_200, 75, 500, 200]);
  });
  it('is as of the end of the year for the whole year and its closing periods', () => {
    // A 1 000 − 500, B 1 500 − 1 700, C 1 000 − 400
    expect(asOf('2023-16')).toEqual([3_500, 2_600, 75, 1_100, 200]);
    expect(asOf('2023-13')).toEqual(asOf('2023-16'));
  });
  it('is told per decision as things stand now, nothing set off against another', () =>
    expect(answers.unallotted({ year: 2023 })).toMatchObject({
      decisions: [
        { decision: 'A', awardedOre: 1_000n, allottedOre: 1_400n, unallottedOre: 0n, overAllottedOre: 400n },
        { decision: 'B', awardedOre: 1_500n, allottedOre: 1_700n, unallottedOre: 0n, overAllottedOre: 200n },
        { decision: 'C', awardedOre: 1_000n, allottedOre: 400n, unallottedOre: 600n, overAllottedOre: 0n },
      ],
      totalOre: 600n,
      overAllottedOre: 600n,
    }));
});
