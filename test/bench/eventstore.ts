/**
 * The event store server: appends, batches, reading, cold rebuild and memory, each next to the bare client library in the same run,
 * alternating. LIGGARE_TEST_EVENTSTORE names the server (one node on this machine is what the targets are meant for).
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerCommands, MemoryStore, openReader, openStore, type EventReader, type EventStore, type StoredRecord } from '#eventstore';
import { Projector } from '#projections';
import { newStream, testServer } from '../eventstore/servers.js';
import { BareClient } from './bare-client.js';
import { readThrough, type ReadDone, type ReadOptions } from './eventstore-reading.js';
import { alternate, Child, mb, median, perSecond, s, type Report, type Verdict } from './measure.js';
import { CALLER, openRegion, postCommand } from './region.js';

const [RUNS, RUN_MS, REBUILT, LARGE, AT_LEAST] = [3, 1_200, 30_000, 1_000_000, 200_000];
const CALLERS = [1, 8, 64, 500];
/** What is waited for together goes into one append, as handle-command does it. */
type Put = (records: readonly StoredRecord[]) => Promise<unknown>;

/** @param folder for temporary files @returns the reason, where no server is at hand */
export async function eventStore(folder: string): Promise<Report | string> {
  const { address, unavailable, remove } = await testServer();
  if (address === null) return `No event store server was measured: ${unavailable}.`;
  const bare = new BareClient(address);
  try {
    const made = await Made.open(address, bare);
    const appends = await comparedAppends(address, bare, made).finally(() => made.close());
    const rebuilt = await comparedRebuild(address, folder, bare);
    const large = await comparedMemory(address, made.records);
    const share = (ours: number, theirs: number) => `${Math.round((100 * ours) / theirs)} %`;
    const least = (what: string, ours: number, theirs: number): Verdict => {
      return { what, measured: share(ours, theirs), target: '≥ 80 % of the bare client', met: ours >= 0.8 * theirs };
    };
    const [smallest, largest] = [large[0]!, large.at(-1)!];
    const head = (...cells: string[]) => cells.map((cell) => `**${cell}**`);
    return {
      title: 'Event store server',
      how: `Posts of ${made.bytes} (head + annex), one ledger in one stream, medians of ${RUNS} alternating runs of ${RUN_MS / 1000} s. So many callers wait for their own append before the next; what waits goes into one append. "handle-command" decides, folds and appends; "on bare" is the very same handle-command with nothing but the client beneath it (no pads, nothing settled), so that both make the records that they store; "no server" is the same on a store in memory, so all that deciding allows; "store" is the adapter with records already made, pads written besides; the bare client appends as many events of the same bytes, already made and without pads, and once more the heads only. Rebuild: ${REBUILT} posts into new read models, through the adapter, and with the bare client's reader (annexes plain, so no pads) under the same projector. Reading: each in a process of its own; a small ledger is read again until ${AT_LEAST} events have come, so that its process, too, has taken what memory it takes for work.`,
      table: [
        ['appends, events/s', 'handle-command', 'on bare', 'to on bare', 'no server', 'store', 'bare', 'bare, heads only', 'store to bare'],
        ...appends.map(({ callers, handle, onBare, memory, store, same, heads }) => [
          callers === 1 ? '1 caller' : callers === 500 ? '500 callers, batches' : `${callers} callers`,
          ...[handle, onBare].map(perSecond),
          share(handle, onBare),
          ...[memory, store, same, heads].map(perSecond),
          share(store, same),
        ]),
        head('rebuild', 'adapter', 'bare reader', 'adapter to bare', 'reading alone', 'bare, reading alone', 'to bare'),
        [
          `${REBUILT} posts`,
          ...[rebuilt.ours, rebuilt.bare].map((ms) => s(ms)),
          share(rebuilt.bare, rebuilt.ours),
          ...[rebuilt.oursRead, rebuilt.bareRead].map((ms) => perSecond((1000 * rebuilt.events) / ms)),
          share(rebuilt.bareRead, rebuilt.oursRead),
        ],
        head('reading, events', 'adapter', 'bare', 'to bare', 'max RSS', 'bare, max RSS', ''),
        ...large.map(({ events, ours, bare, oursBytes, bareBytes }) => [
          String(events),
          ...[ours, bare].map((ms) => perSecond((1000 * events) / ms)),
          share(bare, ours),
          mb(oursBytes),
          mb(bareBytes),
        ]),
      ],
      verdicts: [
        ...appends.map(({ callers, store, same }) => least(`store, ${callers} callers`, store, same)),
        ...appends.map(({ callers, handle, onBare }) => ({
          ...least(`handle-command, ${callers} callers`, handle, onBare),
          target: '≥ 80 % of the same on the bare client',
        })),
        ...appends.map(({ callers, handle, same }) => least(`handle-command, ${callers} callers, to records made before`, handle, same)),
        least('rebuild', rebuilt.bare, rebuilt.ours),
        least(`reading ${LARGE}`, largest.bare, largest.ours),
        {
          what: `memory of reading ${largest.events} to that of ${smallest.events}`,
          measured: `${mb(smallest.oursBytes)} to ${mb(largest.oursBytes)}`,
          target: 'flat: at most 64 MB more',
          met: largest.oursBytes - smallest.oursBytes <= 64e6,
        },
      ],
    };
  } finally {
    await bare.close();
    await remove();
  }
}

