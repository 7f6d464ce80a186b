/** The bytes of a file on disk as sources want them, and what kind of file they are. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { FileBytes, FileFormat } from './source.js';

/** A megabyte's rows would outlive the young generation. */
export const CHUNK_BYTES = 128 * 1024;
/** Bytes that tell what a file is. */
export const HEAD_BYTES = 1_024;

/** @param progress called now and then with the bytes read since the last call */
export function fileBytes(path: string, progress: (bytes: number) => void = () => {}): FileBytes {
  return {
    path,
    *chunks({ from = 0, to = Infinity, silent = false } = {}) {
      const input = openSync(path, 'r');
      try {
        const chunk = Buffer.alloc(CHUNK_BYTES);
        for (let at = from, bytes; at < to; at += bytes) {
          bytes = readSync(input, chunk, 0, Math.min(CHUNK_BYTES, to - at), at);
          if (bytes === 0) return;
          yield chunk.subarray(0, bytes);
          if (!silent) progress(bytes);
        }
      } finally {
        closeSync(input);
      }
    },
  };
}

/** What the file is by its first bytes, whatever its name: `PK` is a zip (and an older Excel file, or one with a password, is told so by the same reader), `#` or markup goes to the reader of SIE (which says what it is), all else is CSV. */
export function formatOf(head: Uint8Array): FileFormat {
  if ((head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4) || (head[0] === 0xd0 && head[1] === 0xcf)) return 'xlsx';
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  while (at < head.length && head[at]! <= 32) at += 1;
  return head[at] === 0x23 || head[at] === 0x3c ? 'sie' : 'csv';
}

/** Whether the file holds nothing but white space. */
export function isBlank(file: FileBytes): boolean {
  for (const chunk of file.chunks()) if (chunk.some((byte) => byte > 32)) return false;
  return true;
}
