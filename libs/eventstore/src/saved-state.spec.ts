/** The saved state is a shortcut and never more: it equals the fold, and whatever is not surely that very state is passed over. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClosePeriod, CorrectVoucher, ownReference } from '#ledger';
import { anna, bo, cost, expectRefold, founded, FOUNDED, founding, options, WatchedStore } from './commands-given.js';
import { LedgerCommands } from './ledger-commands.js';
import { MemoryStore } from './memory.js';
import type { EventStore, ReadLimit } from './port.js';
import { foldCode, loadState, saveState } from './saved-state.js';

const CODE = foldCode();

/** Tells how much of the log was read when it was opened. */
class Reading extends MemoryStore {
  recordsRead = 0;
  override async read(fromSeq: number, limit: ReadLimit) {
    const found = await super.read(fromSeq, limit);
    this.recordsRead += found.length;
    return found;
  }
}

describe('the saved state', () => {
  let folder: string;
  let log: WatchedStore['log'];
  let state: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'liggaren-state-'));
    state = join(folder, 'state.bin');
    const store = new WatchedStore();
    const commands = await founded(store, options({ stateFolder: folder }));
    for (const ore of [100, 200, 300]) await commands.handle(cost(ore), { caller: bo, key: `k${ore}` });
    await commands.handle(new CorrectVoucher({ voucher: ownReference(2023, 1), reason: 'Fel', eventDate: '2023-05-04' }), { caller: anna });
    await commands.handle(new ClosePeriod({ period: '2023-04' }), { caller: anna });
    log = store.log;
    await commands.close();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const headAt = async (seq: number) => log[seq]?.head ?? null;
  const load = (code = CODE) => loadState(folder, code, headAt);
  /** Opens the ledger anew and answers with how many records it read; its state must be the fold's whatever lay in the folder. */
  async function reopened(store: EventStore = new Reading(log)): Promise<number> {
    const commands = await LedgerCommands.open(store, options({ stateFolder: folder }, 3));
    await expectRefold(commands.ledger, new MemoryStore(log));
    return store instanceof Reading ? store.recordsRead : 0;
  }

  it('is written at the close, equals the fold, and spares it', async () => {
    expect((await load())!.seq).toBe(log.length - 1);
    expect(await reopened()).toBe(2);
    expect(readdirSync(folder)).toEqual(['state.bin']);
  });

  it('keeps the keys, the numbers and what was corrected', async () => {
    const commands = await LedgerCommands.open(new MemoryStore(log), options({ stateFolder: folder }, 3));
    expect(await commands.handle(cost(200), { caller: bo, key: 'k200' })).toMatchObject({ repeated: true, vouchers: ['own-2023-2'] });
    expect(await commands.handle(cost(1), { caller: bo })).toMatchObject({ vouchers: ['own-2023-5'] });
    const correction = new CorrectVoucher({ voucher: ownReference(2023, 1), reason: 'Fel', eventDate: '2023-05-04' });
    await expect(commands.handle(correction, { caller: anna })).rejects.toMatchObject({ refusal: 'already-corrected' });
  });

  it('that lies behind is folded on from where it stands', async () => {
    const later = await LedgerCommands.open(new MemoryStore(log), options({}, 3));
    for (const ore of [1, 2, 3]) await later.handle(cost(ore), { caller: anna });
    expect(await reopened()).toBe(2 + 3);
  });

  it('that is ahead of the log is passed over', async () => {
    log.splice(FOUNDED + 1);
    expect(await load()).toBeNull();
    expect(await reopened()).toBe(log.length);
  });

  it('of another ledger is passed over', async () => {
    const other = new MemoryStore();
    const commands = await founded(other, options({}, 99));
    for (let seq = FOUNDED; seq < log.length + 3; seq++) await commands.handle(cost(seq), { caller: anna });
    log = other.log;
    expect(await load()).toBeNull();
    expect(await reopened()).toBeGreaterThanOrEqual(log.length);
  });

  it('of other code is passed over', async () => {
    expect(await load('0'.repeat(64))).toBeNull();
    expect(CODE).toMatch(/^[0-9a-f]{64}$/);
  });

  it('with a single bit flipped, anywhere, is passed over', async () => {
    const whole = readFileSync(state);
    for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 200)) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 1 << (at % 8);
      writeFileSync(state, damaged);
      expect([at, await load()]).toEqual([at, null]);
    }
    expect(await reopened()).toBe(log.length);
  });

  it('cut short, or with something else in its place, is passed over', async () => {
    const whole = readFileSync(state);
    for (const bytes of [Buffer.alloc(0), whole.subarray(0, 10), whole.subarray(0, 32), whole.subarray(0, -1), Buffer.from('{}')]) {
      writeFileSync(state, bytes);
      expect(await load()).toBeNull();
    }
    rmSync(state);
    mkdirSync(state);
    expect(await load()).toBeNull();
    expect(await reopened()).toBe(log.length);
  });

  it('that cannot be written is reported, leaves nothing behind, and harms nobody', async () => {
    rmSync(state);
    mkdirSync(join(state, 'in the way'), { recursive: true });
    const reports: string[] = [];
    const commands = await LedgerCommands.open(
      new MemoryStore(log),
      options({ stateFolder: folder, report: (what) => void reports.push(what) }, 3),
    );
    await commands.handle(cost(1), { caller: anna });
    await commands.close();
    expect(reports).toEqual([expect.stringContaining('state not saved')]);
    expect(readdirSync(folder)).toEqual(['state.bin']);
  });

  it('is not written where nothing was, nor without a folder', async () => {
    rmSync(state);
    await (await LedgerCommands.open(new MemoryStore(), options({ stateFolder: folder }))).close();
    const none = await LedgerCommands.open(new MemoryStore(), options());
    await none.handle(founding[0]!, { caller: anna });
    await none.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is never of what was not stored', async () => {
    const store = new WatchedStore(log);
    const commands = await LedgerCommands.open(store, options({ stateFolder: folder }, 3));
    store.script('request-lost').failingReads = 1;
    await expect(commands.handle(cost(1), { caller: anna })).rejects.toMatchObject({ refusal: 'result-unknown' });
    await commands.close();
    expect((await load())!.seq).toBe(log.length - 1);
  });

  it('saved and loaded is the state to the last bit', async () => {
    const ledger = (await load())!;
    saveState(folder, 'code', ledger, log.at(-1)!.head);
    expect((await load('code'))!.save()).toEqual(ledger.save());
  });
});
