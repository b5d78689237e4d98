import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { healthSamples, type HealthSampleRow } from '#db/schema/index.ts';
import { HEALTH_BARS_MAX, HealthHistory, type HealthHistoryInput } from '#server/contracts/health-history.ts';
import { getHistory } from '#server/services/health/get-history.ts';
import { NOON, startHistoryRig, type HistoryRig } from '#tests/support/health-history.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Not on a full minute. */
const NOW = new Date(NOON.getTime() + 30 * MINUTE + 20_000);

let rig: HistoryRig;
beforeAll(async () => {
  rig = await startHistoryRig(NOW);
});
afterAll(() => rig.close());
beforeEach(() => rig.db.delete(healthSamples));

type Resolution = HealthSampleRow['resolution'];
const keep = (resolution: Resolution, at: Date | string, values: Partial<HealthSampleRow> = {}) =>
  rig.db.insert(healthSamples).values({
    check: 'telegram', resolution, bucketAt: new Date(at), healthyMs: 0, unhealthyMs: 0, disabledMs: 0, sampleCount: 0, latencySumMs: 0, latencyMaxMs: 0, ...values,
  });
const ask = async (input: HealthHistoryInput) => HealthHistory.parse(await getHistory(rig, input));
const telegram = async (input: HealthHistoryInput) => {
  const found = (await ask(input)).checks.find(({ check }) => check === 'telegram');
  if (!found) throw new Error('no history of Telegram');
  return found;
};
const before = (ms: number) => new Date(NOW.getTime() - ms);
const since = (ms: number): HealthHistoryInput => ({ from: before(ms).toISOString(), to: NOW.toISOString() });

test('nothing sampled is a gap and no uptime, for every check in its order', async () => {
  const { checks } = await ask({ range: '24h' });
  expect(checks.map(({ check }) => check)).toEqual(['database', 'scheduler', 'openrouter', 'telegram']);
  for (const { uptimeRatio, sampledMs, gapMs, latencyAverageMs, latencyMaxMs } of checks) {
    expect([uptimeRatio, sampledMs, latencyAverageMs, latencyMaxMs]).toEqual([null, 0, null, null]);
    // From the full minute in which the range begins to the last minutes, whose samples may still come.
    expect(gapMs).toBe(DAY + 20_000 - 4 * MINUTE);
  }
});

test('uptime is the healthy share of the sampled time; disabled time is in neither', async () => {
  await keep('minute', before(2 * HOUR + 20_000), { healthyMs: 30_000, unhealthyMs: 10_000, disabledMs: 20_000 });
  expect(await telegram({ range: '24h' })).toMatchObject({ uptimeRatio: 0.75, sampledMs: 40_000, healthyMs: 30_000, unhealthyMs: 10_000, disabledMs: 20_000 });
});

test('a check that was only disabled has no uptime and no gap', async () => {
  await keep('minute', before(HOUR + 20_000), { disabledMs: MINUTE });
  const { uptimeRatio, bars } = await telegram({ from: before(HOUR + 20_000).toISOString(), to: before(HOUR - 40_000).toISOString() });
  expect(uptimeRatio).toBeNull();
  expect(bars).toMatchObject([{ uptimeRatio: null, disabledMs: MINUTE, gapMs: 0, isUnfinished: false }]);
});

test('average and highest latency are those of all samples of a bar, and of all bars', async () => {
  await keep('minute', before(2 * HOUR + 20_000), { healthyMs: 1, sampleCount: 1, latencySumMs: 10, latencyMaxMs: 10 });
  await keep('minute', before(1 * HOUR + 20_000), { healthyMs: 1, sampleCount: 3, latencySumMs: 50, latencyMaxMs: 40 });
  const { latencyAverageMs, latencyMaxMs, bars } = await telegram({ range: '24h' });
  expect([latencyAverageMs, latencyMaxMs]).toEqual([15, 40]);
  expect(bars.filter(({ sampleCount }) => sampleCount > 0).map((bar) => bar.latencyMaxMs)).toEqual([10, 40]);
});

test.each<[string, HealthHistoryInput, Resolution, number]>([
  ['24 hours', { range: '24h' }, 'minute', 15 * MINUTE],
  ['7 days', { range: '7d' }, 'hour', 2 * HOUR],
  ['30 days', { range: '30d' }, 'hour', 8 * HOUR],
  ['nothing asked', {}, 'hour', 2 * HOUR],
  ['an hour of today', since(HOUR), 'minute', MINUTE],
  ['90 days', since(90 * DAY), 'hour', DAY],
  ['91 days', since(91 * DAY), 'day', DAY],
  ['400 days', since(400 * DAY), 'day', 5 * DAY],
  ['an hour of the day before yesterday', { from: before(49 * HOUR).toISOString(), to: before(48 * HOUR).toISOString() }, 'hour', HOUR],
  ['an hour a year ago', { from: before(365 * DAY).toISOString(), to: before(365 * DAY - HOUR).toISOString() }, 'day', DAY],
])('%s are told as finely as they are kept, in few bars', async (_name, input, resolution, barMs) => {
  const history = await ask(input);
  expect([history.resolution, history.barMs]).toEqual([resolution, barMs]);
  for (const { bars } of history.checks) expect(bars.length).toBeLessThanOrEqual(HEALTH_BARS_MAX);
});

