/**
 * Seeded simulation: several processes write one ledger at random, over a store whose answers get lost, that goes away, and
 * where others come first; callers try again with the same key as the refusals tell them to. A failing seed is printed, and
 * `SIMULATION_SEED=<seed>` plays it alone.
 */
import { describe, expect, it } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import {
  AbandonImport,
  CloseImport,
  ClosePeriod,
  CorrectVoucher,
  ImportVouchers,
  Ledger,
  OpenImportOfFile,
  parseReference,
  readRecord,
  ReallocateFunds,
  RecodeCost,
  Refusal,
  RegisterGrant,
  ReopenPeriod,
  RetireGrant,
  SetUnit,
  vouchersOf,
  type Command,
  type Line,
  type Recorded,
  type RefusalName,
  type SavedLedger,
  type Voucher,
} from '#ledger';
import type { Acknowledgement } from './acknowledgement.js';
import { anna, bo, cost, founded, options, seeded } from './commands-given.js';
import { LedgerCommands, type Caller } from './ledger-commands.js';
import { MemoryStore, type Fault } from './memory.js';
import type { AppendResult, ReadLimit, SequencedRecord, StoredRecord } from './port.js';
import { StoreUnavailable } from './port.js';

const SEEDS = 150;
const seeds = process.env['SIMULATION_SEED'] ? [Number(process.env['SIMULATION_SEED'])] : Array.from({ length: SEEDS }, (_, i) => i + 1);
/** The refusals that say: try again with the same key. */
const AGAIN: readonly RefusalName[] = ['result-unknown', 'store-unavailable', 'too-many-writers', 'ledger-busy'];

type Dice = ReturnType<typeof dice>;
function dice(seed: number) {
  const random = seeded(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  return { below, chance: (probability: number) => random() < probability, of: <T>(items: readonly T[]): T => items[below(items.length)]! };
}

/** A process's own way to the shared log: each append and each read may go wrong, and takes its time. */
class UnsteadyStore extends MemoryStore {
  steady = false;
  constructor(
    log: StoredRecord[],
    private readonly roll: Dice,
  ) {
    super(log);
  }

  override async append(expected: number, records: readonly StoredRecord[]): Promise<AppendResult> {
    await this.#wait();
    if (!this.steady) this.script(this.#fault());
    return super.append(expected, records);
  }

  override async read(fromSeq: number, limit: ReadLimit): Promise<SequencedRecord[]> {
    if (this.roll.chance(0.2)) await this.#wait();
    if (!this.steady && this.roll.chance(0.02)) throw new StoreUnavailable('unreachable', 'simulated');
    return super.read(fromSeq, limit);
  }

  async #wait(): Promise<void> {
    for (let turns = this.roll.below(4); turns > 0; turns -= 1) await new Promise(setImmediate);
  }

  #fault(): Fault {
    if (this.roll.chance(0.75)) return 'none';
    return this.roll.of<Fault>([
      'answer-lost',
      'request-lost',
      { unavailable: 'unreachable' },
      'answer-lost',
      'request-lost',
      { unavailable: 'disk-full' },
    ]);
  }
}

/** What was asked, under which key, and what it came to in the end. */
type Asked = {
  readonly command: Command;
  readonly key: string;
  readonly caller: Caller;
  readonly answers: Acknowledgement[];
  refused: RefusalName | null;
};

class Simulation {
  readonly log: StoredRecord[] = [];
  readonly asked: Asked[] = [];
  readonly processes: { readonly store: UnsteadyStore; readonly commands: LedgerCommands }[] = [];
  imports = 0;
  readonly #roll: Dice;

  constructor(private readonly seed: number) {
    this.#roll = dice(seed);
  }

