/** The lists of the register, as it stands: grants, decisions, units, periods, imports, findings, persons, and the ledger itself. */
import { ROWS_LISTED, type HintCriterion, type ProfileSettings, type Terms, type UnitKind } from '#ledger';
import type { DecisionEntry, GrantEntry, LedgerEntry, Listed, PeriodEntry, PersonEntry, UnitEntry } from './answer-shapes.js';
import type { FindingEntry, Findings, FindingsAsked, HintRuleEntry, ImportEntry, ProfileEntry } from './import-shapes.js';
import { held, type Reading } from './reading.js';
import { differing } from './ties.js';

type FindingRow = Omit<FindingEntry, 'facts' | 'settled'> & {
  readonly facts: string;
  readonly settledSeq: number | null;
  readonly settledAt: string | null;
  readonly settledBy: string | null;
  readonly settledImport: string | null;
  readonly reason: string | null;
};

export class RegisterAnswers {
  constructor(private readonly reading: Reading) {}

  ledger(): LedgerEntry {
    const fact = (name: string) => this.reading.fact(name);
    return {
      seq: this.reading.position('figures'),
      linesSeq: this.reading.position('lines'),
      ledgerId: fact('ledgerId'),
      name: fact('name'),
      organisationNumber: fact('organisationNumber'),
      timeZone: fact('timeZone'),
      demo: this.reading.demo,
      region: fact('region'),
      recordedAt: fact('recordedAt') || null,
      years: this.reading.years(),
      year: this.reading.year(),
    };
  }

