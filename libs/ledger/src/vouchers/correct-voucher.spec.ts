/** Correcting a voucher: a reversal that is final, and a replacement that is an ordinary voucher (R3, LKBR 3:7). */
import { describe, expect, it } from '@jest/globals';
import { RetireGrant } from '../register/grant.js';
import { EndUnit } from '../register/unit.js';
import { ReopenPeriod } from '../period.js';
import { CloseImport, ImportVouchers, OpenImportOfFile } from '../imports/import.js';
import {
  closeYear,
  cost,
  draft,
  erpLine,
  erpVoucher,
  file,
  importedCost,
  line,
  own,
  reallocation,
  receipt,
  recode,
  region,
} from '../region-given.js';
import { CorrectVoucher } from './correct-voucher.js';
import type { DraftLine } from './draft.js';
import { PostReceipt } from './post.js';

const correct = (voucher = own(1), rest: Partial<CorrectVoucher['input']> = {}) =>
  new CorrectVoucher({ voucher, reason: 'Fel belopp', eventDate: '2023-05-20', ...rest });
const replaced = (lines: readonly DraftLine[], rest: Partial<CorrectVoucher['input']> = {}) =>
  correct(own(1), { replacement: { lines }, ...rest });
const erp = { book: 'erp', year: 2023, series: 'LEV', number: '153', version: 1 };

describe('a correction', () => {
  const spring = region.and(cost(100_000, { decision: '9916-23' }));

  it('takes back every line, and says of which voucher and why', () => {
    const outcome = spring.when(correct());
    outcome.then({
      type: 'VoucherCorrected',
      data: { corrects: own(1), vouchers: [{ ref: own(2), eventDate: '2023-05-20', reverses: own(1) }] },
      annex: { reason: 'Fel belopp', vouchers: [{ text: 'Fel belopp', counterparty: 'Konsult AB', document: 'faktura 4711, arkivet' }] },
    });
    outcome.thenLines(
      { account: '7550', amountOre: -100_000, effect: 'cost', decision: '9916-23', grant: '9916' },
      { account: '2440', amountOre: 100_000 },
    );
  });
  it('brings every figure back to what it was', () => {
    const { sums } = spring.and(correct()).ledger();
    for (const [, ore] of sums.entries()) expect(ore).toBe(0n);
  });
  it('can put another in its place, under the same act, with the next number', () => {
    const outcome = spring.when(replaced([line('7550', 90_000, { grant: '9917' }), line('2440', -90_000)]));
    outcome.then({
      type: 'VoucherCorrected',
      data: {
        vouchers: [
          { ref: own(2), reverses: own(1) },
          { ref: own(3), eventDate: '2023-05-03', replaces: own(1), act: 'cost' },
        ],
      },
      annex: {
        vouchers: [{ text: 'Fel belopp' }, { text: 'Nära vård, våren', counterparty: 'Konsult AB', document: 'faktura 4711, arkivet' }],
      },
    });
    outcome.thenLines({}, {}, { amountOre: 90_000, grant: '9917', effect: 'cost' }, {});
  });
  it('what is put in its place can have its own day, text, party and document', () =>
    spring
      .when(
        correct(own(1), {
          replacement: {
            eventDate: '2023-05-04',
            text: 'Rätt',
            counterparty: 'Annan AB',
            document: 'faktura 1',
            lines: [line('7550', 5), line('2440', -5)],
          },
        }),
      )
      .then({
        type: 'VoucherCorrected',
        data: { vouchers: [{}, { eventDate: '2023-05-04' }] },
        annex: { vouchers: [{ counterparty: 'Konsult AB' }, { text: 'Rätt', counterparty: 'Annan AB', document: 'faktura 1' }] },
      }));
  it('what is put in its place is checked like any voucher', () => {
    spring.when(replaced([line('7550', 5), line('2440', -4)])).thenRefused('voucher-unbalanced');
    spring.when(replaced([line('3511', 5, { grant: '9916' }), line('2440', -5)])).thenRefused('account-not-for-act', { act: 'cost' });
    spring.when(replaced([line('1930', 5), line('2440', -5)])).thenRefused('act-without-its-line');
  });
  it('in its place again another: a replacement is an ordinary voucher', () =>
    spring
      .and(replaced([line('7550', 90_000), line('2440', -90_000)]))
      .when(correct(own(3), { replacement: { lines: [line('7550', 80_000), line('2440', -80_000)] } }))
      .then({
        type: 'VoucherCorrected',
        data: { corrects: own(3), vouchers: [{ ref: own(4) }, { ref: own(5), replaces: own(3), act: 'cost' }] },
      }));

  it('takes back a line of nothing that a file has brought', () =>
    region
      .and(...importedCost(0))
      .when(correct(erp))
      .thenLines({ amountOre: 0 }, { amountOre: 0 }));
  it('happens once', () => spring.and(correct()).when(correct()).thenRefused('already-corrected', { voucher: 'own-2023-1', seq: 14 }));
  it('is final: a reversal is not corrected', () =>
    spring
      .and(correct())
      .when(correct(own(2)))
      .thenRefused('reversal-is-final', { voucher: 'own-2023-2' }));
  it('is of a voucher that exists', () => {
    spring.when(correct(own(7))).thenRefused('voucher-unknown', { voucher: 'own-2023-7' });
    spring.when(correct({ ...own(1), version: 2 })).thenRefused('voucher-unknown');
    spring.when(correct({ ...own(1), series: 'A' })).thenRefused('voucher-unknown');
  });
  it('never without a reason', () => spring.when(correct(own(1), { reason: '' })).thenRefused('text-missing', { field: 'reason' }));
  it('has its own day and period, which is open', () => {
    spring.when(correct(own(1), { eventDate: '2023-05-32' })).thenRefused('date-malformed');
    spring.when(correct(own(1), { period: '2023-17' })).thenRefused('period-malformed');
    spring.when(correct(own(1), { period: '2023-13' })).thenLines({ period: '2023-13' }, { period: '2023-13' });
  });
});

