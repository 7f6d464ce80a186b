/** Answers made by hand for the specs, in öre. */
import type { Figures, GrantNet, Net, Verdict } from '#projections';

export const figures = (of: Partial<Record<'received' | 'recognised' | 'reallocated' | 'cost' | 'repaid', number>> = {}): Figures => {
  const [receivedOre, recognisedOre, reallocatedOre, costOre, repaidOre] = [
    of.received,
    of.recognised,
    of.reallocated,
    of.cost,
    of.repaid,
  ].map((ore) => BigInt(ore ?? 0)) as [bigint, bigint, bigint, bigint, bigint];
  return {
    receivedOre,
    recognisedOre,
    reallocatedOre,
    incomeOre: recognisedOre + reallocatedOre,
    costOre,
    repaidOre,
    netOre: recognisedOre + reallocatedOre + costOre,
  };
};

export const grant = (code: string, name: string, of: Parameters<typeof figures>[0], exempt: string | null = null): GrantNet => {
  const all = figures(of);
  const verdict: Verdict = exempt ? 'exempt' : all.netOre === 0n ? 'neutral' : 'not-neutral';
  return { grant: code, name, ...all, awardedOre: 0n, reportedOre: 0n, allottedOre: 0n, exempt, verdict, decisions: [] };
};

export function net(grants: readonly GrantNet[], more: Partial<Net> = {}): Net {
  const sum = (of: readonly Figures[]): Figures => {
    const total = (field: keyof Figures) => of.reduce((ore, one) => ore + one[field], 0n);
    return {
      receivedOre: total('receivedOre'),
      recognisedOre: total('recognisedOre'),
      reallocatedOre: total('reallocatedOre'),
      incomeOre: total('incomeOre'),
      costOre: total('costOre'),
      repaidOre: total('repaidOre'),
      netOre: total('netOre'),
    };
  };
  return {
    seq: 1234,
    scope: { unit: 'RS', name: 'Regionstyrelsen', kind: 'board' },
    year: 2023,
    fromPeriod: '2023-01',
    through: '2023-16',
    demo: false,
    notTied: [],
    grants,
    total: sum(grants),
    totalWithoutExempt: sum(grants.filter(({ exempt }) => exempt === null)),
    withoutGrantCode: figures(),
    internal: figures(),
    internalWithoutGrantCode: figures(),
    unallottedOre: 0n,
    overAllottedOre: 0n,
    ...more,
  };
}
