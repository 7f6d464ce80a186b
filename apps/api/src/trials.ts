/**
 * What is handed in for a while, to be used by a later request: the settings of a profile that is tried, a SIE file that a start is to be
 * tied to, control totals of a selection that is to be imported. Kept in this process for an hour and never stored. Asked by the doors of profiles, imports and start.
 */
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { refuse, type ControlTotal, type ProfileSettings } from '#ledger';

const KEPT_MS = 60 * 60_000;
const KEPT_AT_MOST = 100;

/** Things by the names they were given, the oldest dropped first. */
class Kept<T> {
  readonly #kept = new Map<string, { readonly thing: T; readonly untilMs: number }>();

  constructor(private readonly dropped: (thing: T) => void = () => {}) {}

  keep(thing: T): string {
    const now = Date.now();
    for (const [name, { untilMs }] of this.#kept) if (untilMs < now || this.#kept.size >= KEPT_AT_MOST) this.#drop(name);
    const name = randomUUID();
    this.#kept.set(name, { thing, untilMs: now + KEPT_MS });
    return name;
  }

  of(name: string): T {
    const kept = this.#kept.get(name);
    return kept !== undefined && kept.untilMs >= Date.now() ? kept.thing : refuse('trial-unknown', { trial: name.slice(0, 40) });
  }

  clear(): void {
    for (const name of this.#kept.keys()) this.#drop(name);
  }

  #drop(name: string): void {
    this.dropped(this.#kept.get(name)!.thing);
    this.#kept.delete(name);
  }
}

@Injectable()
export class Trials implements OnApplicationShutdown {
  readonly #settings = new Kept<ProfileSettings>();
  readonly #files = new Kept<string>((path) => rmSync(path, { force: true }));
  readonly #totals = new Kept<readonly ControlTotal[]>();
  #folder: string | null = null;

  /** Keeps the settings. @returns what they are asked for by */
  keep(settings: ProfileSettings): string {
    return this.#settings.keep(settings);
  }

  /** The settings kept under that name · refuses `trial-unknown`. */
  of(trial: string): ProfileSettings {
    return this.#settings.of(trial);
  }

  /** Keeps control totals. @returns what they are asked for by */
  keepTotals(totals: readonly ControlTotal[]): string {
    return this.#totals.keep(totals);
  }

  /** The totals kept under that name · refuses `trial-unknown`. */
  totalsOf(name: string): readonly ControlTotal[] {
    return this.#totals.of(name);
  }

  /** Keeps a file. @returns what it is asked for by */
  async keepFile(bytes: Readable): Promise<string> {
    const path = join((this.#folder ??= mkdtempSync(join(tmpdir(), 'liggaren-'))), randomUUID());
    const handle = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of bytes.iterator({ destroyOnReturn: false })) await handle.writeFile(chunk as Uint8Array);
    } finally {
      await handle.close();
    }
    return this.#files.keep(path);
  }

  /** The path of the file kept under that name · refuses `trial-unknown`. */
  fileOf(name: string): string {
    return this.#files.of(name);
  }

  onApplicationShutdown(): void {
    this.#files.clear();
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
  }
}
