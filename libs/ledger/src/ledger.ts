/**
 * The state that every rule looks at, and the fold that builds it from stored events. It holds no lines: numbers, balances,
 * what was recoded or corrected, the register and what is closed. It is changed in place, and the journal takes back what
 * did not become durable. Deterministic: the same events give the same state, on any machine.
 */
import { Chart } from './accounts.js';
import { vouchersOf, type LedgerEvent, type Terms } from './events.js';
import { totalsText } from './imports/control-totals.js';
import { takenFindings } from './imports/findings-fold.js';
import { abandonedImport, closedImport, openedImport, takenCorrection, takenPart } from './imports/import-fold.js';
import { overtake, overtakeVoucher } from './imports/overtaken.js';
import { PartFold } from './imports/part-fold.js';
import type { ProfileVersions } from './imports/profile.js';
import { Journal, Sums, Table } from './journal.js';
import { Keys } from './keys.js';
import { countLine, dayOfUse } from './line-sums.js';
import { Numbers } from './numbers.js';
import type { Recorded } from './record.js';
import { OWN_BOOK, referenceText, type Reference } from './reference.js';
import {
  coding,
  exemptionKey,
  numberKey,
  type Corrected,
  type Decision,
  type Findings,
  type Grant,
  type LaterVersions,
  type LedgerFacts,
  type OpenImport,
  type Profile,
  type Recoded,
  type SavedLedger,
  type StandingVersion,
  type Unit,
} from './state.js';
import type { Voucher } from './voucher.js';

const NOTHING: LedgerFacts = {
  ledgerId: '',
  organisationNumber: '',
  name: '',
  timeZone: '',
  demo: false,
  region: '',
  grantCodePattern: '',
  seq: -1,
  recordedAt: '',
  codingSeq: -1,
};

// prettier-ignore
const RECODES_FILES: ReadonlySet<LedgerEvent['type']> = new Set([
  'AccountClassesSet', 'UnitSet', 'UnitEnded', 'GrantRegistered', 'GrantRetired',
  'DecisionRegistered', 'DecisionChanged', 'ImportClosed',
]);

/** The tables that are saved whole, by name. */
// prettier-ignore
const SAVED = [
  'persons', 'units', 'grants', 'decisions', 'exemptions', 'profiles', 'hintRules', 'closedPeriods', 'recoded', 'corrected', 'versions',
  'filesImported', 'filesOvertaken', 'selections', 'findings', 'unitsUsed', 'fiscalYears', 'sums',
] as const;

export class Ledger {
  readonly journal = new Journal();
  facts: LedgerFacts;
  chart: Chart;
  /** Person id by login. */
  readonly persons: Table<string>;
  readonly units: Table<Unit>;
  readonly grants: Table<Grant>;
  readonly decisions: Table<Decision>;
  /** By `grant|decision|year`, the decision empty where the whole grant is exempt. */
  readonly exemptions: Table<string>;
  readonly closedPeriods: Table<true>;
  /** Öre moved to (+ in the line's sign) or from each coding, in which period, by voucher, then {@link coding}. */
  readonly recoded: Table<Recoded>;
  /** By the corrected voucher's reference. */
  readonly corrected: Table<Corrected>;
  /** Of ERP's numbers that a changed file has corrected, by {@link numberKey}. */
  readonly versions: Table<LaterVersions>;
  /** The import's id by `sha256|profile|book|year` of files that entered whole. */
  readonly filesImported: Table<string>;
  /** Those of them that a later file has corrected something of the same book and year after. */
  readonly filesOvertaken: Table<true>;
  /** By `book-year`: one open import at a time. */
  readonly openImports: Table<OpenImport>;
  /** By `book-year`, what files have said of the fiscal year of that name. */
  readonly fiscalYears: Table<OpenImport['knownYear']>;
  /** The last day that each unit was used, as {@link UnitsUsed} counts it. */
  readonly unitsUsed: Table<string>;
  /** The control totals that stand, as {@link totalsText}, of each import of a selection, open or closed; '' where there are none. */
  readonly selections: Table<string>;
  readonly profiles: Table<Profile>;
  /** By the seq of the event that recorded them, of imports that closed or were refused. */
  readonly findings: Table<Findings>;
  /** The grant that a rule speaks for. */
  readonly hintRules: Table<string>;
  /** Öre by what the rules ask: see {@link sumsOfLine}. */
  readonly sums: Sums;
  readonly keys: Keys;
  readonly #books = new Map<string, Numbers>();
  readonly #partFold = new PartFold();
  /** The decisions under each grant, which every line asks for; made of `decisions`, and not saved beside them. */
  readonly #decisionsOf: Table<readonly string[]>;

