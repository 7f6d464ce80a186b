/**
 * Vouchers as they are read: #VER, its braces, and #TRANS, #RTRANS and #BTRANS between them. A struck line is kept and not
 * summed; an added line (#RTRANS) and the #TRANS at once after it are one, matched by position, and counted once. Used by reader.ts.
 */
import { isAccount, TEXT_CHARACTERS } from '#ledger';
import type { Complain, ComplaintName } from './complaint.js';
import { DatesOutside } from './dates-outside.js';
import type { Fields } from './fields.js';
import { ContentNumbers, fingerprintContent } from './fingerprint.js';
import type { SieAct, SieLine, SieObject, SieVoucher, SieYear } from './records.js';
import { amountOf } from './registers.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Open = Omit<Mutable<SieVoucher>, 'lines'> & { lines: Mutable<SieLine>[] };
type Facts = Parameters<Complain>[1];

export type VoucherOptions = {
  /** 16 hex digits over a text, for vouchers without a number. */
  readonly hash: (content: string) => string;
  /** The file is a selection of lines (urval): no balance is demanded. */
  readonly selection?: boolean;
};

const OPEN = 0x7b;
const QUANTITY = /^-?\d+(?:\.\d+)?$/;

export class Vouchers {
  count = 0;
  readonly rows = { counted: 0, added: 0, struck: 0 };
  /** Line of the first voucher without a number; 0 where all have one. */
  unnumbered = 0;
  /** The voucher whose lines are being read, or that waits for its brace. */
  #voucher: Open | null = null;
  #braced = false;
  #bad = false;
  #sumOre = 0;
  #exact = true;
  /** An added line whose #TRANS has not come. */
  #added: Mutable<SieLine> | null = null;
  /** Added lines of the voucher whose #TRANS did not come at once. */
  readonly #lonely: Mutable<SieLine>[] = [];
  /** By series: a number is taken within its series. */
  readonly #contentNumbers = new ContentNumbers();
  readonly #accounts = new Set<string>();
  readonly #outside = new DatesOutside();

  constructor(
    private readonly complain: Complain,
    private readonly complainAt: (line: number, text: string, name: ComplaintName, facts?: Facts) => void,
    private readonly take: (voucher: SieVoucher) => void,
    private readonly options: VoucherOptions,
    /** Told of each account the first time that a line uses it. */
    private readonly used: (account: string) => void,
    /** The years that the file names, so far. */
    private readonly years: () => readonly SieYear[],
  ) {}

  /** Whether records belong to a voucher now. */
  get open(): boolean {
    return this.#braced;
  }

  get waiting(): boolean {
    return this.#voucher !== null && !this.#braced;
  }

