import { ACTIVITY_METRICS } from './activity.ts';
import { AI_METRICS } from './ai.ts';
import { BOT_METRICS } from './bot.ts';
import { BUDGET_METRICS } from './budgets.ts';
import { BUILD_METRICS } from './build.ts';
import type { MetricDefinition } from './definition.ts';
import { DRIFT_METRICS } from './drift.ts';
import { ERROR_METRICS } from './errors.ts';
import { EXPOSITION_METRICS } from './exposition.ts';
import { HEALTH_METRICS } from './health.ts';
import { HTTP_METRICS } from './http.ts';
import { JOB_METRICS } from './jobs.ts';
import { PARITY_METRICS } from './parity.ts';
import { PAYMENT_METRICS } from './payments.ts';
import { POOL_METRICS } from './pool.ts';
import { REFRESH_METRICS } from './refresh.ts';
import { RETENTION_METRICS } from './retention.ts';
import { SCHEDULER_METRICS } from './scheduler.ts';
import { TELEGRAM_METRICS } from './telegram.ts';

/** Every metric of ours, in the order of README's table. */
export const METRIC_DEFINITIONS: readonly MetricDefinition[] = [
  HTTP_METRICS,
  ERROR_METRICS,
  BOT_METRICS,
  TELEGRAM_METRICS,
  AI_METRICS,
  DRIFT_METRICS,
  BUDGET_METRICS,
  ACTIVITY_METRICS,
  PAYMENT_METRICS,
  JOB_METRICS,
  SCHEDULER_METRICS,
  RETENTION_METRICS,
  HEALTH_METRICS,
  POOL_METRICS,
  PARITY_METRICS,
  REFRESH_METRICS,
  EXPOSITION_METRICS,
  BUILD_METRICS,
].flatMap((area): MetricDefinition[] => Object.values(area));
