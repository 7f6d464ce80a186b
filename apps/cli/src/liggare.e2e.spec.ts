/** `liggare` as a user runs it: each verb once, with and without a server, its exit codes, and the demo. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { liggare, server, temporaryFolder } from './testing.js';

const TERMS = [
  '--agency',
  'Socialstyrelsen',
  '--dnr',
  '9.3-2417/2023',
  '--kind',
  'conditional',
  '--awarded',
  '1 000 000,00',
  '--grant-year',
  '2023',
  '--received-to',
  'liability',
  '--restriction',
  '2023-01-01..2023-12-31',
];
const LINES = ['--line', '7010 1 000,00 enhet=614 bidrag=9916', '--line', '2440 −1 000,00 enhet=614'];
const COST = ['post', 'cost', '--date', '2023-05-03', '--text', 'Konsult', '--counterparty', 'Tallmon & Ek AB', '--document', 'F-1'];
const BOARD = ['--board', 'RS/412/2023 § 87 2023-04-26'];

/** Each verb that writes, in an order that works on an empty folder, with a word of its answer. */
const WRITES: readonly (readonly [args: readonly string[], word: string])[] = [
  [['init', '--name', 'Region Exempel', '--orgnr', '232100-0214', '--grant-pattern', '^99\\d{2}$'], 'liggaren är öppnad'],
  [['unit', 'add', '614', 'Regionstaben', '--kind', 'board', '--under', 'REG', '--from', '2023-01-01'], 'enhet satt'],
  [['unit', 'add', 'HSN', 'Nämnden', '--kind', 'board', '--under', 'REG', '--from', '2023-01-01'], 'enhet satt'],
  [['unit', 'add', '620', 'Tillfällig', '--kind', 'unit', '--under', '614', '--from', '2023-01-01'], 'enhet satt'],
  [['unit', 'end', '620', '--last-day', '2023-12-31'], 'enhet avslutad'],
  [['grant', 'add', '9916', 'Nära vård', '--from', '2023-01-01'], 'bidrag registrerat'],
  [['grant', 'add', '9917', 'Vårdens medarbetare', '--from', '2023-01-01', '--predecessor', '9916'], 'bidrag registrerat'],
  [['grant', 'add', '9918', 'Kort', '--from', '2023-01-01'], 'bidrag registrerat'],
  [['grant', 'rename', '9917', 'Medarbetare', '--from', '2024-01-01'], 'bidrag omdöpt'],
  [['grant', 'end', '9918', '--last-day', '2023-12-31', '--successor', '9917'], 'bidrag avslutat'],
  [['decision', 'add', '9916-1', '--grant', '9916', ...TERMS], 'beslut registrerat'],
  [['decision', 'change', '9916-1', '--from', '2023-11-07', '--reason', 'Nytt brev', ...TERMS, '--carry-over'], 'beslut ändrat'],
  [['decision', 'report', '9916-1', '900,50', '--date', '2024-03-20'], 'användning redovisad'],
  [['decision', 'exempt', '9917', '2023', '--reference', 'RS/1 § 2', '--reason', 'Prestation'], 'undantag registrerat'],
  [['decision', 'unexempt', '9917', '2023', '--reason', 'Ändrat'], 'undantag återtaget'],
  [['allot', '9916-1', '614', '800 000', '--date', '2023-04-26', ...BOARD], 'medel tilldelade'],
  [
    [
      'account-classes',
      'set',
      '--from',
      '2030-01-01',
      '--class',
      '1000-2999 balance',
      '--class',
      '4000-8999 cost',
      '--class',
      '3900-3999 income internal Interna intäkter',
    ],
    'kontoklasser satta',
  ],
  [[...COST, ...LINES], 'own-2023-1'],
  [
    [
      'post',
      'receipt',
      '--date',
      '2023-02-03',
      '--text',
      'Utbetalning',
      '--counterparty',
      'Socialstyrelsen',
      '--document',
      'D',
      '--line',
      '1930 500,00 enhet=614',
      '--line',
      '2971 -500,00 unit=614 decision=9916-1',
    ],
    'own-2023-2',
  ],
  [
    [
      'recognise',
      '--date',
      '2023-05-31',
      '--text',
      'Maj',
      '--line',
      '2971 300 enhet=614 beslut=9916-1',
      '--line',
      '3510 -300 enhet=614 beslut=9916-1',
    ],
    'own-2023-3',
  ],
  [
    [
      'post',
      'repayment',
      '--date',
      '2023-12-01',
      '--text',
      'Åter',
      '--counterparty',
      'Socialstyrelsen',
      '--document',
      'D',
      '--line',
      '2971 100 enhet=614 beslut=9916-1',
      '--line',
      '1930 -100 enhet=614',
    ],
    'own-2023-4',
  ],
  [['recode', 'own-2023-1', '1', '--to', '9917 40%', '--to', '- 100,00', '--date', '2023-05-08', '--text', 'Blandat'], ''],
  [['recode', 'own-2023-1', '1', '--to', '9917 400,00', '--date', '2023-05-08', '--text', 'Beslut', ...BOARD], 'own-2023-5'],
  [['correct', 'own-2023-4', '--reason', 'Fel dag', '--date', '2023-12-02'], 'own-2023-6'],
  [
    [
      'reallocate',
      '9916',
      '50,00',
      '--from',
      '614',
      '--to',
      'HSN',
      '--account',
      '3590',
      '--date',
      '2023-05-09',
      '--text',
      'Fördelning',
      '--delegate',
      'DEL-1 2023-05-08 Ekonomichefen',
    ],
    'own-2023-7',
  ],
  [['close-period', '2023-01'], 'period stängd'],
  [['reopen-period', '2023-01', '--approver', 'Ekonomidirektören', '--reason', 'Sen faktura'], 'period öppnad igen'],
];
/** So many of them without a server. */
const ALONE = 6;
const READS: readonly (readonly string[])[] = [
  ['grant', 'list'],
  ['decision', 'list'],
  ['unit', 'list'],
  ['account-classes', 'list'],
  ['import', 'list'],
  ['voucher', 'show', 'own-2023-1'],
  ...[
    'net',
    'unit',
    'period',
    'neutrality',
    'ledger',
    'journal',
    'as-printed',
    'complete',
    'without-code',
    'unallotted',
    'completeness',
  ].map((report) => ['report', report]),
];

