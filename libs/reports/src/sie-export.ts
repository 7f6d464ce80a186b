/**
 * The books as a SIE file (R35): 4E of a fiscal year with every balance, 4I of some periods, 4I of the ledger's own vouchers for the ERP to book,
 * and type 3, balances alone, for what is no whole vouchers. Unit in dimension 1, the grant in the one that the caller chooses, decision,
 * counterpart and period in further ones. A profile that reads those gives the same figures, codes and references again.
 */
import {
  firstDayOf,
  fiscalYear,
  lastDayOf,
  liesBefore,
  liesIn,
  OWN_BOOK,
  parseReference,
  periodOf,
  refuse,
  seriesText,
  yearOf,
  type AccountClass,
  type FiscalYear,
} from '#ledger';
import type { BookedCoding, BookedLine, BookedVoucher, Books, BooksAsked } from '#projections';
import {
  transliterate,
  writeSie,
  type SieAccount,
  type SieBalance,
  type SieBook,
  type SieNamedObject,
  type SieObject,
  type WrittenVoucher,
} from '#sie';

/** Which dimensions carry what; the unit is always in 1. */
export type ExportDimensions = {
  readonly grant: string;
  readonly decision: string;
  readonly counterpart: string;
  /** `YYYY-MM`, only on lines whose period is not the month of the voucher's date. */
  readonly period: string;
};
const EXPORT_DIMENSIONS: ExportDimensions = { grant: '20', decision: '21', counterpart: '22', period: '23' };
/** The series of our own vouchers beside an ERP's. */
export const OWN_SERIES = 'LIGG';

export type SieAsked = {
  /** `4I` of the book `own` has no numbers and our reference in each text: what the ERP is to book. */
  readonly kind: '4E' | '4I' | '3';
  /** The name of a fiscal year: the year in which it begins, that of the ERP's books (see `Books.fiscalYear`). */
  readonly year: number;
  /** 4I and 3: the whole year where left out. */
  readonly fromPeriod?: string;
  readonly through?: string;
  /** One book; all where left out. */
  readonly book?: string;
  /** Books that are left out: `leftOutOf`. */
  readonly without?: readonly string[];
  readonly dimensions?: Partial<ExportDimensions>;
  readonly ownSeries?: string;
  /** #KSUMMA around it. */
  readonly checksum?: boolean;
};
/** Who writes the file, and on which day. */
export type SieMaker = { readonly program: string; readonly version: string; readonly day: string };

type Balance = Omit<SieBalance, 'line'>;
type Sum = { readonly account: string; readonly objects: readonly SieObject[]; ore: bigint };

/** The books that SIE type 4 leaves out where none is named, since a selection is no whole vouchers. */
export const leftOutOf = (books: Books, { kind, book }: Pick<SieAsked, 'kind' | 'book'>): string[] =>
  kind === '3' || book !== undefined ? [] : books.selections();

/**
 * The file in chunks. The first is made when everything that can be refused beforehand has been looked at.
 * @param books closed by the caller
 * @throws Refusal `period-outside-year`, `export-dimension-taken`, `export-series-taken`, `export-selection`, `sie-code-not-writable`, `amount-too-large`
 */
