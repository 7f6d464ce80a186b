/**
 * One version of a profile applied to the file's coding: which codes a line has here, which period, and whether it is chosen. Looks
 * only at the file and the profile, never at the register, so a list of objects is worked out once however often it comes.
 */
import {
  Chart,
  closingPeriod,
  GRANT_CODE_CHARACTERS,
  isPeriod,
  periodOf,
  seriesCode,
  type CodeMapping,
  type CodeRange,
  type CodeReading,
  type FiscalYear,
  type GrantPlace,
  type LineCondition,
  type Place,
  type ProfileSettings,
} from '#ledger';
import type { FileFormat, FileLine, FileObject, FileVoucher } from './source.js';

/** What a list of objects comes to by the profile's places; empty where no place holds a code. */
export type Coded = {
  readonly grant: string;
  /** Codes of further places that are not the same; `fits`: the place has a pattern, and the code fits it. */
  readonly others: readonly { readonly grant: string; readonly fits: boolean }[];
  readonly unit: string;
  readonly decision: string;
  readonly counterpart: string;
  /** As the file writes it, where a column holds the period. */
  readonly period: string;
  /** The file's own coding, to be kept beside what it came to; null where there is none. */
  readonly objects: readonly (readonly [string, string])[] | null;
};

type Test = (account: string, objects: readonly FileObject[], coded: Coded, voucher: OfVoucher) => boolean;
/** What a condition asks of the voucher that a line stands in. */
type OfVoucher = Pick<FileVoucher, 'series' | 'date'>;

export class Mapping {
  /** The classes of the profile's own accounts; null where the ledger's hold. */
  readonly chart: Chart | null;
  readonly #coded = new WeakMap<readonly FileObject[], Coded>();
  readonly #grants: readonly (GrantPlace & { readonly regex: RegExp | null })[];
  /** Series whose vouchers are known by what they say. */
  readonly unnumbered: ReadonlySet<string>;
  readonly #closing: ReadonlyMap<string, number>;
  readonly #keep: readonly Test[] | null;
  readonly #drop: readonly Test[];
  readonly #columns: ReadonlySet<string> | null;
  #day = '';
  #period = '';

