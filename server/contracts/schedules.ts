import { z } from 'zod';

/** What is done again and again, and when it is due: cron expressions in UTC, and the seconds between due times. */
export const SCHEDULES = [
  { name: 'reconcile_generations', cron: '* * * * *', intervalSeconds: 60 },
  { name: 'send_budget_notices', cron: '* * * * *', intervalSeconds: 60 },
  { name: 'send_digest', cron: '0 6 * * *', intervalSeconds: 86_400 },
  { name: 'refresh_prices', cron: '25 * * * *', intervalSeconds: 3_600 },
  { name: 'make_partitions', cron: '5 3 * * *', intervalSeconds: 86_400 },
  { name: 'delete_expired', cron: '15 * * * *', intervalSeconds: 3_600 },
  { name: 'apply_retention', cron: '20 4 * * *', intervalSeconds: 86_400 },
  { name: 'trim_health_history', cron: '45 * * * *', intervalSeconds: 3_600 },
  { name: 'measure_drift', cron: '*/15 * * * *', intervalSeconds: 900 },
  { name: 'measure_activity', cron: '35 3 * * *', intervalSeconds: 86_400 },
] as const;

/** The names of all schedules; also the metrics' closed label set. */
export const SCHEDULE_NAMES = SCHEDULES.map(({ name }) => name);
export const ScheduleName = z.enum(SCHEDULE_NAMES);
export type ScheduleName = z.infer<typeof ScheduleName>;

/** A run takes time, and so does noticing it. */
const GRACE_SECONDS = 60;

/** How long after its last success a schedule counts as late: two of its rounds. */
export function lateAfterSeconds(intervalSeconds: number): number {
  return 2 * intervalSeconds + GRACE_SECONDS;
}
