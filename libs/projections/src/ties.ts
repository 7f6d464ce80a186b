/**
 * Whether a selection (urval) agrees with the ERP's own control totals, per account, grant and period (R42): what came of it summed as
 * it is imported, the totals as they were last recorded, and the differences with the lines behind them. Computed when asked, never
 * stored. Of selections only: imports of whole vouchers tie by their balances when the file is read.
 */
import type Database from 'better-sqlite3';
import { refuse, vouchersOf, type Recorded } from '#ledger';
import type { Standing } from './answer-shapes.js';
import type { Tie, Ties } from './import-shapes.js';
import type { LineAnswers } from './line-answers.js';
import type { Reading } from './reading.js';
import { GIGA, LINE_ROOM, oreOf } from './schema.js';

/** Lines named under a difference; the rest are counted. */
const LINES_NAMED = 20;

/** The sums of selections, and the control totals; written with the figures. */
export class SelectionSums {
  readonly #add: Database.Statement<[number, string, string, string, number, number]>;
  readonly #total: Database.Statement<[number, string, string, string, number]>;
  readonly #opened: Database.Statement<[string], number>;
  readonly #isSelection = new Map<number, boolean>();

  constructor(private readonly db: Database.Database) {
    this.#add = db.prepare(`INSERT INTO selection_sums (import, account, grant_code, period, giga, rest) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (import, account, grant_code, period) DO UPDATE SET giga = giga + excluded.giga, rest = rest + excluded.rest`);
    this.#total = db.prepare('INSERT INTO control_totals (import, account, grant_code, period, ore) VALUES (?, ?, ?, ?, ?)');
    this.#opened = db.prepare<[string], number>('SELECT max(opened_seq) FROM imports WHERE import = ?').pluck();
  }

  /** @param openedSeq the seq that the event's import was opened at; 0 where it is of none */
  apply({ head, event }: Recorded, openedSeq: number): void {
    if (event.type === 'ControlTotalsRecorded') {
      const of = this.#opened.get(event.data.import)!;
      this.db.prepare('DELETE FROM control_totals WHERE import = ?').run(of);
      for (const { account, grant = '', period, amountOre } of event.data.totals) this.#total.run(of, account, grant, period, amountOre);
      this.db.prepare('UPDATE imports SET totals_seq = ?, totals_at = ?, totals_by = ? WHERE opened_seq = ?').run(head.seq, head.recordedAt, head.actor, of); // prettier-ignore
      return;
    }
    if (openedSeq === 0 || !this.#selects(openedSeq)) return;
    for (const { lines } of vouchersOf(event))
      for (const { account, grant = '', period, amountOre } of lines) {
        const rest = amountOre % GIGA;
        this.#add.run(openedSeq, account, grant, period, (amountOre - rest) / GIGA, rest);
      }
  }

  #selects(openedSeq: number): boolean {
    let selects = this.#isSelection.get(openedSeq);
    if (selects === undefined) {
      const kind = this.db.prepare<[number], string | null>('SELECT kind FROM imports WHERE opened_seq = ?').pluck().get(openedSeq);
      this.#isSelection.set(openedSeq, (selects = kind === 'selection'));
    }
    return selects;
  }
}

/** Each account, grant and period of an import `i` with the ledger's sum and the ERP's; what only one of them has is nothing in the other. */
const TIES = `SELECT account, grant_code, period, sum(giga) AS giga, sum(rest) AS rest, sum(control) AS control FROM (
    SELECT account, grant_code, period, giga, rest, NULL AS control FROM selection_sums WHERE import = i.opened_seq
    UNION ALL SELECT account, grant_code, period, 0, 0, ore FROM control_totals WHERE import = i.opened_seq)
  GROUP BY account, grant_code, period`;

/** The selections that count and are not tied in the periods asked about: their totals differ there, or are not known. */
export const notTied = (reading: Reading, fromPeriod: string, through: string): Standing['notTied'] =>
  reading.rows<Standing['notTied'][number]>(
    `SELECT i.import, i.book, i.file FROM imports i WHERE i.kind = 'selection' AND i.counted = 1 AND ${differing('t.period BETWEEN ? AND ?')} ORDER BY i.opened_seq`,
    fromPeriod,
    through,
  );

