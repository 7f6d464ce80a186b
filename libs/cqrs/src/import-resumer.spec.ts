/** How a server carries on with imports that stopped: at once, again and again less often while a store is in trouble, and no more when it is closed. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Resumed } from '#imports';
import { ImportResumer } from './import-resumer.js';

const one = (outcome: Resumed['outcome']): Resumed => ({ import: 'i-1', outcome, because: null });
let [times, said, next]: [number[], string[], () => readonly Resumed[]] = [[], [], () => []];
let resumer: ImportResumer;
beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
  [times, said] = [[], []];
  resumer = new ImportResumer(
    () => {
      times.push(Date.now() / 1_000);
      return new Promise((resolve) => resolve(next()));
    },
    (_, about) => void said.push(about!),
  );
});
afterEach(async () => {
  await resumer.close();
  jest.useRealTimers();
});
const pass = (seconds: number) => jest.advanceTimersByTimeAsync(1_000 * seconds);

describe('a server', () => {
  it('looks for imports that have stopped when it starts, and while it runs', async () => {
    next = () => [];
    resumer.start();
    await pass(7);
    expect([times, said]).toEqual([[0, 2, 4, 6], []]);
  });

  it('waits twice as long each time that one is still stopped, five minutes at most, and as before when it went on', async () => {
    next = () => [one('stopped')];
    resumer.start();
    await pass(1_200);
    expect(times).toEqual([0, 2, 6, 14, 30, 62, 126, 254, 510, 810, 1_110]);
    next = () => [one('resumed')];
    await pass(214);
    expect(times.slice(-3)).toEqual([1_410, 1_412, 1_414]);
    expect(said).toEqual([]);
  });

  it('leaves it to the imports to say what became of each, and says where looking failed, and goes on', async () => {
    next = () => [one('resumed'), one('abandoned')];
    resumer.start();
    await pass(1);
    next = () => {
      throw new TypeError('x');
    };
    await pass(2);
    next = () => [];
    await pass(10);
    expect(said).toEqual(['import-stopped']);
    expect(times.length).toBeGreaterThan(3);
  });

  it('that is closed looks no more, and says no more', async () => {
    resumer.start();
    next = () => [one('stopped')];
    await resumer.close();
    await pass(100);
    expect([times, said]).toEqual([[0], []]);
  });
});