  async run(): Promise<void> {
    await founded(new MemoryStore(this.log), options({}, this.seed));
    for (let process = 0; process < 3; process += 1) await this.#start();
    const writers = Array.from({ length: 4 }, (_, writer) => this.#write(`w${writer}`));
    await Promise.all([...writers, this.#import('erp'), this.#import('pa')]);
    for (const { store } of this.processes) store.steady = true;
    // the doors' callers never give up, so what is unknown is asked once more when the store is well again
    for (const asked of this.asked) if (asked.answers.length === 0 && asked.refused === null) await this.#ask(asked);
    for (const asked of this.asked) if (asked.command instanceof CloseImport && asked.answers.length > 0) this.imports += 1;
  }

  /** Opens a process on the ledger; its clock goes wrong by up to an hour. */
  async #start(): Promise<void> {
    const store = new UnsteadyStore(this.log, this.#roll);
    store.steady = true;
    const given = options({}, this.seed * 31 + this.processes.length);
    given.nowMs += this.#roll.below(3_600_000);
    this.processes.push({ store, commands: await LedgerCommands.open(store, given) });
    store.steady = false;
  }

  async #write(name: string): Promise<void> {
    for (let i = 0; i < 9; i += 1) {
      const caller = this.#roll.chance(0.7) ? anna : bo;
      const burst = Array.from({ length: 1 + this.#roll.below(3) }, (_, j) => this.#new(this.#command(), `${name}-${i}-${j}`, caller));
      await Promise.all(burst.map((asked) => this.#ask(asked)));
      const earlier = this.#roll.of(this.asked);
      if (this.#roll.chance(0.2)) await this.#ask(earlier);
    }
  }

  #new(command: Command, key: string, caller: Caller): Asked {
    const asked: Asked = { command, key, caller, answers: [], refused: null };
    this.asked.push(asked);
    return asked;
  }

  /** Asks any of the processes, up to four times, each time under the same key. */
  async #ask(asked: Asked): Promise<void> {
    const { command, key, caller } = asked;
    for (let tries = 0; tries < 4; tries += 1) {
      try {
        asked.answers.push(await this.#roll.of(this.processes).commands.handle(command, { caller, key }));
        return;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (AGAIN.includes(error.refusal)) continue;
        asked.refused = error.refusal;
        return;
      }
    }
  }

  #command(): Command {
    const [roll, ore] = [this.#roll, 1 + this.#roll.below(10_000)];
    const own = parseReference(`own-2023-${1 + roll.below(12)}`);
    const period = `2023-0${4 + roll.below(3)}`;
    const eventDate = `${period}-1${roll.below(10)}`;
    switch (roll.below(12)) {
      case 0:
      case 1:
        return new RecodeCost({ voucher: own, line: 1, to: [{ grant: roll.of(['9916', '9917', '9929']) }], eventDate, text: 'Omkodad' });
      case 2:
        return new CorrectVoucher({
          voucher: own,
          reason: 'Fel',
          eventDate,
          ...(roll.chance(0.5) && { replacement: { lines: cost(ore).input.lines } }),
        });
      case 3:
        return new ClosePeriod({ period });
      case 4:
        return new ReopenPeriod({ period, approver: 'Ekonomidirektören', reason: 'Sen faktura' });
      case 5:
        return new ReallocateFunds({
          ...{
            grant: '9916',
            from: '614',
            to: 'HSN',
            amountOre: ore,
            account: '3591',
            eventDate,
            text: 'Fördelning',
            bookedAs: 'changed-unit',
          },
          mandate: { kind: 'board', diarienummer: 'RS/850/2023', paragraph: '44', date: '2023-04-26' },
        });
      case 6:
        return roll.of<Command>([
          new RegisterGrant({ grant: '9917', name: 'Vårdens medarbetare', validFrom: '2020-01-01' }),
          new RegisterGrant({ grant: '9929', name: 'Tillgänglighet', validFrom: '2020-01-01' }),
          new SetUnit({ unit: '605', name: 'IT', kind: 'unit', parent: 'REG', validFrom: '2020-01-01' }),
          new RetireGrant({ grant: '9929', lastDay: '2023-12-31' }),
        ]);
      default:
        return cost(ore, { eventDate }, { grant: roll.of(['9916', '9917', undefined]) });
    }
  }

  /** A file in parts, some of its vouchers larger than one; now and then it is abandoned half way. */
  async #import(book: string): Promise<void> {
    for (let file = 0; file < 2; file += 1) {
      const id = `${book}-${file}`;
      const parts = 2 + this.#roll.below(3);
      const step = (command: Command, name: string) => this.#ask(this.#new(command, `${id}-${name}`, anna));
      await step(
        new OpenImportOfFile({
          ...{
            import: id,
            sha256: `${id}${'0'.repeat(64)}`.slice(0, 64),
            bytes: 9,
            kind: 'whole-vouchers',
            format: 'csv',
            profile: 'voucher-csv',
            book,
            year: 2023,
          },
          ...{ counts: { rows: 0, withCode: 0, withoutCode: 0, noCodeNeeded: 0, alreadyThere: 0 }, vouchers: 2 * parts - 1, file: 'f.csv' },
          ...{ periods: ['2023-05'], grants: ['9916'], decisions: [], units: ['614'], readAtSeq: 1_000_000 },
        }),
        'open',
      );
      for (let part = 0; part < parts; part += 1) {
        const vouchers = [
          erpVoucher(book, file, part, part > 0 ? 3 : 1, part > 0),
          ...(part < parts - 1 ? [erpVoucher(book, file, part + 1, 1, false, true)] : []),
        ];
        if (part > 0 && part < parts) vouchers.splice(1, 0, erpVoucher(book, file, 100 + part, 1, false));
        if (this.#roll.chance(0.05)) await step(new AbandonImport({ import: id, because: 'Avbruten' }), 'abandon');
        await step(new ImportVouchers({ import: id, part, vouchers, texts: vouchers.map(() => ({ text: 'Fil' })) }), `part-${part}`);
      }
      await step(new CloseImport({ import: id }), 'close');
      await step(new AbandonImport({ import: id, because: 'Inte stängd' }), 'leave');
    }
  }
}

function erpVoucher(book: string, file: number, number: number, firstLine: number, continues: boolean, more = false): Voucher {
  const line = (amountOre: number): Line => ({
    account: amountOre > 0 ? '7550' : '2440',
    amountOre,
    effect: amountOre > 0 ? 'cost' : 'none',
    unit: '614',
    period: '2023-05',
    ...(amountOre > 0 && { grant: '9916' }),
  });
  return {
    ref: { book, year: 2023, series: 'L', number: String(file * 1_000 + number + 1), version: 1 },
    eventDate: '2023-05-14',
    fingerprint: '0123456789abcdef',
    lines: [line(7), line(-7)],
    ...(continues && { firstLine }),
    ...(more && { more: true as const }),
  };
}

/** What must hold at the end, whatever went wrong on the way. */
function invariants({ log, asked, processes }: Simulation): void {
  const records = log.map(({ head, annex }, seq) => readRecord(seq, head, annex)); // throws where a seq is not its place
  const ids = records.map(({ head }) => head.id);
  expect(new Set(ids).size).toBe(ids.length);
  const times = records.map(({ head }) => head.recordedAt);
  expect(times).toEqual([...times].sort());

  const byKey = Map.groupBy(records, ({ head }) => `${head.actor} ${head.command}`);
  for (const group of byKey.values()) expect(group.map(({ head }) => head.seq)).toEqual(group.map((_, i) => group[0]!.head.seq + i));
  const folded = foldOf(records);
  for (const { key, caller, answers, refused } of asked) {
    const actor = folded.persons.get(caller.login);
    const stored = byKey.get(`${actor} ${key}`)?.filter(({ event }) => event.type !== 'PersonAdded');
    if (answers.length === 0) {
      expect([key, refused, stored]).toEqual([key, expect.any(String), undefined]);
      continue;
    }
    for (const { events, repeated: _repeated, ...answer } of answers) {
      expect(events).toEqual(stored!.map(({ head: { seq, id }, event: { type } }) => ({ seq, id, type })));
      const { events: _events, repeated: _first, ...first } = answers[0]!;
      expect(answer).toEqual(first);
    }
    expect(answers.filter(({ repeated }) => !repeated).length).toBeLessThanOrEqual(1);
  }

  const own = records.flatMap(({ event }) =>
    vouchersOf(event)
      .filter(({ ref }) => ref.book === 'own')
      .map(({ ref }) => Number(ref.number)),
  );
  expect(own).toEqual(own.map((_, i) => i + 1));
  const differences = records.flatMap(({ event }) =>
    vouchersOf(event).map(({ lines }) => lines.reduce((sum, { amountOre }) => sum + amountOre, 0)),
  );
  expect(differences.findIndex((differenceOre) => differenceOre !== 0)).toBe(-1);
  expect(records.filter(({ event }) => event.type === 'PersonAdded')).toHaveLength(folded.persons.size);

  const state = folded.save();
  same(new Ledger(state).save(), state);
  for (const { commands } of processes)
    same(commands.ledger.save(), commands.ledger.seq === folded.seq ? state : foldOf(records.slice(0, commands.ledger.seq + 1)).save());
}

function foldOf(records: readonly Recorded[]): Ledger {
  const ledger = new Ledger();
  for (const record of records) ledger.evolve(record);
  return ledger;
}

/** jest says where two states differ, but is slow where they do not. */
function same(state: SavedLedger, other: SavedLedger): void {
  if (!isDeepStrictEqual(state, other)) expect(state).toStrictEqual(other);
}

describe('a simulated ledger of three processes in trouble', () => {
  it(`keeps its promises, ${seeds.length} times over`, async () => {
    const came = { appended: 0, refused: new Set<string>(), repeated: 0, imports: 0 };
    for (const seed of seeds) {
      const simulation = new Simulation(seed);
      try {
        await simulation.run();
        invariants(simulation);
      } catch (error) {
        throw new Error(`SIMULATION_SEED=${seed} ${(error as Error).message}`, { cause: error });
      }
      came.appended += simulation.log.length;
      came.imports += simulation.imports;
      for (const { refused, answers } of simulation.asked) {
        if (refused) came.refused.add(refused);
        came.repeated += answers.filter(({ repeated }) => repeated).length;
      }
    }
    if (seeds.length < SEEDS) return;
    // it would prove nothing if little had happened
    expect(came.appended).toBeGreaterThan(20 * SEEDS);
    expect(came.repeated).toBeGreaterThan(SEEDS);
    expect(came.imports).toBeGreaterThan(SEEDS);
    for (const name of ['period-closed', 'already-corrected', 'voucher-recoded', 'import-not-open', 'grant-exists'])
      expect(came.refused).toContain(name);
  }, 120_000);

  it('plays the same seed the same way', async () => {
    const [one, two] = [new Simulation(42), new Simulation(42)];
    await one.run();
    await two.run();
    expect(two.log.map(({ head }) => Buffer.from(head).toString())).toEqual(one.log.map(({ head }) => Buffer.from(head).toString()));
  });
});
