/** What a ledger needs before a generated book can come in: the commands of its register, and the profiles that read its files. */
import {
  FIRST_CLASSES,
  FIRST_PATTERN,
  OpenLedger,
  RegisterDecision,
  RegisterGrant,
  SetUnit,
  type Command,
  type ProfileSettings,
} from '#ledger';
import { CLOSING_SERIES, type Book } from './book.js';
import { FINANCE, ORGANISATION, PROJECT_PATTERN } from './region.js';

/** Region, units, grants and a decision for each. */
export function registerOf({ region, year }: Pick<Book, 'region' | 'year'>): Command[] {
  const validFrom = '2020-01-01';
  return [
    new OpenLedger({
      organisationNumber: ORGANISATION.organisationNumber,
      name: ORGANISATION.name,
      region: ORGANISATION.root,
      demo: false,
      timeZone: 'Europe/Stockholm',
      grantCodePattern: FIRST_PATTERN,
      accountClasses: FIRST_CLASSES,
    }),
    ...region.units.map(({ unit, name, kind, parent }) => new SetUnit({ unit, name, kind, parent, validFrom })),
    ...region.grants.map(({ grant, name }) => new RegisterGrant({ grant, name, validFrom })),
    ...region.grants.map(
      ({ grant, liability }, i) =>
        new RegisterDecision({
          decision: `${grant}-${year}-1`,
          grant,
          terms: {
            agency: 'Socialstyrelsen',
            diarienummer: `9.3-${i}/${year}`,
            kind: 'conditional',
            awardedOre: 500_000_000_00,
            restrictionFrom: `${year}-01-01`,
            restrictionTo: `${year}-12-31`,
            grantYear: year,
            carryOver: false,
            receivedTo: liability ? 'liability' : 'income',
          },
        }),
    ),
  ];
}

/** The profile that reads `sieFile` as the book means it: objekt in dimension 20, EU projects in 6, ansvar in 1. */
export const sieProfile = (book = 'erp'): ProfileSettings => ({
  kind: 'whole-vouchers',
  book,
  grant: [{ dimension: '20' }, { dimension: '6', pattern: PROJECT_PATTERN }],
  unit: { places: [{ dimension: '1' }], otherwise: FINANCE },
  period: { from: 'voucher-date', closingSeries: [{ series: CLOSING_SERIES, month: 13 }] },
});

/** The profile that reads `reportCsv`. @param kind a list that was filtered (`only`) is a selection */
export const reportProfile = (
  options: { readonly kind?: ProfileSettings['kind']; readonly debitAndCredit?: boolean; readonly book?: string } = {},
): ProfileSettings => ({
  kind: options.kind ?? 'whole-vouchers',
  book: options.book ?? 'erp',
  grant: [{ column: 'Objekt' }, { column: 'Projekt', pattern: PROJECT_PATTERN }],
  unit: { places: [{ column: 'Ansvar' }], otherwise: FINANCE },
  period: { from: { column: 'Period' } },
  table: {
    separator: ';',
    decimal: ',',
    columns: {
      series: 'Serie',
      number: 'Vernr',
      date: 'Bokf datum',
      account: 'Konto',
      ...(options.debitAndCredit ? { debit: 'Debet', credit: 'Kredit' } : { amount: 'Belopp' }),
      text: 'Text',
      lineText: 'Radtext',
      counterparty: 'Motpart namn',
      document: 'Underlag',
      registered: 'Reg datum',
    },
  },
});
