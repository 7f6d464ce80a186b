/**
 * handle-command: one queue in front of one log. Takes all that waits, decides each command on the state that the ones
 * before it lead to, and stores what they came to in one append (group append). No answer, not even a no, leaves before
 * what it rests on is durable; what could not be stored is taken back from the state as if it had never been tried.
 */
import {
  AddPerson,
  APPEND_BYTES,
  KEY_CHARACTERS,
  Ledger,
  ledgerDecider,
  OpenLedger,
  Refusal,
  refuse,
  RETRIES,
  WAITING_COMMANDS,
  eventId,
  hex,
  type Command,
  type Found,
  type Recorded,
  type Reference,
} from '#ledger';
import { acknowledge, type Acknowledgement } from './acknowledgement.js';
import { findVoucher, whole } from './found-voucher.js';
import { bytesOf, Conflict, ResultUnknown, type EventStore, type SequencedRecord } from './port.js';
import { appendSurely } from './read-back.js';
import { inWords, recordedOf } from './recorded-of.js';
import { hashOf, recordsOf, sha256Hex, uuid, type CommandFacts, type Sources } from './recorder.js';
import { foldCode, loadState, saveState } from './saved-state.js';

/** Who acts. The login becomes a random person id at first use; the name lives in that event's annex. */
export interface Caller {
  readonly login: string;
  readonly name: string;
  readonly role: string;
}

export interface CommandOptions {
  readonly caller: Caller;
  /** The idempotency key; a random one where none is given. */
  readonly key?: string;
  /** Decides and answers with the effect, and stores nothing. */
  readonly dryRun?: boolean;
  /** `manual`, or `import:<sha256>`. */
  readonly source?: string;
}

export interface LedgerOptions extends Sources {
  /** Where the state is saved between runs; null keeps none. */
  readonly stateFolder: string | null;
  /** Called after each durable append with the last seq; a doorbell, nothing may depend on it. */
  readonly appended?: (seq: number) => void;
  /** Told what an operator should know: a clock that stands behind, state that could not be saved. */
  readonly report?: (what: string) => void;
}

interface Waiting {
  readonly command: Command;
  readonly options: CommandOptions;
  readonly key: string;
  tries: number;
  resolve(acknowledgement: Acknowledgement): void;
  reject(reason: unknown): void;
}

/** What a waiting command came to; answered when everything before it is durable. */
type Outcome = { readonly waiting: Waiting; readonly answer?: Acknowledgement; readonly refusal?: unknown };
type Batch = { readonly outcomes: Outcome[]; readonly records: SequencedRecord[]; bytes: number };

const FOLD_LIMIT = { records: 5_000, bytes: 8 * 1024 * 1024 };
const SAVE_EVERY_BYTES = 64 * 1024 * 1024;
const CLOCK_BEHIND_MS = 5_000;
/** How many rounds one who is alone with small commands, and asks again as soon as it is answered, has before others are let in. */
const ROUNDS_ALONE = 4;

/** The next round of the event loop. */
const turn = () => new Promise<void>((next) => setImmediate(next));

export class LedgerCommands {
  readonly #waiting: Waiting[] = [];
  #working: Promise<void> | null = null;
  #looks: (() => void)[] = [];
  #durableSeq = -1;
  #synced = true;
  #closed = false;
  #unsavedBytes = 0;
  #lastHead: Uint8Array | null = null;
  #now = { ms: NaN, text: '' };
  #lastFound: Recorded | null = null; // what a file changes lies side by side in the parts of an earlier one

  private constructor(
    private readonly store: EventStore,
    readonly ledger: Ledger,
    private readonly code: string,
    private readonly options: LedgerOptions,
  ) {}

  /**
   * Opens the log: the saved state where it fits, and the fold of what came after.
   * @throws UnreadableEvent where the log holds an event that this program does not know · EventAltered, StoreUnavailable
   */
  static async open(store: EventStore, options: LedgerOptions): Promise<LedgerCommands> {
    const headAt = async (seq: number) => (seq < 0 ? null : ((await store.read(seq, { records: 1, bytes: 1 }))[0]?.head ?? null));
    const code = options.stateFolder === null ? '' : foldCode();
    const ledger = (options.stateFolder === null ? null : await loadState(options.stateFolder, code, headAt)) ?? new Ledger();
    const commands = new LedgerCommands(store, ledger, code, options);
    commands.#lastHead = await headAt(ledger.seq);
    await commands.#catchUp();
    return commands;
  }

