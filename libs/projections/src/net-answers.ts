/**
 * The tables: net per grant and decision, per unit, per period, and the verdicts on neutrality. Summed from the figures when asked;
 * only the attribution to decisions is kept between questions, for as long as nothing of its grant has changed.
 */
import { refuse, type Effect } from '#ledger';
import type {
  Asked,
  DecisionShare,
  Figures,
  GrantNet,
  Net,
  Neutrality,
  NeutralityReason,
  NeutralityVerdict,
  Periods,
  PeriodFigures,
  Unallotted,
  UnitFigures,
  Units,
  Verdict,
} from './answer-shapes.js';
import { attribute, stepsOf, termsOn, type DatedDecision, type Share, type Step } from './attribution.js';
import { allottedBy, awardedOn, decisionsOf, leftOf, leftOfAll, reportedBy } from './funds.js';
import { COUNTS, held, moves, NO_FIGURES, plus, Sum, type Reading, type Settled } from './reading.js';
import { oreOf } from './schema.js';

type Summed = { readonly effect: Effect; readonly internal: bigint; readonly giga: bigint; readonly rest: bigint };

export class NetAnswers {
  /** Shares of a grant summed per period, unit, effect, internal and decision. */
  readonly #shares = new Map<string, { readonly stamp: string; readonly shares: readonly Share[] }>();

  constructor(private readonly reading: Reading) {}

  net(asked: Asked): Net {
    return this.#net(this.reading.settle(asked));
  }

