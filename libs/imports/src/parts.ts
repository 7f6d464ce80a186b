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
  readonly #texts = new JsonArray();
  #count = 0;

  constructor(
    private readonly take: (part: Part) => void,
    private readonly bytes = PART_BYTES,
  ) {}

  add(voucher: Voucher, texts: VoucherTexts): void {
    if (this.#addWhole(voucher, texts)) return;
    if (this.#texts.size > 1) {
      this.#cut();
      if (this.#addWhole(voucher, texts)) return;
    }
    this.#addByPieces(voucher, texts);
  }

  /** Gives the last part. */
  end(): void {
    if (this.#texts.size > 1) this.#cut();
  }

  /** Whether the voucher has room in this part; nothing of it stands there where it has none. */
  #addWhole(voucher: Voucher, texts: VoucherTexts): boolean {
    const { lines } = voucher;
    this.#packing.mark();
    this.#packing.begin(voucher);
    for (let i = 0; i < lines.length; i++) this.#line(lines[i]!);
    this.#packing.end(voucher, 1, false);
    const said = textsText(texts, texts.lines);
    if (!this.#hasRoom(said)) {
      this.#packing.undo();
      return false;
    }
    this.#texts.push(said);
    this.#count += 1;
    return true;
  }

  /** A voucher that no part has room for: so many lines in each as there is room for, at least one. */
  #addByPieces(voucher: Voucher, texts: VoucherTexts): void {
    const { lines } = voucher;
    this.#count += 1;
    for (let from = 0; from < lines.length;) {
      const own = from > 0 ? { text: '' } : texts;
      let [to, said] = [from, Buffer.byteLength(textsText(own, undefined))];
      this.#packing.begin(voucher);
      for (; to < lines.length; to++) {
        this.#packing.mark();
        this.#line(lines[to]!);
        said += texts.lines ? Buffer.byteLength(quoted(texts.lines[to]!)) + 1 : 0;
        if (to > from && this.#size + said + AROUND > this.bytes) {
          this.#packing.undo();
          break;
        }
      }
      const more = to < lines.length;
      this.#packing.end(voucher, from + 1, more);
      this.#texts.push(textsText(own, texts.lines?.slice(from, to)));
      if (more) this.#cut();
      from = to;
    }
  }

  #line(line: Line): void {
    const { account, amountOre, row = 0, period } = line;
    this.#packing.line(account, amountOre, row, period, line instanceof CodedLine ? line.coding : line);
  }

  /** Whether a voucher's texts go into this part beside what is written. They are counted only where it may be full: a character is three bytes at most. */
  #hasRoom(said: string): boolean {
    const room = this.bytes - AROUND - this.#size;
    return 3 * said.length <= room || Buffer.byteLength(said) <= room;
  }

  /** Bytes so far. */
  get #size(): number {
    return this.#packing.size + this.#texts.size;
  }

  #cut(): void {
    this.take({ vouchers: this.#packing.close(), texts: this.#texts.close(), count: this.#count });
    this.#count = 0;
  }
}

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