export function* sieExport(books: Books, asked: SieAsked, maker: SieMaker): Generator<Uint8Array> {
  const { kind, year, book, without = [] } = asked;
  const its = books.fiscalYear({ year, ...(book !== undefined && { book }), without });
  const whole = { fromPeriod: its.from, through: `${yearOf(its.through)}-16` };
  const { fromPeriod = whole.fromPeriod, through = whole.through } = asked;
  for (const period of [fromPeriod, through]) if (!liesIn(period, its)) refuse('period-outside-year', { period, year });
  const dimensions = exportDimensions(asked.dimensions);
  const seriesOf = naming(books, asked, its);
  const oneSided = kind === '3' ? null : books.oneSided({ ...asked, fiscalYear: its });
  if (oneSided !== null) refuse('export-selection', { book: parseReference(oneSided).book, voucher: oneSided });
  const { name, organisationNumber, demo } = books.ledger();
  const period = { ...(kind === '4E' ? whole : { fromPeriod, through }), its };
  const classes = books.classes(yearOf(its.through));
  const used = [...books.codings()].filter((coding) => isIn(coding, period) || (kind !== '4I' && isCarried(coding, its, classes)));
  const toBook = kind === '4I' && book === OWN_BOOK;
  const parts = {
    head: {
      program: maker.program,
      programVersion: maker.version,
      generated: maker.day,
      name,
      organisationNumber,
      until: lastDayOf(its.through),
      notes: [
        ...(demo ? ['DEMO: uppgifterna är påhittade.'] : []),
        `Till och med händelse ${books.seq}, ${book === undefined ? allBut(without) : `bok ${book}`}, ${period.fromPeriod} till ${period.through}`,
      ],
      years: [its, yearBefore(its)].map((each, i) => ({ index: -i || 0, from: firstDayOf(each.from), to: lastDayOf(each.through) })),
    },
    accounts: accountsOf(used, classes),
    dimensions: [
      { number: '1', name: 'Enhet', parent: null },
      { number: dimensions.grant, name: 'Bidrag', parent: null },
      { number: dimensions.decision, name: 'Bidragsbeslut', parent: null },
      { number: dimensions.counterpart, name: 'Motpart', parent: null },
      { number: dimensions.period, name: 'Period', parent: null },
    ],
    objects: objectsOf(books, used, dimensions, period.through),
    vouchers:
      kind === '3'
        ? []
        : vouchersOf(
            books,
            { year, fromPeriod: period.fromPeriod, through: period.through, fiscalYear: its, ...(book !== undefined && { book }), without },
            dimensions,
            seriesOf,
            toBook,
          ),
  };
  const written: SieBook =
    kind === '4I' ? { kind, ...parts } : { kind, ...parts, balances: balancesOf(books, asked, period, classes, dimensions) };
  yield* writeSie(written, { checksum: asked.checksum ?? false });
}

const allBut = (without: readonly string[]): string => (without.length === 0 ? 'alla böcker' : `alla böcker utom ${without.join(' och ')}`);

function* vouchersOf(
  books: Books,
  asked: BooksAsked & { readonly fiscalYear: FiscalYear },
  dimensions: ExportDimensions,
  seriesOf: (voucher: BookedVoucher) => string,
  toBook: boolean,
): Generator<WrittenVoucher> {
  const lists = new Map<string, readonly SieObject[]>();
  for (const voucher of books.vouchers(asked)) {
    const { ref, eventDate, text, lines, recordedAt } = voucher;
    const date = dayWithin(eventDate, asked.fiscalYear);
    yield {
      series: toBook ? '' : seriesOf(voucher),
      number: toBook ? '' : numberOf(voucher, asked.year),
      numbered: !toBook,
      date,
      registered: voucher.registered ?? (ref.book === OWN_BOOK ? recordedAt.slice(0, 10) : ''),
      text: toBook ? `${voucher.voucher}: ${text}` : text,
      sign: '',
      lines: lines.map((line) => {
        const key = `${line.unit}|${line.grant}|${line.decision}|${line.counterpart ?? ''}|${line.period === periodOf(date) ? '' : line.period}`;
        let objects = lists.get(key);
        if (objects === undefined) lists.set(key, (objects = objectList(line, dimensions, date)));
        return {
          act: 'posted',
          counted: true,
          account: line.account,
          objects,
          amountOre: line.amountOre,
          date: eventDate,
          text: line.text,
          quantity: '',
          sign: '',
        };
      }),
    };
  }
}

function objectList({ unit, grant, decision, counterpart, period }: BookedLine, dimensions: ExportDimensions, date: string): SieObject[] {
  return [
    { dim: '1', object: unit },
    { dim: dimensions.grant, object: grant },
    { dim: dimensions.decision, object: decision },
    { dim: dimensions.counterpart, object: counterpart ?? '' },
    { dim: dimensions.period, object: period === periodOf(date) ? '' : period },
  ].filter(({ object }) => object !== '');
}

/** The number in its series; a later version as `17:2`, and one of another year's references (it corrects an earlier year's; ours of the second calendar year) as `2022-17:2`. */
function numberOf({ ref: { year, number, version } }: BookedVoucher, asked: number): string {
  const of = year !== asked ? `${year}-` : '';
  return `${of}${number}${version === 1 ? '' : `:${version}`}`;
}

