/**
 * From a file voucher to a source voucher by the profile's version in force on its date, with the register beside: a code that is not
 * here never refuses the file where the profile can do without it; it is a finding, once for each code.
 */
import { decisionOfGrant, postableGrant, postableUnit, Refusal, type FiscalYear, type Ledger, type ProfileVersions } from '#ledger';
import { Eras } from './eras.js';
import { Mapping, type Coded } from './mapping.js';
import type { FileFormat, FileLine, FileVoucher, Say } from './source.js';
import type { SourceCoding, SourceLine, SourceVoucher } from './voucher-csv.js';

/** Characters of a line's own coding together: a line of a file has some tens. */
const OBJECTS_CHARACTERS = 2_000;

/** What a list of objects comes to by a version of the profile, as long as an era lasts. */
type Placed = {
  readonly era: number;
  /** The one that it was looked up for. */
  readonly day: string;
  readonly mapping: Mapping;
  readonly coded: Coded;
  /** Nothing in it is worth a look. */
  readonly clear: boolean;
  /** Of that day only, which it names. */
  readonly wrong: Finding | null;
  readonly coding: SourceCoding;
};
type Finding = { readonly finding: Parameters<Say>[1]; readonly facts: Parameters<Say>[2] };

export class Mapper {
  readonly #versions: readonly { readonly validFrom: string; readonly mapping: Mapping }[];
  readonly #unnumbers: boolean;
  readonly #placed = new WeakMap<FileLine['objects'], Placed>();
  readonly #eras: Eras;
  /** Codes that are worth a look: where first, and how many rows. */
  readonly #codes = new Map<string, Finding & { readonly row: number; rows: number }>();

  constructor(
    private readonly ledger: Ledger,
    versions: ProfileVersions,
    format: FileFormat,
    private readonly year: FiscalYear,
    private readonly complain: Say,
  ) {
    this.#eras = new Eras(ledger);
    this.#versions = versions.map(({ validFrom, settings }) => ({ validFrom, mapping: new Mapping(settings, format) }));
    this.#unnumbers = this.#versions.some(({ mapping }) => mapping.unnumbered.size > 0);
  }

  /** The version that a voucher of that day is mapped by, or null before the first. */
  on(day: string): Mapping | null {
    for (let at = this.#versions.length - 1; at >= 0; at -= 1) if (this.#versions[at]!.validFrom <= day) return this.#versions[at]!.mapping;
    return null;
  }

  /** Whether vouchers of the series have no numbers of their own on that day. */
  unnumbered(series: string, day: string): boolean {
    return this.#unnumbers && (this.on(day)?.unnumbered.has(series) ?? false);
  }

  /** Whether any version leaves anything out. */
  get filters(): boolean {
    return this.#versions.some(({ mapping }) => mapping.filters);
  }

  /** The voucher mapped; null where a line cannot be, which is complained of. @param counted how many of its lines count */
  map(voucher: FileVoucher, mapping: Mapping, counted: number): SourceVoucher | null {
    const lines = new Array<SourceLine>(counted);
    let at = 0;
    for (const line of voucher.lines) {
      if (!line.counted) continue;
      const placed = this.#place(line, voucher.date, mapping);
      const { wrong } = placed;
      if (wrong) {
        this.complain(line.line, wrong.finding, wrong.facts);
        continue;
      }
      const period = mapping.period(line, voucher, this.year);
      lines[at++] = { row: line.line, account: line.account, amountOre: line.amountOre, period, coding: placed.coding, text: line.text };
    }
    const { line: row, series, number, date, registered, text, counterparty = '', document = '' } = voucher;
    return at === counted ? { row, series, number, date, registered, text, counterparty, document, lines } : null;
  }

  /** What the register did not know, once for each code, with the number of rows. */
  *codes(): Iterable<Finding & { readonly row: number }> {
    for (const { row, rows, finding, facts } of this.#codes.values()) yield { row, finding, facts: { ...facts, rows } };
  }

  #place(line: FileLine, day: string, mapping: Mapping): Placed {
    let placed = this.#placed.get(line.objects);
    if (placed === undefined || placed.mapping !== mapping || placed.era !== this.#eras.of(day) || (placed.wrong && placed.day !== day)) {
      placed = this.#placeOn(day, mapping.coded(line.objects), mapping);
      this.#placed.set(line.objects, placed);
    }
    if (!placed.clear) this.#notes(line, placed);
    return placed;
  }

  #notes(line: FileLine, placed: Placed): void {
    const { coded, coding } = placed;
    for (const { grant, fits } of coded.others)
      if (fits || this.ledger.grants.has(grant))
        this.#note(line.line, 'finding-two-grants', { grant: shown(coded.grant), other: shown(grant) });
    if (coding.grant !== coded.grant) this.#note(line.line, 'finding-grant-unknown', { grant: shown(coded.grant) });
    if (coded.unit !== '' && coding.unit !== coded.unit)
      this.#note(line.line, 'finding-unit-unknown', { unit: shown(coded.unit), otherwise: coding.unit });
    if (coded.decision !== '' && coding.decision === '')
      this.#note(line.line, 'finding-decision-unknown', { decision: shown(coded.decision) });
  }