describe('liggare', () => {
  const folder = temporaryFolder();
  const ledger = join(folder, 'ledger');
  const run = (...args: readonly string[]) => liggare([...args, '--ledger', ledger]);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const written = async (args: readonly string[], word: string) => {
    const { code, out, err } = await run(...args);
    if (word) expect({ code, out, err }).toMatchObject({ code: 0, out: expect.stringContaining(word) });
    else expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('procent') });
    expect(err).not.toMatch(/\n {4}at /);
  };
  const named = (writes: typeof WRITES) => writes.map(([args, word]) => [args.slice(0, 3).join(' '), args, word] as const);

  describe('without a server', () => {
    it.each(named(WRITES.slice(0, ALONE)))('%s', (_, args, word) => written(args, word));
    it('reads what it wrote', async () => {
      expect(await run('grant', 'list')).toMatchObject({ code: 0, out: expect.stringContaining('Nära vård'), err: '' });
      expect(await run('report', 'net')).toMatchObject({ code: 0, out: expect.stringContaining('Region Exempel'), err: '' });
    });
    it('waits for another that has the ledger open, and both store', async () => {
      const both = await Promise.all(['9930', '9931'].map((code) => run('grant', 'add', code, 'Samtidigt', '--from', '2023-01-01')));
      expect(both.map(({ code }) => code)).toEqual([0, 0]);
    });
  });

  describe('ends with', () => {
    it.each([
      [0, 'svar', ['--help'], /Slutkoder: 0 klart/],
      [0, 'help on a verb below a verb', ['help', 'profile', 'try'], /pröva en profil[\s\S]*Exempel:/],
      [2, 'help on what is no verb', ['help', 'profile', 'tyr'], /okänt kommando 'tyr'/],
      [0, 'English help', ['post', 'cost', '--help', '--lang', 'en'], /Examples:\n {2}\$ liggare post cost/],
      [1, 'a rule', ['grant', 'add', '99**', 'x', '--from', '2023-01-01'], /visningsgrupp/],
      [1, 'what does not exist', ['voucher', 'show', 'own-2023-99'], /finns inte/],
      [2, 'an unknown verb', ['nothing'], /okänt kommando/],
      [2, 'an unknown option', ['grant', 'list', '--nothing'], /okänt val/],
      [2, 'a missing argument', ['close-period'], /argumentet 'period' saknas/],
      [2, 'a day that does not exist', [...COST.with(3, '2023-02-30'), ...LINES], /inget datum/],
      [2, 'an amount that cannot be read', [...COST, '--line', '7010 tusen enhet=614', '--line', '2440 -1 enhet=614'], /kan inte läsas/],
      [2, 'a line without unit', [...COST, '--line', '7010 1000'], /Raden/],
      [2, 'a file that is not there', ['import', 'csv', 'nowhere.csv', '--book', 'erp', '--year', '2023'], /finns inte/],
    ] as const)('%i: %s', async (code, _, args, words) => {
      const ran = await run(...args);
      expect([ran.code, ran.out + ran.err]).toEqual([code, expect.stringMatching(words)]);
      expect(ran.err).not.toMatch(/\n {4}at /);
    });
    it('0 for a ledger that is only tried: where one may be made nothing is left behind, where there is one it says no', async () => {
      const nowhere = join(folder, 'deep', 'nowhere');
      const init = ['init', '--name', 'Region Exempel', '--orgnr', '232100-0214', '--dry-run', '--ledger'];
      expect(await liggare([...init, nowhere])).toEqual({ code: 0, out: 'Prov: liggaren är öppnad skulle bokföras. Inget är lagrat.\n', err: '' }); // prettier-ignore
      expect(existsSync(join(folder, 'deep'))).toBe(false);
      expect(await liggare([...init, ledger])).toMatchObject({ code: 1, err: expect.stringMatching(/liggare/) });
    });
    it('2 where there is no ledger, and makes none', async () => {
      const nowhere = join(folder, 'nowhere');
      expect(await liggare(['grant', 'list', '--ledger', nowhere])).toMatchObject({
        code: 2,
        err: expect.stringContaining('liggare init'),
      });
      expect(existsSync(nowhere)).toBe(false);
    });
  });

  describe('with a server', () => {
    let serving: Awaited<ReturnType<typeof server>>;
    beforeAll(async () => {
      serving = await server(['serve', '--port', '0', '--ledger', ledger]);
    });

    it.each(named(WRITES.slice(ALONE)))('%s', (_, args, word) => written(args, word));
    it.each(READS.map((args) => [args.join(' '), args] as const))('%s', async (_, args) => {
      expect(await run(...args)).toMatchObject({ code: 0, err: expect.stringContaining('Talar med servern') });
    });
    it('answers in JSON and CSV too', async () => {
      const [json, csv] = await Promise.all([run('grant', 'list', '--format', 'json'), run('report', 'complete', '--format', 'csv')]);
      expect((JSON.parse(json.out) as { rows: object[] }).rows).not.toEqual([]);
      expect(csv.out).toMatch(/^\uFEFFKod;/);
    });
    it('says in words whether the books agree', async () => {
      expect((await run('report', 'completeness')).out).toMatch(/grundbok +14 .*\nhuvudbok +14 .*\n[\s\S]*stämmer överens/);
      expect((await run('report', 'completeness', '--format', 'csv')).out).toMatch(/^\uFEFFplace;lines;[\s\S]*\njournal;\d+;/);
    });
    it('tries without storing', async () => {
      const { code, out } = await run(...COST, ...LINES, '--dry-run');
      expect([code, out]).toEqual([0, expect.stringMatching(/^Prov: own-2023-8 skulle bokföras[\s\S]*9916 +614 +kostnad +1 000,00/)]);
      expect((await run('voucher', 'show', 'own-2023-8')).code).toBe(1);
    });
    it('stores once for one key', async () => {
      expect((await run(...COST, ...LINES, '--key', 'k1')).out).toContain('own-2023-8');
      expect((await run(...COST, ...LINES, '--key', 'k1')).out).toMatch(/^Redan bokfört: own-2023-8/);
    });
    it('refuses a key for something else', async () =>
      expect(await run('close-period', '2023-01', '--key', 'k1', '--lang', 'en')).toMatchObject({
        code: 1,
        err: expect.stringContaining('already used'),
      }));
    it('asks it, and says so', async () => {
      const posted = await run(...COST, ...LINES);
      expect(posted).toMatchObject({
        code: 0,
        out: expect.stringContaining('own-2023-9'),
        err: expect.stringContaining(`Talar med servern på ${serving.address}`),
      });
      expect((await run('voucher', 'show', 'own-2023-9')).out).toContain('Tallmon & Ek AB');
      expect((await run('report', 'net')).out).toContain('9916');
    });
    it('imports a file, once, and shows what is wrong with another', async () => {
      const file = join(folder, 'maj.csv');
      writeFileSync(
        file,
        'number,date,account,amount,unit,grant,text,counterparty\n1,2023-05-03,7010,10.00,614,9916,Konsult,AB\n1,2023-05-03,2440,-10.00,614,,Konsult,AB\n',
      );
      const args = ['import', 'csv', file, '--book', 'erp', '--year', '2023'];
      expect(await run(...args, '--dry-run')).toMatchObject({ code: 0, out: expect.stringContaining('Inget är lagrat') });
      expect(await run(...args)).toMatchObject({ code: 0, out: expect.stringContaining('Inläst: 1 verifikation (') });
      expect(await run(...args)).toMatchObject({ code: 0, out: expect.stringContaining('redan importerad') });
      const id = /i-\S+/.exec((await run('import', 'list')).out)![0];
      expect((await run('import', 'show', id)).out).toContain('maj.csv');
      expect(await run('import', 'abandon', id, '--because', 'x')).toMatchObject({ code: 1 });
      writeFileSync(file, 'number,date,account,amount,unit\n1,2023-02-30,7010,10.001,614\n');
      expect(await run(...args)).toMatchObject({
        code: 1,
        err: expect.stringMatching(
          /inte importerad: 2 fel, .*\n {2}rad 2: "2023-02-30" är inget datum.*\n {2}rad 2: Beloppet 10\.001 har fler än två decimaler/,
        ),
      });
      const wrong = Array.from({ length: 1_002 }, (_, i) => `${i + 1},2023-05-32,7010,1.00,614`);
      writeFileSync(file, ['number,date,account,amount,unit', ...wrong, ''].join('\n'));
      const { err } = await run(...args);
      expect(err.split('\n').filter((line) => line.startsWith('  rad '))).toHaveLength(1_000);
      expect(err).toMatch(/\n {2}… och 2 till\n/);
    });
    it('counts what was found as it is, and not as much of it as is listed', async () => {
      const file = join(folder, 'luckor.csv');
      const voucher = (number: number) =>
        ['7010,10.00', '2440,-10.00'].map((line) => `S,${number},2023-05-03,${line},614,9916,Konsult,AB\n`).join('');
      const odd = Array.from({ length: 1_235 }, (_, i) => voucher(2 * i + 1));
      writeFileSync(file, `series,number,date,account,amount,unit,grant,text,counterparty\n${odd.join('')}`);
      const args = ['import', 'csv', file, '--book', 'luckor', '--year', '2023'];
      for (const more of [['--dry-run'], []]) expect((await run(...args, ...more)).err).toMatch(/\n… och 1 214 till/);
    });
    (process.platform === 'linux' ? it : it.skip)('serves with what the C library is told of memory, in the process that was started', () =>
      expect(readFileSync(`/proc/${serving.pid}/environ`, 'utf8').split('\0')).toEqual(
        expect.arrayContaining(['MALLOC_ARENA_MAX=2', 'MALLOC_MMAP_THRESHOLD_=131072']),
      ),
    );
    it('has one server for one ledger', async () => {
      expect(await run('serve', '--port', '0')).toMatchObject({ code: 3, err: expect.stringContaining(String(serving.pid)) });
    });
    it('ends in order, and the next one is asked in this process again', async () => {
      expect(await serving.end()).toBe(0);
      expect(await run('voucher', 'show', 'own-2023-9')).toMatchObject({ code: 0, err: '' });
    });
  });
});

