/** The canonical text: the one way to write a value down (RFC 8785), narrowed to what an event may hold. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonical, type Json } from './canonical.js';

const key = fc.string({ unit: fc.constantFrom(...'abzAZ09_-$"\\'), minLength: 1, maxLength: 5 });
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'grapheme' }),
    fc.maxSafeInteger().map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(key, tie('json'), { maxKeys: 5, noNullPrototype: true }),
    fc.dictionary(key, fc.boolean(), { minKeys: 15, maxKeys: 30, size: 'max', noNullPrototype: true }),
  ),
}));
const turned = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(turned);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, field]) => [name, turned(field as Json)]),
  );
};

describe('the canonical text', () => {
  it('means what was said: read back, it is the same value', () =>
    fc.assert(fc.property(json, (value) => expect(JSON.parse(canonical(value))).toEqual(value))));
  it('does not know in which order a program wrote the fields', () =>
    fc.assert(fc.property(json, (value) => expect(canonical(turned(value))).toBe(canonical(value)))));
  it('has its keys in order, few or many', () =>
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 60, size: 'max' }), (keys) =>
        expect(canonical(Object.fromEntries(keys.map((name) => [name, 1])))).toBe(
          `{${[...keys]
            .sort()
            .map((name) => `${JSON.stringify(name)}:1`)
            .join(',')}}`,
        ),
      ),
    ));
  it('is canonical already when it is read and written again', () =>
    fc.assert(fc.property(json, (value) => expect(canonical(JSON.parse(canonical(value)) as Json)).toBe(canonical(value)))));

  it('sorts keys and leaves no space (RFC 8785, 3.2.1 and 3.2.3)', () =>
    expect(canonical({ b: [true, null, { z: 1, a: -1 }], a: '', A: 0, '1': 1, $: 2 })).toBe(
      '{"$":2,"1":1,"A":0,"a":"","b":[true,null,{"a":-1,"z":1}]}',
    ));
  it('writes strings as RFC 8785, 3.2.2.2: two-letter escapes where there are such, else lower-case hex, and nothing else escaped', () =>
    expect(canonical('\b\t\n\f\r"\\/\u0000\u001f\u007f\u00e5\u20ac\u2028\ufeff😀')).toBe(
      '"\\b\\t\\n\\f\\r\\"\\\\/\\u0000\\u001f\u007f\u00e5\u20ac\u2028\ufeff😀"',
    ));
  it('keeps two ways of writing å apart: normalising is nobody’s right', () => expect(canonical('a\u030a')).not.toBe(canonical('å')));
  it('lets a missing field and undefined be the same', () => expect(canonical({ a: undefined, b: 1 })).toBe('{"b":1}'));
  it('writes a field called __proto__ like any other', () =>
    expect(canonical(JSON.parse('{"__proto__":{"a":1},"a":2}') as Json)).toBe('{"__proto__":{"a":1},"a":2}'));

  it.each<[string, unknown]>([
    ['a float', 0.1],
    ['an integer beyond what is exact', 2 ** 53],
    ['minus zero', -0],
    ['no number', NaN],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['nothing in a list', [undefined]],
    ['half a surrogate pair', '\ud83d'],
    ['a key beyond ASCII', { å: 1 }],
    ['an empty key', { '': 1 }],
  ])('never writes %s', (_, value) => expect(() => canonical(value as Json)).toThrow(TypeError));
});
