/** What was found in a file that was refused stays to be settled until somebody settles it, or the very same file has come in. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { RefuseImport, SettleFindings } from '#ledger';
import { AskedLedger } from './answers-given.js';
import { line, voucher } from './given.js';

let asked: AskedLedger;
beforeEach(async () => void (asked = await AskedLedger.open('9916')));
afterEach(() => asked.close());

/** The hash of the file that `given.import` takes in by that id. */
const sha256 = (id: string) => createHash('sha256').update(id).digest('hex');
const refuse = (id: string, about: { book?: string; year?: number | null } = {}) => {
  const { book = 'erp', year = 2023 } = about;
  const findings = [
    { row: 10, finding: 'file-voucher-changed', facts: { voucher: 'erp-2023-A-2', difference: '1 → 2' } },
    { row: 15, finding: 'file-voucher-changed', facts: { voucher: 'erp-2023-A-3', difference: '1 → 2' } },
  ];
  return asked.given.act(
    new RefuseImport({ sha256: sha256(id), bytes: 1, book, ...(year && { year }), findings, findingsInAll: 2, file: `${id}.se` }),
  );
};
const importIt = (id: string, number = 1) =>
  asked.given.import(id, [[voucher(number, [line('4010', 1_000, 'cost'), line('2440', -1_000, 'none')])]]);
const open = async () => (await asked.answers((of) => of.findings())).rows.map(({ id }) => id);

describe('the findings of a refused file', () => {
  it('stay open while it has not come in', async () => {
    await refuse('mars');
    const seq = asked.given.seq;
    expect(await open()).toEqual([`${seq}.1`, `${seq}.2`]);
  });

  it('are settled by the import that the same file comes in by, which the answer names, with who and when', async () => {
    await refuse('mars');
    await importIt('mars');
    expect(await open()).toEqual([]);
    const { rows, count } = await asked.answers((of) => of.findings({ all: true }));
    expect(count).toBe(2);
    expect(rows[0]!.settled).toEqual({
      seq: asked.given.seq,
      recordedAt: expect.stringMatching(/^20/),
      actor: 'person-1',
      actorName: null,
      reason: null,
      import: 'mars',
    });
  });

  it('are settled by the first such import, also where nobody knew the year when it was refused', async () => {
    await refuse('mars', { year: null });
    const { rows } = await asked.answers((of) => of.imports());
    expect(rows[0]).toMatchObject({ status: 'refused', year: null });
    await importIt('mars');
    expect(await open()).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['only another file comes in', () => refuse('mars').then(() => importIt('april'))],
    ['it was refused for another book', () => refuse('mars', { book: 'annan' }).then(() => importIt('mars'))],
    ['it was refused for another year', () => refuse('mars', { year: 2022 }).then(() => importIt('mars'))],
    ['it had come in before', () => importIt('mars').then(() => refuse('mars'))],
  ])('stay open where %s', async (_what, act) => {
    await act();
    expect(await open()).toHaveLength(2);
  });

  it('that somebody has settled say by whom and why, whatever comes in later', async () => {
    await refuse('mars');
    await asked.given.act(new SettleFindings({ findings: [`${asked.given.seq}.1`], reason: 'Ringt ekonomen' }));
    await importIt('mars');
    const { rows } = await asked.answers((of) => of.findings({ all: true }));
    expect(rows.map(({ settled }) => [settled!.reason, settled!.import])).toEqual([
      ['Ringt ekonomen', null],
      [null, 'mars'],
    ]);
  });
});
