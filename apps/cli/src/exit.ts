/** How the CLI ends: its exit codes, and the errors that carry them. */
import type { Problem } from '../../api/src/problem.js';

export const EXIT = { ok: 0, refused: 1, usage: 2, notStored: 3, unknown: 4, internal: 5 } as const;

/** The invocation itself cannot be understood. */
export class WrongUsage extends Error {}

/** The ledger said no, or failed: a problem as the API answers it. */
export class Refused extends Error {
  /** @param advice what the user can do about it, said after what was wrong */
  constructor(
    readonly problem: Problem,
    readonly advice?: string,
  ) {
    super(problem.detail);
  }
}

/** A write was sent and no answer came. `key` is what to try again with. */
export class AnswerLost extends Error {
  constructor(readonly key: string) {
    super(`answer lost: ${key}`);
  }
}

/** The exit code of a problem. */
export function exitOf({ type, status }: Problem): number {
  if (type.endsWith(':ledger-held')) return EXIT.notStored;
  if (status === 400 || type.endsWith(':ledger-missing')) return EXIT.usage;
  if (type.endsWith(':result-unknown')) return EXIT.unknown;
  if (status === 503) return EXIT.notStored;
  return status >= 500 ? EXIT.internal : EXIT.refused;
}