  #placeOn(day: string, coded: Coded, mapping: Mapping): Placed {
    const { unit: units, decision: decisions } = mapping.settings;
    const { ledger } = this;
    const decision = [coded.decision, decisions?.otherwise ?? ''].find(
      (code) =>
        code !== '' &&
        ledger.decisions.has(code) &&
        holds(() => decisionOfGrant(code, coded.grant || ledger.decisions.get(code)!.grant, ledger)),
    );
    const grant = coded.grant !== '' && holds(() => postableGrant(coded.grant, day, ledger)) ? coded.grant : '';
    const usable = decision !== undefined && (grant !== '' || coded.grant === '') ? decision : '';
    const at = { era: this.#eras.of(day), day, mapping, coded };
    const codingOn = (unit: string): SourceCoding => {
      const { counterpart, objects } = coded;
      return { unit, grant, decision: usable, counterpart, ...(objects && { objects }) };
    };
    if ((coded.objects ?? []).reduce((sum, [dim, object]) => sum + dim.length + object.length, 0) > OBJECTS_CHARACTERS)
      return {
        ...at,
        coding: codingOn(''),
        clear: false,
        wrong: { finding: 'file-objects-too-long', facts: { most: OBJECTS_CHARACTERS } },
      };
    const unit = [coded.unit, units.otherwise ?? ''].find((code) => code !== '' && holds(() => postableUnit(code, day, ledger)));
    if (unit !== undefined) {
      const clear = coded.others.length === 0 && grant === coded.grant && (coded.unit === '' || unit === coded.unit);
      return { ...at, coding: codingOn(unit), clear: clear && (coded.decision === '' || usable !== ''), wrong: null };
    }
    const places = units.places.map((place) => ('dimension' in place ? place.dimension : place.column)).join(', ');
    const lacking: Finding = { finding: 'line-without-unit', facts: { places } };
    return {
      ...at,
      coding: codingOn(''),
      clear: false,
      wrong: refusalOf(
        () => postableUnit(coded.unit || units.otherwise || '', day, ledger),
        coded.unit === '' && !units.otherwise ? lacking : null,
      ),
    };
  }

  #note(row: number, finding: Finding['finding'], facts: Finding['facts']): void {
    const key = `${finding} ${Object.values(facts).join(' ')}`;
    const before = this.#codes.get(key);
    if (before) before.rows += 1;
    else if (this.#codes.size < CODES) this.#codes.set(key, { row, finding, facts, rows: 1 });
  }
}

/** Codes that are told apart; a file with more has something else wrong with it. */
const CODES = 20_000;
const shown = (code: string) => code.slice(0, 40);

/** Whether a rule is content. */
function holds(rule: () => unknown): boolean {
  try {
    rule();
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function refusalOf(rule: () => unknown, instead: Finding | null): Finding {
  if (instead) return instead;
  try {
    rule();
  } catch (error) {
    if (error instanceof Refusal) return { finding: error.refusal, facts: error.facts };
    throw error;
  }
  throw new Error('a rule that had refused was content');
}
