import type { DatabaseHandle } from '#db/client.ts';
import type { LlmClient } from '#server/ai/types.ts';
import { createDatabaseCheck } from '#server/health/checks/database.ts';
import { createOpenRouterCheck } from '#server/health/checks/openrouter.ts';
import { createSchedulerCheck } from '#server/health/checks/scheduler.ts';
import { createTelegramCheck, type TelegramCheckOptions } from '#server/health/checks/telegram.ts';
import type { Progress } from '#server/health/progress.ts';
import { createHealthSampler, type HealthSampler } from '#server/health/sampler.ts';
import type { Sample } from '#server/health/types.ts';
import type { HealthCheckName, HealthState } from '#server/contracts/vocabulary.ts';
import type { Schedule } from '#server/jobs/scheduler.ts';
import type { Metrics } from '#server/metrics/create-metrics.ts';
import { findLastSuccesses } from '#server/services/schedules/find-last-successes.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';

interface HealthDeps {
  readonly store: DatabaseHandle;
  readonly llm: LlmClient | null;
  readonly telegram: TelegramCheckOptions['bot'];
  readonly schedules: readonly Schedule[];
  readonly metrics: Metrics;
  readonly progress?: Progress;
  /** Told of every sample after the metrics. Must not throw. */
  readonly onSample?: (sample: Sample) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The background sampler with all checks of this program. */
export function createHealth({ store, llm, telegram, schedules, metrics, progress, onSample, clock, logger }: HealthDeps): HealthSampler {
  const readLastRuns = async () => {
    const successes = await findLastSuccesses(store.db);
    return schedules.map(({ name }) => ({ schedule: name, lastSucceededAt: successes.get(name) ?? null }));
  };
  return createHealthSampler({
    logger,
    ...(progress ? { progress } : {}),
    checks: [
      createDatabaseCheck({ probe: () => store.probe() }),
      createSchedulerCheck({ readLastRuns, expected: schedules, clock }),
      createOpenRouterCheck({ getKey: llm ? (signal) => llm.getKey(signal) : null }),
      createTelegramCheck({ bot: telegram }),
    ],
    onSample: (sample) => {
      metrics.health.recordSample(sample);
      onSample?.(sample);
      cutWhileAway(store, sample.check, sample.reportedState);
    },
    onTurn: (check, state) => cutWhileAway(store, check, state),
  });
}

/** Who waits for an answer of a Postgres that is known not to answer is told so. */
export function cutWhileAway(store: Pick<DatabaseHandle, 'cutSilent'>, check: HealthCheckName, state: HealthState): void {
  if (check === 'database' && state === 'unhealthy') store.cutSilent();
}
