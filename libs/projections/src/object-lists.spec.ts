/** The objects that files gave their lines are numbered once each, however many there are. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ObjectLists } from './object-lists.js';
import { openReadModels } from './schema.js';

describe('the objects that files gave their lines', () => {
  let folder: string;
  let db: Database.Database;
  const stored = () => db.prepare<[], number>('SELECT count(*) FROM object_lists').pluck().get();
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'liggaren-objects-'));
    db = openReadModels(join(folder, 'read-models.sqlite'));
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('are one list wherever they are the same in the same order, also after a restart', () => {
    const lists = new ObjectLists(db);
    const grant = lists.of([['20', '9916']]);
    const other = lists.of([
      ['1', '614'],
      ['20', '9916'],
    ]);
    const turned = lists.of([
      ['20', '9916'],
      ['1', '614'],
    ]);
    expect(new Set([grant, other, turned]).size).toBe(3);
    expect(lists.of([['20', '9916']])).toBe(grant);
    expect(new ObjectLists(db).of([['20', '9916']])).toBe(grant);
    expect(stored()).toBe(3);
  });

  it('keep their numbers where there are more of them than are remembered', () => {
    const lists = new ObjectLists(db);
    const numbers = () => db.transaction(() => Array.from({ length: 40_000 }, (_, i) => lists.of([['6', `P${i}`]])))();
    expect(numbers()).toEqual(numbers());
    expect(stored()).toBe(40_000);
  });
});
