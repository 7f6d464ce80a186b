/**
 * Whether an input fits its DTO, from class-validator's own decorators, looked up once for each class instead of at every request. It only
 * says yes or not sure: what it is not sure of goes through class-validator itself (input.ts), which alone knows how to complain. A property
 * test holds that it never says yes where class-validator would say no.
 */
import { getMetadataStorage, type ValidationArguments } from 'class-validator';

type Dto = new () => object;
type Input = { readonly [name: string]: unknown };
/** True for what certainly fits. */
export type QuickCheck = (input: object) => boolean;
type FieldCheck = (value: unknown, input: Input) => boolean;

const rows = new Map<object, Map<string, () => Dto>>();

/** Tells which class a field's objects are of; fields.ts calls it beside class-transformer's `Type`. */
export const holds =
  (row: () => Dto): PropertyDecorator =>
  (prototype, name) => {
    const fields = rows.get(prototype) ?? new Map<string, () => Dto>();
    rows.set(prototype, fields.set(String(name), row));
  };

const checks = new Map<Dto, QuickCheck>();

/** The quick check of a class, made at its first use. */
export function quickCheckOf(dto: Dto): QuickCheck {
  let check = checks.get(dto);
  if (!check) checks.set(dto, (check = compiled(dto)));
  return check;
}

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

function compiled(dto: Dto): QuickCheck {
  const storage = getMetadataStorage();
  const byName = storage.groupByPropertyName(storage.getTargetValidationMetadatas(dto, '', false, false));
  const fields = Object.entries(byName).map(([name, found]) => [name, fieldCheck(dto, name, found)] as const);
  if (fields.length === 0 || fields.some(([, check]) => check === null)) return () => false;
  return (given) => {
    const input = given as Input;
    let known = 0;
    for (const [name, check] of fields) {
      const value = input[name];
      if (value !== undefined) known += 1;
      if (!check!(value, input)) return false;
    }
    for (const name in input) if (input[name] === undefined || --known < 0) return false;
    return known === 0;
  };
}

/** Null where a decorator is of a kind that is not known here. */
function fieldCheck(dto: Dto, name: string, found: readonly Metadata[]): FieldCheck | null {
  const when = found.filter(({ type }) => type === 'conditionalValidation').map(({ constraints }) => constraints[0] as Asked);
  const tests: FieldCheck[] = [];
  for (const metadata of found) {
    const { type, each, validateIf, groups = [], constraints } = metadata;
    if (validateIf || groups.length) return null;
    if (type === 'conditionalValidation') continue;
    if (type === 'nestedValidation') tests.push(nested(dto, name));
    else if (type === 'customValidation') {
      const all = getMetadataStorage().getTargetValidatorConstraints(metadata.constraintCls);
      if (all.some(({ async }) => async)) return null;
      for (const { instance } of all) {
        const facts = { targetName: dto.name, property: name, constraints, object: {}, value: undefined } satisfies ValidationArguments;
        const test = (value: unknown) => instance.validate(value, facts) === true;
        tests.push(each ? (value) => Array.isArray(value) && value.every(test) : test);
      }
    } else return null;
  }
  const passes: FieldCheck = (value, input) => tests.every((test) => test(value, input));
  return when.length === 0 ? passes : (value, input) => !when.every((asks) => asks(input, value)) || passes(value, input);
}

type Asked = (input: object, value: unknown) => boolean;

function nested(dto: Dto, name: string): FieldCheck {
  const row = rowOf(dto.prototype as object, name);
  if (!row) return () => false;
  const fits = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value) && quickCheckOf(row())(value);
  return (value) => (Array.isArray(value) ? value.every(fits) : fits(value));
}

function rowOf(prototype: object | null, name: string): (() => Dto) | undefined {
  for (let at = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const row = rows.get(at)?.get(name);
    if (row) return row;
  }
  return undefined;
}