describe('a correction and recodings', () => {
  const moved = region.and(cost(100_000), recode([{ grant: '9916', amountOre: 60_000 }]));
  it('a recoding is undone by recoding back, never corrected', () =>
    moved.when(correct(own(2))).thenRefused('recoding-not-correctable', { voucher: 'own-2023-2' }));
  it('a voucher with a line that stands elsewhere waits until it is back', () => {
    moved.when(correct()).thenRefused('voucher-recoded', { voucher: 'own-2023-1' });
    moved
      .and(recode([{}], { from: { grant: '9916' } }))
      .when(correct())
      .thenLines({ amountOre: -100_000 }, {});
  });
  it('a cost sent round and back stands where it stood', () => {
    const back = moved.and(recode([{ grant: '9917' }], { from: { grant: '9916' } }), recode([{}], { from: { grant: '9917' } }), correct());
    for (const [, ore] of back.ledger().sums.entries()) expect(ore).toBe(0n);
  });
});

describe('a correction of another year', () => {
  const closed = region.and(cost(100_000), ...closeYear(2023));
  it('of a closed year is booked in an open one, and says so', () => {
    const outcome = closed.when(replaced([line('7550', 5), line('2440', -5)], { eventDate: '2024-02-01' }));
    outcome.then({
      type: 'VoucherCorrected',
      data: {
        vouchers: [
          { ref: own(1, 2024), concernsYear: 2023 },
          { ref: own(2, 2024), concernsYear: 2023, eventDate: '2023-05-03' },
        ],
      },
    });
    outcome.thenWarns('warning-closed-year');
    outcome.thenLines(...Array.from({ length: 4 }, () => ({ period: '2024-02' })));
    expect(outcome.warnings[0]?.facts).toEqual({ year: 2023, period: '2024-02' });
  });
  it('never in the closed year itself', () => closed.when(correct()).thenRefused('period-closed', { period: '2023-05' }));
  it('of a year that is open again is only a correction in another year', () => {
    const outcome = closed
      .and(new ReopenPeriod({ period: '2023-05', approver: 'ED', reason: 'Fel' }))
      .when(correct(own(1), { eventDate: '2024-02-01' }));
    outcome.thenWarns();
    expect(outcome.events[0]).not.toHaveProperty('data.vouchers.0.concernsYear');
  });
});

describe('a correction of what has ended', () => {
  it('takes back what stands on a retired grant and an ended unit', () =>
    region
      .and(
        cost(5, { grant: '9957', unit: '605' }),
        cost(-5, { grant: '9957' }),
        new RetireGrant({ grant: '9957', lastDay: '2023-05-10' }),
        new EndUnit({ unit: '605', lastDay: '2023-05-10' }),
      )
      .when(correct())
      .thenLines({ grant: '9957', unit: '605', amountOre: -5 }, {}));
  it('puts nothing new there after its last day', () =>
    region
      .and(cost(5, { grant: '9957' }), cost(-5, { grant: '9957' }), new RetireGrant({ grant: '9957', lastDay: '2023-05-10' }))
      .when(correct(own(1), { replacement: { eventDate: '2023-05-11', lines: [line('7550', 5, { grant: '9957' }), line('2440', -5)] } }))
      .thenRefused('grant-not-valid'));
});

