/** What an operator sees of a server: health, metrics after a few requests, traces at a collector, and a log that holds no people. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { LedgerFolder } from '#cqrs';
import { OpenImportOfFile } from '#ledger';
import { faultOf, logTo, wantsJson } from './log.js';
import { COST, Rig } from './testing.js';
import { Traces } from './traces.js';

const rigs: Rig[] = [];
const servers: Server[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
  for (const server of servers.splice(0)) server.close();
});
const region = async (options: Parameters<typeof Rig.region>[0] = {}) => {
  rigs.push(await Rig.region(options));
  return rigs.at(-1)!;
};
const IMPORT = '/imports?book=erp&year=2023&name=anna-hemlig.csv';
const csv = (amount: string) =>
  Buffer.from(
    `number,date,account,amount,unit,text\n1,2023-03-01,7010,${amount},614,Kajsa Hemlig\n1,2023-03-01,2440,-1.00,614,Kajsa Hemlig\n`,
  );

describe('health', () => {
  it('is live, and ready with the seq and how far the answers have come', async () => {
    const rig = await region();
    await rig.app.get(LedgerFolder).reach(rig.seq, 'lines');
    expect((await rig.get('/health/live')).json()).toEqual({ live: true });
    const ready = await rig.get('/health/ready');
    const at = { figures: rig.seq, lines: rig.seq };
    expect([ready.status, ready.json()]).toEqual([200, { ready: true, seq: rig.seq, positions: at, lag: { figures: 0, lines: 0 } }]);
  });

  it('is not ready when the store fails, says why, and is again when it answers', async () => {
    const rig = await region();
    const { store } = rig.app.get(LedgerFolder);
    const inner = (store as unknown as { store: { last(): Promise<number> } }).store;
    const { last } = inner;
    inner.last = () => Promise.reject(Object.assign(new Error('I/O error'), { reason: 'io-error' }));
    await expect(store.last()).rejects.toThrow();
    const away = await rig.get('/health/ready');
    expect([away.status, away.type, away.json()]).toMatchObject([
      503,
      /problem\+json/.exec(away.type) ? away.type : 'application/problem+json',
      { facts: { reason: 'io-error' } },
    ]);
    expect((await rig.get(`/reports/net?minSeq=${rig.seq}`)).status).toBe(200);
    inner.last = last;
    expect((await rig.get('/health/ready')).status).toBe(200);
  });
});

describe('metrics', () => {
  it('count requests, commands, appends, positions and imports, and name nobody', async () => {
    const rig = await region({ measured: true });
    await rig.post('/vouchers/costs', COST, { 'idempotency-key': 'once' });
    await rig.post('/vouchers/costs', COST, { 'idempotency-key': 'once' });
    await rig.post('/vouchers/costs?dryRun=true', COST);
    await rig.post('/vouchers/costs', { ...COST, lines: [COST.lines[0], { ...COST.lines[1], amount: '-999.00' }] });
    await rig.get(`/vouchers/own-2023-1?minSeq=${rig.seq}`);
    await rig.get('/no/such/Kajsa');
    const imported = await rig.send('POST', IMPORT, csv('1.00'), { 'content-type': 'text/csv' });
    expect(imported.status).toBe(201);
    const { body, type } = await rig.get('/metrics');
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    const value = (name: string) =>
      Number(
        body
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.slice(name.length),
      );
    expect(value('liggaren_http_request_duration_seconds_count{method="GET",route="/vouchers/:voucher",status="200"}')).toBe(1);
    expect(value('liggaren_http_request_duration_seconds_count{method="POST",route="/vouchers/costs",status="201"}')).toBe(2);
    expect(value('liggaren_http_request_duration_seconds_count{method="POST",route="/vouchers/costs",status="200"}')).toBe(2);
    expect(value('liggaren_http_request_duration_seconds_count{method="GET",route="unknown",status="404"}')).toBe(1);
    expect(value('liggaren_commands_total{command="PostCost",outcome="stored"}')).toBe(2);
    expect(value('liggaren_commands_total{command="PostCost",outcome="repeated"}')).toBe(1);
    expect(value('liggaren_commands_total{command="PostCost",outcome="tried"}')).toBe(1);
    expect(value('liggaren_commands_total{command="PostCost",outcome="voucher-unbalanced"}')).toBe(1);
    expect(value('liggaren_commands_total{command="ImportFile",outcome="stored"}')).toBe(1);
    expect(value('liggaren_commands_waiting')).toBe(0);
    expect(value('liggaren_append_duration_seconds_count{outcome="stored"}')).toBeGreaterThan(8);
    expect(value('liggaren_append_events_sum')).toBe(rig.seq + 1);
    expect(value('liggaren_append_bytes_total')).toBeGreaterThan(1_000);
    expect(value('liggaren_last_seq')).toBe(rig.seq);
    expect(value('liggaren_store_up')).toBe(1);
    expect(value('liggaren_imports_under_way')).toBe(0);
    const { positions } = rig.app.get(LedgerFolder).projection;
    expect(value('liggaren_projection_position{group="lines"}')).toBeLessThanOrEqual(positions.lines);
    expect(value('liggaren_projection_lag_events{group="figures"}')).toBeGreaterThanOrEqual(0);
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(value('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(body).not.toMatch(new RegExp(`Kajsa|Tallmon|hemlig|${userInfo().username}`, 'i'));
  });

  it('are each app’s own, and not there where nothing is measured', async () => {
    const [one, other, none] = [await region({ measured: true }), await region({ measured: true }), await region()];
    for (let n = 0; n < 3; n += 1) await one.post('/vouchers/costs', COST);
    const stored = async (rig: Rig) => /PostCost",outcome="stored"\} (\d+)/.exec((await rig.get('/metrics')).body)![1];
    expect([await stored(one), await stored(other)]).toEqual(['4', '1']);
    expect((await none.get('/metrics')).status).toBe(404);
  });
});

type Sent = {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
};

describe('traces', () => {
  it('go from the request to the append, beneath the caller’s own, where a collector is named', async () => {
    const heard: string[] = [];
    const collector = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        heard.push(`${request.url} ${Buffer.concat(parts).toString()}`);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    }).listen(0, '127.0.0.1');
    servers.push(collector);
    await new Promise((resolve) => collector.once('listening', resolve));
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;
    const trace = 'a1'.repeat(16);
    try {
      const rig = await region({ measured: true });
      await rig.post('/vouchers/costs', COST, { traceparent: `00-${trace}-${'b2'.repeat(8)}-01` });
      await rig.get('/vouchers/own-2023-1');
      await rigs.pop()!.close(); // sends what is left
    } finally {
      delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
    }
    expect(heard[0]!.split(' ')[0]).toBe('/v1/traces');
    const sent = heard.map(
      (one) => JSON.parse(one.slice(one.indexOf('{'))) as { resourceSpans: { resource: object; scopeSpans: { spans: Sent[] }[] }[] },
    );
    expect(JSON.stringify(sent[0]!.resourceSpans[0]!.resource)).toContain('"liggaren"');
    const spans = sent.flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans: of }) => of)));
    const [request, command, decide, append] = ['POST /vouchers/costs', 'PostCost', 'decide', 'append'].map((name) =>
      spans.find((span) => span.traceId === trace && span.name === name),
    );
    expect([request?.parentSpanId, command?.parentSpanId, decide?.parentSpanId, append?.parentSpanId]).toEqual([
      'b2'.repeat(8), request?.spanId, command?.spanId, command?.spanId,
    ]); // prettier-ignore
    expect(Object.fromEntries(command!.attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]))).toEqual({
      'liggaren.outcome': 'stored',
      'liggaren.seq': 9,
    });
    expect(BigInt(append!.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(append!.startTimeUnixNano));
    expect(spans.map(({ name }) => name)).toContain('GET /vouchers/:voucher');
    expect(heard.join()).not.toMatch(/Konsult|Tallmon|own-2023/);
  });

  it('are not even loaded where none is', async () => {
    expect(await Traces.configured({})).toBeNull();
    expect(await Traces.configured({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' })).toBeNull();
  });
});

describe('the log', () => {
  it('is JSON lines where nobody looks on, or where it is asked for', () => {
    expect([
      wantsJson({}, true),
      wantsJson({}, undefined),
      wantsJson({ LIGGARE_LOG: 'json' }, true),
      wantsJson({ LIGGARE_LOG: 'text' }, false),
    ]).toEqual([false, true, true, false]);
    const lines: string[] = [];
    logTo(true, (line) => lines.push(line))('the store: gone', 'store-trouble', { reason: 'unreachable' });
    logTo(false, (line) => lines.push(line))('Avslutar …', 'stop');
    expect(JSON.parse(lines[0]!)).toEqual({
      time: expect.stringMatching(/Z$/),
      level: 'error',
      event: 'store-trouble',
      message: 'the store: gone',
      reason: 'unreachable',
    });
    expect(lines[1]).toBe('Avslutar …\n');
  });

  it('and the metrics tell what became of each import, without a person in it', async () => {
    const lines: string[] = [];
    const rig = await region({ measured: true, report: logTo(true, (line) => lines.push(line)) });
    const csvType = { 'content-type': 'text/csv' };
    const { import: id } = (await rig.send('POST', IMPORT, csv('1.00'), csvType)).json<{ import: string }>();
    expect((await rig.send('POST', IMPORT, csv('1.00'), csvType)).json()).toMatchObject({ outcome: 'already-imported' });
    await rig.send('POST', `${IMPORT}&dryRun=true`, csv('Kajsa'), csvType);
    await rig.send('POST', IMPORT, csv('Kajsa'), csvType);
    const opening = new OpenImportOfFile({
      ...{ import: 'i-1', sha256: '00', bytes: 1, kind: 'whole-vouchers', format: 'csv', profile: 'voucher-csv', book: 'erp', year: 2023 },
      ...{ counts: { rows: 0, withCode: 0, withoutCode: 0, noCodeNeeded: 0, alreadyThere: 0 }, vouchers: 0, periods: [], grants: [] },
      ...{ decisions: [], units: [], file: 'anna-hemlig.csv', readAtSeq: 99 },
    });
    const folder = rig.app.get(LedgerFolder);
    await folder.handle(opening, { caller: folder.caller });
    const open = async () => /liggaren_imports_open (\d+)/.exec((await rig.get('/metrics')).body)![1];
    expect(await open()).toBe('1');
    await rig.post('/imports/i-1/abandonment?dryRun=true', { because: 'Kajsa' });
    await rig.post('/imports/i-1/abandonment', { because: 'Kajsa' });
    expect(await open()).toBe('0');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { event: 'import-closed', level: 'info', import: id, vouchers: 1, corrections: 0, findings: 1 },
      { event: 'import-refused', level: 'warn', refusal: 'file-refused', errors: 1 },
      { event: 'import-abandoned', level: 'warn', import: 'i-1' },
    ]);
    expect(lines.join()).not.toMatch(/Kajsa|anna-/i);
    const { body } = await rig.get('/metrics');
    const counted = body.split('\n').filter((line) => line.startsWith('liggaren_reports_total{event="import-'));
    expect(counted.sort()).toEqual(
      [['abandoned', 1], ['closed', 1], ['refused', 1], ['resumed', 0], ['stopped', 0]].map(([fate, count]) => `liggaren_reports_total{event="import-${fate}"} ${count}`),
    ); // prettier-ignore
  });

  it('tells of refused imports and faults of ours without a person in it', async () => {
    const lines: string[] = [];
    const rig = await region({ report: logTo(true, (line) => lines.push(line)) });
    expect((await rig.send('POST', IMPORT, csv('Kajsa'), { 'content-type': 'text/csv' })).status).toBe(422);
    const { commands } = rig.app.get(LedgerFolder);
    commands.handle = () => Promise.reject(new TypeError('Kajsa Hemlig is not iterable'));
    expect((await rig.post('/vouchers/costs', COST)).status).toBe(500);
    const told = lines.map((line) => JSON.parse(line) as { event: string; level: string });
    expect(told.map(({ event, level }) => [event, level])).toEqual([
      ['import-refused', 'warn'],
      ['internal-error', 'error'],
    ]);
    expect(told[0]).toMatchObject({ refusal: 'file-refused', errors: 1 });
    expect(lines.join()).not.toMatch(/Kajsa|Hemlig|Tallmon|anna-/i);
    expect(faultOf('text')).toBe('string');
  });
});
