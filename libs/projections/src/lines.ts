/**
 * Every voucher and line that was ever posted, findable: the general ledger, the journal, a voucher and what became of it.
 * May follow behind the figures, never ahead of them; keeps its own mark of which imports count.
 */
import type Database from 'better-sqlite3';
import {
  referenceText,
  vouchersOf,
  type Act,
  type LedgerEvent,
  type Mandate,
  mandateText,
  type Recorded,
  type Voucher,
  type VoucherTexts,
} from '#ledger';
import type { Codings } from './codings.js';
import { GIGA, LINE_ROOM } from './schema.js';

const ACTS: { readonly [type in LedgerEvent['type']]?: Act } = {
  ReceiptPosted: 'receipt',
  IncomeRecognised: 'recognition',
  CostPosted: 'cost',
  RepaymentPosted: 'repayment',
  CostRecoded: 'recoding',
  FundsReallocated: 'reallocation',
  VouchersImported: 'import',
};

export class Lines {
  readonly #voucher: Database.Statement;
  readonly #plainVoucher: Database.Statement;
  readonly #plainLine: Database.Statement<[number, number, number, number | null]>;
  readonly #line: Database.Statement<[number, number, number, number | null, string | null, string | null]>;
  readonly #lineText: Database.Statement<[number, string]>;
  readonly #event: Database.Statement;
  readonly #found: Database.Statement<[string, number], { id: number; act: Act }>;
  /** Imports under way: the seq that each was opened at. */
  readonly #opened = new Map<string, number>();
  #next: number;

  constructor(
    readonly db: Database.Database,
    readonly codings: Codings,
  ) {
    this.#voucher =
      db.prepare(`INSERT INTO vouchers (id, seq, place, ref, act, event_date, registered, text, counterparty, document, reverses, replaces, recodes, recodes_line, concerns_year, import)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#plainVoucher = db.prepare(
      'INSERT INTO vouchers (id, seq, place, ref, act, event_date, registered, text, counterparty, document, import) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#plainLine = db.prepare('INSERT INTO lines (id, coding, ore, row) VALUES (?, ?, ?, ?)');
    this.#line = db.prepare('INSERT INTO lines (id, coding, ore, row, counterpart, objects) VALUES (?, ?, ?, ?, ?, ?)');
    this.#lineText = db.prepare('INSERT INTO line_texts (id, text) VALUES (?, ?)');
    this.#event = db.prepare(
      `INSERT INTO money_events (seq, type, recorded_at, actor, role, source, program, first_voucher, reason, mandate, warnings, import,
        lines, debit_giga, debit_rest, credit_giga, credit_rest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#found = db.prepare(
      `SELECT id, act FROM vouchers WHERE ref = ? AND (import IN (0, ?) OR import IN (SELECT opened_seq FROM line_imports WHERE counted = 1)) ORDER BY id DESC LIMIT 1`,
    );
    this.#next = (db.prepare<[], number | null>('SELECT max(id) FROM vouchers').pluck().get() ?? 0) + 1;
    const open = db.prepare<[], { import: string; opened: number }>(
      'SELECT import, opened_seq AS opened FROM line_imports WHERE closed_seq IS NULL',
    );
    for (const { import: id, opened } of open.all()) this.#opened.set(id, opened);
  }

  apply({ head, event }: Recorded): void {
    const { seq } = head;
    switch (event.type) {
      case 'ImportOpened':
        this.#opened.set(event.data.import, seq);
        this.db.prepare('INSERT INTO line_imports (opened_seq, import, counted) VALUES (?, ?, 0)').run(seq, event.data.import);
        return;
      case 'ImportClosed':
      case 'ImportAbandoned': {
        const opened = this.#opened.get(event.data.import) ?? -1;
        const counted = event.type === 'ImportClosed';
        this.db.prepare('UPDATE line_imports SET counted = ?, closed_seq = ? WHERE opened_seq = ?').run(counted ? 1 : 0, seq, opened);
        this.#opened.delete(event.data.import);
        if (!counted) this.#forget(opened);
        return;
      }
      default: {
        const vouchers = vouchersOf(event);
        if (vouchers.length > 0) this.#take(head, event, vouchers);
      }
    }
  }

  /** What an abandoned import left behind: so that no question about lines has to look around it. */
  #forget(openedSeq: number): void {
    for (const table of ['lines', 'line_texts'])
      this.db
        .prepare(
          `DELETE FROM ${table} WHERE id IN (SELECT l.id FROM vouchers v JOIN ${table} l ON l.id BETWEEN v.id * ${LINE_ROOM} AND v.id * ${LINE_ROOM} + ${LINE_ROOM - 1} WHERE v.import = ?)`,
        )
        .run(openedSeq);
    this.db.prepare('DELETE FROM vouchers WHERE import = ?').run(openedSeq);
  }

