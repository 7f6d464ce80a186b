/**
 * Writes SIE 4E, 4I and 3 in real CP437, records in the standard's order, in chunks as the vouchers come. What it writes passes
 * this library's reader without a complaint: figures, codes and numbers equal, texts equal after transliteration (R35).
 */
import { isAccount, kronor, refuse } from '#ledger';
import { Checksum } from './checksum.js';
import { cp437 } from './encoding.js';
import type { SieAccount, SieBalance, SieDimension, SieHead, SieLine, SieNamedObject, SieVoucher } from './records.js';
import { transliterate } from './transliteration.js';

export type WrittenHead = Partial<Omit<SieHead, 'program' | 'generated' | 'name' | 'years' | 'format'>> &
  Pick<SieHead, 'program' | 'generated' | 'name'> & {
    readonly years?: readonly { readonly index: number; readonly from: string; readonly to: string }[];
  };
export type WrittenLine = Omit<SieLine, 'line'>;
export type WrittenVoucher = Omit<SieVoucher, 'line' | 'lines'> & { readonly lines: readonly WrittenLine[] };
export type SieBook = {
  readonly head: WrittenHead;
  readonly accounts?: Iterable<SieAccount>;
  readonly dimensions?: Iterable<SieDimension>;
  readonly objects?: Iterable<SieNamedObject>;
  /** Whole vouchers, numbers ascending within a series; in 4I without number where `numbered` is false, in type 3 none. */
  readonly vouchers: Iterable<WrittenVoucher>;
} & ({ readonly kind: '4E' | '3'; readonly balances: Iterable<Omit<SieBalance, 'line'>> } | { readonly kind: '4I' });

/** Shows a person, and a reader that judges bytes, which encoding the file is in, also where nothing else does. */
export const ENCODING_NOTE = 'Teckentabell 437 (PC8): räksmörgås';
const CHUNK_CHARACTERS = 64 * 1024;
const LABELS = { posted: 'TRANS', added: 'RTRANS', struck: 'BTRANS' } as const;

/**
 * The file, in chunks.
 * @param options checksum: with #KSUMMA around everything after the flag
 * @throws Refusal `sie-voucher-unbalanced`, `sie-code-not-writable` (a code that CP437 cannot hold as it is), `sie-account-malformed`
 */
export function* writeSie(book: SieBook, options: { readonly checksum?: boolean } = {}): Generator<Uint8Array> {
  const checksum = options.checksum ? new Checksum() : null;
  let pending = '';
  for (const record of records(book)) {
    if (record === BEGIN) {
      if (checksum) pending += '#KSUMMA\r\n';
      continue;
    }
    checksum?.add(record.startsWith('#FLAGGA') ? NOTHING : cp437(record));
    pending += `${record}\r\n`;
    if (pending.length > CHUNK_CHARACTERS) {
      yield cp437(pending);
      pending = '';
    }
  }
  if (checksum) pending += `#KSUMMA ${checksum.value}\r\n`;
  yield cp437(pending);
}

const BEGIN = '';
const NOTHING = new Uint8Array(0);

