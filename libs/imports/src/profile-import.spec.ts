/** A SIE file through a profile: where codes stand, which unit and period, what is chosen, and what is found on the way. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { EndProfile, parseReference, referenceText, RegisterGrant, SetProfile, type ImportOpened, type ProfileSettings } from '#ledger';
import { anna, cost } from './given.js';
import { addsUp, Desk, saidOf, settings, sie, ver } from './profile-given.js';

let desk: Desk;
afterEach(() => desk.close());
const lineOf = (at = 0, voucher = 0) => desk.vouchers()[voucher]!.lines[at]!;
const by = (rest: Partial<ProfileSettings>): readonly (readonly [string, ProfileSettings])[] => [['2020-01-01', { ...settings, ...rest }]];

describe('a SIE file through a profile', () => {
  it('becomes vouchers of the profile’s book in the file’s year, each line with the coding that the file has', async () => {
    desk = await Desk.open();
    const result = await desk.run(sie(...ver(1, 100), ...ver(2, '250.50', { objects: '' })));
    expect(result).toMatchObject({
      outcome: 'imported',
      ...{ format: 'sie', kind: 'whole-vouchers', book: 'erp', year: 2023, vouchers: 2, corrections: 0, findings: [] },
      counts: { rows: 4, withCode: 1, withoutCode: 1, noCodeNeeded: 2, alreadyThere: 0, ignored: 0, leftOut: 0 },
      effects: [
        { grant: '9916', unit: '614', effect: 'cost', amountOre: 10_000 },
        { grant: null, unit: '614', effect: 'cost', amountOre: 25_050 },
      ],
    });
    expect(desk.types()).toEqual(['ImportOpened', 'VouchersImported', 'ImportClosed']);
    expect(desk.events()[0]).toMatchObject({
      data: { profile: 'erp~1', format: 'sie', kind: 'whole-vouchers' },
      annex: { file: 'mars.se' },
    });
    expect(desk.vouchers()[0]).toMatchObject({
      ref: { book: 'erp', year: 2023, series: 'A', number: '1', version: 1 },
      eventDate: '2023-03-14',
    });
    expect(lineOf()).toEqual({
      ...{ account: '7550', amountOre: 10_000, effect: 'cost', grant: '9916', unit: '614', period: '2023-03', row: 7 },
      objects: [['1', '614'], ['20', '9916']], // prettier-ignore
    });
    expect(lineOf(1)).toEqual({ account: '2440', amountOre: -10_000, effect: 'none', unit: '614', period: '2023-03', row: 8 });
  });

  it('keeps the texts of its lines beside them, and the file byte for byte', async () => {
    desk = await Desk.open();
    const text = sie('#VER A 1 20230314 "Löner mars"', '{', '#TRANS 7550 {} 1.00 20230314 "Maj-Lis Öberg"', '#TRANS 2440 {} -1.00', '}');
    const { sha256 } = await desk.run(text);
    expect(desk.events()[1]).toMatchObject({ annex: { vouchers: [{ text: 'Löner mars', lines: ['Maj-Lis Öberg', ''] }] } });
    expect(readFileSync(desk.imports.original(sha256)!, 'latin1')).toContain('#TRANS 7550 {} 1.00 20230314 "Maj-Lis \u0099berg"');
  });

  it('takes the first place that holds a grant code which fits its pattern', async () => {
    desk = await Desk.open(by({ grant: [{ dimension: '6', pattern: '99\\d\\d' }, { dimension: '20' }] }));
    await desk.run(
      sie(...ver(1, 1, { objects: '6 P17 20 9916' }), ...ver(2, 1, { objects: '20 9916 6 9929' }), ...ver(3, 1, { objects: '6 P17' })),
    );
    expect([0, 1, 2].map((voucher) => lineOf(0, voucher).grant)).toEqual(['9916', '9929', undefined]);
  });

  it('takes no code for a grant that is longer than grant codes are, and is not held by one', async () => {
    desk = await Desk.open(by({ grant: [{ dimension: '6', pattern: '^\\w*\\w*\\w*-$' }, { dimension: '20' }] }));
    const started = process.cpuUsage();
    const long = [...Array(20).keys()].map((at) => ver(at + 1, 1, { objects: `6 ${'x'.repeat(1_000)}${at}${at % 2 ? '-' : ''} 20 9916` }));
    await desk.run(sie(...long.flat()));
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000);
    expect(desk.vouchers().map(({ lines }) => lines[0]!.grant)).toEqual(Array(20).fill('9916'));
  });

  it('translates the file’s codes where the profile says what they are called here', async () => {
    desk = await Desk.open(
      by({
        grant: [{ dimension: '6', mappings: [{ from: 'P100', to: 'P199', code: '9916' }] }],
        unit: { places: [{ dimension: '1' }], mappings: [{ from: '6050', to: '6059', code: '605' }], otherwise: '614' },
      }),
    );
    await desk.run(sie(...ver(1, 1, { objects: '1 6053 6 P150' })));
    expect(lineOf()).toMatchObject({ grant: '9916', unit: '605', objects: [['1', '6053'], ['6', 'P150']] }); // prettier-ignore
  });

  it('with a code that no grant has is imported without it, and says so once with the number of rows', async () => {
    desk = await Desk.open();
    const { findings, counts } = await desk.run(
      sie(...ver(1, 1, { objects: '20 9999' }), ...ver(2, 1, { objects: '20 9999' }), ...ver(3, 1)),
    );
    expect(findings).toEqual([{ row: 7, finding: 'finding-grant-unknown', facts: { grant: '9999', rows: 2 } }]);
    expect(counts).toMatchObject({ withCode: 1, withoutCode: 2 });
    expect(lineOf()).toMatchObject({ objects: [['20', '9999']] });
    expect(lineOf()).not.toHaveProperty('grant');
    expect(desk.types()).toContain('FindingsRecorded');
  });

  it('whose unit is not here lies on the unit that holds otherwise, which is found; without one it is refused with its row', async () => {
    desk = await Desk.open();
    const { findings } = await desk.run(sie(...ver(1, 1, { objects: '1 777' }), ...ver(2, 1, { objects: '1 605' })));
    expect(findings).toEqual([{ row: 7, finding: 'finding-unit-unknown', facts: { unit: '777', otherwise: '614', rows: 1 } }]);
    expect([lineOf().unit, lineOf(0, 1).unit]).toEqual(['614', '605']);
    desk.close();
    desk = await Desk.open(by({ unit: { places: [{ dimension: '1' }] } }));
    const refused = await desk.refused(sie(...ver(1, 1, { objects: '1 777' })));
    expect(saidOf(refused.findings)).toEqual(['7 unit-unknown', '8 line-without-unit']);
    expect(desk.types()).toEqual(['ImportRefused']);
    expect(desk.kept()).toEqual([]);
  });

  it('takes the decision that a place names, and passes over one that is not there', async () => {
    desk = await Desk.open(by({ decision: { places: [{ dimension: '21' }] } }));
    const { findings } = await desk.run(
      sie(
        '#DIM 21 "Beslut"',
        ...ver(1, 1, { objects: '20 9916 21 9916-23' }),
        ...ver(2, 1, { objects: '20 9916 21 9929-23' }),
        ...ver(3, 1, { objects: '21 x' }),
      ),
    );
    expect([0, 1, 2].map((voucher) => [lineOf(0, voucher).grant, lineOf(0, voucher).decision])).toEqual([
      ['9916', '9916-23'],
      ['9916', undefined],
      [undefined, undefined],
    ]);
    expect(saidOf(findings)).toEqual(['13 finding-decision-unknown', '18 finding-decision-unknown']);
  });

  it('on an account without a class is refused; the profile’s own classes go before the ledger’s', async () => {
    desk = await Desk.open(by({ accounts: [{ from: '2000', to: '2999', kind: 'balance' }, { from: '40000', to: '49999', kind: 'cost' }] })); // prettier-ignore
    expect(saidOf((await desk.refused(sie(...ver(1, 1)))).findings)).toEqual(['7 account-unknown']);
    await desk.run(sie(...ver(1, 1, { account: '45000' })));
    expect(lineOf()).toMatchObject({ account: '45000', effect: 'cost' });
  });

  it('is read by the version of the profile in force on each voucher’s date', async () => {
    desk = await Desk.open([
      ['2023-01-01', settings],
      ['2023-04-01', { ...settings, grant: [{ dimension: '6' }] }],
    ]);
    const objects = '20 9916 6 9929';
    const { import: id } = await desk.run(sie(...ver(1, 1, { objects, date: '20230331' }), ...ver(2, 1, { objects, date: '20230401' })));
    expect([lineOf().grant, lineOf(0, 1).grant]).toEqual(['9916', '9929']);
    expect(desk.events()[0]).toMatchObject({ data: { import: id, profile: 'erp~2' } });
  });

  it('with a voucher from before the profile’s first day is refused', async () => {
    desk = await Desk.open([['2023-03-15', settings]]);
    expect(await desk.refused(sie(...ver(1, 1)))).toMatchObject({
      findings: [{ row: 5, finding: 'profile-not-valid', facts: { date: '2023-03-14', validFrom: '2023-03-15' } }],
    });
  });

  it('again is nothing; by a newer version everything in it is there already', async () => {
    desk = await Desk.open();
    const text = sie(...ver(1, 1), ...ver(2, 2));
    const first = await desk.run(text);
    expect(await desk.run(text)).toMatchObject({ outcome: 'already-imported', import: first.import });
    await desk.commands.handle(
      new SetProfile({ profile: 'erp', validFrom: '2023-01-01', settings: { ...settings, grant: [{ dimension: '6' }] } }),
      { caller: anna },
    );
    expect(await desk.run(text)).toMatchObject({ outcome: 'nothing-new', counts: { rows: 4, alreadyThere: 4 } });
  });

  it('goes by no profile that is not there, or has ended, and into no other book', async () => {
    desk = await Desk.open();
    await expect(desk.run(sie(...ver(1, 1)), { profile: 'annan' })).rejects.toMatchObject({ refusal: 'profile-unknown' });
    await expect(desk.run(sie(...ver(1, 1)), { book: 'pa' })).rejects.toMatchObject({ refusal: 'profile-fixed' });
    await desk.commands.handle(new EndProfile({ profile: 'erp' }), { caller: anna });
    await expect(desk.run(sie(...ver(1, 1)))).rejects.toMatchObject({ refusal: 'profile-ended' });
  });

  it('keeps struck and added lines as history: counted as ignored, never summed', async () => {
    desk = await Desk.open();
    const text = sie(
      '#VER A 1 20230314 "Rättad"',
      '{',
      '#BTRANS 7550 {} 5.00',
      '#RTRANS 7550 {20 9916} 7.00',
      '#TRANS 7550 {20 9916} 7.00',
      '#TRANS 2440 {} -7.00',
      '}',
    );
    const result = await desk.run(text);
    expect(result.counts).toMatchObject({ rows: 4, ignored: 2, withCode: 1, noCodeNeeded: 1 });
    expect(addsUp(result)).toBe(true);
    expect(desk.events()[0]).toMatchObject({ data: { counts: { ignored: 2 } } });
    expect(desk.vouchers()[0]!.lines).toHaveLength(2);
  });

  it('without numbers (4I) is recognised by what its vouchers say', async () => {
    desk = await Desk.open();
    const one = ver('', 1, { series: '' });
    expect(await desk.run(sie(...one, ...one))).toMatchObject({ vouchers: 2 });
    expect(await desk.run(sie(...one, ...ver('', 2, { series: '' }), ...one))).toMatchObject({ vouchers: 1, counts: { alreadyThere: 4 } });
  });

  it('in CP437, UTF-8 and Windows-1252 is the same book', async () => {
    const text = sie(...ver(1, 1, { text: 'Resor till Östersund, båt' }));
    const prints: (string | undefined)[] = [];
    for (const encoding of ['cp437', 'utf-8', 'windows-1252'] as const) {
      desk?.close();
      desk = await Desk.open();
      await desk.run(text, {}, encoding);
      prints.push(desk.vouchers()[0]!.fingerprint);
      expect(desk.events()[1]).toMatchObject({ annex: { vouchers: [{ text: 'Resor till Östersund, båt' }] } });
    }
    expect(new Set(prints).size).toBe(1);
  });

  it('that is a web page, or an unbalanced voucher, is refused in a sentence with its row', async () => {
    desk = await Desk.open();
    expect(saidOf((await desk.refused('<!DOCTYPE html><html>')).findings)).toEqual(['1 sie-html']);
    const refused = await desk.refused(sie('#VER A 1 20230314', '{', '#TRANS 7550 {} 1.00', '#TRANS 2440 {} -2.00', '}', ...ver(2, 1)));
    expect(saidOf(refused.findings)).toEqual(['5 sie-voucher-unbalanced']);
    expect(refused.message).toContain('första på rad 5');
    expect(desk.types()).toEqual(['ImportRefused', 'ImportRefused']);
    const lost = await desk.refused(sie('#VER A 1 20230314', '{', '#TRANS 7550 {} 1,0x', '#TRANS 2440 {} -1.00', '}'));
    expect(saidOf(lost.findings)).toEqual(['7 amount-malformed']);
  });

  it('of balances alone (types 1 to 3) is refused, and told what to export', async () => {
    desk = await Desk.open();
    const balances = sie('#RES 0 7550 1.00').replace('#SIETYP 4', '#SIETYP 3');
    expect((await desk.refused(balances)).findings).toEqual([{ row: 1, finding: 'sie-without-vouchers', facts: { type: '3' } }]);
  });

  it('with a day that does not exist is told of the day alone', async () => {
    desk = await Desk.open();
    expect(saidOf((await desk.refused(sie(...ver(1, 1, { date: '20230230' })))).findings)).toEqual(['5 sie-date-malformed']);
  });

  it.each(['', ' \r\n\t\r\n'])('that holds nothing but white space is empty (%j)', async (text) => {
    desk = await Desk.open();
    expect(saidOf((await desk.refused(text)).findings)).toEqual(['1 file-empty']);
  });

  it('asks no profile of the simple CSV, and the simple CSV takes no SIE file', async () => {
    desk = await Desk.open();
    await expect(desk.run(sie(...ver(1, 1)), { profile: null, book: 'erp' })).rejects.toMatchObject({
      findings: [{ row: 1, finding: 'file-not-by-profile', facts: { format: 'sie' } }],
    });
    await expect(desk.run('<html>', { profile: null, book: 'erp' })).rejects.toMatchObject({ findings: [{ row: 1, finding: 'sie-html' }] });
  });

  it('may have a series that is no letter: references write its bytes', async () => {
    desk = await Desk.open(by({ filter: { drop: [{ series: ['-'] }] } }));
    await desk.run(sie(...ver(1, 1, { series: '#' }), ...ver(1, 1, { series: '-' }), ...ver(1, 1, { series: '"A 1"' })));
    expect(desk.vouchers().map(({ ref }) => referenceText(ref))).toEqual(['erp-2023-%23-1', 'erp-2023-A%201-1']);
    expect(parseReference('erp-2023-%23-1')).toEqual(desk.vouchers()[0]!.ref);
    expect(saidOf((await desk.refused(sie(...ver(1, 1, { series: 'x'.repeat(17) })))).findings)).toEqual(['5 voucher-reference-malformed']);
  });

  it('of a series whose numbers come again is known by what it says, once the profile says so', async () => {
    const text = sie(
      ...ver(1, 1, { series: '#', date: '20230131' }),
      ...ver(1, 1, { series: '#', date: '20230228' }),
      ...ver(1, 1, { series: '#', date: '20230228' }),
      ...ver(1, 1),
    );
    desk = await Desk.open();
    expect(saidOf((await desk.refused(text)).findings)).toEqual(['10 file-voucher-split', '15 file-voucher-split']);
    desk.close();
    desk = await Desk.open(by({ unnumbered: ['#'] }));
    expect(await desk.run(text)).toMatchObject({ vouchers: 4, findings: [] });
    const numbers = desk.vouchers().map(({ ref }) => ref.number);
    expect(numbers[0]).toMatch(/^20230131\.[0-9a-f]{16}\.1$/);
    expect([new Set(numbers).size, numbers[2], numbers[3]]).toEqual([4, numbers[1]!.replace(/1$/, '2'), '1']);
    expect(await desk.run(sie(...ver(2, 7), ...ver(1, 1, { series: '#', date: '20230228' })))).toMatchObject({ vouchers: 1 });
  });

  it('is chosen by its series as the file writes it, or as references do, and a gap in the series names it so', async () => {
    for (const series of ['#', '%23']) {
      desk?.close();
      desk = await Desk.open(by({ filter: { keep: [{ series: [series] }] } }));
      await desk.run(sie(...ver(1, 1, { series: '#' }), ...ver(2, 1)));
      expect(desk.vouchers().map(({ ref }) => ref.series)).toEqual(['%23']);
    }
    desk.close();
    desk = await Desk.open(by({ period: { from: 'voucher-date', closingSeries: [{ series: 'B-1', month: 13 }] } }));
    const { findings } = await desk.run(sie(...ver(1, 1, { series: 'B-1' }), ...ver(3, 1, { series: 'B-1' })));
    expect(lineOf().period).toBe('2023-13');
    expect(findings).toEqual([{ row: 1, finding: 'finding-number-gap', facts: { series: 'B-1', from: 2, to: 2 } }]);
  });

  it('is refused on a line whose coding is longer than any coding is', async () => {
    desk = await Desk.open();
    const refused = await desk.refused(sie('#DIM 30 "x"', ...ver(1, 1, { objects: `30 ${'x'.repeat(2_000)}` })));
    expect(saidOf(refused.findings)).toEqual(['8 file-objects-too-long']);
  });
});

describe('the accounting period', () => {
  const period = async (reading: ProfileSettings['period'] & {}, ...records: string[]) => {
    desk?.close();
    desk = await Desk.open(by({ period: reading }));
    await desk.run(sie(...records));
    return lineOf().period;
  };
  const dated = ['#VER B 1 20230314 "x" 20230402', '{', '#TRANS 7550 {} 1.00 20230201', '#TRANS 2440 {} -1.00', '}'];

  it('is the month of the voucher’s date, of the line’s, or of the registration, as the profile says', async () => {
    expect(await period({ from: 'voucher-date' }, ...dated)).toBe('2023-03');
    expect(await period({ from: 'line-date' }, ...dated)).toBe('2023-02');
    expect(await period({ from: 'registered' }, ...dated)).toBe('2023-04');
    expect(await period({ from: 'registered' }, ...ver(1, 1))).toBe('2023-03');
  });
  it('is a closing period for the series of closing vouchers', async () => {
    const reading = { from: 'voucher-date', closingSeries: [{ series: 'B', month: 13 }] } as const;
    expect(await period(reading, ...dated)).toBe('2023-13');
    expect(await period(reading, ...ver(1, 1))).toBe('2023-03');
  });
  it('of another year than the file’s is refused, once for the year', async () => {
    desk = await Desk.open();
    const { findings } = await desk.refused(sie(...ver(1, 1, { date: '20240114' }), ...ver(2, 1, { date: '20241231' })));
    expect(findings).toMatchObject([{ row: 5, finding: 'file-other-years', facts: { rows: 4, year: 2024, asked: 2023 } }]);
  });
});

describe('the year of a file', () => {
  it('is none where it is refused and neither the user nor the file says it', async () => {
    const page = '<!DOCTYPE html><html><body>404</body></html>';
    await desk.refused(page);
    await desk.refused(page, { year: 2022 });
    await desk.refused(sie('#VER A 1 20230314', '{', '}'), { name: 'tom.se' });
    const refused = desk
      .events()
      .slice(-3)
      .map(({ type, data }) => [type, 'year' in data ? data.year : null]);
    expect(refused).toEqual([null, 2022, 2023].map((year) => ['ImportRefused', year]));
  });
  it('is the one it says, else that of its first voucher’s period, unless somebody says another', async () => {
    desk = await Desk.open();
    const bare = ['#SIETYP 4', ...ver(1, 1, { date: '20220314' })].join('\n');
    expect(await desk.run(bare)).toMatchObject({ year: 2022, book: 'erp' });
    expect(await desk.run(sie(...ver(1, 1)))).toMatchObject({ year: 2023 });
    expect(saidOf((await desk.refused(sie(...ver(2, 1)), { year: 2022 })).findings)).toEqual(['5 file-year-absent']);
  });
});

describe('a filter', () => {
  const filter = { keep: [{ place: { dimension: '20' }, codes: [{ from: '9900', to: '9999' }] }], drop: [{ series: ['L'] }] };
  const text = sie(
    ...ver(1, 100),
    ...ver(2, 200, { objects: '1 614' }),
    ...ver(1, 300, { series: 'L' }),
    ...ver(3, 400, { objects: '20 9929' }),
  );

  it('keeps whole vouchers, and of what it leaves out only how much it was', async () => {
    desk = await Desk.open(by({ filter }));
    const result = await desk.run(text);
    expect(result).toMatchObject({
      vouchers: 2,
      counts: { rows: 8, withCode: 2, noCodeNeeded: 2, leftOut: 4 },
      leftOut: { vouchers: 2, rows: 4, debitOre: '50000', creditOre: '-50000' },
      findings: [],
    });
    expect(addsUp(result)).toBe(true);
    expect(desk.events()[0]).toMatchObject({ data: { leftOut: { vouchers: 2 } } });
    expect(desk.vouchers().map(({ ref }) => ref.number)).toEqual(['1', '3']);
  });

  it.each<[string, NonNullable<ProfileSettings['filter']>, string[]]>([
    ['by account', { keep: [{ accounts: [{ from: '7600', to: '7699' }] }] }, ['4']],
    ['by series', { keep: [{ series: ['L'] }] }, ['9']],
    ['by whether a line has a grant code', { keep: [{ grantCode: true }] }, ['1', '9', '3']],
    ['by a line that speaks against it', { drop: [{ grantCode: true }] }, ['2', '4']],
    ['where everything named holds for one line', { keep: [{ grantCode: true, accounts: [{ from: '2440' }] }] }, []],
  ])('chooses %s', async (_, chosen, numbers) => {
    desk = await Desk.open(by({ filter: chosen }));
    const all = sie(
      ...ver(1, 1),
      ...ver(2, 1, { objects: '' }),
      ...ver(9, 1, { series: 'L' }),
      ...ver(3, 1),
      ...ver(4, 1, { account: '7600', objects: '' }),
    );
    const result = await desk.run(all);
    expect(desk.vouchers().map(({ ref }) => ref.number)).toEqual(numbers);
    expect(addsUp(result)).toBe(true);
  });

  it('that keeps chosen rows only leaves the rest out of the kept file, with the hash of the whole', async () => {
    desk = await Desk.open(by({ filter, keeps: 'chosen-rows' }));
    const named = text.replace(
      '#VER',
      '#DIM 7 "Anställd"\r\n#OBJEKT 7 19121212 "Karin Larsson"\r\n#OBJEKT 20 9916 "Nära vård"\r\n#RES 0 7550 1000.00\r\n#VER',
    );
    const { sha256 } = await desk.run(named);
    const { data } = desk.events()[0] as ImportOpened;
    const kept256 = data.keptSha256!;
    expect(data.sha256).toBe(sha256);
    expect(desk.kept()).toEqual([kept256]);
    const kept = readFileSync(desk.imports.original(kept256)!, 'latin1');
    expect(kept).toBe(
      sie('#DIM 7 "Anst\u0084lld"', '#OBJEKT 20 9916 "N\u0084ra v\u0086rd"', ...ver(1, 100), ...ver(3, 400, { objects: '20 9929' })),
    );
    expect(desk.imports.original(sha256)).toBe(null);
    expect(await desk.run(kept, { name: 'valda.se' })).toMatchObject({ outcome: 'nothing-new' });
    expect(await desk.run(named)).toMatchObject({ outcome: 'already-imported' });
  });

  it('keeps the same rows of a file whose line ends change midway', async () => {
    desk = await Desk.open(by({ filter, keeps: 'chosen-rows' }));
    await desk.run(text.replaceAll('\r\n#', '\r#').replaceAll('{\r', '{\r\n'));
    const { keptSha256 } = (desk.events()[0] as ImportOpened).data;
    const kept = readFileSync(desk.imports.original(keptSha256!)!, 'latin1');
    expect(kept.split(/\r\n?/)).toEqual(sie(...ver(1, 100), ...ver(3, 400, { objects: '20 9929' })).split('\r\n'));
  });

  it('cannot keep chosen rows of a file where one voucher begins on the line where another ends', async () => {
    desk = await Desk.open(by({ filter, keeps: 'chosen-rows' }));
    const joined = text.replace('}\r\n#VER A 2', '} #VER A 2');
    expect(saidOf((await desk.refused(joined)).findings)).toEqual(['9 file-rows-not-separable']);
  });
});

describe('while a profile’s import is open', () => {
  it('the profile stays as it is, and posting by hand goes on', async () => {
    desk = await Desk.open();
    const by = { caller: anna };
    await desk.commands.handle(new RegisterGrant({ grant: '9930', name: 'x', validFrom: '2023-01-01' }), by);
    const running = desk.run(sie(...Array.from({ length: 3_000 }, (_, i) => ver(i + 1, i + 1)).flat()));
    await desk.commands.handle(cost(100), by);
    expect(await running).toMatchObject({ vouchers: 3_000 });
  });
});