  constructor(
    readonly settings: ProfileSettings,
    private readonly format: FileFormat,
  ) {
    const { grant, accounts, filter, period, unnumbered } = settings;
    this.unnumbered = new Set(unnumbered?.map(seriesCode));
    this.chart = accounts ? new Chart([{ validFrom: '1900-01-01', classes: accounts }]) : null;
    this.#grants = grant.map((place) => ({
      ...place,
      regex: place.pattern === undefined ? null : grantRegex(place.pattern),
    }));
    this.#closing = new Map(period?.closingSeries?.map(({ series, month }) => [seriesCode(series), month]));
    this.#keep = filter?.keep?.length ? filter.keep.map((condition) => this.#test(condition)) : null;
    this.#drop = (filter?.drop ?? []).map((condition) => this.#test(condition));
    this.#columns = format === 'sie' ? null : columnsOf(settings);
  }

  get filters(): boolean {
    return this.#keep !== null || this.#drop.length > 0;
  }

  coded(objects: readonly FileObject[]): Coded {
    let coded = this.#coded.get(objects);
    if (coded === undefined) this.#coded.set(objects, (coded = this.#code(objects)));
    return coded;
  }

  /** The accounting period of a line (R45): `YYYY-MM`, or what the file has in its place where that is none. @param year the one that the file is imported into */
  period(line: FileLine, { series, date, registered }: FileVoucher, year: FiscalYear): string {
    const closing = this.#closing.size > 0 ? this.#closing.get(series) : undefined;
    if (closing !== undefined) return closingPeriod(year, closing);
    const from = this.settings.period?.from ?? 'voucher-date';
    if (from === 'voucher-date') return this.#month(date);
    if (from === 'line-date') return this.#month(line.date);
    if (from === 'registered') return this.#month(registered || date);
    const written = this.coded(line.objects).period;
    const period = /^\d{6}$/.test(written) ? `${written.slice(0, 4)}-${written.slice(4)}` : written;
    return period === '' ? periodOf(date) : isPeriod(period) ? period : written;
  }

  /** The period of a day: most lines have the day of the one before. */
  #month(day: string): string {
    if (day === this.#day) return this.#period;
    this.#day = day;
    return (this.#period = periodOf(day));
  }

  /** Whether the profile takes the voucher: any line meets a condition of `keep`, and none one of `drop`. */
  takes(voucher: FileVoucher): boolean {
    const met = (tests: readonly Test[]) => voucher.lines.some((line) => line.counted && this.#meets(line, voucher, tests));
    return (this.#keep === null || met(this.#keep)) && !met(this.#drop);
  }

  /** Whether the profile takes the line by itself (of a selection). */
  takesLine(line: FileLine, voucher: OfVoucher): boolean {
    return (this.#keep === null || this.#meets(line, voucher, this.#keep)) && !this.#meets(line, voucher, this.#drop);
  }

  #meets({ account, objects }: FileLine, voucher: OfVoucher, tests: readonly Test[]): boolean {
    if (tests.length === 0) return false;
    const coded = this.coded(objects);
    return tests.some((test) => test(account, objects, coded, voucher));
  }

  #code(objects: readonly FileObject[]): Coded {
    const { unit, decision, counterpart, period } = this.settings;
    const grants = this.#grants.flatMap((place) => {
      const code = this.#at(place, objects);
      if (code === '' || (place.regex && !place.regex.test(code))) return [];
      return [{ grant: mapped(code, place.mappings), fits: place.regex !== null }];
    });
    const grant = grants[0]?.grant ?? '';
    const kept = this.#columns ? objects.filter(({ dim }) => this.#columns!.has(dim)) : objects;
    return {
      grant,
      others: grants.filter((other, at) => other.grant !== grant && grants.findIndex((one) => one.grant === other.grant) === at),
      unit: this.#read(unit, objects),
      decision: this.#read(decision, objects),
      counterpart: this.#read(counterpart, objects),
      period: typeof period?.from === 'object' ? this.#at(period.from, objects) : '',
      objects: kept.length === 0 ? null : kept.map(({ dim, object }) => [dim, object] as const),
    };
  }

  #read(reading: CodeReading | undefined, objects: readonly FileObject[]): string {
    for (const place of reading?.places ?? []) {
      const code = this.#at(place, objects);
      if (code !== '') return mapped(code, reading!.mappings);
    }
    return '';
  }

  /** What stands at the place; empty where nothing does. */
  #at(place: Place, objects: readonly FileObject[]): string {
    const name = 'dimension' in place ? (this.format === 'sie' ? place.dimension : null) : this.format === 'sie' ? null : place.column;
    for (const { dim, object } of objects) if (dim === name) return object;
    return '';
  }

  #test({ accounts, place, codes, grantCode, dates, ...named }: LineCondition): Test {
    const series = named.series && new Set(named.series.map(seriesCode));
    return (account, objects, coded, voucher) => {
      if (accounts && !accounts.some((range) => lies(account, range))) return false;
      if (series && !series.has(voucher.series)) return false;
      if (dates && ((dates.from ?? '') > voucher.date || voucher.date > (dates.to ?? '9999'))) return false;
      if (grantCode !== undefined && grantCode !== (coded.grant !== '')) return false;
      if (!place) return true;
      const code = this.#at(place, objects);
      return code !== '' && (!codes || codes.some((range) => lies(code, range)));
    };
  }
}

/** What a whole code must fit. One longer than a grant code can be never does: patterns are checked to be quick on codes of that length only. */
const grantRegex = (pattern: string): RegExp => new RegExp(`^(?=[^]{0,${GRANT_CODE_CHARACTERS}}$)(?:${pattern})$`, 'u');

/** Whether the code lies in the range: as texts of equal length. */
const lies = (code: string, { from, to = from }: CodeRange): boolean =>
  code.length === from.length && code.length === to.length && from <= code && code <= to;

/** What the code is called here; itself where no mapping names it. */
const mapped = (code: string, mappings: readonly CodeMapping[] = []): string => mappings.find((range) => lies(code, range))?.code ?? code;

/** The columns that the profile names as places: of a table, only they are kept beside a line. */
function columnsOf({ grant, unit, decision, counterpart, period, filter }: ProfileSettings): ReadonlySet<string> {
  const conditions = [...(filter?.keep ?? []), ...(filter?.drop ?? [])];
  const places: readonly (Place | undefined)[] = [
    ...grant,
    ...[unit, decision, counterpart].flatMap((reading) => reading?.places ?? []),
    ...conditions.map(({ place }) => place),
    typeof period?.from === 'object' ? period.from : undefined,
  ];
  return new Set(places.flatMap((place) => (place && 'column' in place ? [place.column] : [])));
}
