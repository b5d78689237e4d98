import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Counts, countPlaywright, countVitest, formatCounts, listVitestFailures, sumCounts } from './testing/reports.ts';
import { run, staticChecks } from './testing/run.ts';
import { ensureTools, type ToolEnvironment } from './testing/tools.ts';

/*
 * `npm test`: installs what the tests need, runs everything, and ends with one line counted from the runners' reports.
 */
const REPORT_DIR = 'test-results/reports';
const VITEST_REPORT = join(REPORT_DIR, 'vitest.json');

async function runStaticChecks(): Promise<Counts> {
  const results = await Promise.all(staticChecks({ isLintCached: false }));
  return { passed: results.filter(Boolean).length, failed: results.filter((isPassed) => !isPassed).length, skipped: 0 };
}

async function runVitest(env: ToolEnvironment): Promise<Counts> {
  rmSync(VITEST_REPORT, { force: true });
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${VITEST_REPORT}`];
  const { exitCode } = await run('vitest', args, { env });
  return countVitest(VITEST_REPORT, exitCode);
}

async function runPlaywright(env: ToolEnvironment): Promise<Counts> {
  const report = join(REPORT_DIR, 'playwright.json');
  rmSync(report, { force: true });
  const { exitCode } = await run('playwright', ['test', '--reporter=list,json'], { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report } });
  return countPlaywright(report, exitCode);
}

function hasJourneys(): boolean {
  return existsSync('tests/e2e') && readdirSync('tests/e2e', { recursive: true }).some((name) => String(name).endsWith('.spec.ts'));
}

mkdirSync(REPORT_DIR, { recursive: true });
const env = await ensureTools();
const counts = [await runStaticChecks(), await runVitest(env)];
if (hasJourneys()) counts.push(await runPlaywright(env));
const total = sumCounts(counts);
for (const failure of listVitestFailures(VITEST_REPORT)) console.log(failure);
console.log(formatCounts(total));
process.exitCode = total.failed === 0 ? 0 : 1;
