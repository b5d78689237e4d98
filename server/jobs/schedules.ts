import type { LlmClient } from '#server/ai/types.ts';
import type { Clock } from '#server/lib/clock.ts';
import { reconcileGenerations } from '#server/services/generations/reconcile-generations.ts';
import type { GenerationDeps } from '#server/services/generations/types.ts';
import { deleteExpired } from '#server/services/maintenance/delete-expired.ts';
import { makePartitions } from '#server/services/maintenance/make-partitions.ts';
import { refreshPrices } from '#server/services/prices/refresh-prices.ts';
import type { Schedule } from './scheduler.ts';

const DAY_MS = 86_400_000;
/** How far ahead partitions are made. */
const PARTITION_DAYS_AHEAD = 90;

/** The names of all schedules, for the metrics' closed label set. */
export const SCHEDULE_NAMES = ['reconcile_generations', 'refresh_prices', 'make_partitions', 'delete_expired'] as const;

/** All schedules of this program; those that need OpenRouter are left out when it is not configured. */
export function createSchedules(deps: { db: GenerationDeps['db']; llm: LlmClient | null; clock: Clock }): readonly Schedule[] {
  const { db, llm, clock } = deps;
  const schedules: Schedule[] = [
    { name: 'reconcile_generations', cron: '* * * * *', intervalSeconds: 60, run: () => reconcileGenerations(db, clock.now()) },
    {
      name: 'make_partitions',
      cron: '5 3 * * *',
      intervalSeconds: 86_400,
      run: () => makePartitions(db, clock.now(), new Date(clock.now().getTime() + PARTITION_DAYS_AHEAD * DAY_MS)),
    },
    { name: 'delete_expired', cron: '15 * * * *', intervalSeconds: 3_600, run: () => deleteExpired(db, clock.now()) },
  ];
  if (llm) schedules.push({ name: 'refresh_prices', cron: '25 * * * *', intervalSeconds: 3_600, run: () => refreshPrices({ db, llm, clock }) });
  return schedules;
}
