/**
 * The workbook by which a ledger is started (R49): its sheets, what stands in each column, and what may be chosen. The template is
 * written from this and the filled-in workbook read by it, so that the two cannot part.
 */

/** A column: its heading, what the template says of it, and what may stand there. `needed`: never empty; `choices` are Swedish word and value. */
export type StartColumn = {
  readonly heading: string;
  readonly says: string;
  readonly needed?: true;
  readonly choices?: readonly (readonly [word: string, value: string])[];
  /** The sheet whose first column holds what may be chosen. */
  readonly of?: SheetName;
  readonly as?: 'amount' | 'date';
};
export type SheetName = 'Enheter' | 'Bidrag' | 'Beslut' | 'Kontoklasser' | 'Ingående' | 'Ansvar';

const YES_NO = [
  ['ja', 'yes'],
  ['nej', 'no'],
] as const;

export const UNITS = {
  unit: { heading: 'Kod', says: 'Enhetens kod, som i ekonomisystemet', needed: true },
  name: { heading: 'Namn', says: 'Tomt: namnet tas ur SIE-filen' },
  kind: {
    heading: 'Slag',
    says: 'nämnd, förvaltning eller enhet',
    needed: true,
    choices: [
      ['nämnd', 'board'],
      ['förvaltning', 'administration'],
      ['enhet', 'unit'],
    ],
  },
  parent: { heading: 'Ligger under', says: 'Kod; tomt: direkt under regionen', of: 'Enheter' },
  validFrom: { heading: 'Gäller från', says: 'Dag, till exempel 2023-01-01', needed: true, as: 'date' },
} as const satisfies Record<string, StartColumn>;

export const GRANTS = {
  grant: { heading: 'Kod', says: 'Bidragskoden (objekt, projekt)', needed: true },
  name: { heading: 'Namn', says: 'Tomt: namnet tas ur SIE-filen' },
  validFrom: { heading: 'Gäller från', says: 'Dag', needed: true, as: 'date' },
  predecessor: { heading: 'Föregångare', says: 'Kod för det bidrag som detta ersätter', of: 'Bidrag' },
} as const satisfies Record<string, StartColumn>;

export const DECISIONS = {
  decision: { heading: 'Beslut', says: 'Egen beteckning, till exempel 9916-23', needed: true },
  grant: { heading: 'Bidrag', says: 'Bidragskod', needed: true, of: 'Bidrag' },
  agency: { heading: 'Myndighet', says: 'Den som beslutat', needed: true },
  diarienummer: { heading: 'Diarienummer', says: 'Myndighetens', needed: true },
  kind: {
    heading: 'Slag',
    says: 'villkorat, prestationsbaserat, utan villkor eller förmedlat',
    needed: true,
    choices: [
      ['villkorat', 'conditional'],
      ['prestationsbaserat', 'performance'],
      ['utan villkor', 'unconditional'],
      ['förmedlat', 'mediated'],
    ],
  },
  awardedOre: { heading: 'Beviljat', says: 'Kronor', needed: true, as: 'amount' },
  grantYear: { heading: 'Bidragsår', says: 'Fyra siffror', needed: true },
  receivedTo: {
    heading: 'Mottaget blir',
    says: 'skuld eller intäkt när pengarna kommer',
    needed: true,
    choices: [
      ['skuld', 'liability'],
      ['intäkt', 'income'],
    ],
  },
  carryOver: { heading: 'Förs över', says: 'ja eller nej: får användas nästa år', needed: true, choices: YES_NO },
  conditions: { heading: 'Villkor', says: 'Fritext' },
  legalBasis: { heading: 'Rättslig grund', says: 'Till exempel förordning 2023:489' },
  restrictionFrom: { heading: 'Används från', says: 'Dag', as: 'date' },
  restrictionTo: { heading: 'Används till', says: 'Dag', as: 'date' },
  decidedOn: { heading: 'Beslutat', says: 'Dag', as: 'date' },
  requisitionBy: { heading: 'Rekvireras senast', says: 'Dag', as: 'date' },
  reportBy: { heading: 'Redovisas senast', says: 'Dag', as: 'date' },
  repayBy: { heading: 'Återbetalas senast', says: 'Dag', as: 'date' },
} as const satisfies Record<string, StartColumn>;

export const CLASSES = {
  from: { heading: 'Från', says: 'Första konto', needed: true },
  to: { heading: 'Till', says: 'Sista konto; tomt: bara det första' },
  kind: {
    heading: 'Slag',
    says: 'balans, bidragsskuld, intäkt, kostnad eller omfördelning',
    needed: true,
    choices: [
      ['balans', 'balance'],
      ['bidragsskuld', 'grant-liability'],
      ['intäkt', 'income'],
      ['kostnad', 'cost'],
      ['omfördelning', 'reallocation'],
    ],
  },
  internal: { heading: 'Internt', says: 'ja: mellan regionens egna enheter', choices: YES_NO },
  name: { heading: 'Rapportrad', says: 'Till exempel Personalkostnader' },
} as const satisfies Record<string, StartColumn>;

export const CARRIED_IN = {
  decision: { heading: 'Beslut', says: 'Beteckning i bladet Beslut', needed: true, of: 'Beslut' },
  account: { heading: 'Konto', says: 'Skuld, fordran; eller intäkt, kostnad av tidigare år', needed: true },
  amountOre: { heading: 'Belopp', says: 'Kronor; debet plus, kredit minus (en skuld är minus)', needed: true, as: 'amount' },
  contra: { heading: 'Motkonto', says: 'Skuld: kontot som pengarna kom in på. Fordran: intäktskontot', needed: true },
  unit: { heading: 'Enhet', says: 'Kod i bladet Enheter', needed: true, of: 'Enheter' },
  year: { heading: 'År', says: 'Året beloppet bokfördes; tomt: året före' },
} as const satisfies Record<string, StartColumn>;

export const RESPONSIBILITIES = {
  from: { heading: 'Ansvar från', says: 'Ekonomisystemets kod', needed: true },
  to: { heading: 'Ansvar till', says: 'Tomt: bara den första' },
  unit: { heading: 'Enhet', says: 'Kod i bladet Enheter', needed: true, of: 'Enheter' },
} as const satisfies Record<string, StartColumn>;

export const SHEETS = {
  Enheter: UNITS,
  Bidrag: GRANTS,
  Beslut: DECISIONS,
  Kontoklasser: CLASSES,
  Ingående: CARRIED_IN,
  Ansvar: RESPONSIBILITIES,
} as const satisfies Record<SheetName, Record<string, StartColumn>>;

export const SHEET_NAMES = Object.keys(SHEETS) as SheetName[];
/** The sheet with words to the user: never read. */
export const INTRODUCTION = 'Läs mig';
