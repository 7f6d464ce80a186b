/**
 * Ledgers for the specs, made by the real decider and fold and kept in the memory store: acts one by one, imports in parts,
 * and the demo of 2023 read from its files by a few lines of their own, so that its figures are checked from two sides.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryStore } from '#eventstore';
import {
  AllotFunds,
  annexBytes,
  CloseImport,
  ClosePeriod,
  type Command,
  CorrectImported,
  CorrectVoucher,
  effectOf,
  ExemptFromNeutrality,
  FIRST_CLASSES,
  headBytes,
  ImportVouchers,
  Ledger,
  ledgerDecider,
  OpenImportOfFile,
  OpenLedger,
  parseOre,
  parseReference,
  readRecord,
  ReallocateFunds,
  RecodeCost,
  RegisterDecision,
  RegisterGrant,
  SetUnit,
  storedData,
  type Found,
  type Head,
  type Json,
  type LedgerEvent,
  type Line,
  type Mandate,
  type Terms,
  type Voucher,
  type VoucherTexts,
  unfinishedCorrections,
  vouchersOf,
  referenceText,
} from '#ledger';

type Annex = { readonly [field: string]: Json | undefined };
const sha = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');

export const MANDATE: Mandate = { kind: 'board', diarienummer: 'RS/1/2023', paragraph: '1', date: '2023-01-02' };
/** 2023-01-02T07:00Z and a second more for every event. */
const FIRST_MS = Date.UTC(2023, 0, 2, 7);

export class GivenLedger {
  readonly store = new MemoryStore();
  readonly ledger = new Ledger();
  readonly #found = new Map<string, Found>();
  #commands = 0;
  /** When the first event was recorded. */
  firstMs = FIRST_MS;

  /** A region REG with the boards RS (units 604 and 614) and HSN. */
  static async withUnits(): Promise<GivenLedger> {
    const given = new GivenLedger();
    await given.act(
      new OpenLedger({
        organisationNumber: '232100-0000',
        name: 'Provregionen',
        region: 'REG',
        demo: false,
        timeZone: 'Europe/Stockholm',
        grantCodePattern: '^[0-9A-Z]+$',
        accountClasses: [
          ...FIRST_CLASSES.filter(({ from }) => from !== '4000'),
          { from: '4000', to: '7899', kind: 'cost' },
          { from: '7900', to: '7999', kind: 'cost', internal: true },
          { from: '8000', to: '8999', kind: 'cost' },
        ],
      }),
    );
    for (const [unit, parent, kind] of [
      ['RS', 'REG', 'board'],
      ['HSN', 'REG', 'board'],
      ['604', 'RS', 'unit'],
      ['614', 'RS', 'unit'],
    ] as const)
      await given.act(new SetUnit({ unit, name: `Enhet ${unit}`, kind, parent, validFrom: '2020-01-01' }));
    return given;
  }

  get seq(): number {
    return this.store.log.length - 1;
  }

