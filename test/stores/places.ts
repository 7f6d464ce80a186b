/**
 * Where the specs of this folder put a ledger: on the real server where there is one (then the scripted one is left out), else on the scripted server,
 * which speaks the same protocol. Also the questions that are compared, asked through the doors' own routes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerFolder, type Caller } from '#cqrs';
import { ScriptedServer } from '../eventstore/scripted-server.js';
import { newStream, testServer } from '../eventstore/servers.js';
import { openApp, type AppOptions } from '../../apps/api/src/app.js';

export const CALLER: Caller = { login: 'anna', name: 'Anna', role: 'user' };

export interface Place {
  /** What it is, for a test's name. */
  readonly name: string;
  /** The setting of a new ledger there. */
  setting(): string;
  end(): Promise<void>;
}

/** A server for events, real where one is named; says in one line when it is not. */
export async function serverPlace(): Promise<Place> {
  const real = await testServer();
  if (real.address !== null) {
    const { address, remove } = real;
    return { name: 'a real server', setting: () => `${address}${address.includes('?') ? '&' : '?'}stream=${newStream()}`, end: remove };
  }
  process.stdout.write(`not run on a real event store server, but on a scripted one: ${real.unavailable}\n`);
  const scripted = await new ScriptedServer().start();
  return { name: 'a scripted server', setting: () => `${scripted.address}&stream=${newStream()}`, end: async () => scripted.stop() };
}

const folders: string[] = [];
export function temporary(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'liggaren-stores-')));
  return folders.at(-1)!;
}
export function removeTemporary(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** An app as a test asks it. */
export async function opened(options: AppOptions) {
  const app = await openApp({ caller: CALLER, ...options });
  const send = async (method: 'GET' | 'POST', url: string, payload?: object, headers: Record<string, string> = {}) => {
    const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
    const json = <T = Record<string, unknown>>() => JSON.parse(answer.body) as T;
    return { status: answer.statusCode, headers: answer.headers, body: answer.body, json };
  };
  return {
    folder: app.get(LedgerFolder),
    get: (url: string) => send('GET', url),
    post: (url: string, payload: object, headers?: Record<string, string>) => send('POST', url, payload, headers),
    close: () => app.close(),
  };
}
export type Opened = Awaited<ReturnType<typeof opened>>;

const REPORTS = ['net', 'units', 'periods', 'neutrality', 'as-printed', 'complete', 'ledger', 'without-grant-code'];
const REGISTERS = [
  '/reports/completeness',
  '/reports/unallotted?year=2023',
  '/reports/journal?limit=10000',
  '/grants?limit=10000',
  '/decisions?limit=10000',
  '/units?limit=10000',
  '/periods?limit=10000',
  '/imports?limit=10000',
  '/findings?limit=10000&all=true',
  '/profiles?limit=10000',
  '/hints?limit=10000',
];

/** Every report as JSON, for the region and each unit, by what was asked. */
export async function everyReport(app: Opened): Promise<Map<string, unknown>> {
  await app.folder.reach(app.folder.seq, 'lines', 60_000);
  const units = (await app.get('/units?limit=10000')).json<{ rows: { unit: string }[] }>().rows.map(({ unit }) => unit);
  const asked = [
    ...REGISTERS,
    ...REPORTS.flatMap((report) => units.map((unit) => `/reports/${report}?year=2023&scope=${unit}&format=json`)),
    '/reports/net?year=2023&through=2023-05',
  ];
  const answers = new Map<string, unknown>();
  for (const url of asked) {
    const answer = await app.get(url);
    if (answer.status !== 200) throw new Error(`${url}: ${answer.body}`);
    answers.set(url, answer.json());
  }
  return answers;
}

const REGION: readonly (readonly [path: string, body: object])[] = [
  ['/ledger', { organisationNumber: '232100-0214', name: 'Region Exempel', region: 'REG', grantCodePattern: '^99\\d{2}$' }],
  ['/units', { unit: '614', name: 'Regionstaben', kind: 'board', parent: 'REG', validFrom: '2023-01-01' }],
  ['/grants', { grant: '9916', name: 'Nära vård', validFrom: '2023-01-01' }],
];
/** A small ledger: a unit and a grant. */
export async function region(app: Opened): Promise<void> {
  for (const [path, body] of REGION) {
    const { status, body: said } = await app.post(path, body);
    if (status !== 201) throw new Error(`${path}: ${said}`);
  }
}
/** A cost of so many kronor. */
export const cost = (kronor: number) => ({
  eventDate: '2023-05-03',
  text: 'Konsult Kajsa Hemlig',
  counterparty: 'Tallmon & Ek AB',
  document: 'F-1',
  lines: [
    { account: '7010', amount: `${kronor}.00`, unit: '614', grant: '9916' },
    { account: '2440', amount: `-${kronor}.00`, unit: '614' },
  ],
});
