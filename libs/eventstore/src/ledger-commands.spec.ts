/** handle-command where all goes well: order, group append, keys, persons, dry runs, limits. Trouble has a spec of its own. */
import { describe, expect, it } from '@jest/globals';
import {
  APPEND_BYTES,
  ClosePeriod,
  CorrectVoucher,
  KEY_CHARACTERS,
  LINES_BY_HAND,
  OpenImportOfFile,
  ownReference,
  readRecord,
  RecodeCost,
  RecordControlTotals,
  RegisterGrant,
  SetProfile,
  SetUnit,
  WAITING_COMMANDS,
} from '#ledger';
import { anna, bo, cost, expectRefold, founded, FOUNDED, founding, options, outcome, WatchedStore } from './commands-given.js';
import { LedgerCommands } from './ledger-commands.js';

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const typesOf = (store: WatchedStore) => store.log.map(({ head, annex }, seq) => readRecord(seq, head, annex).event.type);
const none = { rows: 0, withCode: 0, withoutCode: 0, noCodeNeeded: 0, alreadyThere: 0 };
const selection: OpenImportOfFile['input'] = {
  ...{ import: 'i-1', sha256: '00', bytes: 1, kind: 'selection', format: 'csv', profile: 'urval~1', book: 'urval', year: 2023 },
  ...{ counts: none, vouchers: 0, periods: [], grants: [], decisions: [], units: [], file: 'urval.csv', readAtSeq: 99 },
};
const refusal = (name: string, facts: object = {}) =>
  expect.objectContaining({ name: 'Refusal', refusal: name, facts: expect.objectContaining(facts) });

describe('a command', () => {
  it('is answered with its events, its vouchers, and what it moved', async () => {
    const commands = await founded();
    const answer = await commands.handle(cost(100_000), { caller: anna, key: 'k1' });
    expect(answer).toMatchObject({
      seq: FOUNDED,
      dryRun: false,
      repeated: false,
      key: 'k1',
      vouchers: ['own-2023-1'],
      events: [{ seq: FOUNDED, type: 'CostPosted', id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab]/) }],
      warnings: [{ warning: 'warning-grant-without-decision', facts: { grant: '9916' } }],
      effects: [{ grant: '9916', unit: '614', effect: 'cost', amountOre: 100_000 }],
    });
    expect(commands.seq).toBe(FOUNDED);
  });

  it('keeps who, in which role, by which program, from where and by which key', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    await commands.handle(cost(1), { caller: bo, key: 'k', source: 'import:ab' });
    const { head } = readRecord(FOUNDED + 1, store.log[FOUNDED + 1]!.head, null);
    expect(head).toMatchObject({
      role: 'director',
      program: 'spec',
      source: 'import:ab',
      command: 'k',
      policy: 'single-person',
      approvedBy: null,
    });
    expect(head.proposedBy).toBe(head.actor);
    expect(head.actor).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is refused with nothing stored where a rule says no', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    await expect(commands.handle(cost(1, { eventDate: '2023-02-30' }), { caller: anna })).rejects.toEqual(refusal('date-malformed'));
    expect(store.log).toHaveLength(FOUNDED);
    await expectRefold(commands.ledger, store);
  });

  it('that asks for what is so already is answered so: nothing is stored, not even who asks', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    const settings = { kind: 'selection', book: 'urval', grant: [{ dimension: '20' }], unit: { places: [], otherwise: '614' } } as const;
    await commands.handle(new SetProfile({ profile: 'urval', validFrom: '2023-01-01', settings }), { caller: anna });
    await commands.handle(new OpenImportOfFile(selection), { caller: anna });
    const totals = [{ account: '7550', grant: '9916', period: '2023-03', amountOre: 100 }];
    const record = new RecordControlTotals({ import: 'i-1', totals });
    const { seq } = await commands.handle(record, { caller: anna });
    const so = { seq, repeated: true, dryRun: false, events: [] };
    const answers = await Promise.all([commands.handle(record, { caller: bo, key: 'k' }), commands.handle(record, { caller: anna })]);
    expect(answers).toMatchObject([so, so]);
    expect(await commands.handle(record, { caller: bo, dryRun: true })).toMatchObject({ ...so, repeated: false, dryRun: true });
    expect([commands.seq, store.log.length]).toEqual([seq, seq + 1]);
    await expectRefold(commands.ledger, store);
  });
  it('has no ledger to go to before one is opened', async () => {
    const commands = await LedgerCommands.open(new WatchedStore(), options());
    await expect(commands.handle(cost(1), { caller: anna })).rejects.toEqual(refusal('ledger-missing'));
    expect(commands.seq).toBe(-1);
  });

  it('that holds what no event can keep is refused as malformed', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    await expect(commands.handle(cost(1, { text: 'half a \ud83d pair' }), { caller: anna })).rejects.toEqual(refusal('input-malformed'));
    await expect(commands.handle(cost(0.5), { caller: anna })).rejects.toEqual(refusal('input-malformed'));
    expect(store.log).toHaveLength(FOUNDED);
  });

  it('sees the voucher that it names, also one of the same append', async () => {
    const commands = await founded();
    const recode = { voucher: ownReference(2023, 1), line: 1, from: { grant: '9916' }, to: [{}], eventDate: '2023-05-04', text: 'Åter' };
    const [, recoded, corrected, again] = await Promise.all([
      commands.handle(cost(500), { caller: anna }),
      commands.handle(new RecodeCost(recode), { caller: anna }),
      outcome(
        commands.handle(new CorrectVoucher({ voucher: ownReference(2023, 1), reason: 'Fel', eventDate: '2023-05-04' }), { caller: anna }),
      ),
      outcome(commands.handle(new RecodeCost(recode), { caller: anna })),
    ]);
    expect(recoded.vouchers).toEqual(['own-2023-2']);
    expect([corrected, again]).toEqual(['voucher-recoded', 'recodes-more-than-stands']);
  });
});

