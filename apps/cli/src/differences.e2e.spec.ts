/** A file that would change more than a refusal lists: the accountant sees all of it, in the terminal and through the API, before she consents to it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { liggare, server, temporaryFolder } from './testing.js';

const folder = temporaryFolder();
const ledger = join(folder, 'ledger');
const at = (name: string) => join(folder, name);
const run = (...args: readonly string[]) => liggare([...args, '--ledger', ledger]);
const VOUCHERS = 1_234;
const csvOf = (kronor: number) => {
  const rows = Array.from({ length: VOUCHERS }, (_, i) => `${i + 1},2023-05-03,7010,${kronor}.00,614,9916,"Resa; ${i + 1}"\n${i + 1},2023-05-03,2440,${-kronor}.00,614,,"Resa; ${i + 1}"\n`); // prettier-ignore
  return `number,date,account,amount,unit,grant,text\n${rows.join('')}`;
};
const into = ['--book', 'erp', '--year', '2023'] as const;

beforeAll(async () => {
  await run('init', '--name', 'Region Norr', '--orgnr', '232100-0214', '--grant-pattern', '^99\\d{2}$');
  await run('unit', 'add', '614', 'Regionstaben', '--kind', 'board', '--under', 'REG', '--from', '2023-01-01');
  await run('grant', 'add', '9916', 'Nära vård', '--from', '2023-01-01');
  writeFileSync(at('maj.csv'), csvOf(10));
  writeFileSync(at('rättad.csv'), csvOf(11));
  await run('import', 'csv', at('maj.csv'), ...into);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that changes more than can be listed', () => {
  it('says how many of all are shown, refused or tried, and the command that shows all', async () => {
    for (const dryRun of [[], ['--dry-run']]) {
      const { err } = await run('import', 'csv', at('rättad.csv'), ...into, ...dryRun);
      expect(err.split('\n').filter((line) => line.startsWith('  rad '))).toHaveLength(1_000);
      expect(err).toContain('Här visas 1 000 av 1 234.');
      expect(err).toMatch(/liggare import csv .*rättad\.csv'? --book erp --year 2023 --dry-run --differences skillnader\.csv/);
    }
  });

  it('has all of them written to a file, one a row, and is consented to by the code of just that list', async () => {
    const { code, err } = await run('import', 'csv', at('rättad.csv'), ...into, '--dry-run', '--differences', at('skillnader.csv'));
    expect([code, err]).toEqual([0, expect.stringContaining(`Skrivet: ${at('skillnader.csv')}, 1 234 rader`)]);
    const [header, ...rows] = readFileSync(at('skillnader.csv'), 'utf8').trimEnd().split('\r\n');
    expect(header).toBe('\uFEFFrad;iakttagelse;verifikation;tidigare;skillnad;text');
    expect(rows).toHaveLength(VOUCHERS);
    expect(rows[1_100]!.replaceAll('\u00a0', ' ')).toMatch(
      /^2202;file-voucher-changed;erp-2023--1101;;"7010 614 9916: 10,00 → 11,00; 2440 614: −10,00 → −11,00";/,
    );
    expect(err).toContain('Filen kräver ditt medgivande till de skillnader som skrevs.\nOm allt detta stämmer');
    const consent = /--consent ([0-9a-f]{12})/.exec(err)![1]!;
    expect(
      (await run('import', 'csv', at('rättad.csv'), ...into, '--consent', consent, '--dry-run', '--differences', at('x.csv'))).err,
    ).toContain(consent);
    expect(await run('import', 'csv', at('rättad.csv'), ...into, '--differences', at('x.csv'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('--dry-run'),
    });
    expect((await run('import', 'csv', at('rättad.csv'), ...into, '--consent', consent)).out).toContain('1 234 rättade');
    const { err: none } = await run('import', 'csv', at('rättad.csv'), ...into, '--dry-run', '--differences', at('inga.csv'));
    expect([none, readFileSync(at('inga.csv'), 'utf8').trimEnd().split('\r\n')]).toEqual([expect.stringContaining('0 rader'), [header]]);
  });

  it('is listed whole by the API in a dry run that asks for it, with the number in any', async () => {
    const serving = await server(['serve', '--port', '0', '--ledger', ledger]);
    try {
      const send = async (query: string) => {
        const answer = await fetch(`${serving.address}/imports?name=maj.csv&book=erp&year=2023${query}`, {
          method: 'POST',
          headers: { 'content-type': 'text/csv' },
          body: csvOf(12),
        });
        return [answer.status, (await answer.json()) as { type?: string; asks?: object[]; asksInAll?: number; facts?: object }] as const;
      };
      const listed = async (query: string) =>
        (await send(query)).map((said) => (typeof said === 'number' ? said : [said.asks!.length, said.asksInAll]));
      expect(await listed('&dryRun=true')).toEqual([200, [1_000, VOUCHERS]]);
      expect(await listed('&dryRun=true&asks=all')).toEqual([200, [VOUCHERS, VOUCHERS]]);
      expect(await send('&asks=all')).toMatchObject([400, { type: 'urn:liggaren:refusal:field-unknown', facts: { field: 'asks' } }]);
      expect(await send('&dryRun=true&asks=some')).toMatchObject([400, { type: 'urn:liggaren:refusal:choice-unknown' }]);
    } finally {
      await serving.end();
    }
  });
});
