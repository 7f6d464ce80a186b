/**
 * How answers look on the wire: öre under `…Ore` become kronor as text under the name without it (`netOre: 5n` gives
 * `net: "0.05"`), in answers, acknowledgements and the facts of refusals alike.
 */
import { kronor } from '#ledger';

/** Plain JSON of an answer. */
export function wire(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(wire);
  if (value === null || typeof value !== 'object') return value;
  const fields: { [name: string]: unknown } = {};
  for (const [name, field] of Object.entries(value)) {
    if (
      name.endsWith('Ore') &&
      (typeof field === 'bigint' || typeof field === 'number' || (typeof field === 'string' && /^-?\d+$/.test(field)))
    ) {
      fields[wireName(name)] = kronor(BigInt(field));
    } else fields[name.endsWith('Ore') && field === null ? wireName(name) : name] = wire(field);
  }
  return fields;
}

const wireName = (name: string) => name.slice(0, -3);