function* records(book: SieBook): Generator<string> {
  const { head, kind } = book;
  yield `#FLAGGA ${head.flag ?? '0'}`;
  yield BEGIN;
  yield `#PROGRAM ${text(head.program)} ${text(head.programVersion ?? '')}`;
  yield '#FORMAT PC8';
  yield `#GEN ${day(head.generated)}${head.generatedBy ? ` ${text(head.generatedBy)}` : ''}`;
  yield `#SIETYP ${kind.slice(0, 1)}`;
  yield `#PROSA ${text(ENCODING_NOTE)}`;
  for (const note of head.notes ?? []) yield `#PROSA ${text(note)}`;
  if (head.organisationNumber) yield `#ORGNR ${text(head.organisationNumber)}`;
  yield `#FNAMN ${text(head.name)}`;
  for (const { index, from, to } of head.years ?? []) yield `#RAR ${index} ${day(from)} ${day(to)}`;
  if (head.until && kind !== '4I') yield `#OMFATTN ${day(head.until)}`;
  if (head.chart) yield `#KPTYP ${text(head.chart)}`;
  if (head.currency && head.currency !== 'SEK') yield `#VALUTA ${text(head.currency)}`;
  for (const { number, name, type, unit, sru } of book.accounts ?? []) {
    yield `#KONTO ${account(number)} ${text(name)}`;
    if (type) yield `#KTYP ${number} ${code(type)}`;
    if (unit) yield `#ENHET ${number} ${text(unit)}`;
    if (sru) yield `#SRU ${number} ${text(sru)}`;
  }
  for (const { number, name, parent } of book.dimensions ?? [])
    yield parent === null || number === '2'
      ? `#DIM ${code(number)} ${text(name)}`
      : `#UNDERDIM ${code(number)} ${text(name)} ${code(parent)}`;
  for (const { dim, object, name } of book.objects ?? []) yield `#OBJEKT ${code(dim)} ${code(object)} ${text(name)}`;
  if (book.kind !== '4I') for (const balance of book.balances) yield balanceRecord(balance);
  for (const voucher of book.vouchers) yield* voucherRecords(voucher);
}

function balanceRecord({ label, year, period, account: number, objects, amountOre, quantity }: Omit<SieBalance, 'line'>): string {
  const list = label === 'IB' || label === 'UB' || label === 'RES' ? '' : ` ${objectList(objects)}`;
  return `#${label} ${year}${period === null ? '' : ` ${day(period)}`} ${account(number)}${list} ${kronor(amountOre)}${quantity && ` ${quantity}`}`;
}

function* voucherRecords(voucher: WrittenVoucher): Generator<string> {
  const { series, number, numbered, date, registered, text: said, sign, lines } = voucher;
  const differenceOre = lines.reduce((sum, { counted, amountOre }) => (counted ? sum + BigInt(amountOre) : sum), 0n);
  if (differenceOre !== 0n)
    refuse('sie-voucher-unbalanced', { voucher: `${series} ${number}`.trim(), differenceOre: String(differenceOre) });
  yield optional(`#VER ${code(series)} ${numbered ? code(number) : '""'} ${day(date)} ${text(said)}`, [
    registered && day(registered),
    text(sign),
  ]);
  yield '{';
  for (const line of lines) {
    yield lineRecord(line, line.act);
    if (line.act === 'added' && line.counted) yield lineRecord(line, 'posted');
  }
  yield '}';
}

function lineRecord(
  { account: number, objects, amountOre, date, text: said, quantity, sign }: WrittenLine,
  act: WrittenLine['act'],
): string {
  return optional(`#${LABELS[act]} ${account(number)} ${objectList(objects)} ${kronor(amountOre)} ${day(date)}`, [
    text(said),
    quantity,
    text(sign),
  ]);
}

/** Adds optional fields; the empty ones at the end are left out, one before a field with a value is `""`. */
function optional(record: string, fields: readonly string[]): string {
  let last = fields.length;
  while (last > 0 && (fields[last - 1] === '' || fields[last - 1] === '""')) last -= 1;
  return [record, ...fields.slice(0, last).map((field) => field || '""')].join(' ');
}

const objectList = (objects: readonly { readonly dim: string; readonly object: string }[]): string =>
  `{${objects.map(({ dim, object }) => `${code(dim)} ${code(object)}`).join(' ')}}`;

const day = (date: string): string => date.replaceAll('-', '');
const text = (value: string): string => `"${transliterate(value).replaceAll('"', '\\"')}"`;
const account = (number: string): string => (isAccount(number) ? number : refuse('sie-account-malformed', { account: number }));

/** A code must come back as it was; plain ones stand without marks. */
function code(value: string): string {
  if (/^[0-9A-Za-z]+$/.test(value)) return /^\d+$/.test(value) && value.length < 4 ? value : `"${value}"`;
  if (transliterate(value) !== value) refuse('sie-code-not-writable', { code: value.slice(0, 40) });
  return text(value);
}
