/**
 * A CSV file as a table: its encoding judged from the bytes, its separator from the headings, then row by row. Used by the source of
 * vouchers and by the lists of control totals; memory stays flat.
 */
import { refuse, type TableLayout } from '#ledger';
import { EncodingJudge, encodingOfField, type Encoding } from '#sie';
import { CsvRows, type CsvWriting, type Row } from '../csv-rows.js';
import type { FileBytes } from '../source.js';

/** Where the headings must have come, titles above them included. */
const HEAD_BYTES = 256 * 1024;
const SEPARATORS = { ';': ';', ',': ',', tab: '\t' } as const;

export class CsvTable {
  readonly #encoding: Encoding;
  readonly #head: Uint8Array;

  /** @throws Refusal `file-wide-characters`, `file-encoding-mixed` (row) */
  constructor(private readonly file: FileBytes) {
    const judge = new EncodingJudge();
    const head: Uint8Array[] = [];
    let bytes = 0;
    for (const chunk of file.chunks()) {
      judge.push(chunk);
      if (bytes < HEAD_BYTES) head.push(new Uint8Array(chunk.subarray(0, HEAD_BYTES - bytes)));
      bytes += chunk.length;
    }
    const { encoding, mixed, wide } = judge.verdict();
    if (wide) refuse('file-wide-characters', { row: 1 });
    // a table comes from Windows: signs that are no letters, which the judge of SIE files holds for CP437, are Windows-1252 here
    this.#encoding = encoding === 'cp437' && !judge.certain ? 'windows-1252' : encoding;
    if (mixed) refuse('file-encoding-mixed', { row: rowThatDiffers(file, this.#encoding) });
    this.#head = Buffer.concat(head);
  }

  /**
   * The first row from `headingRow` on, and the separator under which it has most of what is looked for.
   * @param wanted headings · @param separator the profile's, or recognised where left out
   */
  heading(
    headingRow: number,
    wanted: readonly string[],
    separator?: TableLayout['separator'],
  ): (Row & { readonly separator: string }) | null {
    const tried = separator ? [SEPARATORS[separator]] : Object.values(SEPARATORS);
    let best: (Row & { readonly separator: string }) | null = null;
    let most = -1;
    for (const one of tried) {
      const row = headingIn(this.#head, headingRow, { separator: one, encoding: this.#encoding });
      const found = row ? wanted.filter((heading) => row.fields.some((field) => field.trim() === heading)).length : -1;
      if (row && found > most) [best, most] = [{ ...row, separator: one }, found];
    }
    return best;
  }

  /** Every row, the headings and what stands above them included · refuses as {@link CsvRows} does. */
  *rows(separator: string): Iterable<Row> {
    const rows = new CsvRows(1, { separator, encoding: this.#encoding });
    for (const chunk of this.file.chunks()) yield* rows.push(chunk);
    yield* rows.end();
  }
}

/** Under the wrong separator a row may be no row at all; that is not the file's fault. */
function headingIn(head: Uint8Array, headingRow: number, writing: CsvWriting): Row | null {
  const rows = new CsvRows(1, writing);
  const end = head.lastIndexOf(10) + 1 || head.length;
  try {
    for (let from = 0; from < end;) {
      const to = head.indexOf(10, from) + 1 || end;
      const found = rows.push(head.subarray(from, to)).find(({ row }) => row >= headingRow);
      if (found) return found;
      from = to;
    }
    return rows.end().find(({ row }) => row >= headingRow) ?? null;
  } catch {
    return null;
  }
}

/** The first line that is in another encoding than the file's. */
function rowThatDiffers(file: FileBytes, encoding: Encoding): number {
  let [row, rest] = [1, new Uint8Array(0)];
  for (const chunk of file.chunks()) {
    const bytes = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let to; (to = bytes.indexOf(10, from)) >= 0; from = to + 1, row += 1)
      if (encodingOfField(bytes.subarray(from, to), encoding).differs) return row;
    rest = new Uint8Array(bytes.subarray(from));
  }
  return row;
}
