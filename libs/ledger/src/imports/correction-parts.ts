/**
 * A correction that is too large for one event goes on in the next, as a large voucher of an import does: cut by bytes, never by count,
 * each voucher's lines in order. Used by correct-imported.ts; whoever posts asks which corrections are not whole yet.
 */
import type { Ledger } from '../ledger.js';
import { PART_BYTES } from '../limits.js';
import type { Reference } from '../reference.js';
import type { Voucher, VoucherTexts } from '../voucher.js';

export type CorrectionPart = { readonly vouchers: readonly Voucher[]; readonly texts: readonly VoucherTexts[] };

/** The vouchers in parts, each of about `bytes` at most; one where they fit. */
export function correctionParts(vouchers: readonly Voucher[], texts: readonly VoucherTexts[], bytes = PART_BYTES): CorrectionPart[] {
  const parts: { vouchers: Voucher[]; texts: VoucherTexts[] }[] = [];
  let room = 0;
  const begin = () => {
    parts.push({ vouchers: [], texts: [] });
    room = bytes;
  };
  begin();
  for (const [place, voucher] of vouchers.entries()) {
    const { lines, takesBack, ...whole } = voucher;
    const said = texts[place]!;
    let from = 0;
    const put = (to: number) => {
      if (to === from && lines.length > 0) return;
      const cut = from > 0 || to < lines.length;
      parts.at(-1)!.vouchers.push({
        ...whole,
        lines: lines.slice(from, to),
        ...(takesBack && from === 0 && { takesBack }),
        ...(from > 0 && { firstLine: from + 1 }),
        ...(to < lines.length && { more: true as const }),
      });
      parts.at(-1)!.texts.push(cut && said.lines ? { ...said, lines: said.lines.slice(from, to) } : said);
      from = to;
    };
    for (const [index, line] of lines.entries()) {
      const size = 3 * (JSON.stringify(line).length + (said.lines?.[index]?.length ?? 0)) + 1; // three bytes a character at most
      if (size > room && room < bytes) {
        put(index);
        begin();
      }
      room -= size;
    }
    put(lines.length);
  }
  return parts;
}

/** The corrections of an open import that go on, each with the number of its next part. */
export const unfinishedCorrections = (id: string, ledger: Ledger): { readonly corrects: Reference; readonly part: number }[] =>
  [...(ledger.openImport(id)?.corrected.entries() ?? [])].flatMap(([, { corrects, parts, unfinished }]) =>
    unfinished ? [{ corrects, part: parts }] : [],
  );
