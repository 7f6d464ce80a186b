/** An accountant's month through the terminal: a profile is written, tried and set, a SIE file comes in, comes changed, and what it found is settled; a selection is tied. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { liggare, server, temporaryFolder, type Ran } from './testing.js';

const folder = temporaryFolder();
const ledger = join(folder, 'ledger');
const at = (name: string) => join(folder, name);
const run = (...args: readonly string[]) => liggare([...args, '--ledger', ledger]);
let serving: Awaited<ReturnType<typeof server>>;

const SIE = `#FLAGGA 0
#SIETYP 4
#FNAMN "Region Norr"
#RAR 0 20230101 20231231
#DIM 20 "Objekt"
#KONTO 5550 "Utbildning"
#KONTO 2440 "Leverantörer"
#PSALDO 0 202305 5550 {} 60250.50
#VER LEV 101 20230503 "Kursgården AB"
{
#TRANS 5550 {1 "6110"} 48250.50 "" "Kursdagar"
#TRANS 2440 {1 "6110"} -48250.50
}
#VER LEV 102 20230510 "Handledning"
{
#TRANS 5550 {1 "6110" 20 "9916"} 12000.00
#TRANS 2440 {1 "6110"} -12000.00
}
`;

beforeAll(async () => {
  await run('init', '--name', 'Region Norr', '--orgnr', '232100-0214', '--grant-pattern', '^99\\d{2}$');
  serving = await server(['serve', '--port', '0', '--ledger', ledger]);
  await run('unit', 'add', '614', 'Regionstaben', '--kind', 'board', '--under', 'REG', '--from', '2023-01-01');
  await run('grant', 'add', '9916', 'Nära vård', '--from', '2023-01-01');
  writeFileSync(at('maj.se'), SIE);
});
afterAll(async () => {
  await serving.end();
  rmSync(folder, { recursive: true, force: true });
});

const ok = (ran: Ran, ...words: readonly string[]) => {
  expect({ code: ran.code, err: ran.err }).toEqual({ code: 0, err: expect.any(String) });
  for (const word of words) expect(ran.out + ran.err).toContain(word);
};

describe('a profile', () => {
  it.each(['sie', 'csv', 'selection'])('begins from an example of %s that can be set as it stands', async (kind) => {
    const { out } = await run('profile', 'example', kind);
    expect(out).toMatch(/^ {2}\/\/ .* --from/m);
    writeFileSync(at(`${kind}.json`), out);
    ok(await run('profile', 'set', kind, at(`${kind}.json`), '--from', '2023-01-01', '--dry-run'), 'profil satt skulle bokföras');
    expect((await run('profile', 'example', kind, '--lang', 'en')).out).toMatch(/A line that begins so is a comment/);
  });
  it('is edited, tried against the file before it is set, and stores nothing then', async () => {
    writeFileSync(at('erp.json'), readFileSync(at('sie.json'), 'utf8').replace('// , "mappings"', ', "mappings"'));
    const tried = await run('profile', 'try', at('erp.json'), at('maj.se'));
    ok(
      tried,
      'Filen är SIE, hela verifikat, till boken erp år 2023.',
      'Prov: 2 verifikationer',
      'erp-2023-LEV-101  2023-05-03  Kursgården AB',
      '1:6110 20:9916',
    );
    expect((await run('import', 'list')).out).toContain('(inget)');
  });
  it('is set, listed, shown so that it can be set again, and tried by its name', async () => {
    ok(await run('profile', 'set', 'raindance', at('erp.json'), '--from', '2023-01-01'), 'Bokfört: profil satt');
    ok(await run('profile', 'list'), 'raindance', '1: 2023-01-01');
    const { out } = await run('profile', 'show', 'raindance');
    writeFileSync(at('again.json'), out);
    ok(await run('profile', 'set', 'raindance', at('again.json'), '--from', '2023-07-01'));
    ok(await run('profile', 'show', 'raindance', '1'), '"mappings"');
    ok(await run('profile', 'try', 'raindance', at('maj.se')), 'läst med profilen raindance version 2');
  });
  it.each([
    [
      2,
      'a misspelt field, by its path',
      '{"kind":"whole-vouchers","book":"erp","grants":[],"unit":{"places":[]}}',
      /settings\.grants är okänt/,
    ],
    [2, 'no JSON, by its line', '{\n"kind": "whole-vouchers",\n"book" "erp"\n}', /ingen giltig JSON, se rad 3/],
    [2, 'a list', '[]', /ska vara ett objekt/],
    [
      1,
      'what the law says no to',
      '{"kind":"whole-vouchers","book":"erp","grant":[],"unit":{"places":[{"dimension":"1"}]}}',
      /grant saknas i profilen/,
    ],
  ] as const)('ends with %i for %s', async (code, _, text, words) => {
    writeFileSync(at('fel.json'), text);
    const ran = await run('profile', 'set', 'fel', at('fel.json'), '--from', '2023-01-01');
    expect([ran.code, ran.err]).toEqual([code, expect.stringMatching(words)]);
  });
  it('ends, and takes no more files', async () => {
    ok(await run('profile', 'set', 'kort', at('erp.json'), '--from', '2023-01-01'));
    ok(await run('profile', 'end', 'kort'), 'profil avslutad');
    expect(await run('import', at('maj.se'), '--profile', 'kort')).toMatchObject({ code: 1, err: expect.stringContaining('avslutad') });
  });
});

describe('the month’s file', () => {
  it('is asked how it should be read', async () => {
    expect(await run('import', at('maj.se'))).toMatchObject({ code: 2, err: expect.stringContaining('--profile') });
    expect(await run('import', at('nowhere.se'), '--profile', 'raindance')).toMatchObject({
      code: 2,
      err: expect.stringContaining('finns inte'),
    });
    expect(await run('import', at('maj.se'), '--profile', 'none')).toMatchObject({
      code: 1,
      err: expect.stringContaining('none finns inte'),
    });
  });
  it('that is a web page is refused in one sentence', async () => {
    writeFileSync(at('fel.se'), '<!DOCTYPE html><html><body>404</body></html>');
    expect(await run('import', at('fel.se'), '--profile', 'raindance')).toMatchObject({
      code: 1,
      err: expect.stringContaining('webbsida'),
    });
  });
  it('is tried, comes in once, and comes back as it was', async () => {
    ok(await run('import', at('maj.se'), '--profile', 'raindance', '--dry-run'), 'Prov: 2', 'Inget är lagrat');
    ok(
      await run('import', at('maj.se'), '--profile', 'raindance'),
      'Inläst: 2 verifikationer',
      'Rader: 4 = med bidragskod 1 + utan 1 + behöver ingen 2 + fanns redan 0',
    );
    ok(await run('import', at('maj.se'), '--profile', 'raindance'), 'redan importerad');
    const id = /i-\S+/.exec((await run('import', 'list')).out)![0];
    expect((await run('import', 'original', id)).out).toBe(SIE);
    ok(await run('voucher', 'show', 'erp-2023-LEV-101'), '1:6110', 'Kursdagar', 'Inläst ur', 'maj.se (i-', 'rad i filen');
  });
  it('has lines without a code, of which the accountant’s own rule and what was coded before say something', async () => {
    ok(
      await run(
        'hint',
        'add',
        'kurser',
        '--grant',
        '9916',
        '--account',
        '5550-5559',
        '--in-unit',
        '614',
        '--text',
        'kurs',
        '--object',
        '1:6110',
      ),
      'ledtrådsregel satt',
    );
    ok(await run('hint', 'list'), 'kurser', '5550-5559', '1:6110');
    ok(await run('report', 'without-code'), 'Talar för', '9916 (regel kurser)');
    ok(await run('hint', 'remove', 'kurser'), 'ledtrådsregel borttagen');
    ok(await run('report', 'without-code'), '9916 (konto, enhet och objekt: 1 av 2)');
    expect(await run('hint', 'add', 'x', '--grant', '9916', '--object', 'nothing')).toMatchObject({
      code: 2,
      err: expect.stringContaining('dimension:objekt'),
    });
  });
  it('that comes changed is refused with the list and the command that consents, and that command corrects it', async () => {
    writeFileSync(at('maj.se'), SIE.replaceAll('48250.50', '48250.00'));
    const refused = await run('import', at('maj.se'), '--profile', 'raindance');
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringMatching(/rad 9: Verifikation erp-2023-LEV-101 är redan importerad med annat innehåll/),
    });
    const command = /liggare (import .*--consent [0-9a-f]{12})/.exec(refused.err)![1]!;
    ok(await run(...command.split(' ')), 'Inläst: 0 verifikationer, 1 rättade');
    ok(await run('voucher', 'show', 'erp-2023-LEV-101'), 'Rättad av', 'erp-2023-LEV-101~3');
  });
  it('that may have moved a voucher says both readings, and the command that says it is new books it', async () => {
    writeFileSync(
      at('en.se'),
      SIE.replace(/#PSALDO.*\n/, '')
        .replace(/#VER LEV 101[^]*?}\n/, '')
        .replace('LEV 102', 'LEV 201'),
    );
    const refused = await run('import', at('en.se'), '--profile', 'raindance');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('erp-2023-LEV-201 har samma innehåll som erp-2023-LEV-102') });
    expect(refused.err).toMatch(/ge ditt medgivande till just det så här:\n.*--consent/);
    const tried = await run('import', at('en.se'), '--profile', 'raindance', '--dry-run');
    const command = /liggare (import .*--new erp-2023-LEV-201)$/m.exec(refused.err)![1]!;
    expect(tried.err).toContain(command);
    ok(await run(...command.split(' ')), 'Inläst: 1 verifikation', 'Ny, fast den liknar erp-2023-LEV-102: erp-2023-LEV-201');
    const id = /i-\S+(?=.* en\.se )/.exec((await run('import', 'list')).out)![0];
    ok(await run('import', 'show', id), 'Ny, fast den liknar erp-2023-LEV-102: erp-2023-LEV-201');
    ok(await run('finding', 'list', '--all', '--kind', 'file-voucher-moved'), `filen importerades (${id})`);
  });
  it('found something, which stays until it is settled with a reason', async () => {
    const { out } = await run('finding', 'list', '--kind', 'finding-not-tied');
    const [, id] = /^(\d+\.\d+) .*Konto 5550.*60 250,50/m.exec(out)!;
    expect(await run('finding', 'settle', '--reason', 'x')).toMatchObject({ code: 2, err: expect.stringContaining('--import och --kind') });
    expect(await run('finding', 'settle', '1.99', '--reason', 'x')).toMatchObject({
      code: 1,
      err: expect.stringContaining('1.99 finns inte'),
    });
    ok(await run('finding', 'settle', id!, '--reason', 'Rättas i juni'), 'iakttagelser avklarade');
    expect((await run('finding', 'list', '--kind', 'finding-not-tied')).out).toContain('(inget)');
    ok(await run('finding', 'list', '--all'), 'Rättas i juni');
  });
  it('goes out again as SIE and CSV', async () => {
    ok(await run('export', 'sie', '--year', '2023', '--out', at('ut.se')), 'Skrivet');
    expect(readFileSync(at('ut.se'), 'latin1')).toContain('#SIETYP 4');
    expect((await run('export', 'csv', '--year', '2023')).out).toContain('erp-2023-LEV-102');
    writeFileSync(at('tillbaka.json'), (await run('export', 'profile', '--book', 'erp')).out);
    ok(await run('profile', 'set', 'tillbaka', at('tillbaka.json'), '--from', '2023-01-01'), 'profil satt');
    ok(await run('profile', 'show', 'tillbaka'), '"dimension": "20"');
    ok(await run('export', 'selection', '--year', '2023', '--book', 'erp', '--out', at('ut3.se')));
    expect(await run('export', 'sie', '--year', '2023', '--out', folder)).toMatchObject({
      code: 2,
      err: expect.stringContaining('kan inte skrivas'),
    });
    expect(await run('export', 'sie', '--year', '2023', '--kind', '5')).toMatchObject({ code: 2, err: expect.stringContaining('4E, 4I') });
  });
});

describe('a selection', () => {
  const LIST =
    'Serie;Vernr;Datum;Konto;Ansvar;Objekt;Motpart;Belopp;Text;Motpartsnamn\r\nL;1;2023-05-03;5550;614;9916;;1 200,50;Kurs;Kursgården AB\r\nL;2;2023-05-03;5550;614;;;10,00;Annat;AB\r\n';
  it('is not tied while its control totals differ, and says where, down to the row', async () => {
    writeFileSync(at('urval.csv'), LIST);
    writeFileSync(at('kontroll.csv'), 'Konto;Bidrag;Period;Belopp\n5550;9916;202305;1 300,50\n');
    ok(await run('profile', 'set', 'urval', at('selection.json'), '--from', '2023-01-01'));
    const ran = await run('import', at('urval.csv'), '--profile', 'urval', '--control', at('kontroll.csv'));
    ok(
      ran,
      'Filen är CSV, urval',
      'Utanför urvalet: 1 verifikation, 1 rad, debet 10,00',
      '−100,00',
      'urval-2023-L-1 1 (rad 2)',
      'Ej avstämt på 1 av 1.',
    );
    ok(await run('report', 'ties'), 'urval.csv', 'nej');
    expect(await run('export', 'sie', '--year', '2023')).toMatchObject({
      code: 0,
      err: expect.stringContaining('Urval är inte med, för de är inga hela verifikat: urval'),
    });
    expect(await run('export', 'sie', '--year', '2023', '--book', 'urval')).toMatchObject({
      code: 1,
      err: expect.stringContaining('innehåller ett urval'),
    });
    ok(await run('report', 'net'), 'Ej avstämt mot ekonomisystemets kontrollsummor: urval.csv');
  });
  it('is tied when they agree', async () => {
    const id = /i-\S+/.exec((await run('report', 'ties')).out)![0];
    writeFileSync(at('kontroll.csv'), 'account,grant,period,amount\n5550,9916,2023-05,1200.50\n');
    ok(await run('import', 'control', id, at('kontroll.csv')), 'kontrollsummor noterade', 'Avstämt:');
    ok(await run('import', 'control', id, at('kontroll.csv')), 'Så är det redan. Inget nytt är lagrat.', 'Avstämt:');
    ok(await run('report', 'ties', '--import', id), '1 200,50');
    for (const [text, words] of [
      ['konto;summa\n', /Kolumnen period saknas bland rubrikerna \(konto, summa\)/],
      ['konto;bidrag;period;belopp\n5550;9916\n', /rad 2: .*2 fält/],
      ['konto;bidrag;period;belopp\n5550;9916;2023-05;tusen\n', /rad 2: belopp: "tusen" kan inte läsas/],
      ['konto;bidrag;period;belopp\n', /kontrollsummor är tom/],
    ] as const) {
      writeFileSync(at('fel.csv'), text);
      expect(await run('import', 'control', id, at('fel.csv'))).toMatchObject({ code: 1, err: expect.stringMatching(words) });
    }
  });
});

describe('a start', () => {
  it('writes its template, and says by sheet, row and column what is wrong with a workbook', async () => {
    ok(await run('start', 'template', at('start.xlsx'), '--sie', at('maj.se')), 'Skrivet');
    expect(await run('start', 'read', at('start.xlsx'), '--year', '2023', '--dry-run')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Inget är registrerat'),
    });
    expect(await run('start', 'read', at('maj.se'), '--year', '2023')).toMatchObject({
      code: 1,
      err: expect.stringContaining('ingen .xlsx-fil'),
    });
    expect(await run('start', 'read', at('nowhere.xlsx'), '--year', '2023')).toMatchObject({
      code: 2,
      err: expect.stringContaining('finns inte'),
    });
  });
});
