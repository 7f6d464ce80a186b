/** A closed year's table does not move: not where the terms of a decision are changed afterwards, from whichever day. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChangeDecision, ClosePeriod, PostCost, RegisterDecision, RegisterGrant, Refusal, type Terms } from '#ledger';
import { Answers } from './answers.js';
import { GivenLedger } from './given.js';
import { Projector } from './projector.js';

const terms: Terms = {
  agency: 'Socialstyrelsen',
  diarienummer: '1/2023',
  kind: 'conditional',
  awardedOre: 1_000,
  restrictionTo: '2023-12-31',
  grantYear: 2023,
  carryOver: true,
  receivedTo: 'income',
};

describe('a closed year', () => {
  const folder = mkdtempSync(join(tmpdir(), 'projections-'));
  let given: GivenLedger;
  let projector: Projector;
  beforeAll(async () => {
    given = await GivenLedger.withUnits();
    await given.act(new RegisterGrant({ grant: '9916', name: 'Nära vård', validFrom: '2020-01-01' }));
    for (const [decision, restrictionTo] of [
      ['A', '2023-06-30'],
      ['B', '2023-12-31'],
    ] as const)
      await given.act(new RegisterDecision({ decision, grant: '9916', terms: { ...terms, restrictionTo } }));
    for (const month of ['03', '05', '07', '11']) await cost(`2023-${month}`, 600);
    for (let month = 1; month <= 12; month += 1) await given.act(new ClosePeriod({ period: `2023-${String(month).padStart(2, '0')}` }));
    await cost('2024-02', 300);
    projector = new Projector(given.store, join(folder, 'models.sqlite'));
    await projector.open();
  });
  afterAll(() => {
    projector.close();
    rmSync(folder, { recursive: true });
  });
  const cost = (period: string, ore: number) =>
    given.act(
      new PostCost({
        eventDate: `${period}-10`,
        text: 'Text',
        counterparty: 'Part',
        document: 'F-1',
        lines: [
          { account: '4010', amountOre: ore, unit: '614', grant: '9916' },
          { account: '2440', amountOre: -ore, unit: '614' },
        ],
      }),
    );

  /** Which decisions the year's costs meet, and what each awards. */
  async function table(year: number) {
    await projector.advance();
    const answers = new Answers(projector.file);
    const { grants } = answers.net({ year });
    answers.close();
    return grants[0]!.decisions.map(({ decision, costOre, awardedOre, grantYear }) => ({ decision, costOre, awardedOre, grantYear }));
  }

  it('keeps which decision each cost meets, whatever is changed afterwards and from whichever day', async () => {
    const before = await table(2023);
    expect(before.map(({ decision, costOre }) => [decision, costOre])).toEqual([
      ['A', -1_000n],
      ['B', -1_000n],
      [null, -400n],
    ]);
    let [refused, changed] = [0, 0];
    const day = fc.constantFrom(
      '1999-01-01',
      '2022-12-31',
      '2023-01-01',
      '2023-07-01',
      '2023-12-31',
      '2024-01-01',
      '2024-02-29',
      '2025-01-01',
    );
    await fc.assert(
      fc.asyncProperty(
        day,
        fc.constantFrom('A', 'B'),
        fc.record({
          awardedOre: fc.constantFrom(0, 500, 5_000),
          restrictionTo: fc.constantFrom('2023-03-31', '2024-12-31', undefined),
          grantYear: fc.constantFrom(2022, 2023, 2024),
          carryOver: fc.boolean(),
        }),
        async (validFrom, decision, rest) => {
          try {
            await given.act(new ChangeDecision({ decision, validFrom, terms: { ...terms, ...rest } as Terms, reason: 'Nytt brev' }));
            changed += 1;
          } catch (error) {
            expect((error as Refusal).refusal).toBe('change-in-closed-period');
            refused += 1;
          }
          expect(await table(2023)).toEqual(before);
        },
      ),
      { numRuns: 60 },
    );
    expect([refused > 5, changed > 5]).toEqual([true, true]);
  });

  it('does not keep the open year after it: there the changed terms hold', async () => {
    const set = (decision: string, rest: Partial<Terms>) =>
      given.act(new ChangeDecision({ decision, validFrom: '2024-02-29', terms: { ...terms, ...rest }, reason: 'Nytt brev' }));
    const change = (awardedOre: number) => set('B', { grantYear: 2024, awardedOre, restrictionTo: '2024-12-31' });
    await set('A', { carryOver: false });
    await change(1_000);
    const before = await table(2024);
    await change(1_200);
    expect(await table(2024)).not.toEqual(before);
  });
});
