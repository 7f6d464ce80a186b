/**
 * The general ledger and the journal. The general ledger walks the codings in order, a few
 * lines at a time, so that a page is quick in a ledger of any size; totals are of all that was asked about.
 */
import { parseReference, referenceText, refuse, ROWS_LISTED } from '#ledger';
import type { Completeness, JournalAnswer, JournalVoucher, LedgerLine, LedgerLines, LinesAsked, Turnover } from './answer-shapes.js';
import type { Over, Reading } from './reading.js';
import { GIGA, LINE_ROOM, oreOf, SEGMENT } from './schema.js';

const PAGE = 1_000;
/** Lines of a closed import or of none; what was abandoned is gone. */
/** Vouchers whose lines are counted at once: some ms. */
const COUNTED_AT_ONCE = 4_096;
const OF_CLOSED = `NOT EXISTS (SELECT 1 FROM vouchers u JOIN line_imports i ON i.opened_seq = u.import WHERE u.id = l.id / ${LINE_ROOM} AND i.counted = 0)`;
/** Codings (`c`) whose lines hold money without a grant code that may have one. */
export const UNCODED = `c.grant_code = '' AND c.effect IN ('recognised', 'both', 'cost', 'reallocated')`;
/** Vouchers of a closed import or of none. */
export const COUNTED_VOUCHER = '(v.import = 0 OR v.import IN (SELECT opened_seq FROM line_imports WHERE counted = 1))';
const TURNOVER = `count(*) AS lines, sum(CASE WHEN l.ore > 0 THEN l.ore / ${GIGA} END) AS debitGiga, sum(CASE WHEN l.ore > 0 THEN l.ore % ${GIGA} END) AS debitRest,
  sum(CASE WHEN l.ore < 0 THEN l.ore / ${GIGA} END) AS creditGiga, sum(CASE WHEN l.ore < 0 THEN l.ore % ${GIGA} END) AS creditRest`;
const SUMMED =
  'coalesce(sum(t.lines), 0) AS lines, sum(t.debit_giga) AS debitGiga, sum(t.debit_rest) AS debitRest, sum(t.credit_giga) AS creditGiga, sum(t.credit_rest) AS creditRest';
const COUNTED_TURNOVER = '(t.import = 0 OR t.import IN (SELECT opened_seq FROM line_imports WHERE counted = 1))';
type TurnoverRow = {
  readonly lines: bigint;
  readonly debitGiga: bigint | null;
  readonly debitRest: bigint | null;
  readonly creditGiga: bigint | null;
  readonly creditRest: bigint | null;
};

/** Every grant code there is a coding of, and '': looked up one after another, not read from every coding. */
const GRANT_CODES = `WITH RECURSIVE g (code) AS (SELECT min(grant_code) FROM codings UNION ALL
  SELECT (SELECT min(grant_code) FROM codings WHERE grant_code > g.code) FROM g WHERE g.code IS NOT NULL) SELECT code FROM g`;
const FILTERS = {
  grant: 'AND c.grant_code = ?',
  account: `AND c.account = ? AND c.grant_code IN (${GRANT_CODES})`,
  decision: 'AND c.decision = ?',
  effect: 'AND c.effect = ?',
} as const;

type Place = { readonly grant: string; readonly account: string; readonly unit: string; readonly period: string };
type Coded = [id: number, grant: string, account: string, unit: string, period: string];
type Cursor = Place & { readonly id: number; readonly running: string };
type LineRow = Omit<LedgerLine, 'internal' | 'amountOre' | 'turnedOre' | 'recodedBy' | 'correctedBy' | 'objects' | 'lineText'> & {
  readonly id: number;
  readonly ore: number;
  readonly internal: number;
  readonly objects: string | null;
  readonly lineText: string | null;
};

export class LineAnswers {
  constructor(private readonly reading: Reading) {}

