/** Folder, setting and store.json: which store a ledger uses, and what is refused rather than guessed. No server is needed. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isStreamName, serverAddress, withoutPassword } from './kurrentdb-address.js';
import { openSqliteStore } from './sqlite.js';
import { describeStore, holdsLedger, openReader, openStore, STORE_FILE, storeName } from './store-choice.js';

const SERVER = 'kurrentdb://admin:secret@db1:2113?tls=false';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'Region Skåne-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the address of a server', () => {
  it.each([
    ['kurrentdb://a:1', 'esdb://a:1', null],
    ['esdb://u:p@a:1,b:2,c:3/?tls=true', 'esdb://u:p@a:1,b:2,c:3?tls=true', null],
    ['kurrentdb+discover://cluster.example:2113?tlsCAFile=/x/ca.crt', 'esdb+discover://cluster.example:2113?tlsCAFile=/x/ca.crt', null],
    ['KurrentDB://a?tls=false&stream=liggaren-skane', 'esdb://a?tls=false', 'liggaren-skane'],
    ['kdb://a?throwOnAppendFailure=false&Stream=x', 'esdb://a', 'x'],
  ])('%s', (setting, connection, stream) => {
    expect(serverAddress(setting)).toEqual({ connection, stream });
  });

  it('that is none is refused without saying the password', () => {
    for (const wrong of ['http://u:secret@a', 'esdb://', 'esdb:/u:secret@a', 'sqlite', 'esdb://a?stream=$all', 'esdb://a?stream=']) {
      expect(() => serverAddress(wrong)).toThrow(RangeError);
      expect(() => serverAddress(wrong)).not.toThrow(/secret/);
    }
    expect(withoutPassword(SERVER)).toBe('kurrentdb://…@db1:2113?tls=false');
  });
});

describe("a ledger's folder and the setting", () => {
  it('the embedded file where nothing is set', async () => {
    const store = describeStore(undefined, folder, true);
    expect(store).toEqual({ kind: 'sqlite', folder });
    expect(describeStore('', folder)).toEqual(store);
    const opened = openStore(store);
    await opened.append(0, [{ head: Buffer.from('a'), annex: null }]);
    const reader = openReader(store);
    expect(await reader.last()).toBe(0);
    await reader.close();
    await opened.close();
    expect(holdsLedger(folder)).toBe(true);
    expect(storeName(store)).toBe(join(folder, 'events.sqlite'));
  });

  it('a new ledger on a server gets a stream of its own, noted in the folder without the address', () => {
    expect(() => describeStore(SERVER, folder)).toThrow(expect.objectContaining({ reason: 'not-found' }));
    expect(holdsLedger(folder)).toBe(false);
    const store = describeStore(SERVER, folder, true);
    expect(store).toMatchObject({
      kind: 'kurrentdb',
      address: SERVER,
      stream: expect.stringMatching(/^liggaren-Region-Ska-ne-.*-[0-9a-f]{8}$/),
    });
    expect(store.kind === 'kurrentdb' && isStreamName(store.stream)).toBe(true);
    expect(describeStore(SERVER, folder)).toEqual(store);
    expect(holdsLedger(folder)).toBe(true);
    expect(readFileSync(join(folder, STORE_FILE), 'utf8')).not.toMatch(/secret|db1/);
    expect(storeName(store)).not.toMatch(/secret/);
  });

  it('another machine joins by the name of the stream, and a folder keeps to its own', () => {
    const joined = describeStore(`${SERVER}&stream=liggaren-skane`, folder, true);
    expect(joined).toMatchObject({ stream: 'liggaren-skane' });
    expect(describeStore(SERVER, folder)).toMatchObject({ stream: 'liggaren-skane' });
    expect(() => describeStore(`${SERVER}&stream=liggaren-other`, folder)).toThrow(expect.objectContaining({ reason: 'not-a-ledger' }));
  });

  it('a ledger on a server is never opened as a new file, nor one in a file as a new stream', async () => {
    describeStore(SERVER, folder, true);
    expect(() => describeStore(undefined, folder, true)).toThrow(/LIGGARE_STORE has to name it/);
    rmSync(join(folder, STORE_FILE));
    await openSqliteStore(folder).close();
    expect(() => describeStore(SERVER, folder, true)).toThrow(/copy it to the server first/);
    expect(() => describeStore('postgres://u:secret@x', folder, true)).toThrow(RangeError);
  });

  it('a note that says nothing is damage, not a new ledger', () => {
    for (const text of ['', '{}', '{"kind":"kurrentdb","stream":"$all"}', '[']) {
      writeFileSync(join(folder, STORE_FILE), text);
      expect(() => describeStore(SERVER, folder, true)).toThrow(expect.objectContaining({ reason: 'damaged' }));
    }
  });
});
