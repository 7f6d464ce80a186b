/** A selection is one-sided as the ERP's lists are; the ERP's own totals say whether it is whole (R42). */
import { describe, expect, it } from '@jest/globals';
import { erpLine, erpVoucher, file, importedCost, profile, region } from '../region-given.js';
import { AbandonImport, CloseImport, ImportVouchers, OpenImportOfFile } from './import.js';
import { RecordControlTotals } from './control-totals.js';
import { SetProfile } from './set-profile.js';

const open = new OpenImportOfFile({ ...file, kind: 'selection', profile: 'urval~1', periods: ['2023-03'] });
const one = new ImportVouchers({
  import: 'a1',
  part: 0,
  vouchers: [erpVoucher('153', [erpLine('7550', 100_000, { effect: 'cost', grant: '9916' })])],
  texts: [{ text: 'Konsult' }],
});
const close = new CloseImport({ import: 'a1' });
const there = region.and(new SetProfile({ profile: 'urval', validFrom: '2023-01-01', settings: { ...profile, kind: 'selection' } }));
const totals = [
  { account: '7550', grant: '9916', period: '2023-03', amountOre: 100_000 },
  { account: '7550', period: '2023-03', amountOre: 0 },
];
const record = (of: RecordControlTotals['input']['totals'] = totals, id = 'a1') => new RecordControlTotals({ import: id, totals: of });

describe('a selection', () => {
  it('need not balance, and counts from its close', () =>
    expect(there.and(open, one, close).ledger().sums.of('net|9916|2023')).toBe(100_000n));
});

describe('control totals', () => {
  it('come with a selection, or after it; the later replace the earlier', () => {
    there
      .and(open)
      .when(record())
      .then({ type: 'ControlTotalsRecorded', data: { import: 'a1', totals } });
    const closed = there.and(open, one, close);
    closed
      .and(record())
      .when(record([totals[0]!]))
      .then({ type: 'ControlTotalsRecorded', data: { totals: [totals[0]!] } });
  });
  it('said again as they stand are no news, in whatever order; said again after others they are', () => {
    const recorded = there.and(open, record());
    recorded.when(record()).then();
    recorded.when(record([...totals].reverse())).then();
    recorded.and(one, close).when(record()).then();
    there
      .and(new OpenImportOfFile({ ...open.input, control: totals }))
      .when(record())
      .then();
    recorded
      .and(record([totals[0]!]))
      .when(record())
      .then({ type: 'ControlTotalsRecorded', data: { totals } });
  });
  it('come with the opening of a selection, so that no crash leaves it without them; what is wrong with them refuses it', () => {
    const opening = (control: RecordControlTotals['input']['totals'], kind: 'selection' | 'whole-vouchers' = 'selection') =>
      there.when(new OpenImportOfFile({ ...open.input, kind, control }));
    opening(totals).then({ type: 'ImportOpened' }, { type: 'ControlTotalsRecorded', data: { import: 'a1', totals } });
    opening([totals[0]!, totals[0]!]).thenRefused('control-total-twice');
    opening([]).thenRefused('control-totals-empty');
    region.when(new OpenImportOfFile({ ...file, control: totals })).thenRefused('import-not-selection', { import: 'a1' });
  });
  it('belong to a selection that is there', () => {
    there.when(record()).thenRefused('import-unknown', { import: 'a1' });
    there
      .and(open, new AbandonImport({ import: 'a1', because: 'x' }))
      .when(record())
      .thenRefused('import-unknown');
    const [opened, part, closed] = importedCost(5);
    region.and(opened!).when(record()).thenRefused('import-not-selection', { import: 'a1' });
    region.and(opened!, part!, closed!).when(record()).thenRefused('import-not-selection', { import: 'a1' });
  });
  it('name an account, a period and a registered grant, each once', () => {
    const under = there.and(open);
    const [of] = totals as [(typeof totals)[number]];
    under.when(record([])).thenRefused('control-totals-empty');
    under.when(record([{ ...of, account: '75x' }])).thenRefused('account-unknown', { account: '75x' });
    under.when(record([{ ...of, grant: '9999' }])).thenRefused('grant-unknown', { grant: '9999' });
    under.when(record([{ ...of, period: '2023-17' }])).thenRefused('period-malformed', { period: '2023-17' });
    under.when(record([{ ...of, amountOre: 0.5 }])).thenRefused('amount-too-large');
    under.when(record([...totals, of])).thenRefused('control-total-twice', { account: '7550', grant: '9916', period: '2023-03' });
  });
});
