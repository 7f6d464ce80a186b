/**
 * What the answers remember of all lines, so that the list of lines without a code looks at none of them twice: how often like lines have
 * which grant, and which lines are without one. Taken a slice at a time, each in a few ms, by uncoded-answers.ts: the acts in order, an
 * import once it is closed. Nothing that was taken ever changes: what is posted later only adds.
 */
import { count, codingKey, partyKey, type Tallies, type Tally } from './hints.js';
import { held, type Reading } from './reading.js';
import { LINE_ROOM } from './schema.js';

/** What lines without a code have in common, as far as hints look at it. */
export type Alike = {
  readonly account: string;
  readonly unit: string;
  readonly counterparty: string | null;
  readonly counterpart: string | null;
  readonly objects: string | null;
};

/** Lines without a code, ids ascending: the number of each one's {@link Alike}, of its period and of its text, and its day as 20230315. */
export class UncodedLines {
  length = 0;
  ids = new Float64Array(64);
  alikes = new Uint32Array(64);
  periods = new Uint16Array(64);
  days = new Uint32Array(64);
  texts = new Uint32Array(64);

  add(id: number, alike: number, period: number, day: number, text: number): void {
    if (this.length === this.ids.length) this.#grow();
    const at = this.length++;
    this.ids[at] = id;
    this.alikes[at] = alike;
    this.periods[at] = period;
    this.days[at] = day;
    this.texts[at] = text;
  }

  #grow(): void {
    const [{ ids, alikes, periods, days, texts }, size] = [this, Math.ceil(this.length * 1.5)];
    (this.ids = new Float64Array(size)).set(ids);
    (this.alikes = new Uint32Array(size)).set(alikes);
    (this.periods = new Uint16Array(size)).set(periods);
    (this.days = new Uint32Array(size)).set(days);
    (this.texts = new Uint32Array(size)).set(texts);
  }
}

/** So many vouchers, or acts, are taken at once. */
const SLICE = 2_000;

type Row = [
  id: number,
  ore: number,
  account: string,
  unit: string,
  period: string,
  grant: string,
  mayBeCoded: number,
  day: number,
  counterparty: string | null,
  counterpart: string | null,
  objects: string | null,
  moves: number,
  reverses: number,
  words: string | null,
];
/** An import that is being taken: its vouchers from one id to below another. */
type Under = { readonly opened: number; next: number; readonly end: number };

export class TakenLines {
  readonly alikes: Alike[] = [];
  readonly periods: string[] = [];
  /** As they are looked through: both texts of a line, in small letters. */
  readonly texts: string[] = [''];
  /** By year of the period: the tallies. */
  readonly years = new Map<number, Tallies>();
  /** The lines of the acts, then those of each import. */
  readonly uncoded: UncodedLines[] = [new UncodedLines()];
  readonly #alikes = new Map<string, number>();
  readonly #periods = new Map<string, number>();
  readonly #texts = new Map<string, number>([['', 0]]);
  readonly #imports = new Set<number>();
  readonly #parties = new Map<string, string>();
  #seq = -1;
  #under: Under | null = null;

  /** @param withTexts whether the lines' texts are to be remembered, which a rule that looks for one needs */
  constructor(readonly withTexts: boolean) {}

