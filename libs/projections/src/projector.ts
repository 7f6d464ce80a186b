/**
 * Follows a ledger: reads its events in order and in bounded batches and keeps the read models. Each batch and the new position
 * commit in one transaction, so no event is ever skipped or taken twice, whenever the process dies. The figures go first; the
 * lines are at the same place or behind. Used by the worker thread, by tests and by one-shot programs.
 */
import type Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { bytesOf, Checkpoints, recordedOf, StoreUnavailable, type EventReader, type ReadLimit, type SequencedRecord } from '#eventstore';
import { PartReader, type LedgerEvent, type Recorded } from '#ledger';
import { Codings } from './codings.js';
import { Figures } from './figures.js';
import { Lines } from './lines.js';
import { Register } from './register.js';
import { SelectionSums } from './ties.js';
import { dropReadModels, fact, openReadModels, setFact } from './schema.js';

/** How far each group of read models has come; −1 before the first event. `lines` never passes `figures`. */
export type Positions = { readonly figures: number; readonly lines: number };

export const BATCH: ReadLimit = { records: 2_000, bytes: 4 * 1024 * 1024 };

/** Batches of lines that lie behind are so many times as large: the more go in together, the fewer sums are written again. No more, for figures wait for them. */
const LINES_BYTES = 2;

/** What the lines write into their log of each byte that they read; the figures write next to nothing. */
const LINES_WRITE = 3;

/** While an import comes in its lines wait, so that it has its figures the sooner: `lullMs` for another part, `mostMs` from its first. */
export type LinesWait = { readonly lullMs: number; readonly mostMs: number };

type Group = 'figures' | 'lines';

export class Projector {
  #db: Database.Database | null = null;
  #checkpoints: Checkpoints | null = null;
  #ending = Promise.resolve();
  #models: { readonly register: Register; readonly figures: Figures; readonly selections: SelectionSums; readonly lines: Lines } | null =
    null;
  #positions: Positions = { figures: -1, lines: -1 };
  /** When the figures took a part of an import as the last thing they took, ms. */
  #partAt = -Infinity;
  /** The import that it is of, and when its first part was taken, ms. */
  #coming = { import: '', from: -Infinity };
  readonly #part = new PartReader();

  /** @param file the read models' own; `open` before anything else @param waits none where left out */
  constructor(
    readonly reader: EventReader,
    readonly file: string,
    readonly batch: ReadLimit = BATCH,
    private readonly waits: LinesWait = { lullMs: 0, mostMs: 0 },
  ) {}

  get positions(): Positions {
    return this.#positions;
  }