  /** The seq of the last durable event; −1 for an empty ledger. */
  get seq(): number {
    return this.#durableSeq;
  }

  /** Looks at the state at a moment when all of it is durable; after an unknown result once it has been read, where the store answers. */
  look<T>(at: (ledger: Ledger) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        try {
          resolve(at(this.ledger));
        } catch (error) {
          reject(error);
        }
      };
      if (this.#synced && !this.#working) return look();
      this.#looks.push(look);
      this.#working ??= this.#work();
    });
  }

  /** A stored voucher with all its lines; undefined where there is none that counts. */
  async voucher(ref: Reference): Promise<Found | undefined> {
    const seq = await this.look((ledger) => ledger.locate(ref));
    return seq === null ? undefined : findVoucher(ref, seq, (at) => this.recorded(at));
  }

  /** A stored event; null past the end · refuses `store-unavailable`, `event-altered`. */
  recorded(seq: number): Promise<Recorded | null> {
    return this.#recordAt(seq, { outcomes: [], records: [], bytes: 0 }).catch((error: unknown) => Promise.reject(inWords(error) as Error));
  }

  /**
   * Decides and stores. Resolves when durable.
   * @throws Refusal of the rule that said no, or `ledger-busy`, `key-used-otherwise`, `too-many-writers`, `store-unavailable`, `result-unknown`, `event-too-large`
   */
  handle(command: Command, options: CommandOptions): Promise<Acknowledgement> {
    const { key = hex(this.options.random(16)) } = options;
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new Refusal('store-unavailable', { reason: 'liggaren stängs' });
      if (this.#waiting.length >= WAITING_COMMANDS) throw new Refusal('ledger-busy', { waiting: this.#waiting.length });
      if (key.length > KEY_CHARACTERS || !key.isWellFormed())
        throw new Refusal('text-too-long', { field: 'Idempotency-Key', characters: key.length, most: KEY_CHARACTERS });
      this.#waiting.push({ command, options, key, tries: 0, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** Waits for what is under way, saves the state and closes the store. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    this.#save();
    await this.store.close();
  }

  async #work(): Promise<void> {
    await turn(); // lets the requests of this round in, so that they share the append
    let unturned = 0;
    do {
      const alone = this.#waiting.length === 1 && this.#waiting[0]!.command.bytes === 0;
      try {
        await this.#round();
      } catch (error) {
        for (const { reject } of this.#waiting.splice(0)) reject(error);
      }
      if (!alone || !this.#waiting.length || (unturned += 1) === ROUNDS_ALONE) {
        await turn();
        unturned = 0;
      }
      for (const look of this.#looks.splice(0)) look(); // it may lead to a command, which must not be left waiting
    } while (this.#waiting.length);
    this.#working = null;
    if (this.#unsavedBytes >= SAVE_EVERY_BYTES) this.#save();
  }

  async #round(): Promise<void> {
    if (!this.#synced) {
      try {
        const before = this.#durableSeq;
        await this.#catchUp();
        if (this.#durableSeq > before) this.#ring(); // others wrote, or we did and never heard of it
      } catch (error) {
        const refusal = storeRefusal(error, false);
        for (const { reject } of this.#waiting.splice(0)) reject(refusal);
        return;
      }
    }
    const mark = this.ledger.journal.mark();
    const durableSeq = this.ledger.seq;
    const batch: Batch = { outcomes: [], records: [], bytes: 0 };
    const { appendBytes: most = APPEND_BYTES } = this.store;
    while (this.#waiting.length && (batch.bytes === 0 || batch.bytes + this.#waiting[0]!.command.bytes < most)) {
      const [{ length }, { bytes }, before] = [batch.records, batch, this.ledger.journal.mark()];
      const decided = this.#decide(this.#waiting.shift()!, batch);
      const outcome = decided instanceof Promise ? await decided : decided;
      if (length > 0 && batch.bytes > most) {
        this.ledger.journal.undoTo(before);
        batch.records.length = length;
        batch.bytes = bytes;
        this.#waiting.unshift(outcome.waiting); // it did not fit beside the others, and goes first in the next append
        break;
      }
      batch.outcomes.push(outcome);
    }
    try {
      if (batch.records.length > 0) await appendSurely(this.store, batch.records);
      else if ((await this.store.last()) !== durableSeq) throw new Conflict(durableSeq + 1, null); // a no, or a key's old answer, must not rest on a state that another writer has left behind
    } catch (error) {
      this.ledger.journal.undoTo(mark);
      this.#synced = false;
      return this.#failed(batch, error);
    }
    this.ledger.journal.keep();
    settle(batch.outcomes);
    if (batch.records.length === 0) return;
    this.#lastHead = batch.records.at(-1)!.head;
    this.#unsavedBytes += batch.bytes;
    this.#durableSeq = this.ledger.seq;
    this.#ring();
  }

  #ring(): void {
    try {
      this.options.appended?.(this.#durableSeq);
    } catch (error) {
      this.options.report?.(`the doorbell of event ${this.#durableSeq} failed: ${(error as Error).message}`);
    }
  }

  #failed({ outcomes }: Batch, error: unknown): void {
    if (error instanceof Conflict) {
      for (const { waiting } of outcomes) waiting.tries += 1;
      const [again, spent] = [
        outcomes.filter(({ waiting }) => waiting.tries <= RETRIES),
        outcomes.filter(({ waiting }) => waiting.tries > RETRIES),
      ];
      this.#waiting.unshift(...again.map(({ waiting }) => waiting));
      for (const { waiting } of spent) waiting.reject(new Refusal('too-many-writers', { tries: waiting.tries }));
      return;
    }
    const refusal = storeRefusal(error, error instanceof ResultUnknown);
    for (const { waiting } of outcomes) waiting.reject(refusal);
  }

  /** Decides on what went before: at once, unless something stored must be read for it. */
  #decide(waiting: Waiting, batch: Batch): Outcome | Promise<Outcome> {
    const mark = this.ledger.journal.mark();
    const refused = (error: unknown): Outcome => {
      this.ledger.journal.undoTo(mark);
      return { waiting, refusal: storeRefusal(error, false) };
    };
    try {
      const facts = this.#factsOf(waiting);
      // a key made here has never been used, nor one of somebody who is new
      const earlier = waiting.options.key === undefined || facts.introduces ? null : this.ledger.keys.find(facts.firstId);
      if (earlier === null && waiting.command.needs.length === 0) return { waiting, answer: this.#answer(waiting, facts, [], batch) };
      return this.#readAndAnswer(waiting, facts, earlier, batch).then((answer) => ({ waiting, answer }), refused);
    } catch (error) {
      return refused(error);
    }
  }

  #factsOf({ command, options, key }: Waiting): CommandFacts {
    const { ledger } = this;
    const { caller, source = 'manual' } = options;
    const known = ledger.persons.get(caller.login);
    const actor = known ?? hex(this.options.random(16));
    const hash = hashOf(command);
    if (!(command instanceof OpenLedger) && ledger.seq < 0) refuse('ledger-missing', { folder: this.options.stateFolder ?? '' });
    const ledgerId = ledger.seq < 0 ? uuid(this.options.random(16)) : ledger.facts.ledgerId;
    const firstId = eventId(ledgerId, actor, key, 0, sha256Hex);
    return { ledgerId, actor, introduces: known === undefined, role: caller.role, command: key, firstId, inputHash: hash, source };
  }

  async #readAndAnswer(waiting: Waiting, facts: CommandFacts, seq: number | null, batch: Batch): Promise<Acknowledgement> {
    const earlier = seq === null ? null : await this.#repeated(seq, facts, batch);
    if (earlier) return earlier;
    const found = await Promise.all(waiting.command.needs.map((ref) => this.#find(ref, batch)));
    return this.#answer(waiting, facts, found, batch);
  }

  #answer({ command, options }: Waiting, facts: CommandFacts, found: readonly (Found | undefined)[], batch: Batch): Acknowledgement {
    const { ledger } = this;
    const { caller, dryRun = false } = options;
    let events = ledgerDecider.decide(command, ledger, found);
    if (facts.introduces && events.length > 0) {
      const introduced = ledgerDecider.decide(new AddPerson({ person: facts.actor, login: caller.login, name: caller.name }), ledger);
      events = command instanceof OpenLedger ? [...events, ...introduced] : [...introduced, ...events];
    }
    const records = recordsOf(events, facts, ledger.seq + 1, this.#recordedAt(dryRun), this.options);
    const recorded = records.map((record) => record.recorded);
    const answered = facts.introduces ? recorded.filter(({ event }) => event.type !== 'PersonAdded') : recorded;
    const seq = dryRun ? ledger.seq : (records.at(-1)?.seq ?? ledger.seq);
    const answer = acknowledge(answered, { seq, key: facts.command, dryRun, repeated: !dryRun && records.length === 0 });
    if (dryRun) return answer;

    for (const record of recorded) ledger.evolve(record);
    batch.records.push(...records);
    batch.bytes += bytesOf(records);
    return answer;
  }

  /** The acknowledgement that a key was given before, or null where it is new · refuses `key-used-otherwise`. @param seq of the event that may be its first */
  async #repeated(seq: number, { command: key, actor, firstId, inputHash }: CommandFacts, batch: Batch): Promise<Acknowledgement | null> {
    const recorded: Recorded[] = [];
    for (let next = seq; ; next += 1) {
      const record = await this.#recordAt(next, batch);
      if (!record || record.head.command !== key || record.head.actor !== actor) break;
      recorded.push(record);
    }
    const first = recorded[0];
    if (first?.head.id !== firstId) return null; // two ids that share half their bits
    if (first.head.inputHash !== inputHash) refuse('key-used-otherwise', { key, seq });
    const answered = recorded.filter(({ event }) => event.type !== 'PersonAdded');
    return acknowledge(answered, { seq: recorded.at(-1)!.head.seq, key, dryRun: false, repeated: true });
  }

  #find(ref: Reference, batch: Batch): Promise<Found | undefined> {
    const seq = this.ledger.locate(ref);
    return seq === null ? Promise.resolve(undefined) : findVoucher(ref, seq, (at) => this.#recordAt(at, batch));
  }

  /** A stored event, or one of the batch that is being decided; null past the end. */
  async #recordAt(seq: number, { records }: Batch): Promise<Recorded | null> {
    const pending = records.length && seq >= records[0]!.seq ? records[seq - records[0]!.seq] : undefined;
    if (pending) return recordedOf(pending);
    if (this.#lastFound?.head.seq === seq) return this.#lastFound;
    const [record] = await this.store.read(seq, { records: 1, bytes: 1 });
    return record ? (this.#lastFound = whole(recordedOf(record))) : null;
  }

  async #catchUp(): Promise<void> {
    const { journal } = this.ledger;
    for (;;) {
      const records = await this.store.read(this.ledger.seq + 1, FOLD_LIMIT);
      if (records.length === 0) break;
      journal.pause();
      for (const record of records) {
        this.ledger.evolve(recordedOf(record));
        this.#unsavedBytes += record.head.length;
      }
      this.#lastHead = records.at(-1)!.head;
      journal.record();
    }
    journal.record();
    this.#durableSeq = this.ledger.seq;
    this.#synced = true;
  }

  /** Now, but never before the last event: UTC with ms. A clock far behind is reported where something is to be stored. */
  #recordedAt(dryRun: boolean): string {
    const nowMs = this.options.clock();
    if (nowMs !== this.#now.ms) this.#now = { ms: nowMs, text: new Date(nowMs).toISOString() };
    const { recordedAt } = this.ledger.facts;
    if (this.#now.text >= recordedAt) return this.#now.text;
    const behindMs = Date.parse(recordedAt) - nowMs;
    if (behindMs > CLOCK_BEHIND_MS && !dryRun) this.options.report?.(`clock ${Math.round(behindMs / 1000)} s behind the last event`);
    return recordedAt;
  }

  #save(): void {
    const { stateFolder, report } = this.options;
    if (stateFolder === null || this.#unsavedBytes === 0 || !this.#lastHead || !this.#synced) return;
    try {
      saveState(stateFolder, this.code, this.ledger, this.#lastHead);
      this.#unsavedBytes = 0;
    } catch (error) {
      report?.(`state not saved: ${(error as Error).message}`);
    }
  }
}

function settle(outcomes: readonly Outcome[]): void {
  for (const { waiting, answer, refusal } of outcomes)
    if (answer) waiting.resolve(answer);
    else waiting.reject(refusal);
}

/** A failing store in the catalogue's words; anything else is a fault of ours and stays what it is. */
function storeRefusal(error: unknown, unknown: boolean): unknown {
  if (unknown) return new Refusal('result-unknown', { reason: (error as Error).message });
  return inWords(error);
}