describe('a correction of an imported voucher', () => {
  const imported = region.and(...importedCost(100_000));
  it('is a voucher of our own; the file’s rows are not', () => {
    const outcome = imported.when(correct(erp));
    outcome.then({
      type: 'VoucherCorrected',
      data: { corrects: erp, vouchers: [{ ref: own(1), reverses: erp }] },
      annex: { vouchers: [{ counterparty: 'Leverantör AB', document: 'faktura 12' }] },
    });
    expect(JSON.stringify(outcome.events)).not.toMatch(/"row"|"fingerprint"/);
  });
  it('can be replaced by income without a grant, as the file could have it', () =>
    imported
      .when(correct(erp, { replacement: { lines: [line('1930', 5), line('3001', -5)] } }))
      .thenLines({}, {}, { effect: 'none' }, { account: '3001', effect: 'recognised' }));
  it('sees the income behind a liability, whether the line names grant or decision', () =>
    imported
      .when(correct(erp, { replacement: { lines: [line('2971', 5, { decision: '9916-23' }), line('3511', -5, { grant: '9916' })] } }))
      .thenLines({}, {}, { account: '2971', effect: 'none' }, { account: '3511', effect: 'recognised' }));
  it('takes back every line, also of one that came in several parts', () => {
    const parts = [
      erpVoucher('153', [erpLine('7550', 70, { effect: 'cost' }), erpLine('7560', 30, { effect: 'cost' })], { more: true }),
      erpVoucher('153', [erpLine('2440', -100)], { firstLine: 3 }),
    ];
    const [first, second] = parts.map(
      (voucher, part) => new ImportVouchers({ import: 'a1', part, vouchers: [voucher], texts: [{ text: 'Stor' }] }),
    );
    const whole = region.and(new OpenImportOfFile(file), first!, second!, new CloseImport({ import: 'a1' }));
    whole.when(correct(erp)).thenLines({ amountOre: -70 }, { amountOre: -30 }, { account: '2440', amountOre: 100 });
    whole.when(recode([{ grant: '9916' }], { voucher: erp, line: 2 })).thenLines({ amountOre: -30 }, { amountOre: 30 });
  });
});

describe('a correction of a reallocation', () => {
  const moved = region.and(reallocation(500));
  const on = (unit: string, amountOre: number, coding: Partial<DraftLine> = {}) =>
    line('3591', amountOre, { unit, grant: '9916', ...coding });
  it('gives the money back', () => moved.when(correct()).thenLines({ unit: '614', amountOre: -500 }, { unit: 'HSN', amountOre: 500 }));
  it('can be another reallocation, which sums to zero over the units', () =>
    moved.when(replaced([on('614', 400), on('HSN', -300), on('605', -100)])).then({ type: 'VoucherCorrected' }));
  it('never takes in the bank: the region as a whole is not touched', () =>
    moved
      .when(replaced([on('614', 400), line('1930', -400)]))
      .thenRefused('account-not-for-act', { act: 'reallocation', account: '1930' }));
  it('never moves money from one grant to another', () =>
    moved.when(replaced([on('614', 400), on('HSN', -400, { grant: '9917' })])).thenRefused('voucher-unbalanced'));
  it('never within one unit', () => moved.when(replaced([on('614', 400), on('614', -400)])).thenRefused('same-unit'));
});

describe('the warnings of a correction', () => {
  const spring = region.and(cost(100));
  const lines = [line('7550', 90), line('2440', -90)];
  it('see a period more than a year from its date, or from the date that is given to what replaces it', () => {
    spring.when(correct(own(1), { period: '2025-01' })).thenWarns('warning-period-far-from-date');
    const dated = spring.when(correct(own(1), { replacement: { lines, eventDate: '2021-05-03' } }));
    dated.thenWarns('warning-period-far-from-date');
    expect(dated.warnings[0]?.facts).toEqual({ day: '2021-05-03', period: '2023-05' });
  });
  it('see a grant that has ended, and gets figures again', () => {
    const retired = region.and(
      cost(100, { grant: '9957' }),
      cost(-100, { grant: '9957' }),
      new RetireGrant({ grant: '9957', lastDay: '2023-05-31' }),
    );
    const outcome = retired.when(correct(own(1), { eventDate: '2023-07-01' }));
    outcome.thenWarns('warning-grant-retired');
    expect(outcome.warnings[0]?.facts).toEqual({ grant: '9957', lastDay: '2023-05-31' });
    retired
      .and(cost(5))
      .when(correct(own(3)))
      .thenWarns();
  });
  it('do not see the date that a replacement keeps: correcting an old voucher late is no mistake', () =>
    spring.when(correct(own(1), { eventDate: '2025-02-01', replacement: { lines } })).thenWarns());
  it('see that the corrected voucher no longer counts', () => {
    const received = region.and(receipt(1_000_000));
    const put = (amountOre: number) => replaced([line('1930', amountOre), line('2971', -amountOre, { decision: '9916-23' })]);
    received.when(put(1_000_000)).thenWarns();
    received.when(put(1_000_001)).thenWarns('warning-received-above-award');
  });
  it('see what was repaid against what is then received', () =>
    region
      .and(
        new PostReceipt(draft([line('1930', 80), line('2971', -100, { decision: '9916-23' }), line('2971', 20, { decision: '9916-23' })])),
      )
      .when(replaced([line('1930', 80), line('2971', -90, { decision: '9916-23' }), line('2971', 10, { decision: '9916-23' })]))
      .thenWarns());
});