test('only the resolution that is asked for is summed', async () => {
  for (const resolution of ['minute', 'hour', 'day'] as const) await keep(resolution, '2026-11-18T00:00:00Z', { healthyMs: 7 });
  for (const input of [{ range: '24h' }, { range: '7d' }, since(100 * DAY)] as const) expect((await telegram(input)).healthyMs).toBe(7);
});

test('a range is widened to full buckets, which are in it once; what is beside them is not', async () => {
  await keep('hour', '2026-11-16T09:00:00Z', { healthyMs: 1 });
  await keep('hour', '2026-11-16T10:00:00Z', { healthyMs: 20 });
  await keep('hour', '2026-11-16T11:00:00Z', { healthyMs: 300 });
  await keep('hour', '2026-11-16T12:00:00Z', { healthyMs: 4_000 });
  const input = { from: '2026-11-16T10:20:00Z', to: '2026-11-16T11:01:00Z' };
  const { covered } = await ask(input);
  expect(covered).toEqual({ from: '2026-11-16T10:00:00.000Z', to: '2026-11-16T12:00:00.000Z' });
  expect((await telegram(input)).bars.map(({ startsAt, healthyMs }) => [startsAt, healthyMs])).toEqual([['2026-11-16T10:00:00.000Z', 20], ['2026-11-16T11:00:00.000Z', 300]]);
});

test('bars begin on round times, the first is cut by the range and the last by now, and they lie end to end', async () => {
  const { bars } = await telegram({ range: '7d' });
  expect([bars[0]?.startsAt, bars[1]?.startsAt, bars.at(-1)?.startsAt, bars.at(-1)?.endsAt]).toEqual([
    '2026-11-11T12:00:00.000Z', '2026-11-11T14:00:00.000Z', '2026-11-18T12:00:00.000Z', NOW.toISOString(),
  ]);
  for (const [index, bar] of bars.slice(1).entries()) expect(bar.startsAt).toBe(bars[index]?.endsAt);
  expect(bars.filter(({ isUnfinished }) => isUnfinished)).toEqual([bars.at(-1)]);
});

test('a range that is to come has no bars, and one that reaches beyond now ends there', async () => {
  const future = { from: '2026-12-01T00:00:00Z', to: '2026-12-02T00:00:00Z' };
  expect((await telegram(future)).bars).toEqual([]);
  expect((await telegram(future)).gapMs).toBe(0);
  expect((await ask({ from: '2026-11-18T00:00:00Z', to: '2026-12-02T00:00:00Z' })).covered.to).toBe(NOW.toISOString());
});

test('two processes that sample the same time weigh as both, and leave no gap', async () => {
  await keep('minute', before(HOUR + 20_000), { healthyMs: MINUTE, unhealthyMs: MINUTE });
  expect(await telegram({ from: before(HOUR + 20_000).toISOString(), to: before(HOUR - 40_000).toISOString() })).toMatchObject({ uptimeRatio: 0.5, sampledMs: 2 * MINUTE, gapMs: 0 });
});

test('the gap of a minute is not filled by the double samples of another', async () => {
  await keep('minute', before(HOUR + 20_000), { healthyMs: 2 * MINUTE });
  const { bars } = await telegram({ range: '24h' });
  expect(bars.filter(({ sampledMs }) => sampledMs > 0)).toMatchObject([{ startsAt: '2026-11-18T11:30:00.000Z', sampledMs: 2 * MINUTE, gapMs: 14 * MINUTE }]);
});

test('samples of the last minutes fill no gap of the time before', async () => {
  for (const minutes of [0, 1, 2, 3, 4]) await keep('minute', before(minutes * MINUTE + 20_000), { healthyMs: MINUTE });
  const { bars } = await telegram({ range: '24h' });
  expect(bars.slice(-2).map(({ startsAt, gapMs }) => [startsAt, gapMs])).toEqual([['2026-11-18T12:15:00.000Z', 11 * MINUTE], ['2026-11-18T12:30:00.000Z', 0]]);
});

test('the answer names the reporting time zone, in which pages tell its instants', async () => {
  expect((await ask({})).timeZone).toBe('Europe/Moscow');
});
