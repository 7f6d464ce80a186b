import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { Worker } from 'node:worker_threads';
describe('probe', () => {
  it('works', async () => {
    const db = new Database(':memory:');
    expect(db.prepare('select sqlite_version() v').get()).toBeTruthy();
    const w = new Worker("require('node:worker_threads').parentPort.postMessage(process.version)", { eval: true });
    expect(await new Promise((r) => w.on('message', r))).toBe(process.version);
    console.log(process.version);
  });
});
