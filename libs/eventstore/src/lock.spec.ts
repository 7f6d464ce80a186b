/** One server holds a ledger's folder, whoever comes second learns who, and a death of any kind lets go. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderLocked, holderOf, lockFolder, type Holder } from './lock.js';

const me: Holder = { pid: process.pid, user: 'ekonom', host: hostname(), since: '2023-05-31T12:00:00.000Z', address: null };

describe('the lock of a ledger folder', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'liggaren-lock-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** A process of its own that takes the lock, forgets the object (and has its garbage collected), and waits. */
  async function holding(): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['--expose-gc', join(import.meta.dirname, 'lock-child.js'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [said] = (await once(child.stdout!, 'data')) as [Buffer];
    expect(String(said)).toBe('held\n');
    return child;
  }

  it('is nobody’s to begin with, and looking makes nothing', () => {
    expect(holderOf(folder)).toBeNull();
    expect(existsSync(join(folder, 'lock.sqlite'))).toBe(false);
  });

  it('names its holder, and the address once the server listens', () => {
    const lock = lockFolder(folder, me);
    expect(holderOf(folder)).toEqual(me);
    lock.announce('http://127.0.0.1:4711');
    expect(holderOf(folder)).toEqual({ ...me, address: 'http://127.0.0.1:4711' });
    lock.release();
    expect(holderOf(folder)).toBeNull();
  });

  it('refuses the second, also in the same process, and tells who the first is', () => {
    const lock = lockFolder(folder, me);
    const error = caught(() => lockFolder(folder, { ...me, user: 'other' }));
    expect(error).toBeInstanceOf(FolderLocked);
    expect((error as FolderLocked).holder).toEqual(me);
    expect((error as FolderLocked).message).toContain(`process ${process.pid} of ekonom`);
    expect(holderOf(folder)).toEqual(me);
    lock.release();
    lock.release();
    lockFolder(folder, me).release();
  });

  it('announces nothing any more once it is released', () => {
    const lock = lockFolder(folder, me);
    lock.release();
    lock.announce('http://127.0.0.1:1');
    expect(holderOf(folder)).toBeNull();
    expect(existsSync(join(folder, 'holder.json'))).toBe(false);
  });

  it('of another process is seen from here, and is gone the moment that process is killed', async () => {
    const child = await holding();
    expect(holderOf(folder)).toMatchObject({ pid: child.pid, user: 'child', address: 'http://127.0.0.1:1' });
    expect(caught(() => lockFolder(folder, me))).toMatchObject({ name: 'FolderLocked', holder: { pid: child.pid } });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(join(folder, 'holder.json'))).toBe(true);
    expect(holderOf(folder)).toBeNull();
    const lock = lockFolder(folder, me);
    expect(holderOf(folder)).toEqual(me);
    lock.release();
  });

  it('does not believe the holder.json of a dead process while the lock is held by one that has not said its name', async () => {
    const child = await holding();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = lockFolder(folder, me);
    writeFileSync(join(folder, 'holder.json'), JSON.stringify({ ...me, pid: child.pid }));
    expect(holderOf(folder)).toMatchObject({ pid: 0 });
    lock.release();
  });

  it('is not disturbed by those who look all the time', async () => {
    const looking = spawn(process.execPath, [join(import.meta.dirname, 'lock-child.js'), folder, 'look'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(looking);
    await once(looking.stdout!, 'data');
    for (let i = 0; i < 100; i++) {
      const lock = lockFolder(folder, me);
      expect(caught(() => lockFolder(folder, me))).toMatchObject({ holder: { pid: process.pid } });
      lock.release();
    }
  });

  it('says not-found for a folder that is not there', () => {
    expect(caught(() => lockFolder(join(folder, 'nowhere'), me))).toMatchObject({ name: 'StoreUnavailable', reason: 'not-found' });
    expect(holderOf(join(folder, 'nowhere'))).toBeNull();
  });
});

function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
