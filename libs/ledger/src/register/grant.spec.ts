/** The grants: a code that is never reused, names over time, an end (R12, R13). */
import { describe, expect, it } from '@jest/globals';
import { closeYear, cost, draft, line, opening, own, receipt, recode, recognition, region, repayment } from '../region-given.js';
import { given } from '../given.js';
import { PostReceipt } from '../vouchers/post.js';
import { CorrectVoucher } from '../vouchers/correct-voucher.js';
import { ClosePeriod } from '../period.js';
import { RegisterGrant, RenameGrant, RetireGrant } from './grant.js';
import { OpenLedger } from './settings.js';

const register = (grant: string, rest: Partial<RegisterGrant['input']> = {}) =>
  new RegisterGrant({ grant, name: 'Nytt bidrag', validFrom: '2023-01-01', ...rest });
const retire = (grant: string, rest: Partial<RetireGrant['input']> = {}) => new RetireGrant({ grant, lastDay: '2023-12-31', ...rest });

describe('registering a grant', () => {
  it('gives a code a name from a day on, and may name what went before', () =>
    region.when(register('9930', { predecessor: '9957' })).then({
      type: 'GrantRegistered',
      data: { grant: '9930', name: 'Nytt bidrag', validFrom: '2023-01-01', predecessor: '9957' },
    }));
  it('EU projects have codes too', () => region.when(register('EU-20.358_A')).then({ type: 'GrantRegistered' }));
  it('a display group is no code', () => region.when(register('99**')).thenRefused('grant-is-display-group', { grant: '99**' }));
  it.each(['', 'å'.repeat(41), '-9930', '99 30'])('%j does not follow the pattern', (grant) =>
    region.when(register(grant)).thenRefused('grant-code-malformed'),
  );
  it.each(['', '99 30', '99|30', '99#30', '99\n30', '\ud800', 'x'.repeat(41)])('%j is no code, whatever the pattern allows', (grant) =>
    given(new OpenLedger({ ...opening, grantCodePattern: '.*' }))
      .when(register(grant))
      .thenRefused('grant-code-malformed'),
  );
  it('a code is used once, for ever', () => {
    region.when(register('9916')).thenRefused('grant-exists', { grant: '9916' });
    region
      .and(retire('9957'))
      .when(register('9957', { validFrom: '2024-01-01' }))
      .thenRefused('grant-exists');
  });
  it('what went before must be known', () =>
    region.when(register('9930', { predecessor: '9999' })).thenRefused('grant-unknown', { grant: '9999' }));
});

describe('renaming a grant', () => {
  const rename = (name: string, validFrom: string) => new RenameGrant({ grant: '9916', name, validFrom });
  it('keeps the earlier name for the time it held', () =>
    expect(region.and(rename('God och nära vård', '2024-01-01')).ledger().grants.get('9916')?.names).toEqual([
      { validFrom: '2020-01-01', name: 'Nära vård' },
      { validFrom: '2024-01-01', name: 'God och nära vård' },
    ]));
  it('said twice of the same day, the later said holds', () =>
    expect(region.and(rename('Fel', '2024-01-01'), rename('Rätt', '2024-01-01')).ledger().grants.get('9916')?.names).toMatchObject([
      { name: 'Nära vård' },
      { name: 'Rätt' },
    ]));
  it('never in a period that is closed', () => {
    const closed = region.and(new ClosePeriod({ period: '2023-12' }));
    const facts = { what: 'grant', code: '9916', validFrom: '2023-12-31', period: '2023-12', lastDay: '2023-12-31' };
    closed.when(rename('God och nära vård', '2023-12-31')).thenRefused('change-in-closed-period', facts);
    closed.when(rename('God och nära vård', '2024-01-01')).then({ type: 'GrantRenamed' });
  });
  it('only a grant that is registered', () =>
    region.when(new RenameGrant({ grant: '9999', name: 'x', validFrom: '2024-01-01' })).thenRefused('grant-unknown'));
});

describe('retiring a grant', () => {
  it('sets its last day, and may name what follows', () =>
    region
      .when(retire('9957', { successor: '9916' }))
      .then({ type: 'GrantRetired', data: { grant: '9957', lastDay: '2023-12-31', successor: '9916' } }));
  it('its last day is still a day', () => {
    const retired = region.and(retire('9957'));
    retired.when(cost(1, { grant: '9957' }, { eventDate: '2023-12-31' })).then({ type: 'CostPosted' });
    retired
      .when(cost(1, { grant: '9957' }, { eventDate: '2024-01-01' }))
      .thenRefused('grant-not-valid', { day: '2024-01-01', lastDay: '2023-12-31' });
  });
  it('takes nothing before its first day either', () =>
    region.when(cost(1, { grant: '9957' }, { eventDate: '2019-12-31' })).thenRefused('grant-not-valid', { lastDay: null }));
  it('happens once', () => region.and(retire('9957')).when(retire('9957')).thenRefused('grant-retired', { lastDay: '2023-12-31' }));
  it('not while money stands on the balance sheet', () => {
    const received = region.and(receipt(100_000));
    received.when(retire('9916')).thenRefused('grant-not-empty', { balanceOre: '100000', netOre: '0' });
    received.and(repayment(100_000)).when(retire('9916')).then({ type: 'GrantRetired' });
  });
  it('not while anything is owed, also where a bank line that names the grant hides it', () =>
    region
      .and(new PostReceipt(draft([line('1930', 500, { grant: '9916' }), line('2971', -500, { decision: '9916-23' })])))
      .when(retire('9916'))
      .thenRefused('grant-not-empty', { balanceOre: '500' }));
  it('not while an open year has a net', () => {
    const spent = region.and(cost(100_000, { grant: '9957' }));
    spent.when(retire('9957')).thenRefused('grant-not-empty', { balanceOre: '0', netOre: '-100000' });
    spent
      .and(recode([{}]))
      .when(retire('9957'))
      .then({ type: 'GrantRetired' });
    spent
      .and(...closeYear(2023))
      .when(retire('9957'))
      .then({ type: 'GrantRetired' });
  });
  it('not while two open years only cancel each other', () =>
    region
      .and(cost(100, { grant: '9957' }), cost(-100, { grant: '9957' }, { eventDate: '2024-01-15' }))
      .when(retire('9957'))
      .thenRefused('grant-not-empty'));
  it('when what was received was recognised and spent', () =>
    region
      .and(receipt(100_000), recognition(100_000), cost(100_000, { grant: '9916' }))
      .when(retire('9916'))
      .then({ type: 'GrantRetired' }));
  it('leaves its vouchers correctable: an error stays an error', () =>
    region
      .and(cost(100, { grant: '9957' }), cost(-100, { grant: '9957' }), retire('9957', { lastDay: '2023-05-31' }))
      .when(new CorrectVoucher({ voucher: own(1), reason: 'Fel', eventDate: '2023-07-01' }))
      .thenLines({ grant: '9957', amountOre: -100 }, {}));
  it('what follows must be known', () => region.when(retire('9957', { successor: '9999' })).thenRefused('grant-unknown'));
  it('only a grant that is registered', () => region.when(retire('9999')).thenRefused('grant-unknown', { grant: '9999' }));
});
