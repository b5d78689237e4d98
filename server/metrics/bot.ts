import type { Registry } from 'prom-client';
import { BOT_HANDLERS, OUTCOMES, type Outcome } from '#server/contracts/vocabulary.ts';
import { createCounter, createHistogram } from './definition.ts';
import type { ErrorMetrics } from './errors.ts';
import { closedSet } from './labels.ts';

export const BOT_METRICS = {
  updates: {
    name: 'bot_updates_total',
    type: 'counter',
    help: 'Telegram updates handled to their end, by feature.',
    unit: 'count',
    labels: { handler: BOT_HANDLERS, outcome: OUTCOMES },
  },
  duration: {
    name: 'bot_update_duration_seconds',
    type: 'histogram',
    help: 'Time from taking an update out of the inbox to its end.',
    unit: 'seconds',
    labels: { handler: BOT_HANDLERS },
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 21, 34, 60, 120],
  },
  age: {
    name: 'bot_update_age_seconds',
    type: 'histogram',
    help: 'Time from the date that Telegram gave an update to its end: what the user waited.',
    unit: 'seconds',
    labels: {},
    buckets: [0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 900, 3_600, 21_600, 86_400],
  },
} as const;

/** One update, handled to its end. */
export interface HandledUpdate {
  readonly handler: string;
  readonly outcome: Outcome;
  readonly errorType: string | null;
  readonly durationMs: number;
  readonly updateAgeMs: number;
  /** False for an update from nobody that we know, which leaves no interaction; true unless said. */
  readonly isRecorded?: boolean;
}

/** Updates that left an interaction. */
export interface BotTotals {
  readonly updates: number;
  readonly failedUpdates: number;
}

export interface BotMetrics {
  recordUpdate(update: HandledUpdate): void;
  totals(): BotTotals;
}

export function createBotMetrics(registry: Registry, errors: ErrorMetrics): BotMetrics {
  const updates = createCounter(registry, BOT_METRICS.updates);
  const duration = createHistogram(registry, BOT_METRICS.duration);
  const age = createHistogram(registry, BOT_METRICS.age);
  const handlerLabel = closedSet(BOT_HANDLERS);
  const totals = { updates: 0, failedUpdates: 0 };
  for (const handler of BOT_HANDLERS) {
    for (const outcome of OUTCOMES) updates.inc({ handler, outcome }, 0);
    duration.zero({ handler });
  }
  return {
    recordUpdate(update) {
      const handler = handlerLabel(update.handler);
      updates.inc({ handler, outcome: update.outcome });
      duration.observe({ handler }, update.durationMs / 1_000);
      // A sender's clock may be ahead of ours.
      age.observe(Math.max(0, update.updateAgeMs) / 1_000);
      if (update.outcome === 'failed') errors.recordError(handler, update.errorType ?? 'internal');
      if (update.isRecorded === false) return;
      totals.updates += 1;
      if (update.outcome === 'failed') totals.failedUpdates += 1;
    },
    totals: () => ({ ...totals }),
  };
}
