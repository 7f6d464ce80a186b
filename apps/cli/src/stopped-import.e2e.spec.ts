/** A server that is killed with -9 in the middle of an import, as a user meets it: the next verb says what to do, the same file goes on with it, and so does the next server by itself. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { liggare, server, temporaryFolder } from './testing.js';

const folder = temporaryFolder();
const ledger = join(folder, 'ledger');
const run = (...args: readonly string[]) => liggare([...args, '--ledger', ledger]);
const VOUCHERS = 30_000;
const fileOf = (month: string) => join(folder, `${month}.csv`);

beforeAll(async () => {
  await run('init', '--name', 'Region Norr', '--orgnr', '232100-0214', '--grant-pattern', '^99\\d{2}$');
  await run('unit', 'add', '614', 'Regionstaben', '--kind', 'board', '--under', 'REG', '--from', '2023-01-01');
  await run('grant', 'add', '9916', 'Nära vård', '--from', '2023-01-01');
  for (const [at, month] of ['2023-04', '2023-05'].entries()) {
    const rows = Array.from({ length: VOUCHERS }, (_, i) => {
      const [number, text] = [at * VOUCHERS + i + 1, `Konsult ${at}.${i}`];
      return `${number},${month}-03,7010,1.00,614,9916,${text}\n${number},${month}-03,2440,-1.00,614,,${text}\n`;
    });
    writeFileSync(fileOf(month), `number,date,account,amount,unit,grant,text\n${rows.join('')}`);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Progress = { readonly stage: string; readonly done: number };
type Row = { readonly import: string; readonly status: string; readonly progress: Progress | null };

/** Sends the file to a server and kills it while the import is posted. @returns the import's id */
async function killedAmid(month: string): Promise<string> {
  const serving = await server(['serve', '--port', '0', '--ledger', ledger]);
  const url = `${serving.address}/imports?book=erp&year=2023&name=${month}.csv`;
  let ended = '';
  const sent = fetch(url, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: readFileSync(fileOf(month)) }).then(
    async (answer) => (ended = `answered ${(await answer.text()).slice(0, 300)}`),
    () => (ended = 'cut off'),
  );
  for (let amid = false; ended === '' && !amid; await pause(2)) {
    const { underWay } = (await (await fetch(`${serving.address}/imports`)).json()) as { underWay: readonly Row[] };
    amid = underWay.some(({ progress }) => progress?.stage === 'posting' && progress.done > 0);
  }
  process.kill(serving.pid, 'SIGKILL');
  expect(await sent).toBe('cut off');
  await serving.ended;
  const { rows } = JSON.parse((await run('import', 'list', '--format', 'json')).out) as { rows: readonly Row[] };
  return rows.find(({ status }) => status === 'open')!.import;
}

describe('an import whose server is killed with -9', () => {
  it('is left open by verbs of the terminal, which say what to do, and its file goes on with it', async () => {
    const id = await killedAmid('2023-04');
    expect((await run('import', 'list')).out).toMatch(new RegExp(`${id} +öppen +2023-04.csv`));
    expect((await run('import', 'show', id)).out).toContain(
      `läs in samma fil igen så fortsätter den, eller avbryt den: liggare import abandon ${id}`,
    );
    expect(await run('close-period', '2023-04')).toMatchObject({ code: 1, err: expect.stringMatching(new RegExp(`Importen ${id} .* läs in samma fil igen`)) }); // prettier-ignore

    const { code, out } = await run('import', 'csv', fileOf('2023-04'), '--book', 'erp', '--year', '2023');
    expect([code, out]).toEqual([0, expect.stringMatching(new RegExp(`Återupptog ${id}, som hade stannat: [\\d ]+ av 30 000 verifikationer fanns redan`))]); // prettier-ignore
    expect((await run('import', 'list')).out).toMatch(new RegExp(`${id} +inläst`));
  }, 120_000);

  it('is carried to its end by the next server, behind everything else', async () => {
    const id = await killedAmid('2023-05');
    const serving = await server(['serve', '--port', '0', '--ledger', ledger]);
    try {
      const seen = new Set<string>();
      const deadline = Date.now() + 60_000;
      while (!seen.has('closed') && Date.now() < deadline) {
        const row = (await (await fetch(`${serving.address}/imports/${id}`)).json()) as Row;
        seen.add(row.progress ? row.progress.stage : row.status);
        await pause(20);
      }
      expect([...seen]).toEqual(expect.arrayContaining(['reading', 'closed']));
      expect(serving.err()).toContain('"event":"import-resumed"');
      expect(await (await fetch(`${serving.address}/metrics`)).text()).toContain('liggaren_reports_total{event="import-resumed"} 1');
      expect((await run('report', 'net', '--year', '2023', '--format', 'json')).out).toContain('-60000.00');
    } finally {
      await serving.end();
    }
  }, 120_000);

  it('is not there twice', async () => {
    for (const month of ['2023-04', '2023-05'])
      expect((await run('import', 'csv', fileOf(month), '--book', 'erp', '--year', '2023')).out).toContain('redan importerad');
  });
});
