/**
 * What holds whatever people do, in any order, refused or taken back: months of random commands against the law, and
 * every promise checked on what is left in the log.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ledgerDecider } from './commands.js';
import type { Command } from './decider.js';
import { vouchersOf, type LedgerEvent } from './events.js';
import { foundIn, given, recorded, stored } from './given.js';
import { RecordControlTotals } from './imports/control-totals.js';
import { CorrectImported } from './imports/correct-imported.js';
import { AbandonImport, CloseImport, OpenImportOfFile, RecordFindings } from './imports/import.js';
import { EndProfile, SetProfile } from './imports/set-profile.js';
import { SettleFindings } from './imports/settle-findings.js';
import { Ledger } from './ledger.js';
import { coding } from './state.js';
import { ClosePeriod, ReopenPeriod } from './period.js';
import { Refusal } from './refusal.js';
import {
  cost,
  erpLine,
  erpVoucher,
  file,
  importedCost,
  line,
  opening,
  own,
  profile,
  reallocation,
  receipt,
  recode,
  recognition,
  region,
  repayment,
} from './region-given.js';
import { referenceText, type Reference } from './reference.js';
import { ExemptFromNeutrality, WithdrawExemption } from './register/decision.js';
import { RetireGrant } from './register/grant.js';
import { RemoveHintRule, SetHintRule } from './register/hint-rule.js';
import { OpenLedger } from './register/settings.js';
import { AllotFunds } from './register/unit.js';
import type { Line, Voucher } from './voucher.js';
import { CorrectVoucher } from './vouchers/correct-voucher.js';

const amount = fc.oneof(fc.integer({ min: -3, max: 1_000 }), fc.constantFrom(Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER));
const day = fc.constantFrom('2023-05-03', '2023-12-31', '2024-01-01', '2024-02-29');
const period = fc.constantFrom(undefined, '2023-03', '2023-05', '2023-12', '2023-13', '2024-01');
const grant = fc.constantFrom(undefined, '9916', '9917', '9929', '9957');
const erp = (version: number) => ({ book: 'erp', year: 2023, series: 'LEV', number: '153', version });
const voucher = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(2023, 2023, 2023, 2024)).map(([number, year]) => own(number, year)),
  fc.constantFrom(1, 1, 2, 3, 3, 4, 5).map(erp),
);
const when = fc.record({ eventDate: day, period }, { requiredKeys: ['eventDate'] });
const share = fc.record({ grant, amountOre: fc.option(amount, { nil: undefined }) });
const [openImport, part, closeImport] = importedCost(777);
/** A file that has changed corrects the voucher of a1, now and then under another number. */
const openChanged = (id: string) =>
  new OpenImportOfFile({ ...file, import: id, sha256: id.repeat(32), profile: `${id}~1`, vouchers: 0, corrections: 1 });
const closeChanged = (id: string) => new CloseImport({ import: id });
const findings = (id: string) =>
  new RecordFindings({ import: id, findings: [{ row: 2, finding: 'finding-without-counterparty', facts: { voucher: 'LEV 153' } }] });
const settled = fc
  .integer({ min: 18, max: 30 })
  .map((seq) => new SettleFindings({ findings: [`${seq}.1`], reason: 'Kontrollerat' }) as Command);
const changed = (id: string, version: number) =>
  fc.record({ ore: fc.integer({ min: 0, max: 9 }), grant, moved: fc.constantFrom(true, false, false) }).map(
    ({ ore, grant: to, moved }) =>
      new CorrectImported({
        import: id,
        corrects: erp(version),
        replacement: {
          voucher: erpVoucher(moved ? '9' : '153', [
            erpLine('7550', ore, { effect: 'cost', row: 2, ...(to && { grant: to }) }),
            erpLine('2440', 0 - ore, { row: 3 }),
          ]),
          texts: { text: 'Ändrad' },
        },
        reason: 'Ändrad i filen',
      }) as Command,
  );

