/**
 * How much a zip file says that it unpacks to, read from its directory before anything is unpacked: a workbook of some kilobytes can
 * unpack to gigabytes. The library that unpacks holds each part to what the directory says of it.
 */

const [END, ENTRY] = [0x06054b50, 0x02014b50];
const END_BYTES = 22;
const COMMENT_BYTES = 0xffff;
/** A directory says this where the size stands in the 64-bit field, which no workbook within our bound needs. */
const ELSEWHERE = 0xffffffff;

/** Bytes of all parts unpacked; Infinity where the directory does not say so of each; null where the bytes are no zip file. */
export function unpackedBytes(zip: Uint8Array): number | null {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  let end = zip.length - END_BYTES;
  for (const last = end - COMMENT_BYTES; end >= 0 && end >= last && view.getUint32(end, true) !== END;) end -= 1;
  if (end < 0 || view.getUint32(end, true) !== END) return null;
  let at = view.getUint32(end + 16, true);
  let bytes = 0;
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    if (at + 46 > zip.length || view.getUint32(at, true) !== ENTRY) return null;
    const [packed, unpacked] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    if (unpacked === ELSEWHERE || (unpacked === 0 && packed > 2)) return Infinity;
    bytes += unpacked;
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return bytes;
}
