/** What is worth a look in a file, so many of each kind that a file of a million of them neither fills the memory nor the ledger. */
import { FINDINGS_LISTED, type Finding, type Refusal, type RefusalName } from '#ledger';

/** Kinds with a sentence of their own that tells how many there were where not all are listed. */
const IN_ALL: Partial<Record<RefusalName, RefusalName>> = {
  'finding-without-counterparty': 'finding-without-counterparty-in-all',
  'finding-voucher-repeated': 'finding-voucher-repeated-in-all',
  'finding-number-gap': 'finding-number-gap-in-all',
};

export class Noticed {
  readonly #kinds = new Map<RefusalName, { readonly listed: Finding[]; inAll: number }>();

  add(row: number, finding: RefusalName, facts: Refusal['facts']): void {
    const kind = this.#kind(finding);
    kind.inAll += 1;
    if (kind.listed.length < FINDINGS_LISTED) kind.listed.push({ row, finding, facts: storable(facts) });
  }

  /** Takes over what another thread noticed further down in the file. */
  absorb(later: ReturnType<Noticed['saved']>): void {
    for (const [finding, { listed, inAll }] of later) {
      const kind = this.#kind(finding);
      kind.inAll += inAll;
      kind.listed.push(...listed.slice(0, FINDINGS_LISTED - kind.listed.length));
    }
  }

  /** As plain values that a structured clone takes. */
  saved(): ReadonlyMap<RefusalName, { readonly listed: readonly Finding[]; readonly inAll: number }> {
    return this.#kinds;
  }

  get findings(): Finding[] {
    const more = [...this.#kinds].filter(([, { listed, inAll }]) => inAll > listed.length);
    return [
      ...[...this.#kinds.values()].flatMap(({ listed }) => listed),
      ...more.map(([kind, { listed, inAll }]): Finding => ({
        row: 1,
        finding: IN_ALL[kind] ?? 'finding-more',
        facts: { inAll, listed: listed.length, ...(!(kind in IN_ALL) && { kind }) },
      })),
    ];
  }

  #kind(finding: RefusalName): { readonly listed: Finding[]; inAll: number } {
    let kind = this.#kinds.get(finding);
    if (kind === undefined) this.#kinds.set(finding, (kind = { listed: [], inAll: 0 }));
    return kind;
  }
}

/** The facts as an event can hold them: nothing missing, and no letter that was cut in half when a long text was shortened. */
export const storable = (facts: Refusal['facts']) =>
  Object.fromEntries(
    Object.entries(facts).map(([fact, value]) => [fact, typeof value === 'string' ? value.toWellFormed() : (value ?? '')]),
  );
