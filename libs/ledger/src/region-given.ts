/**
 * The small region that the law's specs play in: two boards, a staff unit and an IT unit; four grants, of which 9957 has no
 * decision; and short ways of writing vouchers. Only specs import it. Amounts are öre, debit +, credit −.
 */
import { FIRST_CLASSES, type AccountClass } from './accounts.js';
import type { Mandate, Terms } from './events.js';
import { given } from './given.js';
import { CloseImport, ImportVouchers, OpenImportOfFile } from './imports/import.js';
import type { ProfileSettings } from './imports/profile.js';
import { ClosePeriod } from './period.js';
import { ownReference, type Reference } from './reference.js';
import { RegisterDecision } from './register/decision.js';
import { RegisterGrant } from './register/grant.js';
import { FIRST_PATTERN, OpenLedger } from './register/settings.js';
import { SetUnit } from './register/unit.js';
import type { Line, Voucher } from './voucher.js';
import type { Draft, DraftLine } from './vouchers/draft.js';
import { PostCost, PostReceipt, PostRepayment, RecogniseIncome } from './vouchers/post.js';
import { ReallocateFunds } from './vouchers/reallocate-funds.js';
import { RecodeCost } from './vouchers/recode-cost.js';

/** The first chart, with 79 between the region's own units. */
export const classes: readonly AccountClass[] = [
  ...FIRST_CLASSES.filter(({ kind }) => kind !== 'cost'),
  { from: '4000', to: '7899', kind: 'cost' },
  { from: '7900', to: '7999', kind: 'cost', internal: true },
  { from: '8000', to: '8999', kind: 'cost' },
];

export const opening: OpenLedger['input'] = {
  organisationNumber: '232100-0000',
  name: 'Demoregionen',
  region: 'REG',
  demo: true,
  timeZone: 'Europe/Stockholm',
  grantCodePattern: FIRST_PATTERN,
  accountClasses: classes,
};

/** Awarded 10 000 kr for 2023, received as a liability, to be used from January to December. */
export const terms: Terms = {
  agency: 'Socialstyrelsen',
  diarienummer: '9.3-2417/2023',
  kind: 'conditional',
  awardedOre: 1_000_000,
  restrictionFrom: '2023-01-01',
  restrictionTo: '2023-12-31',
  grantYear: 2023,
  carryOver: false,
  receivedTo: 'liability',
};

export const region = given(
  new OpenLedger(opening),
  new SetUnit({ unit: 'RS', name: 'Regionstyrelsen', kind: 'board', parent: 'REG', validFrom: '2020-01-01' }),
  new SetUnit({ unit: 'HSN', name: 'Hälso- och sjukvårdsnämnden', kind: 'board', parent: 'REG', validFrom: '2020-01-01' }),
  new SetUnit({ unit: '614', name: 'Regionstaben', kind: 'unit', parent: 'RS', validFrom: '2020-01-01' }),
  new SetUnit({ unit: '605', name: 'eHälsa och IT', kind: 'unit', parent: 'RS', validFrom: '2020-01-01' }),
  new RegisterGrant({ grant: '9916', name: 'Nära vård', validFrom: '2020-01-01' }),
  new RegisterGrant({ grant: '9917', name: 'Vårdens medarbetare', validFrom: '2020-01-01' }),
  new RegisterGrant({ grant: '9929', name: 'Ökad tillgänglighet', validFrom: '2020-01-01' }),
  new RegisterGrant({ grant: '9957', name: 'Upphört bidrag', validFrom: '2020-01-01' }),
  new RegisterDecision({ decision: '9916-22', grant: '9916', terms: { ...terms, grantYear: 2022, carryOver: true } }),
  new RegisterDecision({ decision: '9916-23', grant: '9916', terms }),
  new RegisterDecision({ decision: '9917-23', grant: '9917', terms }),
  new RegisterDecision({ decision: '9929-23', grant: '9929', terms: { ...terms, kind: 'performance', receivedTo: 'income' } }),
);

/** A line at the staff unit, 614, unless another is named. */
export const line = (account: string, amountOre: number, coding: Partial<DraftLine> = {}): DraftLine => ({
  account,
  amountOre,
  unit: '614',
  ...coding,
});

/** A voucher of 3 May 2023, with all that a voucher must have. */
export const draft = (lines: readonly DraftLine[], rest: Partial<Draft> = {}): Draft => ({
  eventDate: '2023-05-03',
  text: 'Nära vård, våren',
  counterparty: 'Konsult AB',
  document: 'faktura 4711, arkivet',
  lines,
  ...rest,
});

