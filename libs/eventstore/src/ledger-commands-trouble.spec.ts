/** handle-command in trouble: answers lost, other writers, a store that is away. No answer rests on what is not durable, and nothing is stored twice. */
import { describe, expect, it } from '@jest/globals';
import {
  ClosePeriod,
  CorrectVoucher,
  ImportVouchers,
  OpenImportOfFile,
  ownReference,
  readRecord,
  RETRIES,
  Verbatim,
  type Command,
} from '#ledger';
import { anna, bo, cost, expectRefold, founded, FOUNDED, options, outcome, WatchedStore } from './commands-given.js';
import { LedgerCommands, type Caller } from './ledger-commands.js';
import { MemoryStore, type Fault } from './memory.js';

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const UNAVAILABLE: Fault = { unavailable: 'disk-full' };

/** A ledger, and another process that writes to the same log. */
async function twoWriters() {
  const store = new WatchedStore();
  const commands = await founded(store);
  const other = await LedgerCommands.open(new MemoryStore(store.log), options({}, 7));
  const post = (amountOre: number, key?: string) => commands.handle(cost(amountOre), { caller: anna, key });
  const elsewhere = (command: Command, caller: Caller = bo) => other.handle(command, { caller });
  const meanwhile = (command: Command, caller: Caller = bo) => void store.before(() => elsewhere(command, caller));
  return { store, commands, other, post, elsewhere, meanwhile };
}

/** Every voucher's reference and text in the log, in order. */
const booked = (store: WatchedStore) =>
  store.log.flatMap(({ head, annex }, seq) => {
    const { event } = readRecord(seq, head, annex);
    return event.type === 'CostPosted' ? [`${event.data.vouchers[0]!.ref.number}: ${event.data.vouchers[0]!.lines[0]!.amountOre}`] : [];
  });

describe('an answer that was lost', () => {
  it('is settled as stored, and acknowledged once', async () => {
    const { store, commands, post } = await twoWriters();
    store.script('answer-lost');
    expect(await post(100, 'k')).toMatchObject({ seq: FOUNDED, repeated: false });
    expect(await post(100, 'k')).toMatchObject({ seq: FOUNDED, repeated: true });
    expect(booked(store)).toEqual(['1: 100']);
    await expectRefold(commands.ledger, store);
  });

  it('is settled as absent, and the very same batch is sent again', async () => {
    const { store, post } = await twoWriters();
    store.script('request-lost', 'request-lost');
    const before = store.appends.length;
    const answers = await Promise.all(range(3).map((i) => post(i + 1)));
    expect(answers.map(({ seq }) => seq)).toEqual([FOUNDED, FOUNDED + 1, FOUNDED + 2]);
    expect(store.appends.slice(before)).toEqual([3, 3, 3]);
    expect(booked(store)).toEqual(['1: 1', '2: 2', '3: 3']);
  });

  it('is settled as stored although another writer has gone on after it', async () => {
    const { store, commands, post, elsewhere } = await twoWriters();
    store.script({ then: [] });
    expect(await post(100)).toMatchObject({ seq: FOUNDED });
    await elsewhere(cost(7));
    expect(await post(200)).toMatchObject({ seq: FOUNDED + 3, vouchers: ['own-2023-3'] });
    expect(booked(store)).toEqual(['1: 100', '2: 7', '3: 200']);
    await expectRefold(commands.ledger, store);
  });

  it('is settled as overtaken, and decided again', async () => {
    const { store, commands, post, meanwhile } = await twoWriters();
    meanwhile(cost(7));
    store.script({ overtakenBy: [], answerLost: true });
    const before = store.appends.length;
    expect(await post(100)).toMatchObject({ seq: FOUNDED + 2, vouchers: ['own-2023-2'] });
    expect(store.appends.slice(before)).toEqual([1, 1]);
    expect(booked(store)).toEqual(['1: 7', '2: 100']);
    await expectRefold(commands.ledger, store);
  });

  it('that cannot be settled is said to be unknown; the key tells later that it was stored', async () => {
    const { store, commands, post } = await twoWriters();
    store.script('answer-lost').failingReads = 1;
    expect(await outcome(post(100, 'k'))).toBe('result-unknown');
    expect(await post(100, 'k')).toMatchObject({ seq: FOUNDED, repeated: true });
    expect(await post(200)).toMatchObject({ seq: FOUNDED + 1, vouchers: ['own-2023-2'] });
    await expectRefold(commands.ledger, store);
  });

  it('that cannot be settled is said to be unknown; the key tells later that it was not', async () => {
    const { store, post } = await twoWriters();
    store.script('request-lost').failingReads = 1;
    expect(await outcome(post(100, 'k'))).toBe('result-unknown');
    expect(await post(100, 'k')).toMatchObject({ seq: FOUNDED, repeated: false });
    expect(booked(store)).toEqual(['1: 100']);
  });

  it('stays unknown where the second try finds the store away: the first may still be on its way', async () => {
    const { store, post } = await twoWriters();
    store.script('request-lost', UNAVAILABLE);
    expect(await outcome(post(100, 'k'))).toBe('result-unknown');
    expect(await post(100, 'k')).toMatchObject({ seq: FOUNDED, repeated: false });
  });

  it('time after time is given up as unknown', async () => {
    const { store, commands, post } = await twoWriters();
    store.script(...range(RETRIES).map((): Fault => 'request-lost'));
    expect(await outcome(post(100, 'k'))).toBe('result-unknown');
    expect(await post(100, 'k')).toMatchObject({ seq: FOUNDED, repeated: false });
    await expectRefold(commands.ledger, store);
  });

  it('of many commands leaves each of them unknown, also the one that was refused beside them', async () => {
    const { store, post } = await twoWriters();
    store.script('answer-lost').failingReads = 1;
    expect(await Promise.all([1, 0, 3].map((ore) => outcome(post(ore))))).toEqual(['result-unknown', 'result-unknown', 'result-unknown']);
    expect(booked(store)).toEqual(['1: 1', '2: 3']);
  });
});

