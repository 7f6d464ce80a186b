/** What the door's tests share: the real app over a real ledger in a temporary folder, with a small region in it. Imported by specs alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LedgerFolder } from '#cqrs';
import { openApp, type AppOptions } from './app.js';

export type Answered = { readonly status: number; readonly type: string; readonly body: string; json<T = Record<string, unknown>>(): T };

export class Rig {
  private constructor(
    readonly folder: string,
    readonly app: NestFastifyApplication,
  ) {}

  /** An empty folder, opened. */
  static async open(options: Partial<AppOptions> = {}): Promise<Rig> {
    const folder = mkdtempSync(join(tmpdir(), 'liggaren-api-'));
    return new Rig(folder, await openApp({ folder, create: true, ...options }));
  }

  /** A region with two units, two grants with a decision each, and a cost: `own-2023-1`. */
  static async region(options: Partial<AppOptions> = {}): Promise<Rig> {
    const rig = await Rig.open(options);
    for (const [path, body] of REGION) {
      const { status, body: text } = await rig.post(path, body);
      if (status !== 201) throw new Error(`${path}: ${text}`);
    }
    return rig;
  }

  get seq(): number {
    return this.app.get(LedgerFolder).commands.seq;
  }

  async send(
    method: 'GET' | 'POST',
    url: string,
    payload?: string | Buffer | object,
    headers: { [name: string]: string } = {},
  ): Promise<Answered> {
    const {
      statusCode,
      headers: given,
      body,
    } = await this.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    return { status: statusCode, type: String(given['content-type']), body, json: <T>() => JSON.parse(body) as T };
  }
  post(url: string, body?: object, headers?: { [name: string]: string }): Promise<Answered> {
    return this.send('POST', url, body, headers);
  }
  get(url: string, headers?: { [name: string]: string }): Promise<Answered> {
    return this.send('GET', url, undefined, headers);
  }

  async close(): Promise<void> {
    await this.app.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A profile of SIE files: the grant in dimension 20, the unit in dimension 1. */
export const SETTINGS = {
  kind: 'whole-vouchers',
  book: 'erp',
  grant: [{ dimension: '20', pattern: '^99\\d{2}$' }],
  unit: { places: [{ dimension: '1' }], mappings: [{ from: '6100', to: '6199', code: '614' }], otherwise: 'REG' },
};
/** The fields that the OpenAPI document describes for an answer, in order. */
export async function described(rig: Rig, answer: string): Promise<string[]> {
  const { components } = (await rig.get('/api-json')).json<{ components: { schemas: { [name: string]: { properties: object } } } }>();
  return Object.keys(components.schemas[answer]!.properties).sort();
}

type SieVoucher = {
  readonly number: number;
  readonly text: string;
  readonly lines: readonly (readonly [account: string, objects: string, amount: string])[];
};
/** A month's SIE 4 file of series LEV, in Windows-1252 as many systems write it whatever they say. */
export function sieFile(vouchers: readonly SieVoucher[], more: readonly string[] = []): Buffer {
  const head = [
    '#FLAGGA 0',
    '#PROGRAM "ERP" 1',
    '#FORMAT PC8',
    '#GEN 20230605',
    '#SIETYP 4',
    '#FNAMN "Region Exempel"',
    '#RAR 0 20230101 20231231',
    '#DIM 20 "Objekt"',
    ...more,
  ];
  const body = vouchers.flatMap(({ number, text, lines }) => [
    `#VER LEV ${number} 20230503 "${text}"`,
    '{',
    ...lines.map(([account, objects, amount]) => `#TRANS ${account} ${objects} ${amount}`),
    '}',
  ]);
  return Buffer.from([...head, ...body, ''].join('\r\n'), 'latin1');
}
export const TERMS = {
  agency: 'Socialstyrelsen',
  diarienummer: '9.3-2417/2023',
  kind: 'conditional',
  awarded: '1000000.00',
  grantYear: 2023,
  carryOver: false,
  receivedTo: 'liability',
};
export const MANDATE = { kind: 'board', diarienummer: 'RS/412/2023', paragraph: '§ 87', date: '2023-04-26' };
export const COST = {
  eventDate: '2023-05-03',
  text: 'Konsult',
  counterparty: 'Tallmon & Ek AB',
  document: 'F-1',
  lines: [
    { account: '7010', amount: '1000.00', unit: '614', grant: '9916' },
    { account: '2440', amount: '-1000.00', unit: '614' },
  ],
};

const REGION: readonly (readonly [path: string, body: object])[] = [
  ['/ledger', { organisationNumber: '232100-0214', name: 'Region Exempel', region: 'REG', grantCodePattern: '^99\\d{2}$' }],
  ['/units', { unit: '614', name: 'Regionstaben', kind: 'board', parent: 'REG', validFrom: '2023-01-01' }],
  ['/units', { unit: 'HSN', name: 'Hälso- och sjukvårdsnämnden', kind: 'board', parent: 'REG', validFrom: '2023-01-01' }],
  ['/grants', { grant: '9916', name: 'Nära vård', validFrom: '2023-01-01' }],
  ['/grants', { grant: '9917', name: 'Vårdens medarbetare', validFrom: '2023-01-01' }],
  ['/decisions', { decision: '9916-1', grant: '9916', terms: TERMS }],
  ['/decisions', { decision: '9917-1', grant: '9917', terms: TERMS }],
  ['/vouchers/costs', COST],
];
