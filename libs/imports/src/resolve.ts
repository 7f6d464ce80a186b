/**
 * From a source voucher to what it means in this ledger: every code looked up, every line given its effect, balanced. Runs beside the ledger on a copy of its state, with the ledger's own rules.
 */
import {
  balances,
  codeOf,
  effectOf,
  postableGrant,
  postableUnit,
  decisionOfGrant,
  isPeriod,
  liesIn,
  receivedTo,
  referenceText,
  Refusal,
  type AccountClass,
  type Chart,
  type Effect,
  type FiscalYear,
  type Ledger,
  type Line,
  type LineCoding,
  type Reference,
  type RowCounts,
  type Voucher,
  type VoucherTexts,
} from '#ledger';
import type { Moved } from '#eventstore';
import { CodedLine } from './coded-line.js';
import { Eras } from './eras.js';
import type { Say } from './source.js';
import type { SourceCoding, SourceLine, SourceVoucher } from './voucher-csv.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type Resolved = { readonly voucher: Voucher; readonly texts: VoucherTexts };
/** What a file comes to, gathered while it is read. */
export type Gathered = {
  readonly counts: { -readonly [count in keyof RowCounts]-?: number };
  readonly periods: Set<string>;
  readonly grants: Set<string>;
  readonly decisions: Set<string>;
  readonly units: Set<string>;
  /** What it would move, per grant, unit and effect. */
  readonly effects: Map<string, { -readonly [field in keyof Moved]: Moved[field] }>;
  vouchers: number;
  /** Vouchers that are there already and say something else. */
  corrections: number;
};

export const gatheredNothing = (): Gathered => ({
  counts: { rows: 0, withCode: 0, withoutCode: 0, noCodeNeeded: 0, alreadyThere: 0, ignored: 0, leftOut: 0 },
  periods: new Set(),
  grants: new Set(),
  decisions: new Set(),
  units: new Set(),
  effects: new Map(),
  vouchers: 0,
  corrections: 0,
});

/** What an accountant should look at in a voucher that can be imported. */
export type WorthALook = 'finding-without-counterparty' | 'finding-voucher-repeated';

export type ResolverOptions = {
  /** Lines chosen by object or account: no balance is demanded. */
  readonly selection: boolean;
  /** The fiscal year that its lines lie in. */
  readonly fiscalYear: FiscalYear;
  /** Whether the file can name the other party. */
  readonly namesCounterparty: boolean;
};

/** What a coding comes to, as long as an era lasts. */
type Known = {
  readonly era: number;
  readonly grant: string;
  /** Where money of its grant goes; undefined where no income line has asked. */
  receivedTo: ReturnType<typeof receivedTo> | undefined;
  /** One for each effect that its lines have. */
  readonly coded: Coded[];
};
/** A coding as it is stored, and what is counted of its lines. */
type Coded = {
  readonly coding: LineCoding;
  readonly internal: boolean;
  readonly count: 'withCode' | 'withoutCode' | 'noCodeNeeded';
  moved: Mutable<Moved> | null;
  /** Whether any line has come. */
  met: boolean;
};

export class Resolver {
  readonly gathered = gatheredNothing();
  readonly #eras: Eras;
  readonly #known = new WeakMap<SourceCoding, Known>();
  /** The last one that lies in the year, and whether it is closed: most lines have the period of the one before. */
  #period = '';
  #closed = false;
  /** The last period that was counted. */
  #counted = '';
  /** Of the voucher in hand: what its accounts are, what its codings come to, and the grants that it has an income line on. */
  readonly #classes: AccountClass[] = []; // as long as the longest voucher so far
  readonly #codings: Known[] = [];
  readonly #incomeGrants: string[] = [];

  /** @param notice told of what is worth a look in a voucher that can be imported */
  constructor(
    private readonly ledger: Ledger,
    private readonly book: string,
    private readonly year: number,
    private readonly options: ResolverOptions,
    private readonly complain: Say,
    private readonly notice: Say,
  ) {
    this.#eras = new Eras(ledger);
  }

