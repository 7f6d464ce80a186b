/** The tests run the compiled program (dist), the very code that a user starts: no second compiler, and worker threads and child processes just work. */
export default {
  rootDir: 'dist',
  testMatch: ['**/*.spec.js'],
  testEnvironment: 'node',
  transform: {},
  injectGlobals: true,
  maxWorkers: 2,
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/../test/reporter.mjs'],
};
