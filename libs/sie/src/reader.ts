/**
 * Reads a SIE file of any type, in chunks of bytes, with flat memory: vouchers and balances are given as they come, the rest
 * stands in the summary. Nothing in a file makes it throw: everything wrong is a complaint with its line, and the file is read
 * to its end. The encoding is judged before (encoding-judge.ts), from the bytes and never from the tag.
 */
import { severityOf, shortened, type Complaint, type ComplaintName } from './complaint.js';
import { Checksum } from './checksum.js';
import { cp437, Decoder } from './encoding.js';
import { EncodingJudge, type EncodingFound } from './encoding-judge.js';
import { Fields } from './fields.js';
import { ACTS, isControlSum, lineAct } from './labels.js';
import { endsLine, isBlank, isFiller } from './line-ends.js';
import { Registers } from './registers.js';
import type { SieAct, SieBalance, SieHead, SieKind, SieSummary, SieVoucher } from './records.js';
import { Usage } from './usage.js';
import { Vouchers, type VoucherOptions } from './vouchers.js';

/** Who takes what is read. */
export type SieTaker = {
  voucher(voucher: SieVoucher): void;
  balance?(balance: SieBalance): void;
  complaint(complaint: Complaint): void;
  /** Told where a reader of one slice of a file does not see enough: a control sum, a voucher without a number or without its closing brace, a record of the whole file after vouchers. */
  whole?(): void;
};
export type SieOptions = VoucherOptions;

/** A line longer than this is no line of a SIE file. */
const LINE_BYTES = 1024 * 1024;
/** Bytes that are worked on at once, whatever the caller's chunks. */
const BLOCK_BYTES = 256 * 1024;
const [LF, CR, HASH, OPEN, CLOSE, LESS] = [10, 13, 0x23, 0x7b, 0x7d, 0x3c];

export class SieReader {
  readonly #fields: Fields;
  readonly #registers: Registers;
  readonly #vouchers: Vouchers;
  #rest: Uint8Array = new Uint8Array(0);
  #restBytes = 0;
  #line = 0;
  #from = 0;
  #to = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #first = true;
  #started = false;
  #stopped = false;
  #known = 0;
  /** Sub-records of a record that is passed over. */
  #passing: 'no' | 'perhaps' | 'yes' = 'no';
  #quoteOpen = false;
  #checksums: Checksum[] | null = null;
  #checksum: SieSummary['checksum'] = 'none';
  #checksumFrom = { line: 0, text: '' };
  #contradicted = false;
  /** A voucher has begun: records of the whole file stand before. */
  #begun = false;
  #errors = 0;
  #warnings = 0;
  readonly #ignored = new Map<string, number>();
  readonly #usage = new Usage(() => ({ line: this.#line, text: this.#shown() }));

