/**
 * What speaks for a grant on a line without a code: the accountant's own rules, and what was coded before (lines of the same
 * counterparty, or of the same account, unit and first object). Only hints: nobody is coded by them. Asked by uncoded-answers.ts.
 */
import type { CodeRange, HintCriterion } from '#ledger';
import { held, type Reading } from './reading.js';
import { LINE_ROOM } from './schema.js';

/**
 * A grant that something speaks for. `rule` names the rule; else `times` of `of` lines of the same counterparty, or of the same
 * account, unit and first object (`coding`), of the year and the one before, have the grant now.
 */
export type Hint =
  | { readonly grant: string; readonly because: 'rule'; readonly rule: string }
  | { readonly grant: string; readonly because: 'counterparty' | 'coding'; readonly times: number; readonly of: number };

/** A line as far as hints look at it. `objects` as the file has them, as JSON. */
export type Hinted = {
  readonly account: string;
  readonly unit: string;
  readonly eventDate: string;
  readonly text: string | null;
  readonly lineText: string | null;
  readonly counterparty: string | null;
  readonly counterpart: string | null;
  readonly objects: string | null;
};

const HINTS_A_LINE = 3;
/** A grant that fewer than one in so many of the like lines have is no hint. */
const ONE_IN = 10;
/** Lines that may be coded to a grant or lack it. */
export const MAY_BE_CODED = `c.effect IN ('recognised', 'both', 'cost')`;

type Tally = { of: number; readonly byGrant: Map<string, number> };
type Before = { readonly parties: Map<string, Tally>; readonly codings: Map<string, Tally> };
type Counted = [counterparty: string | null, account: string, unit: string, objects: string | null, grant: string, times: number];

/** Counting goes on where it ended, as long as the same imports count: lines are only ever added at the end. */
type Kept = { readonly year: number; readonly imports: string; readonly last: number; readonly before: Before };

export class Hints {
  #kept: Kept | null = null;

  constructor(private readonly reading: Reading) {}

  /** The hints of a line, best first: rules in order of name, then the largest share. @param year whose lines, with those of the year before, were coded before */
  of(year: number): (line: Hinted) => readonly Hint[] {
    const before = this.#before(year);
    const rules = this.#rules();
    const lastDays = new Map(
      this.reading
        .rows<{ grant: string; lastDay: string | null }>('SELECT grant_code AS "grant", last_day AS lastDay FROM grants')
        .map(({ grant, lastDay }) => [grant, lastDay]),
    );
    const open = ({ grant }: Hint, day: string) => lastDays.has(grant) && (lastDays.get(grant) ?? day) >= day;
    // Many lines are alike: each counterparty and each coding is looked up once.
    const [ofParty, ofCoding] = [new Map<string, readonly Hint[]>(), new Map<string, readonly Hint[]>()];
    return (line) => {
      const { account, unit, objects, counterparty } = line;
      const ruled = rules.flatMap(({ rule, grant, holds }): Hint[] => (holds(line) ? [{ grant, because: 'rule', rule }] : []));
      const byParty =
        counterparty === null ? [] : held(ofParty, counterparty, () => hintsOf('counterparty', before.parties.get(partyKey(counterparty))));
      const byCoding = held(ofCoding, `${account}\n${unit}\n${objects}`, () =>
        hintsOf('coding', before.codings.get(codingKey(account, unit, objects, ''))),
      );
      if (ruled.length + byParty.length + byCoding.length === 0) return [];
      const found = [...ruled, ...[...byParty, ...byCoding].sort(byShare)].filter((hint) => open(hint, line.eventDate));
      return found.filter(({ grant }, i) => found.findIndex((other) => other.grant === grant) === i).slice(0, HINTS_A_LINE);
    };
  }

