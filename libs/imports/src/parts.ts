/**
 * Cuts resolved vouchers into parts by bytes, each already in the canonical text in which it is stored, so that nothing is
 * written twice. A voucher larger than a part goes on in the next. A test compares every text with `canonical`.
 */
import { PART_BYTES, quoted, type Line, type Voucher, type VoucherTexts } from '#ledger';

/** The canonical texts of two arrays of equal length, and how many vouchers begin here. */
export type Part = { readonly vouchers: string; readonly texts: string; readonly count: number };

/** Room for what surrounds the lines of a voucher. */
const AROUND = 1_024;

export class Parts {
  #vouchers: string[] = [];
  #texts: string[] = [];
  #size = 0;
  #count = 0;

  constructor(private readonly take: (part: Part) => void, private readonly bytes = PART_BYTES) {}

  add({ ref, eventDate, lines, fingerprint, registered }: Voucher, texts: VoucherTexts): void {
    this.#count += 1;
    const written = lines.map(lineText);
    const size = written.reduce((sum, line) => sum + line.length + 1, AROUND);
    if (this.#size > 0 && this.#size + size > this.bytes) this.#cut();
    for (let from = 0; from < written.length; ) {
      let [to, room] = [from, AROUND];
      while (to < written.length && (to === from || room + written[to]!.length + 1 <= this.bytes)) room += written[to++]!.length + 1;
      const more = to < written.length;
      const text =
        `{"eventDate":"${eventDate}","fingerprint":"${fingerprint}",${from > 0 ? `"firstLine":${from + 1},` : ''}"lines":[${written.slice(from, to).join(',')}],${more ? '"more":true,' : ''}` +
        `"ref":{"book":"${ref.book}","number":${quoted(ref.number)},"series":${quoted(ref.series)},"version":${ref.version},"year":${ref.year}}${registered === undefined ? '' : `,"registered":"${registered}"`}}`;
      this.#vouchers.push(text);
      this.#texts.push(from > 0 ? '{"text":""}' : textsText(texts));
      this.#size += text.length + this.#texts.at(-1)!.length;
      if (more) this.#cut();
      from = to;
    }
    if (this.#size >= this.bytes) this.#cut();
  }

  /** Gives the last part. */
  end(): void {
    if (this.#vouchers.length) this.#cut();
  }

  #cut(): void {
    this.take({ vouchers: `[${this.#vouchers.join(',')}]`, texts: `[${this.#texts.join(',')}]`, count: this.#count });
    [this.#vouchers, this.#texts, this.#size, this.#count] = [[], [], 0, 0];
  }
}

function lineText({ account, amountOre, counterpart, decision, effect, grant, internal, period, row, unit }: Line): string {
  return (
    `{"account":"${account}","amountOre":${amountOre}${counterpart === undefined ? '' : `,"counterpart":${quoted(counterpart)}`}${decision === undefined ? '' : `,"decision":${quoted(decision)}`}` +
    `,"effect":"${effect}"${grant === undefined ? '' : `,"grant":${quoted(grant)}`}${internal ? ',"internal":true' : ''},"period":"${period}"${row === undefined ? '' : `,"row":${row}`},"unit":${quoted(unit)}}`
  );
}

function textsText({ counterparty, document, text }: VoucherTexts): string {
  return `{${counterparty === undefined ? '' : `"counterparty":${quoted(counterparty)},`}${document === undefined ? '' : `"document":${quoted(document)},`}"text":${quoted(text)}}`;
}
