/**
 * Cuts resolved vouchers into parts by bytes, each already in the canonical text in which it is stored, so that nothing is
 * written twice. A voucher larger than a part goes on in the next. A test compares every text with `canonical`.
 */
import { PART_BYTES, quoted, type Line, type Voucher, type VoucherTexts } from '#ledger';

/** The canonical bytes of two arrays of equal length (good until the next part), and how many vouchers begin here. */
export type Part = { readonly vouchers: Uint8Array; readonly texts: Uint8Array; readonly count: number };

/** Room for what surrounds the lines of a voucher. */
const AROUND = 1_024;

export class Parts {
  readonly #vouchers = new JsonArray();
  readonly #texts = new JsonArray();
  #count = 0;

  constructor(
    private readonly take: (part: Part) => void,
    private readonly bytes = PART_BYTES,
  ) {}

  add({ ref, eventDate, lines, fingerprint, registered }: Voucher, texts: VoucherTexts): void {
    const written = lines.map(lineText);
    const room = (at: number) => written[at]!.length + 1 + (texts.lines ? texts.lines[at]!.length + 3 : 0);
    const size = written.reduce((sum, _, at) => sum + room(at), AROUND);
    if (this.#size > 2 && this.#size + size > this.bytes) this.#cut();
    this.#count += 1;
    for (let from = 0; from < written.length;) {
      let [to, taken] = [from, AROUND];
      while (to < written.length && (to === from || taken + room(to) <= this.bytes)) taken += room(to++);
      const more = to < written.length;
      const text =
        `{"eventDate":"${eventDate}","fingerprint":"${fingerprint}",${from > 0 ? `"firstLine":${from + 1},` : ''}"lines":[${written.slice(from, to).join(',')}],${more ? '"more":true,' : ''}` +
        `"ref":{"book":"${ref.book}","number":${quoted(ref.number)},"series":${quotedCode(ref.series)},"version":${ref.version},"year":${ref.year}}${registered === undefined ? '' : `,"registered":"${registered}"`}}`;
      this.#vouchers.push(text);
      this.#texts.push(textsText(from > 0 ? { text: '' } : texts, texts.lines?.slice(from, to)));
      if (more) this.#cut();
      from = to;
    }
    if (this.#size >= this.bytes) this.#cut();
  }

  /** Gives the last part. */
  end(): void {
    if (this.#size > 2) this.#cut();
  }

  get #size(): number {
    return this.#vouchers.size + this.#texts.size;
  }

  #cut(): void {
    this.take({ vouchers: this.#vouchers.close(), texts: this.#texts.close(), count: this.#count });
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

/** Codes come back a million times and their quoted texts are few. */
const quotedCodes = new Map<string, string>();
function quotedCode(code: string): string {
  let text = quotedCodes.get(code);
  if (text === undefined) {
    text = quoted(code);
    if (quotedCodes.size < 100_000) quotedCodes.set(code, text);
  }
  return text;
}

function lineText({ account, amountOre, counterpart, decision, effect, grant, internal, objects, period, row, unit }: Line): string {
  return (
    `{"account":"${account}","amountOre":${amountOre}${counterpart === undefined ? '' : `,"counterpart":${quotedCode(counterpart)}`}${decision === undefined ? '' : `,"decision":${quotedCode(decision)}`}` +
    `,"effect":"${effect}"${grant === undefined ? '' : `,"grant":${quotedCode(grant)}`}${internal ? ',"internal":true' : ''}${objects === undefined ? '' : `,"objects":${objectsText(objects)}`},"period":"${period}"${row === undefined ? '' : `,"row":${row}`},"unit":${quotedCode(unit)}}`
  );
}

/** Lists of objects come back, one and the same, wherever lines are coded alike. */
const objectsTexts = new WeakMap<Line['objects'] & {}, string>();
function objectsText(objects: Line['objects'] & {}): string {
  let text = objectsTexts.get(objects);
  if (text === undefined) {
    text = `[${objects.map(([dimension, object]) => `[${quoted(dimension)},${quoted(object)}]`).join(',')}]`;
    objectsTexts.set(objects, text);
  }
  return text;
}

/** @param lines the texts of the lines that are written here */
function textsText({ counterparty, document, text }: VoucherTexts, lines: VoucherTexts['lines']): string {
  return `{${counterparty === undefined ? '' : `"counterparty":${quoted(counterparty)},`}${document === undefined ? '' : `"document":${quoted(document)},`}${lines === undefined ? '' : `"lines":[${lines.map(quoted).join(',')}],`}"text":${quoted(text)}}`;
}
