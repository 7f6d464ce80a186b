/**
 * A generated book as an ERP writes it in SIE, 4E with every balance or 4I, in any encoding, whole or some months; type 3 too.
 * Written here after the standard, without our own library's writer, so that both are held against something else.
 */
import { crc32 } from 'node:zlib';
import { counted, type BookVoucher, type Months } from './book.js';
import { amountText, bytesOf, chunked, type Encoded } from './bytes.js';
import type { Readable } from './changes.js';
import type { BookLine } from './patterns.js';
import { FINANCE, ORGANISATION } from './region.js';

export type SieFileOptions = {
  /** `4E` where left out. `3`: balances alone. */
  readonly kind?: '4E' | '4I' | '3';
  /** `cp437` where left out, as the standard has it; #FORMAT says PC8 in any. */
  readonly encoding?: Encoded;
  readonly months?: Months;
  /** #KSUMMA around it. */
  readonly checksum?: boolean;
  /** 4I: the receiver numbers. */
  readonly unnumbered?: boolean;
  /** #FLAGGA 1: somebody has read it in already. */
  readonly flag?: '0' | '1';
};

export function* sieFile(book: Readable, options: SieFileOptions = {}): Generator<Buffer> {
  const { encoding = 'cp437', checksum = false, flag = '0' } = options;
  const first = `#FLAGGA ${flag}\r\n`;
  if (!checksum) return yield* chunked(also(first, records(book, options)), encoding);
  let sum = 0;
  yield bytesOf(`${first}#KSUMMA\r\n`, encoding);
  for (const record of records(book, options)) {
    sum = crc32(summed(record), sum);
    yield bytesOf(record, encoding);
  }
  yield bytesOf(`#KSUMMA ${sum}\r\n`, encoding);
}

function* also(first: string, rest: Iterable<string>): Generator<string> {
  yield first;
  yield* rest;
}

