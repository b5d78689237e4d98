import { asc } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { healthSamples, processes } from '#db/schema/index.ts';
import { addSamples } from '#server/services/health/add-samples.ts';
import { createSampleRecorder } from '#server/services/health/sample-recorder.ts';
import { trimHistory } from '#server/services/health/trim-history.ts';
import type { SampledMinute } from '#server/services/health/types.ts';
import { NOON, sampleOf, startHistoryRig, type HistoryProcess, type HistoryRig } from '#tests/support/health-history.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let rig: HistoryRig;
let first: HistoryProcess;
beforeEach(async () => {
  rig = await startHistoryRig();
  first = await rig.startProcess();
});
afterEach(() => rig.close());

const kept = () => rig.db.select().from(healthSamples).orderBy(asc(healthSamples.resolution), asc(healthSamples.bucketAt));
const healthyMs = async () => (await kept()).map((row) => `${row.resolution} ${row.bucketAt.toISOString().slice(0, 16)} ${row.healthyMs}`);
const sample = (times: number) => rig.sample([first], 'database', 'healthy', times, SECOND);

test('samples are added to their minute, hour and UTC day', async () => {
  rig.setNow(new Date('2026-11-18T23:59:58Z'));
  sample(5);
  await first.write();
  sample(1);
  await first.write();
  expect(await healthyMs()).toEqual([
    'day 2026-11-18T00:00 1000',
    'day 2026-11-19T00:00 4000',
    'hour 2026-11-18T23:00 1000',
    'hour 2026-11-19T00:00 4000',
    'minute 2026-11-18T23:59 1000',
    'minute 2026-11-19T00:00 4000',
  ]);
});

test('every kind of time, counts and latency add up; the highest latency stays the highest', async () => {
  const minute: SampledMinute = {
    check: 'openrouter', minuteAt: NOON.getTime(), healthyMs: 1, unhealthyMs: 2, disabledMs: 3, sampleCount: 4, latencySumMs: 50, latencyMaxMs: 60,
  };
  await addSamples(first.db, { processId: first.id, number: 1, minutes: [minute] }, NOON);
  await addSamples(first.db, { processId: first.id, number: 2, minutes: [{ ...minute, latencyMaxMs: 7 }] }, NOON);
  for (const row of await kept()) {
    expect(row).toMatchObject({ check: 'openrouter', healthyMs: 2, unhealthyMs: 4, disabledMs: 6, sampleCount: 8, latencySumMs: 100, latencyMaxMs: 60 });
  }
});

test('processes add up, also when they write at the same time', async () => {
  const second = await rig.startProcess();
  const both = [first, second];
  for (let round = 0; round < 10; round += 1) {
    for (const check of ['telegram', 'database', 'openrouter', 'scheduler'] as const) rig.sample(both, check, 'healthy', 2, SECOND);
    await Promise.all(both.map((process) => process.recorder.flush()));
  }
  const day = (await kept()).filter(({ resolution }) => resolution === 'day');
  expect(day.map(({ sampleCount }) => sampleCount)).toEqual([40, 40, 40, 40]);
});

test('a batch that is given twice is added once, and one process’s numbers are not another’s', async () => {
  const minute: SampledMinute = { check: 'database', minuteAt: NOON.getTime(), healthyMs: 5, unhealthyMs: 0, disabledMs: 0, sampleCount: 1, latencySumMs: 1, latencyMaxMs: 1 };
  const batch = { processId: first.id, number: 1, minutes: [minute] };
  await Promise.all([addSamples(first.db, batch, NOON), addSamples(first.db, batch, NOON)]);
  expect((await kept())[0]?.healthyMs).toBe(5);
  const second = await rig.startProcess();
  await addSamples(second.db, { ...batch, processId: second.id }, NOON);
  expect((await kept())[0]?.healthyMs).toBe(10);
});

test('a batch whose answer was lost on its way is added once, and what came since with it', async () => {
  let isLost = true;
  const { clock } = rig;
  const recorder = createSampleRecorder({
    processId: first.id,
    clock,
    add: async (batch) => {
      await addSamples(first.db, batch, clock.now());
      if (isLost) throw new Error('the connection was cut');
    },
  });
  const record = () => {
    rig.wait(SECOND);
    recorder.record(sampleOf('database', 'healthy'));
  };
  record();
  record();
  await expect(recorder.flush()).rejects.toThrow('cut');
  isLost = false;
  record();
  await recorder.flush();
  await recorder.flush();
  expect(await healthyMs()).toContain('day 2026-11-18T00:00 2000');
});

test('what could not be written while Postgres was away is written afterwards, in its minutes', async () => {
  sample(1);
  await first.write();
  first.link.set('away');
  sample(60);
  expect(await first.write()).toBe(false);
  sample(60);
  expect(await first.write()).toBe(false);
  first.link.set('up');
  await expect.poll(() => first.write()).toBe(true);
  await first.write();
  expect((await healthyMs()).filter((row) => row.startsWith('minute'))).toEqual(['minute 2026-11-18T12:00 59000', 'minute 2026-11-18T12:01 60000', 'minute 2026-11-18T12:02 1000']);
});

test('every writing tells the others that this process lives, also without samples', async () => {
  rig.wait(30 * SECOND);
  await first.write();
  const [row] = await rig.db.select().from(processes);
  expect(row?.lastSeenAt).toEqual(rig.clock.now());
});

test('minutes go after a day and hours after 90 days, up to the bucket that a range of that length begins in; days stay', async () => {
  const at = (ms: number) => new Date(NOON.getTime() - ms);
  const now = new Date(NOON.getTime() + 59 * SECOND);
  const row = { check: 'database', healthyMs: 1, unhealthyMs: 0, disabledMs: 0, sampleCount: 1, latencySumMs: 1, latencyMaxMs: 1 };
  await rig.db.insert(healthSamples).values([
    { ...row, resolution: 'minute', bucketAt: at(DAY) },
    { ...row, resolution: 'minute', bucketAt: at(DAY + 60 * SECOND) },
    { ...row, resolution: 'hour', bucketAt: at(90 * DAY) },
    { ...row, resolution: 'hour', bucketAt: at(90 * DAY + HOUR) },
    { ...row, resolution: 'day', bucketAt: at(4_000 * DAY + HOUR * 12) },
  ]);
  await trimHistory(rig.db, now);
  expect((await kept()).map(({ resolution, bucketAt }) => [resolution, bucketAt])).toEqual([
    ['day', at(4_000 * DAY + HOUR * 12)],
    ['hour', at(90 * DAY)],
    ['minute', at(DAY)],
  ]);
});
