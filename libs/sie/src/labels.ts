/** Labels that the reader meets a million times, known by their bytes. Used by reader.ts only. */
import type { SieAct } from './records.js';

export const ACTS: Readonly<Record<string, SieAct>> = { TRANS: 'posted', RTRANS: 'added', BTRANS: 'struck' };

/** Which of #TRANS, #RTRANS, #BTRANS the label is, written as the standard writes it. */
export function lineAct(bytes: Uint8Array, from: number, to: number): SieAct | null {
  const at = to - 5;
  const length = to - from;
  if (length !== 5 && length !== 6) return null;
  if (bytes[at] !== 0x54 || bytes[at + 1] !== 0x52 || bytes[at + 2] !== 0x41 || bytes[at + 3] !== 0x4e || bytes[at + 4] !== 0x53)
    return null;
  if (length === 5) return 'posted';
  return bytes[from] === 0x52 ? 'added' : bytes[from] === 0x42 ? 'struck' : null;
}

/** Whether the record is #KSUMMA itself, which is not summed. */
export function isControlSum(bytes: Uint8Array, from: number): boolean {
  return [0x4b, 0x53, 0x55, 0x4d, 0x4d, 0x41].every((byte, at) => bytes[from + 1 + at] === byte);
}
