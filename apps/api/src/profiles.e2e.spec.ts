/** Profiles over HTTP: checked to the last field, kept in versions, and tried without a trace. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Rig, SETTINGS } from './testing.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.region();
});
afterAll(() => rig.close());

const profile = (settings: object, others: object = {}) => ({ profile: 'raindance', validFrom: '2023-01-01', settings, ...others });
const TABLE = { columns: { number: 'Vernr', date: 'Datum', account: 'Konto', amount: 'Belopp' } };

describe('what a profile says is checked to the last field', () => {
  it.each([
    ['an unknown field', { ...SETTINGS, filtre: {} }, 'field-unknown', 'settings.filtre'],
    [
      'an unknown field in a mapping',
      { ...SETTINGS, unit: { places: [], mappings: [{ from: '1', cod: '614' }] } },
      'field-unknown',
      'settings.unit.mappings.0.cod',
    ],
    [
      'a mapping without its code',
      { ...SETTINGS, unit: { places: [], mappings: [{ from: '1' }] } },
      'field-missing',
      'settings.unit.mappings.0.code',
    ],
    ['a dimension that is a number', { ...SETTINGS, grant: [{ dimension: 20 }] }, 'field-not-text', 'settings.grant.0.dimension'],
    ['grant places that are no list', { ...SETTINGS, grant: { dimension: '20' } }, 'field-not-list', 'settings.grant'],
    ['another kind', { ...SETTINGS, kind: 'some' }, 'choice-unknown', 'settings.kind'],
    ['a period from nowhere', { ...SETTINGS, period: { from: 'gut-feeling' } }, 'choice-unknown', 'settings.period.from'],
    [
      'a period from a column and more',
      { ...SETTINGS, period: { from: { column: 'P', row: 1 } } },
      'choice-unknown',
      'settings.period.from',
    ],
    ['a period without source', { ...SETTINGS, period: {} }, 'field-missing', 'settings.period.from'],
    ['series that are numbers', { ...SETTINGS, filter: { keep: [{ series: [1] }] } }, 'field-not-text', 'settings.filter.keep.0.series'],
    [
      'a condition with a misspelt field',
      { ...SETTINGS, filter: { drop: [{ serie: ['A'] }] } },
      'field-unknown',
      'settings.filter.drop.0.serie',
    ],
    ['a separator of its own', { ...SETTINGS, table: { ...TABLE, separator: '|' } }, 'choice-unknown', 'settings.table.separator'],
    ['a heading row in words', { ...SETTINGS, table: { ...TABLE, headingRow: 'first' } }, 'field-not-number', 'settings.table.headingRow'],
    [
      'a column that no voucher has',
      { ...SETTINGS, table: { columns: { ...TABLE.columns, colour: 'Färg' } } },
      'field-unknown',
      'settings.table.columns.colour',
    ],
    ['a table without columns', { ...SETTINGS, table: {} }, 'field-missing', 'settings.table.columns'],
    [
      'a class of another kind',
      { ...SETTINGS, accounts: [{ from: '1', to: '2', kind: 'gift' }] },
      'choice-unknown',
      'settings.accounts.0.kind',
    ],
  ])('%s', async (_, settings, refusal, field) => {
    const before = rig.seq;
    for (const [path, body] of [
      ['/profiles', profile(settings)],
      ['/profiles/trials', { settings }],
    ] as const) {
      const answer = await rig.post(path, body);
      expect([answer.status, answer.json()['type']]).toEqual([400, `urn:liggaren:refusal:${refusal}`]);
      expect(answer.json<{ errors: { field: string }[] }>().errors.map((error) => error.field)).toContain(field);
    }
    expect(rig.seq).toBe(before);
  });

  it.each([
    ['a bad date', profile(SETTINGS, { validFrom: '2023-02-30' }), 400, 'date-malformed'],
    [
      'a pattern that can hold the server',
      profile({ ...SETTINGS, grant: [{ dimension: '20', pattern: '(a+)+' }] }),
      400,
      'pattern-malformed',
    ],
    ['a unit that nobody knows', profile({ ...SETTINGS, unit: { places: [], otherwise: '999' } }), 404, 'unit-unknown'],
    ['the name of the simple CSV', profile(SETTINGS, { profile: 'voucher-csv' }), 422, 'profile-reserved'],
    [
      'both an amount and debit',
      profile({ ...SETTINGS, table: { columns: { ...TABLE.columns, debit: 'D' } } }),
      422,
      'profile-amount-columns',
    ],
  ])('%s is for the law to refuse', async (_, body, status, refusal) => {
    const answer = await rig.post('/profiles', body);
    expect([answer.status, answer.json()['type']]).toEqual([status, `urn:liggaren:refusal:${refusal}`]);
  });

  it('may not be larger than any other body', async () => {
    const mappings = Array.from({ length: 60_000 }, (_, i) => ({ from: `K${String(i).padStart(6, '0')}`, code: '614' }));
    const answer = await rig.post('/profiles', profile({ ...SETTINGS, unit: { places: [], mappings } }));
    expect([answer.status, answer.json()['type']]).toEqual([413, 'urn:liggaren:refusal:body-too-large']);
  });
});

describe('a profile', () => {
  it('is kept in versions, and shown as it was set', async () => {
    const first = await rig.post('/profiles', profile({ ...SETTINGS, table: TABLE }));
    const second = await rig.post(
      '/profiles',
      profile({ ...SETTINGS, period: { from: { column: 'Period' } } }, { validFrom: '2023-07-01' }),
    );
    expect([first.status, second.status]).toEqual([201, 201]);
    const { seq } = second.json<{ seq: number }>();
    expect((await rig.get(`/profiles/raindance?minSeq=${seq}`)).json()).toMatchObject({
      profile: 'raindance',
      ended: false,
      versions: [
        { version: 1, validFrom: '2023-01-01', settings: { ...SETTINGS, table: TABLE } },
        { version: 2, validFrom: '2023-07-01', settings: { ...SETTINGS, period: { from: { column: 'Period' } } } },
      ],
    });
    expect((await rig.get('/profiles')).json()).toMatchObject({ rows: [{ profile: 'raindance' }] });
  });
  it('is of one kind for ever', async () => {
    const answer = await rig.post('/profiles', profile({ ...SETTINGS, kind: 'selection' }));
    expect([answer.status, answer.json()['type']]).toEqual([409, 'urn:liggaren:refusal:profile-fixed']);
  });
  it('that nobody has set does not exist', async () => {
    for (const answer of [await rig.get('/profiles/none'), await rig.post('/profiles/none/end')])
      expect([answer.status, answer.json()['type']]).toEqual([404, 'urn:liggaren:refusal:profile-unknown']);
  });
  it('takes no more versions when it has ended', async () => {
    const { seq } = (await rig.post('/profiles/raindance/end')).json<{ seq: number }>();
    expect((await rig.get(`/profiles/raindance?minSeq=${seq}`)).json()['ended']).toBe(true);
    expect((await rig.post('/profiles', profile(SETTINGS))).json()['type']).toBe('urn:liggaren:refusal:profile-ended');
  });
});

describe('a trial', () => {
  it('refuses an unknown field, a missing one, and something that is no object', async () => {
    for (const [body, refusal] of [
      [{ settings: SETTINGS, surprise: 1 }, 'field-unknown'],
      [{}, 'field-missing'],
      [[SETTINGS], 'field-not-object'],
    ] as const)
      expect((await rig.post('/profiles/trials', body)).json()['type']).toBe(`urn:liggaren:refusal:${refusal}`);
  });
  it('is told what the law says no to, and stores nothing', async () => {
    const before = rig.seq;
    const refused = await rig.post('/profiles/trials', { settings: { ...SETTINGS, grant: [] } });
    expect([refused.status, refused.json()['type']]).toEqual([422, 'urn:liggaren:refusal:profile-part-missing']);
    const kept = await rig.post('/profiles/trials', { settings: SETTINGS });
    expect([kept.status, kept.json()['trial']]).toEqual([201, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(rig.seq).toBe(before);
  });
});
