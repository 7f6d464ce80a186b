/**
 * The region of a generated book: boards, administrations and responsibility units (ansvar), grants and EU projects, and the chart of
 * accounts, as a Swedish region has them. Grows with what is asked for; always the same for the same size.
 */
export type BookUnit = {
  readonly unit: string;
  readonly name: string;
  readonly kind: 'board' | 'administration' | 'unit';
  readonly parent: string;
};
/** `place`: the SIE dimension that carries the code, 20 for objekt 99xx, 6 for projects. */
export type BookGrant = {
  readonly grant: string;
  readonly name: string;
  readonly place: '6' | '20';
  readonly income: string;
  readonly liability: boolean;
};
/** `type` as in #KTYP: tillgång, skuld, intäkt, kostnad. */
export type BookAccount = { readonly account: string; readonly name: string; readonly type: 'T' | 'S' | 'I' | 'K' };

export type BookRegion = {
  /** Parents first. */
  readonly units: readonly BookUnit[];
  /** The units that are posted to. */
  readonly ansvar: readonly string[];
  readonly grants: readonly BookGrant[];
  /** Projects of dimension 6 that are no grants. */
  readonly projects: readonly { readonly project: string; readonly name: string }[];
  readonly accounts: readonly BookAccount[];
};

export const ORGANISATION = { name: 'Region Åsele-Öarna', organisationNumber: '232100-9900', root: 'REG' };
/** Where the balance sheet lies: such lines carry no object in SIE, and a profile gives them this unit. */
export const FINANCE = '0900';
/** What an EU project's code looks like; other projects of dimension 6 do not. */
export const PROJECT_PATTERN = '^(?:\\d{4}-[0-9A-Z]+|20\\d{6})$';

const BOARDS = [
  { board: 'RS', name: 'Regionstyrelsen', administration: 'STAB', under: 'Regionstaben', digits: '06' },
  { board: 'HSN', name: 'Hälso- och sjukvårdsnämnden', administration: 'HSF', under: 'Hälso- och sjukvårdsförvaltningen', digits: '02' },
  { board: 'RUN', name: 'Regionala utvecklingsnämnden', administration: 'RUF', under: 'Regional utveckling', digits: '03' },
  { board: 'KTN', name: 'Kollektivtrafiknämnden', administration: 'KTF', under: 'Länstrafiken', digits: '04' },
] as const;
const PLACES = [
  'Kommunikation',
  'eHälsa och IT',
  'Samordningskansliet',
  'Primärvård Åre',
  'Ögonmottagningen',
  'Akuten',
  'Forskning och utbildning',
  'Kafé Linné',
];
const NAMES: readonly (readonly [code: string, name: string])[] = [
  ['9916', 'Nära vård, ök kvalitet i hsn'],
  ['9917', 'Vårdens medarb o vidareutb'],
  ['9918', 'ÖK Civilt försvar Hälso sjukv'],
  ['9929', 'Ökad tillgänglighet'],
  ['9955', 'ÖK Civilt försvar läkemedel'],
  ['9949', 'Återhämtn bonus vård o omsorg'],
  ['9942', 'Vision E-hälsa'],
  ['9920', 'Höjd beredskap MSB'],
  ['9962', 'STB förstärkt föräldrastöd'],
  ['9961', 'STB våldsförebyggande arbete'],
  ['9908', 'Våld nära relationer'],
];
const EU = [
  ['0042-17', 'Interreg Grön omställning'],
  ['20358012', 'ESF Kompetens för välfärd'],
  ['0831-EU', 'Horisont Hälsodata'],
  ['20201637', 'ERUF Besöksnäring i fjällen'],
] as const;
const PROJECTS = [
  { project: 'P1201', name: 'Nytt journalsystem' },
  { project: 'P1310', name: 'Ombyggnad Östra flygeln' },
  { project: 'P0077', name: 'Hälsovägen' },
];
const ACCOUNTS: readonly (readonly [account: string, type: BookAccount['type'], name: string])[] = [
  ['1510', 'T', 'Kundfordringar'],
  ['1680', 'T', 'Momsfordran'],
  ['1790', 'T', 'Förutbetalda kostnader'],
  ['1930', 'T', 'Bank'],
  ['2010', 'S', 'Eget kapital'],
  ['2440', 'S', 'Leverantörsskulder'],
  ['2710', 'S', 'Personalens källskatt'],
  ['2730', 'S', 'Arbetsgivaravgifter, skuld'],
  ['2971', 'S', 'Skuld riktade statsbidrag'],
  ['2990', 'S', 'Upplupna kostnader'],
  ['3111', 'I', 'Patientavgifter öppenvård'],
  ['3411', 'I', 'Försäljning av tjänster'],
  ['3511', 'I', 'Riktade statsbidrag'],
  ['3512', 'I', 'Prestationsbaserade statsbidrag'],
  ['3515', 'I', 'EU-bidrag'],
  ['3591', 'I', 'Omfördelning av statsbidrag'],
  ['4011', 'K', 'Löner tillsvidareanställda'],
  ['4012', 'K', 'OB-tillägg'],
  ['4110', 'K', 'Semesterlöneskuld, förändring'],
  ['4510', 'K', 'Arbetsgivaravgifter'],
  ['5010', 'K', 'Lokalhyra'],
  ['5610', 'K', 'Läkemedel'],
  ['6110', 'K', 'Kontorsmaterial'],
  ['6540', 'K', 'IT-tjänster'],
  ['7310', 'K', 'Resor och logi'],
  ['7530', 'K', 'Utbildning'],
  ['7550', 'K', 'Köpta konsulttjänster'],
  ['7630', 'K', 'Tolktjänster'],
  ['7690', 'K', 'Övriga främmande tjänster'],
];