/** What each voucher's series is called: the file's, ours under a name of its own, and with the book's name before it where several ERP books meet. */
function naming(
  books: Books,
  { year, book, without = [], ownSeries = OWN_SERIES }: SieAsked,
  its: FiscalYear,
): (voucher: BookedVoucher) => string {
  const series = books.series({ year, fiscalYear: its, ...(book !== undefined && { book }), without });
  const erps = new Set(series.map((each) => each.book).filter((each) => each !== OWN_BOOK));
  const called = (of: { readonly book: string; readonly series: string }) =>
    of.book === OWN_BOOK ? ownSeries : erps.size > 1 ? `${of.book}${written(of.series)}` : written(of.series);
  const taken = series.find((each) => each.book !== OWN_BOOK && called(each) === ownSeries);
  if (taken) refuse('export-series-taken', { series: ownSeries, book: taken.book });
  return ({ ref }) => called(ref);
}

/** As the ERP's file had it; as references write it where CP437 has no such sign. */
function written(series: string): string {
  const text = seriesText(series);
  return transliterate(text) === text ? text : series;
}

const WHAT = { grant: 'bidraget', decision: 'beslutet', counterpart: 'motparten', period: 'perioden' } as const;

/** The dimensions of an export · refuses `export-dimension-taken`. */
export function exportDimensions(chosen: Partial<ExportDimensions> = {}): ExportDimensions {
  const dimensions = { ...EXPORT_DIMENSIONS, ...chosen };
  const taken = new Set<string>();
  for (const [kind, dimension] of Object.entries(dimensions) as [keyof ExportDimensions, string][]) {
    if (!/^(?:6|[2-9]\d|[1-9]\d{2,3})$/.test(dimension) || taken.has(dimension))
      refuse('export-dimension-taken', { dimension, what: WHAT[kind] });
    taken.add(dimension);
  }
  return dimensions;
}

type Within = { readonly fromPeriod: string; readonly through: string; readonly its: FiscalYear };
const isIn = ({ period }: BookedCoding, { fromPeriod, through, its }: Within): boolean =>
  period >= fromPeriod && period <= through && liesIn(period, its);

/** What stood on the balance sheet when the year began. */
const isCarried = ({ account, period }: BookedCoding, its: FiscalYear, classes: (account: string) => AccountClass | null): boolean =>
  liesBefore(period, its) && isBalanceSheet(account, classes);

const isBalanceSheet = (account: string, classes: (account: string) => AccountClass | null): boolean => {
  const kind = classes(account)?.kind;
  return kind === 'balance' || kind === 'grant-liability';
};

const NAMES = {
  balance: 'Balanskonto',
  'grant-liability': 'Skuld statsbidrag',
  income: 'Intäkt',
  reallocation: 'Omfördelning',
  cost: 'Kostnad',
} as const;

function accountsOf(used: readonly BookedCoding[], classes: (account: string) => AccountClass | null): SieAccount[] {
  return sorted(used.map(({ account }) => account)).map((number) => {
    const { kind = 'balance', name } = classes(number) ?? {};
    const type = kind === 'balance' ? (number < '2' ? 'T' : 'S') : kind === 'grant-liability' ? 'S' : kind === 'cost' ? 'K' : 'I';
    return { number, name: name ?? NAMES[kind], type, sru: '', unit: '' };
  });
}

function objectsOf(books: Books, used: readonly BookedCoding[], dimensions: ExportDimensions, through: string): SieNamedObject[] {
  const placed = books.placed(through);
  const of = (dim: string, field: 'unit' | 'grant' | 'decision', nameOf: (code: string) => string) =>
    sorted(used.map((coding) => coding[field]).filter((code) => code !== '')).map((object) => ({ dim, object, name: nameOf(object) }));
  return [
    ...of('1', 'unit', (unit) => placed(unit).name),
    ...of(dimensions.grant, 'grant', (grant) => books.grantName(grant, through)),
    ...of(dimensions.decision, 'decision', (decision) => books.diarienummer(decision)),
  ];
}

const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].sort();

/**
 * #IB, #OIB, #UB, #OUB, #RES and #PSALDO, from the sums of the lines. SIE knows twelve months: in a 4E those of the vouchers' dates, as
 * a reader finds them in the file itself; where there are no vouchers the periods, with closing periods in the last. Per object: each unit, each grant, and each unit with each grant.
 */