  constructor(saved?: SavedLedger) {
    const table = <V>(name: string) => new Table<V>(this.journal, (saved?.tables[name] ?? []) as [string, V][]);
    this.facts = saved?.facts ?? NOTHING;
    this.chart = new Chart(saved?.chart ?? []);
    this.persons = table('persons');
    this.units = table('units');
    this.grants = table('grants');
    this.decisions = table('decisions');
    this.#decisionsOf = new Table(
      this.journal,
      Map.groupBy(this.decisions.keys(), (id) => this.decisions.get(id)!.grant),
    );
    this.exemptions = table('exemptions');
    this.closedPeriods = table('closedPeriods');
    this.recoded = table('recoded');
    this.corrected = table('corrected');
    this.versions = table('versions');
    this.filesImported = table('filesImported');
    this.filesOvertaken = table('filesOvertaken');
    this.unitsUsed = table('unitsUsed');
    this.fiscalYears = table('fiscalYears');
    this.selections = table('selections');
    this.profiles = table('profiles');
    this.findings = table('findings');
    this.hintRules = table('hintRules');
    this.sums = new Sums(this.journal, (saved?.tables['sums'] ?? []) as [string, bigint][]);
    this.keys = new Keys(this.journal, saved?.keys);
    for (const [name, book] of saved?.books ?? []) this.#books.set(name, new Numbers(this.journal, book));
    this.openImports = new Table<OpenImport>(
      this.journal,
      (saved?.imports ?? []).map((open) => [
        `${open.book}-${open.year}`,
        {
          ...open,
          numbers: new Numbers(this.journal, open.numbers),
          sums: new Sums(this.journal, open.sums),
          corrected: new Table(this.journal, open.corrected),
        },
      ]),
    );
  }

  /** The state as plain values, in order of key: the same events always look the same. `new Ledger(saved)` gives it back. */
  save(): SavedLedger {
    return {
      facts: this.facts,
      chart: this.chart.settings,
      tables: Object.fromEntries(SAVED.map((name) => [name, [...this[name].entries()].sort(byKey)])),
      books: new Map(
        [...this.#books]
          .filter(([, { count }]) => count > 0)
          .sort(byKey)
          .map(([name, book]) => [name, book.saved()]),
      ),
      imports: [...this.openImports.entries()].sort(byKey).map(([, open]) => ({
        ...open,
        numbers: open.numbers.saved(),
        sums: [...open.sums.entries()].sort(byKey),
        corrected: [...open.corrected.entries()].sort(byKey),
      })),
      keys: this.keys.saved(),
    };
  }

  get seq(): number {
    return this.facts.seq;
  }

  /** The taken numbers of a book and year. */
  numbers(book: string, year: number): Numbers {
    const name = `${book}-${year}`;
    let numbers = this.#books.get(name);
    if (!numbers) this.#books.set(name, (numbers = new Numbers(this.journal)));
    return numbers;
  }

  /** The next number of our own in a year: unbroken from 1 (R2). */
  nextNumber(year: number): number {
    return this.numbers(OWN_BOOK, year).highest('') + 1;
  }

  /** The seq of the event that holds a voucher, or null where there is none that counts. */
  locate(ref: Reference): number | null {
    if (ref.version > 1) return this.versions.get(numberKey(ref))?.seqs[ref.version - 2] ?? null;
    return this.numbers(ref.book, ref.year).find(ref.series, ref.number)?.seq ?? null;
  }

  /** What the files have said last of an ERP's number, whatever was done with it here; null where it was never there, was taken back or has moved. */
  standing(ref: Omit<Reference, 'version'>): StandingVersion | null {
    const later = this.versions.get(numberKey({ ...ref, version: 1 }));
    if (!later) {
      const first = this.numbers(ref.book, ref.year).find(ref.series, ref.number);
      return first && { version: 1, ...first };
    }
    const { standing: version, fingerprint } = later;
    return version === 0 ? null : { version, seq: this.locate({ ...ref, version })!, fingerprint };
  }

  /** The version number that comes next for an ERP's number: 1 where it was never there. */
  nextVersion(ref: Omit<Reference, 'version'>): number {
    const later = this.versions.get(numberKey({ ...ref, version: 1 }));
    return later ? later.seqs.length + 2 : this.numbers(ref.book, ref.year).find(ref.series, ref.number) ? 2 : 1;
  }

  /** The version of a profile in force on a day; null before its first day, or where there is no such profile. */
  profileOn(profile: string, day: string): ProfileVersions[number] | null {
    return this.profiles.get(profile)?.versions.findLast(({ validFrom }) => validFrom <= day) ?? null;
  }

  /** Öre (in the line's sign) that recodings have left on a coding of a line, beside what was first written there. */
  recodedOre(ref: Reference, line: number, grant: string | undefined, decision: string | undefined): number {
    return total(this.recoded.get(referenceText(ref))?.[coding(line, grant, decision)]);
  }

  /** Whether any line of the voucher now stands elsewhere than where it was written. */
  isRecoded(ref: Reference): boolean {
    return Object.values(this.recoded.get(referenceText(ref)) ?? {}).some((byPeriod) => total(byPeriod) !== 0);
  }

  /** Takes in one stored event, in order. @throws RangeError on any other than the next */
  evolve({ head, event, part }: Recorded): void {
    if (head.seq !== this.seq + 1) throw new RangeError(`event ${head.seq} does not follow ${this.seq}`);
    const codingSeq = RECODES_FILES.has(event.type) ? head.seq : this.facts.codingSeq;
    this.#setFacts({ ...this.facts, ledgerId: head.ledgerId, seq: head.seq, recordedAt: head.recordedAt, codingSeq });
    this.keys.add(head.id, head.seq);
    this.#apply(event, head.seq, part);
  }

  #apply(event: LedgerEvent, seq: number, part: Uint8Array | undefined): void {
    const { type, data } = event;
    switch (type) {
      case 'LedgerOpened': {
        const { organisationNumber, name, timeZone, demo, region, grantCodePattern } = data;
        this.#setFacts({ ...this.facts, organisationNumber, name, timeZone, demo, region, grantCodePattern });
        this.#setChart(this.chart.set('1900-01-01', data.accountClasses));
        this.units.set(region, { versions: [{ validFrom: '1900-01-01', name, kind: 'region', parent: null }], lastDay: null });
        return;
      }
      case 'PersonAdded':
        if (event.annex) this.persons.set(event.annex.login, data.person);
        return;
      case 'GrantCodePatternSet':
        return this.#setFacts({ ...this.facts, grantCodePattern: data.pattern });
      case 'AccountClassesSet':
        return this.#setChart(this.chart.set(data.validFrom, data.classes));
      case 'UnitSet': {
        const { unit, validFrom, name, kind, parent } = data;
        const before = this.units.get(unit);
        this.units.set(unit, { versions: dated(before?.versions, { validFrom, name, kind, parent }), lastDay: before?.lastDay ?? null });
        return;
      }
      case 'UnitEnded':
        overtake(this, ({ units }) => units.includes(data.unit), data.unit);
        return this.units.set(data.unit, { ...this.units.get(data.unit)!, lastDay: data.lastDay });
      case 'GrantRegistered':
        return this.grants.set(data.grant, {
          validFrom: data.validFrom,
          names: [{ validFrom: data.validFrom, name: data.name }],
          lastDay: null,
        });
      case 'GrantRenamed': {
        const grant = this.grants.get(data.grant)!;
        return this.grants.set(data.grant, { ...grant, names: dated(grant.names, { validFrom: data.validFrom, name: data.name }) });
      }
      case 'GrantRetired':
        overtake(this, ({ grants }) => grants.includes(data.grant), data.grant);
        return this.grants.set(data.grant, { ...this.grants.get(data.grant)!, lastDay: data.lastDay });
      case 'DecisionRegistered':
        this.#decisionsOf.set(data.grant, [...this.decisionsOf(data.grant), data.decision]);
        return this.decisions.set(data.decision, { grant: data.grant, versions: [{ validFrom: '1900-01-01', terms: data.terms }] });
      case 'DecisionChanged': {
        const decision = this.decisions.get(data.decision)!;
        return this.decisions.set(data.decision, {
          ...decision,
          versions: dated(decision.versions, { validFrom: data.validFrom, terms: data.terms }),
        });
      }
      case 'NeutralityExempted':
        return this.exemptions.set(exemptionKey(data), data.reference);
      case 'ExemptionWithdrawn':
        return this.exemptions.delete(exemptionKey(data));
      case 'FundsAllotted': {
        const year = this.termsOn(data.decision, data.date).grantYear;
        this.sums.add(`allotted|${data.decision}`, data.amountOre);
        this.sums.add(`allotted|${data.decision}|${data.unit}`, data.amountOre);
        return this.sums.add(`room|${this.decisions.get(data.decision)!.grant}|${data.unit}|${year}`, data.amountOre);
      }
      case 'UseReported':
        return this.sums.add(`reported|${data.decision}`, data.amountOre);
      case 'PeriodClosed':
        return this.closedPeriods.set(data.period, true);
      case 'PeriodReopened':
        return this.closedPeriods.delete(data.period);
      case 'ProfileSet': {
        const { profile, version, validFrom, settings } = data;
        const versions = dated(this.profiles.get(profile)?.versions, { version, validFrom, settings });
        return this.profiles.set(profile, { versions, newest: version, ended: false });
      }
      case 'ProfileEnded':
        return this.profiles.set(data.profile, { ...this.profiles.get(data.profile)!, ended: true });
      case 'HintRuleSet':
        return this.hintRules.set(data.rule, data.grant);
      case 'HintRuleRemoved':
        return this.hintRules.delete(data.rule);
      case 'ImportOpened':
        return openedImport(this, data, seq);
      case 'VouchersImported':
        return takenPart(this, data, seq, part && ((open, used) => this.#partFold.take(part, seq, open.numbers, open.sums, used)));
      case 'ImportClosed':
        return closedImport(this, data.import);
      case 'ImportAbandoned':
        return abandonedImport(this, data.import);
      case 'FindingsRecorded':
      case 'FindingsSettled':
      case 'ImportRefused':
      case 'StartConsented':
        return takenFindings(this, event, seq);
      case 'ControlTotalsRecorded':
        return this.selections.set(data.import, totalsText(data.totals));
      case 'VoucherCorrected': {
        if (data.import !== undefined) return takenCorrection(this, data, seq);
        for (const voucher of data.vouchers) this.#takeVoucher(voucher, seq);
        overtakeVoucher(this, data.corrects);
        return this.corrected.set(referenceText(data.corrects), { seq, by: data.vouchers.map(({ ref }) => referenceText(ref)) });
      }
      default:
        for (const voucher of vouchersOf(event)) this.#takeVoucher(voucher, seq);
    }
  }

  /** The decisions registered under a grant. */
  decisionsOf(grant: string): readonly string[] {
    return this.#decisionsOf.get(grant) ?? [];
  }

  /** The open import with that id, or null. */
  openImport(id: string): OpenImport | null {
    for (const [, open] of this.openImports.entries()) if (open.import === id) return open;
    return null;
  }

  /** The terms of a registered decision as in force on a day. */
  termsOn(decision: string, day: string): Terms {
    const { versions } = this.decisions.get(decision)!;
    return (versions.findLast(({ validFrom }) => validFrom <= day) ?? versions[0]!).terms;
  }

  #takeVoucher(voucher: Voucher, seq: number): void {
    const { ref, lines, recodes, eventDate } = voucher;
    this.numbers(ref.book, ref.year).add(ref.series, ref.number, seq, voucher.fingerprint);
    for (const line of lines) {
      countLine(this.sums, line);
      this.useUnit(line.unit, dayOfUse(line, eventDate));
    }
    if (!recodes) return;
    const key = referenceText(recodes.voucher);
    overtakeVoucher(this, recodes.voucher);
    const moved: { [coding: string]: Recoded[string] } = { ...this.recoded.get(key) };
    for (const { grant, decision, period, amountOre } of lines) {
      const place = coding(recodes.line, grant, decision);
      moved[place] = { ...moved[place], [period]: (moved[place]?.[period] ?? 0) + amountOre };
    }
    this.recoded.set(key, moved);
  }

  /** Notes that a unit was used on a day, where that is later than is known. */
  useUnit(unit: string, day: string): void {
    if ((this.unitsUsed.get(unit) ?? '') < day) this.unitsUsed.set(unit, day);
  }

  #setFacts(facts: LedgerFacts): void {
    const before = this.facts;
    this.facts = facts;
    this.journal.note(() => (this.facts = before));
  }

  #setChart(chart: Chart): void {
    const before = this.chart;
    this.chart = chart;
    this.journal.note(() => (this.chart = before));
  }
}

const total = (byPeriod: Recoded[string] = {}): number => Object.values(byPeriod).reduce((sum, ore) => sum + ore, 0);

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);

/** Versions in order of their first day, one a day: the later said replaces the earlier. */
function dated<V extends { readonly validFrom: string }>(versions: readonly V[] = [], version: V): readonly V[] {
  return [...versions.filter(({ validFrom }) => validFrom !== version.validFrom), version].sort((a, b) =>
    a.validFrom < b.validFrom ? -1 : 1,
  );
}
