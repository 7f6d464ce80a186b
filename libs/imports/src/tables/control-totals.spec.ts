/** The ERP's list of totals, as CSV or Excel, read for comparison with what a selection came to. */
import { describe, expect, it } from '@jest/globals';
import type { ControlTotal } from '#ledger';
import { readControlTotals } from './control-totals.js';
import { withFile, workbookOf } from './given.js';

async function totalsOf(content: string | Uint8Array): Promise<[ControlTotal[], unknown[]]> {
  const errors: unknown[] = [];
  const totals = await withFile(content, (file) =>
    readControlTotals(file, (row, finding, facts) => errors.push([row, finding, facts['column'] ?? ''])),
  );
  return [totals, errors];
}

const TOTALS = [
  { account: '3550', grant: '9916', period: '2023-03', amountOre: -1_000_050 },
  { account: '7550', period: '2023-13', amountOre: 123_450 },
];

describe('a list of control totals', () => {
  it('is read with its rows and a total of totals passed over', async () => {
    const text = 'Konto;Bidrag;Period;Belopp\r\n3550;9916;2023-03;-10 000,50\r\n7550;;202313;1234,5\r\n;;Summa;-8 766,00\r\n';
    expect(await totalsOf(text)).toEqual([TOTALS, []]);
  });
  it('may be in English, with commas and points, in another order', async () =>
    expect(await totalsOf('amount,period,grant,account\n-10000.50,202303,9916,3550\n1234.50,2023-13,,7550\n')).toEqual([TOTALS, []]));
  it('may be Excel', async () => {
    const book = await workbookOf([['Konto', 'Bidrag', 'Period', 'Belopp'], [3550, 9916, new Date(Date.UTC(2023, 2, 1)), -10000.5], ['7550', null, '2023-13', 1234.5]]); // prettier-ignore
    expect(await totalsOf(book)).toEqual([TOTALS, []]);
  });
  it('needs no column of grants', async () =>
    expect(await totalsOf('Konto;Period;Belopp\n7550;2023-01;5\n')).toEqual([
      [{ account: '7550', period: '2023-01', amountOre: 500 }],
      [],
    ]));
  it.each([
    ['75x0;;2023-01;5', [[2, 'cell-account-malformed', 'konto']]],
    ['7550;;2023-17;5', [[2, 'period-malformed', 'period']]],
    ['7550;;2023-01;1.234,5', [[2, 'cell-amount-malformed', 'belopp']]],
    ['7550;;2023-01;', [[2, 'file-field-missing', 'belopp']]],
    ['7550;;;5', [[2, 'file-field-missing', 'period']]],
    ['7550;2023-01', [[2, 'file-row-fields', '']]],
  ])('names what is wrong by row and heading: %s', async (row, errors) => {
    const [totals, said] = await totalsOf(`Konto;Bidrag;Period;Belopp\n${row}\n7550;;2023-01;1\n`);
    expect(said).toEqual(errors);
    expect(totals).toHaveLength(1);
  });
  it('names what is wrong in a workbook by its sheet, too', async () => {
    const [, said] = await totalsOf(
      await workbookOf(
        [
          ['Konto', 'Period', 'Belopp'],
          ['7550', '2023-01', 1.005],
        ],
        'Kontroll',
      ),
    );
    expect(said).toEqual([[2, 'cell-amount-decimals', 'Kontroll!belopp']]);
  });
  it.each([['nothing', ''], ['only headings', 'Konto;Period;Belopp\n']])('that holds %s says so', async (_what, text) =>
    expect((await totalsOf(text))[1]).toEqual([[1, 'control-totals-empty', '']])); // prettier-ignore
  it('without a column that it needs says so', async () =>
    expect((await totalsOf('Konto;Belopp\n7550;5\n'))[1]).toEqual([[1, 'table-heading-missing', 'period']]));
});
