/** How an event is written down: checked against test/vectors/records.json, which a program in another language can read too. */
import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { canonical, type Json } from './canonical.js';
import { EVENT_VERSIONS } from './events.js';
import { packedBytes, unpacked, type PackedVouchers } from './imports/packed.js';
import { annexBytes, eventId, headBytes, hex, inputHash, leafHash, readRecord, UnreadableEvent, type Head } from './record.js';
import type { Voucher } from './voucher.js';

type Vectors = {
  records: {
    name: string;
    head: Head;
    headText: string;
    headBytes: number;
    leaf: string;
    annex: { [field: string]: Json } | null;
    salt: string;
    annexText: string;
    annexHash: string | null;
  }[];
  ids: { ledgerId: string; actor: string; command: string; index: number; id: string }[];
  inputs: { name: string; input: Json; inputHash: string }[];
  packed: { name: string; packed: PackedVouchers; packedText: string; vouchers: Voucher[] }[];
};
const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../test/vectors/records.json'), 'utf8')) as Vectors;
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
const sha256Hex = (data: Uint8Array | readonly Uint8Array[] | string) =>
  createHash('sha256')
    .update(Array.isArray(data) ? Buffer.concat(data as Uint8Array[]) : (data as string))
    .digest('hex');
const text = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

describe('a record, as in the vectors', () => {
  it.each(vectors.records)('$name', ({ head, headText, headBytes: length, leaf, annex, salt, annexText, annexHash }) => {
    expect(text(headBytes(head))).toBe(headText);
    expect(text(headBytes(head, (part) => Buffer.from(part)))).toBe(headText);
    expect(headBytes(head)).toHaveLength(length);
    expect(hex(leafHash(headBytes(head), sha256))).toBe(leaf);
    expect(head.annexHash).toBe(annexHash);
    const written = annex && annexBytes(annex, salt);
    if (written) expect([text(written), hex(sha256(written))]).toEqual([annexText, annexHash]);
    const { head: read, event } = readRecord(head.seq, headBytes(head), written);
    expect(read).toEqual(head);
    expect(event.data).toEqual(head.data);
    expect(event.annex).toEqual(annex ? { ...annex, salt } : undefined);
  });
  it.each(vectors.packed)('packed: $name', ({ packed, packedText: written, vouchers }) => {
    expect(new TextDecoder().decode(packedBytes(vouchers))).toBe(written);
    expect(canonical(packed as unknown as Json)).toBe(written);
    expect(unpacked(packed)).toEqual(vouchers);
  });
  it('is the canonical form of its fields, whoever acted, and whoever acted before', () => {
    const { head } = vectors.records[0]!;
    const some = fc.constantFrom('a', 'b', 'Åsa "B"', '\u0000');
    const given = fc.record({
      ...{
        actor: some,
        proposedBy: some,
        approvedBy: fc.option(some),
        ledgerId: some,
        policy: some,
        program: some,
        role: some,
        source: some,
      },
      ...{ annexHash: fc.option(some), cause: fc.option(fc.nat()), command: some, id: some, inputHash: some, recordedAt: some },
      ...{ seq: fc.nat(), data: fc.constant<Json>({ b: 1, a: [null] }) },
    });
    fc.assert(
      fc.property(fc.array(given, { minLength: 2 }), (all) => {
        for (const fields of all)
          expect(text(headBytes({ ...head, ...fields }))).toBe(canonical({ ...head, ...fields } as unknown as Json));
      }),
    );
  });
  it.each(vectors.ids)('the id of $command, event $index', ({ ledgerId, actor, command, index, id }) => {
    expect(eventId(ledgerId, actor, command, index, sha256Hex)).toBe(id);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
  it.each(vectors.inputs)('the input of $name', ({ name, input, inputHash: hash }) => expect(inputHash(name, input, sha256Hex)).toBe(hash));
});

describe('a leaf', () => {
  it('is never the hash of the head alone: 0x00 stands before it (RFC 6962)', () => {
    expect(hex(leafHash(new Uint8Array(), sha256))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    const head = bytes('head');
    leafHash(head, sha256);
    expect(text(head)).toBe('head');
  });
});

describe('an id', () => {
  it('is another for another ledger, actor, command or index, however they are cut', () => {
    const of = (...[ledger, actor, command, index]: [string, string, string, number]) => eventId(ledger, actor, command, index, sha256Hex);
    const all = [
      of('l', 'a', 'c', 0),
      of('l', 'a', 'c', 1),
      of('l', 'a', 'd', 0),
      of('l', 'b', 'c', 0),
      of('m', 'a', 'c', 0),
      of('l', 'ac', '', 0),
      of('la', '', 'c', 0),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('reading a stored event', () => {
  const { head } = vectors.records[0]!;
  const read = (fields: object, seq = 0) => readRecord(seq, bytes({ ...head, ...fields }), null);
  it('knows every type that this program writes', () => {
    for (const type of Object.keys(EVENT_VERSIONS)) expect(read({ type }).event.type).toBe(type);
  });
  it.each<[string, object]>([
    ['an unknown type', { type: 'GrantSold' }],
    ['a type that only looks known', { type: 'constructor' }],
    ['a newer version', { v: 2 }],
    ['no version', { v: undefined }],
    ['a version that is none', { v: 0 }],
    ['no data', { data: undefined }],
    ['another seq than where it lies', { seq: 7 }],
  ])('stops at %s', (_, fields) => expect(() => read(fields)).toThrow(UnreadableEvent));
  it.each<[string, Uint8Array]>([
    ['no JSON', bytes('{"v":1')],
    ['no object', bytes('null')],
    ['a list', bytes('[]')],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, ...bytes(head)])],
    ['nothing', new Uint8Array()],
  ])('stops at bytes that are %s', (_, head) => expect(() => readRecord(3, head, null)).toThrow(UnreadableEvent));
  it('says which event it stopped at', () => expect(() => read({ type: 'GrantSold', seq: 3 }, 3)).toThrow('event 3'));
  it('parses no annex that nobody asks for, and says which event’s cannot be read', () => {
    const { event } = readRecord(0, headBytes(head), bytes('{"reason":'));
    expect(event.data).toEqual(head.data);
    expect(() => event.annex).toThrow(UnreadableEvent);
  });
});
