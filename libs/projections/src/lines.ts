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
  type Line,
  type Mandate,
  mandateText,
  type PartReader,
  type Recorded,
  type Voucher,
  type VoucherTexts,
} from '#ledger';
import type { Codings } from './codings.js';
import { ObjectLists } from './object-lists.js';
import { Rows } from './rows.js';
import { fact, LINE_ROOM, setFact } from './schema.js';
import { Turnover, Turnovers } from './turnovers.js';

const ACTS: { readonly [type in LedgerEvent['type']]?: Act } = {
  ReceiptPosted: 'receipt',
  IncomeRecognised: 'recognition',
  CostPosted: 'cost',
  RepaymentPosted: 'repayment',
  CostRecoded: 'recoding',
  FundsReallocated: 'reallocation',
  VouchersImported: 'import',
};

/** The fact of the id that the next voucher has, where the last have been deleted. */
const NEXT_VOUCHER = 'nextVoucher';

export class Lines {
  readonly #turnovers: Turnovers;
  readonly #voucher: Database.Statement;
  readonly #plainVouchers: Rows;
  readonly #lines: Rows;
  readonly #linesOfOthers: Rows;
  readonly #lineTexts: Rows;
  readonly #event: Database.Statement;
  readonly #found: Database.Statement<[string, number], { id: number; act: Act }>;
  /** Imports under way: the seq that each was opened at. */
  readonly #opened = new Map<string, number>();
  /** The placing of each coding that was met. */
  readonly #placed: number[] = [];
  readonly #objectLists: ObjectLists;
  /** What the numbers of parts stand for, as long as these are the same: the codings by placing and account, the lists of objects. */
  #coded: Map<number, number>[] = [];
  #objects: number[] = [];
  #placings: PartReader['placings'] | null = null;
  #next: number;

