/** An auditor sees who let a start differ from the opening balances, in what, when and why (R33). */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ConsentToStart } from '#ledger';
import { AskedLedger } from './answers-given.js';

let asked: AskedLedger;
beforeEach(async () => void (asked = await AskedLedger.open('9916')));
afterEach(() => asked.close());

it('differences that were consented to are listed as findings, settled by who consented, with the reason, beside the imports', async () => {
  const facts = { sheet: 'Ingående', column: 'Belopp', account: '2971', object: '9916', givenOre: '-25000000', balanceOre: '-24000000' };
  const findings = [3, 4].map((row) => ({ row, finding: 'finding-carried-in-not-tied', facts }));
  const workbook = { sha256: 'ab'.repeat(32), bytes: 9_000, year: 2023, file: 'start.xlsx' };
  await asked.given.act(new ConsentToStart({ ...workbook, findings, reason: 'Rättas i ekonomisystemet' }));
  const { seq } = asked.given;
  expect((await asked.answers((of) => of.findings())).rows).toEqual([]);
  const { rows, count } = await asked.answers((of) => of.findings({ all: true, import: `start-${seq}` }));
  expect(count).toBe(2);
  expect((await asked.answers((of) => of.findings({ all: true }))).rows).toEqual(rows);
  expect(rows[1]).toMatchObject({
    ...{ id: `${seq}.2`, import: `start-${seq}`, file: 'start.xlsx', row: 4, finding: 'finding-carried-in-not-tied', facts },
    settled: { seq, recordedAt: expect.stringMatching(/^20/), actor: 'person-1', reason: 'Rättas i ekonomisystemet', import: null },
  });
  expect((await asked.answers((of) => of.imports())).rows).toMatchObject([
    {
      ...{ import: `start-${seq}`, status: 'consented', file: 'start.xlsx', book: 'own', year: 2023, findings: 2, vouchers: 0 },
      ...{ because: 'Rättas i ekonomisystemet', tied: null, counts: null },
    },
  ]);
});