  /** #VER serie vernr verdatum [vertext] [regdatum] [sign] */
  begin(line: number, fields: Fields): void {
    this.finish();
    const series = fields.next() ?? '';
    let number = fields.next() ?? '';
    if (number === '0' && series === '') number = ''; // numbers begin with 1: some programs write so that the receiver is to number
    const date = fields.date();
    if (date === null) this.complain('sie-date-malformed', { label: 'VER', date: fields.unread });
    else if (date === '') this.complain('sie-field-missing', { label: 'VER', field: 'datum' });
    const text = this.#text(fields);
    const registered = fields.date();
    if (registered === null) this.complain('sie-registered-malformed', { date: fields.unread });
    const sign = fields.next() ?? '';
    this.#voucher = {
      line,
      series,
      number,
      numbered: number !== '',
      date: date ?? '',
      registered: registered ?? '',
      text,
      sign,
      lines: [],
    };
    this.#bad = !date;
    const year = ownOf(this.years());
    if (date && year && (date < year.from || date > year.to)) {
      const { text: said } = this.#voucher;
      this.#outside.note(date, this.years(), () => ({ line, text: headOf({ series, number, date, text: said }) }));
    }
    fields.lastBrace();
    if (fields.brace === OPEN) this.brace();
  }

  /** The brace that opens the lines. */
  brace(): void {
    this.#braced = true;
    this.#sumOre = 0;
    this.#exact = true;
  }

  /** #TRANS, #RTRANS, #BTRANS kontonr {objektlista} belopp [transdat] [transtext] [kvantitet] [sign] */
  line(act: SieAct, line: number, fields: Fields): void {
    const voucher = this.#voucher;
    this.rows[act === 'posted' ? 'counted' : act] += 1;
    if (!voucher) return this.complain('sie-line-outside-voucher');
    if (!this.#braced) {
      this.brace();
      this.#say(voucher, 'sie-brace-missing', { voucher: nameOf(voucher) });
    }
    const account = fields.account() ?? '';
    const named = !fields.newAccount || this.#accounts.has(account) || this.#account(account);
    const objects = fields.objects();
    if (objects === null) this.complain('sie-objects-malformed', { label: LABELS[act] });
    const amountOre = objects === null ? null : amountOf(LABELS[act], fields, this.complain);
    const date = fields.date();
    if (date === null) this.complain('sie-date-malformed', { label: LABELS[act], date: fields.unread });
    const text = this.#text(fields);
    const quantity = fields.next() ?? '';
    if (quantity !== '' && !QUANTITY.test(quantity)) this.complain('sie-quantity-malformed', { quantity });
    const sign = fields.next() ?? '';
    fields.lastBrace();
    if (amountOre === null || objects === null || date === null || !named) {
      this.#bad = true;
      this.#added = null;
      return;
    }
    const read: Mutable<SieLine> = {
      line,
      act,
      counted: act !== 'struck',
      account,
      objects,
      amountOre,
      date: date === '' ? voucher.date : date,
      text,
      quantity,
      sign,
    };
    if (this.#added) this.#pair(this.#added, read);
    voucher.lines.push(read);
    if (act === 'added') this.#added = read;
    else if (act === 'posted') this.#sum(amountOre);
  }

  /** The closing brace, or where one is missing. */
  finish(): void {
    const voucher = this.#voucher;
    if (!voucher) return;
    this.#alone();
    if (this.#lonely.length > 0) this.#settleLonely(voucher);
    this.#voucher = null;
    this.#braced = false;
    if (voucher.lines.length === 0 && !this.#bad) this.#say(voucher, 'sie-voucher-empty', { voucher: nameOf(voucher) });
    if (!this.#bad && !this.options.selection) {
      const differenceOre = this.#exact
        ? this.#sumOre
        : voucher.lines.reduce((sum, { counted, amountOre }) => (counted ? sum + BigInt(amountOre) : sum), 0n);
      if (Number(differenceOre) !== 0)
        this.#say(voucher, 'sie-voucher-unbalanced', { voucher: nameOf(voucher), differenceOre: String(differenceOre) });
    }
    if (!voucher.numbered) {
      voucher.number = this.#contentNumbers.next(voucher, this.options.hash(fingerprintContent(voucher)));
      this.unnumbered ||= voucher.line;
    }
    this.count += 1;
    this.take(voucher);
  }

  /** The end of the file. */
  end(): void {
    this.finish();
    const own = ownOf(this.years());
    if (own) this.#outside.say(own, this.complainAt);
  }

  /** The voucher that is open, as a complaint names it. */
  get name(): string {
    return this.#voucher ? nameOf(this.#voucher) : '';
  }

  #say(voucher: Open, name: ComplaintName, facts: Facts): void {
    this.complainAt(voucher.line, headOf(voucher), name, facts);
  }

  /** Meets an account; false where it is none, which is said. */
  #account(account: string): boolean {
    if (account === '') this.complain('sie-field-missing', { label: 'TRANS', field: 'konto' });
    else if (!isAccount(account)) this.complain('sie-account-malformed', { account });
    else {
      if (this.#accounts.size < 100_000) this.#accounts.add(account);
      this.used(account);
      return true;
    }
    return false;
  }

  /** What follows an added line: its double, which counts in its place, or something else. */
  #pair(added: Mutable<SieLine>, read: SieLine): void {
    if (read.act !== 'posted') return this.#alone();
    this.#added = null;
    added.counted = false;
    if (added.account !== read.account || added.amountOre !== read.amountOre || !sameObjects(added.objects, read.objects))
      this.complain('sie-added-line-differs', { account: read.account, addedOre: added.amountOre, amountOre: read.amountOre });
  }

  /** An added line that no #TRANS followed at once: what it is, the end of the voucher tells. */
  #alone(): void {
    if (this.#added) this.#lonely.push(this.#added);
    this.#added = null;
  }

  /** Added lines without their #TRANS count themselves, but not where the #TRANS alone balance: a reader may pass over all the rest. */
  #settleLonely({ lines }: Open): void {
    const apart = !this.options.selection && this.#exact && this.#sumOre === 0 && lines.some(({ act }) => act === 'posted');
    for (const line of this.#lonely.splice(0)) {
      if (apart) line.counted = false;
      else {
        this.#sum(line.amountOre);
        this.rows.added -= 1;
        this.rows.counted += 1;
      }
      this.complainAt(line.line, `#RTRANS ${line.account}`, apart ? 'sie-added-line-apart' : 'sie-added-line-alone', {
        account: line.account,
      });
    }
  }

  #sum(amountOre: number): void {
    this.#sumOre += amountOre;
    if (!Number.isSafeInteger(this.#sumOre)) this.#exact = false;
  }

  #text(fields: Fields): string {
    const text = fields.next() ?? '';
    if (text.length > TEXT_CHARACTERS) this.complain('sie-text-too-long', { characters: text.length, most: TEXT_CHARACTERS });
    return text;
  }
}

const LABELS = { posted: 'TRANS', added: 'RTRANS', struck: 'BTRANS' } as const;

/** The voucher's own record, as a complaint shows it. */
const headOf = ({ series, number, date, text }: Pick<Open, 'series' | 'number' | 'date' | 'text'>): string =>
  `#VER ${series || '""'} ${number || '""'} ${date.replaceAll('-', '')} ${text}`;

/** The year that the file is about. */
const ownOf = (years: readonly SieYear[]): SieYear | null => years.find(({ index }) => index === 0) ?? null;

const nameOf = ({ series, number, date }: { series: string; number: string; date: string }): string =>
  number === '' ? `${series} ${date}`.trim() : `${series} ${number}`.trim();

function sameObjects(a: readonly SieObject[], b: readonly SieObject[]): boolean {
  return (
    a === b || (a.length === b.length && a.every(({ dim, object }) => b.some((other) => other.dim === dim && other.object === object)))
  );
}
