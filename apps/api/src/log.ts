/**
 * The server's log, on stderr: a sentence for whoever watches a terminal, else one JSON object a line for whatever collects it. Holds no
 * personal data: no bodies, no texts of vouchers, no logins, no addresses as asked; a fault of ours is told by its kind and place, for its message
 * may quote what somebody wrote.
 */
import type { Report } from '#cqrs';

/** What goes into `level` by what it is about; the rest is information. */
const LEVELS: { readonly [about: string]: 'warn' | 'error' } = {
  'internal-error': 'error',
  'store-trouble': 'error',
  'projector-trouble': 'error',
  'import-refused': 'warn',
  'import-stopped': 'warn',
  'import-abandoned': 'warn',
  ledger: 'warn',
};

/**
 * @param json whether lines are JSON; {@link wantsJson} says when
 * @param write takes a line with its end
 */
export function logTo(json: boolean, write: (line: string) => void): Report {
  return (what, about = 'note', facts = {}) =>
    write(
      json
        ? `${JSON.stringify({ time: new Date().toISOString(), level: LEVELS[about] ?? 'info', event: about, message: what, ...facts })}\n`
        : `${what}\n`,
    );
}

/** LIGGARE_LOG=json or text; left out, JSON wherever nobody looks on at a terminal. */
export function wantsJson(environment: NodeJS.ProcessEnv, terminal: boolean | undefined): boolean {
  const { LIGGARE_LOG: wanted } = environment;
  return wanted === 'json' || (wanted !== 'text' && !terminal);
}

/** The log of this process. */
export const serverLog = (): Report => logTo(wantsJson(process.env, process.stderr.isTTY), (line) => void process.stderr.write(line));

/** A fault as the log may tell it: its kind, and where in the program. */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames.slice(0, 8).map((line) => line.trim())].join(' ');
}
