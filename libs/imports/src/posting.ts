/**
 * A file that was read, into the log: the parts of its new vouchers, the vouchers that take another's place, its findings, and the
 * close. Each command has a key of its own, so that what was stored already is never stored again. Called by file-import.ts.
 */
import { open, type FileHandle } from 'node:fs/promises';
import {
  CloseImport,
  CorrectImported,
  ImportVouchers,
  RecordFindings,
  referenceText,
  unfinishedCorrections,
  Verbatim,
  type Finding,
  type ImportOpened,
} from '#ledger';
import type { Caller, LedgerCommands } from '#eventstore';
import { asNewOf } from './as-new.js';
import type { FileRead } from './read-file.js';
import type { Resolved } from './resolve.js';

/** Parts on their way to the log at a time, more than one append takes, so that the next is full too; posts by hand get in between. */
const IN_FLIGHT = 6;
/** Corrections on their way at a time: each is small, and many share an append. */
const CORRECTIONS_IN_FLIGHT = 50;
/** Findings in one event. */
const FINDINGS_A_PART = 500;

/** What the log is told of an import as it opens; what is nothing is left out. */
export function openingOf(
  read: FileRead,
  about: Omit<ImportOpened['data'], 'counts' | 'vouchers' | 'periods' | 'grants' | 'decisions' | 'units'>,
): ImportOpened['data'] {
  const { counts, vouchers, corrections, periods, grants, decisions, units } = read.gathered;
  const { ignored, leftOut, ...always } = counts;
  const { debitOre, creditOre, ...omitted } = read.leftOut;
  const sorted = (set: ReadonlySet<string>) => [...set].sort();
  return {
    ...about,
    counts: { ...always, ...(ignored > 0 && { ignored }), ...(leftOut > 0 && { leftOut }) },
    vouchers,
    ...(corrections > 0 && { corrections }),
    ...(omitted.vouchers + omitted.rows > 0 && { leftOut: { ...omitted, debitOre: String(debitOre), creditOre: String(-creditOre) } }),
    ...(read.kept && { keptSha256: read.kept.sha256 }),
    ...(read.asNew.length > 0 && { asNew: asNewOf(read.asNew, about) }),
    periods: sorted(periods),
    grants: sorted(grants),
    decisions: sorted(decisions),
    units: sorted(units),
  };
}

/** Posts an import that is open, and closes it. @param progress told of the vouchers so far, corrected ones included */
export class Posting {
  #done = 0;

  constructor(
    private readonly id: string,
    private readonly read: FileRead,
    private readonly commands: LedgerCommands,
    private readonly options: { readonly caller: Caller; readonly source: string },
    private readonly progress: (done: number) => void,
  ) {}

  async post(name: string): Promise<void> {
    const spools = new Map<string, FileHandle>();
    try {
      for (const { spool } of [...this.read.parts, ...this.read.changes]) if (!spools.has(spool)) spools.set(spool, await open(spool, 'r'));
      await this.#parts(spools);
      await this.#changes(spools, name);
    } finally {
      for (const handle of spools.values()) await handle.close();
    }
    const { findings } = this.read;
    for (let from = 0; from < findings.length; from += FINDINGS_A_PART)
      await this.#record(findings.slice(from, from + FINDINGS_A_PART), from);
    await this.commands.handle(new CloseImport({ import: this.id }), { ...this.options, key: `${this.id}-close` });
  }

  #record(findings: readonly Finding[], from: number): Promise<unknown> {
    return this.commands.handle(new RecordFindings({ import: this.id, findings }), { ...this.options, key: `${this.id}-findings-${from}` });
  }

  async #parts(spools: ReadonlyMap<string, FileHandle>): Promise<void> {
    const flying = new Flying(IN_FLIGHT);
    const memory = Array.from({ length: IN_FLIGHT + 1 }, () => Buffer.alloc(0)); // used again, part after part
    for (const [part, { spool, offset, voucherBytes, textBytes, count }] of this.read.parts.entries()) {
      const room = part % memory.length;
      if (memory[room]!.length < voucherBytes + textBytes) memory[room] = Buffer.allocUnsafe(voucherBytes + textBytes + 4_096);
      const bytes = memory[room]!.subarray(0, voucherBytes + textBytes);
      await spools.get(spool)!.read(bytes, 0, bytes.length, offset);
      const [vouchers, texts] = [new Verbatim(bytes.subarray(0, voucherBytes)), new Verbatim(bytes.subarray(voucherBytes))];
      const command = new ImportVouchers({ import: this.id, part, vouchers, texts });
      await flying.take(() => this.commands.handle(command, { ...this.options, key: `${this.id}-part-${part}` }));
      this.progress((this.#done += count));
    }
    await flying.land();
  }

  /** Each change in its first part, many at a time; then what is left of those that are too large for one. */
  async #changes(spools: ReadonlyMap<string, FileHandle>, name: string): Promise<void> {
    const flying = new Flying(CORRECTIONS_IN_FLIGHT);
    const correct = async (change: number, part: number) => {
      const { spool, offset, bytes, corrects } = this.read.changes[change]!;
      const replacement = await resolvedAt(spools.get(spool)!, offset, bytes);
      const command = new CorrectImported({ import: this.id, corrects, replacement, reason: reasonOf(name), ...(part > 0 && { part }) });
      await flying.take(() => this.commands.handle(command, { ...this.options, key: `${this.id}-change-${change}-${part}` }));
    };
    for (const change of this.read.changes.keys()) {
      await correct(change, 0);
      this.progress((this.#done += 1));
    }
    await flying.land();
    for (let left; (left = await this.commands.look((ledger) => unfinishedCorrections(this.id, ledger))).length > 0; await flying.land())
      for (const { corrects, part } of left) {
        const of = referenceText(corrects);
        await correct(
          this.read.changes.findIndex((change) => referenceText(change.corrects) === of),
          part,
        );
      }
  }
}

/** What stands as the reason of a correction that a file brings. */
export const reasonOf = (file: string): string => `ändrad i filen ${file}`.slice(0, 1_000);

export async function resolvedAt(spool: FileHandle, offset: number, bytes: number): Promise<Resolved> {
  const buffer = Buffer.alloc(bytes);
  await spool.read(buffer, 0, bytes, offset);
  return JSON.parse(buffer.toString('utf8')) as Resolved;
}

/** So many commands on their way at a time, in order. */
class Flying {
  readonly #flying: Promise<unknown>[] = [];

  constructor(private readonly most: number) {}

  async take(start: () => Promise<unknown>): Promise<void> {
    if (this.#flying.length >= this.most) await this.#flying.shift();
    const one = start();
    one.catch(() => undefined); // awaited here or in `land`; a second one that fails must not go unheard by Node
    this.#flying.push(one);
  }

  async land(): Promise<void> {
    await Promise.all(this.#flying);
  }
}