  constructor(
    readonly db: Database.Database,
    readonly codings: Codings,
    readonly placings: Codings,
  ) {
    this.#turnovers = new Turnovers(db, (coding) => this.#placed[coding]!);
    this.#voucher =
      db.prepare(`INSERT INTO vouchers (id, seq, place, ref, act, event_date, registered, text, counterparty, document, reverses, replaces, recodes, recodes_line, takes_back, concerns_year, import)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    const plain = ['id', 'seq', 'place', 'ref', 'act', 'event_date', 'registered', 'text', 'counterparty', 'document', 'import'];
    this.#plainVouchers = new Rows(db, 'vouchers', plain); // most have no links, and each bound value costs as much as its column
    this.#lines = new Rows(db, 'lines', ['id', 'coding', 'ore', 'row', 'objects']);
    this.#linesOfOthers = new Rows(db, 'lines', ['id', 'coding', 'ore', 'row', 'objects', 'counterpart']);
    this.#objectLists = new ObjectLists(db);
    this.#lineTexts = new Rows(db, 'line_texts', ['id', 'text']);
    this.#event = db.prepare(
      `INSERT INTO money_events (seq, type, recorded_at, actor, role, source, program, first_voucher, reason, mandate, warnings, import,
        lines, debit_giga, debit_rest, credit_giga, credit_rest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#found = db.prepare(
      `SELECT id, act FROM vouchers WHERE ref = ? AND (import IN (0, ?) OR import IN (SELECT opened_seq FROM line_imports WHERE counted = 1)) ORDER BY id DESC LIMIT 1`,
    );
    const last = db.prepare<[], number | null>('SELECT max(id) FROM vouchers').pluck().get() ?? 0;
    this.#next = Math.max(last + 1, Number(fact(db, NEXT_VOUCHER)));
    const open = db.prepare<[], { import: string; opened: number }>(
      'SELECT import, opened_seq AS opened FROM line_imports WHERE closed_seq IS NULL',
    );
    for (const { import: id, opened } of open.all()) this.#opened.set(id, opened);
  }

  /** @param part the vouchers of a part of an import, null where they are to be taken from the event */
  apply({ head, event }: Recorded, part: PartReader | null): void {
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
        if (part) return this.#takePart(head, event, part);
        const vouchers = vouchersOf(event);
        if (vouchers.length > 0) this.#take(head, event, vouchers);
      }
    }
  }

  /** What an abandoned import left behind: so that no question about lines has to look around it. */
  #forget(openedSeq: number): void {
    this.#writeRows();
    for (const table of ['lines', 'line_texts'])
      this.db
        .prepare(
          `DELETE FROM ${table} WHERE id IN (SELECT l.id FROM vouchers v JOIN ${table} l ON l.id BETWEEN v.id * ${LINE_ROOM} AND v.id * ${LINE_ROOM} + ${LINE_ROOM - 1} WHERE v.import = ?)`,
        )
        .run(openedSeq);
    this.db.prepare('DELETE FROM vouchers WHERE import = ?').run(openedSeq);
    setFact(this.db, NEXT_VOUCHER, String(this.#next)); // what was deleted may be the last, and ids go by seq
    this.#turnovers.forget(openedSeq);
  }

  /** Writes the batch's rows and what its lines sum to; before its transaction commits. */
  flush(): void {
    this.#writeRows();
    this.#turnovers.flush();
  }

  #writeRows(): void {
    for (const rows of [this.#plainVouchers, this.#lines, this.#linesOfOthers, this.#lineTexts]) rows.flush();
  }

  #take(head: Recorded['head'], event: LedgerEvent, vouchers: readonly Voucher[]): void {
    const annex = annexOf(event);
    const openedSeq = this.#openedSeq(event);
    const [firstVoucher, turnover] = [this.#next, new Turnover()];
    this.#turnovers.begin(openedSeq);
    for (let place = 0; place < vouchers.length; place++) {
      const voucher = vouchers[place]!;
      const id = this.#voucherId(head.seq, place, voucher, annex?.vouchers?.[place], event.type, openedSeq);
      const { lines, firstLine = 1 } = voucher;
      const first = id * LINE_ROOM + firstLine;
      for (let i = 0; i < lines.length; i++) {
        const line = lines[i]!;
        const { amountOre, row, counterpart, objects } = line;
        const coding = this.#placedCoding(line);
        this.#line(first + i, coding, amountOre, row ?? null, objects ? this.#objectLists.of(objects) : null, counterpart);
        turnover.add(amountOre);
        this.#turnovers.add(coding, amountOre);
      }
      this.#textsOfLines(first, annex?.vouchers?.[place]?.lines);
    }
    this.#eventRow(head, event, annex?.reason, firstVoucher, openedSeq, turnover);
  }

  #takePart(head: Recorded['head'], event: LedgerEvent, part: PartReader): void {
    const annex = annexOf(event);
    const openedSeq = this.#openedSeq(event);
    const [firstVoucher, turnover] = [this.#next, new Turnover()];
    this.#turnovers.begin(openedSeq);
    const { vouchers, dates, registered, eventDate, firstLine, lineFrom, placing, account, amountOre, row, counterpart } = part;
    const { objects } = part;
    if (this.#placings !== part.placings) {
      this.#placings = part.placings; // all numbers are anew then
      [this.#coded, this.#objects] = [[], []];
    }
    for (let place = 0; place < vouchers; place++) {
      const ref = referenceText({ ...part.serieses.values[part.series[place]!]!, number: part.numberOf(place) });
      const claimed = registered[place]!;
      const id =
        (firstLine[place]! > 1 ? this.#earlier(ref, openedSeq)?.id : undefined) ??
        this.#plainRow(
          head.seq,
          place,
          ref,
          'import',
          dates.values[eventDate[place]!]!,
          claimed === 0 ? null : dates.values[claimed - 1]!,
          annex?.vouchers?.[place],
          openedSeq,
        );
      const first = id * LINE_ROOM + firstLine[place]! - lineFrom[place]!;
      for (let l = lineFrom[place]!; l < lineFrom[place + 1]!; l++) {
        const ore = amountOre[l]!;
        const named = row[l]!;
        const coded = objects[l] === 0 ? null : this.#objectsOf(part, objects[l]! - 1);
        const coding = this.#codingOf(part, placing[l]!, account[l]!);
        this.#line(first + l, coding, ore, named === 0 ? null : named, coded, counterpart.get(l));
        turnover.add(ore);
        this.#turnovers.add(coding, ore);
      }
      this.#textsOfLines(first + lineFrom[place]!, annex?.vouchers?.[place]?.lines);
    }
    this.#eventRow(head, event, annex?.reason, firstVoucher, openedSeq, turnover);
  }

  #line(id: number, coding: number, ore: number, row: number | null, objects: number | null, counterpart: string | undefined): void {
    if (counterpart === undefined) this.#lines.add([id, coding, ore, row, objects]);
    else this.#linesOfOthers.add([id, coding, ore, row, objects, counterpart]);
  }

  /** The coding of a line of a part by the numbers that the part has for it. */
  #codingOf(part: PartReader, placing: number, account: number): number {
    const coded = (this.#coded[placing] ??= new Map()); // no array: a unit has some of the chart's accounts, and there are tens of thousands of placings
    let coding = coded.get(account);
    if (coding === undefined)
      coded.set(account, (coding = this.#placedCoding({ ...part.placings.values[placing]!, account: part.accounts.values[account]! })));
    return coding;
  }

  /** A line's coding, whose placing is known from here on. */
  #placedCoding(line: Omit<Line, 'amountOre'>): number {
    const coding = this.codings.of(line);
    this.#placed[coding] ??= this.placings.of(line);
    return coding;
  }

  /** The file's own coding of a line of a part by the part's number for it. */
  #objectsOf(part: PartReader, number: number): number {
    return (this.#objects[number] ??= this.#objectLists.of(part.objectses.values[number]!));
  }

  #openedSeq(event: LedgerEvent): number {
    if (event.type !== 'VouchersImported' && event.type !== 'VoucherCorrected') return 0;
    return event.data.import === undefined ? 0 : (this.#opened.get(event.data.import) ?? -1);
  }

  /** @param first the id of the voucher's first line here */
  #textsOfLines(first: number, said: VoucherTexts['lines']): void {
    if (said !== undefined) for (let i = 0; i < said.length; i++) if (said[i] !== '') this.#lineTexts.add([first + i, said[i]!]);
  }

  #eventRow(
    head: Recorded['head'],
    event: LedgerEvent,
    reason: string | undefined,
    firstVoucher: number,
    openedSeq: number,
    turnover: Turnover,
  ): void {
    const { seq, recordedAt, actor, role, source, program } = head;
    const { mandate, warnings } = event.data as { readonly mandate?: Mandate; readonly warnings?: readonly unknown[] };
    this.#event.run(
      seq,
      event.type,
      recordedAt,
      actor,
      role,
      source,
      program,
      firstVoucher,
      reason ?? null,
      mandate ? mandateText(mandate) : null,
      warnings?.length ? JSON.stringify(warnings) : null,
      openedSeq,
      turnover.lines,
      turnover.debitGiga,
      turnover.debitRest,
      turnover.creditGiga,
      turnover.creditRest,
    );
  }

  #plainRow(
    seq: number,
    place: number,
    ref: string,
    act: Act,
    eventDate: string,
    registered: string | null,
    texts: VoucherTexts | undefined,
    openedSeq: number,
  ): number {
    const id = this.#next++;
    const { text, counterparty, document } = texts ?? {};
    this.#plainVouchers.add([
      id,
      seq,
      place,
      ref,
      act,
      eventDate,
      registered,
      text ?? null,
      counterparty ?? null,
      document ?? null,
      openedSeq,
    ]);
    return id;
  }

  /** The last voucher of a reference that counts, or is of the import itself. */
  #earlier(ref: string, openedSeq: number): { readonly id: number; readonly act: Act } | undefined {
    this.#plainVouchers.flush();
    return this.#found.get(ref, openedSeq);
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
    const { ref, eventDate, registered, reverses, replaces, recodes, takesBack, concernsYear, firstLine } = voucher;
    const text = referenceText(ref);
    if (firstLine !== undefined && firstLine > 1) {
      const begun = this.#earlier(text, openedSeq);
      if (begun) return begun.id;
    }
    const act = voucher.act ?? ACTS[type] ?? (reverses && this.#earlier(referenceText(reverses), 0)?.act) ?? 'cost';
    if (reverses === undefined && replaces === undefined && recodes === undefined && concernsYear === undefined)
      return this.#plainRow(seq, place, text, act, eventDate, registered ?? null, texts, openedSeq);
    const id = this.#next++;
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
      takesBack ? JSON.stringify(takesBack) : null,
      concernsYear ?? null,
      openedSeq,
    );
    return id;
  }
}

/** The annex of an event that moves money; it is parsed each time it is asked for. */
const annexOf = (event: LedgerEvent) =>
  event.annex as { readonly vouchers?: readonly VoucherTexts[]; readonly reason?: string } | undefined;
