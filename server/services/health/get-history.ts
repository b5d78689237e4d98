import { sumBars } from '#db/queries/health-history.ts';
import type { CheckHistory, HealthBar, HealthHistory, HealthHistoryInput, HealthTotals } from '#server/contracts/health-history.ts';
import { HEALTH_CHECKS } from '#server/contracts/vocabulary.ts';
import type { ReportDeps } from '../reports/report-kit.ts';
import { resolveRange } from '../reports/resolve-range.ts';
import { barLengthFor, floorTo, resolutionFor, RESOLUTION_MS } from './resolutions.ts';

/** No gap is told of the last minutes: a sample stands for up to three and a half minutes before it, and is written some seconds later. */
const SETTLED_AFTER_MS = 4 * 60_000;

type BarSums = Awaited<ReturnType<typeof sumBars>>[number];

/** What is summed up, and what it is finally told as. */
interface Sums extends Pick<BarSums, 'healthyMs' | 'unhealthyMs' | 'disabledMs' | 'sampleCount' | 'latencySumMs' | 'latencyMaxMs'> {
  readonly gapMs: number;
}

/** A stretch of time, in milliseconds of the epoch. */
interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How each check did over a range: in total, and bar by bar. The input is validated by `HealthHistoryInput`. */
export async function getHistory({ db, clock, reportingTimeZone }: ReportDeps, input: HealthHistoryInput): Promise<HealthHistory> {
  const now = clock.now();
  const { preset, from, to } = resolveRange(input, { now, timeZone: reportingTimeZone });
  const resolution = resolutionFor(from, now);
  const resolutionMs = RESOLUTION_MS[resolution];
  const covered = cover(from, to, resolutionMs, now);
  const barMs = barLengthFor(resolution, covered.toMs - covered.fromMs);
  const settledTo = new Date(now.getTime() - SETTLED_AFTER_MS);
  const range = { from: new Date(covered.fromMs), to: new Date(covered.toMs) };
  const rows = await sumBars(db, { checks: HEALTH_CHECKS, resolution, resolutionMs, ...range, barMs, settledTo });
  const byPlace = new Map(rows.map((row) => [`${row.check} ${row.bar}`, row]));
  const stretches = barsOf(covered, barMs);
  const historyOf = (check: CheckHistory['check']): CheckHistory => {
    const sums = stretches.map((stretch) => sumsOf(byPlace.get(`${check} ${Math.floor(stretch.fromMs / barMs)}`), stretch, settledTo));
    const bars = stretches.map((stretch, index): HealthBar => ({
      startsAt: new Date(stretch.fromMs).toISOString(),
      endsAt: new Date(stretch.toMs).toISOString(),
      isUnfinished: stretch.toMs >= now.getTime(),
      ...describe(sums[index] ?? NOTHING),
    }));
    return { check, ...describe(sums.reduce(add, NOTHING)), bars };
  };
  return {
    range: { preset, from: from.toISOString(), to: to.toISOString() },
    covered: { from: range.from.toISOString(), to: range.to.toISOString() },
    resolution,
    barMs,
    generatedAt: now.toISOString(),
    timeZone: reportingTimeZone,
    checks: HEALTH_CHECKS.map(historyOf),
  };
}

/** The range in full buckets; what is to come is in none. */
function cover(from: Date, to: Date, resolutionMs: number, now: Date): Stretch {
  const fromMs = floorTo(from.getTime(), resolutionMs);
  const endMs = floorTo(to.getTime() + resolutionMs - 1, resolutionMs);
  return { fromMs, toMs: Math.max(fromMs, Math.min(endMs, now.getTime())) };
}

function barsOf({ fromMs, toMs }: Stretch, barMs: number): Stretch[] {
  const bars: Stretch[] = [];
  for (let startMs = fromMs; startMs < toMs; ) {
    const endMs = Math.min(floorTo(startMs, barMs) + barMs, toMs);
    bars.push({ fromMs: startMs, toMs: endMs });
    startMs = endMs;
  }
  return bars;
}

const NOTHING: Sums = { healthyMs: 0, unhealthyMs: 0, disabledMs: 0, sampleCount: 0, latencySumMs: 0, latencyMaxMs: 0, gapMs: 0 };

function sumsOf(row: BarSums | undefined, { fromMs, toMs }: Stretch, settledTo: Date): Sums {
  const settledMs = Math.max(Math.min(toMs, settledTo.getTime()) - fromMs, 0);
  return { ...NOTHING, ...row, gapMs: Math.max(settledMs - (row?.coveredMs ?? 0), 0) };
}

function add(left: Sums, right: Sums): Sums {
  return {
    healthyMs: left.healthyMs + right.healthyMs,
    unhealthyMs: left.unhealthyMs + right.unhealthyMs,
    disabledMs: left.disabledMs + right.disabledMs,
    sampleCount: left.sampleCount + right.sampleCount,
    latencySumMs: left.latencySumMs + right.latencySumMs,
    latencyMaxMs: Math.max(left.latencyMaxMs, right.latencyMaxMs),
    gapMs: left.gapMs + right.gapMs,
  };
}

function describe({ healthyMs, unhealthyMs, disabledMs, gapMs, sampleCount, latencySumMs, latencyMaxMs }: Sums): HealthTotals {
  const sampledMs = healthyMs + unhealthyMs;
  return {
    uptimeRatio: sampledMs === 0 ? null : healthyMs / sampledMs,
    sampledMs,
    healthyMs,
    unhealthyMs,
    disabledMs,
    gapMs,
    sampleCount,
    latencyAverageMs: sampleCount === 0 ? null : latencySumMs / sampleCount,
    latencyMaxMs: sampleCount === 0 ? null : latencyMaxMs,
  };
}
