/** Where a line of a SIE file ends, and the bytes that say nothing at its ends. The reader and the cutting down of a file count lines by it. */
const [NUL, TAB, LF, CR, SUBSTITUTE, SPACE, HASH, OPEN, CLOSE] = [0, 9, 10, 13, 26, 32, 0x23, 0x7b, 0x7d];

/**
 * Whether a line ends with that byte (5.5). In a file of LF a CR alone does too, where a record or a brace begins right after it: line ends
 * that change midway would hide what follows.
 */
export const endsLine = (bytes: Uint8Array, at: number, carriageReturns: boolean): boolean => {
  const byte = bytes[at];
  if (byte !== CR || carriageReturns) return byte === (carriageReturns ? CR : LF);
  const next = bytes[at + 1];
  return next === HASH || next === OPEN || next === CLOSE;
};

export const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB || byte === CR;

/** What DOS ended its files with. */
export const isFiller = (byte: number): boolean => byte === SUBSTITUTE || byte === NUL;
