/** What every release has written stays readable for ever, to the same figures, byte for byte. */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256, type StoredRecord } from '#eventstore';
import { EVENT_VERSIONS, hex, Ledger, readRecord } from '#ledger';
import { answersOf } from './answers-of.js';
import { smallLedger } from './small-ledger.js';

const folder = join(import.meta.dirname, '../../../test/golden');
const releases = readdirSync(folder).filter((name) => /^\d+\.\d+\.\d+$/.test(name));

function recordsOf(release: string): StoredRecord[] {
  const lines = readFileSync(join(folder, release, 'events.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const { head, annex } = JSON.parse(line) as { head: string; annex: string | null };
    return { head: Buffer.from(head), annex: annex === null ? null : Buffer.from(annex) };
  });
}

describe.each(releases)('the ledger that release %s left', (release) => {
  const records = recordsOf(release);

  // An answer may have learnt to say more since; what it said then it still says.
  it('gives the same answers as it did then', async () => {
    expect(await answersOf(records)).toMatchObject(JSON.parse(readFileSync(join(folder, release, 'answers.json'), 'utf8')));
  });

  it('has annexes that fit the hashes in their heads', () => {
    for (const { head, annex } of records) expect((JSON.parse(Buffer.from(head).toString()) as { annexHash: unknown }).annexHash).toBe(annex && hex(sha256(annex)));
  });

  it('is folded by the rules of today', () => {
    const ledger = new Ledger();
    records.forEach(({ head, annex }, seq) => ledger.evolve(readRecord(seq, head, annex)));
    expect(ledger.seq).toBe(records.length - 1);
  });
});

describe('the small ledger of this program', () => {
  it('holds every type of event, so that none goes unkept', async () => {
    const types = (await smallLedger()).map(({ head }) => (JSON.parse(Buffer.from(head).toString()) as { type: string }).type);
    expect(Object.keys(EVENT_VERSIONS).filter((type) => !types.includes(type))).toEqual([]);
  });

  it('is the same bytes each time', async () => {
    const [once, again] = [await smallLedger(), await smallLedger()];
    expect(once.map(({ head }) => Buffer.from(head).toString())).toEqual(again.map(({ head }) => Buffer.from(head).toString()));
  });
});
