/**
 * One application process for trouble.spec.ts: four callers post costs to the ledger in a stream, and try again with the same key when told to.
 * Says each acknowledgement as `key seq slowest asked`: how long the slowest single answer took, and when the last one was asked for. Ends with its input.
 * Arguments: address, stream, its name.
 */
import { PostCost, Refusal } from '#ledger';
import { LedgerCommands } from '../../libs/eventstore/src/ledger-commands.js';
import { openKurrentStore } from '../../libs/eventstore/src/kurrentdb.js';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

const [address, stream, name] = process.argv.slice(2) as [string, string, string];
const CALLERS = 4;
const again = ['result-unknown', 'store-unavailable', 'too-many-writers', 'ledger-busy'];

let ended = false;
process.stdin.on('data', () => {}).on('end', () => (ended = true));
const opened = await (async () => {
  for (;;)
    try {
      return await LedgerCommands.open(openKurrentStore(address, stream), {
        stateFolder: null,
        clock: Date.now,
        random: randomBytes,
        program: 'posting-child',
      });
    } catch {
      await pause(200);
    }
})();
process.stdout.write('ready\n');

async function post(key: string): Promise<void> {
  const caller = { login: name, name, role: 'accountant' };
  const lines = [
    { account: '7550', amountOre: 100, unit: '614', grant: '9916' },
    { account: '2440', amountOre: -100, unit: '614' },
  ];
  const command = new PostCost({ eventDate: '2023-05-03', text: 'a cost', counterparty: 'A', document: 'd', lines });
  for (let slowest = 0; ; await pause(50)) {
    const asked = Date.now();
    try {
      const { seq } = await opened.handle(command, { caller, key });
      process.stdout.write(`${key} ${seq} ${Math.max(slowest, Date.now() - asked)} ${asked}\n`);
      return;
    } catch (error) {
      slowest = Math.max(slowest, Date.now() - asked);
      if (!(error instanceof Refusal && again.includes(error.refusal))) throw error;
      if (ended) return;
    }
  }
}

await Promise.all(
  Array.from({ length: CALLERS }, async (_, caller) => {
    for (let n = 0; !ended; n++) await post(`${name}-${caller}-${n}`);
  }),
);
await opened.close();
