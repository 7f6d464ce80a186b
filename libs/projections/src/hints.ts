/**
 * What speaks for a grant on a line without a code: the accountant's own rules, and what was coded before (lines of the same
 * counterparty, or of the same account, unit and first object). Only hints: nobody is coded by them. Asked by uncoded-answers.ts;
 * the like lines are counted by taken-lines.ts.
 */
import type { CodeRange, HintCriterion } from '#ledger';
import { held, type Reading } from './reading.js';

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

/** Of so many like lines, how many have each grant now. */
export type Tally = { of: number; readonly byGrant: Map<string, number> };
/** By counterparty, and by account, unit and first object. */
export type Tallies = { readonly parties: Map<string, Tally>; readonly codings: Map<string, Tally> };

type Rule = {
  readonly rule: string;
  readonly grant: string;
  readonly saying: string | undefined;
  readonly holds: (line: Hinted) => boolean;
};
/** Of lines that are alike but for their texts: the last day that something speaks for a grant, as 20230315 (−1 where nothing does), and that of each text that rules look for. */
export type Spoken = { readonly through: number; readonly texts: readonly { readonly saying: string; readonly through: number }[] };

const NEVER = -1;
const ALWAYS = 99_999_999;

/** What speaks for a grant in a year, as things stand at one moment. */
export class Hints {
  readonly #rules: readonly Rule[];
  readonly #lastDays: ReadonlyMap<string, string | null>;
  // Many lines are alike: each counterparty and each coding is looked up once.
  readonly #ofParty = new Map<string, readonly Hint[]>();
  readonly #ofCoding = new Map<string, readonly Hint[]>();

