/** The quick check beside class-validator itself: it never takes what that would refuse, and takes what people really send. */
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { IsString, ValidateNested, validateSync } from 'class-validator';
import fc from 'fast-check';
import { CHECKS, InputCheck } from './input.js';
import { quickCheckOf } from './quick-check.js';
import * as register from './register.dto.js';
import * as reports from './reports.dto.js';
import { COST, MANDATE, TERMS } from './testing.js';
import * as vouchers from './vouchers.dto.js';

type Dto = new () => object;
const isDto = (made: unknown): made is Dto => typeof made === 'function' && /^class /.test(String(made));
const DTOS = Object.values({ ...vouchers, ...register, ...reports }).filter(isDto);
const refused = (dto: Dto, input: object) => validateSync(plainToInstance(dto, input), CHECKS).length > 0;

const names = [...new Set(DTOS.flatMap((dto) => Object.keys(new dto())))];
const value: fc.Arbitrary<unknown> = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(null, undefined, true, 0, 1.5, -1, 2 ** 40, '', '2023', '2023-05-03', 'kr', 'board', 'conditional', '10.00'),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names, 'surprise'), tie('any'), { maxKeys: 6, noNullPrototype: true }),
    fc.constantFrom<unknown>(COST.lines, COST.lines[0], MANDATE, TERMS, COST),
  ),
})).any;

describe('the quick check of an input', () => {
  it('never takes what class-validator refuses, whatever is sent to whichever class', () => {
    let taken = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...DTOS),
        fc.dictionary(fc.constantFrom(...names, 'surprise'), value, { maxKeys: 8, noNullPrototype: true }),
        (dto, input) => {
          if (!quickCheckOf(dto)(input)) return;
          taken += 1;
          expect(refused(dto, input)).toBe(false);
        },
      ),
      { numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  it('never takes what class-validator refuses, one field of a good voucher or grant changed', () => {
    const good: readonly [Dto, object][] = [
      [vouchers.VoucherDto, COST],
      [vouchers.MandateDto, MANDATE],
      [vouchers.CorrectionDto, { reason: 'Fel', eventDate: '2023-06-02', replacement: { lines: COST.lines } }],
      [
        vouchers.RecodingDto,
        { line: 1, from: { grant: '' }, to: [{ grant: '9916' }], eventDate: '2023-05-08', text: 'x', mandate: MANDATE },
      ],
      [register.DecisionDto, { decision: '9916-1', grant: '9916', terms: TERMS }],
      [reports.LinesQuery, { year: '2023', format: 'csv', unit: 'tkr', scope: 'RS' }],
    ];
    for (const [dto, input] of good) expect([dto.name, quickCheckOf(dto)(input)]).toEqual([dto.name, true]);
    fc.assert(
      fc.property(fc.constantFrom(...good), fc.constantFrom(...names, 'surprise'), value, (which, name, changed) => {
        const [dto, input] = which;
        const given = { ...input, [name]: changed };
        if (quickCheckOf(dto)(given)) expect(refused(dto, given)).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes every class that has fields, and none that has none', () => {
    const optional = DTOS.filter((dto) => !refused(dto, {}));
    expect(optional.length).toBeGreaterThan(3);
    for (const dto of optional) expect([dto.name, quickCheckOf(dto)({})]).toEqual([dto.name, true]);
    expect(quickCheckOf(class Plain {})({})).toBe(false);
  });

  it('leaves to class-validator what it does not know', () => {
    class Grouped {
      @IsString({ groups: ['x'] }) text!: string;
    }
    class Nested {
      @ValidateNested() part!: object;
    }
    expect(quickCheckOf(Grouped)({ text: 'x' })).toBe(false);
    expect(quickCheckOf(Nested)({ part: {} })).toBe(false);
  });

  it('is what the door asks first: an input that fits is handed on as it came', () => {
    const input = { ...COST };
    expect(new InputCheck().transform(input, { type: 'body', metatype: vouchers.VoucherDto })).toBe(input);
  });
});
