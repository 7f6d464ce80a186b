/** One writer at a time: handle-command post after post, against bare appends of the very same bytes with the same pragmas. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { randomFromPool } from '#cqrs';
import { LedgerCommands, openSqliteStore, type StoredRecord } from '#eventstore';
import { block, openRaw, slowerSync } from './disk.js';
import { alternate, median, ms, perSecond, type Report } from './measure.js';
import { CALLER, makeLedger, postCommand } from './region.js';

const [RUNS, POSTS] = [7, 2_000];

/** @param folder for temporary files */
export async function writer(folder: string): Promise<Report> {
  const here = await compare(folder, POSTS);
  await slowerSync(2);
  const slow = await compare(folder, 200, 2);
  const row = (what: string, { ours, raw, decided }: Compared) => [
    what,
    perSecond(1000 / ours),
    perSecond(1000 / raw),
    `${((100 * raw) / ours).toFixed(0)} %`,
    ms(decided),
  ];
  const share = here.raw / here.ours;
  return {
    title: 'One writer at a time',
    how: `handle(PostCost) awaited ${POSTS} times, and a better-sqlite3 insert of the same records; medians of ${RUNS} alternating runs. "Deciding" is the same posts as dry runs: everything but the fold and the append. The second row is as on a disk whose sync takes 2 ms more.`,
    table: [['', 'handle-command', 'raw append', 'share', 'deciding, each'], row('this disk', here), row('a sync 2 ms slower', slow)],
    verdicts: [{ what: 'share of raw appends', measured: `${(100 * share).toFixed(0)} %`, target: '≥ 80 %', met: share >= 0.8 }],
  };
}

/** Milliseconds a post. */
type Compared = { readonly ours: number; readonly raw: number; readonly decided: number };

async function compare(folder: string, posts: number, syncMs = 0): Promise<Compared> {
  const ledger = mkdtempSync(join(folder, 'writer-'));
  await makeLedger(ledger);
  const store = openSqliteStore(ledger);
  const commands = await LedgerCommands.open(store, { stateFolder: null, clock: Date.now, random: randomFromPool(), program: 'bench' });
  const append = openRaw(join(ledger, 'raw.sqlite'));
  let [n, stored] = [0, [] as readonly StoredRecord[]];
  const each = (started: number) => (performance.now() - started) / posts;
  const post = async (dryRun: boolean) => {
    const asked = Array.from({ length: posts }, () => postCommand(n++)); // the caller's work, as the raw peer's records are
    const [started, from] = [performance.now(), commands.seq + 1];
    for (const command of asked) await commands.handle(command, { caller: CALLER, dryRun });
    const taken = each(started);
    if (!dryRun) stored = await store.read(from, { records: posts, bytes: Infinity });
    return taken;
  };
  await post(false);
  const runs = await alternate(RUNS, {
    ours: () => post(false),
    raw: () => {
      const started = performance.now();
      for (const record of stored) {
        block(syncMs);
        append([record]);
      }
      return each(started);
    },
    decided: () => post(true),
  });
  await commands.close();
  return { ours: median(runs['ours']!), raw: median(runs['raw']!), decided: median(runs['decided']!) };
}
