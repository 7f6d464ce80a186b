/** The disk between reading and posting: parts of new vouchers, and the vouchers that take another's place, one by one. Written by a reader thread, read when the import is posted. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { canonicalBytes, type Json, type Reference } from '#ledger';
import { Parts, type Part } from './parts.js';
import type { Resolved } from './resolve.js';

/** Where a part lies: the spool, byte offset, bytes of vouchers, bytes of texts, vouchers that begin in it. */
export type PlacedPart = {
  readonly spool: string;
  readonly offset: number;
  readonly voucherBytes: number;
  readonly textBytes: number;
  readonly count: number;
};
/** Where a voucher lies that takes the place of `corrects`: JSON of its {@link Resolved}. */
export type PlacedChange = { readonly spool: string; readonly offset: number; readonly bytes: number; readonly corrects: Reference };

export class Spool {
  readonly parts: PlacedPart[] = [];
  readonly changes: PlacedChange[] = [];
  readonly #output: number;
  readonly #cutter = new Parts((part) => this.#keep(part));
  #offset = 0;

  constructor(private readonly path: string) {
    this.#output = openSync(path, 'w', 0o600);
  }

  add({ voucher, texts }: Resolved): void {
    this.#cutter.add(voucher, texts);
  }

  /** Keeps a voucher that takes another's place. */
  change(resolved: Resolved, corrects: Reference): void {
    const bytes = canonicalBytes(resolved as unknown as Json);
    this.changes.push({ spool: this.path, offset: this.#offset, bytes: bytes.length, corrects });
    this.#write(bytes);
  }

  /** Writes the last part. */
  end(): void {
    this.#cutter.end();
  }

  close(): void {
    closeSync(this.#output);
  }

  #keep({ vouchers, texts, count }: Part): void {
    const voucherBytes = vouchers.reduce((sum, piece) => sum + piece.length, 0);
    this.parts.push({ spool: this.path, offset: this.#offset, voucherBytes, textBytes: texts.length, count });
    for (const piece of vouchers) this.#write(piece);
    this.#write(texts);
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#output, bytes, done);
    this.#offset += bytes.length;
  }
}
