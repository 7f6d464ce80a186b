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
  const lock = lockFolder(folder!, { pid: process.pid, user: 'child', host: hostname(), since: new Date().toISOString(), address: null });
  lock.announce('http://127.0.0.1:1');
  process.stdout.write('held\n');
  setInterval(() => {}, 1_000);
}
