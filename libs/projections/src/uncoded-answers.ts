/**
 * Income and cost lines that still hold money without a grant code ("saknar bidragskod"), with what speaks for a grant; those that
 * something speaks for come first. Called by answers.ts.
 */
import { refuse } from '#ledger';
import type { LinesAsked, WithoutGrantCode } from './answer-shapes.js';
import { Hints, seekText, type Hinted, type Spoken } from './hints.js';
import { COUNTED_VOUCHER, limitOf, UNCODED, type LineAnswers } from './line-answers.js';
import { held, type Over, type Reading, type Settled } from './reading.js';
import { LINE_ROOM } from './schema.js';
import { TakenLines, type Alike } from './taken-lines.js';

type Place = { readonly id: number; readonly hinted: boolean };
/** Where money first stood that a recoding or a reversal has moved: what is left there, and what the line itself holds of what was asked about. */
type Moved = { readonly id: number; readonly leftOre: bigint; readonly ownOre: number };
type Found = Place & { readonly leftOre: bigint | null };

export class UncodedAnswers {
  #taken: TakenLines;

  constructor(
    private readonly reading: Reading,
    private readonly lines: LineAnswers,
  ) {
    this.#taken = new TakenLines(false);
  }

  /** Takes a slice of the lines that {@link withoutGrantCode} needs, in some ms. @param reading on whichever connection @returns whether there are more */
  take(reading: Reading): boolean {
    const withTexts = this.#taken.withTexts || seekText(reading);
    if (withTexts !== this.#taken.withTexts) this.#taken = new TakenLines(withTexts);
    try {
      return this.#taken.step(reading);
    } catch (error) {
      this.#taken = new TakenLines(withTexts); // a half slice would be taken twice
      throw error;
    }
  }

  withoutGrantCode(asked: LinesAsked): WithoutGrantCode {
    while (this.take(this.reading));
    const settled = this.reading.settle(asked, 'lines');
    const { year } = settled.standing;
    const over = this.reading.over(settled);
    const limit = limitOf(asked.limit);
    const from = asked.after === undefined ? null : placeOf(asked.after);
    const { years } = this.#taken;
    const hints = new Hints(
      this.reading,
      [year - 1, year].flatMap((of) => years.get(of) ?? []),
    );
    const moved = this.#moved(over);
    const movedRows = this.#rowsOf(moved.map(({ id }) => id));
    const standing = moved.flatMap(({ id, leftOre }, i): Found[] =>
      leftOre === 0n ? [] : [{ id, leftOre, hinted: hints.of(movedRows[i]!).length > 0 }],
    );
    const own = this.#own(settled, hints, new Set(moved.filter(({ ownOre }) => ownOre !== 0).map(({ id }) => id)), from, limit + 1);
    const rest = [...standing.filter((place) => isAfter(place, from)), ...own.found].sort(inOrder);
    const page = rest.slice(0, limit);
    const rows = this.#rowsOf(page.map(({ id }) => id));
    const lines = this.lines
      .linesOf(page.map(({ id }) => id))
      .map((line, i) => ({ ...line, leftOre: page[i]!.leftOre ?? line.amountOre, hints: hints.of(rows[i]!) }));
    return {
      ...settled.standing,
      lines,
      count: own.count + standing.length,
      withHint: own.withHint + standing.filter(({ hinted }) => hinted).length,
      totalOre: this.lines.uncodedOre(over),
      next: rest.length > limit ? afterText(page.at(-1)!) : null,
    };
  }

  /** The lines that nothing has moved: how many, how many with a hint, and the first of them after a place. @param but lines that something has moved */
  #own({ standing, units, isRegion }: Settled, hints: Hints, but: ReadonlySet<number>, from: Place | null, most: number) {
    const { fromPeriod, through } = standing;
    const inScope = new Set(units.map(({ unit }) => unit));
    const { alikes, periods, texts, uncoded } = this.#taken;
    const within = periods.map((period) => period >= fromPeriod && period <= through);
    const spoken = alikes.map((alike) => (isRegion || inScope.has(alike.unit) ? hints.spoken(unsaid(alike)) : null));
    const saying = sayingIn(texts);
    const isHinted = ({ through: last, texts: looked }: Spoken, day: number, text: number) =>
      day <= last || looked.some((rule) => day <= rule.through && saying(rule.saying, text));
    let [counted, withHint] = [0, 0];
    const found: Found[] = [];
    for (const lines of uncoded) {
      const { ids, alikes: kinds, periods: months, days, texts: words, length } = lines;
      const first = { hinted: 0, others: 0 };
      for (let at = 0; at < length; at++) {
        const [speaks, id] = [spoken[kinds[at]!]!, ids[at]!];
        if (speaks === null || !within[months[at]!]! || (but.size > 0 && but.has(id))) continue;
        const hinted = isHinted(speaks, days[at]!, words[at]!);
        counted += 1;
        if (hinted) withHint += 1;
        const of = hinted ? 'hinted' : 'others';
        if (first[of] >= most || !isAfter({ id, hinted }, from)) continue;
        first[of] += 1;
        found.push({ id, hinted, leftOre: null });
      }
    }
    return { count: counted, withHint, found };
  }

