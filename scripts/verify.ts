import { runCheck, staticChecks } from './testing/run.ts';

/*
 * `npm run verify`: types, lint and architecture, side by side; no database, seconds.
 */
const results = await Promise.all([
  ...staticChecks({ isLintCached: true }),
  runCheck('architecture', 'vitest', ['run', '--project', 'plain', 'tests/architecture']),
]);
process.exitCode = results.every(Boolean) ? 0 : 1;