  units(asked: Asked & { readonly grant?: string }): Units {
    const settled = this.reading.settle(asked);
    const { standing, units, isRegion } = settled;
    const grant = this.#grantAsked(asked.grant);
    const sums = new Map<string, Sum>();
    for (const row of this.#sums<Summed & { unit: string }>('c.unit AS unit', settled, grant))
      if (!(isRegion && row.internal)) held(sums, row.unit, () => new Sum()).add(row.effect, oreOf(row.giga, row.rest));
    const own = new Map(units.map(({ unit }) => [unit, sums.get(unit)?.figures ?? NO_FIGURES]));
    const below = new Map(own);
    for (const { unit, parent } of [...units].reverse())
      if (parent !== null && below.has(parent) && unit !== standing.scope.unit)
        below.set(parent, plus(below.get(parent)!, below.get(unit)!));
    const top = units[0]!.depth;
    const rows = units.map((node): UnitFigures => ({
      ...node,
      depth: node.depth - top,
      own: own.get(node.unit)!,
      withBelow: below.get(node.unit)!,
    }));
    return { ...standing, grant, units: rows };
  }

  periods(asked: Asked & { readonly grant?: string }): Periods {
    const settled = this.reading.settle(asked);
    const grant = this.#grantAsked(asked.grant);
    const sums = new Map<string, Sum>();
    const total = new Sum();
    for (const row of this.#sums<Summed & { period: string }>('c.period AS period', settled, grant))
      if (!(settled.isRegion && row.internal))
        for (const sum of [held(sums, row.period, () => new Sum()), total]) sum.add(row.effect, oreOf(row.giga, row.rest));
    let cumulativeNetOre = 0n;
    const periods = [...sums.keys()].sort().map((period): PeriodFigures => {
      const { figures } = sums.get(period)!;
      cumulativeNetOre += figures.netOre;
      return { period, ...figures, cumulativeNetOre };
    });
    return { ...settled.standing, grant, periods, total: total.figures };
  }

  neutrality(asked: Asked): Neutrality {
    const settled = this.reading.settle(asked);
    const here = this.#net(settled);
    const region = settled.isRegion ? here : this.#net(this.reading.settle({ ...asked, year: here.year, scope: undefined }));
    const byGrant = new Map(here.grants.map((grant) => [grant.grant, grant]));
    const all = region.grants.map((grant) => [grant, byGrant.get(grant.grant)] as const);
    const only = here.grants
      .filter(({ grant }) => !region.grants.some((other) => other.grant === grant))
      .map((grant) => [undefined, grant] as const);
    const verdicts = [...all, ...only]
      .map(([whole, part]): NeutralityVerdict => {
        const { grant, name, exempt } = (whole ?? part)!;
        const [towards, placed] = [judged(whole), judged(part)];
        return {
          grant,
          name,
          exempt,
          region: { netOre: towards.netOre, verdict: towards.verdict, reason: reasonOf(towards, towards) },
          scope: { netOre: placed.netOre, verdict: placed.verdict, reason: reasonOf(placed, towards) },
        };
      })
      .sort((a, b) => (a.grant < b.grant ? -1 : 1));
    const count = (verdict: Verdict) => verdicts.filter(({ scope }) => scope.verdict === verdict).length;
    return { ...settled.standing, verdicts, neutral: count('neutral'), notNeutral: count('not-neutral'), exempt: count('exempt') };
  }

  /** As things stand now: every allotment there is, whatever its date, against the terms in force at the year's end. */
  unallotted(year: number): Unallotted {
    const { standing, lastDay } = this.reading.settle({ year });
    const allotted = allottedBy(this.reading, null, null);
    const decisions = [...decisionsOf(this.reading)].flatMap(([grant, dated]) =>
      dated.flatMap((decision) => {
        const terms = termsOn(decision, lastDay);
        if (terms.grantYear !== year) return [];
        const awardedOre = BigInt(terms.awardedOre);
        const allottedOre = allotted.get(decision.decision) ?? 0n;
        return [
          {
            decision: decision.decision,
            grant,
            name: this.reading.grantName(grant, lastDay),
            awardedOre,
            allottedOre,
            ...leftOf(awardedOre, allottedOre),
          },
        ];
      }),
    );
    const { unallottedOre, overAllottedOre } = leftOfAll(decisions);
    return { seq: standing.seq, demo: standing.demo, year, decisions, totalOre: unallottedOre, overAllottedOre };
  }

  #net(settled: Settled): Net {
    const { standing, isRegion, lastDay, units } = settled;
    const { year } = standing;
    const sums = { outside: new Sum(), internal: new Sum(), internalOutside: new Sum() };
    const byGrant = new Map<string, Sum>();
    const byDecision = new Map<string, Map<string | null, Sum>>();
    for (const { grant, decision, effect, internal, giga, rest } of this.#sums<Summed & { grant: string; decision: string }>(
      'c.grant_code AS "grant", c.decision AS decision',
      settled,
    )) {
      const ore = oreOf(giga, rest);
      if (internal) (grant === '' ? sums.internalOutside : sums.internal).add(effect, ore);
      if (internal && isRegion) continue;
      if (grant === '') sums.outside.add(effect, ore);
      else {
        held(byGrant, grant, () => new Sum()).add(effect, ore);
        if (!attributed(effect))
          held(
            held(byDecision, grant, () => new Map<string | null, Sum>()),
            decision || null,
            () => new Sum(),
          ).add(effect, ore);
      }
    }
    const decisions = decisionsOf(this.reading);
    const exemptions = this.#exemptions(year);
    const allotted = allottedBy(this.reading, lastDay, isRegion ? null : new Set(units.map(({ unit }) => unit)));
    const allottedAnywhere = isRegion ? allotted : allottedBy(this.reading, lastDay, null);
    const reported = reportedBy(this.reading, lastDay);
    const codes = new Set([...byGrant.keys(), ...[...exemptions.keys()].map((key) => key.split('|')[0]!)]);
    for (const [grant, dated] of decisions) if (dated.some((decision) => termsOn(decision, lastDay).grantYear === year)) codes.add(grant);

    const grants = [...codes].sort().map((grant): GrantNet => {
      const figures = byGrant.get(grant)?.figures ?? NO_FIGURES;
      const dated = decisions.get(grant) ?? [];
      const exempt = exemptions.get(`${grant}|`) ?? null;
      const shares = this.#decisionShares(
        grant,
        dated,
        byDecision.get(grant) ?? new Map<string | null, Sum>(),
        settled,
        exemptions,
        reported,
      );
      const ofYear = shares.filter(({ grantYear }) => grantYear === year);
      const toJudge = figures.netOre - exemptPart(shares).netOre;
      return {
        grant,
        name: this.reading.grantName(grant, lastDay),
        ...figures,
        awardedOre: ofYear.reduce((sum, { awardedOre }) => sum + (awardedOre ?? 0n), 0n),
        reportedOre: ofYear.reduce((sum, { reportedOre }) => sum + (reportedOre ?? 0n), 0n),
        allottedOre: ofYear.reduce((sum, { decision }) => sum + (allotted.get(decision!) ?? 0n), 0n),
        exempt,
        verdict: verdictOf(figures, exempt, toJudge),
        decisions: shares,
      };
    });
    const total = grants.reduce((sum, grant) => plus(sum, grant), NO_FIGURES);
    const exempted = grants.reduce((sum, grant) => plus(sum, grant.exempt === null ? exemptPart(grant.decisions) : grant), NO_FIGURES);
    return {
      ...standing,
      grants,
      total,
      totalWithoutExempt: plus(total, exempted, -1n),
      withoutGrantCode: sums.outside.figures,
      internal: sums.internal.figures,
      internalWithoutGrantCode: sums.internalOutside.figures,
      ...leftOfAll(
        [...decisions.values()]
          .flat()
          .filter((decision) => termsOn(decision, lastDay).grantYear === year)
          .map((decision) => leftOf(awardedOn(decision, lastDay), allottedAnywhere.get(decision.decision) ?? 0n)),
      ),
    };
  }

  #decisionShares(
    grant: string,
    dated: readonly DatedDecision[],
    sums: Map<string | null, Sum>,
    { standing, isRegion, units, lastDay }: Settled,
    exemptions: ReadonlyMap<string, string>,
    reported: ReadonlyMap<string, bigint>,
  ): DecisionShare[] {
    const { year, fromPeriod, through } = standing;
    const inScope = new Set(units.map(({ unit }) => unit));
    for (const { period, unit, effect, internal, decision, ore } of this.#sharesOf(grant, dated))
      if (period >= fromPeriod && period <= through && (isRegion ? !internal : inScope.has(unit)))
        held(sums, decision, () => new Sum()).add(effect, ore);
    const known = new Map(
      dated.map((decision) => [decision.decision, { ...termsOn(decision, lastDay), awardedOre: awardedOn(decision, lastDay) }]),
    );
    for (const [decision, { grantYear }] of known) if (grantYear === year) held(sums, decision, () => new Sum());
    return [...sums]
      .map(([decision, { figures }]): DecisionShare => {
        const terms = decision === null ? undefined : known.get(decision);
        return {
          decision,
          ...figures,
          grantYear: terms?.grantYear ?? null,
          agency: terms?.agency ?? null,
          diarienummer: terms?.diarienummer ?? null,
          kind: terms?.kind ?? null,
          carriedIn: terms !== undefined && terms.grantYear < year,
          awardedOre: terms?.awardedOre ?? null,
          reportedOre: decision === null ? null : (reported.get(decision) ?? 0n),
          exempt: exemptions.get(`${grant}|${decision ?? ' '}`) ?? null,
        };
      })
      .filter((share) => moves(share) || share.grantYear === year)
      .sort((a, b) =>
        a.decision === null ? 1 : b.decision === null ? -1 : (a.grantYear ?? 0) - (b.grantYear ?? 0) || (a.decision < b.decision ? -1 : 1),
      );
  }

  /** The shares of all years, attributed anew where a step, a closed import or a term has come since. */
  #sharesOf(grant: string, dated: readonly DatedDecision[]): readonly Share[] {
    const [{ stamp }] = this.reading.rows<{ stamp: string }>(
      `SELECT (SELECT count(*) || ' ' || coalesce(max(s.seq), -1) FROM steps s WHERE s.grant_code = ?) || ' ' ||
        (SELECT count(*) FROM imports WHERE counted = 1) || ' ' ||
        (SELECT coalesce(max(v.seq), -1) FROM decision_versions v JOIN decisions d ON d.decision = v.decision WHERE d.grant_code = ?) AS stamp`,
      grant,
      grant,
    ) as [{ stamp: string }];
    const kept = this.#shares.get(grant);
    if (kept?.stamp === stamp) return kept.shares;
    const steps = this.reading.rows<{ seq: number; body: string }>('SELECT s.seq, s.body FROM steps s WHERE s.grant_code = ?', grant);
    // an import is one act, as of its opening: its steps are its figures
    const imported = this.reading.sums<Omit<Step, 'ore' | 'seq' | 'internal'> & Summed & { seq: bigint }>(
      `SELECT f.import AS seq, c.period, c.unit, c.decision, c.effect, c.internal, sum(f.giga) AS giga, sum(f.rest) AS rest FROM placings c JOIN figures f ON f.coding = c.id
       WHERE c.grant_code = ? AND f.import <> 0 AND c.effect IN ('recognised', 'both', 'cost') AND ${COUNTS} GROUP BY f.import, c.period, c.unit, c.decision, c.effect, c.internal`,
      grant,
    );
    const shares = summed(
      attribute(
        [
          ...steps.flatMap(({ seq, body }) => stepsOf(seq, body)),
          ...imported.map(({ seq, internal, giga, rest, ...step }) => ({
            ...step,
            seq: Number(seq),
            internal: internal === 1n,
            ore: oreOf(giga, rest),
          })),
        ],
        dated,
      ),
    );
    this.#shares.set(grant, { stamp, shares });
    return shares;
  }

  #sums<R>(columns: string, settled: Settled, grant: string | null = null): R[] {
    const over = this.reading.over(settled);
    const only = grant !== null ? 'AND c.grant_code = ?' : columns.includes('c.grant_code') ? '' : "AND c.grant_code <> ''";
    const by = columns.replaceAll(/ AS "?\w+"?/g, '');
    return this.reading.sums<R>(
      `SELECT ${columns}, c.effect AS effect, c.internal AS internal, sum(f.giga) AS giga, sum(f.rest) AS rest FROM placings c JOIN figures f ON f.coding = c.id
       WHERE ${over.sql} AND c.effect <> 'none' ${only} AND ${COUNTS} GROUP BY ${by}, c.effect, c.internal`,
      ...over.values,
      ...(grant === null ? [] : [grant]),
    );
  }

  #grantAsked(grant: string | undefined): string | null {
    if (grant === undefined) return null;
    if (!this.reading.row('SELECT 1 FROM grants WHERE grant_code = ?', grant)) refuse('grant-unknown', { grant: grant.slice(0, 40) });
    return grant;
  }

  /** By `grant|decision`, the decision empty where the whole grant is exempt. */
  #exemptions(year: number): Map<string, string> {
    const rows = this.reading.rows<{ key: string; reference: string }>(
      "SELECT grant_code || '|' || decision AS key, reference FROM exemptions WHERE year = ?",
      year,
    );
    return new Map(rows.map(({ key, reference }) => [key, reference]));
  }
}

