/**
 * Cuts resolved vouchers into parts by bytes, each already in the canonical text in which it is stored, so that nothing is
 * written twice. A voucher larger than a part goes on in the next. A test compares every text with `canonical`.
 */
import { Packing, PART_BYTES, quoted, type Line, type Voucher, type VoucherTexts } from '#ledger';
import { CodedLine } from './coded-line.js';

/** The canonical bytes of a part's vouchers, in pieces, and of their texts (good until the next part), and how many vouchers begin here. */
export type Part = { readonly vouchers: readonly Uint8Array[]; readonly texts: Uint8Array; readonly count: number };

/** Room for what surrounds the lines of a voucher, and for the part's own brackets. */
const AROUND = 1_024;

export class Parts {
  readonly #packing = new Packing();
  readonly #vouchers = new JsonArray();
  readonly #texts = new JsonArray();
  #count = 0;

  constructor(
    private readonly take: (part: Part) => void,
    private readonly bytes = PART_BYTES,
  ) {}

  add(voucher: Voucher, texts: VoucherTexts): void {
    const before = this.#packing.mark();
    if (this.#addWhole(voucher, texts)) return;
    this.#packing.undoTo(before);
    if (this.#texts.size > 1) {
      this.#cut();
      if (this.#addWhole(voucher, texts)) return;
      this.#packing.undoTo(Packing.empty);
    }
    this.#addByPieces(voucher, texts);
  }

  /** Gives the last part. */
  end(): void {
    if (this.#texts.size > 1) this.#cut();
  }

  /** Whether the voucher has room in this part; the tables know of it also where it has none. */
  #addWhole(voucher: Voucher, texts: VoucherTexts): boolean {
    const { lines } = voucher;
    let written = '';
    for (let i = 0; i < lines.length; i++) written += i > 0 ? `,${this.#line(lines[i]!)}` : this.#line(lines[i]!);
    const said = textsText(texts, texts.lines);
    if (!this.#hasRoom(written, said)) return false;
    this.#push(this.#packing.voucher(voucher, written, 1, false), said);
    this.#count += 1;
    return true;
  }

  /** A voucher that no part has room for: so many lines in each as there is room for, at least one. */
  #addByPieces(voucher: Voucher, texts: VoucherTexts): void {
    const { lines } = voucher;
    for (let from = 0; from < lines.length;) {
      const own = from > 0 ? { text: '' } : texts;
      let [to, written, bytes] = [from, '', Buffer.byteLength(textsText(own, undefined))];
      for (; to < lines.length; to++) {
        const before = this.#packing.mark();
        const text = this.#line(lines[to]!);
        const said = texts.lines ? Buffer.byteLength(quoted(texts.lines[to]!)) + 1 : 0;
        const most = bytes + Buffer.byteLength(text) + 1 + said;
        if (to > from && this.#size + most + AROUND > this.bytes) {
          this.#packing.undoTo(before);
          break;
        }
        written += to > from ? `,${text}` : text;
        bytes = most;
      }
      const more = to < lines.length;
      if (from === 0) this.#count += 1;
      this.#push(this.#packing.voucher(voucher, written, from + 1, more), textsText(own, texts.lines?.slice(from, to)));
      if (more) this.#cut();
      from = to;
    }
  }

  #line(line: Line): string {
    return this.#packing.line(line.account, line.amountOre, line.row ?? 0, line.period, line instanceof CodedLine ? line.coding : line);
  }

  #push(voucher: string, texts: string): void {
    this.#vouchers.push(voucher);
    this.#texts.push(texts);
  }

  /** Whether a voucher's lines and texts go into this part. They are counted only where it may be full: a character is three bytes at most. */
  #hasRoom(written: string, said: string): boolean {
    const room = this.bytes - AROUND - this.#size;
    return 3 * (written.length + said.length) <= room || Buffer.byteLength(written) + Buffer.byteLength(said) <= room;
  }

  /** Bytes so far. */
  get #size(): number {
    return this.#packing.size + this.#vouchers.size + this.#texts.size;
  }

  #cut(): void {
    const vouchers = [Buffer.from(this.#packing.close()), this.#vouchers.close(), CLOSING];
    this.take({ vouchers, texts: this.#texts.close(), count: this.#count });
    this.#count = 0;
  }
}

/** What ends the vouchers of a part, after their list. */
const CLOSING = Buffer.from('}');

/** A JSON array in bytes that grows item by item; its memory is used again. */
class JsonArray {
  #bytes = Buffer.allocUnsafe(2 * PART_BYTES);
  /** Bytes so far, the opening bracket included. */
  size = 1;

  push(item: string): void {
    const most = this.size + 2 + 3 * item.length;
    if (most > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes.subarray(0, this.size)], 2 * most);
    if (this.size > 1) this.#bytes[this.size++] = 0x2c;
    this.size += this.#bytes.write(item, this.size);
  }

  /** The whole array; the next push begins a new one in the same memory. */
  close(): Uint8Array {
    this.#bytes[0] = 0x5b;
    this.#bytes[this.size] = 0x5d;
    const whole = this.#bytes.subarray(0, this.size + 1);
    this.size = 1;
    return whole;
  }
}

/** @param lines the texts of the lines that are written here */
function textsText({ counterparty, document, text }: VoucherTexts, lines: VoucherTexts['lines']): string {
  return `{${counterparty === undefined ? '' : `"counterparty":${quoted(counterparty)},`}${document === undefined ? '' : `"document":${quoted(document)},`}${lines === undefined ? '' : `"lines":[${lines.map(quoted).join(',')}],`}"text":${quoted(text)}}`;
}
