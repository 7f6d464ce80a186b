/**
 * Income and cost lines that still hold money without a grant code ("saknar bidragskod"), with what speaks for a grant; those that
 * something speaks for come first. Called by answers.ts.
 */
import { refuse } from '#ledger';
import type { LinesAsked, WithoutGrantCode } from './answer-shapes.js';
import { Hints, type Hint, type Hinted } from './hints.js';
import { COUNTED_VOUCHER, limitOf, type LineAnswers } from './line-answers.js';
import type { Reading } from './reading.js';
import { LINE_ROOM, SEGMENT } from './schema.js';

type Standing = { readonly id: number; readonly leftOre: bigint };
type Row = Standing & { readonly hints: readonly Hint[] };

export class UncodedAnswers {
  readonly #hints: Hints;

  constructor(
    private readonly reading: Reading,
    private readonly lines: LineAnswers,
  ) {
    this.#hints = new Hints(reading);
  }

  withoutGrantCode(asked: LinesAsked): WithoutGrantCode {
    const settled = this.reading.settle(asked, 'lines');
    const standing = this.#standing(this.reading.over(settled));
    const rows = this.#hinted(standing, settled.standing.year);
    const [hinted, others] = [rows.filter(({ hints }) => hints.length > 0), rows.filter(({ hints }) => hints.length === 0)];
    const limit = limitOf(asked.limit);
    const from = asked.after === undefined ? null : placeOf(asked.after);
    const isAfter = ({ id, hints }: Row) => from === null || (hints.length > 0 ? from.hinted && id > from.id : from.hinted || id > from.id);
    const rest = [...hinted, ...others].filter(isAfter);
    const page = rest.slice(0, limit);
    const lines = this.lines
      .linesOf(page.map(({ id }) => id))
      .map((line, i) => ({ ...line, leftOre: page[i]!.leftOre, hints: page[i]!.hints }));
    return {
      ...settled.standing,
      lines,
      count: standing.length,
      withHint: hinted.length,
      totalOre: standing.reduce((sum, { leftOre }) => sum + leftOre, 0n),
      next: rest.length > limit ? afterText(page.at(-1)!) : null,
    };
  }

  /** What a recoding or a reversal moved is told at the line where the money first stood. */
  #standing(over: ReturnType<Reading['over']>): Standing[] {
    const counted = '(o.import = 0 OR o.import IN (SELECT opened_seq FROM line_imports WHERE counted = 1))';
    const origins = this.reading.rows<{ id: number; parts: string }>(
      `SELECT origin AS id, json_group_array(ore) AS parts FROM (
         SELECT l.ore, coalesce(
           (SELECT o.id FROM vouchers o WHERE o.ref = v.recodes AND ${counted} ORDER BY o.id DESC LIMIT 1) * ${LINE_ROOM} + v.recodes_line,
           (SELECT o.id FROM vouchers o WHERE o.ref = v.reverses AND ${counted} ORDER BY o.id DESC LIMIT 1) * ${LINE_ROOM} + coalesce(v.takes_back ->> (l.id % ${LINE_ROOM} - 1), l.id % ${LINE_ROOM}),
           l.id) AS origin
         FROM (${this.lines.segments()}) s CROSS JOIN codings c CROSS JOIN lines l INDEXED BY lines_by_coding ON l.id / ${SEGMENT} = s.n AND l.coding = c.id
           CROSS JOIN vouchers v ON v.id = l.id / ${LINE_ROOM}
         WHERE ${over.sql} AND c.grant_code = '' AND c.effect IN ('recognised', 'both', 'cost', 'reallocated') AND ${COUNTED_VOUCHER})
       GROUP BY origin ORDER BY origin`,
      ...over.values,
    );
    return origins
      .map(({ id, parts }) => ({ id, leftOre: (JSON.parse(parts) as number[]).reduce((sum, ore) => sum + BigInt(ore), 0n) }))
      .filter(({ leftOre }) => leftOre !== 0n);
  }

  #hinted(standing: readonly Standing[], year: number): Row[] {
    if (standing.length === 0) return [];
    const hintsOf = this.#hints.of(year);
    const rows = this.reading.rows<Hinted>(
      `SELECT c.account, c.unit, v.event_date AS eventDate, v.text, t.text AS lineText, v.counterparty, l.counterpart, l.objects
       FROM json_each(?) j CROSS JOIN lines l ON l.id = j.value CROSS JOIN codings c ON c.id = l.coding CROSS JOIN vouchers v ON v.id = l.id / ${LINE_ROOM} LEFT JOIN line_texts t ON t.id = l.id ORDER BY j.key`,
      JSON.stringify(standing.map(({ id }) => id)),
    );
    return rows.map((row, i) => ({ ...standing[i]!, hints: hintsOf(row) }));
  }
}

const afterText = ({ id, hints }: Row): string => Buffer.from(JSON.stringify({ id, hinted: hints.length > 0 })).toString('base64url');

function placeOf(after: string): { readonly id: number; readonly hinted: boolean } {
  try {
    const { id, hinted } = JSON.parse(Buffer.from(after, 'base64url').toString()) as { id: unknown; hinted: unknown };
    if (Number.isSafeInteger(id) && typeof hinted === 'boolean') return { id: id as number, hinted };
  } catch {
    // falls through to the refusal
  }
  return refuse('input-malformed', { reason: 'after' });
}
