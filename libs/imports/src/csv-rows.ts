/**
 * CSV bytes to rows of fields (RFC 4180, any separator; UTF-8 with or without BOM, Windows-1252 or CP437), in chunks, with the line number
 * that a person sees in an editor. Hand-written because it is the hot loop of an import (DECISIONS.md has the figures); knows nothing of vouchers.
 */
import { isUtf8 } from 'node:buffer';
import { refuse } from '#ledger';
import { Decoder, type Encoding } from '#sie';

export type Row = { readonly row: number; readonly fields: readonly string[] };
/** How a file is written. @param separator one character, a comma where left out · @param encoding UTF-8 where left out */
export type CsvWriting = { readonly separator?: string; readonly encoding?: Encoding };

const LF = 0x0a;
/** No voucher's row is this long: a file without line breaks, or a quotation that never ends, is found out before it fills the memory. */
const ROW_BYTES = 100_000;

/** Cuts chunks of bytes into rows. Feed it in order with `push`, then `end`. Blank lines are passed over. */
export class CsvRows {
  #rest: Uint8Array = new Uint8Array(0);
  #started: boolean;
  #quoted = ''; // the beginning of a row whose quotation goes on in the next line
  #quotedFrom = 0;
  #line: number;
  readonly #separator: string;
  readonly #decoder: Decoder | null; // of an encoding in which every byte is a letter; null for UTF-8, in which a byte can be wrong

  /** @param line the number of the first row that will come: more than 1 where the file is read from a cut on */
  constructor(line = 1, { separator = ',', encoding = 'utf-8' }: CsvWriting = {}) {
    this.#line = line;
    this.#started = line > 1;
    this.#separator = separator;
    this.#decoder = encoding === 'windows-1252' || encoding === 'cp437' ? new Decoder(encoding) : null;
  }

  /** The rows that end in this chunk · refuses `file-not-text` (row) where a line is not valid UTF-8, `file-row-too-long`, `file-quote-open`, `file-quote-malformed`. */
  push(chunk: Uint8Array): Row[] {
    const bytes = this.#rest.length ? concat(this.#rest, chunk) : chunk;
    const end = bytes.lastIndexOf(LF) + 1;
    this.#rest = new Uint8Array(bytes.subarray(end)); // a copy: the caller uses its buffer again
    const rows = end === 0 ? [] : this.#rows(bytes.subarray(0, end));
    if (this.#rest.length > ROW_BYTES) refuse('file-row-too-long', { row: this.#line, most: ROW_BYTES });
    return rows;
  }

  /** The last row, where no line break follows it · refuses `file-not-text`, `file-quote-open`, `file-quote-malformed`. */
  end(): Row[] {
    const rows = this.#rest.length ? this.#rows(this.#rest) : [];
    if (this.#quoted !== '') refuse('file-quote-open', { row: this.#quotedFrom });
    return rows;
  }

  #rows(bytes: Uint8Array): Row[] {
    let text = this.#decode(bytes);
    if (!this.#started) {
      this.#started = true;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    const rows: Row[] = [];
    for (let from = 0; from < text.length; this.#line += 1) {
      let to = text.indexOf('\n', from);
      if (to < 0) to = text.length;
      const line = text.charCodeAt(to - 1) === 13 && to > from ? text.slice(from, to - 1) : text.slice(from, to);
      from = to + 1;
      if (this.#quoted === '' && line === '') continue;
      if (this.#quoted === '' && !line.includes('"')) rows.push({ row: this.#line, fields: line.split(this.#separator) });
      else this.#withQuotes(line, rows);
    }
    return rows;
  }

  #withQuotes(line: string, rows: Row[]): void {
    if (this.#quoted === '') this.#quotedFrom = this.#line;
    const whole = this.#quoted === '' ? line : `${this.#quoted}\n${line}`;
    const fields = quotedFields(whole, this.#separator, this.#quotedFrom);
    this.#quoted = fields ? '' : whole;
    if (fields) rows.push({ row: this.#quotedFrom, fields });
    else if (whole.length > ROW_BYTES) refuse('file-quote-open', { row: this.#quotedFrom });
  }

  #decode(bytes: Uint8Array): string {
    if (this.#decoder) return this.#decoder.text(bytes, 0, bytes.length);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      let [row, from] = [this.#line, 0];
      for (; from < bytes.length && isUtf8(bytes.subarray(from, lineEnd(bytes, from))); row += 1) from = lineEnd(bytes, from) + 1;
      return refuse('file-not-text', { row });
    }
  }
}

const lineEnd = (bytes: Uint8Array, from: number): number => (bytes.indexOf(LF, from) < 0 ? bytes.length : bytes.indexOf(LF, from));

/**
 * The fields of a row that holds quotation marks, or null where a quotation is still open at its end. Quotation marks enclose a whole
 * field or are doubled inside one: read in any other way, an amount could come out as another.
 */
function quotedFields(line: string, separator: string, row: number): string[] | null {
  const fields: string[] = [];
  for (let at = 0; ;) {
    if (line[at] !== '"') {
      const to = line.indexOf(separator, at);
      const field = to < 0 ? line.slice(at) : line.slice(at, to);
      if (field.includes('"')) refuse('file-quote-malformed', { row });
      fields.push(field);
      if (to < 0) return fields;
      at = to + 1;
      continue;
    }
    let field = '';
    for (at += 1; ;) {
      const to = line.indexOf('"', at);
      if (to < 0) return null;
      field += line.slice(at, to);
      at = to + 1;
      if (line[at] !== '"') break;
      field += '"';
      at += 1;
    }
    fields.push(field);
    if (at === line.length) return fields;
    if (line[at] !== separator) refuse('file-quote-malformed', { row });
    at += 1;
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
