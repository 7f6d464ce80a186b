/** The reports over HTTP and the page, on the demo: the published figures, in every format, and HTML that cannot be broken out of. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ensureDemo } from '#cqrs';
import { openApp } from './app.js';
import { html } from './html.js';
import { Rig } from './testing.js';

const REPORTS = [
  'as-printed',
  'complete',
  'net',
  'units',
  'periods',
  'neutrality',
  'ledger',
  'without-grant-code',
  'unallotted',
  'journal',
];

describe('the demo of 2023', () => {
  const folder = mkdtempSync(join(tmpdir(), 'liggaren-demo-'));
  let app: NestFastifyApplication;
  beforeAll(async () => {
    await ensureDemo(join(folder, 'demo'));
    app = await openApp({ folder: join(folder, 'demo') });
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const get = async (url: string, headers = {}) => app.inject({ method: 'GET', url, headers });

  describe.each(REPORTS)('report %s', (report) => {
    it.each([
      ['json', 'application/json; charset=utf-8'],
      ['csv', 'text/csv; charset=utf-8'],
      ['table', 'text/plain; charset=utf-8'],
    ])('as %s, marked as a demo', async (format, type) => {
      const answer = await get(`/reports/${report}?format=${format}&limit=50`);
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, type]);
      if (report !== 'journal' || format === 'json') expect(answer.body).toMatch(/DEMO|"demo":true/);
    });
  });

  it('prints the annual table of Regionstyrelsen', async () => {
    const { body } = await get('/reports/as-printed?scope=RS&year=2023&format=table');
    expect(body.replaceAll('\u00a0', ' ')).toMatch(
      /Erhållna statsbidrag +72 463\n[\s\S]*Redovisade kostnader +−50 677\n[\s\S]*Resultat +21 786\n/,
    );
  });
  it('prints the May table, which shows three codes a side', async () => {
    const { body } = await get('/reports/as-printed?scope=RS&year=2023&through=2023-05&top=3&format=table');
    expect(body.replaceAll('\u00a0', ' ')).toMatch(/18 484\n[\s\S]*−7 763\n[\s\S]*10 720\n/);
  });
  it('chooses the format by Accept too, and the language of the paper', async () => {
    expect((await get('/reports/complete?scope=RS', { accept: 'text/csv' })).body).toMatch(/^\uFEFFKod;/);
    expect((await get('/reports/complete?scope=RS', { accept: 'text/plain', 'accept-language': 'en' })).body).toContain(
      'Targeted state grants',
    );
  });
  it('gives the journal page by page, without a gap', async () => {
    const vouchers: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page: { vouchers: { voucher: string }[]; next: string | null } = JSON.parse(
        (await get(`/reports/journal?limit=500${after && `&after=${after}`}`)).body,
      );
      vouchers.push(...page.vouchers.map(({ voucher }) => voucher));
      after = page.next;
    }
    expect([vouchers.length, new Set(vouchers).size]).toEqual([vouchers.length, vouchers.length]);
    expect(vouchers.length).toBeGreaterThan(1_367);
  });
  it('gives the general ledger page by page', async () => {
    const first = JSON.parse((await get('/reports/ledger?limit=10&grant=9916')).body) as {
      lines: object[];
      next: string;
      total: { lines: number };
    };
    const second = JSON.parse((await get(`/reports/ledger?limit=10&grant=9916&after=${encodeURIComponent(first.next)}`)).body) as {
      lines: object[];
    };
    expect(second.lines[0]).not.toEqual(first.lines[0]);
  });
  it('holds the same money in journal, general ledger and figures', async () =>
    expect(JSON.parse((await get('/reports/completeness')).body)).toMatchObject({ equal: true }));
  it('says so in words, and in numbers for a spreadsheet', async () => {
    const { journal } = JSON.parse((await get('/reports/completeness')).body) as { journal: { lines: number; debit: string } };
    expect((await get('/reports/completeness?format=table', { 'accept-language': 'en' })).body).toContain(
      'Journal, general ledger and reports agree.',
    );
    const rows = (await get('/reports/completeness?format=csv')).body.split(/\r?\n/).map((row) => row.split(';'));
    const debit = journal.debit.replace('.', ',');
    expect(rows.slice(1, 3).map(([place, lines, sum, , , equal]) => [place, lines, sum, equal])).toEqual([
      ['journal', String(journal.lines), debit, 'yes'],
      ['ledger', String(journal.lines), debit, 'yes'],
    ]);
  });

  describe('the page', () => {
    it('is Swedish, marked, with captions and scoped headers, and no script', async () => {
      const { body, headers } = await get('/');
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      for (const part of [
        '<html lang="sv">',
        'DEMO',
        '<caption',
        'scope="col"',
        'scope="row"',
        '72\u00a0463',
        '−50\u00a0677',
        '21\u00a0786',
        'href="/api"',
        'format=csv',
      ])
        expect(body).toContain(part);
      expect(body).not.toMatch(/<script|−0\b/);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    });
    it('has its amounts in sight on a phone: no table is made wider than the window, and no caption goes past its edge', async () => {
      const { body } = await get('/');
      expect([...body.matchAll(/min-width:\s*([^;}]+)/g)].map(([, width]) => width)).toEqual(['min(34rem, 100%)', '100%', '100%']);
      expect(body).toMatch(/\ncaption \{[^}]*max-width: calc\(100vw - 2\.5rem\)/);
    });
    it('breaks no caption where the window has room for it, and shows where a table goes on past an edge', async () => {
      const { body } = await get('/');
      expect(body).toMatch(/\ncaption \{[^}]*width: max-content/);
      expect(body).toMatch(/\n\.scroll \{[^}]*linear-gradient\([^}]*no-repeat local/);
    });
    it('shows another scope', async () => expect((await get('/?scope=HSN&year=2023')).body).toContain('<option value="HSN" selected>'));
    it.each(['scope=%3Cscript%3Ealert(1)%3C/script%3E', 'scope=NONE', 'year=x', 'surprise=1'])(
      'says so in words where %s cannot be shown',
      async (query) => {
        const { statusCode, body, headers } = await get(`/?${query}`);
        expect(statusCode).toBeGreaterThanOrEqual(400);
        expect(headers['content-type']).toMatch(/^text\/html/);
        expect(body).toContain('role="alert"');
        expect(body).not.toContain('<script>');
      },
    );
  });
});

describe('the page of an empty region', () => {
  it('says what to do', async () => {
    const rig = await Rig.open();
    try {
      await rig.post('/ledger', { organisationNumber: '232100-0214', name: '<b>Region & "Exempel"</b>', region: 'REG' });
      const { body } = await rig.get('/');
      expect(body).toContain('Inget är bokfört än');
      expect(body).toContain('&lt;b&gt;Region &amp; &quot;Exempel&quot;&lt;/b&gt;');
      expect(body).not.toContain('DEMO');
    } finally {
      await rig.close();
    }
  });
});

describe('the page of open findings', () => {
  it('has each with its file, row, sentence and id, leads on where there are more, and none that is settled', async () => {
    const rig = await Rig.region();
    try {
      expect((await rig.get('/open-findings')).body).toContain('Alla är avklarade');
      const odd = Array.from({ length: 203 }, (_, i) => 2 * i + 1).flatMap((number) =>
        ['7010,10.00', '2440,-10.00'].map((line) => `S,${number},2023-05-03,${line},614,9916,Konsult,AB`),
      );
      const file = ['series,number,date,account,amount,unit,grant,text,counterparty', ...odd, ''].join('\n');
      await rig.send('POST', '/imports?name=%3Cb%3Emaj.csv&book=erp&year=2023', file, { 'content-type': 'text/csv' });
      expect((await rig.get('/')).body).toContain('<a href="/open-findings">202 iakttagelser från importerna att klara av</a>');
      const first = await rig.get('/open-findings');
      expect(first.type).toBe('text/html; charset=utf-8');
      expect(first.body).toContain('&lt;b&gt;maj.csv');
      const found = (body: string) => [...body.matchAll(/<td>I serie S saknas (\d+)\.<\/td>\s*<td class="id">([\d.]+)</g)];
      expect(found(first.body)).toHaveLength(200);
      const next = /href="(\/open-findings\?after=[\d.]+)"/.exec(first.body)![1]!;
      const last = found((await rig.get(next)).body);
      expect(last.map(([, number]) => number)).toEqual(['402', '404']);
      await rig.post('/findings/settlements', { findings: [last[1]![2]], reason: 'Makulerad' });
      expect(found((await rig.get(next)).body).map(([, number]) => number)).toEqual(['402']);
      for (const query of ['after=x', 'surprise=1']) expect((await rig.get(`/open-findings?${query}`)).body).toContain('role="alert"');
    } finally {
      await rig.close();
    }
  });
});

it('HTML escapes what is put into it', () =>
  expect(html`<p title="${`"'`}">${'<i>&</i>'}${[html`<b>${1}</b>`, null]}</p>`.text).toBe(
    '<p title="&quot;&#39;">&lt;i&gt;&amp;&lt;/i&gt;<b>1</b></p>',
  ));
