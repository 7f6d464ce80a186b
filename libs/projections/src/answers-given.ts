/** A ledger whose read models can be asked after each act: what the specs of answers share. Only specs import it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Answers } from './answers.js';
import { GivenLedger } from './given.js';
import { Projector } from './projector.js';

export class AskedLedger {
  readonly #folder = mkdtempSync(join(tmpdir(), 'asked-'));

  private constructor(readonly given: GivenLedger) {}

  /** A region with units, and grants with these codes. */
  static async open(...grants: readonly string[]): Promise<AskedLedger> {
    const given = await GivenLedger.withUnits();
    for (const grant of grants) await given.grant(grant);
    return new AskedLedger(given);
  }

  /** What is answered once everything so far has been projected. */
  async answers<T>(ask: (answers: Answers) => T): Promise<T> {
    const file = join(this.#folder, 'models.sqlite');
    const projector = new Projector(this.given.store, file);
    await projector.open();
    await projector.advance();
    projector.close();
    const open = new Answers(file);
    try {
      return ask(open);
    } finally {
      open.close();
    }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