describe('another writer', () => {
  it('that took the number leaves the next', async () => {
    const { store, commands, post, meanwhile } = await twoWriters();
    meanwhile(cost(7));
    const answers = await Promise.all([post(100), post(200)]);
    expect(answers.map(({ vouchers }) => vouchers[0])).toEqual(['own-2023-2', 'own-2023-3']);
    expect(booked(store)).toEqual(['1: 7', '2: 100', '3: 200']);
    await expectRefold(commands.ledger, store);
  });

  it('that closed the period is obeyed', async () => {
    const { store, commands, post, meanwhile } = await twoWriters();
    meanwhile(new ClosePeriod({ period: '2023-05' }));
    expect(await Promise.all([outcome(post(100)), outcome(post(200))])).toEqual(['period-closed', 'period-closed']);
    expect(booked(store)).toEqual([]);
    await expectRefold(commands.ledger, store);
  });

  it('that added the same person leaves one', async () => {
    const { store, commands, elsewhere } = await twoWriters();
    store.before(() => elsewhere(cost(7), bo));
    await commands.handle(cost(100), { caller: bo });
    const persons = store.log.filter(({ head, annex }, seq) => readRecord(seq, head, annex).event.type === 'PersonAdded');
    expect(persons).toHaveLength(2);
  });

  it('that stored the same key is repeated, not added to', async () => {
    const { store, commands, other } = await twoWriters();
    const same = { caller: anna, key: 'k' };
    const first = await other.handle(cost(100), same);
    expect(await commands.handle(cost(100), same)).toEqual({ ...first, repeated: true });
    expect(booked(store)).toEqual(['1: 100']);
  });

  it('is read before anything is refused: a no never rests on a state that was left behind', async () => {
    const { commands, elsewhere, other } = await twoWriters();
    await elsewhere(cost(7));
    const correction = new CorrectVoucher({ voucher: ownReference(2023, 1), reason: 'Fel', eventDate: '2023-05-04' });
    const corrected = await other.handle(correction, { caller: anna, key: 'k' });
    expect(await commands.handle(correction, { caller: anna, key: 'k' })).toEqual({ ...corrected, repeated: true });
  });

  it('is read before a dry run is answered', async () => {
    const { commands, elsewhere } = await twoWriters();
    await elsewhere(cost(7));
    expect(await commands.handle(cost(1), { caller: anna, dryRun: true })).toMatchObject({ seq: FOUNDED + 1, vouchers: ['own-2023-2'] });
  });

  it('that always comes first is given up on', async () => {
    const { store, commands, post, elsewhere } = await twoWriters();
    for (const i of range(RETRIES + 1)) store.before(() => elsewhere(cost(i + 1)));
    expect(await outcome(post(1_000))).toBe('too-many-writers');
    expect(booked(store)).toHaveLength(RETRIES + 1);
    expect(await post(1_000)).toMatchObject({ vouchers: [`own-2023-${RETRIES + 2}`] });
    await expectRefold(commands.ledger, store);
  });

  it('keeps nobody from their turn: those who waited come before those who came later', async () => {
    const { store, post, elsewhere } = await twoWriters();
    let later!: Promise<unknown>;
    store.before(async () => {
      await elsewhere(cost(7));
      later = post(300);
    });
    await Promise.all([post(100), post(200)]);
    await later;
    expect(booked(store)).toEqual(['1: 7', '2: 100', '3: 200', '4: 300']);
  });

  it('is heard of through the doorbell too', async () => {
    const store = new WatchedStore();
    const rung: number[] = [];
    const commands = await founded(store, options({ appended: (seq) => void rung.push(seq) }));
    const other = await LedgerCommands.open(new MemoryStore(store.log), options({}, 7));
    await other.handle(new ClosePeriod({ period: '2023-05' }), { caller: anna });
    expect(await outcome(commands.handle(cost(1), { caller: anna }))).toBe('period-closed');
    expect(rung.at(-1)).toBe(FOUNDED);
    expect(commands.seq).toBe(FOUNDED);
  });
});