/** A cost on 7550 against suppliers, on a grant or none. */
export const cost = (amountOre: number, coding: Partial<DraftLine> = {}, rest: Partial<Draft> = {}) =>
  new PostCost(draft([line('7550', amountOre, coding), line('2440', -amountOre)], rest));

/** Money to the bank for decision 9916-23. */
export const receipt = (amountOre: number, rest: Partial<Draft> = {}) =>
  new PostReceipt(draft([line('1930', amountOre), line('2971', -amountOre, { decision: '9916-23' })], rest));

/** Income of decision 9916-23, out of the liability. */
export const recognition = (amountOre: number, rest: Partial<Draft> = {}) =>
  new RecogniseIncome(draft([line('2971', amountOre, { decision: '9916-23' }), line('3511', -amountOre, { decision: '9916-23' })], rest));

/** Money of decision 9916-23 back to the agency. */
export const repayment = (amountOre: number, rest: Partial<Draft> = {}) =>
  new PostRepayment(draft([line('2971', amountOre, { decision: '9916-23' }), line('1930', -amountOre)], rest));

/** Our own voucher of 2023 with that number. */
export const own = (number: number, year = 2023): Reference => ownReference(year, number);

/** Line 1 of our first voucher to other grants. */
export const recode = (to: RecodeCost['input']['to'], rest: Partial<RecodeCost['input']> = {}) =>
  new RecodeCost({ voucher: own(1), line: 1, to, eventDate: '2023-05-10', text: 'Enligt aprilbeslutet', ...rest });

export const mandate: Mandate = { kind: 'board', diarienummer: 'RS/850/2023', paragraph: '44', date: '2023-04-26' };

/** 9916 from the staff unit to the health care board. */
export const reallocation = (amountOre: number, rest: Partial<ReallocateFunds['input']> = {}) =>
  new ReallocateFunds({
    grant: '9916',
    from: '614',
    to: 'HSN',
    amountOre,
    account: '3591',
    eventDate: '2023-05-03',
    text: 'Fördelning av nära vård',
    mandate,
    bookedAs: 'changed-unit',
    ...rest,
  });

/** The closing of a year's twelve months. */
export const closeYear = (year: number) =>
  Array.from({ length: 12 }, (_, month) => new ClosePeriod({ period: `${year}-${String(month + 1).padStart(2, '0')}` }));

/** A file of the ERP's vouchers for 2023. */
export const file = {
  import: 'a1',
  sha256: 'ab'.repeat(32),
  bytes: 1_000,
  kind: 'whole-vouchers' as const,
  format: 'csv' as const,
  profile: 'voucher-csv',
  book: 'erp',
  year: 2023,
  counts: { rows: 2, withCode: 0, withoutCode: 1, noCodeNeeded: 1, alreadyThere: 0 },
  vouchers: 1,
  periods: ['2023-03'],
  grants: [],
  decisions: [],
  units: ['614'],
  file: '2023-03.csv',
  readAtSeq: 1_000,
} satisfies OpenImportOfFile['input'];

/** How the ERP's files are read: the grant in dimension 6, the unit in dimension 1. */
export const profile: ProfileSettings = {
  kind: 'whole-vouchers',
  book: 'erp',
  grant: [{ dimension: '6' }],
  unit: { places: [{ dimension: '1' }], otherwise: '614' },
};

/** An ERP's voucher in series LEV: a cost without a code against suppliers, unless other lines are given. */
export const erpVoucher = (number: string, lines: readonly Line[], rest: Partial<Voucher> = {}): Voucher => ({
  ref: { book: 'erp', year: 2023, series: 'LEV', number, version: 1 },
  eventDate: '2023-03-14',
  lines,
  fingerprint: '0123456789abcdef',
  ...rest,
});

export const erpLine = (account: string, amountOre: number, rest: Partial<Line> = {}): Line => ({
  account,
  amountOre,
  effect: 'none',
  unit: '614',
  period: '2023-03',
  ...rest,
});

/** A whole import of one voucher, erp-2023-LEV-153: a cost without a code. */
export const importedCost = (amountOre: number) => [
  new OpenImportOfFile(file),
  new ImportVouchers({
    import: 'a1',
    part: 0,
    vouchers: [erpVoucher('153', [erpLine('7550', amountOre, { effect: 'cost', row: 2 }), erpLine('2440', 0 - amountOre, { row: 3 })])],
    texts: [{ text: 'Konsult mars', counterparty: 'Leverantör AB', document: 'faktura 12' }],
  }),
  new CloseImport({ import: 'a1' }),
];