/** Anything that a person might do. */
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(amount, grant, when).map(([ore, to, at]) => cost(ore, { grant: to }, at) as Command) },
  { weight: 2, arbitrary: fc.tuple(amount, when).map(([ore, at]) => receipt(ore, at) as Command) },
  { weight: 2, arbitrary: fc.tuple(amount, when).map(([ore, at]) => recognition(ore, at) as Command) },
  { weight: 1, arbitrary: fc.tuple(amount, when).map(([ore, at]) => repayment(ore, at) as Command) },
  { weight: 2, arbitrary: fc.tuple(amount, when).map(([ore, at]) => reallocation(ore, at) as Command) },
  {
    weight: 8,
    arbitrary: fc
      .record({ voucher, from: fc.option(grant, { nil: null }), to: fc.array(share, { minLength: 1, maxLength: 3 }), at: when })
      .map(({ voucher, from, to, at }) => recode(to, { ...at, voucher, ...(from !== null && { from: { grant: from ?? '' } }) }) as Command),
  },
  {
    weight: 4,
    arbitrary: fc.record({ voucher, at: when, ore: fc.option(amount) }).map(
      ({ voucher, at, ore }) =>
        new CorrectVoucher({
          voucher,
          reason: 'Fel',
          ...at,
          ...(ore !== null && { replacement: { lines: [line('7550', ore), line('2440', -ore)] } }),
        }) as Command,
    ),
  },
  { weight: 1, arbitrary: period.map((at = '2024-01') => new ClosePeriod({ period: at }) as Command) },
  { weight: 2, arbitrary: period.map((at = '2024-01') => new ReopenPeriod({ period: at, approver: 'ED', reason: 'Fel' }) as Command) },
  { weight: 1, arbitrary: grant.map((code = '9917') => new RetireGrant({ grant: code, lastDay: '2024-01-31' }) as Command) },
  {
    weight: 1,
    arbitrary: amount.map((ore) => new AllotFunds({ decision: '9916-23', unit: '614', amountOre: ore, date: '2023-05-03' }) as Command),
  },
  { weight: 3, arbitrary: fc.constantFrom(1, 3, 5).chain((version) => changed('b2', version)) },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Command>(
      new SetProfile({ profile: 'b2', validFrom: '2023-01-01', settings: profile }),
      openChanged('b2'),
      openChanged('b2'),
      closeChanged('b2'),
      findings('b2'),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.oneof(
      settled,
      fc.constantFrom<Command>(
        new EndProfile({ profile: 'b2' }),
        new SetHintRule({ rule: 'konsult', grant: '9916', criterion: { text: 'konsult' } }),
        new RemoveHintRule({ rule: 'konsult' }),
        new OpenImportOfFile({ ...file, import: 'u1', kind: 'selection', book: 'urval', profile: 'urval~1', vouchers: 0 }),
        new SetProfile({ profile: 'urval', validFrom: '2023-01-01', settings: { ...profile, kind: 'selection', book: 'urval' } }),
        new RecordControlTotals({ import: 'u1', totals: [{ account: '7550', period: '2023-03', amountOre: 5 }] }),
        new AbandonImport({ import: 'u1', because: 'x' }),
      ),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Command>(
      openImport!,
      part!,
      closeImport!,
      new AbandonImport({ import: 'a1', because: 'Avbruten' }),
      new AbandonImport({ import: 'b2', because: 'Avbruten' }),
      new CloseImport({ import: 'a1' }),
      new ExemptFromNeutrality({ grant: '9929', year: 2023, reference: 'RS/1', reason: 'x' }),
      new WithdrawExemption({ grant: '9929', year: 2023, reason: 'x' }),
    ),
  },
);
type Step = { readonly command: Command; readonly lost: boolean };
/** A step that is `lost` was decided and taken into the state, but never became durable. */
const step = fc.record({ command, lost: fc.integer({ min: 0, max: 9 }).map((n) => n < 2) });
/** A month's file, and the same month changed, from end to end: few would come so far by chance. */
const wholeFile = fc.oneof(
  fc.constant([openImport!, part!, closeImport!]),
  fc
    .constantFrom('b2', 'c3', 'd4')
    .chain((id) =>
      fc
        .tuple(fc.tuple(changed(id, 1), changed(id, 3), changed(id, 5)), fc.array(settled, { maxLength: 3 }))
        .map(([whichStands, settling]) => [
          new SetProfile({ profile: id, validFrom: '2023-01-01', settings: profile }),
          openChanged(id),
          ...whichStands,
          findings(id),
          closeChanged(id),
          new AbandonImport({ import: id, because: 'Avbruten' }),
          ...settling,
        ]),
    ),
);
const steps = fc
  .array(
    fc.oneof(
      { weight: 9, arbitrary: step.map((one) => [one]) },
      { weight: 1, arbitrary: wholeFile.map((commands) => commands.map((command): Step => ({ command, lost: false }))) },
    ),
    { maxLength: 50, size: 'max' },
  )
  .map((some): readonly Step[] => some.flat());

