import type { Registry } from 'prom-client';
import { TELEGRAM_OUTCOMES, type TelegramOutcome } from '#server/contracts/vocabulary.ts';
import { createCounter, createGauge, createHistogram } from './definition.ts';
import { closedSet, withOther } from './labels.ts';

export const TELEGRAM_METHODS = withOther([
  'getMe', 'getUpdates', 'sendMessage', 'sendChatAction', 'answerCallbackQuery', 'editMessageText', 'editMessageReplyMarkup',
  'setMyCommands', 'setMyDescription', 'setMyShortDescription', 'deleteWebhook', 'setWebhook', 'getWebhookInfo', 'sendInvoice', 'answerPreCheckoutQuery',
]);
export const TELEGRAM_METRICS = {
  requests: {
    name: 'telegram_requests_total',
    type: 'counter',
    help: 'Calls of the Bot API, each attempt on its own.',
    unit: 'count',
    labels: { method: TELEGRAM_METHODS, outcome: TELEGRAM_OUTCOMES },
  },
  duration: {
    name: 'telegram_request_duration_seconds',
    type: 'histogram',
    help: 'Time a call of the Bot API took; getUpdates waits for updates by design.',
    unit: 'seconds',
    labels: { method: TELEGRAM_METHODS },
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  pendingUpdates: {
    name: 'telegram_pending_updates',
    type: 'gauge',
    help: 'Updates in the inbox that wait for work or are being worked on; absent until first read.',
    unit: 'count',
    labels: {},
    combine: 'max',
  },
} as const;

/** One call of the Bot API. */
export interface TelegramRequestRecord {
  readonly method: string;
  readonly outcome: TelegramOutcome;
  readonly durationMs: number;
}

export interface TelegramMetrics {
  recordRequest(request: TelegramRequestRecord): void;
  setPendingUpdates(count: number): void;
}

export function createTelegramMetrics(registry: Registry): TelegramMetrics {
  const requests = createCounter(registry, TELEGRAM_METRICS.requests);
  const duration = createHistogram(registry, TELEGRAM_METRICS.duration);
  const pendingUpdates = createGauge(registry, TELEGRAM_METRICS.pendingUpdates);
  const methodLabel = closedSet(TELEGRAM_METHODS);
  for (const method of ['getUpdates', 'sendMessage']) {
    for (const outcome of TELEGRAM_OUTCOMES) requests.inc({ method, outcome }, 0);
  }
  // A gauge without labels starts at 0, and unknown is not 0.
  pendingUpdates.remove();
  return {
    recordRequest(request) {
      const method = methodLabel(request.method);
      requests.inc({ method, outcome: request.outcome });
      duration.observe({ method }, request.durationMs / 1_000);
    },
    setPendingUpdates: (count) => pendingUpdates.set(count),
  };
}
