/** Vouchers that the file does not number (4I): a changed one is not booked beside the old in silence, and one that is new is not lost. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClosePeriod, Ledger, referenceText } from '#ledger';
import { Comparison } from './comparison.js';
import { anna } from './given.js';
import { addsUp, alone, Desk, saidOf, settings, sie, ver, type Said } from './profile-given.js';

let desk: Desk;
beforeEach(async () => void (desk = await Desk.open()));
afterEach(() => desk.close());

/** A file of type 4I, whose vouchers the receiver numbers. */
const unnumbered = (...vouchers: readonly (readonly [kronor: number, said?: Said])[]): string =>
  sie(...vouchers.flatMap(([kronor, said]) => ver('', kronor, { series: '', ...said }))).replace('#SIETYP 4', '#SIETYP 4I');
const day = (date: string): Said => ({ date });
const march = unnumbered([100, day('20230301')], [200, day('20230314')], [300, day('20230331')]);
const changed = unnumbered([100, day('20230301')], [250, day('20230314')], [300, day('20230331')]);

const references = () => desk.vouchers().map(({ ref }) => referenceText(ref));

describe('a voucher without a number', () => {
  it('goes under its day, and the same file again is nothing', async () => {
    await desk.run(march);
    expect(references()[0]).toMatch(/^erp-2023--20230301\.[0-9a-f]{16}\.1$/);
    expect(await desk.run(`${march}#GEN 20230401\r\n`)).toMatchObject({ outcome: 'nothing-new' });
  });

  it('that comes changed is asked about, with what is said otherwise, and with consent takes the place of the old', async () => {
    await desk.run(march);
    const refused = await desk.refused(changed);
    expect(refused.findings).toEqual([
      {
        row: 10,
        finding: 'file-voucher-changed-unnumbered',
        facts: {
          voucher: expect.stringMatching(/^erp-2023--20230314\./),
          from: references()[1],
          difference: expect.stringContaining('200,00 → 250,00'),
        },
      },
    ]);
    const result = await desk.run(changed, { consent: refused.consent! });
    expect(result).toMatchObject({ outcome: 'imported', vouchers: 0, corrections: 1 });
    expect(addsUp(result)).toBe(true);
    expect(desk.figures()).toEqual(await alone(changed));
    expect(await desk.run(`${changed}#GEN 20230401\r\n`)).toMatchObject({ outcome: 'nothing-new' });
  });

  it('that comes changed in a closed period is asked about, and corrected in the first open one', async () => {
    await desk.run(march);
    await desk.commands.handle(new ClosePeriod({ period: '2023-03' }), { caller: anna });
    expect(saidOf((await desk.refused(changed)).findings)).toEqual(['10 file-voucher-changed-unnumbered']);
    await desk.consented(changed);
    expect(desk.figures()).toMatchObject({ '7550 614 9916 cost 2023-03': '60000', '7550 614 9916 cost 2023-04': '5000' });
  });

  it('that comes changed again, and then as it once was, counts once each time', async () => {
    await desk.run(march);
    const third = unnumbered([100, day('20230301')], [275, day('20230314')], [300, day('20230331')]);
    for (const text of [changed, third, march, changed]) {
      await desk.consented(text, { name: 'mars.si' });
      expect(desk.figures()).toEqual(await alone(text));
    }
  });

  it('is new where the accountant says so, and a file that says it again only misses the old one', async () => {
    await desk.run(march);
    const [voucher] = (await desk.refused(changed)).findings.map(({ facts }) => String(facts['voucher']));
    const result = await desk.run(changed, { asNew: [voucher!] });
    expect(result).toMatchObject({ outcome: 'imported', vouchers: 1, corrections: 0, asNew: [{ voucher }] });
    expect(desk.figures()).toMatchObject({ '7550 614 9916 cost 2023-03': '85000' });
    const { vouchers, findings } = await desk.run(`${changed}#GEN 20230401\r\n`);
    expect([vouchers, saidOf(findings)]).toEqual([0, ['1 finding-voucher-gone']]);
    expect(await desk.run(changed)).toMatchObject({ outcome: 'already-imported' });
  });

  it('is paired with the one that it is most like of several of its day', async () => {
    const text = (...kronor: readonly [number, string, string][]) =>
      unnumbered(
        [1, day('20230301')],
        ...kronor.map(([amount, words, account]) => [amount, { text: words, account, date: '20230314' }] as const),
      );
    await desk.run(text([100, 'Taxi', '7550'], [200, 'Hotell', '7550'], [300, 'Hotell', '7600']));
    const { findings } = await desk.refused(text([301, 'Hotell', '7600'], [201, 'Hotell', '7550'], [101, 'Buss', '7550']));
    expect(findings.map(({ facts }) => String(facts['difference']).split(';')[0])).toEqual([
      '7600 614 9916: 300,00 → 301,00',
      '7550 614 9916: 200,00 → 201,00',
      '7550 614 9916: 100,00 → 101,00',
    ]);
  });

  it('alone in its file and changed is asked about where day, text and accounts are the same, and worth a look where two of them are', async () => {
    await desk.run(unnumbered([200]));
    expect(saidOf((await desk.refused(unnumbered([250]))).findings)).toEqual(['5 file-voucher-changed-unnumbered']);
    const { outcome, findings } = await desk.run(unnumbered([250, { text: 'Hotell' }]));
    expect([outcome, saidOf(findings)]).toEqual(['imported', ['1 finding-voucher-like']]);
    expect((await desk.run(unnumbered([250, { text: 'Taxi', account: '7600' }]))).findings).toEqual([]);
  });

  it('among others of a later file, and like a known one of its day, is new, and worth a look', async () => {
    await desk.run(march);
    const later = unnumbered([250, day('20230314')], [1, day('20230401')], [2, day('20230402')]);
    expect(await desk.run(later)).toMatchObject({
      vouchers: 3,
      findings: [{ finding: 'finding-voucher-like', facts: { from: references()[1] } }],
    });
  });

  it('for its series’ numbers come again is asked about as one that the file does not number', async () => {
    desk.close();
    desk = await Desk.open([['2020-01-01', { ...settings, unnumbered: ['#'] }]]);
    const series = (...kronor: readonly number[]) =>
      sie(...kronor.flatMap((each, i) => ver(1, each, { series: '#', date: `2023030${i + 1}` })));
    await desk.run(series(100, 200, 300));
    expect(references()[0]).toMatch(/^erp-2023-%23-20230301\.[0-9a-f]{16}\.1$/);
    expect(saidOf((await desk.refused(series(100, 250, 300))).findings)).toEqual(['10 file-voucher-changed-unnumbered']);
    await desk.consented(series(100, 250, 300));
    expect(desk.figures()).toMatchObject({ '7550 614 9916 cost 2023-03': '65000' });
  });

  it('that the ERP has taken away is missed where others of its import are in the file', async () => {
    await desk.run(march);
    const { findings } = await desk.run(unnumbered([100, day('20230301')], [300, day('20230331')]));
    expect(findings).toEqual([{ row: 1, finding: 'finding-voucher-gone', facts: { voucher: references()[1] } }]);
    expect(desk.figures()).toEqual(await alone(march));
  });

  it('of another month than those of the file, or of another file of the same days, is not missed', async () => {
    const [one, two] = [
      [100, day('20230301')],
      [300, day('20230331')],
    ] as const;
    await desk.run(unnumbered(one, [200, day('20230214')], two));
    await desk.run(unnumbered([5_000, { date: '20230325', text: 'Lön', account: '7600' }]));
    expect(await desk.run(unnumbered(one, two))).toMatchObject({ outcome: 'nothing-new', findings: [] });
  });

  it('that another file says too is not counted again, and worth a look; what else that other file has is not missed', async () => {
    await desk.run(unnumbered([100, day('20230305')], [200, day('20230314')], [300, day('20230320')], [400, day('20230325')]));
    const other = unnumbered([1, day('20230302')], [200, day('20230314')], [2, day('20230331')]);
    const { vouchers, corrections, findings } = await desk.run(other);
    expect([vouchers, corrections, saidOf(findings)]).toEqual([2, 0, ['1 finding-voucher-there']]);
    expect(findings[0]!.facts).toEqual({ voucher: references()[1] });
  });

  it('that an earlier version of this program numbered without the day is the same voucher still', () => {
    const ledger = new Ledger();
    const [earlier, print] = ['0f1e2d3c4b5a6978.1', '0f1e2d3c4b5a6978'];
    ledger.numbers('erp', 2023).add('', earlier, 7, print);
    const comparison = new Comparison(ledger, 'erp', 2023, new Map(), new Set(), () => {});
    const met = (number: string) => comparison.meet(1, { series: '', number, date: '2023-03-14', text: 'Lön', lines: [] }, print);
    expect([met(`20230314.${earlier}`), met(`20230314.${print}.2`)]).toEqual(['there', 'new']);
  });
});