  ledgerLines(asked: LinesAsked): LedgerLines {
    const settled = this.reading.settle(asked, 'lines');
    const over = this.reading.over(settled);
    const limit = limitOf(asked.limit);
    const from = asked.after === undefined ? null : cursorOf(asked.after);
    const filters = (['grant', 'account', 'decision', 'effect'] as const).flatMap((field) =>
      asked[field] === undefined ? [] : [{ sql: FILTERS[field], value: asked[field] }],
    );
    const filtered = {
      sql: `${over.sql} ${filters.map(({ sql }) => sql).join(' ')}`,
      values: [...over.values, ...filters.map(({ value }) => value)],
    };
    // Only codings with lines that count: those of a great import under way are passed over at once.
    const codings = this.reading.each<Coded>(
      `SELECT c.id, c.grant_code, c.account, c.unit, c.period FROM codings c INDEXED BY codings_in_order
       WHERE (c.grant_code, c.account, c.unit, c.period) >= (?, ?, ?, ?) AND ${filtered.sql} AND EXISTS (SELECT 1 FROM turnovers t WHERE t.coding = c.id AND ${COUNTED_TURNOVER})
       ORDER BY c.grant_code, c.account, c.unit, c.period, c.id`,
      from?.grant ?? '',
      from?.account ?? '',
      from?.unit ?? '',
      from?.period ?? '',
      ...filtered.values,
    );
    const counts = this.#allCount() ? '' : `AND ${OF_CLOSED}`;
    let running = BigInt(from?.running ?? 0);
    let last: (Place & { id: number }) | null = null;
    let more = false;
    const lines: (LedgerLine & { runningOre: bigint })[] = [];
    for (const { place, ids } of places(codings)) {
      const left = limit - lines.length;
      const found = this.#idsOf(ids, from && isSame(place, from) ? from.id : 0, left + 1, counts);
      if (found.length > left) more = true;
      const taken = found.slice(0, left);
      for (const line of this.linesOf(taken)) {
        running += line.amountOre;
        lines.push({ ...line, runningOre: running });
      }
      if (taken.length > 0) last = { ...place, id: taken.at(-1)! };
      if (more) break;
    }
    const total = this.#turnoverOf(asked.account === undefined ? 'placing' : 'coding', filtered);
    const next = more && last ? Buffer.from(JSON.stringify({ ...last, running: String(running) })).toString('base64url') : null;
    return { ...settled.standing, lines, total, next };
  }

