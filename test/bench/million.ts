/**
 * A ledger of a million vouchers: its import over HTTP while people post and ask, what it takes to open it again, and how long its
 * answers take. The ledger is made once and serves all three.
 */
import { createReadStream, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { ImportOptions, ImportTimes } from './import-child.js';
import type { LoadDone, LoadOptions } from './load-child.js';
import { Child, mb, median, ms, percentile, program, s, sorted, times, type Report, type Verdict } from './measure.js';
import { makeLedger, writeCsv, writeJournal, YEAR } from './region.js';
import type { Ready, ServerOptions } from './server-child.js';

const [COUNT, TENTH] = [1_000_000, 100_000];
const NET = ['/reports/net', `/reports/net?scope=RS&year=${YEAR}`];
const below = (what: string, value: number, limit: number, said = ms): Verdict => ({
  what,
  measured: said(value),
  target: `< ${said(limit)}`,
  met: value < limit,
});

export class Million {
  #made: Promise<Report> | null = null;
  readonly #ledger: string;

  /** @param folder for temporary files */
  constructor(private readonly folder: string) {
    this.#ledger = join(folder, 'million');
  }

  /** Imported while posts and queries go on. */
  import(): Promise<Report> {
    return (this.#made ??= this.#import());
  }

  async #import(): Promise<Report> {
    const csv = join(this.folder, 'million.csv');
    const tenth = await this.#alone(csv, TENTH);
    const quiet = await this.#alone(csv, COUNT);
    const peer = await this.#peer();
    await makeLedger(this.#ledger);
    const server = new Child('server-child.js', { folder: this.#ledger } satisfies ServerOptions);
    const { port } = await server.next<Ready>();
    const [posts, queries] = [
      new Child('load-child.js', { port, from: 0, perSecond: 5 } satisfies LoadOptions),
      new Child('load-child.js', { port, from: 0, perSecond: 5, paths: NET } satisfies LoadOptions),
    ];
    const started = performance.now();
    await upload(port, csv);
    const posted = performance.now() - started;
    await server.ask('figures');
    const figures = performance.now() - started;
    const during = [await posts.ask<LoadDone>('stop'), await queries.ask<LoadDone>('stop')] as const;
    await server.ask('lines');
    const lines = performance.now() - started;
    const { most } = server.memory;
    await server.stop();
    rmSync(csv);
    for (const { failed, firstFailure } of during) if (failed) throw new Error(`${failed} requests failed: ${firstFailure}`);
    type Row = { posted: number; figures: number; cpu: number; lines: number };
    const row = (what: string, vouchers: number, t: Row, bytes: number) => [
      what,
      s(t.posted),
      s(t.figures),
      s(t.cpu),
      s(t.lines),
      `${Math.round(vouchers / (t.figures / 1000))}/s`,
      mb(bytes),
    ];
    const answered = (what: string, { ms: taken }: LoadDone) => [
      what,
      String(taken.length),
      ms(percentile(taken, 0.5)),
      ms(percentile(taken, 0.99)),
      ms(taken.at(-1)!),
      '',
      '',
    ];
    const none = { posted: NaN, cpu: NaN, lines: NaN };
    const linear = quiet.figures / tenth.figures;
    return {
      title: `Import of ${COUNT.toLocaleString('sv-SE')} vouchers while people work`,
      how: `Uploaded to the server over HTTP, while another process posts 5 vouchers a second and asks for the net result (region and board in turn) 5 times a second, each timed from when it was due. One run. For comparison the same file, and a tenth of it, imported alone, and ledger, which reads the same vouchers and prints one balance. CPU: until the figures are there, on all threads.`,
      table: [
        ['import', 'posted', 'figures', 'CPU', 'lines', 'vouchers', 'max RSS'],
        row('under load', COUNT, { posted, figures, cpu: NaN, lines }, most),
        row('alone', COUNT, quiet, quiet.bytes),
        row('a tenth, alone', TENTH, tenth, tenth.bytes),
        peer
          ? row('ledger', COUNT, { ...none, figures: peer.ms, cpu: peer.cpu }, peer.bytes)
          : ['ledger', 'not installed, skipped', '', '', '', '', ''],
        ['**meanwhile**', '**answered**', '**p50**', '**p99**', '**slowest**', '', ''],
        answered('posts', during[0]),
        answered('net queries', during[1]),
      ],
      verdicts: [
        below('posts, p99', percentile(during[0].ms, 0.99), 100),
        below('queries, p99', percentile(during[1].ms, 0.99), 200),
        ...(peer
          ? [
              {
                what: 'alone, time to ledger’s',
                measured: times(quiet.figures / peer.ms),
                target: '< 1 ×, goal 0.5 ×',
                met: quiet.figures < peer.ms,
              },
            ]
          : []),
        below('lines, after twice the figures', quiet.lines, 2 * quiet.figures, s),
        below('resident, highest', Math.max(most, quiet.bytes), 500e6, mb),
        { what: 'ten times the vouchers, alone', measured: `${times(linear)} the time`, target: '< 12 ×', met: linear < 12 },
      ],
    };
  }

  /** What ledger needs to read the same vouchers and print one balance; null where it is not installed. */
  async #peer(): ReturnType<typeof program> {
    const journal = join(this.folder, 'million.journal');
    await writeJournal(journal, COUNT);
    const taken = await program('ledger', ['-f', journal, 'balance', '--depth', '1'], join(this.folder, 'balance.txt'));
    rmSync(journal);
    return taken;
  }

  async #alone(csv: string, count: number): Promise<ImportTimes> {
    await writeCsv(csv, count);
    const folder = mkdtempSync(join(this.folder, 'import-'));
    await makeLedger(folder);
    const taken = await new Child('import-child.js', { folder, file: csv } satisfies ImportOptions).next<ImportTimes>();
    rmSync(folder, { recursive: true });
    return taken;
  }

  /** Opened again: from saved state, without it, and with no read models at all. */
  async open(): Promise<Report> {
    await this.import();
    const state = join(this.#ledger, 'read-models', 'state.bin');
    const stateBytes = statSync(state).size;
    const saved = [await this.#opened(), await this.#opened(), await this.#opened()];
    const without: Opened[] = [];
    for (let run = 0; run < 3; run += 1) {
      rmSync(state);
      without.push(await this.#opened());
    }
    renameSync(join(this.#ledger, 'read-models'), join(this.folder, 'read-models'));
    const bare = await this.#opened();
    const of = (runs: readonly Opened[], field: keyof Opened) => median(runs.map((run) => run[field]));
    const row = (what: string, runs: readonly Opened[]) => [
      what,
      s(of(runs, 'opened')),
      s(of(runs, 'answered')),
      s(of(runs, 'figures')),
      s(of(runs, 'lines')),
      mb(of(runs, 'resident')),
      mb(of(runs, 'most')),
    ];
    return {
      title: `Opening a ledger of ${COUNT.toLocaleString('sv-SE')} vouchers`,
      how: `The server on a ledger that the machine has in its file cache; medians of 3 runs (the last: one). Opened: from opening the folder until it listens. First answer: from starting the process until GET /ledger is answered. The saved state is ${mb(stateBytes)}.`,
      table: [
        ['', 'opened', 'first answer', 'figures there', 'lines there', 'RSS then', 'max RSS'],
        row('from saved state', saved),
        row('without saved state', without),
        row('without state and read models', [bare]),
      ],
      verdicts: [
        below('opened from saved state', of(saved, 'opened'), 1_000, s),
        below('opened without saved state', of(without, 'opened'), 4_000, s),
        below('resident, highest', Math.max(of(saved, 'most'), of(without, 'most'), bare.most), 500e6, mb),
      ],
    };
  }

  async #opened(): Promise<Opened> {
    const started = performance.now();
    const server = new Child('server-child.js', { folder: this.#ledger } satisfies ServerOptions);
    const { port, openedMs: opened } = await server.next<Ready>();
    await get(port, '/ledger');
    const answered = performance.now() - started;
    await server.ask('figures');
    const figures = performance.now() - started;
    const { now: resident } = server.memory;
    await server.ask('lines');
    const lines = performance.now() - started;
    const { most } = server.memory;
    await server.stop();
    return { opened, answered, figures, lines, resident, most };
  }

  /** What a person sees, asked one at a time. */
  async queries(): Promise<Report> {
    await this.import();
    const server = new Child('server-child.js', { folder: this.#ledger } satisfies ServerOptions);
    const { port } = await server.next<Ready>();
    await server.ask('lines');
    const middle = `erp-${YEAR}-LEV-${COUNT / 2}`;
    const asked: readonly (readonly [what: string, path: string, times: number])[] = [
      ['net, region', NET[0]!, 200],
      ['net, a board', NET[1]!, 200],
      ['neutrality, region', '/reports/neutrality', 200],
      ['units', '/reports/units', 100],
      ['general ledger, a grant, first 100', '/reports/ledger?grant=9903&limit=100', 50],
      ['general ledger, all, first 100', '/reports/ledger?limit=100', 10],
      ['journal, first 100', '/reports/journal?limit=100', 50],
      ['a voucher in the middle', `/vouchers/${middle}`, 200],
      ['lines without a code, first 100', '/reports/without-grant-code?limit=100', 5],
      ['completeness', '/reports/completeness', 5],
    ];
    const rows: string[][] = [];
    for (const [what, path, count] of asked) {
      const taken: number[] = [];
      let bytes = 0;
      for (const end = performance.now() + 10_000; taken.length < count && (taken.length === 0 || performance.now() < end);) {
        const started = performance.now();
        bytes = await get(port, path);
        taken.push(performance.now() - started);
      }
      const [first, ascending] = [taken[0]!, sorted(taken)];
      rows.push([
        what,
        ms(percentile(ascending, 0.5)),
        ms(percentile(ascending, 0.99)),
        ms(first),
        `${(bytes / 1024).toFixed(0)} KiB`,
        String(count),
      ]);
    }
    const { now } = server.memory;
    await server.stop();
    return {
      title: `Questions to ${COUNT.toLocaleString('sv-SE')} vouchers`,
      how: `Over HTTP, one at a time, after everything is projected; the server was then resident in ${mb(now)}.`,
      table: [['question', 'median', 'p99', 'first', 'answer', 'asked'], ...rows],
      verdicts: [],
    };
  }
}

type Opened = {
  readonly opened: number;
  readonly answered: number;
  readonly figures: number;
  readonly lines: number;
  readonly resident: number;
  readonly most: number;
};

/** Asks, and reads the answer to its end. @returns its bytes */
async function get(port: number, path: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 500)}`);
  return text.length;
}

function upload(port: number, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'text/csv', 'Content-Length': statSync(file).size };
    const post = request(
      { port, host: '127.0.0.1', method: 'POST', path: `/imports?book=erp&year=${YEAR}&name=bench.csv`, headers },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part.slice(0, 500)));
        answer.on('end', () =>
          answer.statusCode === 201 ? resolve() : reject(new Error(`import: ${answer.statusCode} ${text.slice(0, 500)}`)),
        );
      },
    );
    post.on('error', reject);
    createReadStream(file).pipe(post);
  });
}