  /** Decides and appends; @returns references of the vouchers written */
  async act(command: Command): Promise<string[]> {
    const needs = command.needs.map((ref) => this.#found.get(referenceText(ref)));
    const written: string[] = [];
    for (const event of ledgerDecider.decide(command, this.ledger, needs)) {
      const seq = this.store.log.length;
      const annex = 'annex' in event && event.annex ? annexBytes(plain(event.annex) as Annex, '0'.repeat(32)) : null;
      const head: Head = {
        v: event.v,
        ledgerId: 'given',
        seq,
        id: `id-${seq}`,
        type: event.type,
        recordedAt: new Date(this.firstMs + seq * 1000).toISOString(),
        actor: 'person-1',
        role: 'user',
        proposedBy: 'person-1',
        approvedBy: null,
        policy: 'none',
        command: `command-${this.#commands++}`,
        inputHash: '',
        cause: null,
        program: 'given',
        source: 'manual',
        data: storedData({ ...event, data: plain(event.data) } as LedgerEvent),
        annexHash: annex && sha(annex),
      };
      const bytes = headBytes(head);
      await this.store.append(seq, [{ head: bytes, annex }]);
      const recorded = readRecord(seq, bytes, annex);
      this.ledger.evolve(recorded);
      for (const [i, voucher] of vouchersOf(recorded.event).entries()) {
        const name = referenceText(voucher.ref);
        const texts = (recorded.event.annex as { vouchers?: VoucherTexts[] } | undefined)?.vouchers?.[i];
        const before = voucher.firstLine === undefined ? undefined : this.#found.get(name);
        const act =
          voucher.act ??
          (event.type === 'VouchersImported'
            ? 'import'
            : event.type === 'ReceiptPosted'
              ? 'receipt'
              : event.type === 'CostRecoded'
                ? 'recoding'
                : event.type === 'FundsReallocated'
                  ? 'reallocation'
                  : event.type === 'IncomeRecognised'
                    ? 'recognition'
                    : 'cost');
        this.#found.set(name, {
          seq: before?.seq ?? seq,
          voucher: before ? { ...before.voucher, lines: [...before.voucher.lines, ...voucher.lines] } : voucher,
          act,
          texts,
        });
        written.push(name);
      }
    }
    return written;
  }

  async grant(grant: string, ...decisions: readonly (Partial<Terms> & { readonly decision: string })[]): Promise<void> {
    await this.act(new RegisterGrant({ grant, name: `Bidrag ${grant}`, validFrom: '2020-01-01' }));
    for (const { decision, ...terms } of decisions)
      await this.act(
        new RegisterDecision({
          decision,
          grant,
          terms: {
            agency: 'Socialstyrelsen',
            diarienummer: `S/${decision}`,
            kind: 'conditional',
            awardedOre: 1_000_000,
            grantYear: 2023,
            carryOver: false,
            receivedTo: 'liability',
            ...terms,
          },
        }),
      );
  }

  /** Vouchers as an import of one file; `end` says how far it goes. @param of what the file is, where it is not the simple CSV of whole vouchers */
  async import(
    id: string,
    parts: readonly (readonly Voucher[])[],
    end: 'open' | 'closed' = 'closed',
    texts: VoucherTexts = { text: 'Importerad' },
    of: Partial<OpenImportOfFile['input']> = {},
  ): Promise<void> {
    const lines = parts.flat().flatMap((voucher) => voucher.lines);
    const vouchers = parts.flat().filter(({ firstLine }) => firstLine === undefined).length;
    await this.#open(id, lines, { vouchers, ...of });
    for (const [part, vouchersOfPart] of parts.entries())
      await this.act(new ImportVouchers({ import: id, part, vouchers: vouchersOfPart, texts: vouchersOfPart.map(() => texts) }));
    if (end === 'closed') await this.act(new CloseImport({ import: id }));
  }

  /** A changed file: the vouchers that it corrects, each with what it says now. */
  async change(id: string, changes: readonly { corrects: string; to: Voucher }[], end: 'open' | 'closed' = 'closed'): Promise<void> {
    await this.#open(id, [], { vouchers: 0, corrections: changes.length });
    for (const { corrects, to } of changes) {
      const input = { import: id, corrects: parseReference(corrects), reason: 'Ändrad i filen' };
      for (let [part, left] = [0, true]; left; part += 1) {
        await this.act(new CorrectImported({ ...input, replacement: { voucher: to, texts: { text: 'Ändrad' } }, part }));
        left = unfinishedCorrections(id, this.ledger).length > 0;
      }
    }
    if (end === 'closed') await this.act(new CloseImport({ import: id }));
  }

  async #open(id: string, lines: readonly Line[], of: Partial<OpenImportOfFile['input']>): Promise<void> {
    const uniques = (code: (line: Line) => string | undefined) => [...new Set(lines.flatMap((line) => code(line) ?? []))];
    await this.act(
      new OpenImportOfFile({
        import: id,
        readAtSeq: this.seq,
        file: `${id}.csv`,
        sha256: sha(id),
        bytes: 1,
        kind: 'whole-vouchers',
        format: 'csv',
        profile: 'voucher-csv',
        book: 'erp',
        year: 2023,
        vouchers: 0,
        counts: { rows: lines.length, withCode: 0, withoutCode: 0, noCodeNeeded: lines.length, alreadyThere: 0 },
        periods: uniques(({ period }) => period),
        grants: uniques(({ grant }) => grant),
        decisions: uniques(({ decision }) => decision),
        units: uniques(({ unit }) => unit),
        ...of,
      }),
    );
  }
}

type DemoRow = { readonly [column: string]: string };
type DemoAct = {
  act: string;
  file: string;
  period: string;
  voucher: { book: string; year: number; series: string; number: number };
  line: number;
  from: string | null;
  to: { grant: string | null; amount: string }[];
  date: string;
  text: string;
  reason: string;
  mandate: Mandate;
  grant: string;
  amount: string;
  account: string;
  replacement: {
    date: string;
    text: string;
    lines: { account: string; unit: string; grant?: string; decision?: string; amount: string }[];
  } | null;
} & { from: string; to: string };

/** The demo's ledger, from its files. @param folder demo/ */
export async function demoLedger(folder: string): Promise<GivenLedger> {
  const json = (file: string): any => JSON.parse(readFileSync(join(folder, file), 'utf8')); // eslint-disable-line @typescript-eslint/no-explicit-any -- the demo's own shape
  const register = json('register.json');
  const given = new GivenLedger();
  await given.act(
    new OpenLedger({
      organisationNumber: '232100-0000',
      name: 'Demoregionen',
      region: 'REG',
      demo: true,
      timeZone: 'Europe/Stockholm',
      grantCodePattern: '^[0-9]{4}$',
      accountClasses: register.accountClasses,
    }),
  );
  for (const { unit, name, kind, parent, validFrom } of register.units)
    if (parent !== null) await given.act(new SetUnit({ unit, name, kind, parent, validFrom }));
  for (const { grant, name, validFrom } of register.grants) await given.act(new RegisterGrant({ grant, name, validFrom }));
  for (const { decision, grant, awarded, at: _, ...terms } of register.decisions)
    await given.act(new RegisterDecision({ decision, grant, terms: { ...terms, awardedOre: parseOre(awarded) } }));
  for (const { decision, unit, amount, date } of register.allotments)
    await given.act(new AllotFunds({ decision, unit, amountOre: parseOre(amount), date }));
  for (const { grant, year, reference, reason } of register.exemptions)
    await given.act(new ExemptFromNeutrality({ grant, year, reference, reason }));
  const receivedTo = new Map<string, Terms['receivedTo']>(
    register.decisions.map((of: { grant: string; receivedTo: Terms['receivedTo'] }) => [of.grant, of.receivedTo]),
  );
  for (const act of json('acts.json') as DemoAct[]) await demoAct(given, act, folder, receivedTo);
  return given;
}

