/**
 * What vouchers use against what the file declares: accounts, dimensions, parents of sub-dimensions. Gathered while the file is
 * read, with the first line of each, and said when the whole of it is known. Used by reader.ts.
 */
import type { Complaint, ComplaintName } from './complaint.js';
import type { SieObject } from './records.js';
import type { Registers } from './registers.js';

type Place = { readonly line: number; readonly text: string };
type ComplainAt = (line: number, text: string, name: ComplaintName, facts: Complaint['facts']) => void;

/** Different accounts, and different sets of dimensions, that are looked at; a file with more is no book. */
const MOST = 10_000;

export class Usage {
  readonly #accounts = new Map<string, Place>();
  readonly #dimensions = new Map<string, Place & { readonly dims: readonly string[] }>();

  /** @param place the line that is being read, for people */
  constructor(private readonly place: () => Place) {}

  account(account: string): void {
    if (this.#accounts.size < MOST) this.#accounts.set(account, this.place());
  }

  /** Which dimensions stand together on a line. */
  objects(objects: readonly SieObject[]): void {
    const dims = objects.map(({ dim }) => dim);
    const key = dims.join(' ');
    if (!this.#dimensions.has(key) && this.#dimensions.size < MOST) this.#dimensions.set(key, { ...this.place(), dims });
  }

  say({ declared, dimensions }: Registers, complainAt: ComplainAt): void {
    if (declared.size > 0)
      for (const [account, { line, text }] of this.#accounts)
        if (!declared.has(account)) complainAt(line, text, 'sie-account-undeclared', { account });
    const said = new Set<string>();
    const once = ({ line, text }: Place, name: ComplaintName, dimension: string, parent = '') => {
      if (said.has(`${name} ${dimension}`)) return;
      said.add(`${name} ${dimension}`);
      complainAt(line, text, name, { dimension, parent });
    };
    for (const place of this.#dimensions.values())
      for (const dim of place.dims) {
        const dimension = dimensions.get(dim);
        if (!dimension) once(place, 'sie-dimension-undeclared', dim);
        else if (dimension.parent !== null && !place.dims.includes(dimension.parent))
          once(place, 'sie-parent-object-missing', dim, dimension.parent);
      }
  }
}
