import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countPlaywright, countVitest, formatCounts, listVitestFailures, sumCounts } from '../../../scripts/testing/reports.ts';

let dir: string;
let report: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'adtrobot-reports-'));
  report = join(dir, 'report.json');
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

function vitest(files: readonly { status: string; tests: readonly string[] }[], exitCode: number): ReturnType<typeof countVitest> {
  const testResults = files.map(({ status, tests }, index) => ({
    name: resolve(`tests/${index}.test.ts`), message: 'cannot be loaded', status,
    assertionResults: tests.map((one) => ({ status: one, fullName: `it is ${one}`, failureMessages: one === 'failed' ? ['expected 1\nto be 2'] : [] })),
  }));
  writeFileSync(report, JSON.stringify({ testResults }));
  return countVitest(report, exitCode);
}

function playwright(stats: Record<string, number>, errors: readonly unknown[], exitCode: number): ReturnType<typeof countPlaywright> {
  writeFileSync(report, JSON.stringify({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats }, errors }));
  return countPlaywright(report, exitCode);
}

test('tests are counted by how they ended', () => {
  const counts = vitest([{ status: 'failed', tests: ['passed', 'failed', 'skipped'] }, { status: 'passed', tests: ['passed'] }], 1);
  expect(counts).toEqual({ passed: 2, failed: 1, skipped: 1 });
});

test('a file that could not be loaded counts as one failure', () => {
  expect(vitest([{ status: 'failed', tests: [] }, { status: 'passed', tests: ['passed'] }], 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('what failed is told with its file, its name and why', () => {
  vitest([{ status: 'failed', tests: ['passed', 'failed'] }, { status: 'passed', tests: ['passed'] }, { status: 'failed', tests: [] }], 1);
  expect(listVitestFailures(report)).toEqual([
    '✗ tests/0.test.ts › it is failed\n    expected 1\n    to be 2',
    '✗ tests/2.test.ts\n    cannot be loaded',
  ]);
});

test('a runner that fails although every test passed counts as one failure', () => {
  expect(vitest([{ status: 'passed', tests: ['passed'] }], 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(playwright({ expected: 3 }, [], 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
});

test('a runner that left no report, or half of one, counts as one failure', () => {
  expect(countVitest(report, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  writeFileSync(report, '{"testResults": [');
  expect(countVitest(report, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(countPlaywright(report, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('browser tests that passed only when repeated, and errors outside tests, are failures', () => {
  expect(playwright({ expected: 5, unexpected: 1, flaky: 2, skipped: 1 }, [{ message: 'x' }], 1)).toEqual({ passed: 5, failed: 4, skipped: 1 });
});

test('the closing line has the sums, and names skipped tests only when there are any', () => {
  const total = sumCounts([{ passed: 2, failed: 1, skipped: 0 }, { passed: 3, failed: 0, skipped: 0 }]);
  expect(formatCounts(total)).toBe('5 passed, 1 failed');
  expect(formatCounts({ passed: 5, failed: 0, skipped: 2 })).toBe('5 passed, 0 failed, 2 skipped');
});
