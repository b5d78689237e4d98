import type { LlmClient } from '#server/ai/types.ts';
import { SCHEDULE_NAMES, SCHEDULES, type ScheduleName } from '#server/contracts/schedules.ts';
import { invariant } from '#server/errors.ts';
import { fireMildSteps } from '#server/services/budgets/fire-mild-steps.ts';
import type { BudgetDeps } from '#server/services/budgets/deps.ts';
import { notifyOwner, type NotifyDeps } from '#server/services/budgets/notify-owner.ts';
import type { DriftDeps, DriftSource } from '#server/services/drift/deps.ts';
import { measureActivity } from '#server/services/drift/measure-activity.ts';
import { measureDrift } from '#server/services/drift/measure-drift.ts';
import { reconcileGenerations } from '#server/services/generations/reconcile-generations.ts';
import { trimHistory } from '#server/services/health/trim-history.ts';
import { applyRetention, type Deleted, type RetentionDays } from '#server/services/maintenance/apply-retention.ts';
import { deleteExpired } from '#server/services/maintenance/delete-expired.ts';
import { makePartitions } from '#server/services/maintenance/make-partitions.ts';
import { refreshPrices } from '#server/services/prices/refresh-prices.ts';
import { sendDigest, type DigestDeps } from '#server/services/reports/send-digest.ts';
import type { Schedule } from './scheduler.ts';

const DAY_MS = 86_400_000;
/** How far ahead partitions are made. */
const PARTITION_DAYS_AHEAD = 90;

export interface ScheduleDeps extends BudgetDeps, NotifyDeps, DigestDeps {
  readonly retention: RetentionDays;
  readonly onDeleted: (part: Deleted) => void;
  /** Null: not configured. */
  readonly llm: LlmClient | null;
  /** Null: as above. */
  readonly drift: DriftSource | null;
}

/** All schedules of this program; those that need OpenRouter are left out when it is not configured. */
export function createSchedules(deps: ScheduleDeps): readonly Schedule[] {
  const { db, llm, drift, clock } = deps;
  const schedules: Schedule[] = [
    plan('reconcile_generations', () => reconcileGenerations(db, clock.now())),
    plan('send_budget_notices', () => sendBudgetNotices(deps)),
    plan('send_digest', () => sendDigest(deps)),
    plan('make_partitions', () => makePartitions(db, clock.now(), new Date(clock.now().getTime() + PARTITION_DAYS_AHEAD * DAY_MS))),
    plan('delete_expired', () => deleteExpired(db, clock.now())),
    plan('apply_retention', () => applyRetention(db, clock.now(), deps.retention, deps.onDeleted)),
    plan('trim_health_history', () => trimHistory(db, clock.now())),
  ];
  if (llm) schedules.push(plan('refresh_prices', () => refreshPrices({ db, llm, clock })));
  if (drift) schedules.push(...createDriftSchedules({ db, clock, source: drift }));
  return schedules;
}

/** The names of those that `createSchedules` makes of the same clients. */
export function listPlanned({ llm, drift }: Pick<ScheduleDeps, 'llm' | 'drift'>): readonly ScheduleName[] {
  const isUseless: Partial<Record<ScheduleName, boolean>> = { refresh_prices: !llm, measure_drift: !drift, measure_activity: !drift?.llm.listActivity };
  return SCHEDULE_NAMES.filter((name) => !isUseless[name]);
}

function plan(name: ScheduleName, run: Schedule['run']): Schedule {
  const times = SCHEDULES.find((schedule) => schedule.name === name);
  invariant(times, 'every name is one of a schedule');
  return { ...times, run };
}

/** The account's activity is told to a management key only. */
function createDriftSchedules(deps: DriftDeps): readonly Schedule[] {
  const drift = plan('measure_drift', () => measureDrift(deps));
  const activity = plan('measure_activity', () => measureActivity(deps));
  return deps.source.llm.listActivity ? [drift, activity] : [drift];
}

/** What fires here is told at once. */
async function sendBudgetNotices(deps: ScheduleDeps): Promise<void> {
  await fireMildSteps(deps);
  await notifyOwner(deps);
}