describe('a no', () => {
  it('that rests on what is not yet durable waits for it', async () => {
    const { store, commands, post } = await twoWriters();
    const closing = commands.handle(new ClosePeriod({ period: '2023-05' }), { caller: anna });
    const refused = outcome(post(100));
    let answered = false;
    void refused.then(() => (answered = true));
    store.before(async () => {
      for (const _turn of range(5)) await new Promise(setImmediate);
      expect(answered).toBe(false);
    });
    await closing;
    expect(await refused).toBe('period-closed');
  });

  it('is not said where that was never stored', async () => {
    const { store, commands, post } = await twoWriters();
    store.script(UNAVAILABLE);
    const answers = await Promise.all([
      outcome(commands.handle(new ClosePeriod({ period: '2023-05' }), { caller: anna })),
      outcome(post(100)),
      outcome(commands.handle(cost(5), { caller: anna, dryRun: true })),
    ]);
    expect(answers).toEqual(['store-unavailable', 'store-unavailable', 'store-unavailable']);
    expect(await post(100)).toMatchObject({ seq: FOUNDED });
  });
});

describe('a store that is away', () => {
  it('has stored nothing; the state is as before, and what comes later works', async () => {
    const { store, commands, post } = await twoWriters();
    const before = commands.ledger.save();
    store.script(UNAVAILABLE);
    expect(await Promise.all(range(5).map((i) => outcome(post(i + 1))))).toEqual(range(5).map(() => 'store-unavailable'));
    expect(commands.ledger.save()).toEqual(before);
    expect(commands.seq).toBe(FOUNDED - 1);
    expect(await post(100)).toMatchObject({ seq: FOUNDED, vouchers: ['own-2023-1'] });
    await expectRefold(commands.ledger, store);
  });

  it('forgets a new person with the command', async () => {
    const { store, commands } = await twoWriters();
    store.script(UNAVAILABLE);
    expect(await outcome(commands.handle(cost(1), { caller: bo }))).toBe('store-unavailable');
    expect(commands.ledger.persons.has('bo')).toBe(false);
    expect(await commands.handle(cost(1), { caller: bo })).toMatchObject({ seq: FOUNDED + 1 });
  });

  it('that cannot be read when a command must see a voucher is a refusal in the catalogue’s words', async () => {
    const { store, commands, post } = await twoWriters();
    await post(100);
    const correction = new CorrectVoucher({ voucher: ownReference(2023, 1), reason: 'Fel', eventDate: '2023-05-04' });
    store.failingReads = 1;
    expect(await outcome(commands.handle(correction, { caller: anna }))).toBe('store-unavailable');
    expect(await commands.handle(correction, { caller: anna })).toMatchObject({ vouchers: ['own-2023-2'] });
  });

  it('that cannot be read after a conflict refuses what waits, and is read at the next try', async () => {
    const { store, commands, post, elsewhere } = await twoWriters();
    store.before(async () => {
      await elsewhere(cost(7));
      store.failingReads = 1;
    });
    expect(await outcome(post(100))).toBe('store-unavailable');
    expect(await post(200)).toMatchObject({ vouchers: ['own-2023-2'] });
    await expectRefold(commands.ledger, store);
  });
});

describe('what is too large', () => {
  it('for one event is refused, and leaves no trace', async () => {
    const { store, commands } = await twoWriters();
    const opening = {
      ...{
        import: 'i',
        sha256: 'ab'.repeat(32),
        bytes: 1,
        kind: 'whole-vouchers' as const,
        format: 'csv' as const,
        profile: 'voucher-csv',
        book: 'erp',
        year: 2023,
      },
      ...{
        counts: { rows: 0, withCode: 0, withoutCode: 0, noCodeNeeded: 0, alreadyThere: 0 },
        vouchers: 1,
        file: 'f.csv',
        readAtSeq: FOUNDED,
      },
      ...{ periods: [], grants: [], decisions: [], units: [] },
    };
    await commands.handle(new OpenImportOfFile(opening), { caller: anna });
    const before = commands.ledger.save();
    for (const [vouchers, texts] of [
      [1_000_000, 0],
      [0, 750_000],
      [500_000, 400_000],
    ] as const) {
      const listed = (characters: number) => new Verbatim(Buffer.from(`["${'x'.repeat(characters)}"]`));
      const part = new ImportVouchers({ import: 'i', part: 0, vouchers: listed(vouchers), texts: listed(texts) });
      expect(await outcome(commands.handle(part, { caller: anna, key: 'k' }))).toBe('event-too-large');
    }
    expect(commands.ledger.save()).toEqual(before);
    expect(store.log).toHaveLength(FOUNDED + 1);
  });
});