async function demoAct(
  given: GivenLedger,
  act: DemoAct,
  folder: string,
  receivedTo: ReadonlyMap<string, Terms['receivedTo']>,
): Promise<void> {
  const { date: eventDate, period, text, mandate } = act;
  const ref = act.voucher && parseReference(referenceText({ ...act.voucher, number: String(act.voucher.number), version: 1 }));
  if (act.act === 'import')
    return given.import(act.file, [demoVouchers(readFileSync(join(folder, act.file), 'utf8'), given.ledger, receivedTo)]);
  if (act.act === 'close-period') await given.act(new ClosePeriod({ period }));
  if (act.act === 'recode')
    await given.act(
      new RecodeCost({
        voucher: ref,
        line: act.line,
        from: { grant: act.from ?? '' },
        to: act.to.map((to) => ({ ...(to.grant === null ? {} : { grant: to.grant }), amountOre: parseOre(to.amount) })),
        eventDate,
        period,
        text,
        mandate,
      }),
    );
  if (act.act === 'reallocate')
    await given.act(
      new ReallocateFunds({
        grant: act.grant,
        from: act.from,
        to: act.to as unknown as string,
        amountOre: parseOre(act.amount),
        account: act.account,
        eventDate,
        period,
        text,
        mandate,
        bookedAs: 'changed-unit',
      }),
    );
  if (act.act === 'correct') {
    const replacement = act.replacement && {
      eventDate: act.replacement.date,
      text: act.replacement.text,
      lines: act.replacement.lines.map(({ account, unit, grant, decision, amount }) => ({
        account,
        unit,
        amountOre: parseOre(amount),
        ...(grant ? { grant } : {}),
        ...(decision ? { decision } : {}),
      })),
    };
    await given.act(new CorrectVoucher({ voucher: ref, reason: act.reason, eventDate, period, ...(replacement ? { replacement } : {}) }));
  }
}

function demoVouchers(csv: string, ledger: Ledger, receivedTo: ReadonlyMap<string, Terms['receivedTo']>): Voucher[] {
  const [header, ...records] = csv
    .trim()
    .split('\n')
    .map((row) =>
      [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) => (quoted ?? bare ?? '').replaceAll('""', '"')),
    );
  const rows = records.map((fields): DemoRow => Object.fromEntries(header!.map((name, i) => [name, fields[i]!])));
  const groups = Map.groupBy(rows.entries(), ([, { series, number }]) => `${series}-${number}`);
  return [...groups.values()].map((group): Voucher => {
    const [, { series, number, date }] = group[0]!;
    const kindOf = (row: DemoRow) => ledger.chart.of(row['account']!, row['date']!);
    const lines = group.map(([index, row]): Line => {
      const { account, unit, period, grant, decision } = row as { [name: string]: string };
      const { kind, internal } = kindOf(row);
      const amountOre = parseOre(row['amount']!);
      const hasIncome = group.some(([, other]) => other['grant'] === grant && kindOf(other).kind === 'income');
      const effect = effectOf('import', { kind, amountOre, receivedTo: receivedTo.get(grant!) ?? null, hasIncome })!;
      return {
        account: account!,
        amountOre,
        effect,
        unit: unit!,
        period: period!,
        row: index + 2,
        ...(internal ? { internal: true } : {}),
        ...(grant ? { grant } : {}),
        ...(decision ? { decision } : {}),
      };
    });
    return { ref: { book: 'erp', year: 2023, series: series!, number: number!, version: 1 }, eventDate: date!, lines };
  });
}

/** Values as they are after a round through the wire: without what is undefined. */
const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;

/** A line of an imported voucher. */
export const line = (account: string, amountOre: number, effect: Line['effect'], of: Partial<Line> = {}): Line => ({
  account,
  amountOre,
  effect,
  unit: '614',
  period: '2023-03',
  ...of,
});
/** An imported voucher of the ERP's series A. */
export const voucher = (number: number, lines: readonly Line[], of: Partial<Voucher> = {}): Voucher => ({
  ref: { book: 'erp', year: 2023, series: 'A', number: String(number), version: 1 },
  eventDate: '2023-03-15',
  lines,
  ...of,
});
