/**
 * The tests run the compiled program (dist), the very code that a user starts: no second compiler, and worker threads
 * and child processes just work. `npm test` builds first; by hand it is `npm run build`, then jest in an npm script.
 */
export default {
  rootDir: 'dist',
  testMatch: ['**/*.spec.js'],
  testEnvironment: 'node',
  transform: {},
  injectGlobals: false,
  maxWorkers: 2,
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/../test/reporter.mjs'],
};