  /** How long the lines still wait for more of an import, if nothing comes; 0 where they do not wait. */
  get waitsMs(): number {
    const { lullMs, mostMs } = this.waits;
    return Math.max(0, Math.min(this.#partAt + lullMs, this.#coming.from + mostMs) - performance.now());
  }

  /** Opens the read models, and drops them first where they do not follow from this ledger's events. */
  async open(): Promise<Positions> {
    this.#use(openReadModels(this.file));
    if (!(await this.#followsFromEvents())) {
      this.close();
      dropReadModels(this.file);
      this.#use(openReadModels(this.file));
    }
    return this.#positions;
  }

  /**
   * Takes one batch, for the figures while they lack anything, else for the lines. Both take it where they stand at the same
   * place and the batch was not a full one: a great backlog is for the figures first, and an import that is coming in is one.
   * @returns whether there was anything to take now
   * @throws StoreUnavailable `damaged` where the ledger ends before what was taken: its events are gone, or the store does not tell of them
   */
  async step(): Promise<boolean> {
    const { figures, lines } = this.#positions;
    const records = await this.reader.read(figures + 1, this.batch);
    if (records.length > 0) {
      const events = records.map(recordedOf);
      this.#apply('figures', records, events);
      this.#noteComing(events.at(-1)!.event);
      if (lines === figures && !this.#isFull(records) && this.waitsMs === 0) this.#apply('lines', records, events);
      return true;
    }
    const last = await this.reader.last();
    if (last < figures)
      throw new StoreUnavailable('damaged', `the read models have come to event ${figures}, but the ledger ends at ${last}`);
    if (lines === figures || this.waitsMs > 0) return false;
    const more = { ...this.batch, bytes: LINES_BYTES * this.batch.bytes };
    const behind = (await this.reader.read(lines + 1, more)).filter(({ seq }) => seq <= figures);
    this.#apply('lines', behind, behind.map(recordedOf));
    return true;
  }

  /** Takes everything there is. @param each called after each batch */
  async advance(each: (positions: Positions) => void = () => {}): Promise<Positions> {
    while (await this.step()) {
      each(this.#positions);
      await new Promise(setImmediate); // so that it is heard that the log has been put back
    }
    return this.#positions;
  }

  close(): void {
    this.#models = null;
    this.#db?.close();
    this.#db = null;
    this.#ending = this.#checkpoints?.close() ?? this.#ending; // keeps the process until its thread has ended
    this.#checkpoints = null;
  }

  /** Resolves when nothing of it has the read models open any more, after `close`. */
  get ending(): Promise<void> {
    return this.#ending;
  }

  #apply(group: Group, records: readonly SequencedRecord[], events: readonly Recorded[]): void {
    const last = records.at(-1)!;
    const position = this.#positions[group];
    if (records[0]!.seq !== position + 1 || last.seq !== position + records.length)
      throw new Error(`${group} stand at ${position} and were given ${records[0]!.seq} to ${last.seq}`);
    const db = this.#db!;
    try {
      db.transaction(() => {
        const { register, figures, selections, lines } = (this.#models ??= modelsOf(db));
        if (position === -1) setFact(db, 'ledgerId', events[0]!.head.ledgerId);
        for (const recorded of events) {
          const { head, event } = recorded;
          const part = recorded.part && this.#part.read(recorded.part) ? this.#part : null;
          if (group === 'lines') lines.apply(recorded, part);
          else {
            register.apply(recorded);
            const openedSeq = register.openedSeq(event);
            if (openedSeq > 0) figures.applyImported(event, part, openedSeq);
            else figures.apply(head.seq, event);
            selections.apply(recorded, openedSeq);
          }
        }
        if (group === 'lines') lines.flush();
        else {
          figures.flush();
          setFact(db, 'recordedAt', events.at(-1)!.head.recordedAt);
        }
        db.prepare(
          'INSERT INTO positions (projection, seq, head_hash) VALUES (?, ?, ?) ON CONFLICT (projection) DO UPDATE SET seq = excluded.seq, head_hash = excluded.head_hash',
        ).run(group, last.seq, hashOf(last));
      }).immediate();
    } catch (error) {
      this.#models = null; // they remember rows that were rolled back
      throw error;
    }
    this.#positions = { ...this.#positions, [group]: last.seq };
    if (group === 'lines') this.#checkpoints!.appended(LINES_WRITE * bytesOf(records));
  }

  #noteComing(last: LedgerEvent): void {
    this.#partAt = -Infinity;
    if (last.type !== 'VouchersImported') return;
    this.#partAt = performance.now();
    if (last.data.import !== this.#coming.import) this.#coming = { import: last.data.import, from: this.#partAt };
  }

  #isFull(records: readonly SequencedRecord[]): boolean {
    return records.length >= this.batch.records || bytesOf(records) > this.batch.bytes / 2;
  }

  #use(db: Database.Database): void {
    this.#db = db;
    this.#checkpoints = new Checkpoints(db);
    this.#models = null;
    const of = (group: Group) => db.prepare<[string], number>('SELECT seq FROM positions WHERE projection = ?').pluck().get(group) ?? -1;
    this.#positions = { figures: of('figures'), lines: of('lines') };
  }

  /** Whether the events that the read models have come to are still the ones they have seen: not another ledger, nor another history after a restored copy. */
  async #followsFromEvents(): Promise<boolean> {
    const db = this.#db!;
    if (this.#positions.lines > this.#positions.figures) return false;
    for (const { seq, head_hash } of db.prepare<[], { seq: number; head_hash: string }>('SELECT seq, head_hash FROM positions').all()) {
      const [record] = await this.reader.read(seq, { records: 1, bytes: 0 });
      if (!record || hashOf(record) !== head_hash || recordedOf(record).head.ledgerId !== fact(db, 'ledgerId')) return false;
    }
    return true;
  }
}

function modelsOf(db: Database.Database) {
  const placings = new Codings(db, 'placings'); // of both: each would number new ones without knowing of the other's
  return {
    register: new Register(db),
    figures: new Figures(db, placings),
    selections: new SelectionSums(db),
    lines: new Lines(db, new Codings(db, 'codings'), placings),
  };
}

const hashOf = ({ head }: SequencedRecord): string => createHash('sha256').update(head).digest('hex');