/** One ledger that lives through the steps: nothing refolded, everything refused or lost taken back in place. */
function live(story: readonly Step[], ledger = region.ledger(), events: LedgerEvent[] = [...region.events]) {
  for (const { command, lost } of story) {
    if (command === openImport && ledger.locate(erp(1)) !== null) continue; // who reads the file again finds its voucher there
    ledger.journal.record();
    let decided: readonly LedgerEvent[];
    try {
      decided = ledgerDecider
        .decide(
          command,
          ledger,
          command.needs.map((ref) => foundIn(events, ledger, ref)),
        )
        .map(stored);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      continue;
    }
    for (const [index, event] of decided.entries()) ledger.evolve(recorded(event, events.length + index));
    if (lost) ledger.journal.undoTo(0);
    else events.push(...decided);
    ledger.journal.keep();
  }
  return { ledger, events };
}

const runs = { numRuns: 150 };
const total = (lines: readonly Line[]) => lines.reduce((sum, { amountOre }) => sum + BigInt(amountOre), 0n);

/** The vouchers that count: those by hand, and those of imports that closed. */
function counted(events: readonly LedgerEvent[]) {
  const under = new Map<string, Voucher[]>();
  return events.flatMap((event) => {
    const { type, data } = event;
    if (type === 'ImportOpened') under.set(data.import, []);
    if (type === 'ImportClosed') return under.get(data.import)!;
    if ((type !== 'VouchersImported' && type !== 'VoucherCorrected') || data.import === undefined) return vouchersOf(event);
    under.get(data.import)!.push(...data.vouchers);
    return [];
  });
}

