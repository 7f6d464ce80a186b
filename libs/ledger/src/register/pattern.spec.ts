/** The pattern of grant codes: any that a region needs, and none that a code can hold the server with. */
import { describe, expect, it } from '@jest/globals';
import { given } from '../given.js';
import { opening, region } from '../region-given.js';
import { RegisterGrant } from './grant.js';
import { grantCodePattern } from './pattern.js';
import { FIRST_PATTERN, OpenLedger, SetGrantCodePattern } from './settings.js';

const set = (pattern: string) => new SetGrantCodePattern({ pattern });
/** A pattern of at most 100 characters that repeats a piece as often as it can. */
const filled = (piece: string, end = 'b$') => `^${piece.repeat(Math.floor((99 - end.length) / piece.length))}${end}`;

describe('a pattern of grant codes', () => {
  it.each([
    FIRST_PATTERN,
    '^99\\d\\d$',
    '^[0-9]{4}$',
    '^\\d{4}(-\\d{1,2})?$',
    '^(?:99\\d{2}|EU-[A-Z]{2,4}-\\d+|RF\\d*)$',
    '^(?<kind>EU|RF)[-.](?:\\p{Lu}|\\d)?$',
    '^[A-Z]+-?\\d+(\\.\\d+)?$',
    '^[(*+?{)]\\(\\+\\?$',
    '.*',
    'EU',
  ])('can be %s', (pattern) => region.when(set(pattern)).then({ type: 'GrantCodePatternSet', data: { pattern } }));

  it.each([
    ['a group that is repeated', '^(\\d+)+$', ')+'],
    ['one within another', '^((a|b)*c)$', ')*'],
    ['one that is repeated a number of times', '^(a|aa){2,9}$', '){'],
    ['a look ahead', '^(?=a)a$', '(?='],
    ['a look ahead for what is not', '^(?!a)b$', '(?!'],
    ['a look behind', '^a(?<=a)$', '(?<='],
    ['a look behind for what is not', '^a(?<!b)$', '(?<!'],
    ['a reference back', '^(a)\\1$', '\\1'],
    ['a reference back by name', '^(?<a>x)\\k<a>$', '\\k'],
    ['more than three repetitions without an end', '^a*b+c{2,}d*$', '* + {n,}'],
    ['a control character', '^a\tb$', '\\p{C}'],
    ['half a pair', '^\ud83d$', '\\p{C}'],
    ['nothing', '', '1–100'],
    ['too long', 'x'.repeat(101), '1–100'],
    ['no regular expression', '(', 'SyntaxError'],
    ['one only without the u flag', '\\-', 'SyntaxError'],
  ])('is never %s', (_, pattern, part) => region.when(set(pattern)).thenRefused('pattern-malformed', { part }));

  it.each([
    ['optional characters', filled('a?')],
    ['lazy ones', filled('a??')],
    ['bounded repetitions', filled('a{0,20}')],
    ['alternatives', filled('(a|a)')],
    ['alternatives with nothing', filled('(|a|a)')],
    ['optional groups', filled('(a?)?')],
    ['groups in groups', `^${'(a?'.repeat(18)}${')?'.repeat(18)}b$`],
  ])('is never a heap of %s, which has as many ways', (_, pattern) =>
    region.when(set(pattern)).thenRefused('pattern-malformed', { part: '? | {n,m}' }),
  );

  it('holds in a new ledger too', () =>
    given()
      .when(new OpenLedger({ ...opening, grantCodePattern: '^(\\d+)+$' }))
      .thenRefused('pattern-malformed', { part: ')+' }));

  it('answers at once, the worst that is accepted too', () => {
    const pieces = ['.*', '.+?', '.?', '.{0,9}', '(.|.)', '(.?.|.*|)', '(.*|.)?', 'a', '\\w{3,}', '[a-z]', '(|.|.|.)?', '\\w*'];
    const codes = ['a'.repeat(20), '9'.repeat(20), `${'a'.repeat(19)}!`, '', 'ab'.repeat(10)];
    let [accepted, slowestMs] = [0, 0];
    const tries = pieces.flatMap((a) =>
      pieces.flatMap((b) =>
        pieces.flatMap((c) => [6, 2, 1].flatMap((times) => [`${(a + b + c).repeat(times)}b$`, `^${a}${(b + c).repeat(times)}#`])),
      ),
    );
    for (const pattern of tries) {
      try {
        grantCodePattern(pattern);
      } catch {
        continue;
      }
      accepted += 1;
      const regex = new RegExp(pattern, 'u');
      for (const code of codes) {
        const started = performance.now();
        regex.test(code);
        slowestMs = Math.max(slowestMs, performance.now() - started);
      }
    }
    expect(accepted).toBeGreaterThan(100);
    expect(slowestMs).toBeLessThan(1_000);
  });
});

describe('a grant code', () => {
  const open = given(new OpenLedger({ ...opening, grantCodePattern: '.*' }));
  const register = (grant: string) => open.when(new RegisterGrant({ grant, name: 'Nytt', validFrom: '2023-01-01' }));
  it('has at most 20 characters, whatever the pattern allows', () => {
    register('9'.repeat(20)).then({ type: 'GrantRegistered' });
    register('9'.repeat(21)).thenRefused('grant-code-malformed');
  });
});
