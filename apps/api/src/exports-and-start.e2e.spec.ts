/** The books out over HTTP, as SIE and CSV; and a region's start from a workbook. What is asked wrongly is refused, and a refusal is a problem, not half a file. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import { LedgerFolder } from '#cqrs';
import { described, Rig, sieFile } from './testing.js';

const bytes = { 'content-type': 'application/octet-stream' };
let rig: Rig;
beforeAll(async () => {
  rig = await Rig.region();
});
afterAll(() => rig.close());
const raw = async (url: string) => (await rig.app.inject({ method: 'GET', url })).rawPayload;

describe('an export', () => {
  it.each([
    ['/exports/sie?year=2023&surprise=1', 400, 'field-unknown'],
    ['/exports/csv?year=2023&surprise=1', 400, 'field-unknown'],
    ['/exports/selection?year=2023&kind=4E', 400, 'field-unknown'],
    ['/exports/sie', 400, 'field-missing'],
    ['/exports/sie?year=23', 400, 'field-not-number'],
    ['/exports/sie?year=2023&kind=5', 400, 'choice-unknown'],
    ['/exports/sie?year=2023&kind=4I&from=2023-17', 400, 'period-malformed'],
    ['/exports/csv?year=2023&through=2024-01', 422, 'period-outside-year'],
    ['/exports/csv?year=2023&scope=NONE', 404, 'unit-unknown'],
    ['/exports/csv?year=2023&grant=NONE', 404, 'grant-unknown'],
    ['/exports/csv?year=2023&book=none', 404, 'not-found'],
    ['/exports/sie?year=2023&book=none', 404, 'not-found'],
    ['/exports/selection?year=2023&book=none', 404, 'not-found'],
    ['/exports/csv?year=2023&from=2023-06&through=2023-05', 400, 'period-range-malformed'],
    ['/exports/sie?year=2023&kind=4I&from=2023-06&through=2023-05', 400, 'period-range-malformed'],
    ['/exports/profile', 400, 'field-missing'],
    ['/exports/profile?book=own', 400, 'book-malformed'],
    ['/exports/profile?book=erp&dimension=1', 422, 'export-dimension-taken'],
    ['/findings?limit=-1', 400, 'field-out-of-range'],
    ['/findings?limit=99999', 400, 'field-out-of-range'],
    ['/findings?limit=x', 400, 'field-not-number'],
    ['/findings?import=none', 404, 'not-found'],
    ['/findings?kind=x', 400, 'choice-unknown'],
    ['/exports/sie?year=2023&dimension=1', 422, 'export-dimension-taken'],
    ['/exports/sie?year=2023&minSeq=99999', 409, 'seq-ahead'],
  ])('GET %s', async (path, status, refusal) => {
    const answer = await rig.get(path);
    expect([answer.status, answer.type, answer.json()['type']]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
      `urn:liggaren:refusal:${refusal}`,
    ]);
  });
  it('is SIE 4E in CP437, with what was posted and what it comes to', async () => {
    const sie = await raw('/exports/sie?year=2023');
    expect(sie.toString('latin1')).toContain('#SIETYP 4');
    expect(sie.toString('latin1')).toContain('#TRANS 7010 {1 614 20 "9916"} 1000.00');
    expect(sie.includes(Buffer.from([0x4e, 0x84, 0x72, 0x61]))).toBe(true); // Nära
  });
  it('comes with the profile that reads it back, as profiles are set', async () => {
    const settings = (await rig.get('/exports/profile?book=erp&dimension=31')).json<{ grant: object[] }>();
    expect(settings.grant).toEqual([{ dimension: '31' }]);
    expect((await rig.post('/profiles?dryRun=true', { profile: 'back', validFrom: '2023-01-01', settings })).status).toBe(200);
  });
  it('names in OpenAPI the header that says which books are not in it', async () => {
    type Document = { paths: Record<string, { get: { responses: Record<string, { headers?: object }> } }> };
    const { paths } = (await rig.get('/api-json')).json<Document>();
    for (const path of ['/exports/sie', '/exports/selection', '/exports/csv'])
      expect(Object.keys(paths[path]!.get.responses['200']!.headers ?? {})).toEqual(path === '/exports/sie' ? ['Liggaren-Left-Out'] : []);
  });
  it('says the range of what may be asked for', async () =>
    expect((await rig.get('/findings?limit=-1')).json()['detail']).toBe('Fältet limit ska vara ett heltal från 1 till 10000.'));
  it('is 4I without numbers, of what was posted here, for the ERP to book', async () => {
    const sie = (await raw('/exports/sie?year=2023&kind=4I&book=own&from=2023-05&through=2023-05&checksum=true')).toString('latin1');
    expect(sie).toContain('#VER "" "" 20230503 "own-2023-1: ');
    expect(sie).toMatch(/#KSUMMA -?\d+/);
  });
  it('is sums alone as SIE type 3', async () => {
    const sie = (await raw('/exports/selection?year=2023')).toString('latin1');
    expect([sie.includes('#SIETYP 3'), sie.includes('#VER'), sie.includes('#PSALDO 0 202305 7010 {} 1000.00')]).toEqual([
      true,
      false,
      true,
    ]);
  });
  it('is a table of every line, of one grant where asked', async () => {
    const answer = await rig.get('/exports/csv?year=2023&grant=9916', { 'accept-language': 'en' });
    const [heading, ...rows] = answer.body.trimEnd().split('\r\n');
    expect([answer.type, heading!.startsWith('\uFEFFgrant;'), rows.length]).toEqual(['text/csv; charset=utf-8', true, 1]);
    expect(rows[0]).toContain(';-1000,00;-100000;');
  });
});

describe('a start', () => {
  const start = (content: Buffer, query: string) => rig.send('POST', `/start?${query}`, content, bytes);
  const filled = async (template: Uint8Array, units: readonly (readonly string[])[]) => {
    const { sheets } = await readXlsx(template);
    return Buffer.from(
      await writeXlsx({
        sheets: sheets.map(({ name, rows }) => ({
          name,
          rows: name === 'Enheter' ? [...rows.slice(0, 2), ...units.map((row) => [...row])] : rows.slice(0, 2),
        })),
      }),
    );
  };

  it.each([
    ['an unknown parameter', 'name=start.xlsx&year=2023&surprise=1', 400, 'field-unknown'],
    ['no name', 'year=2023', 400, 'field-missing'],
    ['no year', 'name=start.xlsx', 400, 'field-missing'],
    ['a year in words', 'name=start.xlsx&year=tjugo', 400, 'year-malformed'],
    ['a SIE file that nobody handed in', 'name=start.xlsx&year=2023&sie=none', 404, 'trial-unknown'],
    ['something that is no workbook', 'name=start.xlsx&year=2023', 422, 'workbook-unreadable'],
  ])('with %s is refused and leaves nothing', async (_, query, status, refusal) => {
    const before = rig.seq;
    const answer = await start(Buffer.from('a,b'), query);
    expect([answer.status, answer.json()['type'], rig.seq]).toEqual([status, `urn:liggaren:refusal:${refusal}`, before]);
  });
  it('is no JSON, and no larger than it may be', async () => {
    expect((await rig.post('/start?name=x&year=2023', { a: 1 })).status).toBe(415);
    expect((await start(Buffer.alloc(21 * 1024 * 1024), 'name=x&year=2023')).status).toBe(413);
    expect((await rig.post('/start/sie?surprise=1', {})).json()['type']).toBe('urn:liggaren:refusal:field-unknown');
    expect((await rig.get('/start/template?surprise=1')).status).toBe(400);
  });
  it('begins with the names that a SIE file knows', async () => {
    const { sie } = (
      await rig.send('POST', '/start/sie', sieFile([], ['#OBJEKT 1 "700" "Patientnämnden"', '#OBJEKT 20 "9944" "Ny satsning"']), bytes)
    ).json<{ sie: string }>();
    const { sheets } = await readXlsx(await raw(`/start/template?sie=${sie}&dimension=20`));
    const rows = (name: string) =>
      sheets
        .find((sheet) => sheet.name === name)!
        .rows.slice(2)
        .filter((row) => row[0]);
    expect([rows('Enheter')[0]!.slice(0, 2), rows('Bidrag')[0]!.slice(0, 2)]).toEqual([
      ['700', 'Patientnämnden'],
      ['9944', 'Ny satsning'],
    ]);
  });
  it('registers all or nothing, and nothing twice', async () => {
    const template = await raw('/start/template');
    const before = rig.seq;
    const wrong = await start(
      await filled(template, [
        ['701', 'Nämnden', 'nämnd', '', '2023-01-01'],
        ['702', 'Fel', 'kommun', '', '2023-01-01'],
      ]),
      'name=start.xlsx&year=2023',
    );
    expect([wrong.status, wrong.json()['type'], wrong.json<{ errors: object[] }>().errors[0]]).toMatchObject([
      422,
      'urn:liggaren:refusal:start-refused',
      { sheet: 'Enheter', row: 4 },
    ]);
    expect(rig.seq).toBe(before);
    const right = await filled(template, [['701', 'Nämnden', 'nämnd', '', '2023-01-01']]);
    expect((await start(right, 'name=start.xlsx&year=2023&dryRun=true')).json()).toMatchObject({
      outcome: 'dry-run',
      registered: [{ sheet: 'Enheter', code: '701' }],
    });
    expect(rig.seq).toBe(before);
    expect([(await start(right, 'name=start.xlsx&year=2023')).status, rig.seq]).toEqual([201, before + 1]);
    const again = await start(right, 'name=start.xlsx&year=2023');
    expect(Object.keys(again.json()).sort()).toEqual(await described(rig, 'StartAnswer'));
    expect(again.json()).toMatchObject({ outcome: 'nothing-new', already: [{ code: '701' }] });
  });
  it('that differs from the opening balances is consented to with a reason, and whoever audits sees by whom', async () => {
    const workbook = await filled(await raw('/start/template'), [['703', 'Nämnden', 'nämnd', '', '2023-01-01']]);
    const handed = await rig.send('POST', '/start/sie', sieFile([], ['#IB 0 2971 -5.00']), bytes);
    const query = `name=start.xlsx&year=2023&sie=${handed.json<{ sie: string }>().sie}`;
    const asked = await start(workbook, query);
    expect([asked.status, asked.json()['type']]).toEqual([409, 'urn:liggaren:refusal:start-asks-consent']);
    const { consent } = asked.json<{ facts: { consent: string } }>().facts;
    const before = rig.seq;
    const unreasoned = await start(workbook, `${query}&consent=${consent}`);
    expect([unreasoned.json()['type'], rig.seq]).toEqual(['urn:liggaren:refusal:text-missing', before]);
    const answer = await start(workbook, `${query}&consent=${consent}&reason=R%C3%A4ttas`);
    const { consented, seq } = answer.json<{ consented: string; seq: number }>();
    expect([answer.status, consented]).toEqual([201, `start-${before + 1}`]);
    expect((await rig.get(`/findings?all=true&import=${consented}&minSeq=${seq}`)).json()).toMatchObject({
      rows: [
        {
          finding: 'finding-carried-in-not-tied',
          text: expect.stringContaining('2971'),
          settled: { reason: 'Rättas', actorName: rig.app.get(LedgerFolder).caller.name },
        },
      ],
    });
    expect((await rig.get(`/imports/${consented}`)).json()).toMatchObject({ status: 'consented', because: 'Rättas', findings: 1 });
    expect((await rig.app.inject({ method: 'GET', url: `/imports/${consented}/original` })).rawPayload).toEqual(workbook);
  });
});