function* balancesOf(
  books: Books,
  { kind, book, without }: SieAsked,
  period: Within,
  classes: (account: string) => AccountClass | null,
  dimensions: ExportDimensions,
): Generator<Balance> {
  const [opening, closing, months] = [new Map<string, Sum>(), new Map<string, Sum>(), new Map<string, Map<string, Sum>>()];
  const { its } = period;
  const inYear = (coding: BookedCoding) => liesIn(coding.period, its) && coding.period <= period.through;
  for (const { ore, eventMonth, ...coding } of books.sums((each) => inYear(each) || isCarried(each, its, classes), {
    ...(book !== undefined && { book }),
    ...(without && { without }),
  })) {
    const lists = listsOf(coding, dimensions);
    if (liesBefore(coding.period, its)) add(opening, coding.account, lists, ore);
    add(closing, coding.account, lists, ore);
    if (!isIn(coding, period)) continue;
    const month = within(kind === '4E' ? eventMonth : coding.period, its);
    if (!months.has(month)) months.set(month, new Map());
    add(months.get(month)!, coding.account, lists, ore);
  }
  const isAsset = (account: string) => isBalanceSheet(account, classes);
  const of = (label: Balance['label'], sums: Iterable<Sum>, month: string | null = null) =>
    [...sums].map(({ account, objects, ore }): Balance => ({
      label,
      year: 0,
      period: month,
      account,
      objects,
      amountOre: safe(ore),
      quantity: '',
    }));
  if (kind === '4E' || period.fromPeriod === its.from) {
    const [totals, objects] = parted(opening);
    const [closed, closedObjects] = parted(closing);
    yield* of('IB', totals);
    yield* of(
      'UB',
      closed.filter(({ account }) => isAsset(account)),
    );
    yield* of('OIB', objects);
    yield* of(
      'OUB',
      closedObjects.filter(({ account }) => isAsset(account)),
    );
    yield* of(
      'RES',
      closed.filter(({ account }) => !isAsset(account)),
    );
  }
  for (const month of [...months.keys()].sort()) yield* of('PSALDO', inOrder(months.get(month)!), month);
}

/** The month itself, or the year's first or last; a closing period is the last. */
const within = (month: string, { from, through }: FiscalYear): string =>
  month < from ? from : month > through || month.slice(5) > '12' ? through : month;

/** The day itself, or the year's first or last: in SIE a voucher's date lies in the file's year, and its lines' own dates need not. */
const dayWithin = (day: string, { from, through }: FiscalYear): string => {
  const [first, last] = [firstDayOf(from), lastDayOf(through)];
  return day < first ? first : day > last ? last : day;
};

/** The twelve months before the year. */
function yearBefore({ year, from }: FiscalYear): FiscalYear {
  return fiscalYear(year - 1, Number(from.slice(5)));
}

function add(sums: Map<string, Sum>, account: string, lists: readonly (readonly SieObject[])[], ore: bigint): void {
  for (const objects of lists) {
    const key = `${account} ${objects.map(({ dim, object }) => `${dim} ${object}`).join(' ')}`;
    const sum = sums.get(key);
    if (sum) sum.ore += ore;
    else sums.set(key, { account, objects, ore });
  }
}

function listsOf({ unit, grant }: BookedCoding, dimensions: ExportDimensions): SieObject[][] {
  const [ofUnit, ofGrant] = [
    { dim: '1', object: unit },
    { dim: dimensions.grant, object: grant },
  ];
  return grant === '' ? [[], [ofUnit]] : [[], [ofUnit], [ofGrant], [ofUnit, ofGrant]];
}

const inOrder = (sums: ReadonlyMap<string, Sum>): Sum[] => [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);

/** The accounts' totals, and the rest. */
function parted(sums: ReadonlyMap<string, Sum>): [totals: Sum[], objects: Sum[]] {
  const all = inOrder(sums);
  return [all.filter(({ objects }) => objects.length === 0), all.filter(({ objects }) => objects.length > 0)];
}

function safe(ore: bigint): number {
  const amountOre = Number(ore);
  return Number.isSafeInteger(amountOre) ? amountOre : refuse('amount-too-large', { amount: String(ore) });
}
