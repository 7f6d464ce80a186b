/**
 * What grant codes look like, as a regular expression that a user writes and every registered code is held against. One
 * that tries too many ways would hold the server for as long as it tries them, so only patterns are taken whose ways over a
 * whole code can be counted beforehand, and are few. Called by settings.ts.
 */
import { refuse } from '../refusal.js';

/** Characters of a grant code; checked before the pattern. */
export const GRANT_CODE_CHARACTERS = 20;
const PATTERN_CHARACTERS = 100;
const UNBOUNDED = 3;
/** Steps that a pattern may come to on a code that fits it until the last character; some milliseconds. */
const STEPS = 100_000;
const TOKEN = /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x..|c.|.)|\[(?:\\.|[^\]\\])*\]|\(\?(?:<?[=!]|<[^>]*>|[^:]*:)|\{[\d,]+\}|./gsu;

/**
 * The pattern itself · refuses `pattern-malformed`, where `part` says what is not taken: repeated groups, references back,
 * lookarounds, more than three repetitions without an end, control characters, and pieces that together try too many ways.
 */
export function grantCodePattern(pattern: string): string {
  const wrong = (part: string): never =>
    refuse('pattern-malformed', { pattern: pattern.slice(0, PATTERN_CHARACTERS).toWellFormed(), part });
  if (pattern === '' || pattern.length > PATTERN_CHARACTERS) wrong(`1–${PATTERN_CHARACTERS}`);
  if (/\p{C}/u.test(pattern)) wrong('\\p{C}');
  try {
    new RegExp(pattern, 'u');
  } catch {
    wrong('SyntaxError');
  }
  const tokens = pattern.match(TOKEN)!;
  for (const [index, token] of tokens.entries()) {
    if (/^\(\?<?[=!]/.test(token)) wrong(token);
    if (/^\\[1-9k]/.test(token)) wrong(token.slice(0, 2));
    if (token === ')' && /^[*+{]/.test(tokens[index + 1] ?? '')) wrong(`)${tokens[index + 1]![0]}`);
  }
  if (tokens.filter((token) => /^(?:[*+]|\{\d+,\})$/.test(token)).length > UNBOUNDED) wrong('* + {n,}');
  if (stepsOf(tokens) > STEPS) wrong('? | {n,m}');
  return pattern;
}

/**
 * At most how many steps the pattern takes on a code where every piece fits every character. `ways[i]` is in how many ways
 * the pieces so far can end before character `i`: a piece moves them on, an alternative adds to them.
 */
function stepsOf(tokens: readonly string[]): number {
  let [at, steps] = [0, 0];
  const counted = (ways: readonly number[]) => {
    steps += ways.reduce((sum, count) => sum + count, 0);
    return ways;
  };
  const both = (some: readonly number[], others: readonly number[]) => some.map((count, i) => count + others[i]!);
  const moved = (ways: readonly number[]) => [0, ...ways.slice(0, -1)];

  /** Past the alternatives up to the end of their group. */
  function alternatives(before: readonly number[]): readonly number[] {
    let [after, ways] = [before.map(() => 0), counted(before)];
    for (; at < tokens.length && tokens[at] !== ')';) {
      if (tokens[at] !== '|') ways = counted(piece(ways));
      else {
        at += 1;
        [after, ways] = [both(after, ways), counted(before)];
      }
    }
    return both(after, ways);
  }

  function piece(before: readonly number[]): readonly number[] {
    const token = tokens[at++]!;
    if (token === '^') return before.map((count, i) => (i === 0 ? count : 0));
    if (token === '$' || /^\\b$/i.test(token)) return before;
    if (token.startsWith('(')) {
      const inside = alternatives(before);
      at += 1;
      const [least] = times();
      return least === 0 ? both(before, inside) : inside;
    }
    const [least, most] = times();
    let [ways, after] = [before, before.map(() => 0)];
    for (let time = 0; time <= Math.min(most, GRANT_CODE_CHARACTERS); time += 1) {
      if (time >= least) after = both(after, ways);
      ways = counted(moved(ways));
    }
    return after;
  }

  /** How often the piece before may come, at least and at most. */
  function times(): [number, number] {
    const quantifier = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})$/.exec(tokens[at] ?? '');
    if (!quantifier) return [1, 1];
    at += tokens[at + 1] === '?' ? 2 : 1;
    const [said, least, comma, most] = quantifier;
    if (least === undefined) return [said === '+' ? 1 : 0, said === '?' ? 1 : Infinity];
    return [Number(least), comma ? Number(most || Infinity) : Number(least)];
  }

  alternatives(Array.from({ length: GRANT_CODE_CHARACTERS + 1 }, () => 1));
  return steps;
}
