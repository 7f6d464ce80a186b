/** What the first question for lines without a code need not wait for. */
import { describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { LinesAhead } from './lines-ahead.js';

/** A ledger of so many slices, whose lines have come to `lines` of 10. */
function ledger(slices: number, lines = 10) {
  const taken = { slices: 0, calls: 0 };
  const from = {
    seq: 10,
    projection: { positions: { figures: 10, lines } },
    answers: {
      takeLines: () => {
        taken.calls += 1;
        return taken.slices < slices && (taken.slices += 1) > 0;
      },
    },
  };
  return { from, taken };
}

describe('the lines', () => {
  it('are looked through before anybody asks, a slice at a time, and then never again', async () => {
    const { from, taken } = ledger(5);
    new LinesAhead(from).start(1);
    expect(taken.slices).toBe(0);
    await pause(100);
    expect(taken).toEqual({ slices: 5, calls: 6 });
  });
  it('are waited for while they still come in', async () => {
    const { from, taken } = ledger(5, 9);
    new LinesAhead(from).start(1);
    await pause(50);
    expect(taken.calls).toBe(0);
    from.projection.positions.lines = 10;
    await pause(100);
    expect(taken.slices).toBe(5);
  });
  it('are left alone once the ledger is closed', async () => {
    const { from, taken } = ledger(1_000_000);
    const ahead = new LinesAhead(from);
    ahead.start(1);
    await pause(50);
    ahead.stop();
    const { slices } = taken;
    expect(slices).toBeGreaterThan(0);
    await pause(50);
    expect(taken.slices).toBe(slices);
  });
  it('that cannot be read are left to whoever asks', async () => {
    const { from, taken } = ledger(5);
    const failing = {
      takeLines: () => {
        taken.calls += 1;
        throw new Error('disk');
      },
    };
    new LinesAhead({ ...from, answers: failing }).start(1);
    await pause(50);
    expect(taken.calls).toBe(1);
  });
});