  journal({
    fromSeq = 0,
    fromIndex = 0,
    limit,
  }: {
    readonly fromSeq?: number;
    readonly fromIndex?: number;
    readonly limit?: number;
  }): JournalAnswer {
    const most = limitOf(limit);
    const first = this.reading.row<{ id: number }>(
      'SELECT first_voucher AS id FROM money_events WHERE seq >= ? ORDER BY seq LIMIT 1',
      fromSeq,
    )?.id;
    const found =
      first === undefined
        ? []
        : this.reading.rows<Omit<JournalVoucher, 'actorName' | 'lines' | 'debitOre' | 'creditOre'> & { id: number; place: number }>(
            `SELECT v.id, v.ref AS voucher, v.seq, v.place, e.recorded_at AS recordedAt, e.actor, v.act, v.event_date AS eventDate, coalesce(v.text, '') AS text
       FROM vouchers v JOIN money_events e ON e.seq = v.seq WHERE v.id >= ? AND (v.seq > ? OR v.place >= ?) AND ${COUNTED_VOUCHER} ORDER BY v.id LIMIT ?`,
            first,
            fromSeq,
            fromIndex,
            most + 1,
          );
    const vouchers = found.slice(0, most).map(({ id, place: _, ...voucher }): JournalVoucher => ({
      ...voucher,
      actorName: this.reading.personName(voucher.actor),
      ...journalled(this.#turnover(id)),
    }));
    const after = found[most];
    return {
      seq: this.reading.position('lines'),
      demo: this.reading.demo,
      vouchers,
      total: this.#journalTurnover(),
      next: after ? { seq: after.seq, index: after.place } : null,
    };
  }

  /** Whether journal, general ledger and figures hold the same money (R5): the general ledger as its lines themselves sum to, slice by slice. */
  *completeness(): Generator<void, Completeness> {
    const journal = this.#journalTurnover();
    const counts = this.#allCount() ? '' : `AND ${OF_CLOSED}`;
    let ledger: Turnover = { lines: 0, debitOre: 0n, creditOre: 0n, balanceOre: 0n };
    const last = this.#lastVoucher();
    for (let voucher = 0; voucher <= last; voucher += COUNTED_AT_ONCE) {
      const [from, to] = [voucher * LINE_ROOM, (voucher + COUNTED_AT_ONCE) * LINE_ROOM - 1];
      const slice = this.reading.sums<TurnoverRow>(`SELECT ${TURNOVER} FROM lines l WHERE l.id BETWEEN ? AND ? ${counts}`, from, to)[0]!;
      ledger = together(ledger, turnoverOf(slice));
      yield;
    }
    const figures = this.reading.sums<{ giga: bigint | null; rest: bigint | null }>(
      'SELECT sum(f.giga) AS giga, sum(f.rest) AS rest FROM figures f WHERE f.import = 0 OR f.import IN (SELECT opened_seq FROM line_imports WHERE counted = 1)',
    )[0]!;
    const figuresOre = oreOf(figures.giga, figures.rest);
    const atOnePlace = this.reading.position('figures') === this.reading.position('lines');
    const equal =
      journal.lines === ledger.lines &&
      journal.debitOre === ledger.debitOre &&
      journal.creditOre === ledger.creditOre &&
      (!atOnePlace || figuresOre === ledger.balanceOre);
    return { seq: this.reading.position('lines'), demo: this.reading.demo, journal, ledger, figuresOre, equal };
  }

  /** Lines by id, in the order given. */
  linesOf(ids: readonly number[]): LedgerLine[] {
    if (ids.length === 0) return [];
    const rows = this.reading.rows<LineRow>(
      `SELECT l.id, v.ref AS voucher, l.id % ${LINE_ROOM} AS line, v.seq, v.event_date AS eventDate, e.recorded_at AS recordedAt, v.act, coalesce(v.text, '') AS text, v.counterparty, v.document,
         c.account, nullif(c.grant_code, '') AS "grant", nullif(c.decision, '') AS decision, c.unit, c.period, c.effect, c.internal, l.counterpart, l.ore, l.row, o.objects, t.text AS lineText
       FROM json_each(?) j JOIN lines l ON l.id = j.value JOIN codings c ON c.id = l.coding JOIN vouchers v ON v.id = l.id / ${LINE_ROOM} JOIN money_events e ON e.seq = v.seq LEFT JOIN object_lists o ON o.id = l.objects LEFT JOIN line_texts t ON t.id = l.id ORDER BY j.key`,
      JSON.stringify(ids),
    );
    const links = new Map<string, { corrected: string[]; recoded: { line: number; by: string }[] }>();
    return rows.map(({ id: _, ore, internal, objects, lineText, ...line }) => {
      let of = links.get(line.voucher);
      if (!of) {
        const corrected = this.reading
          .rows<{ ref: string }>(`SELECT v.ref FROM vouchers v WHERE v.reverses = ? AND ${COUNTED_VOUCHER} ORDER BY v.id`, line.voucher)
          .map(({ ref }) => ref);
        const recoded = this.reading.rows<{ line: number; by: string }>(
          `SELECT v.recodes_line AS line, v.ref AS by FROM vouchers v WHERE v.recodes = ? AND ${COUNTED_VOUCHER} ORDER BY v.id`,
          line.voucher,
        );
        links.set(line.voucher, (of = { corrected, recoded }));
      }
      const amountOre = BigInt(ore);
      return {
        ...line,
        ...(objects === null ? {} : { objects: JSON.parse(objects) as NonNullable<LedgerLine['objects']> }),
        ...(lineText === null ? {} : { lineText }),
        internal: internal === 1,
        amountOre,
        turnedOre: -amountOre,
        correctedBy: of.corrected,
        recodedBy: of.recoded.filter((link) => link.line === line.line).map(({ by }) => by),
      };
    });
  }

  /** Lines of some codings after a line, in the order of registration: segment by segment, as they are indexed. */
  #idsOf(codings: readonly number[], after: number, most: number, counts: string): number[] {
    const found: number[] = [];
    for (let segment = Math.floor(after / SEGMENT), last = this.#lastSegment(); segment <= last && found.length < most; segment++) {
      const ids = this.reading.rows<{ id: number }>(
        `SELECT l.id FROM lines l INDEXED BY lines_by_coding WHERE l.id / ${SEGMENT} = ? AND l.coding IN (SELECT value FROM json_each(?)) AND l.id > ? ${counts} ORDER BY l.id LIMIT ?`,
        segment,
        JSON.stringify(codings),
        after,
        most - found.length,
      );
      for (const { id } of ids) found.push(id);
    }
    return found;
  }

