import { Registry } from 'prom-client';
import type { RenderedMetrics } from '#server/contracts/load-context.ts';
import { createActivityMetrics, type ActivityMetrics } from './activity.ts';
import { createAiMetrics, type AiMetrics } from './ai.ts';
import { createBotMetrics, type BotMetrics } from './bot.ts';
import { createBudgetMetrics, type BudgetMetrics } from './budgets.ts';
import { registerBuildInfo, type BuildFacts } from './build.ts';
import { createDriftMetrics, type DriftMetrics } from './drift.ts';
import { createErrorMetrics, type ErrorMetrics } from './errors.ts';
import { createHealthMetrics, type HealthMetrics } from './health.ts';
import { createHttpMetrics, type HttpMetrics } from './http.ts';
import { registerProcessMetrics } from './process.ts';
import { createRefreshMetrics, type RefreshMetrics } from './refresh.ts';
import { createRenderer } from './render.ts';
import { createSchedulerMetrics, type SchedulerMetrics } from './scheduler.ts';
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
  readonly scheduler: SchedulerMetrics;
  readonly health: HealthMetrics;
  readonly refresh: RefreshMetrics;
  /** The exposition that `Accept` asks for; at most one rendering a second, however many ask. */
  render(accept: string | null): Promise<RenderedMetrics>;
}

/** Builds the metrics on a registry of their own: two of them share nothing. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const errors = createErrorMetrics(registry);
  registerBuildInfo(registry, options);
  registerProcessMetrics(registry);
  return {
    errors,
    http: createHttpMetrics(registry),
    bot: createBotMetrics(registry, errors),
    telegram: createTelegramMetrics(registry),
    ai: createAiMetrics(registry, options.models, options.nowMs ?? Date.now),
    drift: createDriftMetrics(registry),
    budgets: createBudgetMetrics(registry),
    activity: createActivityMetrics(registry),
    scheduler: createSchedulerMetrics(registry, options.schedules, errors),
    health: createHealthMetrics(registry),
    refresh: createRefreshMetrics(registry),
    render: createRenderer(() => registry.metrics()),
  };
}