/** Label and fields alone, in CP437 (10.3). */
const summed = (record: string): Buffer =>
  bytesOf(
    [...record.matchAll(/"((?:\\"|[^"])*)"|[^\s{}"]+/g)].map(([whole, inside]) => (inside ?? whole).replaceAll('\\"', '"')).join(''),
    'cp437',
  );

const day = (date: string): string => date.slice(0, 4) + date.slice(5, 7) + date.slice(8);
const quoted = (text: string): string => `"${text.includes('"') ? text.replaceAll('"', '\\"') : text}"`;

function* records(book: Readable, { kind = '4E', months, unnumbered = false }: SieFileOptions): Generator<string> {
  const { region, year } = book;
  yield `#PROGRAM "Ekonomisystem" "9.2"\r\n#FORMAT PC8\r\n#GEN ${year + 1}0105 "ÅÖ"\r\n#SIETYP ${kind === '3' ? '3' : '4'}\r\n#ORGNR ${ORGANISATION.organisationNumber}\r\n`;
  yield `#FNAMN ${quoted(ORGANISATION.name)}\r\n#RAR 0 ${year}0101 ${year}1231\r\n#RAR -1 ${year - 1}0101 ${year - 1}1231\r\n#KPTYP EUBAS97\r\n`;
  for (const { account, name, type } of region.accounts) yield `#KONTO ${account} ${quoted(name)}\r\n#KTYP ${account} ${type}\r\n`;
  yield `#DIM 1 "Ansvar"\r\n#DIM 6 "Projekt"\r\n#DIM 20 "Objekt"\r\n`;
  for (const { unit, name } of region.units) yield `#OBJEKT 1 ${quoted(unit)} ${quoted(name)}\r\n`;
  for (const { project, name } of region.projects) yield `#OBJEKT 6 ${quoted(project)} ${quoted(name)}\r\n`;
  for (const { grant, place, name } of region.grants) yield `#OBJEKT ${place} ${quoted(grant)} ${quoted(name)}\r\n`;
  if (kind !== '4I') yield* balances(book, months);
  if (kind !== '3') for (const voucher of book.vouchers(months)) yield voucherText(voucher, unnumbered);
}

function voucherText(voucher: BookVoucher, unnumbered: boolean): string {
  const { series, number, date, text, registered, lines } = voucher;
  let written = `#VER ${quoted(series)} ${unnumbered ? '""' : number} ${day(date)} ${quoted(text)}${registered === '' ? '' : ` ${day(registered)}`}\r\n{\r\n`;
  for (const line of lines) {
    const { act, account, ore, text: said } = line;
    const own = line.date === '' ? (said === '' ? '' : ' ""') : ` ${day(line.date)}`;
    const rest = ` ${account} ${objects(line)} ${amountText(ore)}${own}${said === '' ? '' : ` ${quoted(said)}`}\r\n`;
    written += act === 'struck' ? `#BTRANS${rest}` : act === 'added' ? `#RTRANS${rest}#TRANS${rest}` : `#TRANS${rest}`;
  }
  return `${written}}\r\n`;
}

const lists = new Map<string, string>();
function objects({ unit, object, project }: Pick<BookLine, 'unit' | 'object' | 'project'>): string {
  const key = `${unit}|${object}|${project}`;
  let list = lists.get(key);
  if (list === undefined) {
    const pairs = [unit !== FINANCE && `1 "${unit}"`, project !== '' && `6 "${project}"`, object !== '' && `20 "${object}"`];
    lists.set(key, (list = `{${pairs.filter(Boolean).join(' ')}}`));
  }
  return list;
}

/** The lists that a line's objects are balanced under: each object alone, and where it has a unit the unit with each other. */
function balancedUnder({ unit, object, project }: Pick<BookLine, 'unit' | 'object' | 'project'>): string[] {
  const one = unit === FINANCE ? '' : `1 "${unit}"`;
  const others = [project !== '' && `6 "${project}"`, object !== '' && `20 "${object}"`].filter((each) => each !== false);
  return [...(one ? [`{${one}}`] : []), ...others.map((each) => `{${each}}`), ...(one ? others.map((each) => `{${one} ${each}}`) : [])];
}

/** #IB, #UB, #RES of the year to the last of the months, #OIB, #OUB per object, #PSALDO of the months, total and per object. */
function* balances(book: Readable, months: Months | undefined): Generator<string> {
  const openings = new Map<string, number>();
  const closings = new Map<string, number>();
  const periods = new Map<string, number>();
  const under = new Map<string, readonly string[]>();
  const lists = (line: Pick<BookLine, 'unit' | 'object' | 'project'>) => {
    const key = `${line.unit}|${line.object}|${line.project}`;
    let found = under.get(key);
    if (found === undefined) under.set(key, (found = ['', ...balancedUnder(line).map((list) => ` ${list}`)]));
    return found;
  };
  for (const opening of book.openings)
    for (const list of lists(opening)) for (const sums of [openings, closings]) add(sums, `${opening.account}${list}`, opening.ore);
  for (const voucher of book.vouchers({ from: 1, to: months?.to ?? 13 })) {
    const month = Number(voucher.period.slice(5));
    const told = months === undefined || month >= months.from;
    const period = `${voucher.date.slice(0, 4)}${voucher.date.slice(5, 7)}`;
    for (const line of counted(voucher))
      for (const list of lists(line)) {
        add(closings, `${line.account}${list}`, line.ore);
        if (told) add(periods, `${period} ${line.account}${list || ' {}'}`, line.ore);
      }
  }
  for (const [key, ore] of openings) yield `#${key.includes('{') ? 'OIB' : 'IB'} 0 ${key} ${amountText(ore)}\r\n`;
  for (const [key, ore] of closings)
    if (key < '3') yield `#${key.includes('{') ? 'OUB' : 'UB'} 0 ${key} ${amountText(ore)}\r\n`;
    else if (!key.includes('{')) yield `#RES 0 ${key} ${amountText(ore)}\r\n`;
  for (const [key, ore] of periods) yield `#PSALDO 0 ${key} ${amountText(ore)}\r\n`;
}

function add(sums: Map<string, number>, key: string, ore: number): void {
  sums.set(key, (sums.get(key) ?? 0) + ore);
}