describe('many at once', () => {
  it('share appends, and are stored in the order they came', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    const before = store.appends.length;
    const answers = await Promise.all(range(200).map((i) => commands.handle(cost(i + 1), { caller: anna, key: `k${i}` })));
    expect(answers.map(({ seq }) => seq)).toEqual(range(200).map((i) => FOUNDED + i));
    expect(answers.map(({ vouchers }) => vouchers[0])).toEqual(range(200).map((i) => `own-2023-${i + 1}`));
    expect(store.appends.slice(before)).toEqual([200]);
    expect(commands.ledger.journal.mark()).toBe(0); // nothing is kept for an undo that will never come
    await expectRefold(commands.ledger, store);
  });

  it('are heard also while one posts without a pause', async () => {
    const commands = await founded(new WatchedStore());
    let [posting, heard] = [true, 0];
    const listen = () => {
      heard += 1;
      if (posting) setImmediate(listen);
    };
    setImmediate(listen);
    for (const i of range(100)) await commands.handle(cost(i + 1), { caller: anna });
    posting = false;
    expect(heard).toBeGreaterThan(20);
  });

  it('that come while an append is under way share the next', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    const before = store.appends.length;
    let later: Promise<unknown>[] = [];
    store.before(async () => {
      later = range(50).map((i) => commands.handle(cost(i + 1), { caller: anna }));
    });
    await commands.handle(cost(1), { caller: anna });
    await Promise.all(later);
    expect(store.appends.slice(before)).toEqual([1, 50]);
  });

  it.each([APPEND_BYTES, 2 * APPEND_BYTES])('never make an append larger than its limit, here %i bytes', async (limit) => {
    const store = Object.assign(new WatchedStore(), limit === APPEND_BYTES ? {} : { appendBytes: limit });
    const commands = await founded(store);
    const before = store.appends.length;
    const lines = range(LINES_BY_HAND).map((i) => ({ account: '7550', amountOre: i % 2 ? 100 : -100, unit: '614' }));
    await Promise.all(range(40).map(() => commands.handle(cost(1, { lines }), { caller: anna })));
    const sizes = store.log.slice(FOUNDED).map(({ head, annex }) => head.length + annex!.length);
    const fit = Math.floor(limit / Math.max(...sizes));
    expect(Math.max(...store.appends.slice(before))).toBe(fit);
    expect(store.appends.slice(before).reduce((sum, records) => sum + records)).toBe(40);
    await expectRefold(commands.ledger, store);
  });

  it('of which one is refused leave no gap in seq or numbers', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    const answers = await Promise.all(range(9).map((i) => outcome(commands.handle(i === 4 ? cost(0) : cost(i + 1), { caller: anna }))));
    expect(answers[4]).toBe('amount-zero');
    expect(answers.flatMap((answer) => (typeof answer === 'string' ? [] : answer.vouchers))).toEqual(
      range(8).map((i) => `own-2023-${i + 1}`),
    );
    expect(store.log).toHaveLength(FOUNDED + 8);
    await expectRefold(commands.ledger, store);
  });

  it('are refused beyond the limit of what may wait, and the rest are done', async () => {
    const commands = await founded();
    const answers = await Promise.all(
      range(WAITING_COMMANDS + 3).map(() => outcome(commands.handle(new ClosePeriod({ period: '2023-05' }), { caller: anna }))),
    );
    expect(answers.filter((answer) => answer === 'ledger-busy')).toHaveLength(3);
    expect(answers.slice(-3)).toEqual(['ledger-busy', 'ledger-busy', 'ledger-busy']);
    expect(answers.filter((answer) => answer === 'period-closed')).toHaveLength(WAITING_COMMANDS - 1);
    expect(await commands.handle(cost(1, { eventDate: '2023-06-01' }), { caller: anna })).toMatchObject({ seq: FOUNDED + 1 });
  });
});