const attributed = (effect: Effect): boolean => effect === 'cost' || effect === 'recognised' || effect === 'both';

/** One share for each period, unit, effect, internal and decision. */
function summed(shares: readonly Share[]): Share[] {
  const sums = new Map<string, Share>();
  for (const share of shares) {
    const key = `${share.period}\n${share.unit}\n${share.effect}${share.internal ? 1 : 0}\n${share.decision ?? ''}`;
    const before = sums.get(key);
    sums.set(key, before ? { ...before, ore: before.ore + share.ore } : share);
  }
  return [...sums.values()];
}

const exemptPart = (shares: readonly DecisionShare[]): Figures =>
  shares.reduce((sum, share) => (share.exempt === null ? sum : plus(sum, share)), NO_FIGURES);

function verdictOf(figures: Figures, exempt: string | null, toJudge: bigint): Verdict {
  if (exempt !== null) return 'exempt';
  if (figures.recognisedOre === 0n && figures.reallocatedOre === 0n && figures.costOre === 0n) return 'no-movement';
  return toJudge === 0n ? 'neutral' : 'not-neutral';
}

type Judged = Figures & { readonly verdict: Verdict };
const judged = (grant: GrantNet | undefined): Judged => grant ?? { ...NO_FIGURES, verdict: 'no-movement' };

function reasonOf({ verdict, netOre, incomeOre, costOre }: Judged, region: Judged): NeutralityReason {
  if (verdict === 'exempt' || verdict === 'no-movement') return verdict;
  if (verdict === 'neutral') return 'in-balance';
  if (incomeOre === 0n) return region.incomeOre !== 0n ? 'income-at-other-unit' : 'cost-without-income';
  if (costOre === 0n) return region.costOre !== 0n ? 'cost-at-other-unit' : 'income-without-cost';
  if (netOre > 0n) return region.netOre <= 0n ? 'cost-at-other-unit' : 'income-left';
  return region.netOre >= 0n ? 'income-at-other-unit' : 'cost-above-income';
}