describe('whatever people do', () => {
  it('what was refused, or tried and lost, leaves no trace: the state is the fold of the log', () =>
    fc.assert(
      fc.property(steps, (story) => {
        const { ledger, events } = live(story);
        expect(ledger.save()).toStrictEqual(
          given(...events)
            .ledger()
            .save(),
        );
      }),
      runs,
    ));

  it('a state saved half-way and opened again goes on as if nothing had happened', () =>
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const half = live(before);
        const restored = live(after, new Ledger(structuredClone(half.ledger.save())), [...half.events]);
        const unbroken = live(after, half.ledger, [...half.events]);
        expect(restored.events).toStrictEqual(unbroken.events);
        expect(restored.ledger.save()).toStrictEqual(unbroken.ledger.save());
      }),
      runs,
    ));

  it('our own vouchers are numbered from 1 in each year, without a gap, in order', () =>
    fc.assert(
      fc.property(steps, (story) => {
        const { ledger, events } = live(story);
        for (const year of [2023, 2024]) {
          const numbers = events.flatMap((event) =>
            vouchersOf(event).flatMap(({ ref }) => (ref.book === 'own' && ref.year === year ? [Number(ref.number)] : [])),
          );
          expect(numbers).toEqual(numbers.map((_, index) => index + 1));
          expect(ledger.nextNumber(year)).toBe(numbers.length + 1);
        }
      }),
      runs,
    ));

  it('every voucher balances, and every period of it is one of its year, unless it says that it concerns a closed year or takes back recodings', () =>
    fc.assert(
      fc.property(steps, (story) => {
        for (const event of live(story).events)
          for (const { ref, lines, concernsYear, takesBack } of vouchersOf(event)) {
            expect(total(lines)).toBe(0n);
            const elsewhere = concernsYear === ref.year || takesBack !== undefined;
            expect(lines.every((each) => each.period.startsWith(`${ref.year}-`) || elsewhere)).toBe(true);
          }
      }),
      runs,
    ));

  it('a reallocation sums to zero over the units, a recoding over the grants: the region as a whole is not touched', () =>
    fc.assert(
      fc.property(steps, (story) => {
        for (const event of live(story).events) {
          if (event.type === 'FundsReallocated')
            expect(new Set(vouchersOf(event)[0]!.lines.map(({ grant, account }) => `${grant} ${account}`)).size).toBe(1);
          if (event.type !== 'CostRecoded') continue;
          const { lines } = event.data.vouchers[0]!;
          expect(total(lines)).toBe(0n);
          expect(new Set(lines.map(({ account, unit, period, effect }) => `${account} ${unit} ${period} ${effect}`)).size).toBe(1);
        }
      }),
      runs,
    ));

  it('of every cost line exactly its amount stands somewhere, and nowhere more than all of it or less than nothing', () =>
    fc.assert(
      fc.property(steps, (story) => {
        const { ledger, events } = live(story);
        const vouchers = counted(events);
        for (const { ref, lines, recodes, reverses } of vouchers) {
          if (recodes || reverses) continue;
          const moves = vouchers.filter((other) => other.recodes && referenceText(other.recodes.voucher) === referenceText(ref));
          for (const [index, cost] of lines.entries()) {
            if (cost.effect !== 'cost') continue;
            const stands = new Map([[coding(index + 1, cost.grant, cost.decision), BigInt(cost.amountOre)]]);
            for (const { lines: moved, recodes: of } of moves)
              for (const { grant, decision, amountOre } of of!.line === index + 1 ? moved : []) {
                const place = coding(index + 1, grant, decision);
                stands.set(place, (stands.get(place) ?? 0n) + BigInt(amountOre));
              }
            const sum = [...stands.values()].reduce((all, ore) => all + ore, 0n);
            expect(sum).toBe(BigInt(cost.amountOre));
            for (const ore of stands.values()) expect(cost.amountOre > 0 ? ore >= 0n && ore <= sum : ore <= 0n && ore >= sum).toBe(true);
          }
          expect(ledger.isRecoded(ref)).toBe(
            lines.some((cost, index) =>
              [undefined, '9916', '9917', '9929', '9957'].some(
                (code) => ledger.recodedOre(ref, index + 1, code, undefined) !== 0 && cost.effect === 'cost',
              ),
            ),
          );
        }
      }),
      runs,
    ));

  it('a reversal is its voucher with every sign turned, and the two together are nothing to any figure', () =>
    fc.assert(
      fc.property(steps, (story) => {
        const { ledger, events } = live(story);
        const vouchers = counted(events);
        const seen = new Set<string>();
        for (const { ref, reverses, lines } of vouchers) {
          if (!reverses) continue;
          const original = vouchers.find(({ ref }) => referenceText(ref) === referenceText(reverses))!;
          if (ref.book !== 'own') continue; // below
          const bare = ({ period: _p, row: _r, amountOre, ...rest }: Line) => ({ ...rest, amountOre });
          expect(lines.map(bare)).toEqual(original.lines.map((each) => ({ ...bare(each), amountOre: 0 - each.amountOre })));
          expect(seen.has(referenceText(reverses))).toBe(false);
          expect(ledger.corrected.has(referenceText(reverses))).toBe(true);
          seen.add(referenceText(reverses));
        }
      }),
      runs,
    ));

  it('a reversal that a file brings takes the voucher and its recodings together to nothing, wherever they stand', () =>
    fc.assert(
      fc.property(steps, (story) => {
        const vouchers = counted(live(story).events);
        for (const { ref, reverses, lines } of vouchers) {
          if (!reverses || ref.book === 'own') continue;
          const is = (other: Reference | undefined) => other !== undefined && referenceText(other) === referenceText(reverses);
          const together = vouchers.filter((other) => is(other.ref) || is(other.recodes?.voucher)).flatMap((other) => other.lines);
          const left = new Map<string, bigint>();
          for (const { account, unit, effect, grant: code, amountOre } of [...together, ...lines]) {
            const place = `${account} ${unit} ${effect} ${code}`;
            left.set(place, (left.get(place) ?? 0n) + BigInt(amountOre));
          }
          expect([...left.values()].filter((ore) => ore !== 0n)).toEqual([]);
        }
      }),
      runs,
    ));

  it('of an ERP’s number one version stands at most, each is found where it lies, and the next number of a version is free', () =>
    fc.assert(
      fc.property(steps, (story) => {
        const { ledger, events } = live(story);
        const numbers = new Map<string, Reference[]>();
        for (const { ref } of counted(events)) if (ref.book === 'erp') numbers.set(ref.number, [...(numbers.get(ref.number) ?? []), ref]);
        for (const versions of numbers.values()) {
          expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1));
          for (const ref of versions)
            expect(vouchersOf(events[ledger.locate(ref)!]!).map((each) => referenceText(each.ref))).toContain(referenceText(ref));
          expect(ledger.nextVersion(versions[0]!)).toBe(versions.length + 1);
          const standing = ledger.standing(versions[0]!);
          if (standing)
            expect(ledger.corrected.get(referenceText({ ...versions[0]!, version: standing.version }))?.by.join() ?? 'own').toContain(
              'own',
            );
        }
      }),
      runs,
    ));

  it('the figures that the rules ask of are the sums of the lines that count', () =>
    fc.assert(
      fc.property(steps, (story) => {
        const { ledger, events } = live(story);
        const lines = counted(events).flatMap((each) => each.lines);
        const sum = (of: (each: Line) => boolean) => total(lines.filter(of));
        const has =
          (...effects: readonly string[]) =>
          (each: Line) =>
            effects.includes(each.effect);
        for (const grant of ['9916', '9917', '9929', '9957']) {
          for (const account of ['2971', '1930', '2440'])
            expect(ledger.sums.of(`balance|${grant}|${account}`)).toBe(
              sum((each) => each.grant === grant && each.account === account && has('received', 'repaid', 'none')(each)),
            );
          for (const year of ['2023', '2024'])
            expect(ledger.sums.of(`net|${grant}|${year}`)).toBe(
              sum((each) => each.grant === grant && each.period.startsWith(year) && has('recognised', 'both', 'cost', 'reallocated')(each)),
            );
        }
        for (const [figure, effects] of Object.entries({
          received: ['received', 'both'],
          recognised: ['recognised', 'both'],
          repaid: ['repaid'],
        }))
          expect(ledger.sums.of(`${figure}|9916-23`)).toBe(sum((each) => each.decision === '9916-23' && has(...effects)(each)));
      }),
      runs,
    ));

  it('nothing is posted in a closed period', () =>
    fc.assert(
      fc.property(steps, (story) => {
        const closed = new Set<string>();
        for (const event of live(story).events) {
          if (event.type === 'PeriodClosed') closed.add(event.data.period);
          if (event.type === 'PeriodReopened') closed.delete(event.data.period);
          for (const { lines } of vouchersOf(event)) for (const { period } of lines) expect(closed.has(period)).toBe(false);
        }
      }),
      runs,
    ));

  it('the random commands are worth their name: every kind of act is accepted somewhere', () => {
    const stories = fc.sample(steps, { numRuns: 300, seed: 1 }).map((story) => live(story).events);
    const types = new Set(stories.flatMap((events) => events.map(({ type }) => type)));
    const versions = stories.flatMap((events) => counted(events).map(({ ref }) => ref.version));
    expect(Math.max(...versions)).toBeGreaterThan(4);
    for (const type of [
      'CostPosted',
      'ReceiptPosted',
      'IncomeRecognised',
      'RepaymentPosted',
      'CostRecoded',
      'VoucherCorrected',
      'FundsReallocated',
      'ImportClosed',
      'GrantRetired',
      'ProfileEnded',
      'FindingsSettled',
      'HintRuleRemoved',
      'ControlTotalsRecorded',
    ] as const)
      expect([...types]).toContain(type);
  });
});

