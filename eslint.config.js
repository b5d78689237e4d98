import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const ENTRIES = ['scripts/**', 'tests/**', 'server/sandbox/**/main.ts', '*.config.ts', '*.config.js'];

/** Only what the compiler and tests/architecture cannot see: promises, switches over closed sets, and who may touch the process. */
export default defineConfig(
  globalIgnores(['build/', 'node_modules/', '**/*.gen.*', 'coverage/', 'playwright-report/', 'test-results/', '.vitest/']),
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only server/config.ts reads the environment; take the value as an argument.' },
        { object: 'process', property: 'exit', message: 'Only server/index.ts ends the process; throw, or return from the entry.' },
      ],
    },
  },
  { files: ENTRIES, rules: { 'no-console': 'off', 'no-restricted-properties': 'off' } },
  {
    files: ['server/config.ts', 'server/index.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
);
