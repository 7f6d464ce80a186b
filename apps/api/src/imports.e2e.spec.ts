/** Imports over HTTP: a file enters whole or not at all, once, of any size, and comes back byte for byte. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { listen } from './app.js';
import { Rig } from './testing.js';

const HEADER = 'series,number,date,period,account,amount,unit,grant,text,counterparty,document';
const voucher = (number: number, amount = '10.00', grant = '9916') =>
  `A,${number},2023-05-03,2023-05,7010,${amount},614,${grant},Konsult,AB,F-${number}\nA,${number},2023-05-03,2023-05,2440,-10.00,614,,Konsult,AB,F-${number}`;
const file = (...vouchers: readonly string[]) => `${[HEADER, ...vouchers].join('\n')}\n`;
const csv = { 'content-type': 'text/csv' };
type Result = { outcome: string; import: string; vouchers: number; seq: number; counts: { rows: number } };

describe('an import', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await Rig.region();
  });
  afterAll(() => rig.close());
  const upload = (text: string | Buffer, query = 'book=erp&year=2023&name=maj.csv', headers = csv) =>
    rig.send('POST', `/imports?${query}`, text, headers);

  it('leaves nothing after a dry run', async () => {
    const before = rig.seq;
    const answer = await upload(file(voucher(1)), 'book=erp&year=2023&name=maj.csv&dryRun=true');
    expect([answer.status, answer.json()]).toMatchObject([
      200,
      { outcome: 'dry-run', vouchers: 1, effects: [{ grant: '9916', unit: '614', effect: 'cost', amount: '10.00' }] },
    ]);
    expect(rig.seq).toBe(before);
  });

  describe('that is refused before its file is read', () => {
    const large = file(...Array.from({ length: 40_000 }, (_, i) => voucher(i + 1)));

    it.each([
      ['book=own&year=2023&name=x.csv', 'book-malformed'],
      ['book=../x&year=2023&name=x.csv', 'book-malformed'],
      ['book=erp&year=0000&name=x.csv', 'year-malformed'],
      ['book=erp&name=x.csv', 'field-missing'],
    ])('answers all the same (%s)', async (query, refusal) => {
      for (const text of [file(voucher(1)), large]) {
        const streamed = await rig.app.inject({ method: 'POST', url: `/imports?${query}`, headers: csv, payload: Readable.from([text]) });
        expect([streamed.statusCode, streamed.json()]).toMatchObject([400, { type: `urn:liggaren:refusal:${refusal}` }]);
      }
    });

    it('where its text is said to be in another encoding than UTF-8', async () => {
      const answer = await upload(file(voucher(1)), undefined, { 'content-type': 'text/csv; charset=iso-8859-1' });
      expect([answer.status, answer.json()]).toMatchObject([415, { type: 'urn:liggaren:refusal:charset-unsupported' }]);
    });

    it('answers a client that is still sending', async () => {
      const address = await listen(rig.app, { port: 0 });
      const answer = await fetch(`${address}/imports?book=own&year=2023&name=x.csv`, { method: 'POST', headers: csv, body: large });
      expect([answer.status, await answer.json()]).toMatchObject([400, { type: 'urn:liggaren:refusal:book-malformed' }]);
    });
  });

  it('enters whole, is listed with its findings, and comes back as it was', async () => {
    const text = file(voucher(1), voucher(3));
    const answer = await upload(text);
    expect([answer.status, answer.json()]).toMatchObject([201, { outcome: 'imported', vouchers: 2, counts: { rows: 4, withCode: 2 } }]);
    const { import: id, seq } = answer.json<Result>();
    expect((await rig.get(`/imports?minSeq=${seq}`)).json()).toMatchObject({
      rows: [{ import: id, status: 'closed', file: 'maj.csv', vouchers: 2 }],
      underWay: [],
    });
    const one = (await rig.get(`/imports/${id}`, { 'accept-language': 'en' })).json<{ listed: { text: string }[] }>();
    expect(one.listed.map(({ text: finding }) => finding)).toEqual(['Series A lacks 2.']);
    expect((await rig.get(`/findings?import=${id}`)).json<{ rows: object[] }>().rows).toHaveLength(1);
    expect((await rig.get(`/imports/${id}/original`)).body).toBe(text);
    expect((await rig.get(`/vouchers/erp-2023-A-3?minSeq=${seq}`)).json()).toMatchObject({
      voucher: 'erp-2023-A-3',
      import: { import: id, sha256: createHash('sha256').update(text).digest('hex') },
    });
  });

  it('enters once', async () => {
    const before = rig.seq;
    const answer = await upload(file(voucher(1), voucher(3)));
    expect([answer.status, answer.json<Result>().outcome, rig.seq]).toEqual([200, 'already-imported', before]);
  });

  it('is refused whole, with every row that is wrong, and no figure moves', async () => {
    const net = (await rig.get('/reports/net')).json<{ total: object }>().total;
    const answer = await upload(file(voucher(4), voucher(5, '10.001'), voucher(6, '10.00', '9999')), undefined, {
      ...csv,
      'accept-language': 'en',
    } as typeof csv);
    expect([answer.status, answer.type, answer.json()['type']]).toEqual([
      422,
      'application/problem+json; charset=utf-8',
      'urn:liggaren:refusal:file-refused',
    ]);
    expect(answer.json()['detail']).toMatch(/^The file is not imported: \d errors, the first on row 4: The amount/);
    expect([...new Set(answer.json<{ errors: { row: number }[] }>().errors.map(({ row }) => row))]).toEqual([4, 6]);
    expect((await rig.get(`/reports/net?minSeq=${rig.seq}`)).json<{ total: object }>().total).toEqual(net);
    expect((await rig.get('/vouchers/erp-2023-A-4')).status).toBe(404);
  });

  it('may be larger than any other body', async () => {
    const answer = await upload(file(...Array.from({ length: 12_000 }, (_, i) => voucher(100 + i))));
    expect([answer.status, answer.json<Result>().vouchers]).toEqual([201, 12_000]);
  });

  it.each([
    ['no name', 'book=erp&year=2023', csv, 400],
    ['no year', 'book=erp&name=x', csv, 400],
    ['a year in words', 'book=erp&year=tjugo&name=x', csv, 400],
    ['a book of ours', 'book=own&year=2023&name=x', csv, 400],
    ['an unknown parameter', 'book=erp&year=2023&name=x&surprise=1', csv, 400],
    ['an unknown format', 'book=erp&year=2023&name=x&format=sie', csv, 400],
    ['JSON', 'book=erp&year=2023&name=x', { 'content-type': 'application/json' }, 415],
  ])('with %s is refused and leaves nothing', async (_, query, headers, status) => {
    const before = rig.seq;
    expect((await upload('{}', query, headers)).status).toBe(status);
    expect(rig.seq).toBe(before);
  });

  it('that is not open cannot be abandoned', async () => {
    const answer = await rig.post('/imports/i-none/abandonment', { because: 'Fel fil' });
    expect([answer.status, answer.json()['type']]).toEqual([409, 'urn:liggaren:refusal:import-not-open']);
  });
});
