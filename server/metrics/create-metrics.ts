import { Registry } from 'prom-client';
import { createActivityMetrics, type ActivityMetrics } from './activity.ts';
import { createAiMetrics, type AiMetrics } from './ai.ts';
import { createBotMetrics, type BotMetrics } from './bot.ts';
import { createBudgetMetrics, type BudgetMetrics } from './budgets.ts';
import { registerBuildInfo, type BuildFacts } from './build.ts';
import { createDriftMetrics, type DriftMetrics } from './drift.ts';
import { createErrorMetrics, type ErrorMetrics } from './errors.ts';
import { registerRenderedTimestamp } from './exposition.ts';
import { createHealthMetrics, type HealthMetrics } from './health.ts';
import { createHttpMetrics, type HttpMetrics } from './http.ts';
import { createJobMetrics, type JobMetrics } from './jobs.ts';
import { createParityMetrics, type ParityMetrics } from './parity.ts';
import { createPaymentMetrics, type PaymentMetrics } from './payments.ts';
import { createPoolMetrics, type PoolMetrics } from './pool.ts';
import { registerProcessMetrics } from './process.ts';
import { createRefreshMetrics, type RefreshMetrics } from './refresh.ts';
import { createRenderer, type RenderMetrics } from './render.ts';
import { createRetentionMetrics, type RetentionMetrics } from './retention.ts';
import { createSchedulerMetrics, type SchedulerMetrics } from './scheduler.ts';
import { takeLastingSnapshot, takeSnapshot, type MetricSnapshot } from './snapshot.ts';
import { createTelegramMetrics, type TelegramMetrics } from './telegram.ts';

export interface MetricsOptions extends BuildFacts {
  /** The configured models, which become label values; every other is `other`. */
  readonly models: readonly string[];
  /** The names of all schedules. */
  readonly schedules: readonly string[];
  /** Wall time in milliseconds, for ages. */
  readonly nowMs?: () => number;
}

/** One registry and the functions that move its metrics. */
export interface Metrics {
  readonly http: HttpMetrics;
  readonly errors: ErrorMetrics;
  readonly bot: BotMetrics;
  readonly telegram: TelegramMetrics;
  readonly ai: AiMetrics;
  readonly drift: DriftMetrics;
  readonly budgets: BudgetMetrics;
  readonly activity: ActivityMetrics;
  readonly payments: PaymentMetrics;
  readonly jobs: JobMetrics;
  readonly pool: PoolMetrics;
  readonly parity: ParityMetrics;
  readonly scheduler: SchedulerMetrics;
  readonly retention: RetentionMetrics;
  readonly health: HealthMetrics;
  readonly refresh: RefreshMetrics;
  /** All metrics of this process, or those that must outlive it. */
  snapshot(): Promise<MetricSnapshot>;
  lastingSnapshot(): Promise<MetricSnapshot>;
  /** From now on expositions show what this gives, as text 0.0.4: the combined metrics of several processes. `isKept`: whether to keep it for a second here. */
  renderFrom(source: () => Promise<string>, options: { readonly isKept: boolean }): void;
  /** The exposition that `Accept` and `Accept-Encoding` ask for; at most one rendering a second, however many ask. */
  readonly render: RenderMetrics;
}

/** Builds the metrics on a registry of their own: two of them share nothing. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const errors = createErrorMetrics(registry);
  registerBuildInfo(registry, options);
  registerProcessMetrics(registry);
  registerRenderedTimestamp(registry, options.nowMs ?? Date.now);
  let renderText = () => registry.metrics();
  let isKept = true;
  return {
    errors,
    http: createHttpMetrics(registry),
    bot: createBotMetrics(registry, errors),
    telegram: createTelegramMetrics(registry),
    ai: createAiMetrics(registry, options.models, options.nowMs ?? Date.now),
    drift: createDriftMetrics(registry),
    budgets: createBudgetMetrics(registry),
    activity: createActivityMetrics(registry),
    payments: createPaymentMetrics(registry),
    jobs: createJobMetrics(registry, errors),
    pool: createPoolMetrics(registry),
    parity: createParityMetrics(registry),
    scheduler: createSchedulerMetrics(registry, options.schedules, errors),
    retention: createRetentionMetrics(registry),
    health: createHealthMetrics(registry),
    refresh: createRefreshMetrics(registry),
    snapshot: () => takeSnapshot(registry),
    lastingSnapshot: () => takeLastingSnapshot(registry),
    renderFrom: (source, options) => {
      renderText = source;
      isKept = options.isKept;
    },
    render: createRenderer(() => renderText(), undefined, () => isKept),
  };
}
