/** Recoding a cost: the sentences that an accountant would sign. */
import { describe, expect, it } from '@jest/globals';
import { ClosePeriod, ReopenPeriod } from '../period.js';
import { closeYear, cost, draft, importedCost, line, mandate, own, recode, region, terms } from '../region-given.js';
import { ChangeDecision } from '../register/decision.js';
import { RetireGrant } from '../register/grant.js';
import { EndUnit } from '../register/unit.js';
import { CorrectVoucher } from './correct-voucher.js';
import { PostCost } from './post.js';

describe('recoding a cost', () => {
  const spring = region.and(cost(100_000));

  it('is a voucher of its own: minus where it stood, plus on the grants that take over', () => {
    const outcome = spring.when(
      recode(
        [
          { grant: '9916', amountOre: 60_000 },
          { grant: '9917', amountOre: 40_000 },
        ],
        { mandate },
      ),
    );
    outcome.thenWarns();
    outcome.then({
      type: 'CostRecoded',
      data: { mandate, vouchers: [{ ref: own(2), eventDate: '2023-05-10', recodes: { voucher: own(1), line: 1 } }] },
      annex: { vouchers: [{ text: 'Enligt aprilbeslutet', counterparty: 'Konsult AB', document: 'faktura 4711, arkivet' }] },
    });
    outcome.thenLines(
      { account: '7550', amountOre: -100_000, effect: 'cost', unit: '614', period: '2023-05' },
      { account: '7550', amountOre: 60_000, effect: 'cost', grant: '9916', unit: '614', period: '2023-05' },
      { account: '7550', amountOre: 40_000, effect: 'cost', grant: '9917', unit: '614', period: '2023-05' },
    );
  });

  describe('how much', () => {
    it('never more than stands on the line', () =>
      spring
        .and(recode([{ grant: '9916', amountOre: 60_000 }]))
        .when(recode([{ grant: '9917', amountOre: 40_001 }]))
        .thenRefused('recodes-more-than-stands', { leftOre: 40_000 }));
    it('the very last öre that stands', () =>
      spring
        .and(recode([{ grant: '9916', amountOre: 60_000 }]))
        .when(recode([{ grant: '9917', amountOre: 40_000 }]))
        .thenLines({ amountOre: -40_000 }, { amountOre: 40_000 }));
    it('nothing from where nothing stands any longer', () =>
      spring
        .and(recode([{ grant: '9916' }]))
        .when(recode([{ grant: '9917' }]))
        .thenRefused('recodes-more-than-stands', { leftOre: 0 }));
    it('no share of the other sign', () =>
      spring
        .when(
          recode([
            { grant: '9916', amountOre: 150_000 },
            { grant: '9917', amountOre: -50_000 },
          ]),
        )
        .thenRefused('recodes-more-than-stands'));
    it('no share of nothing', () =>
      spring
        .when(
          recode([
            { grant: '9916', amountOre: 1 },
            { grant: '9917', amountOre: 0 },
          ]),
        )
        .thenRefused('amount-zero', { line: 2 }));
    it('whole öre only', () => spring.when(recode([{ grant: '9916', amountOre: 0.5 }])).thenRefused('amount-too-large'));
    it('all that stands, where one grant is named without an amount', () =>
      spring
        .and(recode([{ grant: '9916', amountOre: 1 }]))
        .when(recode([{ grant: '9917' }]))
        .thenLines({ amountOre: -99_999 }, { grant: '9917', amountOre: 99_999 }));
    it('per cent of what stands, truncated, the rest to the largest share', () =>
      region
        .and(cost(100_01))
        .when(
          recode([
            { grant: '9916', perCentHundredths: 33_33 },
            { grant: '9917', perCentHundredths: 66_67 },
          ]),
        )
        .thenLines({ amountOre: -100_01 }, { grant: '9916', amountOre: 33_33 }, { grant: '9917', amountOre: 66_68 }));
    it('a tie of shares gives the odd öre to the first named', () =>
      region
        .and(cost(101))
        .when(
          recode([
            { grant: '9917', perCentHundredths: 50_00 },
            { grant: '9916', perCentHundredths: 50_00 },
          ]),
        )
        .thenLines({}, { grant: '9917', amountOre: 51 }, { grant: '9916', amountOre: 50 }));
    it.each([[[60_00, 40_01]], [[0, 50_00]], [[-10_00, 50_00]], [[33.5, 10_00]]])('never %p hundredths of a per cent', ([first, second]) =>
      spring
        .when(
          recode([
            { grant: '9916', perCentHundredths: first },
            { grant: '9917', perCentHundredths: second },
          ]),
        )
        .thenRefused('per-cent-malformed'),
    );
    it('per cent and amounts are never mixed', () =>
      spring
        .when(
          recode([
            { grant: '9916', perCentHundredths: 50_00 },
            { grant: '9917', amountOre: 1 },
          ]),
        )
        .thenRefused('per-cent-malformed'));
    it('a per cent that comes to no öre moves nothing', () =>
      region
        .and(cost(1))
        .when(
          recode([
            { grant: '9916', perCentHundredths: 60_00 },
            { grant: '9917', perCentHundredths: 40_00 },
          ]),
        )
        .thenRefused('amount-zero'));
    it('the largest amount that can be kept', () =>
      region
        .and(cost(Number.MAX_SAFE_INTEGER))
        .when(
          recode([
            { grant: '9916', amountOre: Number.MAX_SAFE_INTEGER - 1 },
            { grant: '9917', amountOre: 1 },
          ]),
        )
        .thenLines({ amountOre: -Number.MAX_SAFE_INTEGER }, {}, { amountOre: 1 }));
    it('no more than that, however the shares are cut', () =>
      region
        .and(cost(Number.MAX_SAFE_INTEGER))
        .when(recode(Array.from({ length: 3 }, () => ({ grant: '9916', amountOre: Number.MAX_SAFE_INTEGER }))))
        .thenRefused('recodes-more-than-stands'));
    it('to as many grants as a voucher by hand has lines', () => {
      const shares = (count: number) => Array.from({ length: count }, () => ({ grant: '9916', amountOre: 1 }));
      spring.when(recode(shares(499))).thenLines({ amountOre: -499 }, ...shares(499));
      spring.when(recode(shares(500))).thenRefused('voucher-too-many-lines', { lines: 501 });
    });
  });

  describe('a credit note', () => {
    const credit = region.and(cost(-100_000));
    it('is a cost like any other: it moves with its sign', () =>
      credit.when(recode([{ grant: '9916', amountOre: -60_000 }])).thenLines({ amountOre: 60_000 }, { grant: '9916', amountOre: -60_000 }));
    it('moves in per cent too', () =>
      credit.when(recode([{ grant: '9916', perCentHundredths: 25_00 }])).thenLines({ amountOre: 25_000 }, { amountOre: -25_000 }));
    it('never takes a positive share', () =>
      credit.when(recode([{ grant: '9916', amountOre: 60_000 }])).thenRefused('recodes-more-than-stands'));
    it('never moves more than stands', () =>
      credit.when(recode([{ grant: '9916', amountOre: -100_001 }])).thenRefused('recodes-more-than-stands'));
  });

  describe('further and back', () => {
    const moved = spring.and(recode([{ grant: '9916', amountOre: 60_000 }]));
    it('goes from grant to grant, from where it stands now', () =>
      moved
        .when(recode([{ grant: '9917', amountOre: 60_000 }], { from: { grant: '9916' } }))
        .thenLines({ grant: '9916', amountOre: -60_000 }, { grant: '9917', amountOre: 60_000 }));
    it('never further than what came there', () =>
      moved
        .and(recode([{ grant: '9917', amountOre: 60_000 }], { from: { grant: '9916' } }))
        .when(recode([{ grant: '9917', amountOre: 1 }], { from: { grant: '9916' } }))
        .thenRefused('recodes-more-than-stands'));
    it('is undone by recoding back, to no grant at all', () =>
      moved.when(recode([{}], { from: { grant: '9916' } })).thenLines({ grant: '9916', amountOre: -60_000 }, { amountOre: 60_000 }));
    it('is never recoded itself', () =>
      moved.when(recode([{ grant: '9917', amountOre: 60_000 }], { voucher: own(2), line: 2 })).thenRefused('line-of-a-recoding'));
    it('without a code can be named outright', () =>
      spring
        .when(recode([{ grant: '9916' }], { from: { grant: '', decision: '' } }))
        .thenLines({ amountOre: -100_000 }, { grant: '9916' }));
    it('never to where it stands', () => {
      moved.when(recode([{}])).thenRefused('recodes-nothing');
      moved.when(recode([{ grant: '9916' }], { from: { grant: '9916' } })).thenRefused('recodes-nothing');
    });
    it('never to nobody', () => spring.when(recode([])).thenRefused('recodes-nothing'));
  });

  describe('decisions', () => {
    const decided = region.and(cost(100_000, { decision: '9916-23' }));
    it('a cost under a decision stands on that decision', () =>
      decided
        .when(recode([{ grant: '9917', decision: '9917-23' }]))
        .thenLines({ grant: '9916', decision: '9916-23', amountOre: -100_000 }, { grant: '9917', decision: '9917-23' }));
    it('another decision of the same grant is another place', () =>
      decided.when(recode([{ grant: '9916', decision: '9916-22' }])).thenLines({ decision: '9916-23' }, { decision: '9916-22' }));
    it('the grant without the decision is another place, where nothing stands', () =>
      decided.when(recode([{ grant: '9917' }], { from: { grant: '9916' } })).thenRefused('recodes-more-than-stands'));
    it('a decision brings its grant', () =>
      spring.when(recode([{ decision: '9917-23' }])).thenLines({}, { grant: '9917', decision: '9917-23' }));
    it('a decision of another grant is none', () =>
      spring
        .when(recode([{ grant: '9916', decision: '9917-23' }]))
        .thenRefused('decision-of-other-grant', { grant: '9917', given: '9916' }));
    it('an unknown decision is none', () => spring.when(recode([{ decision: '9999-23' }])).thenRefused('decision-unknown'));
  });

  describe('which line', () => {
    it('of a voucher that exists', () => spring.when(recode([{ grant: '9916' }], { voucher: own(9) })).thenRefused('voucher-unknown'));
    it.each([0, 3, 1.5, -1])('one that the voucher has, not %p', (number) =>
      spring.when(recode([{ grant: '9916' }], { line: number })).thenRefused('voucher-line-unknown'),
    );
    it('on a cost account, whatever the sign', () => spring.when(recode([{ grant: '9916' }], { line: 2 })).thenRefused('line-not-a-cost'));
    it('of a voucher that still holds', () => {
      const corrected = spring.and(new CorrectVoucher({ voucher: own(1), reason: 'Dubbel', eventDate: '2023-05-04' }));
      corrected.when(recode([{ grant: '9916' }])).thenRefused('line-of-a-corrected-voucher');
      corrected.when(recode([{ grant: '9916' }], { voucher: own(2) })).thenRefused('line-of-a-corrected-voucher');
    });
    it('of a replacement, which is an ordinary voucher', () =>
      spring
        .and(
          new CorrectVoucher({
            voucher: own(1),
            reason: 'Fel belopp',
            eventDate: '2023-05-04',
            replacement: { lines: [line('7550', 90_000), line('2440', -90_000)] },
          }),
        )
        .when(recode([{ grant: '9916' }], { voucher: own(3) }))
        .thenLines({ amountOre: -90_000 }, { grant: '9916', amountOre: 90_000 }));
    it('of an imported voucher', () =>
      region
        .and(...importedCost(100_000))
        .when(recode([{ grant: '9916' }], { voucher: { book: 'erp', year: 2023, series: 'LEV', number: '153', version: 1 } }))
        .then({
          type: 'CostRecoded',
          data: { vouchers: [{ ref: own(1), recodes: { voucher: { book: 'erp', series: 'LEV', number: '153' }, line: 1 } }] },
          annex: { vouchers: [{ counterparty: 'Leverantör AB', document: 'faktura 12' }] },
        }));
    it('keeps its account, its unit (even one that has ended), its counterpart, and that it is internal', () =>
      region
        .and(new PostCost(draft([line('7910', 500, { unit: '605', counterpart: '130' }), line('2440', -500)])))
        .and(new EndUnit({ unit: '605', lastDay: '2023-05-05' }))
        .when(recode([{ grant: '9916' }]))
        .thenLines(
          { account: '7910', unit: '605', counterpart: '130', internal: true },
          { account: '7910', unit: '605', counterpart: '130', internal: true },
        ));
  });

  describe('when', () => {
    it('waits while the period is closed, and goes on when it is opened again', () => {
      const closed = spring.and(new ClosePeriod({ period: '2023-05' }));
      closed.when(recode([{ grant: '9916' }])).thenRefused('period-closed', { period: '2023-05' });
      closed
        .and(new ReopenPeriod({ period: '2023-05', approver: 'Ekonomidirektören', reason: 'Sen faktura' }))
        .when(recode([{ grant: '9916' }]))
        .thenWarns();
    });
    it('is booked in a later period than its date where that is said', () =>
      spring.when(recode([{ grant: '9916' }], { period: '2023-13' })).thenLines({ period: '2023-13' }, { period: '2023-13' }));
    it('in a period more than a year from its date is worth a warning', () =>
      spring.when(recode([{ grant: '9916' }], { period: '2025-01' })).thenWarns('warning-period-far-from-date'));
    it('takes its number in the year of its period', () =>
      spring
        .when(recode([{ grant: '9916' }], { eventDate: '2023-12-31', period: '2024-01' }))
        .then({ type: 'CostRecoded', data: { vouchers: [{ ref: own(1, 2024), eventDate: '2023-12-31' }] } }));
    it('says so where the cost is of a year that is closed', () => {
      const late = spring.and(...closeYear(2023)).when(recode([{ grant: '9957' }], { eventDate: '2024-01-15' }));
      late.thenWarns('warning-closed-year', 'warning-grant-without-decision');
      late.then({ type: 'CostRecoded', data: { vouchers: [{ concernsYear: 2023, ref: own(1, 2024) }] } });
    });
    it('on a day that exists', () => spring.when(recode([{ grant: '9916' }], { eventDate: '2023-02-29' })).thenRefused('date-malformed'));
    it('in a period that exists', () => spring.when(recode([{ grant: '9916' }], { period: '2023-17' })).thenRefused('period-malformed'));
    it('with a text', () => spring.when(recode([{ grant: '9916' }], { text: ' ' })).thenRefused('text-missing', { field: 'text' }));
  });

  describe('to which grant', () => {
    it('never a display group', () => spring.when(recode([{ grant: '99**' }])).thenRefused('grant-is-display-group'));
    it('never an unknown one', () => spring.when(recode([{ grant: '9999' }])).thenRefused('grant-unknown'));
    it('never one that has ended', () =>
      spring
        .and(new RetireGrant({ grant: '9957', lastDay: '2023-05-09' }))
        .when(recode([{ grant: '9957' }]))
        .thenRefused('grant-not-valid', { lastDay: '2023-05-09' }));
    it('away from one that has ended is worth a warning', () => {
      const retired = region.and(
        cost(100, { grant: '9957' }),
        cost(-100, { grant: '9957' }),
        new RetireGrant({ grant: '9957', lastDay: '2023-05-09' }),
      );
      const outcome = retired.when(recode([{ grant: '9916' }]));
      outcome.thenWarns('warning-grant-retired');
      expect(outcome.warnings[0]?.facts).toEqual({ grant: '9957', lastDay: '2023-05-09' });
    });
    it('one without a decision is worth a warning', () =>
      spring.when(recode([{ grant: '9957' }])).thenWarns('warning-grant-without-decision'));
    it('a cost of a day outside the restriction is worth a warning, whatever day it is recoded', () => {
      const summer = spring.and(
        new ChangeDecision({
          decision: '9916-23',
          validFrom: '2023-05-01',
          terms: { ...terms, restrictionFrom: '2023-05-04' },
          reason: 'Nya villkor',
        }),
      );
      summer.when(recode([{ decision: '9916-23' }])).thenWarns('warning-outside-restriction');
      spring.when(recode([{ decision: '9916-23' }], { eventDate: '2024-01-10' })).thenWarns();
    });
  });
});