  /** What the lines of some codings sum to. @param by placings are few where the account does not matter */
  #turnoverOf(by: 'coding' | 'placing', { sql, values }: Over): Turnover {
    const table = by === 'coding' ? 'turnovers' : 'placing_turnovers';
    return turnoverOf(
      this.reading.sums<TurnoverRow>(
        `SELECT ${SUMMED} FROM ${by}s c CROSS JOIN ${table} t ON t.${by} = c.id WHERE ${sql} AND ${COUNTED_TURNOVER}`,
        ...values,
      )[0]!,
    );
  }

  /** What the lines without a grant code sum to that may have one, öre debit +. */
  uncodedOre(over: Over): bigint {
    return this.#turnoverOf('placing', { ...over, sql: `${over.sql} AND ${UNCODED}` }).balanceOre;
  }

  #lastSegment(): number {
    return Math.floor(this.#lastLine() / SEGMENT);
  }

  #lastVoucher(): number {
    return Math.floor(this.#lastLine() / LINE_ROOM);
  }

  #lastLine(): number {
    return this.reading.row<{ id: number | null }>('SELECT max(id) AS id FROM lines')?.id ?? 0;
  }

  #turnover(voucher: number): Turnover {
    return turnoverOf(
      this.reading.sums<TurnoverRow>(
        `SELECT ${TURNOVER} FROM lines l WHERE l.id BETWEEN ? AND ?`,
        voucher * LINE_ROOM,
        voucher * LINE_ROOM + LINE_ROOM - 1,
      )[0]!,
    );
  }

  /** As summed when each event was registered: not from the lines that the general ledger is read from. */
  #journalTurnover(): Turnover {
    return turnoverOf(
      this.reading.sums<TurnoverRow>(
        `SELECT coalesce(sum(e.lines), 0) AS lines, sum(e.debit_giga) AS debitGiga, sum(e.debit_rest) AS debitRest, sum(e.credit_giga) AS creditGiga, sum(e.credit_rest) AS creditRest
         FROM money_events e WHERE e.import = 0 OR e.import IN (SELECT opened_seq FROM line_imports WHERE counted = 1)`,
      )[0]!,
    );
  }

  /** Whether no import is under way, so that every line counts. */
  #allCount(): boolean {
    return this.reading.row('SELECT 1 FROM line_imports WHERE closed_seq IS NULL') === undefined;
  }
}

/** The codings that share grant, account, unit and period, in order. */
function* places(codings: Iterable<Coded>): Generator<{ place: Place; ids: number[] }> {
  let current: { place: Place; ids: number[] } | null = null;
  for (const [id, grant, account, unit, period] of codings) {
    const place = { grant, account, unit, period };
    if (current && isSame(current.place, place)) current.ids.push(id);
    else {
      if (current) yield current;
      current = { place, ids: [id] };
    }
  }
  if (current) yield current;
}

const isSame = (a: Place, b: Place): boolean =>
  a.grant === b.grant && a.account === b.account && a.unit === b.unit && a.period === b.period;

const turnoverOf = ({ lines, debitGiga, debitRest, creditGiga, creditRest }: TurnoverRow): Turnover => {
  const [debitOre, creditOre] = [oreOf(debitGiga, debitRest), oreOf(creditGiga, creditRest)];
  return { lines: Number(lines), debitOre, creditOre, balanceOre: debitOre + creditOre };
};
const together = (a: Turnover, b: Turnover): Turnover => ({
  lines: a.lines + b.lines,
  debitOre: a.debitOre + b.debitOre,
  creditOre: a.creditOre + b.creditOre,
  balanceOre: a.balanceOre + b.balanceOre,
});
const journalled = ({ lines, debitOre, creditOre }: Turnover) => ({ lines, debitOre, creditOre });

/** So many rows as were asked for, within what an answer may hold. */
export const limitOf = (limit = PAGE): number => Math.min(Math.max(1, Math.floor(limit) || PAGE), ROWS_LISTED);

function cursorOf(after: string): Cursor {
  try {
    const cursor = JSON.parse(Buffer.from(after, 'base64url').toString()) as Cursor;
    if (
      [cursor.grant, cursor.account, cursor.unit, cursor.period].every((part) => typeof part === 'string') &&
      Number.isSafeInteger(cursor.id) &&
      /^-?\d+$/.test(cursor.running)
    )
      return cursor;
  } catch {
    // falls through to the refusal
  }
  return refuse('input-malformed', { reason: 'after' });
}

/** The text form of a reference given either way · refuses `voucher-reference-malformed`. */
export const referenceAsked = (ref: Parameters<typeof referenceText>[0] | string): string =>
  referenceText(typeof ref === 'string' ? parseReference(ref) : ref);
