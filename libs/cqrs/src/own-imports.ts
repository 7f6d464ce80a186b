/**
 * Which imports this folder's process began, on a ledger that others write to as well: after a crash only those are resumed, never one
 * that another machine has under way. Each leaves a file in `importing/` from before it opens until it is closed or abandoned.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Caller, LedgerCommands } from '#eventstore';
import type { ImportRequest, ImportResult } from '#imports';
import { AbandonImport, Refusal } from '#ledger';

export class OwnImports {
  readonly #noted: string;
  #underWay = 0;

  constructor(
    folder: string,
    private readonly commands: LedgerCommands,
  ) {
    this.#noted = join(folder, 'importing');
    mkdirSync(this.#noted, { recursive: true });
  }

  /** Whether the import was begun in this folder. */
  readonly has = (id: string): boolean => /^[\w-]+$/.test(id) && existsSync(join(this.#noted, id));

  /** Runs an import under an id that is noted, on a state that has taken in what others wrote. */
  async around(request: ImportRequest, run: (request: ImportRequest) => Promise<ImportResult>): Promise<ImportResult> {
    if (request.dryRun) {
      await this.#catchUp(request.caller);
      return run(request);
    }
    const id = request.id ?? `i-${randomUUID().replaceAll('-', '').slice(0, 20)}`;
    return this.amid(request.caller, () => {
      writeFileSync(join(this.#noted, id), '');
      return run({ ...request, id });
    });
  }

  /** Does what imports of this folder may come of, on a state that has taken in what others wrote, and forgets those that are open no more. */
  async amid<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
    await this.#catchUp(caller);
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) await this.#forget();
    }
  }

  async #forget(): Promise<void> {
    const open = await this.commands.look((ledger) => [...ledger.openImports.entries()].map(([, one]) => one.import));
    if (this.#underWay > 0) return; // one that is noted and not open yet must not be forgotten
    for (const id of readdirSync(this.#noted)) if (!open.includes(id)) rmSync(join(this.#noted, id), { force: true });
  }

  /** Trying a command brings the rules' state up to what the store holds: a no must not rest on less. */
  async #catchUp(caller: Caller): Promise<void> {
    const trial = new AbandonImport({ import: 'none', because: 'prov' });
    await this.commands.handle(trial, { caller, dryRun: true }).catch((error: unknown) => {
      if (!(error instanceof Refusal && (error.refusal === 'import-not-open' || error.refusal === 'ledger-missing'))) throw error;
    });
  }
}
