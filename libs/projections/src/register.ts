/**
 * The register as it stands: grants, decisions, exemptions, allotments, units, periods, account classes, persons and imports,
 * with what was said when. Written together with the figures, at the same position; the questions are in register-answers.ts.
 */
import type Database from 'better-sqlite3';
import { OWN_BOOK, type Finding, type LedgerEvent, type Recorded } from '#ledger';
import { setFact } from './schema.js';

type Row = { readonly [column: string]: string | number | null };

export class Register {
  readonly #statements = new Map<string, Database.Statement>();
  /** Imports under way: the seq that each was opened at. */
  readonly #opened = new Map<string, number>();

  constructor(readonly db: Database.Database) {
    const open = db.prepare<[], { import: string; opened: number }>(
      "SELECT import, opened_seq AS opened FROM imports WHERE status = 'open'",
    );
    for (const { import: id, opened } of open.all()) this.#opened.set(id, opened);
  }

  /** The seq that the event's import was opened at; 0 where it belongs to none. */
  openedSeq(event: LedgerEvent): number {
    if (event.type !== 'VouchersImported' && event.type !== 'VoucherCorrected') return 0;
    return event.data.import === undefined ? 0 : (this.#opened.get(event.data.import) ?? 0);
  }

  apply({ head, event }: Recorded): void {
    const { seq, recordedAt: recorded_at, actor } = head;
    const { type, data } = event;
    switch (type) {
      case 'LedgerOpened': {
        const { organisationNumber, name, currency, timeZone, demo, region } = data;
        const facts = { organisationNumber, name, currency, timeZone, demo: demo ? 'yes' : 'no', region };
        for (const [field, value] of Object.entries(facts)) setFact(this.db, field, value);
        this.#put('account_classes', { valid_from: '1900-01-01', classes: JSON.stringify(data.accountClasses) });
        this.#put('units', { unit: region, last_day: null });
        return this.#put('unit_versions', { unit: region, valid_from: '1900-01-01', name, kind: 'region', parent: null });
      }
      case 'PersonAdded':
        return this.#put('persons', { person: data.person, login: event.annex?.login ?? null, name: event.annex?.name ?? null, seq });
      case 'AccountClassesSet':
        return this.#put('account_classes', { valid_from: data.validFrom, classes: JSON.stringify(data.classes) });
      case 'UnitSet':
        this.#run('INSERT INTO units (unit, last_day) VALUES (?, NULL) ON CONFLICT (unit) DO NOTHING', data.unit);
        return this.#put('unit_versions', {
          unit: data.unit,
          valid_from: data.validFrom,
          name: data.name,
          kind: data.kind,
          parent: data.parent,
        });
      case 'UnitEnded':
        return this.#run('UPDATE units SET last_day = ? WHERE unit = ?', data.lastDay, data.unit);
      case 'GrantRegistered':
        this.#put('grants', {
          grant_code: data.grant,
          valid_from: data.validFrom,
          last_day: null,
          predecessor: data.predecessor ?? null,
          successor: null,
        });
        return this.#put('grant_names', { grant_code: data.grant, valid_from: data.validFrom, name: data.name });
      case 'GrantRenamed':
        return this.#put('grant_names', { grant_code: data.grant, valid_from: data.validFrom, name: data.name });
      case 'GrantRetired':
        return this.#run(
          'UPDATE grants SET last_day = ?, successor = ? WHERE grant_code = ?',
          data.lastDay,
          data.successor ?? null,
          data.grant,
        );
      case 'DecisionRegistered':
        this.#put('decisions', { decision: data.decision, grant_code: data.grant });
        return this.#put('decision_versions', {
          decision: data.decision,
          valid_from: '1900-01-01',
          terms: JSON.stringify(data.terms),
          reason: null,
          seq,
        });
      case 'DecisionChanged':
        return this.#put('decision_versions', {
          decision: data.decision,
          valid_from: data.validFrom,
          terms: JSON.stringify(data.terms),
          reason: event.annex?.reason ?? null,
          seq,
        });
      case 'NeutralityExempted':
        return this.#put('exemptions', {
          grant_code: data.grant,
          decision: data.decision ?? '',
          year: data.year,
          reference: data.reference,
          reason: event.annex?.reason ?? null,
        });
      case 'ExemptionWithdrawn':
        return this.#run(
          'DELETE FROM exemptions WHERE grant_code = ? AND decision = ? AND year = ?',
          data.grant,
          data.decision ?? '',
          data.year,
        );
      case 'FundsAllotted':
        return this.#put('allotments', { seq, decision: data.decision, unit: data.unit, ore: data.amountOre, date: data.date });
      case 'UseReported':
        return this.#put('reported', {
          seq,
          decision: data.decision,
          ore: data.amountOre,
          date: data.date,
          diarienummer: data.diarienummer ?? null,
        });
      case 'PeriodClosed':
        return this.#put('period_acts', { seq, period: data.period, act: 'closed', recorded_at, actor, approver: null, reason: null });
      case 'PeriodReopened':
        return this.#put('period_acts', {
          seq,
          period: data.period,
          act: 'reopened',
          recorded_at,
          actor,
          approver: event.annex?.approver ?? null,
          reason: event.annex?.reason ?? null,
        });
      case 'ImportOpened': {
        const {
          import: id,
          sha256,
          bytes,
          book,
          year,
          counts,
          vouchers,
          kind,
          format,
          profile,
          corrections = 0,
          leftOut,
          keptSha256,
          periods,
          fiscalYear,
          asNew,
        } = data;
        this.#opened.set(id, seq);
        const file = event.annex?.file ?? null;
        return this.#put('imports', {
          opened_seq: seq,
          import: id,
          status: 'open',
          closed_seq: null,
          file,
          sha256,
          bytes,
          book,
          year,
          counts: JSON.stringify(counts),
          vouchers,
          recorded_at,
          actor,
          findings: 0,
          because: null,
          counted: 0,
          kind,
          format,
          profile,
          corrections,
          left_out: leftOut ? JSON.stringify(leftOut) : null,
          kept_sha256: keptSha256 ?? null,
          first_period: periods[0] ?? null,
          last_period: periods.at(-1) ?? null,
          fiscal_from: fiscalYear?.from ?? null,
          fiscal_through: fiscalYear?.through ?? null,
          as_new: asNew ? JSON.stringify(asNew) : null,
        });
      }
      case 'FindingsRecorded':
        return this.#keepFindings(seq, data.import, this.#opened.get(data.import)!, data.findings);
      case 'ImportClosed':
        return this.#endImport(data.import, 'closed', head, null);
      case 'ImportAbandoned':
        return this.#endImport(data.import, 'abandoned', head, data.because);
      case 'ImportRefused': {
        const { sha256, bytes, book, year = null, findings, findingsInAll } = data;
        const id = `refused-${seq}`;
        const file = event.annex?.file ?? null;
        this.#put('imports', {
          opened_seq: seq,
          import: id,
          status: 'refused',
          closed_seq: seq,
          file,
          sha256,
          bytes,
          book,
          year,
          counts: null,
          vouchers: 0,
          recorded_at,
          actor,
          findings: 0,
          because: null,
          counted: 0,
        });
        this.#keepFindings(seq, id, seq, findings);
        return this.#run('UPDATE imports SET findings = ? WHERE opened_seq = ?', findingsInAll, seq);
      }
      case 'StartConsented': {
        const { sha256, bytes, year, findings } = data;
        const [id, file, reason] = [`start-${seq}`, event.annex?.file ?? null, event.annex?.reason ?? null];
        this.#put('imports', {
          opened_seq: seq,
          import: id,
          status: 'consented',
          closed_seq: seq,
          closed_at: recorded_at,
          file,
          sha256,
          bytes,
          book: OWN_BOOK,
          year,
          vouchers: 0,
          recorded_at,
          actor,
          findings: 0,
          because: reason,
          format: 'xlsx',
        });
        this.#keepFindings(seq, id, seq, findings);
        for (const place of findings.keys()) this.#put('settlements', { finding: `${seq}.${place + 1}`, seq, recorded_at, actor, reason });
        return;
      }
      case 'ProfileSet':
        return this.#put('profiles', {
          profile: data.profile,
          version: data.version,
          valid_from: data.validFrom,
          settings: JSON.stringify(data.settings),
          seq,
          recorded_at,
          actor,
        });
      case 'ProfileEnded':
        return this.#put('ended_profiles', { profile: data.profile, seq });
      case 'FindingsSettled':
        for (const finding of data.findings)
          this.#put('settlements', { finding, seq, recorded_at, actor, reason: event.annex?.reason ?? null });
        return;
      case 'HintRuleSet':
        return this.#put('hint_rules', {
          rule: data.rule,
          grant_code: data.grant,
          criterion: JSON.stringify(event.annex?.criterion ?? {}),
        });
      case 'HintRuleRemoved':
        return this.#run('DELETE FROM hint_rules WHERE rule = ?', data.rule);
      case 'GrantCodePatternSet':
      default:
        return;
    }
  }

  #keepFindings(seq: number, id: string, openedSeq: number, findings: readonly Finding[]): void {
    findings.forEach(({ row, finding, facts }, i) =>
      this.#put('findings', { seq, place: i + 1, import: id, row, finding, facts: JSON.stringify(facts) }),
    );
    this.#run('UPDATE imports SET findings = findings + ? WHERE opened_seq = ?', findings.length, openedSeq);
  }

  /** The one row that decides whether an import's money counts. */
  #endImport(id: string, status: 'closed' | 'abandoned', { seq, recordedAt }: Recorded['head'], because: string | null): void {
    this.#run(
      'UPDATE imports SET status = ?, closed_seq = ?, closed_at = ?, because = ?, counted = ? WHERE opened_seq = ?',
      status,
      seq,
      recordedAt,
      because,
      status === 'closed' ? 1 : 0,
      this.#opened.get(id) ?? -1,
    );
    this.#opened.delete(id);
  }

  /** Writes a row over what has the same key. */
  #put(table: string, row: Row): void {
    const columns = Object.keys(row);
    this.#run(
      `INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      ...Object.values(row),
    );
  }

  #run(sql: string, ...values: readonly (string | number | null)[]): void {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.db.prepare(sql)));
    statement.run(...values);
  }
}
