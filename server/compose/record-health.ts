import { addSamples } from '#server/services/health/add-samples.ts';
import { createHistoryWriter, type HealthHistoryWriter } from '#server/services/health/history-writer.ts';
import { IncidentTracker } from '#server/services/health/incident-tracker.ts';
import { createSampleRecorder } from '#server/services/health/sample-recorder.ts';
import type { IncidentChange } from '#server/services/health/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Parts } from './compose-input.ts';

/** Longer than the writer waits for Postgres when it stops. */
const STOP_RESERVE_MS = 2_500;

type HistoryParts = Pick<Parts, 'store' | 'processId' | 'logger' | 'lifecycle'>;

/** Starts to keep history and incidents of what the sampler finds, and tells of each incident. Called before the sampler is started, it is stopped after it. */
export function startHealthHistory(parts: HistoryParts, clock: Clock, onIncidentChange: (change: IncidentChange) => void): HealthHistoryWriter {
  const { store: { db }, processId, logger, lifecycle } = parts;
  const history = createHistoryWriter({
    recorder: createSampleRecorder({ processId, clock, add: (batch) => addSamples(db, batch, clock.now()) }),
    tracker: new IncidentTracker({ db, processId, clock, logger, onIncidentChange }),
    logger,
  });
  history.start();
  lifecycle.add('health history', () => history.stop(), STOP_RESERVE_MS);
  return history;
}
