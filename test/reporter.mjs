/**
 * Counts a test run for `check.mjs`, which closes with `N passed, N failed`; where jest is run alone it prints that line
 * itself. A spec that could not even be loaded counts as one failure.
 */
export default class Reporter {
  onRunComplete(_contexts, results) {
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    if (process.send) return process.send(counts);
    const skipped = counts.skipped ? `, ${counts.skipped} skipped` : '';
    process.on('exit', () => process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`));
  }
}
