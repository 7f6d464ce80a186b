/**
 * Given what has happened, when a command comes, then these events (or this no): the language of the law's specs. Only
 * specs import it. Every `when` also proves that the events can be stored, that what was tried can be taken back to the
 * last bit, and that a saved state is the state.
 */
import { expect } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import { canonical, type Json } from './canonical.js';
import { catalogue } from './catalogue.js';
import { ledgerDecider } from './commands.js';
import { Command, type Found } from './decider.js';
import { EVENT_VERSIONS, vouchersOf, type EventType, type Finding, type LedgerEvent, type Warning } from './events.js';
import { Ledger } from './ledger.js';
import type { SavedLedger } from './state.js';
import { Refusal, type RefusalName } from './refusal.js';
import { hex, type Recorded } from './record.js';
import { referenceText, type Reference } from './reference.js';
import type { Act, VoucherTexts } from './voucher.js';

type Step = Command | LedgerEvent;
/** An event as a spec expects it: the version is the newest where it is left out. */
type Expected = { readonly type: EventType; readonly data?: object; readonly annex?: object };

const ACTS: { readonly [type in EventType]?: Act } = {
  ReceiptPosted: 'receipt',
  IncomeRecognised: 'recognition',
  CostPosted: 'cost',
  RepaymentPosted: 'repayment',
  CostRecoded: 'recoding',
  FundsReallocated: 'reallocation',
  VouchersImported: 'import',
};

/** The story so far: commands are decided and events taken as they are, in order. */
export const given = (...steps: readonly Step[]): Story => new Story([]).and(...steps);

/** What has happened. Immutable: every step gives a new story, so that one beginning serves many tests. */
export class Story {
  constructor(readonly events: readonly LedgerEvent[]) {}

  /** This story, and then these steps. */
  and(...steps: readonly Step[]): Story {
    const events = [...this.events];
    const ledger = this.ledger();
    for (const step of steps)
      for (const event of step instanceof Command ? decided(step, ledger, events) : [step]) {
        events.push(stored(event));
        ledger.evolve(recorded(events.at(-1)!, events.length - 1));
      }
    return new Story(events);
  }

  /** What the command leads to, after which the state is as it was. */
  when(command: Command): Outcome {
    const ledger = this.ledger();
    const before = ledger.save();
    same(new Ledger(before).save(), before);
    ledger.journal.record();
    let events: readonly LedgerEvent[] | Refusal;
    try {
      events = decided(command, ledger, this.events).map(stored);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      events = refusal;
    }
    if (!(events instanceof Refusal)) {
      for (const [index, event] of events.entries()) ledger.evolve(recorded(event, this.events.length + index));
      const after = ledger.save();
      same(new Story([...this.events, ...events]).ledger().save(), after);
      same(new Ledger(after).save(), after);
    }
    ledger.journal.undoTo(0);
    same(ledger.save(), before);
    return new Outcome(this, events);
  }

  /** The state that the story leads to, folded anew. */
  ledger(): Ledger {
    const ledger = new Ledger();
    for (const [seq, event] of this.events.entries()) ledger.evolve(recorded(event, seq));
    return ledger;
  }
}

/** What came of a command. Its checks give nothing back: a value with a `then` is a promise to jest, and only a promise. */
export class Outcome {
  constructor(
    private readonly story: Story,
    private readonly result: readonly LedgerEvent[] | Refusal,
  ) {}

  get events(): readonly LedgerEvent[] {
    if (this.result instanceof Refusal) throw this.result;
    return this.result;
  }

  /** Exactly these events; of an event's data and annex, what the spec names. */
  then(...expected: readonly Expected[]): void {
    expect(this.events).toHaveLength(expected.length);
    for (const [index, { type, ...rest }] of expected.entries())
      expect(this.events[index]).toMatchObject({ type, v: EVENT_VERSIONS[type], ...rest });
  }

  /** The lines of all vouchers written, each as the spec names it. */
  thenLines(...expected: readonly object[]): void {
    const lines = this.events.flatMap((event) => vouchersOf(event).flatMap((voucher) => voucher.lines));
    expect(lines).toHaveLength(expected.length);
    expect(lines).toMatchObject(expected);
  }