describe('a person', () => {
  it('is added once, at first use, however many first commands come at once', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    const answers = await Promise.all(range(5).map((i) => commands.handle(cost(i + 1), { caller: bo })));
    expect(typesOf(store).filter((type) => type === 'PersonAdded')).toHaveLength(2);
    expect(answers.map(({ events }) => events.map(({ type }) => type))).toEqual(range(5).map(() => ['CostPosted']));
    expect(answers[0]!.seq).toBe(FOUNDED + 1);
    const actors = store.log.slice(FOUNDED).map(({ head }, i) => readRecord(FOUNDED + i, head, null).head.actor);
    expect(new Set(actors).size).toBe(1);
  });

  it('is not added by a refused first command, but by the next', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    const both = await Promise.all([outcome(commands.handle(cost(0), { caller: bo })), commands.handle(cost(1), { caller: bo })]);
    expect(both).toMatchObject(['amount-zero', { seq: FOUNDED + 1 }]);
    expect(typesOf(store).slice(FOUNDED)).toEqual(['PersonAdded', 'CostPosted']);
  });

  it('is known by a random id in the heads, and by name in an annex only', async () => {
    const store = new WatchedStore();
    await founded(store);
    expect(store.log.some(({ head }) => Buffer.from(head).includes('Anna'))).toBe(false);
    expect(store.log.filter(({ annex }) => annex && Buffer.from(annex).includes('Anna Ek'))).toHaveLength(1);
  });
});