  #rules() {
    return this.reading
      .rows<{ rule: string; grant: string; criterion: string }>(
        'SELECT rule, grant_code AS "grant", criterion FROM hint_rules ORDER BY rule',
      )
      .map(({ criterion, ...rule }) => ({ ...rule, holds: holding(JSON.parse(criterion) as HintCriterion) }));
  }

  #before(year: number): Before {
    const { open, ...told } = this.reading.row<{ open: number; closed: number | null; last: number | null }>(
      'SELECT coalesce(sum(closed_seq IS NULL), 0) AS open, max(closed_seq) AS closed, (SELECT max(id) FROM lines) AS last FROM line_imports',
    )!;
    const imports = String(told.closed);
    const last = told.last ?? 0;
    const kept = this.#kept?.year === year && this.#kept.imports === imports ? this.#kept : null;
    if (open > 0) return this.#counted(year, 0, { parties: new Map(), codings: new Map() });
    const before = this.#counted(year, kept?.last ?? 0, kept?.before ?? { parties: new Map(), codings: new Map() });
    this.#kept = { year, imports, last, before };
    return before;
  }

  /** Takes what was posted after a line: a line for its coding, a reversal against it, and what a recoding moved. */
  #counted(year: number, after: number, before: Before): Before {
    const codings = `c.period BETWEEN '${year - 1}-01' AND '${year}-16' AND ${MAY_BE_CODED}`;
    const counted = '(v.import = 0 OR v.import IN (SELECT opened_seq FROM line_imports WHERE counted = 1))';
    const plain = `SELECT v.counterparty, c.account, c.unit, l.objects, c.grant_code, CASE WHEN v.reverses IS NULL THEN 1 ELSE -1 END
      FROM lines l CROSS JOIN codings c ON c.id = l.coding CROSS JOIN vouchers v ON v.id = l.id / ${LINE_ROOM}
      WHERE l.id > ? AND ${codings} AND v.recodes IS NULL AND ${counted}`;
    // A recoding adds a line where the cost now stands, and takes the old one away where nothing is left of it.
    const recoded = `SELECT v.counterparty, c.account, c.unit, o.objects, c.grant_code, CASE WHEN (l.ore > 0) = (o.ore > 0) THEN 1 WHEN l.ore = -o.ore THEN -1 ELSE 0 END
      FROM vouchers v CROSS JOIN lines l ON l.id BETWEEN v.id * ${LINE_ROOM} AND v.id * ${LINE_ROOM} + ${LINE_ROOM - 1} AND l.id > ? CROSS JOIN codings c ON c.id = l.coding
        CROSS JOIN lines o ON o.id = (SELECT w.id FROM vouchers w WHERE w.ref = v.recodes ORDER BY w.id DESC LIMIT 1) * ${LINE_ROOM} + v.recodes_line
      WHERE v.recodes IS NOT NULL AND ${codings}`;
    for (const sql of [plain, recoded])
      for (const [counterparty, account, unit, objects, grant, times] of this.reading.each<Counted>(sql, after)) {
        if (times === 0) continue;
        if (counterparty !== null) count(before.parties, partyKey(counterparty), grant, times);
        count(before.codings, codingKey(account, unit, objects, grant), grant, times);
      }
    return before;
  }
}

function count(tallies: Map<string, Tally>, key: string, grant: string, times: number): void {
  const tally = held(tallies, key, (): Tally => ({ of: 0, byGrant: new Map() }));
  tally.of += times;
  if (grant !== '') tally.byGrant.set(grant, (tally.byGrant.get(grant) ?? 0) + times);
}

function hintsOf(because: 'counterparty' | 'coding', tally: Tally | undefined): Hint[] {
  if (!tally) return [];
  const { of, byGrant } = tally;
  return [...byGrant].flatMap(([grant, times]) => (times > 0 && times * ONE_IN >= of ? [{ grant, because, times, of }] : []));
}

/** The largest share first, then the most lines. */
function byShare(a: Hint, b: Hint): number {
  if (a.because === 'rule' || b.because === 'rule') return 0;
  return b.times * a.of - a.times * b.of || b.times - a.times || (a.grant < b.grant ? -1 : 1);
}

const partyKey = (counterparty: string): string => counterparty.trim().toLowerCase();

/** Account, unit and the first object that is not the grant's own code. */
function codingKey(account: string, unit: string, objects: string | null, grant: string): string {
  if (objects === null) return `${account}\n${unit}`;
  const first = (JSON.parse(objects) as (readonly [string, string])[]).find(([, object]) => object !== grant);
  return first ? `${account}\n${unit}\n${first.join('\n')}` : `${account}\n${unit}`;
}

/** Whether everything that a rule names holds for a line. */
function holding({ accounts, units, text, counterparty, counterpart, objects }: HintCriterion): (line: Hinted) => boolean {
  const [saying, party] = [text?.toLowerCase(), counterparty?.toLowerCase()];
  return (line) =>
    (accounts === undefined || accounts.some((range) => within(line.account, range))) &&
    (units === undefined || units.includes(line.unit)) &&
    (counterpart === undefined || counterpart === line.counterpart) &&
    (party === undefined || (line.counterparty?.toLowerCase().includes(party) ?? false)) &&
    (saying === undefined || [line.text, line.lineText].some((words) => words?.toLowerCase().includes(saying))) &&
    (objects === undefined || hasAll(line.objects, objects));
}

function hasAll(held: string | null, wanted: NonNullable<HintCriterion['objects']>): boolean {
  const objects = held === null ? [] : (JSON.parse(held) as (readonly [string, string])[]);
  return wanted.every(([dimension, object]) => objects.some(([d, o]) => d === dimension && o === object));
}

const within = (code: string, { from, to = from }: CodeRange): boolean => code.length === from.length && from <= code && code <= to;
