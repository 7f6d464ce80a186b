/** Closes a test run with one plain line, `N passed, N failed`, for people and for CI. */
export default class Reporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests ? `, ${results.numPendingTests} skipped` : '';
    process.on('exit', () => process.stdout.write(`${results.numPassedTests} passed, ${failed} failed${skipped}\n`));
  }
}