describe('liggare serve', () => {
  const folder = temporaryFolder();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('never listens to the network, on a ledger that nobody else holds', async () => {
    const mine = join(folder, 'mine');
    await liggare(['init', '--name', 'Region Exempel', '--orgnr', '232100-0214', '--ledger', mine]);
    expect(await liggare(['serve', '--host', '0.0.0.0', '--ledger', mine])).toMatchObject({
      code: 1,
      err: expect.stringContaining('bara på 127.0.0.1, inte på 0.0.0.0'),
    });
  });
  it('is started by the image in words that it understands, on the ledger in the volume', async () => {
    const image = readFileSync(new URL('../../../../docker/Dockerfile', import.meta.url), 'utf8');
    const said = (what: RegExp) => what.exec(image)?.[1];
    const command = JSON.parse(said(/^CMD (.*)$/m)!) as string[];
    const nowhere = join(folder, 'volume');
    expect(await liggare(command, { LIGGARE_LEDGER: nowhere })).toMatchObject({ code: 2, err: expect.stringContaining(`I ${nowhere} finns ingen liggare`) }); // prettier-ignore
    expect(said(/^ENV .*LIGGARE_LEDGER=(\S+)/m)).toBe(said(/^VOLUME (\S+)$/m));
  });
});

describe('liggare demo', () => {
  const folder = temporaryFolder();
  const place = join(folder, 'demo');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is made, prints both tables and the verdicts, and is opened the next time', async () => {
    const first = await liggare(['demo', '--ledger', place]);
    expect(first).toMatchObject({ code: 0, err: expect.stringContaining('Demoliggaren är skapad') });
    for (const figure of ['72 463', '−50 677', '21 786', '2 500', 'ej resultatneutral', 'Omfattning: RS'])
      expect(first.out).toContain(figure);
    const second = await liggare(['demo', '--ledger', place]);
    expect(second).toMatchObject({ code: 0, err: '', out: first.out });
  });
  it('serves', async () => {
    const serving = await server(['demo', '--serve', '--port', '0', '--ledger', place]);
    const page = await (await fetch(serving.address)).text();
    expect(page).toContain('21\u00a0786');
    expect(await serving.end()).toBe(0);
  });
  it('is the same bytes everywhere', async () => {
    const other = join(folder, 'other');
    await liggare(['demo', '--ledger', other]);
    const originals = (of: string) =>
      readdirSync(join(of, 'originals')).map((name) =>
        createHash('sha256')
          .update(readFileSync(join(of, 'originals', name)))
          .digest('hex'),
      );
    const journal = async (of: string) =>
      (await liggare(['report', 'journal', '--format', 'json', '--limit', '10000', '--ledger', of])).out;
    expect(originals(other)).toEqual(originals(place));
    expect(await journal(other)).toBe(await journal(place));
  });
  it('leaves a real ledger alone', async () => {
    const real = join(folder, 'real');
    await liggare(['init', '--name', 'Region Exempel', '--orgnr', '232100-0214', '--ledger', real]);
    expect(await liggare(['demo', '--ledger', real])).toMatchObject({ code: 1, err: expect.stringContaining('Region Exempel') });
  });
  it('is made anew where a crash left it half made', async () => {
    const place2 = join(folder, 'again');
    mkdirSync(`${place2}.building-999999999`);
    writeFileSync(join(`${place2}.building-999999999`, 'events.sqlite'), 'half');
    expect((await liggare(['demo', '--ledger', place2])).code).toBe(0);
    expect(readdirSync(folder).filter((name) => name.includes('building'))).toEqual([]);
  });
});
