/**
 * Which imports this folder's process began, on a ledger that others write to as well: after a crash only those are abandoned, never one
 * that another machine has under way. Each leaves a file in `importing/` from before it opens until it is closed or abandoned.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Caller, LedgerCommands } from '#eventstore';
import type { ImportRequest, ImportResult } from '#imports';
import { AbandonImport, Refusal } from '#ledger';

export class OwnImports {
  readonly #noted: string;
  readonly #incoming: string;
  #underWay = 0;

  constructor(
    folder: string,
    private readonly commands: LedgerCommands,
  ) {
    this.#noted = join(folder, 'importing');
    this.#incoming = join(folder, 'incoming');
  }

  /** Abandons what an earlier run of this folder left open. Called once, when the ledger is opened. */
  async recover(caller: Caller): Promise<void> {
    mkdirSync(this.#noted, { recursive: true });
    rmSync(this.#incoming, { recursive: true, force: true });
    await this.#abandonLeft(caller);
  }

  /** Runs an import under an id that is noted, on a state that has taken in what others wrote. */
  async around(request: ImportRequest, run: (request: ImportRequest) => Promise<ImportResult>): Promise<ImportResult> {
    const { caller, dryRun = false } = request;
    if (this.#underWay === 0) await this.#abandonLeft(caller);
    await this.#catchUp(caller);
    if (dryRun) return run(request);
    const id = request.id ?? `i-${randomUUID().replaceAll('-', '').slice(0, 20)}`;
    writeFileSync(join(this.#noted, id), '');
    this.#underWay += 1;
    try {
      return await run({ ...request, id });
    } finally {
      this.#underWay -= 1;
      if (!(await this.#open()).includes(id)) rmSync(join(this.#noted, id), { force: true });
    }
  }

  async #abandonLeft(caller: Caller): Promise<void> {
    const left = readdirSync(this.#noted);
    if (left.length === 0) return;
    await this.#catchUp(caller);
    const open = await this.#open();
    for (const id of left) {
      if (open.includes(id))
        await this.commands
          .handle(new AbandonImport({ import: id, because: 'avbruten: programmet avslutades innan importen var klar' }), { caller })
          .catch((error: unknown) => {
            if (!(error instanceof Refusal && error.refusal === 'import-not-open')) throw error;
          });
      rmSync(join(this.#noted, id), { force: true });
    }
  }

  #open(): Promise<string[]> {
    return this.commands.look((ledger) => [...ledger.openImports.entries()].map(([, open]) => open.import));
  }

  /** Trying a command brings the rules' state up to what the store holds: a no must not rest on less. */
  async #catchUp(caller: Caller): Promise<void> {
    const trial = new AbandonImport({ import: 'none', because: 'prov' });
    await this.commands.handle(trial, { caller, dryRun: true }).catch((error: unknown) => {
      if (!(error instanceof Refusal && (error.refusal === 'import-not-open' || error.refusal === 'ledger-missing'))) throw error;
    });
  }
}
