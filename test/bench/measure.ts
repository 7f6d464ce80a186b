/**
 * What every scenario needs: medians and percentiles, a child process with its highest memory, a table, the machine.
 * A scenario gives a Report; main.ts prints it and writes it down.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { ALLOCATOR, YOUNG } from '../../apps/cli/src/room.js';

/** `met` is null where there is no target. */
export type Verdict = { readonly what: string; readonly measured: string; readonly target: string; readonly met: boolean | null };
export type Report = {
  readonly title: string;
  /** What was measured against what, in the reader's words. */
  readonly how: string;
  /** The first row names the columns. */
  readonly table: readonly (readonly string[])[];
  readonly verdicts: readonly Verdict[];
};

export const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
/** The value that `share` (0 to 1) of them do not exceed. @param ascending sorted */
export const percentile = (ascending: readonly number[], share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? NaN;
export const median = (values: readonly number[]): number => percentile(sorted(values), 0.5);

export const s = (ms: number): string => (Number.isNaN(ms) ? '–' : `${(ms / 1000).toFixed(2)} s`);
export const ms = (value: number): string => (Number.isNaN(value) ? '–' : `${value.toFixed(value < 10 ? 2 : 1)} ms`);
export const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
export const perSecond = (value: number): string => `${Math.round(value)}/s`;
export const times = (value: number): string => `${value.toFixed(2)} ×`;

/** Calls each of the contestants in turn, `runs` rounds, so that what else the machine does meets all of them. */
export async function alternate<T>(
  runs: number,
  contestants: Readonly<Record<string, () => Promise<T> | T>>,
): Promise<Record<string, T[]>> {
  const results: Record<string, T[]> = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let run = 0; run < runs; run += 1) for (const [name, contest] of Object.entries(contestants)) results[name]!.push(await contest());
  return results;
}

/** CPU time of this thread so far, in ms: a child is asked before and after. */
export const threadMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** A script of this folder in a process of its own. `ask` sends a message and resolves with the next one that comes back. */
export class Child {
  readonly #process: ChildProcess;
  readonly #heard: unknown[] = [];
  #hears: ((message: unknown) => void) | null = null;

  constructor(script: string, options: object) {
    const env = { ...process.env, ...ALLOCATOR }; // as `serve` starts itself
    this.#process = fork(join(import.meta.dirname, script), [JSON.stringify(options)], {
      execArgv: [YOUNG],
      env,
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    this.#process.on('message', (message) => {
      if (this.#hears) this.#hears(message);
      else this.#heard.push(message);
    });
  }

  /** The next message. @throws where the child ends first */
  next<T>(): Promise<T> {
    if (this.#heard.length) return Promise.resolve(this.#heard.shift() as T);
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error('a process of the bench ended too early'));
      this.#process.once('exit', ended);
      this.#hears = (message) => {
        this.#process.off('exit', ended);
        this.#hears = null;
        resolve(message as T);
      };
    });
  }

  ask<T>(what: string): Promise<T> {
    this.#process.send(what);
    return this.next<T>();
  }

  /** Bytes resident now, and at most so far (Linux; NaN elsewhere). */
  get memory(): { readonly now: number; readonly most: number } {
    return memoryOf(this.#process.pid);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.send('stop');
    await ended;
  }
}

/** Runs a program to its end, its output into a file: time, processor time and the most that was resident. Null where it is not installed. */
export async function program(
  command: string,
  args: readonly string[],
  output: string,
): Promise<{ readonly ms: number; readonly cpu: number; readonly bytes: number } | null> {
  const file = openSync(output, 'w');
  try {
    const started = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', file, 'inherit'] });
    let [bytes, cpu] = [NaN, NaN];
    const watch = setInterval(() => ([bytes, cpu] = [memoryOf(child.pid).most || bytes, cpuOf(child.pid) || cpu]), 20);
    const [code] = await once(child, 'exit').catch(() => [null]);
    clearInterval(watch);
    if (code !== null && code !== 0) throw new Error(`${command} ended with ${code}`);
    return code === null ? null : { ms: performance.now() - started, cpu, bytes };
  } finally {
    closeSync(file);
  }
}

function memoryOf(pid: number | undefined): { now: number; most: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kb = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? NaN);
    return { now: kb('VmRSS') * 1024, most: kb('VmHWM') * 1024 };
  } catch {
    return { now: NaN, most: NaN };
  }
}

/** Milliseconds of processor time so far (Linux; NaN elsewhere, and at the very end). */
function cpuOf(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number); // proc(5): ticks of 10 ms
    return 10 * (user! + system!);
  } catch {
    return NaN;
  }
}

/** The machine in a line; no names, no paths. */
export function machine(): string {
  const found = cpus();
  const model = found[0]?.model.trim() ?? 'unknown';
  return `${model}, ${found.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release().split('-')[0]} ${arch()}, Node ${process.versions.node}`;
}

/** The report as markdown. */
export function markdown({ title, how, table, verdicts }: Report): string {
  const widths = table[0]!.map((_, column) => Math.max(3, ...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rows = [line(table[0]!), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...table.slice(1).map(line)];
  const said = verdicts.map(
    ({ what, measured, target, met }) => `- ${met === null ? 'no target' : met ? 'met' : '**missed**'}: ${what}: ${measured} (${target})`,
  );
  return [`## ${title}`, '', how, '', ...rows, '', ...said, ...(said.length ? [''] : [])].join('\n');
}
