/** A process of its own for lock.spec.ts: `lock-child.js <folder>` takes the lock and waits; with `look` it only looks, without pause. */
import { hostname } from 'node:os';
import { holderOf, lockFolder } from './lock.js';

const [folder, mode] = process.argv.slice(2);

if (mode === 'look') {
  process.stdout.write('looking\n');
  setInterval(() => {
    for (let i = 0; i < 50; i++) holderOf(folder!);
  });
} else {
  const holder = { pid: process.pid, user: 'child', host: hostname(), since: new Date().toISOString(), address: null };
  lockFolder(folder!, holder).announce('http://127.0.0.1:1');
  // Nobody refers to the lock any more: the collector must not let go of it.
  for (let i = 0; i < 3; i++) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((next) => setTimeout(next, 5));
  }
  process.stdout.write('held\n');
  setInterval(() => {}, 1_000);
}
