/**
 * The real server over a ledger's folder, in a process of its own. Two knobs that exist in the bench only: `oneByOne` hands
 * handle-command the next command when the one before is answered, so that every post has an append of its own (group append off,
 * everything else the same); `syncMs` makes every append take that much longer, as on a disk whose sync is slow.
 */
import 'reflect-metadata';
import { LedgerCommands } from '#eventstore';
import { LedgerFolder } from '#cqrs';
import { listen, openApp } from '../../apps/api/src/app.js';
import { slowerSync } from './disk.js';
import { threadMs } from './measure.js';
import { CALLER } from './region.js';

export type ServerOptions = { readonly folder: string; readonly oneByOne?: boolean; readonly syncMs?: number };
export type Ready = { readonly port: number; readonly openedMs: number };

const { folder, oneByOne = false, syncMs = 0 } = JSON.parse(process.argv[2]!) as ServerOptions;
if (oneByOne) {
  const { handle } = LedgerCommands.prototype;
  let before: Promise<unknown> = Promise.resolve();
  LedgerCommands.prototype.handle = function (this: LedgerCommands, ...asked) {
    const answer = before.then(() => handle.apply(this, asked));
    before = answer.catch(() => undefined);
    return answer;
  };
}
if (syncMs) await slowerSync(syncMs);
const started = performance.now();
const app = await openApp({ folder, caller: CALLER, report: (what) => process.stderr.write(`${what}\n`) });
const port = Number(new URL(await listen(app, { port: 0 })).port);
process.send!({ port, openedMs: performance.now() - started } satisfies Ready);
process.on('message', (asked) => {
  const { commands, projection } = app.get(LedgerFolder);
  if (asked === 'cpu') process.send!(threadMs());
  else if (asked === 'stop') void app.close().then(() => process.exit());
  else void projection.waitFor(commands.seq, 900_000, asked as 'figures' | 'lines').then(() => process.send!(asked));
});
