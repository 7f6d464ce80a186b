/** The edges of the door: what cannot be read, what is too large, who may not come in, keys, positions and the document. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { refusalNames, Refusal } from '#ledger';
import { listen } from './app.js';
import { languageOf } from './language.js';
import { statusOf } from './problem.js';
import { COST, Rig } from './testing.js';
import { UPLOAD_TYPES, XLSX } from './uploads.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.region();
});
afterAll(() => rig.close());

const lines = (amount: string, grant = '9916') => [
  { ...COST.lines[0]!, amount, grant },
  { ...COST.lines[1]!, amount: `-${amount}` },
];

describe('what the law refuses stores nothing', () => {
  it.each([
    ['three decimals', { ...COST, lines: lines('1000.001') }, 400, 'amount-too-many-decimals'],
    ['a comma', { ...COST, lines: lines('1000,00') }, 400, 'amount-malformed'],
    ['an amount beyond exactness', { ...COST, lines: lines('99999999999999999') }, 400, 'amount-too-large'],
    ['a day that does not exist', { ...COST, eventDate: '2023-02-30' }, 400, 'date-malformed'],
    ['a period that does not exist', { ...COST, period: '2023-17' }, 400, 'period-malformed'],
    ['a display group', { ...COST, lines: lines('10.00', '99**') }, 422, 'grant-is-display-group'],
    ['an unknown grant', { ...COST, lines: lines('10.00', '9999') }, 404, 'grant-unknown'],
    ['debit other than credit', { ...COST, lines: [COST.lines[0], { ...COST.lines[1], amount: '-999.99' }] }, 422, 'voucher-unbalanced'],
    ['an amount that is a number', { ...COST, lines: [{ ...COST.lines[0], amount: 1000 }, COST.lines[1]] }, 400, 'field-not-text'],
    ['a line that is a text', { ...COST, lines: ['7010', '2440'] }, 400, 'field-not-object'],
    ['an unknown field in a line', { ...COST, lines: [{ ...COST.lines[0], öre: 1 }, COST.lines[1]] }, 400, 'field-unknown'],
    ['more lines than anybody writes', { ...COST, lines: Array.from({ length: 600 }, () => COST.lines[0]) }, 422, 'voucher-too-many-lines'],
    ['a list without end', { ...COST, lines: Array.from({ length: 5_000 }, () => COST.lines[0]) }, 400, 'field-list-too-long'],
  ])('%s', async (_, body, status, refusal) => {
    const before = rig.seq;
    const answer = await rig.post('/vouchers/costs', body);
    expect([answer.status, answer.json()['type']]).toEqual([status, `urn:liggaren:refusal:${refusal}`]);
    expect(rig.seq).toBe(before);
  });

  it('names the field and every fault', async () => {
    const { errors } = (await rig.post('/vouchers/costs', { ...COST, text: 1, lines: [{ account: 7010, unit: '614' }] })).json<{
      errors: { field: string }[];
    }>();
    expect(errors.map(({ field }) => field).sort()).toEqual(['lines.0.account', 'lines.0.amount', 'text']);
  });
  it('writes amounts as kronor in its facts', async () => {
    const { facts } = (
      await rig.post('/vouchers/costs', { ...COST, lines: [COST.lines[0], { ...COST.lines[1], amount: '-999.99' }] })
    ).json<{ facts: object }>();
    expect(facts).toEqual({ difference: '0.01' });
  });
});

describe('what cannot be read stores nothing', () => {
  const json = { 'content-type': 'application/json' };
  it.each([
    ['bytes that are not UTF-8', Buffer.from('{"text":"\xff"}', 'latin1'), json, 400, 'json-malformed'],
    ['half a character', '{"text":"\\ud800"}', json, 400, 'json-malformed'],
    ['no JSON', '{"text":', json, 400, 'json-malformed'],
    ['a prototype', '{"__proto__":{"text":"x"}}', json, 400, 'field-unknown'],
    ['a prototype in disguise', '{"\\u005f_proto__":{"text":"x"}}', json, 400, 'field-unknown'],
    ['a class of its own', JSON.stringify({ ...COST, text: { constructor: 1 } }), json, 400, 'field-unknown'],
    ['lists in lists without end', `{"text":${'['.repeat(400_000)}${']'.repeat(400_000)}}`, json, 400, 'json-malformed'],
    ['a field twice', `{"text":"a",${JSON.stringify({ ...COST }).slice(1)}`, json, 400, 'field-twice'],
    ['a field twice in a line, once in disguise', '{"lines":[{"unit":"614","u\\u006eit":"HSN"}]}', json, 400, 'field-twice'],
    [
      'UTF-16',
      Buffer.from(JSON.stringify(COST), 'utf16le'),
      { 'content-type': 'application/json; charset=utf-16' },
      415,
      'charset-unsupported',
    ],
    [
      'UTF-8 that is said to be Latin-1',
      JSON.stringify(COST),
      { 'content-type': 'application/json;charset="ISO-8859-1"' },
      415,
      'charset-unsupported',
    ],
    ['20 MB', 'x'.repeat(20_000_000), json, 413, 'body-too-large'],
    ['another media type', 'text=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'media-type-unsupported'],
    ['a file where a voucher belongs', 'a,b', { 'content-type': 'text/csv' }, 415, 'media-type-unsupported'],
  ])('%s', async (_, body, headers, status, refusal) => {
    const before = rig.seq;
    const started = Date.now();
    const answer = await rig.send('POST', '/vouchers/costs', body, headers);
    expect(Date.now() - started).toBeLessThan(2_000);
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json; charset=utf-8']);
    expect(answer.json()['type']).toBe(`urn:liggaren:refusal:${refusal}`);
    expect(rig.seq).toBe(before);
  });

  it('names the field that stands twice', async () => {
    const body = '{"text":"a: {\\"b\\"","lines":[{"account":":"},{"unit":"1","account":"7010","unit":"2"}]}';
    const answer = await rig.send('POST', '/vouchers/costs', body, json);
    expect(answer.json()['facts']).toEqual({ field: 'unit' });
  });
  it('takes the same name in two objects, and UTF-8 by any of its names', async () => {
    const answer = await rig.send('POST', '/vouchers/costs?dryRun=true', JSON.stringify({ ...COST, text: 'a":"b\\' }), {
      'content-type': 'application/json; charset="UTF-8"',
    });
    expect(answer.status).toBe(200);
  });

  it.each([
    ['/nowhere', 404],
    ['/%ff', 400],
    ['/reports/net?year=twenty', 400],
    ['/reports/net?surprise=1', 400],
    ['/reports/net?scope=NONE', 404],
    ['/vouchers/nothing', 400],
    ['/vouchers/own-2023-999', 404],
    ['/grants?limit=0', 400],
    ['/grants?limit=99999', 400],
    ['/imports/none', 404],
  ])('GET %s', async (path, status) => {
    const answer = await rig.get(path);
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json; charset=utf-8']);
  });

  it.each(['text/plain', 'text/csv', 'application/octet-stream', XLSX])(
    'answers a file of %s where JSON belongs, over the wire',
    async (type) => {
      const other = await Rig.open();
      try {
        const address = await listen(other.app, { port: 0 });
        for (const path of ['/profiles', '/profiles/trials', '/hints', '/findings/settlements', '/vouchers/costs']) {
          const answer = await fetch(`${address}${path}`, { method: 'POST', headers: { 'content-type': type }, body: 'x' });
          expect([path, answer.status, await answer.json()]).toMatchObject([path, 415, { facts: { type, wanted: 'application/json' } }]);
        }
      } finally {
        await other.close();
      }
    },
  );
  it('says of a picture what it takes instead, where files come in', async () => {
    const picture = { 'content-type': 'image/png' };
    for (const path of ['/imports?name=x', '/start?name=x&year=2023', '/start/sie']) {
      const answer = await rig.send('POST', path, 'x', picture);
      expect([answer.status, answer.json()['facts']]).toEqual([415, { type: 'image/png', wanted: UPLOAD_TYPES.join(', ') }]);
    }
    const elsewhere = await rig.send('POST', '/vouchers/costs', 'x', picture);
    expect(elsewhere.json()['facts']).toEqual({ type: 'image/png', wanted: 'application/json' });
  });

  it('is 20 MB quickly over the wire too', async () => {
    const other = await Rig.open();
    try {
      const address = await listen(other.app, { port: 0 });
      const started = Date.now();
      const status = await fetch(`${address}/vouchers/costs`, { method: 'POST', headers: json, body: 'x'.repeat(20_000_000) }).then(
        (response) => response.status,
        () => 413,
      );
      expect(status).toBe(413);
      expect(Date.now() - started).toBeLessThan(3_000);
    } finally {
      await other.close();
    }
  });
});

describe('a key', () => {
  it('is made where none is given, and told', async () => {
    const { key } = (await rig.post('/vouchers/costs', COST)).json<{ key: string }>();
    expect(key).toMatch(/^[0-9a-f]{32}$/);
  });
  it('is refused for another command', async () => {
    await rig.post('/vouchers/costs', COST, { 'idempotency-key': 'twice' });
    const before = rig.seq;
    const answer = await rig.post('/vouchers/costs', { ...COST, text: 'Annat' }, { 'idempotency-key': 'twice' });
    expect([answer.status, answer.json()['type'], rig.seq]).toEqual([409, 'urn:liggaren:refusal:key-used-otherwise', before]);
  });
  it('is not spent by a dry run or a refusal', async () => {
    await rig.post('/vouchers/costs?dryRun=true', COST, { 'idempotency-key': 'tried' });
    await rig.post('/vouchers/costs', { ...COST, text: '' }, { 'idempotency-key': 'tried' });
    expect((await rig.post('/vouchers/costs', { ...COST, text: 'Nu' }, { 'idempotency-key': 'tried' })).status).toBe(201);
  });
  it.each([
    ['with space', 'a b'],
    ['too long', 'x'.repeat(201)],
    ['empty', ''],
  ])('is refused %s', async (_, key) => {
    expect((await rig.post('/vouchers/costs', COST, { 'idempotency-key': key })).json()['type']).toBe('urn:liggaren:refusal:key-malformed');
  });
  it('misspelt dryRun stores nothing', async () => {
    const before = rig.seq;
    expect((await rig.post('/vouchers/costs?dryrun=true', COST)).status).toBe(400);
    expect((await rig.post('/vouchers/costs?dryRun=1', COST)).status).toBe(400);
    expect(rig.seq).toBe(before);
  });
});

describe('whoever writes', () => {
  it('reads it back at once by its seq', async () => {
    for (let i = 0; i < 20; i += 1) {
      const { seq, vouchers } = (await rig.post('/vouchers/costs', COST)).json<{ seq: number; vouchers: string[] }>();
      const voucher = await rig.get(`/vouchers/${vouchers[0]}?minSeq=${seq}`);
      expect([voucher.status, voucher.json()['voucher']]).toEqual([200, vouchers[0]]);
      expect((await rig.get(`/reports/net?minSeq=${seq}`)).json<{ seq: number }>().seq).toBeGreaterThanOrEqual(seq);
    }
  });
  it('is told that an event does not exist yet', async () => {
    const answer = await rig.get(`/reports/net?minSeq=${rig.seq + 1}`);
    expect([answer.status, answer.json()['type']]).toEqual([409, 'urn:liggaren:refusal:seq-ahead']);
  });
  it('shares appends with others, and every one is kept', async () => {
    const before = rig.seq;
    const answers = await Promise.all(Array.from({ length: 100 }, () => rig.post('/vouchers/costs', COST)));
    expect(new Set(answers.map((answer) => answer.json<{ vouchers: string[] }>().vouchers[0])).size).toBe(100);
    expect(rig.seq).toBe(before + 100);
  });
});

describe('who may come in', () => {
  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['no origin to speak of', { origin: 'null' }],
    ['a name that points here', { host: 'evil.example' }],
  ])('not %s', async (_, headers) => {
    const before = rig.seq;
    expect((await rig.post('/periods/2023-02/closure', undefined, headers)).status).toBe(403);
    expect(rig.seq).toBe(before);
  });
  it('the page itself', async () => {
    expect((await rig.get('/', { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000' })).status).toBe(200);
  });
  it('nobody from the network', async () => {
    await expect(listen(rig.app, { port: 0, host: '0.0.0.0' })).rejects.toMatchObject({
      refusal: 'address-not-loopback',
    } satisfies Partial<Refusal>);
  });
  it('nobody at a server that cannot write where it answers: on a full disk it says so, in the catalogue’s words', async () => {
    const other = await Rig.region();
    try {
      symlinkSync('/dev/full', join(other.folder, 'holder.json.new')); // in the place of what is written
      await expect(listen(other.app, { port: 0 })).rejects.toMatchObject({
        refusal: 'store-unavailable',
        facts: { reason: 'disk-full' },
      } satisfies Partial<Refusal>);
    } finally {
      await other.close();
    }
  });
});

describe('the sentences', () => {
  it.each([
    [undefined, 'sv'],
    ['sv-SE,sv;q=0.9,en;q=0.8', 'sv'],
    ['en-GB,en;q=0.9', 'en'],
    ['sv;q=0.5, en', 'en'],
    ['de', 'sv'],
    ['*', 'sv'],
  ])('are for %s in %s', (header, language) => expect(languageOf(header)).toBe(language));
  it('are English where asked for', async () => {
    const { detail } = (
      await rig.post('/grants', { grant: '99**', name: 'x', validFrom: '2023-01-01' }, { 'accept-language': 'en' })
    ).json<{ detail: string }>();
    expect(detail).toContain('is a display group');
  });
  it('have one status each', () =>
    expect(new Set(refusalNames().map(statusOf))).toEqual(new Set([400, 403, 404, 409, 413, 415, 422, 500, 503])));
});

describe('the document', () => {
  it('lists each route with a line in English', async () => {
    const { paths } = (await rig.get('/api-json')).json<{ paths: { [path: string]: { [method: string]: { summary?: string } } } }>();
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { summary }]) => ({ route: `${method} ${path}`, summary })),
    );
    expect(routes.filter(({ summary }) => !summary)).toEqual([]);
    expect(routes.length).toBeGreaterThan(45);
  });
  it('refers to nothing that it does not describe', async () => {
    const { body: text } = await rig.get('/api-json');
    const { components } = JSON.parse(text) as { components: { schemas: { [name: string]: object } } };
    const named = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !(name in components.schemas))).toEqual([]);
  });
  it('has a page', async () => expect((await rig.get('/api')).status).toBe(200));
});