  /** A no of that name, with at least these facts, with every fact that its sentences speak of. */
  thenRefused(name: RefusalName, facts: object = {}): void {
    if (!(this.result instanceof Refusal))
      throw new Error(`expected ${name}, but it led to ${this.result.map(({ type }) => type).join(', ')}`);
    expect(this.result.refusal).toBe(name);
    expect(this.result.facts).toMatchObject(facts);
    for (const [, place] of `${catalogue[name].sv} ${catalogue[name].en}`.matchAll(/\{(\w+)\}/g))
      expect(this.result.facts).toHaveProperty(place!);
  }

  /** Exactly these warnings, stored with the event. */
  thenWarns(...names: readonly RefusalName[]): void {
    expect(this.warnings.map(({ warning }) => warning)).toEqual(names);
  }

  /** Exactly these findings, recorded for the import. */
  thenFinds(...names: readonly RefusalName[]): void {
    expect(this.findings.map(({ finding }) => finding)).toEqual(names);
  }

  get findings(): readonly Finding[] {
    return this.events.flatMap((event) => (event.type === 'FindingsRecorded' ? event.data.findings : []));
  }

  get warnings(): readonly Warning[] {
    return this.events.flatMap((event) => ('warnings' in event.data ? (event.data.warnings ?? []) : []));
  }

  /** The story with what the command led to. */
  get after(): Story {
    return new Story([...this.story.events, ...this.events]);
  }
}

/** That an act ends in a no of that name. */
export function refuses(act: () => unknown, name: RefusalName, facts: object = {}): void {
  let refusal: unknown;
  try {
    refusal = act();
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal).toMatchObject({ refusal: name, facts });
}

/** The voucher behind a reference as handle-command finds it, with its lines and texts. */
export function foundIn(events: readonly LedgerEvent[], ledger: Ledger, ref: Reference): Found | undefined {
  const seq = ledger.locate(ref);
  const event = seq === null ? undefined : events[seq];
  if (!event || seq === null) return undefined;
  const name = referenceText(ref);
  const index = vouchersOf(event).findIndex((other) => referenceText(other.ref) === name);
  const parts = events.slice(seq).flatMap((later) => vouchersOf(later).filter((other) => referenceText(other.ref) === name));
  const { more: _more, ...voucher } = vouchersOf(event)[index]!;
  const texts = (event.annex as { readonly vouchers?: readonly VoucherTexts[] } | undefined)?.vouchers?.[index];
  return {
    seq,
    voucher: { ...voucher, lines: parts.flatMap(({ lines }) => lines) },
    act: voucher.act ?? ACTS[event.type]!,
    ...(texts && { texts }),
  };
}

const decided = (command: Command, ledger: Ledger, events: readonly LedgerEvent[]): readonly LedgerEvent[] =>
  ledgerDecider.decide(
    command,
    ledger,
    command.needs.map((ref) => foundIn(events, ledger, ref)),
  );

/** The event as it comes back from a store: canonical, and nothing left of what was undefined. */
export const stored = (event: LedgerEvent): LedgerEvent => JSON.parse(canonical(event as unknown as Json)) as LedgerEvent;

/** Whether two saved states are the same to the last bit; jest says where not, but is slow where they are. */
const same = (state: SavedLedger, other: SavedLedger): void => {
  if (!isDeepStrictEqual(state, other)) expect(state).toStrictEqual(other);
};

const started = Date.parse('2023-01-02T07:00:00.000Z');

/** The event with a head, as `readRecord` gives it. */
export function recorded(event: LedgerEvent, seq: number): Recorded {
  const id = hex(new Uint8Array(new Uint32Array([seq * 2_654_435_761, 0x8000, 0x8000, seq * 40_503]).buffer));
  return {
    event,
    head: {
      v: event.v,
      ledgerId: '0f1e2d3c-0000-8000-8000-000000000000',
      seq,
      id: `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`,
      recordedAt: new Date(started + seq * 60_000).toISOString(),
      actor: '00000000000000000000000000000001',
      role: 'accountant',
      proposedBy: '00000000000000000000000000000001',
      approvedBy: null,
      policy: 'none',
      command: `command ${seq}`,
      inputHash: '',
      cause: null,
      program: 'spec',
      source: 'manual',
      annexHash: null,
    },
  };
}
