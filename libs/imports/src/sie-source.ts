/**
 * SIE as a source of file vouchers: the reader's records as they come, its complaints as what refuses the file and what is worth
 * a look, and the file cut down to chosen vouchers. Used by the reading of an import.
 */
import { Refusal, type Facts } from '#ledger';
import { EncodingJudge, endsLine, readSie, SieReader, type EncodingFound, type SieVoucher } from '#sie';
import { fingerprintOf } from './fingerprint.js';
import { ReadInOne, type Slice } from './slice.js';
import type { FileBytes, Source, SourceRead, Taker } from './source.js';

const [CR, HASH] = [13, 0x23];
const LINE = /^#[RB]?TRANS$/;
/** Records about the whole file, which would speak of what was left out: sums, and names of objects that may be persons'. */
const OF_THE_WHOLE = /^#(?:KSUMMA|IB|UB|OIB|OUB|RES|PSALDO|PBUDGET)$/;

export class SieSource implements Source {
  readonly format = 'sie';
  readonly namesCounterparty = false;
  #encoding: EncodingFound | null = null;
  /** First and last line of each voucher, in order. */
  #spans = new Spans();

  /** @param asked `selection`: lines chosen by object or account, so that no balance is demanded; `slice`: what is read of the file; `encoding`: judged before, or null */
  constructor(private readonly asked: { readonly selection: boolean; readonly slice: Slice; readonly encoding: EncodingFound | null }) {}

  read(file: FileBytes, { voucher: take, complain, notice, year, balance }: Taker): SourceRead {
    const encoding = (this.#encoding ??= this.asked.encoding ?? encodingOf(file));
    this.#spans = new Spans();
    let yearSaid = year === undefined;
    const { from, to } = this.asked.slice;
    const inOne = from || to ? () => { throw new ReadInOne(); } : undefined; // prettier-ignore
    let inHead = from !== null; // what is said of it is said by the slice that begins with it
    const reader: SieReader = new SieReader(
      encoding,
      {
        voucher: (voucher) => {
          if (inHead) inOne!();
          const own = yearSaid ? undefined : reader.head.years.find(({ index }) => index === 0);
          if (own) year!(own, reader.head.years);
          yearSaid = true;
          this.#spans.add(voucher.line, reader.line);
          take(voucher);
        },
        ...(balance && { balance: inOne ?? balance }),
        complaint: ({ line, name, severity, facts }) => {
          if (!inHead) (severity === 'error' ? complain : notice)(line, name, facts as Facts);
        },
        ...(inOne && { whole: inOne }),
      },
      { hash: fingerprintOf, selection: this.asked.selection },
    );
    if (from) {
      for (const chunk of file.chunks({ to: from.head, silent: true })) reader.push(chunk);
      reader.skipTo(from.row);
      inHead = false;
    }
    for (const chunk of file.chunks({ ...(from && { from: from.offset }), ...(to && { to: to.offset }) })) reader.push(chunk);
    const { rows, dimensions, kind, errors } = reader.end();
    if (errors === 0 && /^[123]$/.test(kind)) complain(1, 'sie-without-vouchers', { type: kind });
    return { rows: rows.counted + rows.added + rows.struck, dimensions };
  }

  *reduce(file: FileBytes, chosen: { has(row: number): boolean }): Iterable<Uint8Array> {
    const objects = this.#objectsOf(file, chosen);
    const span = { at: 0 };
    for (const { bytes, line } of linesOf(file, this.#encoding!.carriageReturns)) {
      while (this.#spans.last(span.at) < line) span.at += 1;
      const within = this.#spans.first(span.at) <= line;
      if (within && this.#spans.last(span.at) === this.#spans.first(span.at + 1))
        throw new Refusal('file-rows-not-separable', { row: this.#spans.last(span.at) });
      const label = labelOf(bytes);
      const ofVoucher = chosen.has(this.#spans.first(span.at)) && (!this.asked.selection || !LINE.test(label) || chosen.has(line));
      if (within ? ofVoucher : !this.#ofTheWhole(label, bytes, objects)) yield bytes;
    }
  }

  /** The objects that chosen vouchers name: only their names are kept. */
  #objectsOf(file: FileBytes, chosen: { has(row: number): boolean }): ReadonlySet<string> {
    const named = new Set<string>();
    const seen = new WeakSet<object>();
    const voucher = ({ line, lines }: SieVoucher) => {
      if (!chosen.has(line)) return;
      for (const { objects } of lines) {
        if (seen.has(objects)) continue;
        seen.add(objects);
        for (const { dim, object } of objects) named.add(`${dim}\u001f${object}`);
      }
    };
    readSie(() => file.chunks(), { voucher, complaint: () => {} }, { hash: fingerprintOf, selection: true });
    return named;
  }

  #ofTheWhole(label: string, bytes: Uint8Array, objects: ReadonlySet<string>): boolean {
    if (label !== '#OBJEKT') return OF_THE_WHOLE.test(label);
    let named = false;
    const reader = new SieReader(
      { ...this.#encoding!, byteOrderMark: false },
      { voucher: () => {}, complaint: () => {} },
      { hash: fingerprintOf },
    );
    reader.push(bytes);
    for (const { dim, object } of reader.end().objects) named ||= objects.has(`${dim}\u001f${object}`);
    return !named;
  }
}

/** `#TRANS`; empty where the line begins with no label. */
function labelOf(bytes: Uint8Array): string {
  let at = 0;
  while (at < bytes.length && bytes[at]! <= 32) at += 1;
  if (bytes[at] !== HASH) return '';
  return new TextDecoder('latin1')
    .decode(bytes.subarray(at, at + 12))
    .split(/[\s"{]/, 1)[0]!
    .toUpperCase();
}

function encodingOf(file: FileBytes): EncodingFound {
  const judge = new EncodingJudge();
  for (const chunk of file.chunks({ silent: true })) judge.push(chunk);
  return judge.verdict();
}

/** Lines of the file with their line ends, numbered as the reader does. */
function* linesOf(file: FileBytes, carriageReturns: boolean): Iterable<{ readonly bytes: Uint8Array; readonly line: number }> {
  let rest = new Uint8Array(0);
  let line = 0;
  for (const chunk of file.chunks()) {
    const bytes: Uint8Array = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (let at = 0; at < bytes.length - 1; at += 1) {
      if (bytes[at]! > CR || !endsLine(bytes, at, carriageReturns)) continue;
      yield { bytes: bytes.subarray(from, at + 1), line: (line += 1) };
      from = at + 1;
    }
    rest = new Uint8Array(bytes.subarray(from));
  }
  if (rest.length > 0) yield { bytes: rest, line: line + 1 };
}

/** Pairs of line numbers, eight bytes each. */
class Spans {
  #lines = new Uint32Array(1024);
  #size = 0;

  add(first: number, last: number): void {
    if (this.#size === this.#lines.length) {
      const larger = new Uint32Array(2 * this.#size);
      larger.set(this.#lines);
      this.#lines = larger;
    }
    this.#lines[this.#size++] = first;
    this.#lines[this.#size++] = last;
  }

  first(at: number): number {
    return 2 * at < this.#size ? this.#lines[2 * at]! : Infinity;
  }
  last(at: number): number {
    return 2 * at < this.#size ? this.#lines[2 * at + 1]! : Infinity;
  }
}
