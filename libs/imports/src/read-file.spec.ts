/** One pass over a file: what its vouchers mean in this ledger, what is wrong with it row by row, and figures that add up. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ClosePeriod, FINDINGS_LISTED, isRefusalName, sentence, type Ledger } from '#ledger';
import type { LedgerCommands } from '#eventstore';
import { anna, costRows, csv, founded, readText, type CsvRow } from './given.js';
import type { FileRead } from './read-file.js';

let commands: LedgerCommands;
let ledger: Ledger;
beforeAll(async () => {
  commands = await founded();
  await commands.handle(new ClosePeriod({ period: '2023-01' }), { caller: anna });
  ledger = commands.ledger;
});

const read = (...rows: readonly CsvRow[]) => readText(csv(...rows), ledger);
/** The findings that refuse a file, as [row, name], in sentences that lack nothing. */
function errors({ errors: found }: FileRead): [number, string][] {
  for (const { finding, facts } of found)
    for (const language of ['sv', 'en'] as const)
      expect(isRefusalName(finding) && sentence(finding, facts, language)).not.toMatch(/[{}]|undefined|null|NaN/);
  return found.map(({ row, finding }) => [row, finding]);
}
const errorsOf = (...rows: readonly CsvRow[]) => errors(read(...rows));
const added = ({ gathered: { counts } }: FileRead) =>
  counts.withCode + counts.withoutCode + counts.noCodeNeeded + counts.alreadyThere === counts.rows;