/** Accounts that supplier invoices are coded to. */
export const INVOICE_ACCOUNTS = ['5010', '5610', '6110', '6540', '7310', '7530', '7550', '7630', '7690'];

/** @param units responsibility units (ansvar) · @param grants 99xx codes, at most 99, beside four EU projects */
export function regionOf(units: number, grants: number): BookRegion {
  const tree: BookUnit[] = [];
  for (const { board, name, administration, under } of BOARDS)
    tree.push(
      { unit: board, name, kind: 'board', parent: ORGANISATION.root },
      { unit: administration, name: under, kind: 'administration', parent: board },
    );
  tree.push({ unit: FINANCE, name: 'Finansförvaltningen', kind: 'unit', parent: 'RS' });
  const ansvar: string[] = [];
  for (let n = 0; n < units; n += 1) {
    const { administration, digits } = BOARDS[n % BOARDS.length]!;
    const unit = `${digits}${String(4 + Math.floor(n / BOARDS.length)).padStart(2, '0')}`;
    ansvar.push(unit);
    tree.push({ unit, name: `${PLACES[n % PLACES.length]!} ${unit}`, kind: 'unit', parent: administration });
  }
  const named = new Map(NAMES);
  for (let code = 9900; named.size < grants && code < 10_000; code += 1)
    if (!named.has(String(code))) named.set(String(code), `Övrigt bidrag ${code}`);
  const national = [...named].slice(0, grants).map(([grant, name]): BookGrant => {
    const performance = grant === '9929';
    return { grant, name, place: '20', income: performance ? '3512' : '3511', liability: !performance && Number(grant) % 3 !== 0 };
  });
  const projects = EU.map(([grant, name]): BookGrant => ({ grant, name, place: '6', income: '3515', liability: true }));
  return {
    units: tree,
    ansvar,
    grants: [...national, ...projects],
    projects: PROJECTS,
    accounts: ACCOUNTS.map(([account, type, name]) => ({ account, name, type })),
  };
}
