/** A voucher with everything about it: who, when, why, its lines and texts, and both ways what corrected or recoded it (LKBR 3:7, 3:10; R3, R40). */
import { refuse, type Act, type Reference, type Warning } from '#ledger';
import type { Link, VoucherAnswer } from './answer-shapes.js';
import { COUNTED_VOUCHER, LineAnswers, referenceAsked } from './line-answers.js';
import type { Reading } from './reading.js';
import { LINE_ROOM } from './schema.js';

type VoucherRow = {
  readonly id: number;
  readonly voucher: string;
  readonly recordedSeq: number;
  readonly recordedAt: string;
  readonly type: string;
  readonly act: Act;
  readonly actor: string;
  readonly role: string;
  readonly source: string;
  readonly program: string;
  readonly eventDate: string;
  readonly registered: string | null;
  readonly text: string;
  readonly counterparty: string | null;
  readonly document: string | null;
  readonly concernsYear: number | null;
  readonly mandate: string | null;
  readonly warnings: string | null;
  readonly replaces: string | null;
  readonly reverses: string | null;
  readonly recodes: string | null;
  readonly recodesLine: number | null;
  readonly import: number;
};
type LinkRow = {
  readonly voucher: string;
  readonly seq: number;
  readonly recordedAt: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly line: number | null;
};

export class VoucherAnswers {
  readonly #lines: LineAnswers;

  constructor(private readonly reading: Reading) {
    this.#lines = new LineAnswers(reading);
  }

  /** Refuses `voucher-unknown`, `voucher-reference-malformed`. */
  voucher(asked: Reference | string): VoucherAnswer {
    const ref = referenceAsked(asked);
    const found = this.reading.row<VoucherRow>(
      `SELECT v.id, v.ref AS voucher, v.seq AS recordedSeq, e.recorded_at AS recordedAt, e.type, v.act, e.actor, e.role, e.source, e.program, v.event_date AS eventDate, v.registered,
         coalesce(v.text, '') AS text, v.counterparty, v.document, v.concerns_year AS concernsYear, e.mandate, e.warnings, v.replaces, v.reverses, v.recodes, v.recodes_line AS recodesLine, v.import
       FROM vouchers v JOIN money_events e ON e.seq = v.seq WHERE v.ref = ? AND ${COUNTED_VOUCHER} ORDER BY v.id DESC LIMIT 1`,
      ref,
    );
    if (!found) return refuse('voucher-unknown', { voucher: ref });
    const { id, warnings, recodes, recodesLine, import: openedSeq, ...voucher } = found;
    const ids = this.reading.rows<{ id: number }>(
      'SELECT id FROM lines WHERE id BETWEEN ? AND ? ORDER BY id',
      id * LINE_ROOM,
      id * LINE_ROOM + LINE_ROOM - 1,
    );
    const file =
      openedSeq === 0
        ? undefined
        : this.reading.row<{ import: string; sha256: string; file: string | null; closedSeq: number }>(
            'SELECT import, sha256, file, closed_seq AS closedSeq FROM imports WHERE opened_seq = ?',
            openedSeq,
          );
    const recodedBy = this.#links('recodes', ref).map(({ line, ...link }) => ({ ...link, line: line! }));
    return {
      seq: this.reading.position('lines'),
      demo: this.reading.demo,
      ...voucher,
      countsFromSeq: file?.closedSeq ?? found.recordedSeq,
      actorName: this.reading.personName(found.actor),
      warnings: warnings === null ? [] : (JSON.parse(warnings) as Warning[]),
      lines: this.#lines.linesOf(ids.map((line) => line.id)),
      correctedBy: [...this.#links('reverses', ref), ...this.#links('replaces', ref)].map(({ line: _, ...link }) => link),
      corrects: found.reverses ?? found.replaces,
      recodedBy,
      recodes: recodes === null ? null : { voucher: recodes, line: recodesLine! },
      import: file ? { import: file.import, sha256: file.sha256, file: file.file } : null,
    };
  }

  #links(how: 'reverses' | 'replaces' | 'recodes', ref: string): (Link & { readonly line: number | null })[] {
    return this.reading
      .rows<LinkRow>(
        `SELECT v.ref AS voucher, v.seq, e.recorded_at AS recordedAt, e.actor, coalesce(e.reason, v.text) AS reason, v.recodes_line AS line
         FROM vouchers v JOIN money_events e ON e.seq = v.seq WHERE v.${how} = ? AND ${COUNTED_VOUCHER} ORDER BY v.id`,
        ref,
      )
      .map((link) => ({ ...link, actorName: this.reading.personName(link.actor) }));
  }
}