  /** @param tallies of the year's lines and of those of the year before */
  constructor(
    reading: Reading,
    private readonly tallies: readonly Tallies[],
  ) {
    this.#rules = reading
      .rows<{ rule: string; grant: string; criterion: string }>(
        'SELECT rule, grant_code AS "grant", criterion FROM hint_rules ORDER BY rule',
      )
      .map(({ criterion, ...rule }) => {
        const { text, ...others } = JSON.parse(criterion) as HintCriterion;
        return { ...rule, saying: text?.toLowerCase(), holds: holding(others) };
      });
    this.#lastDays = new Map(
      reading
        .rows<{ grant: string; lastDay: string | null }>('SELECT grant_code AS "grant", last_day AS lastDay FROM grants')
        .map(({ grant, lastDay }) => [grant, lastDay]),
    );
  }

  /** The hints of a line, best first: rules in order of name, then the largest share. */
  of(line: Hinted): readonly Hint[] {
    const ruled = this.#rules.flatMap(({ rule, grant, saying, holds }): Hint[] =>
      holds(line) && says(saying, line) ? [{ grant, because: 'rule', rule }] : [],
    );
    const found = [...ruled, ...this.#coded(line).sort(byShare)].filter(({ grant }) => {
      return this.#lastDays.has(grant) && (this.#lastDays.get(grant) ?? line.eventDate) >= line.eventDate;
    });
    return found.filter(({ grant }, i) => found.findIndex((other) => other.grant === grant) === i).slice(0, HINTS_A_LINE);
  }

  /** Whether lines that are alike but for their texts and days have a hint, and until when: agrees with {@link of}. */
  spoken(line: Hinted): Spoken {
    let through = this.#coded(line).reduce((last, { grant }) => Math.max(last, this.#through(grant)), NEVER);
    const texts: { saying: string; through: number }[] = [];
    for (const { grant, saying, holds } of this.#rules) {
      if (!holds(line)) continue;
      if (saying === undefined) through = Math.max(through, this.#through(grant));
      else texts.push({ saying, through: this.#through(grant) });
    }
    return { through, texts };
  }

  #coded({ account, unit, objects, counterparty }: Hinted): Hint[] {
    const byParty =
      counterparty === null
        ? []
        : held(this.#ofParty, counterparty, () => hintsOf('counterparty', this.#tally('parties', partyKey(counterparty))));
    const byCoding = held(this.#ofCoding, `${account}\n${unit}\n${objects}`, () =>
      hintsOf('coding', this.#tally('codings', codingKey(account, unit, objects, ''))),
    );
    return [...byParty, ...byCoding];
  }

  #through(grant: string): number {
    const lastDay = this.#lastDays.get(grant);
    if (lastDay === undefined) return NEVER;
    return lastDay === null ? ALWAYS : Number(lastDay.replaceAll('-', ''));
  }

  #tally(by: keyof Tallies, key: string): Tally {
    const sum: Tally = { of: 0, byGrant: new Map() };
    for (const tallies of this.tallies) {
      const { of = 0, byGrant = [] } = tallies[by].get(key) ?? {};
      sum.of += of;
      for (const [grant, times] of byGrant) sum.byGrant.set(grant, (sum.byGrant.get(grant) ?? 0) + times);
    }
    return sum;
  }
}

/** Whether a rule looks for a text: then the texts of all lines are needed. */
export const seekText = (reading: Reading): boolean =>
  reading.row(`SELECT 1 FROM hint_rules WHERE criterion ->> 'text' IS NOT NULL LIMIT 1`) !== undefined;

export function count(tallies: Map<string, Tally>, key: string, grant: string, times: number): void {
  const tally = held(tallies, key, (): Tally => ({ of: 0, byGrant: new Map() }));
  tally.of += times;
  if (grant !== '') tally.byGrant.set(grant, (tally.byGrant.get(grant) ?? 0) + times);
}

function hintsOf(because: 'counterparty' | 'coding', { of, byGrant }: Tally): Hint[] {
  return [...byGrant].flatMap(([grant, times]) => (times > 0 && times * ONE_IN >= of ? [{ grant, because, times, of }] : []));
}

/** The largest share first, then the most lines. */
function byShare(a: Hint, b: Hint): number {
  if (a.because === 'rule' || b.because === 'rule') return 0;
  return b.times * a.of - a.times * b.of || b.times - a.times || (a.grant < b.grant ? -1 : 1);
}

/** A counterparty as it is counted: in any case of letters. */
export const partyKey = (counterparty: string): string => counterparty.trim().toLowerCase();

/** Account, unit and the first object that is not the grant's own code. */
export function codingKey(account: string, unit: string, objects: string | null, grant: string): string {
  if (objects === null) return `${account}\n${unit}`;
  const first = (JSON.parse(objects) as (readonly [string, string])[]).find(([, object]) => object !== grant);
  return first ? `${account}\n${unit}\n${first.join('\n')}` : `${account}\n${unit}`;
}

const says = (saying: string | undefined, { text, lineText }: Hinted): boolean =>
  saying === undefined || [text, lineText].some((words) => words?.toLowerCase().includes(saying));

/** Whether everything that a rule names, but the text, holds for a line. */
function holding({ accounts, units, counterparty, counterpart, objects }: HintCriterion): (line: Hinted) => boolean {
  const party = counterparty?.toLowerCase();
  return (line) =>
    (accounts === undefined || accounts.some((range) => within(line.account, range))) &&
    (units === undefined || units.includes(line.unit)) &&
    (counterpart === undefined || counterpart === line.counterpart) &&
    (party === undefined || (line.counterparty?.toLowerCase().includes(party) ?? false)) &&
    (objects === undefined || hasAll(line.objects, objects));
}

function hasAll(held: string | null, wanted: NonNullable<HintCriterion['objects']>): boolean {
  const objects = held === null ? [] : (JSON.parse(held) as (readonly [string, string])[]);
  return wanted.every(([dimension, object]) => objects.some(([d, o]) => d === dimension && o === object));
}

const within = (code: string, { from, to = from }: CodeRange): boolean => code.length === from.length && from <= code && code <= to;
