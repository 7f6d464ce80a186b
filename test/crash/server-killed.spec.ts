/**
 * kill -9 of the real server while 200 posts come in over HTTP: whatever it answered is there under its key, no voucher is there by half,
 * and its reports are those of a replay. A few rounds here; LIGGARE_CRASH_ROUNDS=50 for a long look.
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { server } from '../../apps/cli/src/testing.js';
import { differingAnswer, LedgerFolder } from '../../libs/cqrs/src/index.js';
import { referenceText, vouchersOf } from '../../libs/ledger/src/index.js';
import { Answers, catchUp } from '../../libs/projections/src/index.js';
import { founding, reopened } from './ledger.js';

const ROUNDS = Number(process.env['LIGGARE_CRASH_ROUNDS'] ?? 4);
const [POSTS, CONNECTIONS, REPEATED] = [200, 16, 20];

type Post = { readonly key: string; readonly body: string };
type Answered = Post & { readonly seq: number; readonly voucher: string };

const postOf = (round: number, number: number): Post => ({
  key: `http-${round}-${number}`,
  body: JSON.stringify({
    eventDate: '2023-03-20',
    text: `Konsult ${round}.${number}`,
    counterparty: 'Part',
    document: 'F-1',
    lines: [
      { account: '7550', amount: `${1 + number}.00`, unit: '614', grant: '9916' },
      { account: '2440', amount: `-${1 + number}.00`, unit: '614' },
    ],
  }),
});

/** What the server answered; null where it was killed before it did. */
async function send(address: string, { key, body }: Post) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  try {
    const answer = await fetch(`${address}/vouchers/costs`, { method: 'POST', headers, body });
    const { seq, vouchers, repeated } = (await answer.json()) as { seq: number; vouchers: [string]; repeated: boolean };
    return { status: answer.status, seq, voucher: vouchers[0], repeated };
  } catch {
    return null;
  }
}

/** Posts from all connections until all are sent or the server is gone; kills it after so many answers, and a moment. */
async function killedAmid(folder: string, round: number, earlier: readonly Answered[]): Promise<{ answered: Answered[]; sent: number }> {
  const serving = await server(['serve', '--port', '0', '--ledger', folder]);
  for (const { key, body, seq, voucher } of earlier.slice(-REPEATED))
    expect(await send(serving.address, { key, body })).toEqual({ status: 200, seq, voucher, repeated: true });

  const answered: Answered[] = [];
  const after = Math.floor(((round * 37) % POSTS) * 0.9);
  let [sent, killed] = [0, false];
  const kill = () => {
    if (killed) return;
    killed = true;
    setTimeout(() => process.kill(serving.pid, 'SIGKILL'), (round * 7) % 5);
  };
  const connection = async () => {
    while (sent < POSTS) {
      const post = postOf(round, sent++);
      const answer = await send(serving.address, post);
      if (!answer) return;
      expect([answer.status, answer.repeated]).toEqual([201, false]);
      answered.push({ ...post, seq: answer.seq, voucher: answer.voucher });
      if (answered.length > after) kill();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  kill();
  await serving.ended;
  return { answered, sent };
}

describe('a server that is killed with -9 while it takes posts', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  let earlier: Answered[] = [];
  const seen = { answered: 0, unanswered: 0 };

  it.each(Array.from({ length: ROUNDS }, (_, round) => round))(
    'has lost nothing that it answered, and reports what a replay reports (round %i)',
    async (round) => {
      if (round % 5 === 0) {
        earlier = [];
        folders.push(mkdtempSync(join(tmpdir(), 'liggaren-server-killed-')));
        await founding(folders.at(-1)!);
      }
      const folder = folders.at(-1)!;
      const { answered, sent } = await killedAmid(folder, round, earlier);
      earlier.push(...answered);
      seen.answered += answered.length;
      seen.unanswered += sent - answered.length;

      const { commands, events } = await reopened(folder);
      await commands.close();
      for (const { seq, key, voucher } of earlier) {
        const { head, event } = events[seq]!;
        expect([head.command, event.type]).toEqual([key, 'CostPosted']);
        expect(vouchersOf(event).map(({ ref }) => referenceText(ref))).toEqual([voucher]);
      }
      await reportsOfAReplay(folder, events.length - 1);
    },
    120_000,
  );

  it('was killed amid posts', () => {
    expect(seen.answered).toBeGreaterThan(ROUNDS * 20);
    expect(seen.unanswered).toBeGreaterThan(ROUNDS);
  });
});

/** Every answer of the read models as the killed server left them, brought up to date, beside that of models made anew. */
async function reportsOfAReplay(folder: string, last: number): Promise<void> {
  const ledger = await LedgerFolder.open({ folder });
  const anew = mkdtempSync(join(tmpdir(), 'liggaren-replay-'));
  try {
    await ledger.reach(last, 'lines', 30_000);
    const file = join(anew, 'models.sqlite');
    expect(await catchUp({ kind: 'sqlite', folder }, file)).toEqual({ figures: last, lines: last });
    const replayed = new Answers(file);
    expect(differingAnswer(ledger.answers, replayed)).toMatchObject({ question: null });
    replayed.close();
  } finally {
    await ledger.close();
    rmSync(anew, { recursive: true });
  }
}
