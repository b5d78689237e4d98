import { expect, test } from 'vitest';
import type { SampleBatch } from '#server/services/health/add-samples.ts';
import { createSampleRecorder } from '#server/services/health/sample-recorder.ts';
import { NOON, sampleOf } from '#tests/support/health-history.ts';

/** A recorder whose batches go where the test says. */
function start(add: (batch: SampleBatch) => Promise<void>) {
  let nowMs = NOON.getTime();
  const recorder = createSampleRecorder({ processId: 7, clock: { now: () => new Date(nowMs) }, add });
  const sample = () => {
    nowMs += 1_000;
    recorder.record(sampleOf('database', 'healthy'));
  };
  return { recorder, sample };
}

const samplesIn = ({ minutes }: SampleBatch) => minutes.reduce((sum, { sampleCount }) => sum + sampleCount, 0);

test('batches are numbered from one, also when there is nothing in them', async () => {
  const batches: SampleBatch[] = [];
  const { recorder, sample } = start(async (batch) => void batches.push(batch));
  sample();
  await recorder.flush();
  await recorder.flush();
  expect(batches.map((batch) => [batch.processId, batch.number, samplesIn(batch)])).toEqual([[7, 1, 1], [7, 2, 0]]);
});

test('a batch that failed is given again as it was, and what came since is in the next', async () => {
  const batches: SampleBatch[] = [];
  const { recorder, sample } = start(async (batch) => {
    batches.push(batch);
    if (batches.length < 3) throw new Error('Postgres is away');
  });
  sample();
  await expect(recorder.flush()).rejects.toThrow('away');
  sample();
  await expect(recorder.flush()).rejects.toThrow('away');
  await recorder.flush();
  await recorder.flush();
  expect(batches.map((batch) => [batch.number, samplesIn(batch)])).toEqual([[1, 1], [1, 1], [1, 1], [2, 1]]);
});

test('while one writing hangs no other begins', async () => {
  let finish: () => void = () => undefined;
  const batches: SampleBatch[] = [];
  const { recorder, sample } = start((batch) => {
    batches.push(batch);
    return new Promise((resolve) => (finish = resolve));
  });
  sample();
  const first = recorder.flush();
  const second = recorder.flush();
  expect(batches).toHaveLength(1);
  finish();
  await Promise.all([first, second]);
  void recorder.flush();
  expect(batches).toHaveLength(2);
});
