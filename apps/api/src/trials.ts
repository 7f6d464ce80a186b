/** Settings of profiles that somebody is trying: kept in this process for an hour, and never stored. Asked by the doors of profiles and imports. */
import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { refuse, type ProfileSettings } from '#ledger';

const KEPT_MS = 60 * 60_000;
const KEPT_AT_MOST = 100;

@Injectable()
export class Trials {
  readonly #kept = new Map<string, { readonly settings: ProfileSettings; readonly untilMs: number }>();

  /** Keeps the settings. @returns what they are asked for by */
  keep(settings: ProfileSettings): string {
    const now = Date.now();
    for (const [trial, { untilMs }] of this.#kept) if (untilMs < now || this.#kept.size >= KEPT_AT_MOST) this.#kept.delete(trial);
    const trial = randomUUID();
    this.#kept.set(trial, { settings, untilMs: now + KEPT_MS });
    return trial;
  }

  /** The settings kept under that name · refuses `trial-unknown`. */
  of(trial: string): ProfileSettings {
    const kept = this.#kept.get(trial);
    return kept !== undefined && kept.untilMs >= Date.now() ? kept.settings : refuse('trial-unknown', { trial: trial.slice(0, 40) });
  }
}