describe('a file', () => {
  it('becomes vouchers with the coding that each line has in this ledger', () => {
    const { vouchers, texts, errorsInAll, gathered } = read(
      { number: '1', amount: '100.00', grant: '9916', counterpart: '130', registered: '2023-03-20' },
      { number: '1', account: '7910', amount: '-0.50', registered: '2023-03-20' },
      { number: '1', account: '2440', amount: '-99.50', registered: '2023-03-20' },
      {
        series: '',
        number: 'A-7',
        period: '2023-13',
        account: '1930',
        amount: '5.00',
        counterparty: '',
        document: '',
        text: 'Räntan, "mars"\nrad två',
      },
      {
        series: '',
        number: 'A-7',
        period: '2023-13',
        account: '2440',
        amount: '-5.00',
        counterparty: '',
        document: '',
        text: 'Räntan, "mars"\nrad två',
      },
    );
    expect(errorsInAll).toBe(0);
    expect(vouchers).toEqual([
      {
        ref: { book: 'erp', year: 2023, series: 'LEV', number: '1', version: 1 },
        eventDate: '2023-03-14',
        registered: '2023-03-20',
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        lines: [
          { account: '7550', amountOre: 10_000, effect: 'cost', grant: '9916', counterpart: '130', period: '2023-03', row: 2, unit: '614' },
          { account: '7910', amountOre: -50, effect: 'cost', internal: true, period: '2023-03', row: 3, unit: '614' },
          { account: '2440', amountOre: -9_950, effect: 'none', period: '2023-03', row: 4, unit: '614' },
        ],
      },
      {
        ref: { book: 'erp', year: 2023, series: '', number: 'A-7', version: 1 },
        eventDate: '2023-03-14',
        fingerprint: expect.any(String),
        lines: [
          { account: '1930', amountOre: 500, effect: 'none', period: '2023-13', row: 5, unit: '614' },
          { account: '2440', amountOre: -500, effect: 'none', period: '2023-13', row: 7, unit: '614' },
        ],
      },
    ]);
    expect(texts).toEqual([{ text: 'Konsult mars', counterparty: 'Leverantör AB', document: 'F-1' }, { text: 'Räntan, "mars"\nrad två' }]);
    expect(gathered).toMatchObject({
      counts: { rows: 5, withCode: 1, withoutCode: 1, noCodeNeeded: 3, alreadyThere: 0 },
      vouchers: 2,
      periods: new Set(['2023-03', '2023-13']),
      grants: new Set(['9916']),
      units: new Set(['614']),
    });
    expect([...gathered.effects.values()]).toEqual([
      { grant: '9916', unit: '614', effect: 'cost', amountOre: 10_000 },
      { grant: null, unit: '614', effect: 'cost', amountOre: -50 },
    ]);
  });

  it.each([
    ['names the grant', { grant: '9916' }],
    ['names only the decision, which brings its grant', { decision: '9916-23' }],
    ['names both', { grant: '9916', decision: '9916-23' }],
  ])('that recognises income out of a liability pays nothing back, where it %s', (_how, coding) => {
    const { vouchers } = read({ account: '2971', amount: '100.00', ...coding }, { account: '3511', amount: '-100.00', ...coding });
    expect(vouchers[0]!.lines).toMatchObject([
      { effect: 'none', grant: '9916' },
      { effect: 'recognised', grant: '9916' },
    ]);
  });

  it('tells money received, repaid, and taken straight to income', () => {
    const { vouchers } = read(
      { number: '1', account: '1930', amount: '100.00' },
      { number: '1', account: '2971', amount: '-100.00', decision: '9916-23' },
      { number: '2', account: '2971', amount: '40.00', decision: '9916-23' },
      { number: '2', account: '1930', amount: '-40.00' },
      { number: '3', account: '1930', amount: '7.00' },
      { number: '3', account: '3511', amount: '-7.00', decision: '9929-23' },
    );
    expect(vouchers.map(({ lines }) => lines.map(({ effect }) => effect))).toEqual([
      ['none', 'received'],
      ['repaid', 'none'],
      ['none', 'both'],
    ]);
  });

  it('may leave out the columns that it does not need, in any order, in capitals', () => {
    const { errorsInAll, vouchers } = readText(
      'UNIT, Amount,account,date,number\n614,1.00,7550,2023-03-14,7\n614,-1,2440,2023-03-14,7\n',
      ledger,
    );
    expect(errorsInAll).toBe(0);
    expect(vouchers).toMatchObject([{ ref: { series: '', number: '7' }, lines: [{ amountOre: 100 }, { amountOre: -100 }] }]);
  });

  it('is worth a look where a voucher names no other party, or a number is missing', () => {
    const { findings, errorsInAll } = read(
      ...costRows('3', 1),
      ...costRows('4', 1, { counterparty: '' }),
      ...costRows('7', 1),
      ...costRows('9', 1),
    );
    expect(errorsInAll).toBe(0);
    expect(findings).toEqual([
      { row: 4, finding: 'finding-without-counterparty', facts: { voucher: 'LEV 4' } },
      { row: 1, finding: 'finding-number-gap', facts: { series: 'LEV', from: 5, to: 6 } },
      { row: 1, finding: 'finding-number-gap', facts: { series: 'LEV', from: 8, to: 8 } },
    ]);
  });

  it('is worth a look where all lines of a voucher come again, but not where only some are equal', () => {
    const [debit, credit] = costRows('2', 5) as [CsvRow, CsvRow];
    const { findings, errorsInAll, vouchers } = read(
      ...costRows('1', 5),
      ...[debit, credit, debit, credit],
      ...[debit, credit, debit, credit, debit, credit].map((row) => ({ ...row, number: '3' })),
      ...[debit, debit, credit, credit].map((row) => ({ ...row, number: '4' })),
      ...[debit, credit, { ...debit, grant: '9916' }, credit].map((row) => ({ ...row, number: '5' })),
    );
    expect(errorsInAll).toBe(0);
    expect(findings).toEqual([
      { row: 6, finding: 'finding-voucher-repeated', facts: { voucher: 'LEV 2', times: 2 } },
      { row: 10, finding: 'finding-voucher-repeated', facts: { voucher: 'LEV 3', times: 3 } },
    ]);
    expect(vouchers.map(({ lines }) => lines.length)).toEqual([2, 4, 6, 4, 4]);
  });

  it('lists the first thousand of each kind that is worth a look, and tells how many there are', () => {
    const lone = Array.from({ length: FINDINGS_LISTED + 2 }, (_, i) => costRows(String(2 * i + 1), 1, { counterparty: '' })).flat();
    const { findings } = read(...lone);
    expect(findings).toHaveLength(2 * FINDINGS_LISTED + 2);
    expect(findings.slice(-2)).toEqual([
      { row: 1, finding: 'finding-without-counterparty-in-all', facts: { inAll: FINDINGS_LISTED + 2, listed: FINDINGS_LISTED } },
      { row: 1, finding: 'finding-number-gap-in-all', facts: { inAll: FINDINGS_LISTED + 1, listed: FINDINGS_LISTED } },
    ]);
    for (const { finding, facts } of findings.slice(-2))
      expect(isRefusalName(finding) && sentence(finding, facts, 'sv')).toContain('uppräknade');
  });

  it('of thirty thousand lines in one voucher comes in parts, all of its lines in order', () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => ({ amount: i === 29_999 ? '-29999.00' : '1.00' }));
    const { parts, vouchers, texts, gathered } = read(
      ...costRows('1', 3),
      ...rows.map((row) => ({ ...row, number: '2' })),
      ...costRows('3', 3),
    );
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map(({ count }) => count).reduce((a, b) => a + b)).toBe(3);
    expect(texts).toHaveLength(vouchers.length);
    const large = vouchers.filter(({ ref }) => ref.number === '2');
    expect(large.flatMap(({ lines }) => lines.map(({ row }) => row))).toEqual(rows.map((_, i) => i + 4));
    expect(large.map(({ firstLine = 1 }) => firstLine)).toEqual(
      large.map((_, i) => 1 + large.slice(0, i).reduce((sum, { lines }) => sum + lines.length, 0)),
    );
    expect(large.map(({ more }) => more === true)).toEqual(large.map((_, i) => i < large.length - 1));
    expect(gathered.vouchers).toBe(3);
  });
});

