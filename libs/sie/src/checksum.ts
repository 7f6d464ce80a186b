/**
 * The control sum of a SIE file (#KSUMMA, spec 10): CRC-32 over labels and fields, without separators, enclosing quotation
 * marks and braces; of `\"` only the mark. The writer makes it and the reader verifies it.
 */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export class Checksum {
  #value = 0xffffffff;

  /** Adds one line, `bytes[from, to)`, without its line end. */
  add(bytes: Uint8Array, from = 0, to = bytes.length): void {
    let quoted = false;
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at]!;
      if (byte === 0x5c && bytes[at + 1] === 0x22 && at + 1 < to) this.#byte(bytes[(at += 1)]!);
      else if (byte === 0x22) quoted = !quoted;
      else if (quoted || !(byte === 32 || byte === 9 || byte === 13 || byte === 0x7b || byte === 0x7d)) this.#byte(byte);
    }
  }

  get value(): number {
    return (this.#value ^ 0xffffffff) >>> 0;
  }

  #byte(byte: number): void {
    this.#value = TABLE[(this.#value ^ byte) & 0xff]! ^ (this.#value >>> 8);
  }
}