  #take(head: Recorded['head'], event: LedgerEvent, vouchers: readonly Voucher[]): void {
    const { seq, recordedAt, actor, role, source, program } = head;
    const annex = event.annex as { readonly vouchers?: readonly VoucherTexts[]; readonly reason?: string } | undefined;
    const { mandate, warnings } = event.data as { readonly mandate?: Mandate; readonly warnings?: readonly unknown[] };
    const openedSeq = event.type === 'VouchersImported' ? (this.#opened.get(event.data.import) ?? -1) : 0;
    const firstVoucher = this.#next;
    const sums = { debitGiga: 0, debitRest: 0, creditGiga: 0, creditRest: 0 };
    let count = 0;
    for (let place = 0; place < vouchers.length; place++) {
      const voucher = vouchers[place]!;
      const id = this.#voucherId(seq, place, voucher, annex?.vouchers?.[place], event.type, openedSeq);
      const { lines, firstLine = 1 } = voucher;
      const first = id * LINE_ROOM + firstLine;
      for (let i = 0; i < lines.length; i++) {
        const line = lines[i]!;
        const { amountOre, row, counterpart, objects } = line;
        const coding = this.codings.of(line).id;
        // Each bound value costs as much as its column: most lines have neither of the last two, most vouchers no links.
        if (counterpart === undefined && objects === undefined) this.#plainLine.run(first + i, coding, amountOre, row ?? null);
        else this.#line.run(first + i, coding, amountOre, row ?? null, counterpart ?? null, objects ? JSON.stringify(objects) : null);
        const rest = amountOre % GIGA;
        if (amountOre > 0) {
          sums.debitGiga += (amountOre - rest) / GIGA;
          sums.debitRest += rest;
        } else {
          sums.creditGiga += (amountOre - rest) / GIGA;
          sums.creditRest += rest;
        }
      }
      const said = annex?.vouchers?.[place]?.lines;
      if (said !== undefined) for (let i = 0; i < said.length; i++) if (said[i] !== '') this.#lineText.run(first + i, said[i]!);
      count += lines.length;
    }
    this.#event.run(
      seq,
      event.type,
      recordedAt,
      actor,
      role,
      source,
      program,
      firstVoucher,
      annex?.reason ?? null,
      mandate ? mandateText(mandate) : null,
      warnings?.length ? JSON.stringify(warnings) : null,
      openedSeq,
      count,
      sums.debitGiga,
      sums.debitRest,
      sums.creditGiga,
      sums.creditRest,
    );
  }

  /** The id of the voucher: a new row, or the one that an earlier part of the import began. */
  #voucherId(
    seq: number,
    place: number,
    voucher: Voucher,
    texts: VoucherTexts | undefined,
    type: LedgerEvent['type'],
    openedSeq: number,
  ): number {
    const { ref, eventDate, registered, reverses, replaces, recodes, concernsYear, firstLine } = voucher;
    const text = referenceText(ref);
    if (firstLine !== undefined && firstLine > 1) {
      const begun = this.#found.get(text, openedSeq);
      if (begun) return begun.id;
    }
    const id = this.#next++;
    const act = voucher.act ?? ACTS[type] ?? (reverses && this.#found.get(referenceText(reverses), 0)?.act) ?? 'cost';
    if (reverses === undefined && replaces === undefined && recodes === undefined && concernsYear === undefined) {
      const { text: said, counterparty, document } = texts ?? {};
      this.#plainVoucher.run(
        id,
        seq,
        place,
        text,
        act,
        eventDate,
        registered ?? null,
        said ?? null,
        counterparty ?? null,
        document ?? null,
        openedSeq,
      );
      return id;
    }
    this.#voucher.run(
      id,
      seq,
      place,
      text,
      act,
      eventDate,
      registered ?? null,
      texts?.text ?? null,
      texts?.counterparty ?? null,
      texts?.document ?? null,
      reverses ? referenceText(reverses) : null,
      replaces ? referenceText(replaces) : null,
      recodes ? referenceText(recodes.voucher) : null,
      recodes?.line ?? null,
      concernsYear ?? null,
      openedSeq,
    );
    return id;
  }
}
