/** What is worth a look in a file, so many of each kind that a file of a million of them neither fills the memory nor the ledger. */
import { FINDINGS_LISTED, type Finding, type Refusal, type RefusalName } from '#ledger';

/** Kinds with a sentence of their own that tells how many there were where not all are listed. */
const IN_ALL: Partial<Record<RefusalName, RefusalName>> = {
  'finding-without-counterparty': 'finding-without-counterparty-in-all',
  'finding-voucher-repeated': 'finding-voucher-repeated-in-all',
  'finding-number-gap': 'finding-number-gap-in-all',
};

/** Said when all of the file has been read, in this order, and once for each account, dimension or code: of slices once for all of them. */
const SAID_LAST: readonly (readonly RefusalName[])[] = [
  ['sie-date-outside-year', 'sie-date-other-year'],
  ['sie-account-undeclared'],
  ['sie-dimension-undeclared', 'sie-parent-object-missing'],
  ['finding-two-grants', 'finding-grant-unknown', 'finding-unit-unknown', 'finding-decision-unknown'],
];

/** Said of each other year in the order of the years, so only of the whole file. */
const OF_THE_WHOLE: RefusalName = 'finding-other-year';

type Saved = ReturnType<Noticed['saved']>;

export class Noticed {
  /** What threads noticed in the slices of a file, in order, as if one had read it; null where that cannot be told. */
  static of(slices: readonly Saved[]): Noticed | null {
    if (slices.length > 1 && slices.some((slice) => slice.has(OF_THE_WHOLE))) return null;
    const noticed = new Noticed();
    const last = slices.length > 1 ? SAID_LAST : [];
    for (const slice of slices)
      for (const [kind, saved] of slice) if (!last.some((kinds) => kinds.includes(kind))) noticed.#absorb(kind, saved);
    for (const kinds of last) {
      const once = new Map<string, Finding>();
      for (const slice of slices)
        for (const [kind, { listed, inAll }] of slice) {
          if (!kinds.includes(kind)) continue;
          if (inAll > listed.length) return null;
          for (const finding of listed) addOnce(once, finding);
        }
      for (const { row, finding, facts } of once.values()) noticed.add(row, finding as RefusalName, facts);
    }
    return noticed;
  }

  readonly #kinds = new Map<RefusalName, { readonly listed: Finding[]; inAll: number }>();

  add(row: number, finding: RefusalName, facts: Refusal['facts']): void {
    const kind = this.#kind(finding);
    kind.inAll += 1;
    if (kind.listed.length < FINDINGS_LISTED) kind.listed.push({ row, finding, facts: storable(facts) });
  }

  #absorb(finding: RefusalName, { listed, inAll }: { readonly listed: readonly Finding[]; readonly inAll: number }): void {
    const kind = this.#kind(finding);
    kind.inAll += inAll;
    kind.listed.push(...listed.slice(0, FINDINGS_LISTED - kind.listed.length));
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

/** The first row where it was found, and how many rows, or vouchers, in all. */
function addOnce(once: Map<string, Finding>, found: Finding): void {
  const { rows, vouchers, ...about } = found.facts;
  const key = JSON.stringify([found.finding, about]);
  const before = once.get(key);
  once.set(
    key,
    before ? { ...before, facts: { ...before.facts, ...both('rows', rows, before), ...both('vouchers', vouchers, before) } } : found,
  );
}

const both = (count: string, more: Finding['facts'][string] | undefined, { facts }: Finding) =>
  more === undefined ? {} : { [count]: Number(facts[count]) + Number(more) };

/** How many there are in all of findings as {@link Noticed} lists them: the one that says how many of a kind there were stands for those not listed. */
export const foundInAll = (findings: readonly Finding[]): number =>
  findings.reduce((sum, { facts: { inAll, listed } }) => sum + (listed === undefined ? 1 : Number(inAll) - Number(listed)), 0);

/** The facts as an event can hold them: nothing missing, and no letter that was cut in half when a long text was shortened. */
export const storable = (facts: Refusal['facts']) =>
  Object.fromEntries(
    Object.entries(facts).map(([fact, value]) => [fact, typeof value === 'string' ? value.toWellFormed() : (value ?? '')]),
  );
