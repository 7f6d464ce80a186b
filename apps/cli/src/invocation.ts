/** Reads the invocation, runs its verb, and ends with a sentence and an exit code. No user sees a stack trace. */
import { CommanderError } from 'commander';
import { Refusal, swedishInteger } from '#ledger';
import { problemOf } from '../../api/src/problem.js';
import { AnswerLost, EXIT, exitOf, Refused, WrongUsage } from './exit.js';
import { program } from './program.js';
import { cellText, languageIn, sayIn } from './words.js';

const language = languageIn(process.argv, process.env);
const say = sayIn(language);
const complain = (text: string) => void process.stderr.write(`${text}\n`);
for (const stream of [process.stdout, process.stderr])
  stream.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? EXIT.ok : EXIT.internal));

try {
  await program(language).parseAsync(process.argv);
} catch (error) {
  process.exitCode = ended(error);
}

function ended(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof WrongUsage) {
    complain(error.message);
    return EXIT.usage;
  }
  if (error instanceof Refusal) return refused(new Refused(problemOf(error, language)));
  if (error instanceof Refused) return refused(error);
  if (error instanceof AnswerLost) {
    complain(
      say(
        `Svaret kom aldrig: ingen vet om ärendet lagrades. Försök igen med --key ${error.key}: det blir aldrig dubbelt.`,
        `The answer never came: nobody knows whether it was stored. Try again with --key ${error.key}: it is never stored twice.`,
      ),
    );
    return EXIT.unknown;
  }
  complain(say(`Programmet gick fel: ${(error as Error).message}`, `The program failed: ${(error as Error).message}`));
  if (process.env['LIGGARE_DEBUG']) complain(String((error as Error).stack));
  return EXIT.internal;
}

function refused({ problem, advice }: Refused): number {
  complain(problem.detail);
  for (const { sheet, row, column, detail } of problem.errors ?? []) {
    if (sheet) complain(`  ${cellText({ sheet, row, column }, say)}: ${detail}`);
    else if (row) complain(say(`  rad ${row}: ${detail}`, `  row ${row}: ${detail}`));
    else if (detail !== problem.detail) complain(`  ${detail}`);
  }
  const { findingsInAll, asks = 0 } = (problem.facts ?? {}) as { readonly findingsInAll?: number; readonly asks?: number };
  const more = (findingsInAll ?? asks) - (problem.errors ?? []).length;
  if (more > 0) complain(say(`  … och ${swedishInteger(more)} till`, `  … and ${swedishInteger(more)} more`));
  if (advice !== undefined) complain(advice);
  return exitOf(problem);
}