describe('an idempotency key', () => {
  const same = { repeated: true };
  it('gives the same acknowledgement again, and stores nothing', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    const first = await commands.handle(cost(100), { caller: bo, key: 'k' });
    await commands.handle(cost(200), { caller: bo, key: 'other' });
    expect(await commands.handle(cost(100), { caller: bo, key: 'k' })).toEqual({ ...first, ...same });
    expect(store.log).toHaveLength(FOUNDED + 3);
  });

  it('gives it while the first is still waiting, and while it is being stored', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    let meanwhile!: Promise<unknown>;
    store.before(async () => {
      meanwhile = commands.handle(cost(100), { caller: bo, key: 'k' });
    });
    const [first, second] = await Promise.all(range(2).map(() => commands.handle(cost(100), { caller: bo, key: 'k' })));
    expect(second).toEqual({ ...first, ...same });
    expect(await meanwhile).toEqual({ ...first, ...same });
    expect(store.log).toHaveLength(FOUNDED + 2);
  });

  it('gives it after the ledger was opened anew', async () => {
    const store = new WatchedStore();
    const first = await (await founded(store)).handle(cost(100), { caller: bo, key: 'k' });
    const again = await LedgerCommands.open(store, options({}, 2));
    expect(await again.handle(cost(100), { caller: bo, key: 'k' })).toEqual({ ...first, ...same });
  });

  it('works for the opening of a ledger too', async () => {
    const commands = await LedgerCommands.open(new WatchedStore(), options());
    const first = await commands.handle(founding[0]!, { caller: anna, key: 'k' });
    expect(first).toMatchObject({ seq: 1, events: [{ type: 'LedgerOpened' }] });
    expect(await commands.handle(founding[0]!, { caller: anna, key: 'k' })).toEqual({ ...first, ...same });
    await expect(commands.handle(founding[0]!, { caller: anna })).rejects.toEqual(refusal('ledger-exists'));
  });

  it('is refused with other input, or another command', async () => {
    const commands = await founded();
    const { seq } = await commands.handle(cost(100), { caller: anna, key: 'k' });
    await expect(commands.handle(cost(101), { caller: anna, key: 'k' })).rejects.toEqual(refusal('key-used-otherwise', { key: 'k', seq }));
    await expect(commands.handle(new ClosePeriod({ period: '2023-05' }), { caller: anna, key: 'k' })).rejects.toEqual(
      refusal('key-used-otherwise'),
    );
  });

  it('is one person’s own', async () => {
    const commands = await founded();
    await commands.handle(cost(100), { caller: anna, key: 'k' });
    expect(await commands.handle(cost(200), { caller: bo, key: 'k' })).toMatchObject({ repeated: false, vouchers: ['own-2023-2'] });
  });

  it('is not spent by a command that was refused, or by a dry run', async () => {
    const commands = await founded();
    await expect(commands.handle(cost(0), { caller: anna, key: 'k' })).rejects.toEqual(refusal('amount-zero'));
    await commands.handle(cost(5), { caller: anna, key: 'k', dryRun: true });
    expect(await commands.handle(cost(100), { caller: anna, key: 'k' })).toMatchObject({ repeated: false });
  });

  it('has a length', async () => {
    const commands = await founded();
    const key = 'k'.repeat(KEY_CHARACTERS);
    expect(await commands.handle(cost(1), { caller: anna, key })).toMatchObject({ key });
    await expect(commands.handle(cost(1), { caller: anna, key: `${key}k` })).rejects.toEqual(refusal('text-too-long'));
  });

  it('of several events gives them all again', async () => {
    const commands = await founded();
    await commands.handle(cost(100), { caller: anna });
    const correction = new CorrectVoucher({
      voucher: ownReference(2023, 1),
      reason: 'Fel',
      eventDate: '2023-05-04',
      replacement: { lines: cost(90).input.lines },
    });
    const first = await commands.handle(correction, { caller: anna, key: 'k' });
    expect(first.vouchers).toEqual(['own-2023-2', 'own-2023-3']);
    expect(await commands.handle(correction, { caller: anna, key: 'k' })).toEqual({ ...first, ...same });
  });
});

describe('a dry run', () => {
  it('answers with what would happen, at the seq it was tried on, and leaves nothing', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    const before = store.appends.length;
    const tried = await commands.handle(cost(100), { caller: bo, dryRun: true });
    expect(tried).toMatchObject({ seq: FOUNDED - 1, dryRun: true, vouchers: ['own-2023-1'], effects: [{ amountOre: 100 }] });
    expect(await commands.handle(cost(100), { caller: bo })).toMatchObject({ vouchers: tried.vouchers, effects: tried.effects });
    expect(store.appends.slice(before)).toEqual([2]);
    await expectRefold(commands.ledger, store);
  });

  it('is refused as the command would be', async () => {
    const commands = await founded();
    await expect(commands.handle(cost(0), { caller: anna, dryRun: true })).rejects.toEqual(refusal('amount-zero'));
  });

  it('among others sees what came before it, and changes nothing for those after it', async () => {
    const commands = await founded();
    const answers = await Promise.all([
      commands.handle(cost(1), { caller: anna }),
      commands.handle(cost(2), { caller: anna, dryRun: true }),
      commands.handle(cost(3), { caller: anna }),
    ]);
    expect(answers.map(({ vouchers }) => vouchers[0])).toEqual(['own-2023-1', 'own-2023-2', 'own-2023-2']);
    expect(answers[1]!.seq).toBe(FOUNDED);
  });
});

