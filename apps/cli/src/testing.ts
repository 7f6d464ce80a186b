/** Runs the real `liggare` as a child process, as a user would. Imported by specs alone. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'liggaren-cli-'));

/** `liggare` with these arguments, to its end. No-break spaces in what it prints are given as spaces. */
export function liggare(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const child = start(args, environment);
  const [out, err] = [gather(child.stdout), gather(child.stderr)];
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out: out(), err: err() })));
}

/** A server, from its first word until `end`. */
export async function server(args: readonly string[]): Promise<{
  readonly address: string;
  end(): Promise<number | null>;
  readonly pid: number;
  /** Resolves when it has ended, however it came to. */
  readonly ended: Promise<number | null>;
  err(): string;
}> {
  const child = start(args, {});
  const err = gather(child.stderr);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  let said = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout!.on('data', (text: Buffer) => {
      said += text.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
    child.on('close', (code) => reject(new Error(`the server ended with ${code}: ${err()}`)));
  });
  return {
    address,
    pid: child.pid!,
    ended,
    err,
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function start(args: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
  const { LIGGARE_LEDGER: _, LIGGARE_LANG: __, LIGGARE_STORE: ___, ...inherited } = process.env;
  return spawn(process.execPath, [MAIN, ...args], { env: { ...inherited, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
}

function gather(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString().replaceAll('\u00a0', ' ');
}
