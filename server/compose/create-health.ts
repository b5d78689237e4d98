import type { DatabaseHandle } from '#db/client.ts';
import type { LlmClient } from '#server/ai/types.ts';
import { createDatabaseCheck } from '#server/health/checks/database.ts';
import { createOpenRouterCheck } from '#server/health/checks/openrouter.ts';
import { createSchedulerCheck } from '#server/health/checks/scheduler.ts';
import { createTelegramCheck, type TelegramCheckOptions } from '#server/health/checks/telegram.ts';
import { createHealthSampler, type HealthSampler } from '#server/health/sampler.ts';
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
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The background sampler with all checks of this program. */
export function createHealth({ store, llm, telegram, schedules, metrics, clock, logger }: HealthDeps): HealthSampler {
  const readLastRuns = async () => {
    const successes = await findLastSuccesses(store.db);
    return schedules.map(({ name }) => ({ schedule: name, lastSucceededAt: successes.get(name) ?? null }));
  };
  return createHealthSampler({
    logger,
    checks: [
      createDatabaseCheck({ probe: () => store.sql`select 1` }),
      createSchedulerCheck({ readLastRuns, expected: schedules, clock }),
      createOpenRouterCheck({ getKey: llm ? (signal) => llm.getKey(signal) : null }),
      createTelegramCheck({ bot: telegram }),
    ],
    onSample: (sample) => metrics.health.recordSample(sample),
  });
}
