import type { Clock } from '#server/lib/clock.ts';
import type { SampleBatch } from './add-samples.ts';
import { createSampleBook } from './sample-book.ts';
import type { HealthSample } from './types.ts';

export interface SampleRecorderDeps {
  readonly processId: number;
  readonly clock: Clock;
  /** Rejects when it may not have added the batch; then it is given again. */
  readonly add: (batch: SampleBatch) => Promise<void>;
}

export interface SampleRecorder {
  /** Notes a sample that was taken now, in memory. */
  record(sample: HealthSample): void;
  /** Writes what was noted, also when that is nothing. Rejects when that failed, with all of it kept; calls at the same time share one run. */
  flush(): Promise<void>;
}

/** Collects the samples of this process between two writings. */
export function createSampleRecorder({ processId, clock, add }: SampleRecorderDeps): SampleRecorder {
  const book = createSampleBook();
  let number = 0;
  /** What is being written or could not be; it stays as it is until it is taken, so that it can be told from another. */
  let batch: SampleBatch | null = null;
  let running: Promise<void> | null = null;

  const write = async () => {
    batch ??= { processId, number: (number += 1), minutes: book.take() };
    await add(batch);
    batch = null;
  };

  return {
    record: (sample) => book.add(sample, clock.now().getTime()),
    flush: () => (running ??= write().finally(() => (running = null))),
  };
}
