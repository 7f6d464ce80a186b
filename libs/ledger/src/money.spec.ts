/** Money: the only way in, the only rounding, and no öre lost on the way. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refuses } from './given.js';
import { exactOre, kronor, parseOre, parseSwedishOre, roundTo, shares, swedishInteger, swedishKronor } from './money.js';

const ore = fc.maxSafeInteger();
const MOST = Number.MAX_SAFE_INTEGER; // 90 071 992 547 409,91 kr

describe('an amount on the wire', () => {
  it.each([
    ['0', 0],
    ['-0.00', 0],
    ['1', 100],
    ['1.5', 150],
    ['-1234.50', -123_450],
    ['0.07', 7],
    ['1.15', 115],
    ['4.35', 435],
    ['90071992547409.91', MOST],
    ['-90071992547409.91', -MOST],
  ])('%s kr is %p öre', (text, amount) => expect(parseOre(text)).toBe(amount));
  it.each(['', ' ', '1,50', '+1', '1 000', '1.', '.5', '1e3', '0x10', '١', '1.5\n', '−1', '--1', 'NaN', '1_000'])('%j is none', (text) =>
    refuses(() => parseOre(text), 'amount-malformed'),
  );
  it.each(['1.005', '-0.123'])('%s has an öre too finely cut', (text) => refuses(() => parseOre(text), 'amount-too-many-decimals'));
  it.each(['90071992547409.92', '-90071992547409.92', '90071992547410', '9'.repeat(400)])('%s is more than can be kept exactly', (text) =>
    refuses(() => parseOre(text), 'amount-too-large'),
  );
  it('comes back from its own text, every öre of it', () =>
    fc.assert(fc.property(ore, (amount) => parseOre(kronor(amount)) === amount + 0)));
  it('has one text, with two decimals and a point', () =>
    fc.assert(fc.property(ore, (amount) => /^-?(0|[1-9]\d*)\.\d\d$/.test(kronor(amount)) && kronor(amount) === kronor(BigInt(amount)))));
  it('inside the law is whole öre that can be kept exactly', () => {
    expect(exactOre(-MOST)).toBe(-MOST);
    for (const amount of [0.5, MOST + 1, NaN, Infinity]) refuses(() => exactOre(amount), 'amount-too-large');
  });
});

describe('an amount as a Swede writes it', () => {
  it.each([
    ['1 234,50', 123_450],
    ['1\u00a0234\u00a0567,5', 123_456_750],
    ['1\u202f000', 100_000],
    ['\u22125,25', -525],
    ['\u20135,25', -525],
    ['-5.25', -525],
    [' 12 ', 1_200],
  ])('%j is %p öre', (text, amount) => expect(parseSwedishOre(text)).toBe(amount));
  it.each(['1.234,50', '1,234,50', '12 34', '1 2345', '1  234', 'tusen', '5 kr', '+5'])('%j is none', (text) =>
    refuses(() => parseSwedishOre(text), 'amount-malformed'),
  );
  it('1,234 is no thousand: it has three decimals', () => refuses(() => parseSwedishOre('1,234'), 'amount-too-many-decimals'));
  it('comes back from its own text, every öre of it', () =>
    fc.assert(fc.property(ore, (amount) => parseSwedishOre(swedishKronor(amount)) === amount + 0)));
  it('groups by U+00A0, has a comma and U+2212, and no negative zero', () => {
    expect(swedishKronor(-123_456_789)).toBe('\u22121\u00a0234\u00a0567,89');
    expect([swedishKronor(-0), swedishInteger(-0), swedishInteger(0n)]).toEqual(['0,00', '0', '0']);
    expect(swedishInteger(-50_677)).toBe('\u221250\u00a0677');
  });
});

describe('rounding', () => {
  it.each([
    [50_000n, 1n],
    [-50_000n, -1n],
    [49_999n, 0n],
    [-49_999n, 0n],
    [149_999n, 1n],
    [7_246_350_000n, 72_464n],
  ])('%p öre are %p tkr: half goes away from zero', (amount, tkr) => expect(roundTo(amount, 100_000n)).toBe(tkr));
  it('never misses by more than half, and treats both signs alike', () =>
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.constantFrom(1n, 100n, 100_000n, 100_000_000n), (amount, unit) => {
        const off = roundTo(amount, unit) * unit - amount;
        return (off < 0n ? -off : off) * 2n <= unit && roundTo(-amount, unit) === -roundTo(amount, unit);
      }),
    ));
});

describe('shares', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 20 });
  it('that make up the whole sum to the amount', () =>
    fc.assert(
      fc.property(ore, cuts, (amount, weights) => {
        const whole = weights.reduce((sum, weight) => sum + weight, 0);
        expect(shares(amount, weights, whole).reduce((sum, share) => sum + BigInt(share), 0n)).toBe(BigInt(amount));
      }),
    ));
  it('that do not never come to more than their part, and never change sign', () =>
    fc.assert(
      fc.property(ore, cuts, (amount, weights) => {
        const whole = 2 * weights.reduce((sum, weight) => sum + weight, 0);
        const cut = shares(amount, weights, whole);
        expect(cut.every((share) => share === 0 || share > 0 === amount > 0)).toBe(true);
        expect(cut.reduce((sum, share) => sum + BigInt(share), 0n)).toBe(BigInt(amount) / 2n);
      }),
    ));
  it('are truncated, the rest to the largest, a tie to the first named', () => {
    expect(shares(100, [1, 1, 1], 3)).toEqual([34, 33, 33]);
    expect(shares(-100, [1, 2, 2], 5)).toEqual([-20, -40, -40]);
    expect(shares(101, [1, 2, 2], 5)).toEqual([20, 41, 40]);
    expect(shares(100, [], 100)).toEqual([]);
  });
});
