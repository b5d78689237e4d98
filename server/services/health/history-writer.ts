import { describeError } from '#server/errors.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';
import type { IncidentTracker } from './incident-tracker.ts';
import type { SampleRecorder } from './sample-recorder.ts';
import type { HealthSample } from './types.ts';

const INTERVAL_MS = 5_000;
/** A stop does not wait longer for Postgres. */
const STOP_WAIT_MS = 2_000;

export interface HealthHistoryDeps {
  readonly recorder: SampleRecorder;
  readonly tracker: Pick<IncidentTracker, 'observe' | 'sync'>;
  readonly logger: Logger;
  readonly intervalMs?: number;
  readonly stopWaitMs?: number;
}

export interface HealthHistoryWriter {
  /** Notes a sample that was taken now. Never throws, and never waits for Postgres. */
  onSample(sample: HealthSample): void;
  /** Writes at once, then `intervalMs` after the end of each writing. Idempotent. */
  start(): void;
  /** Writes a last time, or gives up after a moment. Idempotent. */
  stop(): Promise<void>;
}

/** Keeps history and incidents on record while samples come. What could not be written is kept and written later. */
export function createHistoryWriter(deps: HealthHistoryDeps): HealthHistoryWriter {
  const { recorder, tracker, logger, intervalMs = INTERVAL_MS, stopWaitMs = STOP_WAIT_MS } = deps;
  let state: 'new' | 'running' | 'stopped' = 'new';
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  let isFailing = false;

  const write = async () => {
    try {
      await recorder.flush();
      await tracker.sync();
      isFailing = false;
    } catch (error) {
      if (!isFailing) logger.warn({ err: describeError(error) }, 'health history waits for Postgres');
      isFailing = true;
    }
  };
  const run = () => {
    running = write().then(() => {
      if (state === 'running') timer = setTimeout(run, intervalMs);
    });
  };

  return {
    onSample(sample) {
      recorder.record(sample);
      tracker.observe(sample);
    },
    start() {
      if (state !== 'new') return;
      state = 'running';
      run();
    },
    async stop() {
      if (state === 'stopped') return;
      state = 'stopped';
      clearTimeout(timer);
      const enough = new AbortController();
      await Promise.race([running.then(write), sleep(stopWaitMs, enough.signal)]);
      enough.abort();
    },
  };
}
