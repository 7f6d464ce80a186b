/** The thread that puts the write-ahead log back: started when it is first needed, kept while there is work, survived when it dies. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Checkpoints, startThread } from './sqlite-checkpoint.js';

const MIB = 1024 * 1024;

describe('the thread that puts the write-ahead log back', () => {
  let folder: string;
  let db: Database.Database;
  let started: Worker[];
  const start = (file: string): Worker => {
    const thread = startThread(file);
    started.push(thread);
    return thread;
  };
  const append = (checkpoints: Checkpoints, mebibytes: number) => {
    for (let i = 0; i < mebibytes; i += 1) {
      db.prepare('INSERT INTO blobs VALUES (?)').run(Buffer.alloc(MIB, 'x'));
      checkpoints.appended(MIB);
    }
  };
  const fileBytes = () => statSync(join(folder, 'a.sqlite')).size;
  const until = async (holds: () => boolean) => {
    for (let i = 0; i < 400 && !holds(); i += 1) await pause(25);
    expect(holds()).toBe(true);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'liggaren-checkpoint-'));
    started = [];
    db = new Database(join(folder, 'a.sqlite'));
    db.pragma('journal_mode = WAL');
    db.pragma('wal_autocheckpoint = 0');
    db.exec('CREATE TABLE blobs (bytes BLOB)');
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('is not started where little is appended', async () => {
    const checkpoints = new Checkpoints(db, start);
    append(checkpoints, 15);
    await checkpoints.close();
    expect(started).toHaveLength(0);
  });

  it('is one and the same however often there is something to put back', async () => {
    const checkpoints = new Checkpoints(db, start);
    for (let round = 1; round <= 4; round += 1) {
      append(checkpoints, 16);
      await until(() => fileBytes() > 15 * round * MIB);
    }
    await checkpoints.close();
    expect(started).toHaveLength(1);
    expect(started[0]!.threadId).toBe(-1); // it has ended
  });

  it('ends when nothing has come for a while, and another is started when something comes', async () => {
    const checkpoints = new Checkpoints(db, start, 10);
    append(checkpoints, 16);
    await until(() => started[0]!.threadId === -1);
    append(checkpoints, 16);
    await until(() => fileBytes() > 30 * MIB);
    await checkpoints.close();
    expect(started).toHaveLength(2);
  });

  it('that dies takes nothing with it: the next one puts back what it did not', async () => {
    const dying = (file: string): Worker => {
      if (started.length > 0) return start(file);
      const thread = new Worker('setTimeout(() => { throw new Error("dies") })', { eval: true });
      started.push(thread);
      return thread;
    };
    const checkpoints = new Checkpoints(db, dying);
    append(checkpoints, 16);
    await until(() => started[0]!.threadId === -1);
    expect(fileBytes()).toBeLessThan(MIB);
    append(checkpoints, 16);
    await until(() => fileBytes() > 30 * MIB);
    await checkpoints.close();
    expect(started).toHaveLength(2);
  });

  it('is waited for by who closes in the middle of its work, and has let go of the file then', async () => {
    const checkpoints = new Checkpoints(db, start);
    append(checkpoints, 32);
    await checkpoints.close();
    expect(started[0]!.threadId).toBe(-1);
    expect(fileBytes()).toBeGreaterThan(15 * MIB);
  });
});
