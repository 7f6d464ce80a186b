/**
 * Everything that has to hold before a change is taken: lint, format, tests. `npm test` calls it after install and build,
 * and hands its arguments to jest (`npm test -- recode-cost` runs those specs only). Every check runs even where an
 * earlier one failed, each counts as one; the last line on stdout is always `N passed, N failed`.
 */
import { fork } from 'node:child_process';

const checks = [
  ['lint', 'node_modules/eslint/bin/eslint.js', ['.', '--max-warnings=0']],
  ['format', 'node_modules/prettier/bin/prettier.cjs', ['.', '--check', '--log-level=warn']],
];
const jest = [
  'node_modules/jest/bin/jest.js',
  process.argv.slice(2),
  ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
];

/** Runs a program of ours; its output goes to stderr, so that stdout holds results only. */
function run(program, args, execArgv = []) {
  return new Promise((done) => {
    const child = fork(program, args, { execArgv, stdio: ['ignore', 2, 2, 'ipc'] });
    let counts;
    child.on('message', (message) => (counts = message));
    child.on('exit', (code) => done({ ok: code === 0, counts }));
  });
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (const [name, program, args] of checks) {
  const { ok } = await run(program, args);
  if (ok) total.passed++;
  else total.failed++;
  if (!ok) process.stderr.write(`\n${name} failed${name === 'format' ? ': `npm run format` puts it right' : ''}\n\n`);
}

const tests = await run(...jest);
total.passed += tests.counts?.passed ?? 0;
total.skipped += tests.counts?.skipped ?? 0;
total.failed += tests.counts?.failed || (tests.ok ? 0 : 1);

const skipped = total.skipped ? `, ${total.skipped} skipped` : '';
process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed ? 1 : 0;