describe('time', () => {
  it('never goes back in the log, and a clock that stands behind is reported', async () => {
    const [store, reports, given] = [new WatchedStore(), [] as string[], options({ report: (what) => void reports.push(what) })];
    const commands = await founded(store, given);
    given.nowMs -= 4_000;
    await commands.handle(cost(1), { caller: anna });
    expect(reports).toEqual([]);
    given.nowMs -= 60_000;
    await commands.handle(cost(2), { caller: anna });
    expect(reports).toEqual([expect.stringContaining('64 s behind')]);
    given.nowMs += 100_000;
    await commands.handle(cost(3), { caller: anna });
    const times = store.log.map(({ head }, seq) => readRecord(seq, head, null).head.recordedAt);
    expect(times).toEqual([...times].sort());
    expect(times.slice(-3)).toEqual(['2023-05-03T08:00:00.000Z', '2023-05-03T08:00:00.000Z', '2023-05-03T08:00:36.000Z']);
  });
});

describe('looking', () => {
  it('is at a moment when all is durable', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    let seen!: Promise<number>;
    store.before(async () => {
      seen = commands.look((ledger) => ledger.seq);
      expect(commands.ledger.seq).toBe(FOUNDED);
    });
    store.script({ unavailable: 'disk-full' });
    expect(await outcome(commands.handle(cost(1), { caller: anna }))).toBe('store-unavailable');
    expect(await seen).toBe(FOUNDED - 1);
    await expect(commands.look(() => { throw new RangeError('odd'); })).rejects.toThrow('odd'); // prettier-ignore
  });

  it('may lead to a command', async () => {
    const commands = await founded();
    const post = (amountOre: number) => commands.handle(cost(amountOre), { caller: anna });
    const led: ReturnType<typeof post>[] = [];
    await Promise.all([post(1), commands.look(() => void led.push(post(2)))]);
    await post(3);
    await commands.look(() => void led.push(post(4)));
    expect((await Promise.all(led)).map(({ vouchers }) => vouchers[0])).toEqual(['own-2023-2', 'own-2023-4']);
  });
});

describe('closing', () => {
  it('waits for what is under way, and takes nothing more', async () => {
    const store = new WatchedStore();
    const commands = await founded(store);
    const posted = range(20).map((i) => commands.handle(cost(i + 1), { caller: anna }));
    const closed = commands.close();
    await expect(commands.handle(cost(1), { caller: anna })).rejects.toEqual(refusal('store-unavailable'));
    expect((await Promise.all(posted)).at(-1)!.seq).toBe(FOUNDED + 19);
    await closed;
    expect(store.log).toHaveLength(FOUNDED + 20);
  });
});

describe('the doorbell', () => {
  it('rings with the last seq after each append, and one that fails harms nobody', async () => {
    const rung: number[] = [];
    const reports: string[] = [];
    const appended = (seq: number) => {
      rung.push(seq);
      if (seq > FOUNDED) throw new Error('broken bell');
    };
    const commands = await founded(new WatchedStore(), options({ appended, report: (what) => void reports.push(what) }));
    expect(rung).toEqual([1, 2, 3, 4]);
    await commands.handle(new SetUnit({ unit: '605', name: 'IT', kind: 'unit', parent: 'REG', validFrom: '2020-01-01' }), { caller: anna });
    const first = commands.handle(new RegisterGrant({ grant: '9917', name: 'Vården', validFrom: '2020-01-01' }), { caller: anna });
    await new Promise(setImmediate);
    const second = commands.handle(cost(1), { caller: anna });
    expect([(await first).seq, (await second).seq]).toEqual([FOUNDED + 1, FOUNDED + 2]);
    expect(reports).toContainEqual(expect.stringContaining('broken bell'));
  });
});