  /** Takes one slice. @returns whether there is more */
  step(reading: Reading): boolean {
    if (this.#under === null && this.#stepActs(reading)) return true;
    this.#under ??= this.#nextImport(reading);
    if (this.#under === null) return false;
    const { opened, next, end } = this.#under;
    const to = Math.min(next + SLICE, end);
    this.#take(this.#rows(reading, 'v.id >= ? AND v.id < ? AND v.import = ?', 'vouchers v', next, to, opened), this.uncoded.at(-1)!);
    this.#under.next = to;
    if (to >= end) this.#under = null;
    return true;
  }

  /** @returns whether there were any */
  #stepActs(reading: Reading): boolean {
    const last = reading.row<{ seq: number | null }>(
      'SELECT max(seq) AS seq FROM (SELECT seq FROM money_events WHERE seq > ? AND import = 0 ORDER BY seq LIMIT ?)',
      this.#seq,
      SLICE,
    )!.seq;
    if (last === null) return false;
    const [after, from] = [this.#seq, 'money_events e CROSS JOIN vouchers v'];
    const vouchers = `e.seq > ? AND e.seq <= ? AND e.import = 0 AND v.seq = e.seq AND v.id >= e.first_voucher
      AND v.id < coalesce((SELECT n.first_voucher FROM money_events n WHERE n.seq > e.seq ORDER BY n.seq LIMIT 1), ${Number.MAX_SAFE_INTEGER})`;
    this.#take(this.#rows(reading, vouchers, from, after, last), this.uncoded[0]!);
    this.#takeRecoded(reading, vouchers, from, after, last);
    this.#seq = last;
    return true;
  }

  #nextImport(reading: Reading): Under | null {
    const closed = reading
      .rows<{ opened: number }>('SELECT opened_seq AS opened FROM line_imports WHERE counted = 1 ORDER BY closed_seq')
      .find(({ opened }) => !this.#imports.has(opened));
    if (!closed) return null;
    const { opened } = closed;
    this.#imports.add(opened);
    this.uncoded.push(new UncodedLines());
    const { next, end } = reading.row<{ next: number | null; end: number }>(
      `SELECT first AS next, coalesce((SELECT first_voucher FROM money_events WHERE seq > last ORDER BY seq LIMIT 1), (SELECT max(id) + 1 FROM vouchers)) AS end
       FROM (SELECT min(first_voucher) AS first, max(seq) AS last FROM money_events WHERE import = ?)`,
      opened,
    )!;
    return { opened, next: next ?? 0, end: next === null ? 0 : end };
  }

  #rows(reading: Reading, vouchers: string, from: string, ...values: readonly number[]): Iterable<Row> {
    const words = this.withTexts
      ? [`coalesce(v.text, '') || char(31) || coalesce(t.text, '')`, 'LEFT JOIN line_texts t ON t.id = l.id']
      : ['NULL', ''];
    return reading.each<Row>(
      `SELECT l.id, l.ore, c.account, c.unit, c.period, c.grant_code, c.effect <> 'reallocated', CAST(replace(v.event_date, '-', '') AS INTEGER),
         v.counterparty, l.counterpart, b.objects, v.recodes IS NOT NULL, v.reverses IS NOT NULL, ${words[0]}
       FROM ${from} CROSS JOIN lines l ON l.id BETWEEN v.id * ${LINE_ROOM} AND v.id * ${LINE_ROOM} + ${LINE_ROOM - 1} CROSS JOIN codings c ON c.id = l.coding LEFT JOIN object_lists b ON b.id = l.objects ${words[1]}
       WHERE ${vouchers} AND c.effect IN ('recognised', 'both', 'cost', 'reallocated')`,
      ...values,
    );
  }

  /** A line counts for its coding, a reversal against it; what was recoded is counted apart, and is no line of its own without a code. */
  #take(rows: Iterable<Row>, uncoded: UncodedLines): void {
    for (const row of rows) {
      const [id, ore, account, unit, period, grant, mayBeCoded, day, counterparty, counterpart, objects, recodes, reverses, words] = row;
      if (recodes) continue;
      if (mayBeCoded) this.#count(period, counterparty, account, unit, objects, grant, reverses ? -1 : 1);
      if (grant !== '' || reverses || ore === 0) continue;
      const key = `${account}\n${unit}\n${objects}\n${counterpart ?? '\n'}\n${counterparty ?? '\n'}`;
      const alike = held(this.#alikes, key, () => this.alikes.push({ account, unit, counterparty, counterpart, objects }) - 1);
      const month = held(this.#periods, period, () => this.periods.push(period) - 1);
      uncoded.add(
        id,
        alike,
        month,
        day,
        words === null ? 0 : held(this.#texts, words.toLowerCase(), () => this.texts.push(words.toLowerCase()) - 1),
      );
    }
  }

  /** A recoding adds a line where the cost now stands, and takes the old one away where nothing is left of it. */
  #takeRecoded(reading: Reading, vouchers: string, from: string, after: number, last: number): void {
    type Recoded = [
      period: string,
      counterparty: string | null,
      account: string,
      unit: string,
      objects: string | null,
      grant: string,
      times: number,
    ];
    const rows = reading.each<Recoded>(
      `SELECT c.period, v.counterparty, c.account, c.unit, b.objects, c.grant_code, CASE WHEN (l.ore > 0) = (o.ore > 0) THEN 1 WHEN l.ore = -o.ore THEN -1 ELSE 0 END
       FROM ${from} CROSS JOIN lines l ON l.id BETWEEN v.id * ${LINE_ROOM} AND v.id * ${LINE_ROOM} + ${LINE_ROOM - 1} CROSS JOIN codings c ON c.id = l.coding
         CROSS JOIN lines o ON o.id = (SELECT w.id FROM vouchers w WHERE w.ref = v.recodes ORDER BY w.id DESC LIMIT 1) * ${LINE_ROOM} + v.recodes_line LEFT JOIN object_lists b ON b.id = o.objects
       WHERE ${vouchers} AND v.recodes IS NOT NULL AND c.effect IN ('recognised', 'both', 'cost')`,
      after,
      last,
    );
    for (const row of rows) this.#count(...row);
  }

  #count(
    period: string,
    counterparty: string | null,
    account: string,
    unit: string,
    objects: string | null,
    grant: string,
    times: number,
  ): void {
    if (times === 0) return;
    const tallies = held(this.years, Number(period.slice(0, 4)), (): Tallies => ({
      parties: new Map<string, Tally>(),
      codings: new Map<string, Tally>(),
    }));
    if (counterparty !== null) {
      const party = held(this.#parties, counterparty, () => partyKey(counterparty));
      count(tallies.parties, party, grant, times);
    }
    count(tallies.codings, codingKey(account, unit, objects, grant), grant, times);
  }
}