const open = (store: EventStore): Promise<LedgerCommands> =>
  LedgerCommands.open(store, { stateFolder: null, clock: Date.now, random: randomBytes, program: 'bench' });

/** A ledger of posts on the server and the same handling in memory, with the records that it came to. */
class Made {
  #next = 0;

  private constructor(
    readonly commands: LedgerCommands,
    readonly onBare: LedgerCommands,
    readonly memory: LedgerCommands,
    readonly records: readonly StoredRecord[],
  ) {}

  static async open(address: string, bare: BareClient): Promise<Made> {
    const store = openStore({ kind: 'kurrentdb', address, stream: newStream() });
    const [commands, onBare, memory] = [await open(store), await open(bare.store(newStream())), await open(new MemoryStore())];
    for (const one of [commands, onBare, memory]) await openRegion(one);
    const from = commands.seq + 1;
    await Promise.all(Array.from({ length: 500 }, (_, n) => commands.handle(postCommand(n), { caller: CALLER })));
    const made = new Made(commands, onBare, memory, await store.read(from, { records: 500, bytes: Infinity }));
    made.#next = 500;
    return made;
  }

  async close(): Promise<void> {
    await this.commands.close();
    await this.onBare.close();
    await this.memory.close();
  }

  get bytes(): string {
    const { head, annex } = this.records[0]!;
    return `${head.length} + ${annex!.length} bytes`;
  }