  /**
   * The voucher as it will be stored, counted; null where something is wrong with it (and complained of).
   * @param corrects the version that it takes the place of; a closed period then gives way to the first open one
   */
  resolve(
    source: SourceVoucher,
    fingerprint: string,
    corrects: Reference | null = null,
    chart: Chart = this.ledger.chart,
  ): Resolved | null {
    const { row, series, number, date, registered } = source;
    const ref: Reference = { book: this.book, year: this.year, series, number, version: 1 };
    if (!this.options.selection && !balances(source.lines)) {
      const differenceOre = String(source.lines.reduce((sum, { amountOre }) => sum + BigInt(amountOre), 0n));
      return this.#wrong(row, 'file-voucher-unbalanced', { voucher: referenceText(ref), differenceOre });
    }
    if (!this.#knows(source, chart, corrects !== null)) return null;
    this.#look(source);
    const lines = new Array<Line>(source.lines.length);
    for (let at = 0; at < source.lines.length; at += 1) {
      const line = source.lines[at]!;
      const coded = this.#coded(line, this.#codings[at]!, this.#classes[at]!, date);
      this.#count(coded, line.amountOre);
      if (corrects === null && line.period !== this.#counted) this.gathered.periods.add((this.#counted = line.period));
      const { coding } = coded;
      lines[at] =
        corrects === null
          ? new CodedLine(line.account, line.amountOre, line.row, line.period, coding)
          : { ...coding, account: line.account, amountOre: line.amountOre, period: line.period, row: line.row };
    }
    if (corrects === null) this.gathered.vouchers += 1;
    else this.gathered.corrections += 1;
    const voucher: Mutable<Voucher> = { ref, eventDate: date, lines, fingerprint };
    if (registered !== '') voucher.registered = registered;
    return { voucher, texts: textsOf(source) };
  }

  #look({ row, series, number, counterparty, lines }: SourceVoucher): void {
    if (counterparty === '' && this.options.namesCounterparty)
      this.notice(row, 'finding-without-counterparty', { voucher: `${series} ${number}`.trim() });
    const once = repeatedFrom(lines);
    if (once < lines.length)
      this.notice(lines[once]!.row, 'finding-voucher-repeated', { voucher: `${series} ${number}`.trim(), times: lines.length / once });
  }

  /** Looks up what the voucher's lines come to; false where something is wrong with any. */
  #knows({ lines, date }: SourceVoucher, chart: Chart, correcting: boolean): boolean {
    const [classes, codings, incomeGrants] = [this.#classes, this.#codings, this.#incomeGrants];
    incomeGrants.length = 0;
    let at = 0;
    for (const { account, coding, period, row } of lines)
      try {
        const ofAccount = chart.of(account, date);
        const known = this.#knownOf(coding, period, date, correcting);
        if (ofAccount.kind === 'income' && !incomeGrants.includes(known.grant)) incomeGrants.push(known.grant);
        classes[at] = ofAccount;
        codings[at++] = known;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        this.complain(row, error.refusal, error.facts);
      }
    return at === lines.length;
  }

  #knownOf(coding: SourceCoding, period: string, day: string, correcting: boolean): Known {
    const { ledger } = this;
    const era = this.#eras.of(day);
    const before = this.#known.get(coding);
    const known = before?.era === era ? before : this.#know(coding, day, era);
    if (period !== this.#period) {
      if (!isPeriod(period)) throw new Refusal('period-malformed', { period: period.slice(0, 40) });
      if (!liesIn(period, this.options.fiscalYear)) throw new Refusal('file-other-year', { period, year: this.year });
      [this.#period, this.#closed] = [period, ledger.closedPeriods.has(period)];
    }
    if (known !== before) {
      if (coding.counterpart !== '') codeOf('counterpart', coding.counterpart);
      this.#known.set(coding, known);
    }
    if (!correcting && this.#closed) throw new Refusal('period-closed', { period });
    return known;
  }

  #know(coding: SourceCoding, day: string, era: number): Known {
    const { unit, decision } = coding;
    const grant = this.#grantOf(coding);
    postableUnit(unit, day, this.ledger);
    if (grant !== '') postableGrant(grant, day, this.ledger);
    if (decision !== '') decisionOfGrant(decision, grant, this.ledger);
    return { era, grant, receivedTo: undefined, coded: [] };
  }

  /** The line's coding with its effect, one and the same for all lines that are coded alike. */
  #coded({ amountOre, coding }: SourceLine, known: Known, { kind, internal = false }: AccountClass, day: string): Coded {
    const { grant } = known;
    const asks = grant !== '' && kind === 'income';
    if (asks && known.receivedTo === undefined) known.receivedTo = receivedTo(grant, coding.decision || undefined, day, this.ledger);
    const hasIncome = kind === 'grant-liability' && grant !== '' && this.#incomeGrants.includes(grant);
    const question = { kind, amountOre, receivedTo: asks ? known.receivedTo! : null, hasIncome };
    const effect = effectOf('import', question) as Effect; // every kind of account has a place in an import
    for (const coded of known.coded) if (coded.coding.effect === effect && coded.internal === internal) return coded;
    const { unit, decision, counterpart, objects } = coding;
    const resolved: Mutable<LineCoding> = { effect, unit };
    if (internal) resolved.internal = true;
    if (grant !== '') resolved.grant = grant;
    if (decision !== '') resolved.decision = decision;
    if (counterpart !== '') resolved.counterpart = counterpart;
    if (objects) resolved.objects = objects;
    const count = grant !== '' ? 'withCode' : effect === 'none' ? 'noCodeNeeded' : 'withoutCode';
    const coded: Coded = { coding: Object.freeze(resolved), internal, count, moved: null, met: false };
    known.coded.push(coded);
    return coded;
  }

