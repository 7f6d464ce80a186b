/**
 * What the linter holds: promises that nobody waits for, things unused, `any`, and the purity of the law. Formatting is
 * prettier's, import directions and names are test/tidy.spec.ts's. `npm run lint` runs it; each rule here has caught,
 * or would have caught, a real fault: taste stays out.
 */
import tseslint from 'typescript-eslint';

const impure = (name, instead) => ({ name, message: `libs/ledger is pure: ${instead}` });

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'ledgers/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx,mjs}'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-debugger': 'error',
      'no-self-compare': 'error',
      'no-unsafe-finally': 'error',
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-duplicate-case': 'error',
      'no-fallthrough': 'error',
      'no-sparse-arrays': 'error',
      'no-loss-of-precision': 'error',
      'use-isnan': 'error',
    },
  },
  {
    files: ['**/*.mjs'],
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }] },
  },
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-for-in-array': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unsafe-function-type': 'error',
      '@typescript-eslint/no-wrapper-object-types': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-require-imports': 'error',
      '@typescript-eslint/no-unused-expressions': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    // Specs may spy and build odd input, but a promise that nobody waits for is a test that always passes.
    files: ['**/*.spec.ts'],
    rules: { '@typescript-eslint/no-base-to-string': 'off' },
  },
  {
    // The law: the same events and the same command give the same answer, on every machine and in every year.
    files: ['libs/ledger/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/given.ts', '**/testing.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        impure('Date', 'days are texts and the time comes with the command.'),
        impure('performance', 'the time comes with the command.'),
        impure('process', 'settings come as events or arguments.'),
        impure('console', 'what happened is an event, a finding or a refusal.'),
        impure('require', 'it imports nothing from outside.'),
        impure('module', 'it imports nothing from outside.'),
        impure('global', 'it has no world outside.'),
        impure('globalThis', 'it has no world outside.'),
        impure('crypto', 'it is handed its hash, and ids come with the command.'),
        impure('Buffer', 'bytes are Uint8Array.'),
        impure('fetch', 'it reaches nothing.'),
        impure('setTimeout', 'it never waits.'),
        impure('setInterval', 'it never waits.'),
        impure('setImmediate', 'it never waits.'),
        impure('queueMicrotask', 'it never waits.'),
        impure('navigator', 'it does not know where it runs.'),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'libs/ledger is pure: chance comes from outside.' },
      ],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!\\.\\.?/)', message: 'libs/ledger imports nothing from outside, not even node:.' }] },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ImportExpression', message: 'libs/ledger is pure: imports stand at the top.' },
        {
          selector: 'CallExpression[callee.property.name=/^toLocale/]',
          message: "libs/ledger is pure: the machine's locale decides here.",
        },
        { selector: 'CallExpression[callee.property.name="localeCompare"]', message: 'libs/ledger is pure: compare with < and >.' },
      ],
    },
  },
);