  post(commands: LedgerCommands): Promise<unknown> {
    return commands.handle(postCommand(this.#next++), { caller: CALLER });
  }
}

type Appends = { readonly callers: number } & Readonly<Record<'handle' | 'onBare' | 'memory' | 'store' | 'same' | 'heads', number>>;

async function comparedAppends(address: string, bare: BareClient, made: Made): Promise<Appends[]> {
  const rate = async (callers: number, post: () => Promise<unknown>, runMs: number): Promise<number> => {
    let [done, over] = [0, false];
    setTimeout(() => (over = true), runMs);
    const started = performance.now();
    await Promise.all(
      Array.from({ length: callers }, async () => {
        while (!over) {
          await post();
          done += 1;
        }
      }),
    );
    return (1000 * done) / (performance.now() - started);
  };
  const grouped = async (callers: number, put: Put, runMs: number) => {
    await put(made.records.slice(0, 1));
    return rate(callers, groups(put, made.records), runMs);
  };
  const ours = async (callers: number, runMs: number) => {
    const store = openStore({ kind: 'kurrentdb', address, stream: newStream() });
    let next = 0;
    const taken = await grouped(callers, async (records) => (next = (await store.append(next, records)).last + 1), runMs);
    await store.close();
    return taken;
  };
  const contestants = (callers: number, runMs: number) => ({
    handle: () => rate(callers, () => made.post(made.commands), runMs),
    onBare: () => rate(callers, () => made.post(made.onBare), runMs),
    memory: () => rate(callers, () => made.post(made.memory), runMs),
    store: () => ours(callers, runMs),
    same: () => grouped(callers, bare.appender(newStream(), true), runMs),
    heads: () => grouped(callers, bare.appender(newStream(), false), runMs),
  });
  await alternate(1, contestants(64, 500));
  const results: Appends[] = [];
  for (const callers of CALLERS) {
    const runs = await alternate(RUNS, contestants(callers, RUN_MS));
    const of = (name: string) => median(runs[name]!);
    const [store, memory, same] = [of('store'), of('memory'), of('same')];
    results.push({ callers, handle: of('handle'), onBare: of('onBare'), memory, store, same, heads: of('heads') });
  }
  return results;
}

/** Group append without anything to decide. @returns posts the next record; resolves when it is durable */
function groups(put: Put, records: readonly StoredRecord[]): () => Promise<void> {
  const waiting: (() => void)[] = [];
  let working = false;
  const work = async () => {
    while (waiting.length) {
      const together = waiting.splice(0, records.length);
      await put(records.slice(0, together.length));
      for (const resolve of together) resolve();
      await new Promise((next) => setImmediate(next));
    }
    working = false;
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (working) return;
      working = true;
      setImmediate(() => void work());
    });
}

/** Milliseconds of a rebuild of all answers, and of reading alone. */
async function comparedRebuild(address: string, folder: string, bare: BareClient) {
  const [stream, plain] = [newStream(), newStream()];
  const commands = await open(openStore({ kind: 'kurrentdb', address, stream }));
  await openRegion(commands);
  for (let n = 0; n < REBUILT; n += 500)
    await Promise.all(Array.from({ length: 500 }, (_, i) => commands.handle(postCommand(n + i), { caller: CALLER })));
  const events = commands.seq + 1;
  await commands.close();
  const reader = openReader({ kind: 'kurrentdb', address, stream });
  const put = bare.appender(plain, true);
  for (let next = 0; next < events;) {
    const part = await reader.read(next, { records: 500, bytes: 512 * 1024 });
    await put(part);
    next += part.length;
  }
  const taken = async (call: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await call();
    return performance.now() - started;
  };
  const rebuild = (of: EventReader) => async () => {
    const projector = new Projector(of, join(mkdtempSync(join(folder, 'rebuilt-')), 'read-models.sqlite'));
    await projector.open();
    await projector.advance();
    projector.close();
  };
  const bareReader = bare.reader(plain);
  const runs = await alternate(RUNS, {
    ours: () => taken(rebuild(reader)),
    bare: () => taken(rebuild(bareReader)),
    oursRead: () => taken(() => readThrough(reader, events)),
    bareRead: () => taken(() => bare.readThrough(stream, events)),
  });
  await reader.close();
  const of = (name: string) => median(runs[name]!);
  return { events, ours: of('ours'), bare: of('bare'), oursRead: of('oursRead'), bareRead: of('bareRead') };
}

/** Reading a ledger's beginning, each time in a new process: milliseconds, and the most memory that it had. */
async function comparedMemory(address: string, records: readonly StoredRecord[]) {
  const stream = newStream();
  const store = openStore({ kind: 'kurrentdb', address, stream });
  for (let next = 0; next < LARGE;) next = (await store.append(next, records.slice(0, LARGE - next))).last + 1;
  await store.close();
  const child = async (events: number, bare: boolean): Promise<{ readonly ms: number; readonly bytes: number }> => {
    const rounds = Math.max(1, AT_LEAST / events);
    const reading = new Child('eventstore-read-child.js', { address, stream, events, bare, rounds } satisfies ReadOptions);
    const { ms } = await reading.next<ReadDone>();
    const { most } = reading.memory;
    await reading.stop();
    return { ms: ms / rounds, bytes: most };
  };
  const results = [];
  for (const events of [LARGE / 100, LARGE / 10, LARGE]) {
    const [ours, bare] = [await child(events, false), await child(events, true)];
    results.push({ events, ours: ours.ms, bare: bare.ms, oursBytes: ours.bytes, bareBytes: bare.bytes });
  }
  return results;
}