  /** What a recoding or a reversal moved is told at the line where the money first stood. */
  #moved(over: Over): Moved[] {
    const counted = '(o.import = 0 OR o.import IN (SELECT opened_seq FROM line_imports WHERE counted = 1))';
    const moving = `SELECT l.ore, coalesce(
        (SELECT o.id FROM vouchers o WHERE o.ref = v.recodes AND ${counted} ORDER BY o.id DESC LIMIT 1) * ${LINE_ROOM} + v.recodes_line,
        (SELECT o.id FROM vouchers o WHERE o.ref = v.reverses AND ${counted} ORDER BY o.id DESC LIMIT 1) * ${LINE_ROOM} + coalesce(v.takes_back ->> (l.id % ${LINE_ROOM} - 1), l.id % ${LINE_ROOM}),
        l.id) AS origin
      FROM (SELECT id FROM vouchers INDEXED BY vouchers_recoding WHERE recodes IS NOT NULL UNION SELECT id FROM vouchers INDEXED BY vouchers_reversing WHERE reverses IS NOT NULL) m CROSS JOIN vouchers v ON v.id = m.id
        CROSS JOIN lines l ON l.id BETWEEN v.id * ${LINE_ROOM} AND v.id * ${LINE_ROOM} + ${LINE_ROOM - 1} CROSS JOIN codings c ON c.id = l.coding
      WHERE ${over.sql} AND ${UNCODED} AND ${COUNTED_VOUCHER}`;
    const own = `SELECT l.ore FROM lines l CROSS JOIN codings c ON c.id = l.coding CROSS JOIN vouchers v ON v.id = l.id / ${LINE_ROOM}
      WHERE l.id = moving.origin AND ${over.sql} AND ${UNCODED} AND ${COUNTED_VOUCHER} AND v.recodes IS NULL AND v.reverses IS NULL`;
    return this.reading
      .rows<{ id: number; parts: string; ownOre: number }>(
        `SELECT origin AS id, json_group_array(ore) AS parts, coalesce((${own}), 0) AS ownOre FROM (${moving}) AS moving GROUP BY origin ORDER BY origin`,
        ...over.values,
        ...over.values,
      )
      .map(({ id, parts, ownOre }) => {
        const leftOre = (JSON.parse(parts) as number[]).reduce((sum, ore) => sum + BigInt(ore), BigInt(ownOre));
        return { id, ownOre, leftOre };
      });
  }

  #rowsOf(ids: readonly number[]): Hinted[] {
    return this.reading.rows<Hinted>(
      `SELECT c.account, c.unit, v.event_date AS eventDate, v.text, t.text AS lineText, v.counterparty, l.counterpart, b.objects
       FROM json_each(?) j CROSS JOIN lines l ON l.id = j.value CROSS JOIN codings c ON c.id = l.coding CROSS JOIN vouchers v ON v.id = l.id / ${LINE_ROOM} LEFT JOIN object_lists b ON b.id = l.objects LEFT JOIN line_texts t ON t.id = l.id ORDER BY j.key`,
      JSON.stringify(ids),
    );
  }
}

/** Whether a text says what a rule looks for, looked up once. @param texts in small letters */
function sayingIn(texts: readonly string[]): (saying: string, text: number) => boolean {
  const known = new Map<string, Map<number, boolean>>();
  return (saying, text) => held(held(known, saying, () => new Map<number, boolean>()), text, () => texts[text]!.includes(saying)); // prettier-ignore
}

const unsaid = (alike: Alike): Hinted => ({ ...alike, eventDate: '', text: null, lineText: null });

/** Those with a hint first, in the order of registration. */
const inOrder = (a: Place, b: Place): number => Number(b.hinted) - Number(a.hinted) || a.id - b.id;

const isAfter = (place: Place, from: Place | null): boolean => from === null || inOrder(place, from) > 0;

const afterText = ({ id, hinted }: Place): string => Buffer.from(JSON.stringify({ id, hinted })).toString('base64url');

function placeOf(after: string): Place {
  try {
    const { id, hinted } = JSON.parse(Buffer.from(after, 'base64url').toString()) as { id: unknown; hinted: unknown };
    if (Number.isSafeInteger(id) && typeof hinted === 'boolean') return { id: id as number, hinted };
  } catch {
    // falls through to the refusal
  }
  return refuse('input-malformed', { reason: 'after' });
}