  constructor(
    private readonly encoding: EncodingFound,
    private readonly taker: SieTaker,
    options: SieOptions,
  ) {
    const complain = (name: ComplaintName, facts = {}) => this.#complainAt(this.#line, this.#shown(), name, facts);
    this.#fields = new Fields(new Decoder(encoding.encoding), encoding.mixed);
    this.#registers = new Registers(
      complain,
      (balance) => taker.balance?.(balance),
      () => this.#line,
    );
    this.#vouchers = new Vouchers(
      complain,
      (line, text, name, facts) => this.#complainAt(line, text, name, facts ?? {}),
      (voucher) => taker.voucher(voucher),
      options,
      (account) => this.#usage.account(account),
      () => this.#registers.head.years,
    );
  }

  /** What the file has said of itself so far. */
  get head(): SieHead {
    return this.#registers.head;
  }

  /** The line that is being read: while a voucher is taken, the one that ends it. */
  get line(): number {
    return this.#line;
  }

  /** Goes on at the beginning of that line, where a voucher begins: after the file's head, what lies between is read by somebody else. @param line 1-based */
  skipTo(line: number): void {
    this.#line = line - 1;
    this.#begun = this.#contradicted = true;
  }

  /** The next bytes of the file; the caller may use its buffer again. */
  push(chunk: Uint8Array): void {
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length); // one kind of array in the hot loops
    for (let from = 0; from < bytes.length && !this.#stopped; from += BLOCK_BYTES) this.#take(bytes.subarray(from, from + BLOCK_BYTES));
  }

  /** The end of the file: what was left open is said, and the summary is whole. */
  end(): SieSummary {
    if (this.encoding.wide && this.#line === 0) this.#fatal('sie-wide-characters');
    while (this.#restBytes > 0 && isFiller(this.#rest[this.#restBytes - 1]!)) this.#restBytes -= 1;
    if (!this.#stopped && this.#restBytes > 0) this.#read(this.#rest, this.#restBytes);
    this.#line = Math.max(1, this.#line);
    this.#to = this.#from = 0;
    if (!this.#stopped) this.#close();
    const { head, accounts, dimensions, objects, balances, type } = this.#registers;
    const { count: vouchers, rows } = this.#vouchers;
    const kind = type === '4' || vouchers > 0 ? (balances > 0 ? '4E' : '4I') : (type as SieKind);
    return {
      kind,
      encoding: this.encoding,
      head,
      accounts,
      dimensions,
      objects: [...objects.values()],
      lines: this.#line,
      vouchers,
      rows,
      balances,
      ignored: this.#ignored,
      checksum: this.#checksum,
      errors: this.#errors,
      warnings: this.#warnings,
    };
  }

  #take(chunk: Uint8Array): void {
    if (this.encoding.wide) return this.#fatal('sie-wide-characters');
    const end = chunk.lastIndexOf(this.encoding.carriageReturns ? CR : LF) + 1;
    if (end > 0) {
      if (this.#restBytes > 0) {
        this.#keep(chunk.subarray(0, end));
        const whole = this.#restBytes;
        this.#restBytes = 0;
        this.#read(this.#rest, whole);
      } else this.#read(chunk, end);
    }
    if (!this.#stopped) this.#keep(chunk.subarray(end));
    if (this.#restBytes > LINE_BYTES && !this.#stopped) {
      this.#line += 1;
      [this.#bytes, this.#from, this.#to] = [this.#rest, 0, this.#restBytes];
      if (!this.#foreign(0, this.#restBytes)) this.#fatal('sie-line-too-long');
    }
  }

  #keep(bytes: Uint8Array): void {
    if (this.#restBytes + bytes.length > this.#rest.length) {
      const larger = new Uint8Array(2 * (this.#restBytes + bytes.length) + 256);
      larger.set(this.#rest.subarray(0, this.#restBytes));
      this.#rest = larger;
    }
    this.#rest.set(bytes, this.#restBytes);
    this.#restBytes += bytes.length;
  }

  /** Whole lines. */
  #read(bytes: Uint8Array, length: number): void {
    const lineEnd = this.encoding.carriageReturns ? CR : LF;
    this.#bytes = bytes;
    let at = this.#first && this.encoding.byteOrderMark ? 3 : 0;
    this.#first = false;
    while (at < length && !this.#stopped) {
      this.#line += 1;
      let to = at;
      while (to < length && (bytes[to]! > CR || (bytes[to] !== lineEnd && !this.#endsAlone(bytes, to)))) to += 1;
      let from = at;
      let end = to;
      at = to + 1;
      while (from < end && isBlank(bytes[from]!)) from += 1;
      while (end > from && isBlank(bytes[end - 1]!)) end -= 1;
      if (from === end) continue;
      this.#from = from;
      this.#to = end;
      if (!this.#started && this.#foreign(from, end)) return;
      this.#started = true;
      this.#record(from, end);
    }
  }

  /** Whether a CR ends a line in a file of LF. A slice of a file counts its lines by LF: one that has such is read in one. */
  #endsAlone(bytes: Uint8Array, at: number): boolean {
    const ends = bytes[at + 1] !== LF && endsLine(bytes, at, false);
    if (ends) this.taker.whole?.();
    return ends;
  }

  #record(from: number, end: number): void {
    const bytes = this.#bytes;
    const fields = this.#fields;
    const byte = bytes[from]!;
    if (byte === HASH) {
      this.#quoteOpen = false;
      if (this.#checksums) this.#sum(from, end);
      this.#label(from + 1, end);
      if (fields.flaws.length > 0) this.#flaws();
      if (fields.fresh) {
        if (this.#vouchers.open) this.#usage.objects(fields.fresh); // balances name a sub-object alone (8.12)
        fields.fresh = null;
      }
      if (fields.brace !== 0) {
        if (fields.brace === CLOSE) this.#closing();
        if (fields.hasMore) this.#record(fields.at, end);
      }
    } else if (byte === OPEN || byte === CLOSE) {
      if (byte === CLOSE) this.#closing();
      else if (this.#vouchers.waiting) this.#vouchers.brace();
      else if (this.#passing === 'perhaps') this.#passing = 'yes';
      else this.#complain('sie-brace-unexpected');
      let next = from + 1;
      while (next < end && isBlank(bytes[next]!)) next += 1;
      if (next < end) this.#record(next, end);
    } else if (bytes.subarray(from, end).every(isFiller)) return;
    else if (this.#quoteOpen)
      this.#quoteOpen = false; // the rest of a text that was broken in two, which is said already
    else this.#complain('sie-line-unreadable');
  }

  #closing(): void {
    if (this.#passing === 'yes') this.#passing = 'no';
    else if (this.#vouchers.open) this.#vouchers.finish();
    else this.#complain('sie-brace-unexpected');
  }

  #label(from: number, end: number): void {
    const bytes = this.#bytes;
    let to = from;
    while (to < end && !isBlank(bytes[to]!)) to += 1;
    const fields = this.#fields;
    fields.set(bytes, to, end);
    const act = lineAct(bytes, from, to);
    if (act) return this.#posting(act);
    if (to === from + 3 && bytes[from] === 0x56 && bytes[from + 1] === 0x45 && bytes[from + 2] === 0x52) return this.#voucher();
    const label = fields.decoder.text(bytes, from, Math.min(to, from + 40)).toUpperCase();
    if (label in ACTS) return this.#posting(ACTS[label]!);
    if (label === 'VER') return this.#voucher();
    if (label === 'KSUMMA') {
      this.#leave();
      return this.#control(fields.next() ?? '');
    }
    if (this.#passing === 'yes') return;
    if (this.#vouchers.open && !/^[A-Z]+$/.test(label)) return this.#ignore(label);
    if (this.#registers.read(label, fields)) {
      if (this.#begun) this.taker.whole?.();
      this.#known += 1;
      this.#leave();
      if (label === 'FORMAT') this.#tag();
      return;
    }
    this.#ignore(label);
  }

  #voucher(): void {
    this.#known += 1;
    this.#begun = true;
    this.#leave();
    const { type } = this.#registers;
    if (type !== '4' && !this.#contradicted) {
      this.#contradicted = true;
      this.#complain('sie-type-contradicted', { type });
    }
    this.#vouchers.begin(this.#line, this.#fields);
    if (this.#vouchers.unnumbered > 0) this.taker.whole?.();
  }

  /** Money never vanishes: also within a record that is passed over, a line outside a voucher is said. */
  #posting(act: SieAct): void {
    this.#known += 1;
    this.#vouchers.line(act, this.#line, this.#fields);
  }

  /** A record of the file's own level came: a voucher ends here, also where its brace is missing. */
  #leave(): void {
    if (this.#vouchers.open) this.#complain('sie-voucher-open', { voucher: this.#vouchers.name });
    this.#vouchers.finish();
    this.#passing = 'no';
  }

  #ignore(label: string): void {
    if (!this.#vouchers.open && !this.#vouchers.waiting) this.#passing = 'perhaps';
    if (this.#ignored.has(label) || this.#ignored.size < 1_000) this.#ignored.set(label, (this.#ignored.get(label) ?? 0) + 1);
  }

  /** #KSUMMA: the first begins, the one with a number ends (10.3-10.14). */
  #control(value: string): void {
    this.taker.whole?.();
    if (value === '') {
      this.#checksums ??=
        this.encoding.encoding === 'cp437' || this.encoding.encoding === 'ascii' ? [new Checksum()] : [new Checksum(), new Checksum()];
      this.#checksum = 'open';
      this.#checksumFrom = { line: this.#line, text: this.#shown() };
      return;
    }
    if (!this.#checksums) return this.#complain('sie-ksumma-unpaired');
    const right = /^-?\d{1,10}$/.test(value) && this.#sums().includes(Number(value) >>> 0);
    if (!right) this.#complain('sie-ksumma-wrong', { given: value, computed: this.#sums()[0]! });
    this.#checksum = right ? 'verified' : 'wrong';
    this.#checksums = null;
  }

  /** Over the bytes of the file, and where they are not CP437 also over what they would be in it. */
  #sum(from: number, end: number): void {
    const bytes = this.#bytes;
    if (isControlSum(bytes, from)) return;
    const [ofFile, ofCp437] = this.#checksums!;
    ofFile!.add(bytes, from, end);
    ofCp437?.add(cp437(this.#fields.decoder.text(bytes, from, end)));
  }

  #sums(): number[] {
    return this.#checksums!.map(({ value }) => value);
  }

  /** Said where the tag and the bytes disagree. */
  #tag(): void {
    const { encoding } = this.encoding;
    const tag = this.#registers.head.format.toUpperCase();
    const agrees =
      encoding === 'ascii' || (tag === 'PC8' ? encoding === 'cp437' : tag.replace('-', '').startsWith('UTF8') && encoding === 'utf-8');
    if (!agrees) this.#complain('sie-encoding-tag', { tag: this.#registers.head.format, found: NAMES[encoding] });
  }

  /** Whether this is no SIE file at all, judged by the first line that is not blank. */
  #foreign(from: number, end: number): boolean {
    if (this.#started || this.#bytes[from] === HASH) return false;
    const text = this.#fields.decoder.text(this.#bytes, from, Math.min(end, from + 200)).toLowerCase();
    const markup = this.#bytes[from] === LESS;
    this.#fatal(!markup ? 'sie-not-sie' : /^<\?xml|^<sie/.test(text) ? 'sie-xml' : 'sie-html');
    return true;
  }

  #close(): void {
    if (this.#vouchers.open || this.#vouchers.waiting) this.taker.whole?.();
    if (this.#vouchers.open) this.#complain('sie-voucher-open', { voucher: this.#vouchers.name });
    this.#vouchers.end();
    if (this.#known === 0) this.#complainAt(1, '', 'sie-not-sie', {});
    if (this.#checksums) this.#complainAt(this.#checksumFrom.line, this.#checksumFrom.text, 'sie-ksumma-open', {});
    const { unnumbered } = this.#vouchers;
    if (unnumbered > 0 && this.#registers.balances > 0) this.#complainAt(unnumbered, '', 'sie-number-missing', {});
    this.#usage.say(this.#registers, (line, text, name, facts) => this.#complainAt(line, text, name, facts));
  }

  #flaws(): void {
    const { flaws } = this.#fields;
    this.#quoteOpen = flaws.includes('sie-quote-open');
    const facts = { found: NAMES[this.#fields.other], file: NAMES[this.encoding.encoding] };
    for (const name of new Set(flaws)) this.#complain(name, name === 'sie-encoding-mixed' ? facts : {});
    flaws.length = 0;
  }

  #fatal(name: ComplaintName): void {
    this.#line = Math.max(1, this.#line);
    this.#complain(name);
    this.#stopped = true;
  }

  #complain(name: ComplaintName, facts: Complaint['facts'] = {}): void {
    this.#complainAt(this.#line, this.#shown(), name, facts);
  }

  #complainAt(line: number, text: string, name: ComplaintName, facts: Complaint['facts']): void {
    const severity = severityOf(name);
    if (severity === 'error') this.#errors += 1;
    else this.#warnings += 1;
    const short = Object.fromEntries(
      Object.entries(facts).map(([fact, value]) => [fact, typeof value === 'string' ? shortened(value) : value]),
    );
    this.taker.complaint({ line, text: shortened(text), name, severity, facts: short });
  }

  /** The line that is being read, for people. */
  #shown(): string {
    return shortened(
      this.#fields.decoder.text(this.#bytes, this.#from, Math.min(this.#to, this.#from + 400)).replace(/[\u0000-\u001f\u007f]+/g, ' '),
    );
  }
}

/**
 * Reads a file that can be opened twice: judges its bytes, then reads it.
 * @param open the chunks of the file from its beginning, each time it is called
 */
export function readSie(open: () => Iterable<Uint8Array>, taker: SieTaker, options: SieOptions): SieSummary {
  const judge = new EncodingJudge();
  for (const chunk of open()) judge.push(chunk);
  const reader = new SieReader(judge.verdict(), taker, options);
  for (const chunk of open()) reader.push(chunk);
  return reader.end();
}

const NAMES = { ascii: 'ASCII', cp437: 'CP437 (PC8)', 'utf-8': 'UTF-8', 'windows-1252': 'Windows-1252' } as const;
