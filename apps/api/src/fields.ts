/**
 * The fields of what is sent in, each a check (class-validator) and a line of the OpenAPI document at once. They check shape
 * only: text is text, a list is a list. What a date, a code or an amount may be is the law's to say, in the user's words.
 */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { holds } from './quick-check.js';

type Said = { readonly optional?: boolean; readonly nullable?: boolean };

function field(
  schema: ApiPropertyOptions,
  { optional = false, nullable = false }: Said,
  checks: readonly PropertyDecorator[],
): PropertyDecorator {
  const absent = optional
    ? [nullable ? IsOptional() : ValidateIf((_, value) => value !== undefined)]
    : nullable
      ? [ValidateIf((_, value) => value !== null)]
      : [];
  return applyDecorators(
    ApiProperty({ ...schema, required: !optional, ...(nullable ? { nullable: true } : {}) } as ApiPropertyOptions),
    ...absent,
    ...checks,
  );
}

/** Free text or a code. */
export const Text = (description: string, example: string, said: Said = {}) =>
  field({ type: String, description, example }, said, [IsString()]);
/** A day that exists, `YYYY-MM-DD`. */
export const Day = (description: string, example: string, said: Said = {}) =>
  field({ type: String, format: 'date', description, example }, said, [IsString()]);
/** An accounting period, `YYYY-MM`; 13 to 16 close the year. */
export const Period = (description: string, said: Said = {}) =>
  field({ type: String, pattern: '^\\d{4}-(0[1-9]|1[0-6])$', description, example: '2023-05' }, said, [IsString()]);
/** Kronor as text, debit +, credit −. */
export const Amount = (description: string, example: string, said: Said = {}) =>
  field(
    {
      type: String,
      pattern: '^-?\\d+(\\.\\d{1,2})?$',
      description: `${description} Kronor as text, at most two decimals, debit +, credit −.`,
      example,
    },
    said,
    [IsString()],
  );
/** A whole number. */
export const Whole = (description: string, example: number, said: Said = {}) =>
  field({ type: 'integer', description, example }, said, [IsInt(), Min(-(2 ** 31)), Max(2 ** 31)]);
export const Flag = (description: string, example: boolean, said: Said = {}) =>
  field({ type: Boolean, description, example }, said, [IsBoolean()]);
/** One of the choices. */
export const Choice = (description: string, choices: readonly string[], said: Said = {}) =>
  field({ type: String, enum: [...choices], description, example: choices[0] }, said, [IsString(), IsIn([...choices])]);
/** A list of objects. */
export const Rows = (description: string, row: () => new () => object, most: number, said: Said = {}) =>
  // OpenAPI takes a function for a class's promise only where the function itself is called `type`
  field({ type: () => row(), isArray: true, description, maxItems: most }, said, [
    IsArray(),
    ArrayMaxSize(most),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(row) as PropertyDecorator,
    holds(row),
  ]);
/** A list of texts. */
export const Texts = (description: string, example: readonly string[], most: number, said: Said = {}) =>
  field({ type: String, isArray: true, description, maxItems: most, example: [...example] }, said, [
    IsArray(),
    ArrayMaxSize(most),
    IsString({ each: true }),
  ]);
/** An object inside. */
export const Part = (description: string, part: () => new () => object, said: Said = {}) =>
  field({ type: () => part(), description }, said, [IsObject(), ValidateNested(), Type(part) as PropertyDecorator, holds(part)]);