  grants(): Listed<GrantEntry> {
    const names = this.#grouped<{ of: string; validFrom: string; name: string }>(
      'SELECT grant_code AS "of", valid_from AS validFrom, name FROM grant_names ORDER BY grant_code, valid_from',
    );
    const exemptions = this.#grouped<{ of: string; decision: string | null; year: number; reference: string; reason: string | null }>(
      'SELECT grant_code AS "of", nullif(decision, \'\') AS decision, year, reference, reason FROM exemptions ORDER BY grant_code, year, decision',
    );
    const rows = this.reading.rows<Omit<GrantEntry, 'names' | 'exemptions'>>(
      'SELECT grant_code AS "grant", valid_from AS validFrom, last_day AS lastDay, predecessor, successor FROM grants ORDER BY grant_code',
    );
    return this.#listed(
      rows.map((grant) => ({ ...grant, names: names.get(grant.grant) ?? [], exemptions: exemptions.get(grant.grant) ?? [] })),
    );
  }

  decisions(): Listed<DecisionEntry> {
    const versions = this.#grouped<{ of: string; validFrom: string; terms: string; reason: string | null; seq: number }>(
      'SELECT decision AS "of", valid_from AS validFrom, terms, reason, seq FROM decision_versions ORDER BY decision, valid_from',
    );
    const allotments = this.#grouped<{ of: string; unit: string; ore: number; date: string }>(
      'SELECT decision AS "of", unit, ore, date FROM allotments ORDER BY seq',
    );
    const reported = this.#grouped<{ of: string; ore: number; date: string; diarienummer: string | null }>(
      'SELECT decision AS "of", ore, date, diarienummer FROM reported ORDER BY seq',
    );
    const rows = this.reading.rows<{ decision: string; grant: string }>(
      'SELECT decision, grant_code AS "grant" FROM decisions ORDER BY grant_code, decision',
    );
    return this.#listed(
      rows.map((row) => ({
        ...row,
        versions: (versions.get(row.decision) ?? []).map(({ terms, ...version }) => ({ ...version, terms: JSON.parse(terms) as Terms })),
        allotments: (allotments.get(row.decision) ?? []).map(({ ore, ...allotment }) => ({ ...allotment, amountOre: BigInt(ore) })),
        reported: (reported.get(row.decision) ?? []).map(({ ore, ...report }) => ({ ...report, amountOre: BigInt(ore) })),
      })),
    );
  }

  units(): Listed<UnitEntry> {
    const versions = this.#grouped<{ of: string; validFrom: string; name: string; kind: UnitKind; parent: string | null }>(
      'SELECT unit AS "of", valid_from AS validFrom, name, kind, parent FROM unit_versions ORDER BY unit, valid_from',
    );
    const rows = this.reading.rows<{ unit: string; lastDay: string | null }>('SELECT unit, last_day AS lastDay FROM units ORDER BY unit');
    return this.#listed(rows.map((unit) => ({ ...unit, versions: versions.get(unit.unit) ?? [] })));
  }

  /** Every period with lines that count or that was ever closed. */
  periods(): Listed<PeriodEntry> {
    const acts = this.#grouped<{
      of: string;
      act: 'closed' | 'reopened';
      seq: number;
      recordedAt: string;
      actor: string;
      approver: string | null;
      reason: string | null;
    }>('SELECT period AS "of", act, seq, recorded_at AS recordedAt, actor, approver, reason FROM period_acts ORDER BY period, seq');
    const periods = this.reading.rows<{ period: string }>(
      `SELECT DISTINCT c.period FROM placings c JOIN figures f ON f.coding = c.id WHERE f.import = 0 OR f.import IN (SELECT opened_seq FROM imports WHERE counted = 1)
       UNION SELECT period FROM period_acts ORDER BY 1`,
    );
    return this.#listed(
      periods.map(({ period }) => {
        const history = (acts.get(period) ?? []).map((act) => ({ ...act, actorName: this.reading.personName(act.actor) }));
        return { period, closed: history.at(-1)?.act === 'closed', history };
      }),
    );
  }

  imports(): Listed<ImportEntry> {
    const rows = this.reading.rows<
      Omit<ImportEntry, 'asNew' | 'counts' | 'leftOut' | 'tied' | 'actorName'> & {
        asNew: string | null;
        counts: string | null;
        leftOut: string | null;
        tied: number | null;
      }
    >(
      `SELECT import, status, file, kind, format, profile, sha256, kept_sha256 AS keptSha256, bytes, book, year, counts, left_out AS leftOut, vouchers, corrections, as_new AS asNew, CASE kind WHEN 'selection' THEN NOT ${differing('true')} END AS tied, opened_seq AS openedSeq, closed_seq AS closedSeq, recorded_at AS recordedAt, actor, findings, because FROM imports i ORDER BY opened_seq`,
    );
    return this.#listed(
      rows.map((row) => ({
        ...row,
        asNew: row.asNew === null ? [] : (JSON.parse(row.asNew) as ImportEntry['asNew']),
        counts: row.counts === null ? null : (JSON.parse(row.counts) as ImportEntry['counts']),
        leftOut: row.leftOut === null ? null : (JSON.parse(row.leftOut) as ImportEntry['leftOut']),
        tied: row.tied === null ? null : row.tied === 1,
        actorName: this.reading.personName(row.actor),
      })),
    );
  }

  /**
   * Findings of imports that count, and of refused files, that nobody has settled; with `all` those too, and by whom. Those of a refused file
   * are settled by the import that the very same bytes came in by later, into that book and year. Those of an open or abandoned import only
   * where it is asked for. The oldest first.
   */
  findings({ import: id, kind, all = false, limit = ROWS_LISTED, after = '0.0' }: FindingsAsked): Findings {
    const most = Math.min(Math.max(1, Math.floor(limit) || 1), ROWS_LISTED);
    const asked = `FROM findings n JOIN imports i ON i.import = n.import LEFT JOIN settlements s ON s.finding = n.seq || '.' || n.place
       LEFT JOIN imports l ON i.status = 'refused' AND l.opened_seq = (SELECT min(x.opened_seq) FROM imports x WHERE x.sha256 = i.sha256
         AND x.status = 'closed' AND x.book = i.book AND x.year = ifnull(i.year, x.year) AND x.closed_seq > i.opened_seq)
       WHERE ${id === undefined ? "i.status IN ('closed', 'refused', 'consented')" : 'n.import = ?'} ${kind === undefined ? '' : 'AND n.finding = ?'} ${all ? '' : 'AND s.seq IS NULL AND l.opened_seq IS NULL'}`;
    const values = [id, kind].flatMap((value) => (value === undefined ? [] : [value]));
    const [seq, place] = after.split('.').map(Number) as [number, number];
    const found = this.reading.rows<FindingRow>(
      `SELECT n.seq || '.' || n.place AS id, n.import, i.file, n.seq, n.row, n.finding, n.facts, ifnull(s.seq, l.closed_seq) AS settledSeq, ifnull(s.recorded_at, l.closed_at) AS settledAt, ifnull(s.actor, l.actor) AS settledBy, s.reason,
         CASE WHEN s.seq IS NULL THEN l.import END AS settledImport
       ${asked} AND (n.seq, n.place) > (?, ?) ORDER BY n.seq, n.place LIMIT ?`,
      ...values,
      seq,
      place,
      most + 1,
    );
    const rows = found.slice(0, most).map(({ facts, settledSeq, settledAt, settledBy, settledImport, reason, ...row }) => ({
      ...row,
      facts: JSON.parse(facts) as FindingEntry['facts'],
      settled:
        settledSeq === null
          ? null
          : {
              seq: settledSeq,
              recordedAt: settledAt!,
              actor: settledBy!,
              actorName: this.reading.personName(settledBy!),
              reason,
              import: settledImport,
            },
    }));
    const count = this.reading.row<{ n: number }>(`SELECT count(*) AS n ${asked}`, ...values)!.n;
    return { ...this.#listed(rows), count, next: found.length > most ? rows.at(-1)!.id : null };
  }

  profiles(): Listed<ProfileEntry> {
    const versions = this.#grouped<{
      of: string;
      version: number;
      validFrom: string;
      settings: string;
      seq: number;
      recordedAt: string;
      actor: string;
    }>(
      'SELECT profile AS "of", version, valid_from AS validFrom, settings, seq, recorded_at AS recordedAt, actor FROM profiles ORDER BY profile, version',
    );
    const ended = new Set(this.reading.rows<{ profile: string }>('SELECT profile FROM ended_profiles').map(({ profile }) => profile));
    return this.#listed(
      [...versions].map(([profile, of]) => ({
        profile,
        ended: ended.has(profile),
        versions: of.map(({ settings, ...version }) => ({
          ...version,
          settings: JSON.parse(settings) as ProfileSettings,
          actorName: this.reading.personName(version.actor),
        })),
      })),
    );
  }

  hintRules(): Listed<HintRuleEntry> {
    const rows = this.reading.rows<{ rule: string; grant: string; criterion: string }>(
      'SELECT rule, grant_code AS "grant", criterion FROM hint_rules ORDER BY rule',
    );
    return this.#listed(rows.map(({ criterion, ...rule }) => ({ ...rule, criterion: JSON.parse(criterion) as HintCriterion })));
  }

  persons(): Listed<PersonEntry> {
    return this.#listed(this.reading.rows<PersonEntry>('SELECT person, login, name, seq FROM persons ORDER BY seq'));
  }

  #listed<T>(rows: readonly T[]): Listed<T> {
    return { seq: this.reading.position('figures'), demo: this.reading.demo, rows };
  }

  #grouped<R extends { readonly of: string }>(sql: string): Map<string, Omit<R, 'of'>[]> {
    const groups = new Map<string, Omit<R, 'of'>[]>();
    for (const { of, ...row } of this.reading.rows<R>(sql)) held(groups, of, () => []).push(row);
    return groups;
  }
}
