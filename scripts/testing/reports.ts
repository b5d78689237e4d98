import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { z } from 'zod';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const VitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()) })),
    }),
  ),
});

const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.unknown()),
});

/** Enough for a difference or a counterexample with its seed. */
const FAILURE_LINES = 25;

const CRASHED: Counts = { passed: 0, failed: 1, skipped: 0 };

/** Counts of a vitest run from its JSON report; a file that could not be loaded counts as one failure. */
export function countVitest(reportPath: string, exitCode: number): Counts {
  const report = readReport(reportPath, VitestReport);
  if (report === null) return CRASHED;
  const statuses = report.testResults.flatMap((file) => file.assertionResults.map(({ status }) => status));
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  const passed = statuses.filter((status) => status === 'passed').length;
  const failed = statuses.filter((status) => status === 'failed').length;
  return trustExitCode({ passed, failed: failed + brokenFiles.length, skipped: statuses.length - passed - failed }, exitCode);
}

/** A paragraph for each failed test of a vitest run: its file, its name and the head of its message. Long runs scroll those of the runner away. */
export function listVitestFailures(reportPath: string): readonly string[] {
  const files = readReport(reportPath, VitestReport)?.testResults ?? [];
  return files.filter(({ status }) => status === 'failed').flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const told = failed.map(({ fullName, failureMessages }) => ({ title: ` › ${fullName}`, text: failureMessages.join('\n') }));
    return (failed.length > 0 ? told : [{ title: '', text: message }]).map(({ title, text }) => `✗ ${relative('.', name)}${title}\n${headOf(text)}`);
  });
}

function headOf(message: string): string {
  return message.split('\n').slice(0, FAILURE_LINES).map((line) => `    ${line}`).join('\n');
}

/** Counts of a Playwright run from its JSON report; an error outside any test counts as one failure. */
export function countPlaywright(reportPath: string, exitCode: number): Counts {
  const report = readReport(reportPath, PlaywrightReport);
  if (report === null) return CRASHED;
  const { expected, unexpected, flaky, skipped } = report.stats;
  // A test that passed only when repeated did not hold what it promises.
  return trustExitCode({ passed: expected, failed: unexpected + flaky + report.errors.length, skipped }, exitCode);
}

/** The sum of several runs. */
export function sumCounts(counts: readonly Counts[]): Counts {
  return counts.reduce(
    (sum, one) => ({ passed: sum.passed + one.passed, failed: sum.failed + one.failed, skipped: sum.skipped + one.skipped }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The closing line. Skipped tests are named only when there are any. */
export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** A runner that fails without a failed test (an unhandled error, no tests at all) is one failure. */
function trustExitCode(counts: Counts, exitCode: number): Counts {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function readReport<T>(path: string, schema: z.ZodType<T>): T | null {
  if (!existsSync(path)) return null;
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