describe('the fold', () => {
  it('is pure: the same events give the same state, and are not changed by it', () => {
    const { events } = live(fc.sample(steps, { numRuns: 1, seed: 7 })[0]!);
    const copy = structuredClone(events);
    const freeze = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      Object.values(value).forEach(freeze);
      Object.freeze(value);
    };
    events.forEach(freeze);
    expect(
      given(...events)
        .ledger()
        .save(),
    ).toStrictEqual(
      given(...copy)
        .ledger()
        .save(),
    );
    expect(events).toEqual(copy);
  });
  it('takes the next event and no other: a gap or a repetition stops it', () => {
    const [opened] = given(new OpenLedger(opening)).events as [LedgerEvent];
    expect(() => new Ledger().evolve(recorded(opened, 1))).toThrow(RangeError);
    const ledger = new Ledger();
    ledger.evolve(recorded(opened, 0));
    expect(() => ledger.evolve(recorded(opened, 0))).toThrow(RangeError);
    expect(ledger.seq).toBe(0);
  });
  it('asking changes nothing: a number that was looked for is not a book', () => {
    const ledger = region.ledger();
    const before = ledger.save();
    ledger.nextNumber(2031);
    ledger.locate({ book: 'erp', year: 2023, series: 'X', number: '1', version: 1 });
    expect(ledger.save()).toStrictEqual(before);
  });
  it('knows an event by its id from then on, and only those', () => {
    const ledger = region.ledger();
    expect(ledger.keys.find(recorded(region.events[3]!, 3).head.id)).toBe(3);
    expect(ledger.keys.find(recorded(region.events[3]!, 99).head.id)).toBeNull();
  });
});