  /** The grant that a line names, or that its decision brings. */
  #grantOf({ grant, decision }: SourceCoding): string {
    return grant !== '' || decision === '' ? grant : (this.ledger.decisions.get(decision)?.grant ?? '');
  }

  #count(coded: Coded, amountOre: number): void {
    if (!coded.met) this.#meet(coded);
    this.gathered.counts[coded.count] += 1;
    if (coded.moved) coded.moved.amountOre += amountOre;
  }

  /** What is gathered of a coding when its first line comes. */
  #meet(coded: Coded): void {
    const { grants, decisions, units, effects } = this.gathered;
    const { grant, decision, unit, effect } = coded.coding;
    coded.met = true;
    units.add(unit);
    if (grant !== undefined) grants.add(grant);
    if (decision !== undefined) decisions.add(decision);
    if (effect === 'none') return;
    const key = `${grant ?? ''}\u001f${unit}\u001f${effect}`;
    let moved = effects.get(key);
    if (moved === undefined) effects.set(key, (moved = { grant: grant ?? null, unit, effect, amountOre: 0 }));
    coded.moved = moved;
  }

  #wrong(row: number, finding: Parameters<Say>[1], facts: Parameters<Say>[2]): null {
    this.complain(row, finding, facts);
    return null;
  }
}

function textsOf({ text, counterparty, document, lines }: SourceVoucher): VoucherTexts {
  const texts: Mutable<VoucherTexts> = { text };
  if (counterparty !== '') texts.counterparty = counterparty;
  if (document !== '') texts.document = document;
  for (const line of lines)
    if (line.text) {
      texts.lines = lines.map((each) => each.text ?? '');
      break;
    }
  return texts;
}

/** After how many lines the same lines come again, and so on to the end: all of them where the voucher is there once. */
function repeatedFrom(lines: readonly SourceLine[]): number {
  for (let once = 1; once <= lines.length / 2; once += 1) if (lines.length % once === 0 && repeats(lines, once)) return once;
  return lines.length;
}

function repeats(lines: readonly SourceLine[], once: number): boolean {
  for (let at = once; at < lines.length; at += 1) if (!same(lines[at]!, lines[at - once]!)) return false;
  return true;
}

const same = (a: SourceLine, b: SourceLine): boolean =>
  a.account === b.account && a.amountOre === b.amountOre && a.period === b.period && (a.coding === b.coding || alike(a.coding, b.coding));

const alike = (a: SourceCoding, b: SourceCoding): boolean =>
  a.unit === b.unit && a.grant === b.grant && a.decision === b.decision && a.counterpart === b.counterpart;

/** What the fingerprint of a voucher of the simple CSV is over, whose columns say themselves what they are. */
export function contentOfSource({ date, text, counterparty, document, registered, lines }: SourceVoucher): string {
  let content = `${date}\u001f${registered}\u001f${text}\u001f${counterparty}\u001f${document}`;
  for (const {
    account,
    amountOre,
    period,
    coding: { unit, grant, decision, counterpart },
  } of lines)
    content += `\u001e${account}\u001f${amountOre}\u001f${period}\u001f${unit}\u001f${grant}\u001f${decision}\u001f${counterpart}`;
  return content;
}
