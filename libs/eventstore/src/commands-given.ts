/**
 * A small region to write in, a store that is watched, and a refold to compare with: what the specs of handle-command share.
 * Only specs import it. The clock and the randomness are seeded, so that a run can be repeated.
 */
import { expect } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import {
  FIRST_CLASSES,
  FIRST_PATTERN,
  Ledger,
  OpenLedger,
  PostCost,
  readRecord,
  Refusal,
  RegisterGrant,
  SetUnit,
  type Command,
  type DraftLine,
  type RefusalName,
} from '#ledger';
import type { Acknowledgement } from './acknowledgement.js';
import { LedgerCommands, type Caller, type LedgerOptions } from './ledger-commands.js';
import { MemoryStore } from './memory.js';
import { StoreUnavailable, type AppendResult, type EventStore, type ReadLimit, type SequencedRecord, type StoredRecord } from './port.js';

export const anna: Caller = { login: 'anna', name: 'Anna Ek', role: 'accountant' };
export const bo: Caller = { login: 'bo', name: 'Bo Al', role: 'director' };

/** Random numbers from 0 to 1 that the same seed gives again (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A memory store that counts its appends, lets somebody in before one, and can refuse to be read. */
export class WatchedStore extends MemoryStore {
  /** Records of each append tried. */
  readonly appends: number[] = [];
  /** How many reads to come fail. */
  failingReads = 0;
  readonly #before: (() => Promise<unknown>)[] = [];

  /** Runs each of these before one append to come. */
  before(...hooks: readonly (() => Promise<unknown>)[]): this {
    this.#before.push(...hooks);
    return this;
  }

  override async append(expected: number, records: readonly StoredRecord[]): Promise<AppendResult> {
    await this.#before.shift()?.();
    this.appends.push(records.length);
    return super.append(expected, records);
  }

  override async read(fromSeq: number, limit: ReadLimit): Promise<SequencedRecord[]> {
    this.#mayRead();
    return super.read(fromSeq, limit);
  }

  override async last(): Promise<number> {
    this.#mayRead();
    return super.last();
  }

  #mayRead(): void {
    if (this.failingReads > 0) {
      this.failingReads -= 1;
      throw new StoreUnavailable('unreachable', 'scripted: no read');
    }
  }
}

/** A clock that the spec sets, and randomness from a seed. */
export function options(rest: Partial<LedgerOptions> = {}, seed = 1): LedgerOptions & { nowMs: number } {
  const random = seeded(seed);
  const made: LedgerOptions & { nowMs: number } = {
    nowMs: Date.parse('2023-05-03T08:00:00.000Z'),
    clock: () => made.nowMs,
    random: (bytes: number) => Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256)),
    program: 'spec',
    stateFolder: null,
    ...rest,
  };
  return made;
}

/** What makes the region: itself, a board, a unit and a grant; five events with the person who made them. */
export const founding: readonly Command[] = [
  new OpenLedger({
    organisationNumber: '232100-0000',
    name: 'Demoregionen',
    region: 'REG',
    demo: true,
    timeZone: 'Europe/Stockholm',
    grantCodePattern: FIRST_PATTERN,
    accountClasses: FIRST_CLASSES,
  }),
  new SetUnit({ unit: 'HSN', name: 'Hälso- och sjukvårdsnämnden', kind: 'board', parent: 'REG', validFrom: '2020-01-01' }),
  new SetUnit({ unit: '614', name: 'Regionstaben', kind: 'unit', parent: 'REG', validFrom: '2020-01-01' }),
  new RegisterGrant({ grant: '9916', name: 'Nära vård', validFrom: '2020-01-01' }),
];
export const FOUNDED = 5;

/** The region's ledger on a store. */
export async function founded(store: EventStore = new MemoryStore(), given: LedgerOptions = options()): Promise<LedgerCommands> {
  const commands = await LedgerCommands.open(store, given);
  for (const command of founding) await commands.handle(command, { caller: anna });
  return commands;
}

/** A cost of that many öre on 7550 at 614, against suppliers. */
export const cost = (amountOre: number, rest: Partial<PostCost['input']> = {}, coding: Partial<DraftLine> = { grant: '9916' }): PostCost =>
  new PostCost({
    eventDate: '2023-05-03',
    text: 'Nära vård, våren',
    counterparty: 'Konsult AB',
    document: 'faktura 4711, arkivet',
    lines: [
      { account: '7550', amountOre, unit: '614', ...coding },
      { account: '2440', amountOre: 0 - amountOre, unit: '614' },
    ],
    ...rest,
  });

/** The state that the log leads to, folded anew. */
export async function refold(store: EventStore): Promise<Ledger> {
  const ledger = new Ledger();
  for (;;) {
    const records = await store.read(ledger.seq + 1, { records: 1_000, bytes: 1 << 24 });
    if (records.length === 0) return ledger;
    for (const { seq, head, annex } of records) ledger.evolve(readRecord(seq, head, annex));
  }
}

/** That the state is, to the last bit, what the log leads to. */
export async function expectRefold(ledger: Ledger, store: EventStore): Promise<void> {
  const [state, folded] = [ledger.save(), (await refold(store)).save()];
  if (!isDeepStrictEqual(state, folded)) expect(state).toStrictEqual(folded);
}

/** What a command came to: its acknowledgement, or the name of the refusal. Any other error is thrown on. */
export async function outcome(answer: Promise<Acknowledgement>): Promise<Acknowledgement | RefusalName> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refusal) return error.refusal;
    throw error;
  }
}
