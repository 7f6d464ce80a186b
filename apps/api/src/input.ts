/**
 * Everything that comes in is checked here before a controller sees it: whole against its DTO, with no conversion, no unknown
 * field and no missing one. A fault refuses with the catalogue's words and names the field, `lines.0.amount`.
 */
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { Fault } from './problem.js';
import { quickCheckOf } from './quick-check.js';
import { isRefusalName, Refusal, type Facts, type RefusalName } from '#ledger';

/** The faults of an input; the first is the refusal itself. */
export class MalformedInput extends Refusal {
  constructor(readonly faults: readonly Fault[]) {
    super(faults[0]!.refusal, faults[0]!.facts);
  }
}

const REFUSAL_OF: { readonly [constraint: string]: RefusalName } = {
  whitelistValidation: 'field-unknown',
  isString: 'field-not-text',
  isInt: 'field-not-number',
  min: 'field-not-number',
  max: 'field-not-number',
  isBoolean: 'field-not-boolean',
  isArray: 'field-not-list',
  arrayMaxSize: 'field-list-too-long',
  isObject: 'field-not-object',
  nestedValidation: 'field-not-object',
  isIn: 'choice-unknown',
  isBooleanString: 'field-not-boolean',
  matches: 'field-not-number',
};

/** How class-validator is asked: everything unknown is a fault. */
export const CHECKS = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { target: false, value: true },
};

/** A body that says nothing: absent, or an empty object. */
export class Nothing {}

export class InputCheck implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || !metatype || metatype === Object || metatype === String) return value;
    const input = value ?? {};
    if (typeof input !== 'object' || Array.isArray(input)) throw fault('field-not-object', 'body');
    if (metatype === Nothing) {
      for (const field of Object.keys(input)) throw fault('field-unknown', field);
      return new Nothing();
    }
    if (quickCheckOf(metatype as new () => object)(input)) return input;
    const dto = plainToInstance(metatype as new () => object, input);
    const errors = validateSync(dto, CHECKS);
    if (errors.length) throw new MalformedInput(errors.flatMap((error) => faultsOf(error, '')));
    return dto;
  }
}

function fault(refusal: RefusalName, field: string): MalformedInput {
  return new MalformedInput([{ field, refusal, facts: { field } }]);
}

function faultsOf({ property, value, constraints, children }: ValidationError, above: string): MalformedInput['faults'] {
  const field = above ? `${above}.${property}` : property;
  const below = (children ?? []).flatMap((child) => faultsOf(child, field));
  if (below.length || !constraints) return below;
  const constraint = Object.keys(constraints).find((name) => name in REFUSAL_OF);
  const missing = value === undefined && constraint !== 'whitelistValidation';
  const refusal = missing ? 'field-missing' : ((constraint && REFUSAL_OF[constraint]) ?? 'field-not-text');
  if (!isRefusalName(refusal)) throw new TypeError(`no sentence for ${refusal}`);
  const facts: Facts =
    refusal === 'choice-unknown'
      ? { field, value: (typeof value === 'object' ? JSON.stringify(value) : String(value)).slice(0, 40), choices: choicesIn(constraints) }
      : { field };
  return [{ field, refusal, facts }];
}

/** class-validator names the choices only in its sentence. */
const choicesIn = (constraints: { readonly [name: string]: string }): string =>
  constraints['isIn']?.replace(/^.*following values: /, '') ?? '';
