import type { LlmClient } from '#server/ai/types.ts';
import { fireMildSteps } from '#server/services/budgets/fire-mild-steps.ts';
import type { BudgetDeps } from '#server/services/budgets/deps.ts';
import { notifyOwner, type NotifyDeps } from '#server/services/budgets/notify-owner.ts';
import type { DriftDeps, DriftSource } from '#server/services/drift/deps.ts';
import { measureActivity } from '#server/services/drift/measure-activity.ts';
import { measureDrift } from '#server/services/drift/measure-drift.ts';
import { reconcileGenerations } from '#server/services/generations/reconcile-generations.ts';
import { trimHistory } from '#server/services/health/trim-history.ts';
import { deleteExpired } from '#server/services/maintenance/delete-expired.ts';
import { makePartitions } from '#server/services/maintenance/make-partitions.ts';
import { refreshPrices } from '#server/services/prices/refresh-prices.ts';
import type { Schedule } from './scheduler.ts';

const DAY_MS = 86_400_000;
/** How far ahead partitions are made. */
const PARTITION_DAYS_AHEAD = 90;

/** The names of all schedules, for the metrics' closed label set. */
export const SCHEDULE_NAMES = [
  'reconcile_generations', 'send_budget_notices', 'refresh_prices', 'make_partitions', 'delete_expired', 'trim_health_history', 'measure_drift', 'measure_activity',
] as const;

export interface ScheduleDeps extends BudgetDeps, NotifyDeps {
  /** Null: not configured. */
  readonly llm: LlmClient | null;
  /** Null: as above. */
  readonly drift: DriftSource | null;
}

/** All schedules of this program; those that need OpenRouter are left out when it is not configured. */
export function createSchedules(deps: ScheduleDeps): readonly Schedule[] {
  const { db, llm, drift, clock } = deps;
  const schedules: Schedule[] = [
    { name: 'reconcile_generations', cron: '* * * * *', intervalSeconds: 60, run: () => reconcileGenerations(db, clock.now()) },
    { name: 'send_budget_notices', cron: '* * * * *', intervalSeconds: 60, run: () => sendBudgetNotices(deps) },
    {
      name: 'make_partitions',
      cron: '5 3 * * *',
      intervalSeconds: 86_400,
      run: () => makePartitions(db, clock.now(), new Date(clock.now().getTime() + PARTITION_DAYS_AHEAD * DAY_MS)),
    },
    { name: 'delete_expired', cron: '15 * * * *', intervalSeconds: 3_600, run: () => deleteExpired(db, clock.now()) },
    { name: 'trim_health_history', cron: '45 * * * *', intervalSeconds: 3_600, run: () => trimHistory(db, clock.now()) },
  ];
  if (llm) schedules.push({ name: 'refresh_prices', cron: '25 * * * *', intervalSeconds: 3_600, run: () => refreshPrices({ db, llm, clock }) });
  if (drift) schedules.push(...createDriftSchedules({ db, clock, source: drift }));
  return schedules;
}

/** The account's activity is told to a management key only. */
function createDriftSchedules(deps: DriftDeps): readonly Schedule[] {
  const drift: Schedule = { name: 'measure_drift', cron: '*/15 * * * *', intervalSeconds: 900, run: () => measureDrift(deps) };
  const activity: Schedule = { name: 'measure_activity', cron: '35 3 * * *', intervalSeconds: 86_400, run: () => measureActivity(deps) };
  return deps.source.llm.listActivity ? [drift, activity] : [drift];
}

/** What fires here is told at once. */
async function sendBudgetNotices(deps: ScheduleDeps): Promise<void> {
  await fireMildSteps(deps);
  await notifyOwner(deps);
}
