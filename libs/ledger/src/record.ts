/**
 * How an event is written down: a head of canonical bytes, stored verbatim and hashed as a leaf of the log, and an annex
 * whose hash stands in the head. The bytes are a format of their own (test vectors: `test/vectors/records.json`), so that
 * a program in another language can check them. SHA-256 is handed in; this library imports nothing.
 */
import { canonicalBytes, canonicalPieces, quoted, Verbatim, type Json, type Utf8 } from './canonical.js';
import { EVENT_VERSIONS, type EventType, type LedgerEvent } from './events.js';
import { NotPacked } from './imports/packed-values.js';
import { packedBytes, unpacked, type PackedVouchers } from './imports/packed.js';
import type { Voucher } from './voucher.js';

/** SHA-256 of the bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;
/** SHA-256 of the bytes, whole or in pieces, or of the text's UTF-8, in lower-case hex. */
export type Sha256Hex = (data: Uint8Array | readonly Uint8Array[] | string) => string;

/** What every event says of itself, beside its data (R7). */
export type Head = {
  readonly v: number;
  readonly ledgerId: string;
  readonly seq: number;
  /** UUID from SHA-256(ledgerId, actor, command, index): the same command gives the same id, on any store. */
  readonly id: string;
  readonly type: EventType;
  /** UTC with ms: max(clock, the last event's). */
  readonly recordedAt: string;
  readonly actor: string;
  readonly role: string;
  readonly proposedBy: string;
  readonly approvedBy: string | null;
  /** The approval policy in force. */
  readonly policy: string;
  /** The command's id (idempotency key). */
  readonly command: string;
  /** SHA-256 in hex over the command's name and input. */
  readonly inputHash: string;
  /** The seq of the event that led to it, or null. */
  readonly cause: number | null;
  /** Program and version. */
  readonly program: string;
  /** `manual`, or `import:<sha256>`. */
  readonly source: string;
  readonly data: Json;
  /** SHA-256 in hex over the annex's bytes, or null where there is none. */
  readonly annexHash: string | null;
};

/** A stored event as the fold reads it. `part`: an import's vouchers packed as they are stored, for {@link PartReader}; `event` makes values of them only where they are asked for. */
export type Recorded = { readonly head: Omit<Head, 'data' | 'type'>; readonly event: LedgerEvent; readonly part?: Uint8Array };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Raised where a stored event cannot be read by this program: an unknown type, a newer version, or bytes that are no event. */
export class UnreadableEvent extends Error {
  /** @param newer whether a newer program has written it; its bytes may be as they were then */
  constructor(
    readonly seq: number,
    readonly reason: string,
    readonly newer = false,
  ) {
    super(`Händelse ${seq} kan inte läsas: ${reason} (event ${seq} cannot be read)`);
    this.name = 'UnreadableEvent';
  }
}

/** The head's bytes, as they are stored: its canonical form, whose fields are the same for every event and stand here in their order. */
export function headBytes(head: Head, encode?: Utf8): Uint8Array {
  const [beforeAnnex, beforeTime, beforeSeq, beforeType] = sharedTexts(head);
  const annexHash = head.annexHash === null ? 'null' : quoted(head.annexHash);
  const first = `${beforeAnnex}${annexHash},"approvedBy":${head.approvedBy === null ? 'null' : quoted(head.approvedBy)},"cause":${head.cause},"command":${quoted(head.command)},"data":`;
  const last = `,"id":${quoted(head.id)},"inputHash":${quoted(head.inputHash)}${beforeTime}${quoted(head.recordedAt)}${beforeSeq}${head.seq}${beforeType}${quoted(head.type)},"v":${head.v}}`;
  return canonicalBytes(head.data, encode, first, last);
}

/** What the heads of one caller's events share, written once: up to each field that differs. */
function sharedTexts(head: Head): Shared['texts'] {
  const { actor, proposedBy, ledgerId, policy, program, role, source } = head;
  const { of, texts } = shared ?? {};
  if (
    of?.actor === actor &&
    of.proposedBy === proposedBy &&
    of.ledgerId === ledgerId &&
    of.policy === policy &&
    of.program === program &&
    of.role === role &&
    of.source === source
  )
    return texts!;
  shared = {
    of: { actor, proposedBy, ledgerId, policy, program, role, source },
    texts: [
      `{"actor":${quoted(actor)},"annexHash":`,
      `,"ledgerId":${quoted(ledgerId)},"policy":${quoted(policy)},"program":${quoted(program)},"proposedBy":${quoted(proposedBy)},"recordedAt":`,
      `,"role":${quoted(role)},"seq":`,
      `,"source":${quoted(source)},"type":`,
    ],
  };
  return shared.texts;
}

type Shared = {
  readonly of: Pick<Head, 'actor' | 'proposedBy' | 'ledgerId' | 'policy' | 'program' | 'role' | 'source'>;
  readonly texts: readonly [string, string, string, string];
};
let shared: Shared | null = null;

/** What an event's head holds of its data: the vouchers of an import's part packed, anything else as it is. */
export function storedData({ type, data }: LedgerEvent): Json {
  if (type !== 'VouchersImported' || (data.vouchers as unknown) instanceof Verbatim) return data as unknown as Json;
  return { ...data, vouchers: new Verbatim(packedBytes(data.vouchers)) };
}

/** The annex's bytes: its fields and the salt that keeps its hash from being guessed. @param salt 32 hex digits */
export const annexBytes = (annex: { readonly [field: string]: Json | undefined }, salt: string, encode?: Utf8): Uint8Array =>
  canonicalBytes({ ...annex, salt }, encode);

