import type { Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';
import { describeError } from '#server/errors.ts';
import type { ActiveUserPeriod, ActivityMetrics } from './activity.ts';
import type { AiMetrics, UnsettledReading } from './ai.ts';
import type { BudgetMetrics, BudgetRatio } from './budgets.ts';
import type { DriftMetrics } from './drift.ts';
import type { JobMetrics, QueueDepths } from './jobs.ts';
import type { RefreshMetrics } from './refresh.ts';
import type { TelegramMetrics } from './telegram.ts';

/** What is read from Postgres in the background, in one go. */
export interface GaugeReadings {
  readonly activeUsers: Readonly<Record<ActiveUserPeriod, number>>;
  readonly pendingUpdateCount: number;
  readonly unsettled: UnsettledReading;
  /** Decimal string of US dollars; null: never measured. */
  readonly ledgerDriftUsd: string | null;
  readonly budgetRatios: readonly BudgetRatio[];
  readonly queueDepths: QueueDepths;
}

export interface GaugeRefresherDeps {
  readonly metrics: {
    readonly activity: Pick<ActivityMetrics, 'setActiveUsers'>;
    readonly telegram: Pick<TelegramMetrics, 'setPendingUpdates'>;
    readonly ai: Pick<AiMetrics, 'setUnsettled'>;
    readonly drift: DriftMetrics;
    readonly budgets: BudgetMetrics;
    readonly jobs: Pick<JobMetrics, 'setQueueDepths'>;
    readonly refresh: RefreshMetrics;
  };
  readonly read: () => Promise<GaugeReadings>;
  readonly intervalMs: number;
  /** Told after each reading, whether it succeeded or not. */
  readonly onRound?: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface GaugeRefresher {
  /** Reads at once, then every `intervalMs` after the end of the reading before. Idempotent. */
  start(): void;
  /** Starts no further reading and waits for the running one. Idempotent. */
  stop(): Promise<void>;
}

/** Keeps the gauges that come from Postgres fresh, so that a scrape reads memory. A failed reading leaves the old values and their old time. */
export function createGaugeRefresher(deps: GaugeRefresherDeps): GaugeRefresher {
  let state: 'new' | 'running' | 'stopped' = 'new';
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();

  const refresh = async () => {
    try {
      const readings = await deps.read();
      deps.metrics.activity.setActiveUsers(readings.activeUsers);
      deps.metrics.telegram.setPendingUpdates(readings.pendingUpdateCount);
      deps.metrics.ai.setUnsettled(readings.unsettled);
      deps.metrics.drift.setLedgerDrift(readings.ledgerDriftUsd);
      deps.metrics.budgets.setRatios(readings.budgetRatios);
      deps.metrics.jobs.setQueueDepths(readings.queueDepths);
      deps.metrics.refresh.recordRefreshed(deps.clock.now());
    } catch (error) {
      deps.logger.warn({ err: describeError(error) }, 'gauges could not be refreshed');
    }
    deps.onRound?.();
    if (state === 'running') timer = setTimeout(run, deps.intervalMs);
  };
  const run = () => {
    running = refresh();
  };

  return {
    start() {
      if (state !== 'new') return;
      state = 'running';
      run();
    },
    stop() {
      state = 'stopped';
      clearTimeout(timer);
      return running;
    },
  };
}