/** The condition on an import `i` that something of it differs, in the ties `t` that the condition holds for. */
export const differing = (condition: string): string =>
  `EXISTS (SELECT 1 FROM (${TIES}) t WHERE ${condition} AND (i.totals_seq IS NULL OR t.giga * ${GIGA} + t.rest <> coalesce(t.control, 0)))`;

type Found = Omit<Ties, 'seq' | 'demo' | 'tied' | 'totals' | 'ties'> & {
  readonly openedSeq: number;
  readonly closedSeq: number | null;
  readonly kind: string | null;
  readonly totalsSeq: number | null;
  readonly totalsAt: string | null;
  readonly totalsBy: string | null;
};
type TieRow = {
  readonly account: string;
  readonly grant: string;
  readonly period: string;
  giga: bigint;
  rest: bigint;
  control: bigint | null;
};

export class TieAnswers {
  constructor(
    private readonly reading: Reading,
    private readonly lines: LineAnswers,
  ) {}

  /** Refuses `import-unknown`, `import-not-selection`. */
  ties({ import: id }: { readonly import: string }): Ties {
    const found = this.reading.row<Found>(
      `SELECT import, file, book, year, status, opened_seq AS openedSeq, closed_seq AS closedSeq, kind, totals_seq AS totalsSeq, totals_at AS totalsAt, totals_by AS totalsBy
       FROM imports WHERE import = ? AND status IN ('open', 'closed') ORDER BY opened_seq DESC LIMIT 1`,
      id,
    );
    if (!found) return refuse('import-unknown', { import: id.slice(0, 40) });
    const { openedSeq, closedSeq, kind, totalsSeq, totalsAt, totalsBy, ...about } = found;
    if (kind !== 'selection') refuse('import-not-selection', { import: id });
    const rows = this.reading.sums<TieRow>(
      `SELECT t.account, t.grant_code AS "grant", t.period, t.giga, t.rest, t.control FROM imports i JOIN (${TIES.replaceAll('i.opened_seq', '?')}) t
       WHERE i.opened_seq = ? ORDER BY t.account, t.grant_code, t.period`,
      openedSeq,
      openedSeq,
      openedSeq,
    );
    const ties = rows.map((row): Tie => {
      const { account, grant, period } = row;
      const [ledgerOre, controlOre] = [oreOf(row.giga, row.rest), row.control];
      const differenceOre = ledgerOre - (controlOre ?? 0n);
      const ids = differenceOre === 0n ? [] : this.#linesOf(openedSeq, closedSeq, row);
      const lines = this.lines.linesOf(ids.slice(0, LINES_NAMED));
      return { account, grant: grant || null, period, ledgerOre, controlOre, differenceOre, lines, linesInAll: ids.length };
    });
    return {
      seq: this.reading.position('figures'),
      demo: this.reading.demo,
      ...about,
      totals:
        totalsSeq === null
          ? null
          : { seq: totalsSeq, recordedAt: totalsAt!, actor: totalsBy!, actorName: this.reading.personName(totalsBy!) },
      tied: totalsSeq !== null && ties.every(({ differenceOre }) => differenceOre === 0n),
      ties,
    };
  }

  /** The import's lines on an account, grant and period: those of its events, whose vouchers lie together. */
  #linesOf(openedSeq: number, closedSeq: number | null, { account, grant, period }: TieRow): number[] {
    const ids = this.reading.rows<{ id: number }>(
      `SELECT l.id FROM (SELECT e.first_voucher AS first, coalesce((SELECT n.first_voucher FROM money_events n WHERE n.seq > e.seq ORDER BY n.seq LIMIT 1), e.first_voucher + ${LINE_ROOM}) AS next
           FROM money_events e WHERE e.seq BETWEEN ? AND ? AND e.import = ?) e
         CROSS JOIN lines l ON l.id >= e.first * ${LINE_ROOM} AND l.id < e.next * ${LINE_ROOM} CROSS JOIN codings c ON c.id = l.coding
       WHERE c.account = ? AND c.grant_code = ? AND c.period = ? ORDER BY l.id`,
      openedSeq,
      closedSeq ?? Number.MAX_SAFE_INTEGER,
      openedSeq,
      account,
      grant,
      period,
    );
    return ids.map(({ id }) => id);
  }
}
