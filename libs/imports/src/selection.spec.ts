/** A selection (urval): lines chosen by object or account, as the ERP's filtered lists are. They need not balance, and may stand apart. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ImportOpened, ProfileSettings } from '#ledger';
import { addsUp, Desk, saidOf, settings, sie } from './profile-given.js';

const selection: ProfileSettings = { ...settings, kind: 'selection', book: 'urval' };
let desk: Desk;
beforeEach(async () => void (desk = await Desk.open([['2020-01-01', selection]])));
afterEach(() => desk.close());

/** Lines of a voucher; a file may hold the same voucher in several places. */
const lines = (number: string, ...trans: string[]) => [`#VER A ${number} 20230314 "Lista"`, '{', ...trans, '}'];
const cost = (kronor: number, objects = '20 9916') => `#TRANS 7550 {${objects}} ${kronor.toFixed(2)}`;

describe('a selection', () => {
  it('counts without balancing, from its close', async () => {
    const result = await desk.run(sie(...lines('1', cost(100)), ...lines('2', cost(50))));
    expect(result).toMatchObject({ outcome: 'imported', kind: 'selection', book: 'urval', vouchers: 2, counts: { rows: 2, withCode: 2 } });
    expect(desk.events()[0]).toMatchObject({ type: 'ImportOpened', data: { kind: 'selection' } });
    expect(desk.figures()).toEqual({ '7550 614 9916 cost 2023-03': '15000' });
  });

  it('gathers the lines of a voucher that stand apart', async () => {
    const result = await desk.run(sie(...lines('1', cost(100)), ...lines('2', cost(50)), ...lines('1', cost(7), cost(8))));
    expect(result).toMatchObject({ vouchers: 2, counts: { rows: 4, withCode: 4 } });
    expect(desk.vouchers()[0]!.lines.map(({ amountOre }) => amountOre)).toEqual([10_000, 700, 800]);
    expect(addsUp(result)).toBe(true);
  });

  it('with a voucher’s lines in different months is refused, unless the period is the line’s own', async () => {
    const apart = [
      ...lines('1', cost(100)),
      ...lines('2', cost(50)),
      ...lines('1', cost(7)).map((line) => line.replace('20230314', '20230401')),
    ];
    expect((await desk.refused(sie(...apart))).findings).toMatchObject([
      { row: 15, finding: 'table-months-differ', facts: { voucher: 'A 1', first: '2023-03-14', date: '2023-04-01' } },
    ]);
    desk.close();
    desk = await Desk.open([['2020-01-01', { ...selection, period: { from: 'line-date' } }]]);
    await desk.run(sie(...apart));
    expect(desk.figures()).toEqual({ '7550 614 9916 cost 2023-03': '15000', '7550 614 9916 cost 2023-04': '700' });
  });

  it('is chosen line by line, and counts what was left out', async () => {
    desk.close();
    const filter = { keep: [{ grantCode: true }], drop: [{ accounts: [{ from: '7600', to: '7699' }] }] };
    desk = await Desk.open([['2020-01-01', { ...selection, filter, keeps: 'chosen-rows' }]]);
    const file = sie(
      ...lines('1', cost(100), cost(7, '1 614')),
      ...lines('2', cost(50, '')),
      ...lines('3', cost(1).replace('7550', '7600'), cost(2)),
    );
    const result = await desk.run(file);
    expect(result).toMatchObject({
      vouchers: 2,
      counts: { rows: 5, withCode: 2, leftOut: 3 },
      leftOut: { vouchers: 1, rows: 3, debitOre: '5800' },
    });
    expect(addsUp(result)).toBe(true);
    const { data } = desk.events()[0] as ImportOpened;
    const kept = readFileSync(desk.imports.original(data.keptSha256!)!, 'latin1');
    expect(kept).toBe(sie(...lines('1', cost(100)), ...lines('3', cost(2))));
  });

  it('that was changed asks for consent like any file, and no number is missed in it', async () => {
    await desk.run(sie(...lines('1', cost(100)), ...lines('5', cost(1))));
    const changed = sie(...lines('1', cost(110)), ...lines('9', cost(2)));
    expect(saidOf((await desk.refused(changed)).findings)).toEqual(['5 file-voucher-changed']);
    expect(await desk.consented(changed)).toMatchObject({ vouchers: 1, corrections: 1, findings: [] });
    expect(desk.figures()).toEqual({ '7550 614 9916 cost 2023-03': '11300' });
  });

  it('takes the ERP’s own totals with it', async () => {
    await desk.run(sie(...lines('1', cost(100))), { control: [{ account: '7550', grant: '9916', period: '2023-03', amountOre: 10_000 }] });
    expect(desk.types()).toEqual(['ImportOpened', 'ControlTotalsRecorded', 'VouchersImported', 'ImportClosed']);
  });

  it('is not begun with totals that are of nothing here, nor are whole vouchers with any', async () => {
    const total = { account: '7550', grant: '9999', period: '2023-03', amountOre: 1 };
    const file = sie(...lines('1', cost(100)));
    await expect(desk.run(file, { control: [total] })).rejects.toMatchObject({ refusal: 'grant-unknown' });
    expect(desk.events()).toEqual([]);
    desk.close();
    desk = await Desk.open();
    const whole = desk.run(file, { control: [{ ...total, grant: '9916' }] });
    await expect(whole).rejects.toMatchObject({ refusal: 'import-not-selection', facts: { import: 'mars.se' } });
    expect(desk.events()).toEqual([]);
  });

  it('of too many rows is refused once, not gathered', async () => {
    const one = `${lines('1', ...Array.from({ length: 1_000 }, () => cost(1))).join('\n')}\n`;
    const text = sie() + one.repeat(301);
    expect((await desk.refused(text)).findings).toMatchObject([{ finding: 'selection-too-large', facts: { most: 300_000 } }]);
  });
});