describe('a file is refused', () => {
  it.each<[string, string | Uint8Array, [number, string]]>([
    ['that is empty', '', [1, 'file-empty']],
    ['that is only a header', csv(), [1, 'file-empty']],
    ['with an unknown column', 'number,date,account,amount,unit,konto\n', [1, 'file-column-unknown']],
    ['with semicolons', 'number;date;account;amount;unit\n', [1, 'file-column-unknown']],
    ['without a column it needs', 'number,date,account,unit\n', [1, 'file-column-missing']],
    ['with a column twice', 'number,date,account,amount,unit,date\n', [1, 'file-column-twice']],
    ['in another encoding', Buffer.from(csv({ text: 'Nära vård' }), 'latin1'), [2, 'file-not-text']],
    ['with a quotation that never ends', `${csv(...costRows('1', 1))}"LEV,2`, [4, 'file-quote-open']],
    ['with a quotation mark out of place', csv(...costRows('1', 1)).replace(',1.00,', ',"1"0.00,'), [2, 'file-quote-malformed']],
  ])('%s', (_what, text, error) => expect(errors(readText(text, ledger))).toEqual([error]));

  it.each<[string, CsvRow, string]>([
    ['a missing number', { number: '' }, 'file-field-missing'],
    ['a number with a space', { number: '1 2' }, 'voucher-reference-malformed'],
    ['a series with a dash', { series: 'A-B' }, 'voucher-reference-malformed'],
    ['a date that is none', { date: '2023-02-30' }, 'date-malformed'],
    ['a registration date that is none', { registered: '20230314' }, 'date-malformed'],
    ['a text that is too long', { text: 'x'.repeat(1_001) }, 'text-too-long'],
    ['a text with control characters', { document: 'a\u0007' }, 'text-malformed'],
  ])('for %s, named once, by the voucher’s first row', (_what, row, name) =>
    expect(errorsOf(...costRows('1', 1), ...costRows('2', 1).map((other) => ({ ...other, ...row })))).toEqual([[4, name]]),
  );

  it.each<[string, CsvRow, string]>([
    ['an account that is none', { account: '75A0' }, 'account-unknown'],
    ['an account outside every class', { account: '9999' }, 'account-unknown'],
    ['an amount that is none', { amount: '1,00' }, 'amount-malformed'],
    ['three decimals', { amount: '1.005' }, 'amount-too-many-decimals'],
    ['an amount of nothing', { amount: '-0.00' }, 'amount-zero'],
    ['an amount too large to keep', { amount: '99999999999999.00' }, 'amount-too-large'],
    ['a missing unit', { unit: '' }, 'file-field-missing'],
    ['an unknown unit', { unit: '999' }, 'unit-unknown'],
    ['an unknown grant', { grant: '9999' }, 'grant-unknown'],
    ['a display group', { grant: '99**' }, 'grant-is-display-group'],
    ['an unknown decision', { decision: 'x' }, 'decision-unknown'],
    ['a decision of another grant', { grant: '9916', decision: '9929-23' }, 'decision-of-other-grant'],
    ['a period that is none', { period: '2023-17' }, 'period-malformed'],
    ['a closed period', { period: '2023-01' }, 'period-closed'],
    ['a period of another year', { period: '2022-12' }, 'file-other-year'],
    ['a counterpart that is no code', { counterpart: 'mot part' }, 'code-malformed'],
  ])('for %s, named once, by its row', (_what, row, name) => {
    const [first, second] = costRows('2', 1) as [CsvRow, CsvRow];
    expect(errorsOf(...costRows('1', 1), first, { ...second, ...row }, ...costRows('3', 1))).toEqual([[5, name]]);
  });

  it('for a row with more or fewer fields than the header', () => {
    const text = csv(...costRows('1', 1), ...costRows('2', 1)).split('\n');
    text[2] += ',x';
    expect(errors(readText(text.join('\n'), ledger))).toEqual([[3, 'file-row-fields']]);
    expect(readText(text.join('\n'), ledger).errors[0]!.facts).toEqual({ fields: 15, columns: 14 });
    text[1] = text[1]!.replace(',', ''); // the first row of a voucher, so that the voucher only begins on its second
    text[2] = text[2]!.slice(0, -2);
    expect(errors(readText(text.join('\n'), ledger))).toEqual([[2, 'file-row-fields']]);
  });

  it('for a voucher that does not balance, by its first row and by how much', () => {
    const { errors: found } = read(...costRows('1', 1), { number: '2', amount: '2.00' }, { number: '2', account: '2440', amount: '-1.99' });
    expect(found).toEqual([{ row: 4, finding: 'file-voucher-unbalanced', facts: { voucher: 'erp-2023-LEV-2', differenceOre: '1' } }]);
  });

  it('for a voucher in two places', () =>
    expect(errorsOf(...costRows('1', 1), ...costRows('2', 1), ...costRows('1', 1))).toEqual([[6, 'file-voucher-split']]));

  it('for a voucher whose rows do not agree on what belongs to the voucher', () => {
    const [first, second] = costRows('1', 1) as [CsvRow, CsvRow];
    expect(errorsOf(first, { ...second, text: 'Annan', date: '2023-03-15' })).toEqual([
      [3, 'file-voucher-differs'],
      [3, 'file-voucher-differs'],
    ]);
  });

  it('with every error in all, and the first thousand listed', () => {
    const rows = Array.from({ length: FINDINGS_LISTED + 5 }, (_, i) => costRows(String(i + 1), 1, { unit: '999' })).flat();
    const { errors: listed, errorsInAll } = read(...rows);
    expect([listed.length, errorsInAll]).toEqual([FINDINGS_LISTED, 2 * (FINDINGS_LISTED + 5)]);
  });

  it('with facts that can be stored, whatever the file holds', () => {
    const { errors: found } = read({ account: `${'x'.repeat(39)}🦌` }, { account: '2440', amount: '-100.00' });
    expect(String(found[0]!.facts['account']).isWellFormed()).toBe(true);
  });

  it('with rows of several kinds of error, in the order of the rows', () => {
    const found = errorsOf(
      { number: '1', amount: 'x', account: 'y' },
      { number: '2', unit: '999' },
      { number: '2', amount: '-100.00', grant: '1234' },
      { number: '3' },
    );
    expect(found).toEqual([
      [2, 'account-unknown'],
      [2, 'amount-malformed'],
      [3, 'unit-unknown'],
      [4, 'grant-unknown'],
      [5, 'file-voucher-unbalanced'],
    ]);
  });
});

describe('the figures of a file', () => {
  it('always add up to its rows', () => {
    const file = read(
      ...costRows('1', 1, { grant: '9916' }),
      ...costRows('2', 1),
      { number: '3', account: '1930', amount: '1', grant: '9916' },
      { number: '3', account: '2440', amount: '-1' },
    );
    expect(file.gathered.counts).toMatchObject({ rows: 6, withCode: 2, withoutCode: 1, noCodeNeeded: 3, alreadyThere: 0 });
    expect(added(file)).toBe(true);
  });
});
