import { expect, test } from 'vitest';
import { readArguments, UsageError } from '../../../scripts/ledger-import/arguments.ts';
import { createProgress } from '../../../scripts/ledger-import/progress.ts';
import { IMPORT_COMMAND } from '#tests/support/import-command.ts';

const CLEAR = '\r\u001b[K';

function watch(isTTY: boolean) {
  const written: string[] = [];
  let nowMs = 0;
  const progress = createProgress({ isTTY, write: (text) => written.push(text) }, () => nowMs);
  function showAt(ms: number, bytesRead: number, lineCount: number): void {
    nowMs = ms;
    progress.show({ bytesRead, bytesTotal: 100, lineCount });
  }
  return { written, progress, showAt };
}

test('on a terminal a bar is drawn in place, at most ten times a second', () => {
  const { written, showAt } = watch(true);
  showAt(50, 1, 1);
  showAt(1_000, 50, 20_000);
  showAt(1_050, 51, 20_400);
  expect(written).toEqual([`${CLEAR}[${'#'.repeat(15)}${'-'.repeat(15)}] 50 %, 20,000 lines, 20,000 lines/s`]);
});

test('elsewhere a plain line is printed every few seconds', () => {
  const { written, showAt } = watch(false);
  showAt(1_000, 10, 1_000);
  showAt(5_000, 99, 5_000);
  showAt(9_000, 100, 9_000);
  expect(written).toEqual(['99 %, 5,000 lines, 1,000 lines/s\n']);
});

test('the bar is removed before something else is printed, once', () => {
  const { written, progress, showAt } = watch(true);
  progress.clear();
  showAt(1_000, 100, 1);
  progress.clear();
  progress.clear();
  expect(written.slice(1)).toEqual([CLEAR]);
});

test('the command line gives the file and what is asked for', () => {
  expect(readArguments(['a.csv'])).toEqual({ file: 'a.csv', options: { model: null, operation: null, usesEarliestPrice: false, isDryRun: false } });
  expect(readArguments(['--dry-run', '--model', 'openai/gpt-4o-mini', 'a.csv', '--use-earliest-price', '--operation=tarot_card'])).toEqual({
    file: 'a.csv',
    options: { model: 'openai/gpt-4o-mini', operation: 'tarot_card', usesEarliestPrice: true, isDryRun: true },
  });
});

test.each([
  [[], 'Which file?'],
  [['a', 'b'], 'One file at a time'],
  [['a', '--model', 'no-vendor'], 'vendor/model'],
  [['a', '--operation', 'Tarot!'], '--operation must be'],
  [['a', '--unknown'], '--unknown'],
  [['a', '--dry-run=yes'], 'dry-run'],
])('the command line %j is refused', (args, reason) => {
  expect(() => readArguments(args)).toThrow(UsageError);
  expect(() => readArguments(args)).toThrow(reason);
});

test('the npm command bounds the memory of the import', () => {
  expect(IMPORT_COMMAND.join(' ')).toMatch(/^--max-semi-space-size=\d+ --max-old-space-size=\d+ scripts\/ledger-import\.ts$/);
});
