/** The demo of 2023 through the read models, against the figures that another program worked out from the same files. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Answers } from './answers.js';
import { demoLedger } from './given.js';
import { Projector } from './projector.js';

const demo = join(import.meta.dirname, '../../../../demo');
type Expected = {
  grants: Record<string, Record<string, number>>;
  totals: Record<string, number>;
  withoutGrant: { recognised: number; cost: number };
  notNeutral?: string[];
  exempt?: string[];
  neutral?: string[];
};
const { scopes } = JSON.parse(readFileSync(join(demo, 'expected.json'), 'utf8')) as { scopes: Record<string, Record<string, Expected>> };

describe('the demo of 2023', () => {
  const folder = mkdtempSync(join(tmpdir(), 'projections-demo-'));
  let answers: Answers;
  beforeAll(async () => {
    const { store } = await demoLedger(demo);
    const projector = new Projector(store, join(folder, 'models.sqlite'));
    await projector.open();
    await projector.advance();
    projector.close();
    answers = new Answers(projector.file);
  });
  afterAll(() => {
    answers.close();
    rmSync(folder, { recursive: true });
  });

  for (const [scope, times] of Object.entries(scopes))
    for (const [time, expected] of Object.entries(times))
      it(`has the figures of ${scope} ${time} to the öre`, () => {
        const net = answers.net({ scope, year: 2023, ...(time.length > 4 ? { through: time } : {}) });
        const figures = (of: { recognisedOre: bigint; reallocatedOre: bigint; costOre: bigint; netOre: bigint; receivedOre: bigint }) => ({
          recognised: of.recognisedOre,
          reallocated: of.reallocatedOre,
          cost: of.costOre,
          net: of.netOre,
          received: of.receivedOre,
        });
        const bigints = (of: Record<string, number>) => Object.fromEntries(Object.entries(of).map(([name, ore]) => [name, BigInt(ore)]));
        expect(Object.fromEntries(net.grants.map((grant) => [grant.grant, figures(grant)]))).toEqual(
          Object.fromEntries(Object.entries(expected.grants).map(([grant, of]) => [grant, bigints(of)])),
        );
        expect(figures(net.total)).toEqual(bigints(expected.totals));
        const inner = scope === 'REG' ? 0n : 1n;
        const outside = {
          recognised: net.withoutGrantCode.recognisedOre - inner * net.internalWithoutGrantCode.recognisedOre,
          cost: net.withoutGrantCode.costOre - inner * net.internalWithoutGrantCode.costOre,
        };
        expect(outside).toEqual(bigints(expected.withoutGrant));
        for (const [verdict, grants] of [
          ['not-neutral', expected.notNeutral],
          ['exempt', expected.exempt],
          ['neutral', expected.neutral],
        ] as const)
          if (grants) expect(net.grants.filter((grant) => grant.verdict === verdict).map(({ grant }) => grant)).toEqual(grants);
        for (const grant of net.grants) expect(grant.decisions.reduce((sum, { netOre }) => sum + netOre, 0n)).toBe(grant.netOre);
      });

  it('is complete: journal, general ledger and figures hold the same money', () => {
    const completeness = answers.completeness();
    expect(completeness).toMatchObject({ equal: true, figuresOre: 0n });
    expect(completeness.journal.balanceOre).toBe(0n);
  });

  it('is 2 500 tkr without what is exempt', () =>
    expect(answers.net({ scope: 'RS', year: 2023 })).toMatchObject({
      total: { netOre: 2178614544n },
      totalWithoutExempt: { netOre: 2178614544n - 1928580864n },
      demo: true,
    }));

  it('lists what lacks a grant code to the same sum as the table shows', () => {
    const [list, net] = [answers.withoutGrantCode({ scope: 'RS', year: 2023, limit: 10_000 }), answers.net({ scope: 'RS', year: 2023 })];
    expect(-list.totalOre).toBe(net.withoutGrantCode.netOre);
    expect(list.lines.reduce((sum, { leftOre }) => sum + leftOre, 0n)).toBe(list.totalOre);
    expect(list.lines.length).toBe(list.count);
  });

  it('opens a figure down to its lines, page by page, with a running sum that ends at the total', () => {
    const asked = { scope: 'RS', year: 2023, grant: '9916', effect: 'cost' } as const;
    const pages = [];
    for (let after: string | undefined; ;) {
      const page = answers.ledgerLines({ ...asked, limit: 7, ...(after ? { after } : {}) });
      pages.push(...page.lines);
      if (!page.next) {
        expect(page.total.balanceOre).toBe(pages.at(-1)!.runningOre);
        expect(page.total.lines).toBe(pages.length);
        break;
      }
      after = page.next;
    }
    expect(pages.map(({ voucher, line }) => `${voucher}#${line}`)).toEqual(
      answers.ledgerLines({ ...asked, limit: 10_000 }).lines.map(({ voucher, line }) => `${voucher}#${line}`),
    );
    expect(-pages.at(-1)!.runningOre).toBe(answers.net(asked).grants.find(({ grant }) => grant === '9916')!.costOre);
  });

  it('shows a voucher with what it was recoded to, and the other way', () => {
    const voucher = answers.voucher('erp-2023-LEV-3');
    expect(voucher.recodedBy).toMatchObject([{ line: 1, actor: 'person-1' }]);
    expect(voucher.import).toMatchObject({ import: 'vouchers/2023-01.csv' });
    const recoding = answers.voucher(voucher.recodedBy[0]!.voucher);
    expect(recoding).toMatchObject({
      act: 'recoding',
      recodes: { voucher: 'erp-2023-LEV-3', line: 1 },
      mandate: 'RS/412/2023 § 87, 2023-04-26',
    });
    expect(recoding.lines.map(({ grant, amountOre }) => [grant, amountOre])).toEqual([
      [null, -9252988n],
      ['9916', 7156646n],
      ['9935', 2096342n],
    ]);
  });

  it('has allotted all but 1 762 tkr at the end of the year, and of what was decided by May all but that', () => {
    const left = (through?: string) => {
      const { unallottedOre, overAllottedOre, grants } = answers.net({ year: 2023, ...(through && { through }) });
      return [unallottedOre, overAllottedOre, grants.find(({ grant }) => grant === '9949')!.awardedOre];
    };
    expect(left()).toEqual([176_203_200n, 0n, 738_831_600n]);
    expect(left('2023-05')).toEqual([176_203_200n, 0n, 0n]);
  });

  it('has the tree, the periods and the neutrality of both scopes', () => {
    const [units, periods, net] = [
      answers.units({ year: 2023 }),
      answers.periods({ scope: 'RS', year: 2023 }),
      answers.net({ year: 2023 }),
    ];
    expect(units.units[0]!.withBelow.netOre).toBe(net.total.netOre);
    expect(units.units.reduce((sum, { own }) => sum + own.netOre, 0n)).toBe(net.total.netOre);
    expect(units.units.find(({ unit }) => unit === 'RS')!.depth).toBe(1);
    expect(periods.total.netOre).toBe(2178614544n);
    expect(periods.periods.at(-1)!.cumulativeNetOre).toBe(2178614544n);
    const neutrality = answers.neutrality({ scope: 'RS', year: 2023 });
    expect(neutrality.verdicts.find(({ grant }) => grant === '9908')).toMatchObject({
      region: { netOre: 0n, verdict: 'neutral' },
      scope: { verdict: 'not-neutral', reason: 'income-at-other-unit' },
    });
    expect(neutrality).toMatchObject({ neutral: 3, notNeutral: 14, exempt: 1 });
    expect(answers.unallotted({ year: 2023 }).decisions.find(({ decision }) => decision === '9916-2023-1')!.unallottedOre).toBe(41221400n);
  });
});
