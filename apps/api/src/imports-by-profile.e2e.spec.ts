/** A month's file through a profile, over HTTP: tried, taken in, changed with consent, its findings settled, a selection tied, and what is refused on the way. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { described, Rig, SETTINGS, sieFile } from './testing.js';

const bytes = { 'content-type': 'application/octet-stream' };
type Result = {
  outcome: string;
  import: string;
  seq: number;
  vouchers: number;
  corrections: number;
  consent: string | null;
  counts: Record<string, number>;
  asks: { text: string }[];
  findings: { row: number; finding: string; text: string }[];
  first: { voucher: string; lines: object[] }[];
};
const MAY = [
  {
    number: 1,
    text: 'Kursgården',
    lines: [
      ['5550', '{1 "6110"}', '100.00'],
      ['2440', '{1 "6110"}', '-100.00'],
    ],
  },
  {
    number: 2,
    text: 'Handledning',
    lines: [
      ['5550', '{1 "6110" 20 "9916"}', '50.50'],
      ['2440', '{1 "6110"}', '-50.50'],
    ],
  },
  {
    number: 4,
    text: 'Konsult',
    lines: [
      ['7010', '{1 "6110" 20 "9999"}', '7.00'],
      ['2440', '{1 "6110"}', '-7.00'],
    ],
  },
] as const;
const file = sieFile(MAY);
const changed = sieFile([
  {
    ...MAY[0],
    lines: [
      ['5550', '{1 "6110"}', '99.00'],
      ['2440', '{1 "6110"}', '-99.00'],
    ],
  },
  MAY[1],
  MAY[2],
]);

describe('a file through a profile', () => {
  let rig: Rig;
  let id = '';
  beforeAll(async () => {
    rig = await Rig.region();
    await rig.post('/profiles', { profile: 'raindance', validFrom: '2023-01-01', settings: SETTINGS });
  });
  afterAll(() => rig.close());
  const upload = (content: Buffer, query: string) => rig.send('POST', `/imports?${query}`, content, bytes);
  const untouched = async (query: string, status: number, refusal: string, content = file) => {
    const before = rig.seq;
    const answer = await upload(content, query);
    expect([answer.status, answer.json()['type']]).toEqual([status, `urn:liggaren:refusal:${refusal}`]);
    expect(rig.seq).toBe(before);
  };

  it.each([
    ['an unknown parameter', 'name=maj.se&profile=raindance&surprise=1', 400, 'field-unknown'],
    ['no name', 'profile=raindance', 400, 'field-missing'],
    ['neither profile nor book', 'name=maj.se&year=2023', 400, 'field-missing'],
    ['a profile and a trial', 'name=maj.se&profile=raindance&trial=x', 400, 'field-unknown'],
    ['a year in words', 'name=maj.se&profile=raindance&year=tjugo', 400, 'year-malformed'],
    ['a misspelt dryRun', 'name=maj.se&profile=raindance&dryrun=true', 400, 'field-unknown'],
    ['a dryRun that is neither', 'name=maj.se&profile=raindance&dryRun=1', 400, 'field-not-boolean'],
    ['a profile that nobody has set', 'name=maj.se&profile=none', 404, 'profile-unknown'],
    ['a trial that nobody has begun', 'name=maj.se&trial=none', 404, 'trial-unknown'],
    ['another book than the profile’s', 'name=maj.se&profile=raindance&book=other', 409, 'profile-fixed'],
  ])('with %s is refused and leaves nothing', (_, query, status, refusal) => untouched(query, status, refusal));

  it('is tried by settings that nobody has set, and nothing is stored', async () => {
    const before = rig.seq;
    const { trial } = (await rig.post('/profiles/trials', { settings: SETTINGS })).json<{ trial: string }>();
    const answer = await upload(file, `name=maj.se&trial=${trial}`);
    expect(answer.json<Result>()).toMatchObject({
      outcome: 'dry-run',
      format: 'sie',
      kind: 'whole-vouchers',
      profile: 'trial~1',
      vouchers: 3,
      counts: { rows: 6, withCode: 1, withoutCode: 2, noCodeNeeded: 3, alreadyThere: 0 },
      effects: expect.arrayContaining([{ grant: '9916', unit: '614', effect: 'cost', amount: '50.50' }]),
      first: [
        {
          voucher: 'erp-2023-LEV-1',
          text: 'Kursgården',
          lines: [{ account: '5550', amount: '100.00', unit: '614', objects: [['1', '6110']] }, {}],
        },
        { voucher: 'erp-2023-LEV-2', lines: [{ grant: '9916' }, {}] },
        { voucher: 'erp-2023-LEV-4' },
      ],
    });
    expect([answer.status, rig.seq]).toEqual([200, before]);
  });

  it('goes in whole, with counts that add up and what is worth a look', async () => {
    const answer = await upload(file, 'name=maj.se&profile=raindance');
    expect([answer.status, answer.json()]).toMatchObject([
      201,
      { outcome: 'imported', profile: 'raindance~1', book: 'erp', year: 2023, vouchers: 3, first: [] },
    ]);
    const { import: name, seq, findings } = answer.json<Result>();
    id = name;
    expect(findings.map(({ finding }) => finding).sort()).toEqual(['finding-grant-unknown', 'finding-number-gap', 'sie-encoding-tag']);
    expect((await rig.get(`/imports/${id}?minSeq=${seq}`)).json()).toMatchObject({
      format: 'sie',
      profile: 'raindance~1',
      kind: 'whole-vouchers',
      tied: null,
    });
    expect((await rig.get('/', { host: '127.0.0.1' })).body).toContain('3 iakttagelser från importerna');
  });

  it('answers with what the document says', async () => {
    const answer = await upload(file, 'name=maj.se&profile=raindance&dryRun=true');
    expect(Object.keys(answer.json()).sort()).toEqual(await described(rig, 'ImportAnswer'));
  });

  it('comes back byte for byte, though it is no UTF-8', async () => {
    const { rawPayload } = await rig.app.inject({ method: 'GET', url: `/imports/${id}/original` });
    expect(rawPayload.equals(file)).toBe(true);
  });

  it('is nothing new the second time', async () => {
    const before = rig.seq;
    expect((await upload(file, 'name=maj.se&profile=raindance')).json()).toMatchObject({ outcome: 'already-imported', import: id });
    expect(rig.seq).toBe(before);
  });

  it('shows what speaks for a grant beside what lacks one', async () => {
    const { lines, withHint } = (await rig.get(`/reports/without-grant-code?minSeq=${rig.seq}`)).json<{
      lines: { voucher: string; hints: object[] }[];
      withHint: number;
    }>();
    expect(withHint).toBe(1);
    expect(lines[0]).toMatchObject({
      voucher: 'erp-2023-LEV-1',
      objects: [['1', '6110']],
      hints: [{ grant: '9916', because: 'coding', times: 1, of: 2 }],
    });
    const csv = (await rig.get('/reports/without-grant-code?format=csv')).body;
    expect(csv).toContain('9916 (konto, enhet och objekt: 1 av 2)');
  });

  describe('that was changed', () => {
    it('is tried, and lists what it changes and what consents to that', async () => {
      const answer = (await upload(changed, 'name=maj.se&profile=raindance&dryRun=true')).json<Result>();
      expect([answer.outcome, answer.corrections, answer.consent, answer.asks.length]).toEqual([
        'dry-run',
        1,
        expect.stringMatching(/^[0-9a-f]{12}$/),
        1,
      ]);
    });
    it('is refused with the list, and no figure moves', async () => {
      const net = (await rig.get('/reports/net')).json<{ withoutGrantCode: object }>().withoutGrantCode;
      const answer = await upload(changed, 'name=maj.se&profile=raindance');
      expect([answer.status, answer.json()]).toMatchObject([
        409,
        {
          type: 'urn:liggaren:refusal:file-asks-consent',
          facts: { asks: 1 },
          errors: [{ type: 'urn:liggaren:refusal:file-voucher-changed' }],
        },
      ]);
      expect((await upload(changed, 'name=maj.se&profile=raindance&consent=000000000000')).status).toBe(409);
      expect((await rig.get(`/reports/net?minSeq=${rig.seq}`)).json<{ withoutGrantCode: object }>().withoutGrantCode).toEqual(net);
    });
    it('corrects exactly that with consent', async () => {
      const { facts } = (await upload(changed, 'name=maj.se&profile=raindance')).json<{ facts: { consent: string } }>();
      const answer = (await upload(changed, `name=maj.se&profile=raindance&consent=${facts.consent}`)).json<Result>();
      expect(answer).toMatchObject({ outcome: 'imported', vouchers: 0, corrections: 1 });
      expect((await rig.get(`/vouchers/erp-2023-LEV-1?minSeq=${answer.seq}`)).json()).toMatchObject({
        correctedBy: [{ voucher: 'erp-2023-LEV-1~2' }, { voucher: 'erp-2023-LEV-1~3' }],
      });
    });
  });

  describe('that may have moved a voucher', () => {
    const one = sieFile([{ ...MAY[1], number: 9 }]);
    it('is refused, and says of which voucher it asks; what it does not ask about is not said to be new', async () => {
      const refused = (await upload(one, 'name=en.se&profile=raindance')).json();
      expect(refused).toMatchObject({
        type: 'urn:liggaren:refusal:file-asks-consent',
        errors: [{ type: 'urn:liggaren:refusal:file-voucher-moved', facts: { voucher: 'erp-2023-LEV-9', from: 'erp-2023-LEV-2' } }],
      });
      const answer = await upload(one, 'name=en.se&profile=raindance&new=erp-2023-LEV-8');
      expect([answer.status, answer.json()]).toMatchObject([422, { type: 'urn:liggaren:refusal:voucher-not-asked-about' }]);
    });
    it('brings a new one where that is said, and the import shows who said so', async () => {
      const answer = await upload(one, 'name=en.se&profile=raindance&new=erp-2023-LEV-9');
      const asNew = [{ voucher: 'erp-2023-LEV-9', from: 'erp-2023-LEV-2' }];
      expect([answer.status, answer.json()]).toMatchObject([201, { vouchers: 1, corrections: 0, asNew }]);
      const { import: name, seq } = answer.json<Result>();
      expect((await rig.get(`/imports/${name}?minSeq=${seq}`)).json()).toMatchObject({ asNew, actorName: expect.any(String) });
    });
    it('leaves no finding of the refusal open once it is in, and says by which import', async () => {
      const { rows } = (await rig.get(`/findings?all=true&kind=file-voucher-moved&minSeq=${rig.seq}`)).json<{ rows: object[] }>();
      expect(rows).toMatchObject([{ settled: { reason: null, import: expect.stringMatching(/^i-/) } }]);
      expect((await rig.get('/findings?kind=file-voucher-moved')).json()).toMatchObject({ count: 0 });
    });
  });

  describe('has findings that', () => {
    const list = async (query = '') =>
      (await rig.get(`/findings?minSeq=${rig.seq}${query}`)).json<{
        count: number;
        next: string | null;
        rows: { id: string; finding: string; settled: object | null }[];
      }>();

    it('come page by page', async () => {
      const first = await list('&limit=1');
      const second = await list(`&limit=1&after=${first.next}`);
      expect([first.count, first.rows.length, second.rows[0]!.id]).toEqual([
        expect.any(Number),
        1,
        expect.not.stringMatching(`^${first.rows[0]!.id}$`),
      ]);
    });
    it.each(['surprise=1', 'all=perhaps', 'limit=many', 'after=x'])('are not asked for by %s', async (query) => {
      expect((await rig.get(`/findings?${query}`)).status).toBe(400);
    });
    it.each([
      ['an unknown field', { findings: ['1.1'], reason: 'x', surprise: 1 }, 400, 'field-unknown'],
      ['a missing reason', { findings: ['1.1'] }, 400, 'field-missing'],
      ['neither ids nor an import', { reason: 'x' }, 400, 'field-missing'],
      ['an import without kind', { import: 'i', reason: 'x' }, 400, 'field-missing'],
      ['a finding that is a number', { findings: [1], reason: 'x' }, 400, 'field-not-text'],
      ['findings that are no list', { findings: '1.1', reason: 'x' }, 400, 'field-not-list'],
      ['one that does not exist', { findings: ['1.1'], reason: 'x' }, 404, 'finding-unknown'],
      ['an import that has none of that kind', { import: 'i', kind: 'finding-number-gap', reason: 'x' }, 400, 'text-missing'],
    ])('are not settled by %s', async (_, body, status, refusal) => {
      const before = rig.seq;
      const answer = await rig.post('/findings/settlements', body);
      expect([answer.status, answer.json()['type'], rig.seq]).toEqual([status, `urn:liggaren:refusal:${refusal}`, before]);
    });
    it('stay until they are settled, by id', async () => {
      const [one] = (await list(`&import=${id}&kind=finding-grant-unknown`)).rows;
      const answer = await rig.post('/findings/settlements', { findings: [one!.id], reason: 'Koden registreras i juni' });
      expect(answer.status).toBe(201);
      expect((await list(`&import=${id}`)).rows.map(({ finding }) => finding)).not.toContain('finding-grant-unknown');
      expect((await list(`&import=${id}&all=true`)).rows.find((row) => row.id === one!.id)).toMatchObject({
        settled: { reason: 'Koden registreras i juni' },
      });
      expect((await rig.post('/findings/settlements', { findings: [one!.id], reason: 'igen' })).json()['type']).toBe(
        'urn:liggaren:refusal:finding-settled',
      );
    });
    it('are settled all of a kind in an import at once', async () => {
      const answer = await rig.post('/findings/settlements', { import: id, kind: 'finding-number-gap', reason: 'Makulerad' });
      expect([answer.status, (await list(`&import=${id}`)).rows.map(({ finding }) => finding)]).toEqual([201, ['sie-encoding-tag']]);
    });
  });
});

describe('a selection', () => {
  let rig: Rig;
  let id = '';
  const SELECTION = {
    kind: 'selection',
    book: 'urval',
    grant: [{ column: 'Objekt', pattern: '^99\\d{2}$' }],
    unit: { places: [{ column: 'Ansvar' }] },
    filter: { keep: [{ grantCode: true }] },
    table: { columns: { series: 'Serie', number: 'Vernr', date: 'Datum', account: 'Konto', amount: 'Belopp', text: 'Text' } },
  };
  const list = Buffer.from(
    'Serie;Vernr;Datum;Konto;Ansvar;Objekt;Belopp;Text\r\nL;1;2023-05-03;5550;614;9916;1\xa0200,50;Kurs \xe5\r\nL;2;2023-05-03;5550;614;;10,00;Annat\r\nL;1;2023-05-03;5560;614;9916;-200,00;Resa\r\n',
    'latin1',
  );
  const TOTALS = [
    { account: '5550', grant: '9916', period: '2023-05', amount: '1200.50' },
    { account: '5560', grant: '9916', period: '2023-05', amount: '-200.00' },
  ];
  beforeAll(async () => {
    rig = await Rig.region();
    await rig.post('/profiles', { profile: 'urval', validFrom: '2023-01-01', settings: SELECTION });
  });
  afterAll(() => rig.close());

  it('goes in without balancing, and is not tied before anybody has said what it should come to', async () => {
    const answer = (await rig.send('POST', '/imports?name=urval.csv&profile=urval', list, bytes)).json<Result>();
    expect(answer).toMatchObject({
      outcome: 'imported',
      format: 'csv',
      kind: 'selection',
      counts: { rows: 3, withCode: 2, leftOut: 1 },
      leftOut: { rows: 1, debit: '10.00' },
    });
    id = answer.import;
    expect((await rig.get(`/reports/net?minSeq=${answer.seq}`)).json()).toMatchObject({
      notTied: [{ import: id, book: 'urval', file: 'urval.csv' }],
    });
    expect((await rig.get('/', { host: '127.0.0.1' })).body).toContain('Ej avstämt mot ekonomisystemets kontrollsummor: urval.csv');
  });

  it.each([
    ['an unknown field', { totals: TOTALS, surprise: 1 }, 400, 'field-unknown'],
    ['an unknown field in a total', { totals: [{ ...TOTALS[0], sum: '1' }] }, 400, 'field-unknown'],
    ['no totals', {}, 400, 'field-missing'],
    ['totals that are no list', { totals: 1 }, 400, 'field-not-list'],
    ['an amount that is a number', { totals: [{ ...TOTALS[0], amount: 1 }] }, 400, 'field-not-text'],
    ['an amount that cannot be read', { totals: [{ ...TOTALS[0], amount: '1,00' }] }, 400, 'amount-malformed'],
    ['a period that does not exist', { totals: [{ ...TOTALS[0], period: '2023-17' }] }, 400, 'period-malformed'],
    ['the same total twice', { totals: [TOTALS[0], TOTALS[0]] }, 422, 'control-total-twice'],
    ['a body without end', { totals: Array.from({ length: 20_000 }, () => TOTALS[0]) }, 413, 'body-too-large'],
  ])('is not tied by %s', async (_, body, status, refusal) => {
    const before = rig.seq;
    const answer = await rig.post(`/imports/${id}/control-totals`, body);
    expect([answer.status, answer.json()['type'], rig.seq]).toEqual([status, `urn:liggaren:refusal:${refusal}`, before]);
  });
  it('of nobody has no control totals', async () => {
    for (const answer of [await rig.post('/imports/none/control-totals', { totals: TOTALS }), await rig.get('/imports/none/ties')])
      expect([answer.status, answer.json()['type']]).toEqual([404, 'urn:liggaren:refusal:import-unknown']);
  });

  it('is told where it differs, down to the rows, and is tied when it does not', async () => {
    const wrong = await rig.post(`/imports/${id}/control-totals`, { totals: [{ ...TOTALS[0], amount: '1200.00' }, TOTALS[1]] });
    expect((await rig.get(`/imports/${id}/ties?minSeq=${wrong.json<{ seq: number }>().seq}`)).json()).toMatchObject({
      tied: false,
      ties: [
        { account: '5550', difference: '0.50', lines: [{ voucher: 'urval-2023-L-1', row: 2 }], linesInAll: 1 },
        { account: '5560', difference: '0.00', lines: [] },
      ],
    });
    const right = await rig.post(`/imports/${id}/control-totals`, { totals: TOTALS });
    expect((await rig.get(`/imports/${id}/ties?minSeq=${right.json<{ seq: number }>().seq}`)).json()).toMatchObject({ tied: true });
    expect((await rig.get('/reports/net')).json()).toMatchObject({ notTied: [] });
    const again = await rig.post(`/imports/${id}/control-totals`, { totals: [...TOTALS].reverse() });
    expect([again.status, again.json()]).toEqual([200, expect.objectContaining({ repeated: true, events: [] })]);
  });
  it('goes in with its control totals in one go, CSV or Excel, handed in first', async () => {
    const csv = Buffer.from('Konto;Bidrag;Period;Belopp\n5550;9916;202305;1 200,50\n5560;9916;2023-05;-199,00\n');
    const kept = await rig.send('POST', '/imports/control-totals', csv, bytes);
    expect(Object.keys(kept.json()).sort()).toEqual(await described(rig, 'TotalsAnswer'));
    expect(kept.json()).toMatchObject({ totals: [TOTALS[0], { ...TOTALS[1], amount: '-199.00' }] });
    const other = Buffer.from(list.toString('latin1').replaceAll('L;', 'M;').replaceAll('2023-05-03', '2023-05-04'), 'latin1');
    const query = `name=urval-2.csv&profile=urval&control=${kept.json<{ control: string }>().control}`;
    const answer = (await rig.send('POST', `/imports?${query}`, other, bytes)).json<Result>();
    expect(answer).toMatchObject({ outcome: 'imported' });
    expect((await rig.get(`/imports/${answer.import}/ties?minSeq=${answer.seq}`)).json()).toMatchObject({
      tied: false,
      ties: [
        { account: '5550', difference: '0.00' },
        { account: '5560', control: '-199.00', difference: '-1.00' },
      ],
    });
  });
  it('is not begun with totals that cannot be read, are empty or were never handed in', async () => {
    const before = rig.seq;
    const of = async (text: string) =>
      (await rig.send('POST', '/imports/control-totals', Buffer.from(text), bytes)).json<{ errors: object[] }>();
    expect(await of('Konto;Bidrag;Period;Belopp\n5550;9916;2023-17;1\n')).toMatchObject({
      type: 'urn:liggaren:refusal:file-refused',
      errors: [{ row: 2, type: 'urn:liggaren:refusal:period-malformed' }],
    });
    expect(await of('Konto;Period;Belopp\n')).toMatchObject({ errors: [{ row: 1, type: 'urn:liggaren:refusal:control-totals-empty' }] });
    const answer = await rig.send('POST', '/imports?name=urval.csv&profile=urval&control=none', list, bytes);
    expect([answer.status, answer.json()['type'], rig.seq]).toEqual([404, 'urn:liggaren:refusal:trial-unknown', before]);
  });
});
