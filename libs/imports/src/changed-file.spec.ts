/** A file that was changed and sent again: what it would change is listed, waits for consent to exactly that, and becomes corrections. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClosePeriod, CorrectVoucher, RecodeCost, RetireGrant, type Command, type Reference } from '#ledger';
import { anna, csv, costRows } from './given.js';
import { addsUp, alone, Desk, saidOf, settings, sie, ver } from './profile-given.js';

let desk: Desk;
beforeEach(async () => void (desk = await Desk.open()));
afterEach(() => desk.close());

const before = sie(...ver(1, 100), ...ver(2, 200), ...ver(3, 300));
const after = sie(...ver(1, 100), ...ver(2, 250), ...ver(3, 300));
const erp = (number: string, version = 1, series = 'A'): Reference => ({ book: 'erp', year: 2023, series, number, version });
const by = { caller: anna };
const handle = (command: Command) => desk.commands.handle(command, by);
describe('a changed file', () => {
  it('is refused with what it would change and the consent that this needs; nothing is stored but that', async () => {
    await desk.run(before);
    const figures = desk.figures();
    const refused = await desk.refused(after);
    expect(refused).toMatchObject({
      refusal: 'file-asks-consent',
      findingsInAll: 1,
      findings: [
        {
          row: 10,
          finding: 'file-voucher-changed',
          facts: { voucher: 'erp-2023-A-2', difference: expect.stringMatching(/200,00 → 250,00/) },
        },
      ],
      consent: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    expect(refused.message).toContain(refused.consent);
    expect(desk.types().slice(3)).toEqual(['ImportRefused']);
    expect(desk.figures()).toEqual(figures);
  });

  it('shows the same list, and what it would move, in a dry run', async () => {
    await desk.run(before);
    const tried = await desk.run(after, { dryRun: true });
    const refused = await desk.refused(after);
    expect(tried).toMatchObject({
      outcome: 'dry-run',
      ...{ vouchers: 0, corrections: 1, consent: refused.consent, asks: refused.findings },
      effects: [{ grant: '9916', unit: '614', effect: 'cost', amountOre: 5_000 }],
    });
    expect(addsUp(tried)).toBe(true);
  });

  it('that says again what it once said is read again, and not held to be there already', async () => {
    await desk.run(before);
    await desk.consented(after);
    await desk.consented(before);
    expect(desk.figures()).toEqual(await alone(before));
    expect(await desk.run(before)).toMatchObject({ outcome: 'already-imported' });
    await desk.consented(after);
    expect(desk.figures()).toEqual(await alone(after));
  });

  it('asks with what it would take back of people’s own work; consent given before that was done is no consent to it', async () => {
    await desk.run(before);
    const { consent } = await desk.refused(after);
    await handle(new RecodeCost({ voucher: erp('2'), line: 1, from: { grant: '9916' }, to: [{ grant: '9929', amountOre: 100 }], eventDate: '2023-03-20', text: 'Rätt bidrag' } as never)); // prettier-ignore
    const again = await desk.refused(after, { consent: consent! });
    expect(again.consent).not.toBe(consent);
    expect(again.findings.map(({ finding }) => finding)).toContain('finding-recoding-taken-back');
    expect(await desk.run(after, { dryRun: true })).toMatchObject({ asks: again.findings });
  });

  it('becomes, with consent, a reversal and a replacement: the number’s next versions, in one import', async () => {
    await desk.run(before);
    const result = await desk.consented(after);
    expect(result).toMatchObject({
      outcome: 'imported',
      vouchers: 0,
      corrections: 1,
      counts: { rows: 6, withCode: 1, noCodeNeeded: 1, alreadyThere: 4 },
    });
    expect(addsUp(result)).toBe(true);
    expect(desk.types().slice(3)).toEqual(['ImportOpened', 'VoucherCorrected', 'ImportClosed']);
    expect(desk.events()[3]).toMatchObject({ data: { corrections: 1, vouchers: 0 } });
    expect(desk.events()[4]).toMatchObject({
      data: {
        corrects: erp('2'),
        vouchers: [
          { ref: erp('2', 2), reverses: erp('2') },
          { ref: erp('2', 3), replaces: erp('2'), act: 'import' },
        ],
      },
      annex: { reason: 'ändrad i filen mars.se' },
    });
    expect(desk.figures()).toEqual(await alone(after));
  });

  it('goes through for exactly the list that was consented to', async () => {
    await desk.run(before);
    const { consent } = await desk.run(after, { dryRun: true });
    const more = sie(...ver(1, 100), ...ver(2, 250), ...ver(3, 350));
    expect((await desk.refused(more, { consent: consent! })).consent).not.toBe(consent);
    expect((await desk.refused(after, { consent: '000000000000' })).consent).toBe(consent);
    expect(await desk.run(after, { consent: consent! })).toMatchObject({ outcome: 'imported' });
  });

  it('imported again is nothing, and a change of the change is the number’s next versions', async () => {
    await desk.run(before);
    await desk.consented(after);
    expect(await desk.run(after)).toMatchObject({ outcome: 'already-imported' });
    const third = sie(...ver(1, 100), ...ver(2, 275), ...ver(3, 300));
    await desk.consented(third);
    expect(desk.events().at(-2)).toMatchObject({ data: { corrects: erp('2', 3), vouchers: [{ ref: erp('2', 4) }, { ref: erp('2', 5) }] } });
    expect(desk.figures()).toEqual(await alone(third));
    await desk.consented(before, { name: 'tillbaka.se' }).then(({ outcome }) => expect(outcome).toBe('imported'));
    expect(desk.figures()).toEqual(await alone(before));
  });

  it('brings its new vouchers in the same import', async () => {
    await desk.run(before);
    const grown = sie(...ver(1, 101), ...ver(2, 200), ...ver(3, 300), ...ver(4, 400));
    expect(await desk.consented(grown)).toMatchObject({ vouchers: 1, corrections: 1 });
    expect(desk.types().slice(3)).toEqual(['ImportOpened', 'VouchersImported', 'VoucherCorrected', 'ImportClosed']);
    expect(desk.figures()).toEqual(await alone(grown));
  });

  it('of the simple CSV asks in the same way', async () => {
    const simple = { profile: null, book: 'enkel', name: 'mars.csv' };
    await desk.run(csv(...costRows('1', 100), ...costRows('2', 200)), simple, 'utf-8');
    const changed = csv(...costRows('1', 100), ...costRows('2', 201));
    await expect(desk.run(changed, simple, 'utf-8')).rejects.toMatchObject({ findings: [{ row: 4, finding: 'file-voucher-changed' }] });
    const { consent } = await desk.imports.importFile(once(changed), { ...by, ...simple, dryRun: true });
    expect(await desk.imports.importFile(once(changed), { ...by, ...simple, consent: consent! })).toMatchObject({ corrections: 1 });
    expect(desk.figures()).toMatchObject({ '7550 614 – cost 2023-03': '30100' });
  });

  it('whose lines are all struck in a voucher takes it back', async () => {
    await desk.run(before);
    const struck = sie(
      ...ver(1, 100),
      '#VER A 2 20230314 "Resor"',
      '{',
      '#BTRANS 7550 {} 200.00',
      '#BTRANS 2440 {} -200.00',
      '}',
      ...ver(3, 300),
    );
    const result = await desk.consented(struck);
    expect([result.corrections, addsUp(result)]).toEqual([1, true]);
    expect(desk.figures()).toEqual(await alone(struck));
  });
});

describe('a changed voucher', () => {
  it('in a closed period is corrected in the first open one', async () => {
    await desk.run(before);
    for (const period of ['2023-03', '2023-04']) await handle(new ClosePeriod({ period }));
    await desk.consented(after);
    expect(desk.figures()).toMatchObject({ '7550 614 9916 cost 2023-03': '60000', '7550 614 9916 cost 2023-05': '5000' });
  });

  it('that moved to another number in a closed period is asked about, and corrected in the first open one; a new voucher there is refused', async () => {
    await desk.run(before);
    await handle(new ClosePeriod({ period: '2023-03' }));
    const moved = [...ver(1, 100), ...ver(3, 300), ...ver(4, 200)];
    const refused = await desk.refused(sie(...moved, ...ver(5, 500)));
    expect([refused.refusal, saidOf(refused.findings)]).toEqual(['file-refused', ['22 period-closed', '23 period-closed']]);
    expect(saidOf((await desk.refused(sie(...moved))).findings)).toEqual(['15 file-voucher-moved']);
    const figures = desk.figures();
    expect(await desk.consented(sie(...moved))).toMatchObject({ vouchers: 0, corrections: 1 });
    expect(desk.figures()).toEqual(figures);
  });

  it('that was recoded here is taken back where it stands, and the recoding returns as a finding', async () => {
    await desk.run(before);
    await handle(
      new RecodeCost({
        voucher: erp('2'),
        line: 1,
        from: { grant: '9916' },
        to: [{ grant: '9929', amountOre: 20_000 }],
        eventDate: '2023-03-30',
        text: 'Efter beslut',
      }),
    );
    await desk.consented(after);
    expect(desk.figures()).toMatchObject({ '7550 614 9916 cost 2023-03': '65000' });
    expect(desk.events().flatMap(({ type, data }) => (type === 'FindingsRecorded' ? saidOf(data.findings) : []))).toEqual([
      '12 finding-recoding-taken-back',
    ]);
  });

  it('that was corrected here is not taken back twice, and our own correction is named', async () => {
    await desk.run(before);
    await handle(new CorrectVoucher({ voucher: erp('2'), reason: 'Fel bidrag', eventDate: '2023-03-20' }));
    await desk.consented(after);
    expect(desk.figures()).toMatchObject({ '7550 614 9916 cost 2023-03': '65000' });
    expect(desk.events().flatMap(({ type, data }) => (type === 'FindingsRecorded' ? data.findings : []))).toMatchObject([
      { finding: 'finding-corrected-here', facts: { own: 'own-2023-1' } },
    ]);
  });

  it('that somebody corrects or recodes while the import is open overtakes it: nothing of it counts', async () => {
    const many = (kronor: number) => sie(...Array.from({ length: 500 }, (_, i) => ver(i + 1, kronor)).flat());
    await desk.run(many(10));
    const figures = desk.figures();
    const { consent } = await desk.run(many(11), { dryRun: true });
    const corrected: Promise<unknown>[] = [];
    const chunks = once(many(11));
    await expect(
      desk.imports.importFile(chunks, { ...by, profile: 'erp', name: 'x.se', consent: consent! }, ({ stage }) => {
        if (stage === 'posting' && corrected.length === 0)
          corrected.push(handle(new CorrectVoucher({ voucher: erp('1'), reason: 'x', eventDate: '2023-03-20' })));
      }),
    ).rejects.toMatchObject({ refusal: expect.stringMatching(/import-overtaken|already-corrected/) });
    await Promise.all(corrected);
    expect(desk.types().at(-1)).toBe('ImportAbandoned');
    expect(desk.figures()).not.toEqual(figures);
    expect(desk.vouchers().filter(({ ref }) => ref.book === 'erp' && ref.version > 1)).toEqual([]);
    expect((await desk.consented(many(11))).outcome).toBe('imported');
    expect(desk.figures()).toMatchObject({ '7550 614 9916 cost 2023-03': '550000' });
  });
});

describe('a voucher that has moved', () => {
  it('to another series is told from a new one, and stands once', async () => {
    await desk.run(before);
    const renamed = before.replaceAll('#VER A', '#VER LEV');
    const refused = await desk.refused(renamed);
    expect(refused.findings).toMatchObject([
      { row: 5, finding: 'file-voucher-moved', facts: { voucher: 'erp-2023-LEV-1', from: 'erp-2023-A-1' } },
      { row: 10, finding: 'file-voucher-moved' },
      { row: 15, finding: 'file-voucher-moved' },
    ]);
    const result = await desk.consented(renamed);
    expect(result).toMatchObject({ vouchers: 0, corrections: 3 });
    expect(addsUp(result)).toBe(true);
    expect(desk.figures()).toEqual(await alone(renamed));
    expect(desk.commands.ledger.standing(erp('1'))).toBe(null);
    expect(desk.commands.ledger.standing(erp('1', 1, 'LEV'))).toMatchObject({ version: 1 });
    expect(await desk.run(renamed)).toMatchObject({ outcome: 'already-imported' });
    expect(await desk.run(sie(...ver(3, 300, { series: 'LEV' })))).toMatchObject({ outcome: 'nothing-new' });
  });

  it('to another number is told in a file with new ones too', async () => {
    await desk.run(before);
    const moved = sie(...ver(1, 100), ...ver(3, 300), ...ver(4, 400), ...ver(7, 200));
    expect(saidOf((await desk.refused(moved)).findings)).toEqual(['20 file-voucher-moved']);
    expect(await desk.consented(moved)).toMatchObject({ vouchers: 1, corrections: 1 });
    expect(desk.figures()).toEqual(await alone(moved));
  });

  it('is the one of its own series, where others say the same', async () => {
    await desk.run(sie(...ver(1, 100), ...ver(2, 200), ...ver(3, 300), ...ver(1, 1, { series: 'B' }), ...ver(2, 200, { series: 'B' })));
    const moved = sie(...ver(1, 100), ...ver(3, 300), ...ver(4, 200), ...ver(1, 1, { series: 'B' }), ...ver(3, 200, { series: 'B' }));
    expect((await desk.refused(moved)).findings.map(({ facts }) => `${facts['from']} → ${facts['voucher']}`)).toEqual([
      'erp-2023-A-2 → erp-2023-A-4',
      'erp-2023-B-2 → erp-2023-B-3',
    ]);
  });

  it('is not told from a new one that says the same while the old one is still in the file', async () => {
    await desk.run(before);
    const twice = sie(...ver(1, 100), ...ver(2, 200), ...ver(3, 300), ...ver(4, 300));
    expect(await desk.run(twice)).toMatchObject({ outcome: 'imported', vouchers: 1, corrections: 0, asks: [] });
  });

  it('is not told from one that says the same in a later file; that is worth a look', async () => {
    await desk.run(before);
    const later = sie(...ver(4, 400), ...ver(5, 200), ...ver(6, 600));
    expect(await desk.run(later)).toMatchObject({
      ...{ vouchers: 3, corrections: 0, asks: [] },
      findings: [{ finding: 'finding-voucher-alike', facts: { voucher: 'erp-2023-A-5', from: 'erp-2023-A-2' } }],
    });
  });

  it('may be a new one that says the same, where the accountant says so: both count, and who said it is kept', async () => {
    await desk.run(before);
    const again = sie(...ver(4, 200));
    expect(saidOf((await desk.refused(again)).findings)).toEqual(['5 file-voucher-moved']);
    const asNew = [{ voucher: 'erp-2023-A-4', from: 'erp-2023-A-2' }];
    expect(await desk.run(again, { asNew: ['erp-2023-A-4'], dryRun: true })).toMatchObject({ asNew, asks: [], vouchers: 1 });
    expect(await desk.run(again, { asNew: ['erp-2023-A-4'] })).toMatchObject({ outcome: 'imported', asNew, vouchers: 1 });
    expect(desk.events().find(({ type }, i) => type === 'ImportOpened' && i > 3)).toMatchObject({ data: { asNew } });
    expect(desk.figures()).toMatchObject({ '7550 614 9916 cost 2023-03': '80000' });
    expect(await desk.run(again)).toMatchObject({ outcome: 'already-imported' });
    expect(await desk.run(sie(...ver(4, 200), ...ver(5, 1)))).toMatchObject({ vouchers: 1, asks: [] });
  });

  it('and others of the file that are new are told apart, one by one', async () => {
    await desk.run(before);
    const file = sie(...ver(11, 100), ...ver(12, 200));
    const { asks } = await desk.run(file, { dryRun: true, asNew: ['erp-2023-A-11'] });
    expect(asks).toMatchObject([{ row: 10, finding: 'file-voucher-moved', facts: { from: 'erp-2023-A-2' } }]);
    expect(await desk.consented(file, { asNew: ['erp-2023-A-11'] })).toMatchObject({ vouchers: 1, corrections: 1 });
    expect(desk.figures()).toMatchObject({ '7550 614 9916 cost 2023-03': '70000' });
  });

  it('leaves the known one to the next that says the same', async () => {
    await desk.run(before);
    const file = sie(...ver(1, 100), ...ver(3, 300), ...ver(4, 200), ...ver(5, 200), ...ver(6, 200));
    const asked = async (...asNew: string[]) => (await desk.run(file, { asNew, dryRun: true })).asks.map(({ facts }) => facts['voucher']);
    expect(await asked()).toEqual(['erp-2023-A-4']);
    expect(await asked('erp-2023-A-4')).toEqual(['erp-2023-A-5']);
    expect(await asked('erp-2023-A-4', 'erp-2023-A-5')).toEqual(['erp-2023-A-6']);
    await desk.consented(file, { asNew: ['erp-2023-A-4'] });
    expect(desk.figures()).toEqual(await alone(file));
  });

  it('is only what the file asks about: nothing else can be said to be new', async () => {
    await desk.run(before);
    const refusal = { refusal: 'voucher-not-asked-about', facts: { voucher: 'erp-2023-A-2' } };
    await expect(desk.run(after, { asNew: ['erp-2023-A-2'] })).rejects.toMatchObject(refusal);
    await expect(desk.run(after, { asNew: ['A2'] })).rejects.toMatchObject({ refusal: 'voucher-reference-malformed' });
    expect(desk.types().slice(3)).toEqual([]);
  });

  it('and comes back to its first number, in the first file again, counts once', async () => {
    await desk.run(before);
    await desk.consented(sie(...ver(1, 100), ...ver(3, 300), ...ver(7, 200)));
    expect(saidOf((await desk.refused(before)).findings)).toEqual(['10 file-voucher-moved']);
    await desk.consented(before);
    expect(desk.figures()).toEqual(await alone(before));
    expect(desk.commands.ledger.standing(erp('2'))).toMatchObject({ version: 3 });
  });

  it('leaves its number behind: with consent another voucher takes it, as its next version', async () => {
    await desk.run(before);
    await desk.consented(sie(...ver(1, 100), ...ver(3, 300), ...ver(7, 200)));
    const taken = sie(...ver(1, 100), ...ver(2, 999), ...ver(3, 300), ...ver(7, 200));
    expect(saidOf((await desk.refused(taken)).findings)).toEqual(['10 file-voucher-changed']);
    expect(await desk.consented(taken)).toMatchObject({ vouchers: 0, corrections: 1 });
    expect(desk.events().at(-2)).toMatchObject({ data: { corrects: erp('2'), vouchers: [{ ref: erp('2', 3), replaces: erp('2') }] } });
    expect(desk.figures()).toEqual(await alone(taken));
  });
});

describe('a voucher that is gone', () => {
  it('between others of its series is a finding, and stands', async () => {
    await desk.run(before);
    const result = await desk.run(sie(...ver(1, 100), ...ver(3, 300)));
    expect(result).toMatchObject({ outcome: 'imported', vouchers: 0 });
    expect(result.findings).toEqual([{ row: 1, finding: 'finding-voucher-gone', facts: { voucher: 'erp-2023-A-2' } }]);
    expect(desk.figures()).toEqual(await alone(before));
  });
  it('is named by the version that stands, which is the one to correct', async () => {
    await desk.run(before);
    await desk.consented(after);
    expect((await desk.run(sie(...ver(1, 100), ...ver(3, 300)))).findings).toMatchObject([{ facts: { voucher: 'erp-2023-A-2~3' } }]);
    expect((await desk.run(sie(...ver(4, 400), ...ver(5, 250), ...ver(6, 1)))).findings).toMatchObject([
      { facts: { from: 'erp-2023-A-2~3' } },
    ]);
  });
  it('and that somebody has taken back here since is missed no more', async () => {
    await desk.run(before);
    await handle(new CorrectVoucher({ voucher: erp('2'), reason: 'Borttagen i ekonomisystemet', eventDate: '2023-03-20' }));
    expect(await desk.run(sie(...ver(1, 100), ...ver(3, 300)))).toMatchObject({ outcome: 'nothing-new', findings: [] });
  });
  it('by its number, but of another month than the file, is in the file of that month', async () => {
    const [january, february] = ['20230131', '20230215'].map((date) => ({ date })) as [object, object];
    await desk.run(sie(...ver(1, 100, january), ...ver(3, 300, january)));
    expect(await desk.run(sie(...ver(2, 200, february), ...ver(4, 400, february)))).toMatchObject({ vouchers: 2, findings: [] });
    expect((await desk.run(sie(...ver(1, 100, january), ...ver(4, 400, february)))).findings).toMatchObject([
      { finding: 'finding-voucher-gone', facts: { voucher: 'erp-2023-A-2' } },
      { finding: 'finding-voucher-gone', facts: { voucher: 'erp-2023-A-3' } },
    ]);
  });
  it('outside the numbers of the file is none of its business', async () => {
    await desk.run(before);
    expect(await desk.run(sie(...ver(2, 200)))).toMatchObject({ outcome: 'nothing-new', findings: [] });
  });
  it('because the filter leaves it out is in the file all the same', async () => {
    desk.close();
    desk = await Desk.open([['2020-01-01', { ...settings, filter: { drop: [{ series: ['B'] }, { accounts: [{ from: '7600' }] }] } }]]);
    const text = sie(...ver(1, 1), ...ver(2, 1, { account: '7600' }), ...ver(3, 1));
    expect((await desk.run(text)).findings).toEqual([]);
    expect((await desk.run(`${text}#GEN 20240105\r\n`)).findings).toEqual([]);
  });
});

describe('a file that says that it was imported before (#FLAGGA 1)', () => {
  const flagged = before.replace('#FLAGGA 0', '#FLAGGA 1');
  it('asks for consent where it is not known, and goes in with it', async () => {
    const refused = await desk.refused(flagged);
    expect(refused).toMatchObject({ refusal: 'file-asks-consent', findings: [{ row: 1, finding: 'sie-flag-set' }] });
    expect(await desk.run(flagged, { consent: refused.consent! })).toMatchObject({ outcome: 'imported', vouchers: 3 });
    expect(await desk.run(flagged)).toMatchObject({ outcome: 'already-imported' });
  });
  it('says no more than that it asks, for it changes nothing that is there', async () => {
    const refused = await desk.refused(flagged);
    expect([refused.in('sv'), refused.in('en')]).toEqual([
      expect.stringContaining('den kräver ditt medgivande (antal: 1)'),
      expect.stringContaining('it asks for your consent (count: 1)'),
    ]);
  });
  it('asks nothing where everything in it is there already', async () => {
    await desk.run(before);
    expect(await desk.run(flagged)).toMatchObject({ outcome: 'nothing-new', asks: [] });
  });
});

describe('an import with corrections', () => {
  it('of a voucher larger than any event goes in as well, in parts, and comes to what the file says', async () => {
    const pay = (each: string, lines = 5_000) => [
      '#VER A 1 20230325 "Lön mars"',
      '{',
      ...Array.from({ length: lines }, () => `#TRANS 7550 {1 614 20 9916} ${each} "" "Månadslön"`),
      `#TRANS 2440 {1 614} ${(-Number(each) * lines).toFixed(2)}`,
      '}',
    ];
    await desk.run(sie(...pay('100.00'), ...ver(2, 200)));
    await handle(new RecodeCost({ voucher: erp('1'), line: 7, to: [{ grant: '9929' }], eventDate: '2023-05-02', text: 'x' }));
    const result = await desk.consented(sie(...pay('110.00'), ...ver(2, 250)));
    expect(result).toMatchObject({ outcome: 'imported', corrections: 2 });
    expect(desk.types().filter((type) => type === 'VoucherCorrected').length).toBeGreaterThan(5);
    const figures = await alone(sie(...pay('110.00'), ...ver(2, 250)));
    expect(Object.entries(desk.figures()).filter(([, ore]) => ore !== '0')).toEqual(Object.entries(figures));
    expect(await desk.run(sie(...pay('110.00'), ...ver(2, 250)))).toMatchObject({ outcome: 'already-imported' });
  });
  it('that the register overtakes before its close leaves everything as it was, and its original gone with it or kept', async () => {
    await desk.run(sie(...ver(1, 100, { objects: '' })));
    const text = sie(
      ...ver(1, 150, { objects: '' }),
      ...Array.from({ length: 2_000 }, (_, i) => ver(i + 2, 1, { objects: '20 9929' })).flat(),
    );
    const { consent } = await desk.run(text, { dryRun: true });
    const ended: Promise<unknown>[] = [];
    const request = { ...by, profile: 'erp', name: 'x.se', consent: consent! };
    await expect(
      desk.imports.importFile(once(text), request, ({ stage }) => {
        if (stage === 'posting' && ended.length === 0) ended.push(handle(new RetireGrant({ grant: '9929', lastDay: '2023-12-31' })));
      }),
    ).rejects.toMatchObject({ refusal: 'import-overtaken' });
    await Promise.all(ended);
    expect(desk.figures()).toEqual(await alone(sie(...ver(1, 100, { objects: '' }))));
  });
});

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
