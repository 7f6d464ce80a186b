/** The two published tables of 2023, to every printed digit: from öre that round so, and from the demo's figures. */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asPrinted, asPrintedTable } from './as-printed.js';
import { completeTable } from './complete.js';
import { grant, net } from './given.js';
import { printed } from './table.js';
import { textTable } from './text-table.js';

const demo = join(import.meta.dirname, '../../../../demo');
const expected = JSON.parse(readFileSync(join(demo, 'expected.json'), 'utf8')) as {
  scopes: { RS: Record<string, { grants: Record<string, { recognised: number; reallocated: number; cost: number }> }> };
  tablesTkr: Record<
    string,
    { income: [string, number][]; incomeTotal: number; cost: [string, number][]; costTotal: number; netTotal: number }
  >;
};
const names = new Map(
  (JSON.parse(readFileSync(join(demo, 'register.json'), 'utf8')) as { grants: { grant: string; name: string }[] }).grants.map(
    ({ grant: code, name }) => [code, name],
  ),
);
const demoNet = (time: '2023-05' | '2023', through: string) =>
  net(
    Object.entries(expected.scopes.RS[time]!.grants).map(([code, of]) =>
      grant(code, names.get(code)!, of, code === '9929' ? 'RS/1187/2023 § 9' : null),
    ),
    { through, demo: true },
  );
const tkr = (of: ReturnType<typeof asPrinted>) => {
  const rows = (side: typeof of.income) => side.rows.map(({ code, ore }) => [code, Number(printed(ore, 'tkr'))]);
  return {
    income: rows(of.income),
    incomeTotal: Number(printed(of.income.totalOre, 'tkr')),
    cost: rows(of.cost),
    costTotal: Number(printed(of.cost.totalOre, 'tkr')),
    netTotal: Number(printed(of.netOre, 'tkr')),
  };
};

describe('the published tables', () => {
  it('come out of the demo: January to May, the three largest a side', () => {
    const may = asPrinted(demoNet('2023-05', '2023-05'), { top: 3 });
    expect(tkr(may)).toEqual(expected.tablesTkr['RS 2023-05']);
    expect(may.footing).toEqual({ income: 0n, cost: 0n, net: 1n });
  });

  it('come out of the demo: the full year, the ten largest a side', () => {
    const year = asPrinted(demoNet('2023', '2023-16'));
    expect(tkr(year)).toEqual(expected.tablesTkr['RS 2023']);
    expect(year.footing).toEqual({ income: 1n, cost: 0n, net: 0n });
  });

  it('give 2 500 without what is exempt', () => expect(printed(demoNet('2023', '2023-16').totalWithoutExempt.netOre, 'tkr')).toBe(2500n));

  it('foot to the note in the complete table: 51 996 less 49 495 prints 2 500 without what is exempt', () => {
    const year = demoNet('2023', '2023-16');
    const { incomeOre, costOre, netOre } = year.totalWithoutExempt;
    expect([incomeOre, costOre, netOre].map((ore) => Number(printed(ore, 'tkr')))).toEqual([51_996, -49_495, 2_500]);
    const notes = completeTable(year, { unit: 'tkr' }).notes.filter((note) => note.startsWith('Avrundning'));
    expect(notes).toEqual([
      'Avrundning: koderna summerar inte till den tryckta totalen, avrundad från hela ören, i Mottaget (+1), Intäktsfört (+1), Erhållet (+1), Netto (+1).',
      'Avrundning: tryckt Erhållet och Kostnader ger inte tryckt Netto, avrundat från hela ören, för Utan undantagna (+1).',
    ]);
  });

  it('round each cell by itself: May is 10 720 though the printed totals give 10 721', () => {
    const may = net([
      grant('9917', 'a', { recognised: 724_960_000, cost: -181_090_000 }),
      grant('9916', 'b', { recognised: 424_490_000, cost: -205_160_000 }),
      grant('9918', 'c', { recognised: 409_200_000, cost: -180_110_000 }),
      grant('9999', 'd', { recognised: 289_700_000, cost: -209_985_000 }),
    ]);
    expect(printed(may.total.incomeOre, 'tkr')).toBe(18484n);
    expect(printed(may.total.costOre, 'tkr')).toBe(-7763n);
    expect(printed(may.total.netOre, 'tkr')).toBe(10720n);
  });

  it('are shown as the report shows them, with the note that it lacks', () => {
    const text = textTable(asPrintedTable(demoNet('2023', '2023-16'))).replaceAll('\u00a0', ' ');
    expect(text).toContain(
      'Riktade statsbidrag, Regionstyrelsen, helår 2023\nDEMO: uppgifterna är påhittade.\nOmfattning: RS Regionstyrelsen (nämnd) med allt därunder\n',
    );
    expect(text).toMatch(/\n +Erhållna statsbidrag +72 463\n/);
    expect(text).toMatch(/\n9929 +Ökad tillgänglighet +20 468\n/);
    expect(text).toMatch(/\n99\*\* +Övriga bidrag +79\n/);
    expect(text).toMatch(/\n +Resultat +21 786\n/);
    expect(text).toContain('Avrundning: raderna under Erhållna statsbidrag summerar till 1 tkr mer än totalen');
    const may = textTable(asPrintedTable(demoNet('2023-05', '2023-05'), { top: 3, language: 'en' })).replaceAll('\u00a0', ' ');
    expect(may).toContain('January–May 2023');
    expect(may).toContain('Rounding: the printed totals give 1 tkr more than Net result');
  });
});
