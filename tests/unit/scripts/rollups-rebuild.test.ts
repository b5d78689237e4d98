import { expect, test } from 'vitest';
import { createProgress } from '../../../scripts/rollups-rebuild/progress.ts';

const CLEAR = '\r\u001b[K';

function watch(isTTY: boolean) {
  const written: string[] = [];
  let nowMs = 0;
  const progress = createProgress({ isTTY, write: (text) => written.push(text) }, () => nowMs);
  function showAt(ms: number, doneDays: number, totalDays = 60): void {
    nowMs = ms;
    progress.show({ doneDays, totalDays, day: '2026-11-20' });
  }
  return { written, progress, showAt };
}

test('on a terminal a bar is drawn in place, at most ten times a second', () => {
  const { written, showAt } = watch(true);
  showAt(0, 30);
  showAt(99, 31);
  showAt(100, 32);
  expect(written).toEqual([
    `${CLEAR}[${'#'.repeat(15)}${'-'.repeat(15)}] 2026-11-20, 30 of 60 days`,
    `${CLEAR}[${'#'.repeat(16)}${'-'.repeat(14)}] 2026-11-20, 32 of 60 days`,
  ]);
});

test('elsewhere a plain line tells of the first day, then one each second, and of the last day in any case', () => {
  const { written, showAt } = watch(false);
  for (const [ms, done] of [[0, 1], [999, 2], [1_000, 3], [1_001, 59], [1_002, 60]] as const) showAt(ms, done);
  expect(written).toEqual(['2026-11-20, 1 of 60 days\n', '2026-11-20, 3 of 60 days\n', '2026-11-20, 60 of 60 days\n']);
});

test('one day is a day', () => {
  const { written, showAt } = watch(false);
  showAt(0, 1, 1);
  expect(written).toEqual(['2026-11-20, 1 of 1 day\n']);
});

test('the bar is removed before something else is printed, once, and where none is drawn nothing is', () => {
  const { written, progress, showAt } = watch(true);
  progress.clear();
  showAt(0, 1);
  progress.clear();
  progress.clear();
  expect(written.slice(1)).toEqual([CLEAR]);
});
