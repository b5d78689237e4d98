import { createGaugeRefresher } from '#server/metrics/gauge-refresher.ts';
import { createLookupLoop } from '#server/jobs/lookup-loop.ts';
import { lookUpCosts } from '#server/services/generations/look-up-costs.ts';
import { releaseReservations } from '#server/services/generations/reconcile-generations.ts';
import { recountBudgets } from '#server/services/budgets/recount.ts';
import { readGauges } from '#server/services/reports/read-gauges.ts';
import { createEndedCounter } from '#server/services/reports/read-queue-depths.ts';
import { createProgress } from '#server/health/progress.ts';
import type { HealthSampler } from '#server/health/sampler.ts';
import type { ParityPort } from '../contracts/parity.ts';
import type { Clock } from '../lib/clock.ts';
import type { Parts } from './compose-input.ts';
import { startParityCheck } from './check-parity.ts';
import { startAlerts } from './create-alerts.ts';
import { createHealth } from './create-health.ts';
import { createJobs } from './create-jobs.ts';
import { createLedger, type Ledger } from './create-ledger.ts';
import { layDownBudgets } from './lay-down-budgets.ts';
import { premiumPriceOf } from './premium-price.ts';
import { startHealthHistory } from './record-health.ts';
import { startRollups } from './start-rollups.ts';
import { startBot } from './start-bot.ts';
import { webhookOf } from './webhook.ts';

const GAUGE_INTERVAL_MS = 5_000;

/** What works in the background, as the web site sees it. */
export interface Background {
  readonly health: HealthSampler;
  /** The last comparison of counters with tables; null where it is not made. */
  readonly parity: ParityPort | null;
  /** Updates were stored by another process of ours: they can be worked on at once. */
  readonly wakeInbox: () => void;
}

/** Starts all that works without being asked: the bot, schedules, look-ups, health checks, gauges. Once per installation's process. */
export async function startBackground(parts: Parts, clock: Clock): Promise<Background> {
  const { input: { config }, store, clients, metrics, logger, lifecycle } = parts;
  const { db } = store;
  metrics.pool.observePool(() => store.countConnections());
  const ledger = createLedger(parts, clock);
  if (store.isOurs) await releaseReservations(db);
  const reports = { db, clock, reportingTimeZone: config.values.REPORTING_TIMEZONE };
  startRollups(parts, reports.reportingTimeZone);
  await recountBudgets(db, reports.reportingTimeZone, clock.now());
  if (clients.sandbox) await layDownBudgets(reports);
  const progress = createProgress();
  const bot = await startTelegram(parts, ledger, clock, progress.watch('inbox worker'));
  const { schedules, scheduler } = createJobs(parts, clock, progress.watch('scheduler'));
  const lookups = createLookupLoop({ lookUp: () => lookUpCosts(ledger.lookups), logger });
  lookups.start();
  lifecycle.add('cost look-ups', () => lookups.stop());
  scheduler.start();
  lifecycle.add('scheduler', () => scheduler.stop());
  const alerts = await startAlerts(parts, clock);
  const history = startHealthHistory(parts, clock, alerts.onIncidentChange);
  const health = createHealth({ store, llm: clients.llm, telegram: bot?.health ?? null, schedules, metrics, progress, onSample: history.onSample, clock, logger });
  health.markSchemaCurrent();
  health.start();
  lifecycle.add('health sampler', () => {
    health.stop();
    store.watchUntilClosed();
  });
  const countEnded = createEndedCounter();
  const gauges = createGaugeRefresher({ metrics, read: () => readGauges(reports, countEnded), intervalMs: GAUGE_INTERVAL_MS, onRound: progress.watch('gauges'), clock, logger });
  gauges.start();
  lifecycle.add('gauges', () => gauges.stop());
  return { health, parity: startParityCheck(parts, clock), wakeInbox: bot?.wakeInbox ?? (() => undefined) };
}

async function startTelegram({ input: { config }, store, clients: { telegram }, metrics, logger, lifecycle }: Parts, ledger: Ledger, clock: Clock, onRound: () => void) {
  if (!telegram) return null;
  const { db } = store;
  const shared = { db, clock, logger };
  return startBot({
    isDatabaseOurs: store.isOurs,
    webhookUrl: webhookOf(config)?.url ?? null,
    onRound,
    lifecycle,
    deps: {
      ...shared,
      generations: ledger.generations,
      telegram,
      reportingTimeZone: config.values.REPORTING_TIMEZONE,
      premium: premiumPriceOf(config),
      observers: {
        onTelegramRequest: (event) => metrics.telegram.recordRequest(event),
        onUpdateHandled: (event) => metrics.bot.recordUpdate(event),
        onPaymentBooked: (payment) => metrics.payments.recordPayment(payment),
      },
    },
  });
}
