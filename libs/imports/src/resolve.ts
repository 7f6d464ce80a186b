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
  type Chart,
  type Effect,
  type FiscalYear,
  type Ledger,
  type Line,
  type Reference,
  type RowCounts,
  type Voucher,
  type VoucherTexts,
} from '#ledger';
import type { Moved } from '#eventstore';
import type { Say } from './source.js';
import type { SourceLine, SourceVoucher } from './voucher-csv.js';

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

export class Resolver {
  readonly gathered = gatheredNothing();
  /** The last one that lies in the year: most lines have the period of the one before. */
  #lastPeriod = '';
  readonly #counterparts = new Set<string>();
  readonly #said = new Map<string, ReturnType<typeof receivedTo>>();

  /** @param notice told of what is worth a look in a voucher that can be imported */
  constructor(
    private readonly ledger: Ledger,
    private readonly book: string,
    private readonly year: number,
    private readonly options: ResolverOptions,
    private readonly complain: Say,
    private readonly notice: Say,
  ) {}

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
    const { row, series, number, date } = source;
    const ref: Reference = { book: this.book, year: this.year, series, number, version: 1 };
    if (!this.options.selection && !balances(source.lines)) {
      const differenceOre = String(source.lines.reduce((sum, { amountOre }) => sum + BigInt(amountOre), 0n));
      return this.#wrong(row, 'file-voucher-unbalanced', { voucher: referenceText(ref), differenceOre });
    }
    const incomeGrants = source.lines.flatMap((line) => (chart.find(line.account, date)?.kind === 'income' ? [this.#grantOf(line)] : []));
    const lines: Line[] = [];
    for (const line of source.lines) {
      try {
        lines.push(this.#line(line, date, incomeGrants, chart, corrects !== null));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        this.complain(line.row, error.refusal, error.facts);
      }
    }
    if (lines.length !== source.lines.length) return null;
    this.#look(source);
    for (const line of lines) this.#count(line, corrects !== null);
    if (corrects === null) this.gathered.vouchers += 1;
    else this.gathered.corrections += 1;
    const { text, counterparty, document, registered } = source;
    return {
      voucher: { ref, eventDate: date, lines, fingerprint, ...(registered !== '' && { registered }) },
      texts: {
        text,
        ...(counterparty !== '' && { counterparty }),
        ...(document !== '' && { document }),
        ...(source.lines.some((line) => line.text) && { lines: source.lines.map((line) => line.text ?? '') }),
      },
    };
  }

  #look({ row, series, number, counterparty, lines }: SourceVoucher): void {
    const voucher = `${series} ${number}`.trim();
    if (counterparty === '' && this.options.namesCounterparty) this.notice(row, 'finding-without-counterparty', { voucher });
    const once = repeatedFrom(lines);
    if (once < lines.length) this.notice(lines[once]!.row, 'finding-voucher-repeated', { voucher, times: lines.length / once });
  }

  #line(line: SourceLine, day: string, incomeGrants: readonly string[], chart: Chart, correcting: boolean): Line {
    const { ledger } = this;
    const { row, account, amountOre, unit, decision, period, counterpart, objects } = line;
    const grant = this.#grantOf(line);
    const { kind, internal } = chart.of(account, day);
    postableUnit(unit, day, ledger);
    if (grant !== '') postableGrant(grant, day, ledger);
    if (decision !== '') decisionOfGrant(decision, grant, ledger);
    if (period !== this.#lastPeriod) {
      if (!isPeriod(period)) throw new Refusal('period-malformed', { period: period.slice(0, 40) });
      if (!liesIn(period, this.options.fiscalYear)) throw new Refusal('file-other-year', { period, year: this.year });
      this.#lastPeriod = period;
    }
    if (counterpart !== '' && !this.#counterparts.has(counterpart)) this.#counterparts.add(codeOf('counterpart', counterpart));
    if (!correcting && ledger.closedPeriods.has(period)) throw new Refusal('period-closed', { period });
    const asks = grant !== '' && kind === 'income';
    const question = {
      kind,
      amountOre,
      receivedTo: asks ? this.#receivedTo(grant, decision, day) : null,
      hasIncome: grant !== '' && incomeGrants.includes(grant),
    };
    const effect = effectOf('import', question) as Effect; // every kind of account has a place in an import
    const resolved: Mutable<Line> = { account, amountOre, effect, unit, period, row };
    if (internal) resolved.internal = true;
    if (grant !== '') resolved.grant = grant;
    if (decision !== '') resolved.decision = decision;
    if (counterpart !== '') resolved.counterpart = counterpart;
    if (objects) resolved.objects = objects;
    return resolved;
  }

  /** The grant that a line names, or that its decision brings. */
  #grantOf({ grant, decision }: SourceLine): string {
    return grant !== '' || decision === '' ? grant : (this.ledger.decisions.get(decision)?.grant ?? '');
  }

  #receivedTo(grant: string, decision: string, day: string): ReturnType<typeof receivedTo> {
    const key = `${grant}|${decision}|${day}`;
    let said = this.#said.get(key);
    if (said === undefined) this.#said.set(key, (said = receivedTo(grant, decision || undefined, day, this.ledger)));
    return said;
  }

  #count({ grant, decision, unit, effect, amountOre, period }: Line, correcting: boolean): void {
    const { counts, periods, grants, decisions, units, effects } = this.gathered;
    counts[grant !== undefined ? 'withCode' : effect === 'none' ? 'noCodeNeeded' : 'withoutCode'] += 1;
    if (!correcting) periods.add(period);
    units.add(unit);
    if (grant !== undefined) grants.add(grant);
    if (decision !== undefined) decisions.add(decision);
    if (effect === 'none') return;
    const key = `${grant ?? ''}\u001f${unit}\u001f${effect}`;
    const moved = effects.get(key);
    if (moved) moved.amountOre += amountOre;
    else effects.set(key, { grant: grant ?? null, unit, effect, amountOre });
  }

  #wrong(row: number, finding: Parameters<Say>[1], facts: Parameters<Say>[2]): null {
    this.complain(row, finding, facts);
    return null;
  }
}

/** After how many lines the same lines come again, and so on to the end: all of them where the voucher is there once. */
function repeatedFrom(lines: readonly SourceLine[]): number {
  for (let once = 1; once <= lines.length / 2; once += 1)
    if (lines.length % once === 0 && lines.every((line, i) => i < once || same(line, lines[i - once]!))) return once;
  return lines.length;
}

const same = (a: SourceLine, b: SourceLine): boolean =>
  a.account === b.account &&
  a.amountOre === b.amountOre &&
  a.unit === b.unit &&
  a.grant === b.grant &&
  a.decision === b.decision &&
  a.period === b.period &&
  a.counterpart === b.counterpart;

/** What the fingerprint of a voucher of the simple CSV is over, whose columns say themselves what they are. */
export function contentOfSource({ date, text, counterparty, document, registered, lines }: SourceVoucher): string {
  let content = `${date}\u001f${registered}\u001f${text}\u001f${counterparty}\u001f${document}`;
  for (const { period, account, amountOre, unit, grant, decision, counterpart } of lines)
    content += `\u001e${account}\u001f${amountOre}\u001f${period}\u001f${unit}\u001f${grant}\u001f${decision}\u001f${counterpart}`;
  return content;
}