/** The leaf of a head in the Merkle log: SHA-256(0x00 ‖ head), RFC 6962 section 2.1. */
export function leafHash(head: Uint8Array, sha256: Sha256): Uint8Array {
  const leaf = new Uint8Array(head.length + 1);
  leaf.set(head, 1);
  return sha256(leaf);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes as lower-case hex. */
export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte]!;
  return text;
}

/** The id of the event that a command leads to: a UUID (version 8, RFC 9562) from SHA-256 over the parts as canonical JSON. */
export function eventId(ledgerId: string, actor: string, command: string, index: number, sha256: Sha256Hex): string {
  const digits = sha256(`[${quoted(ledgerId)},${quoted(actor)},${quoted(command)},${index}]`);
  const variant = '89ab'['0123456789abcdef'.indexOf(digits[16]!) & 3]!;
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

/** The hash of what a command was asked to do: its name and its input. In hex. */
export const inputHash = (name: string, input: Json, sha256: Sha256Hex, encode?: Utf8): string =>
  sha256(canonicalPieces([name, input], encode));

/**
 * Reads a stored event. The annex is parsed only when asked for: most of what is read needs none.
 * @throws UnreadableEvent on an unknown type, a newer version or bytes that are no event
 */
export function readRecord(seq: number, head: Uint8Array, annex: Uint8Array | null): Recorded {
  const place = partIn(head);
  const fields = parsed(seq, place ? withoutPart(head, place) : head) as Head | null;
  if (typeof fields?.data !== 'object' || fields.data === null) throw new UnreadableEvent(seq, 'innehållet är inte en händelse');
  const known = Object.hasOwn(EVENT_VERSIONS, fields.type) ? EVENT_VERSIONS[fields.type] : undefined;
  if (known === undefined) throw new UnreadableEvent(seq, `typen ${fields.type} är okänd för den här versionen av programmet`, true);
  if (!(Number.isInteger(fields.v) && fields.v >= 1)) throw new UnreadableEvent(seq, `${fields.type} har ingen version`);
  if (fields.v > known) throw new UnreadableEvent(seq, `${fields.type} version ${fields.v} är nyare än programmet`, true);
  if (fields.seq !== seq) throw new UnreadableEvent(seq, `den säger sig vara nummer ${fields.seq}`);
  const { type, v } = fields;
  const packed = type === 'VouchersImported' && v >= PACKED_SINCE;
  const data = packed ? { ...(fields.data as object), get vouchers() { return vouchersIn(seq, head); } } : fields.data; // prettier-ignore
  const event = {
    type,
    v,
    data,
    get annex() {
      return annex ? parsed(seq, annex) : undefined;
    },
  };
  return { head: fields, event: event as unknown as LedgerEvent, ...(place && { part: head.subarray(place.from, place.to) }) };
}

/** The version since which an import's part holds its vouchers packed. */
const PACKED_SINCE = 2;

function vouchersIn(seq: number, head: Uint8Array): Voucher[] {
  try {
    return unpacked((parsed(seq, head) as unknown as { data: { vouchers: PackedVouchers } }).data.vouchers);
  } catch (error) {
    if (error instanceof NotPacked) throw new UnreadableEvent(seq, 'dess verifikationer är inte packade som de ska');
    throw error;
  }
}

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const [DATA, VOUCHERS] = [bytesOf('"data":{"import":"'), bytesOf(',"vouchers":{')];
const [AFTER, ENDING] = [bytesOf('}},"id":"'), bytesOf(`"type":"VouchersImported","v":${PACKED_SINCE}}`)];
/** What stands before and after the vouchers of a part is never longer. */
const AROUND = 8_192;

/** Where the packed vouchers lie in the head of an import's part; null in any other head. */
function partIn(head: Uint8Array): { readonly from: number; readonly to: number } | null {
  if (!isAt(head, head.length - ENDING.length, ENDING)) return null;
  const data = find(head, DATA, 0, 1);
  const vouchers = data < 0 ? -1 : find(head, VOUCHERS, data, 1);
  const after = vouchers < 0 ? -1 : find(head, AFTER, head.length - ENDING.length, -1);
  return after < vouchers ? null : { from: vouchers + VOUCHERS.length - 1, to: after + 1 };
}

/** The head with nothing in the place of the vouchers. */
function withoutPart(head: Uint8Array, { from, to }: { from: number; to: number }): Uint8Array {
  const rest = new Uint8Array(from + 1 + head.length - (to - 1));
  rest.set(head.subarray(0, from + 1));
  rest.set(head.subarray(to - 1), from + 1);
  return rest;
}

/** Where the bytes are, looking on or back from a place, not too far; −1 where they are not. */
function find(bytes: Uint8Array, what: Uint8Array, from: number, step: 1 | -1): number {
  for (let at = from, most = AROUND; at >= 0 && at < bytes.length && most > 0; at += step, most -= 1) if (isAt(bytes, at, what)) return at;
  return -1;
}

function isAt(bytes: Uint8Array, at: number, what: Uint8Array): boolean {
  for (let i = 0; i < what.length; i++) if (bytes[at + i] !== what[i]) return false;
  return true;
}

function parsed(seq: number, bytes: Uint8Array): Json {
  try {
    return JSON.parse(decoder.decode(bytes)) as Json;
  } catch {
    throw new UnreadableEvent(seq, 'innehållet är inte en händelse');
  }
}
