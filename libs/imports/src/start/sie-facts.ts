/**
 * What a SIE file says that a start can use (R49): the names of its objects (#OBJEKT), for units and grants that have none in the workbook,
 * and the opening balances (#IB, #OIB) that carried-in amounts are tied to.
 */
import { hash } from 'node:crypto';
import { readSie, type Complaint, type SieBalance, type SieYear } from '#sie';
import type { FileBytes } from '../source.js';

/** Names by code. */
export type ObjectNames = { readonly units: ReadonlyMap<string, string>; readonly grants: ReadonlyMap<string, string> };
/** The dimensions of units and grants. */
export type Dimensions = { readonly units: string; readonly grants: string };
export type SieFacts = {
  readonly names: ObjectNames;
  readonly dimensions: Dimensions;
  /** #IB, #OIB, #UB and #OUB. */
  readonly balances: readonly SieBalance[];
  readonly years: readonly SieYear[];
  /** What makes the file no SIE file, or not a whole one. */
  readonly errors: readonly Complaint[];
};

const BALANCES: readonly string[] = ['IB', 'OIB', 'UB', 'OUB'] satisfies SieBalance['label'][];
const ERRORS_KEPT = 20;

/**
 * @param dimensions where left out: units in 1 (kostnadsställe), grants in 6 (projekt) or, where the file has no object in it, the first that is
 * free for use (20 and up)
 */
export function sieFactsOf(file: FileBytes, { units = '1', grants }: Partial<Dimensions> = {}): SieFacts {
  const balances: SieBalance[] = [];
  const errors: Complaint[] = [];
  const { objects, head } = readSie(
    () => file.chunks(),
    {
      voucher: () => {},
      balance: (balance) => BALANCES.includes(balance.label) && balances.push(balance),
      complaint: (complaint) => complaint.severity === 'error' && errors.length < ERRORS_KEPT && errors.push(complaint),
    },
    { hash: (content) => hash('sha256', content, 'hex').slice(0, 16) },
  );
  const used = new Set([...objects, ...balances.flatMap((balance) => balance.objects)].map(({ dim }) => dim));
  const free = [...used].map(Number).filter((dim) => dim >= 20);
  const dimensions = { units, grants: grants ?? (free.length === 0 || used.has('6') ? '6' : String(Math.min(...free))) };
  const named = (dimension: string) =>
    new Map(objects.flatMap(({ dim, object, name }) => (dim === dimension && name !== '' ? [[object, name] as const] : [])));
  return { names: { units: named(dimensions.units), grants: named(dimensions.grants) }, dimensions, balances, years: head.years, errors };
}
