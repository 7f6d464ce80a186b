/**
 * The tree of units as in force on a day. Asked by every answer about a scope: a unit and everything below it. A unit that has
 * ended stays where it last was, so that its lines are still somewhere; one not yet begun lies where it first will.
 */
import type { UnitKind } from '#ledger';

export type UnitVersion = {
  readonly unit: string;
  readonly validFrom: string;
  readonly name: string;
  readonly kind: UnitKind;
  readonly parent: string | null;
};
export type UnitNode = {
  readonly unit: string;
  readonly name: string;
  readonly kind: UnitKind;
  readonly parent: string | null;
  readonly depth: number;
};

export class UnitTree {
  readonly #nodes = new Map<string, UnitNode>();
  readonly #below = new Map<string, string[]>();

  /** @param versions in order of unit and validFrom · @param root the region's code · @param day `YYYY-MM-DD` */
  constructor(
    versions: readonly UnitVersion[],
    readonly root: string,
    day: string,
  ) {
    const inForce = new Map<string, UnitVersion>();
    for (const version of versions) if (!inForce.has(version.unit) || version.validFrom <= day) inForce.set(version.unit, version);
    const parents = new Map<string, string | null>();
    for (const { unit, parent } of inForce.values())
      parents.set(unit, unit === root ? null : parent !== null && inForce.has(parent) ? parent : root);
    for (const unit of inForce.keys()) if (!reaches(unit, root, parents)) parents.set(unit, root);
    for (const [unit, parent] of parents) if (parent !== null) this.#below.set(parent, [...(this.#below.get(parent) ?? []), unit]);
    for (const below of this.#below.values()) below.sort();
    const place = (unit: string, depth: number): void => {
      const { name, kind } = inForce.get(unit)!;
      this.#nodes.set(unit, { unit, name, kind, parent: parents.get(unit) ?? null, depth });
      for (const child of this.#below.get(unit) ?? []) place(child, depth + 1);
    };
    if (inForce.has(root)) place(root, 0);
  }

  find(unit: string): UnitNode | undefined {
    return this.#nodes.get(unit);
  }

  /** The unit and all below it, parents first. */
  from(unit: string): readonly UnitNode[] {
    const found: UnitNode[] = [];
    const take = (code: string): void => {
      found.push(this.#nodes.get(code)!);
      for (const child of this.#below.get(code) ?? []) take(child);
    };
    take(unit);
    return found;
  }
}

/** Whether going upwards ends at the root; two settings of different days may bite each other's tail. */
function reaches(unit: string, root: string, parents: ReadonlyMap<string, string | null>): boolean {
  const seen = new Set<string>();
  for (let at: string | null | undefined = unit; at != null && !seen.has(at); at = parents.get(at)) {
    if (at === root) return true;
    seen.add(at);
  }
  return false;
}
