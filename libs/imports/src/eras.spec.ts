/** Eras: what was looked up for one day is used again only on days on which every rule says the same. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  Chart,
  EndUnit,
  ChangeDecision,
  FIRST_CLASSES,
  Journal,
  Table,
  type Decision,
  type Grant,
  type Ledger,
  type Terms,
  type Unit,
} from '#ledger';
import type { LedgerCommands } from '#eventstore';
import { Eras } from './eras.js';
import { anna, costRows, csv, founded, readText, type CsvRow } from './given.js';

const day = fc.integer({ min: 1, max: 28 }).map((date) => `2023-03-${String(date).padStart(2, '0')}`);
const lastDay = fc.option(day);
const table = <V>(values: readonly V[]) =>
  new Table(
    new Journal(),
    values.map((value, at) => [String(at), value] as const),
  );
const register = fc
  .record({
    units: fc.array(
      fc.record({ versions: fc.array(day.map((validFrom) => ({ validFrom })), { minLength: 1, maxLength: 3 }), lastDay }), // prettier-ignore
    ),
    grants: fc.array(fc.record({ validFrom: day, lastDay })),
    decisions: fc.array(
      fc.record({
        versions: fc.array(
          day.map((validFrom) => ({ validFrom })),
          { maxLength: 3 },
        ),
      }),
    ),
    charts: fc.array(day.map((validFrom) => ({ validFrom, classes: FIRST_CLASSES }))),
  })
  .map(({ units, grants, decisions, charts }) => ({
    units: table(units as unknown as Unit[]),
    grants: table(grants as unknown as Grant[]),
    decisions: table(decisions as unknown as Decision[]),
    chart: new Chart(charts),
  }));

type Register = Pick<Ledger, 'units' | 'grants' | 'decisions' | 'chart'>;

/** What has begun and what has ended on a day: all that any rule asks of it. */
function standsOn(at: string, { units, grants, decisions, chart }: Register): unknown {
  const begun = ({ validFrom }: { validFrom: string }) => validFrom <= at;
  const ended = (last: string | null) => last !== null && at > last;
  return [
    [...units.entries()].map(([, unit]) => [unit.versions.map(begun), ended(unit.lastDay)]),
    [...grants.entries()].map(([, grant]) => [begun(grant), ended(grant.lastDay)]),
    [...decisions.entries()].map(([, { versions }]) => versions.map(begun)),
    chart.settings.map(begun),
  ];
}

describe('an era', () => {
  it('holds days on which everything in the register stands alike, and no others', () => {
    fc.assert(
      fc.property(register, fc.array(day, { minLength: 2, maxLength: 20 }), (of, days) => {
        const eras = new Eras(of);
        for (const one of days)
          for (const other of days)
            expect(eras.of(one) === eras.of(other)).toBe(JSON.stringify(standsOn(one, of)) === JSON.stringify(standsOn(other, of)));
      }),
    );
  });
});

describe('vouchers coded alike', () => {
  let commands: LedgerCommands;
  const on = (date: string, number: string, row: CsvRow): CsvRow[] => costRows(number, 100, { date, period: '2023-03', ...row });
  const read = (...rows: readonly CsvRow[]) => readText(csv(...rows), commands.ledger);

  beforeAll(async () => {
    commands = await founded();
    const { terms } = commands.ledger.decisions.get('9916-23')!.versions[0]!;
    const income: Terms = { ...terms, receivedTo: 'income' };
    await commands.handle(new EndUnit({ unit: '605', lastDay: '2023-03-14' }), { caller: anna });
    await commands.handle(new ChangeDecision({ decision: '9916-23', validFrom: '2023-03-20', terms: income, reason: 'Nya villkor' }), {
      caller: anna,
    });
  });

  it('are refused from the day after the unit has ended, each with its own day', () => {
    const days = ['2023-03-13', '2023-03-14', '2023-03-15', '2023-03-16', '2023-03-14'];
    const { errors } = read(...days.flatMap((date, at) => on(date, String(at + 1), { unit: '605' })));
    expect(errors.map(({ row, finding, facts }) => [row, finding, facts['day']])).toEqual([
      [6, 'unit-not-valid', '2023-03-15'],
      [7, 'unit-not-valid', '2023-03-15'],
      [8, 'unit-not-valid', '2023-03-16'],
      [9, 'unit-not-valid', '2023-03-16'],
    ]);
  });

  it('take their effect from the terms of their day', () => {
    const row = { account: '3511', grant: '9916', decision: '9916-23' };
    const { vouchers, gathered } = read(
      ...['2023-03-19', '2023-03-20', '2023-03-01'].flatMap((date, at) => {
        const [income, bank] = on(date, String(at + 1), {});
        return [
          { ...income, ...row },
          { ...bank, account: '1930' },
        ];
      }),
    );
    expect(vouchers.map(({ lines }) => lines[0]!.effect)).toEqual(['recognised', 'both', 'recognised']);
    expect([...gathered.effects.values()].map(({ effect, amountOre }) => [effect, amountOre])).toEqual([
      ['recognised', 20_000],
      ['both', 10_000],
    ]);
  });
});
