import type { Registry } from 'prom-client';
import { BOT_HANDLERS, INTERACTION_ERROR_TYPES } from '#server/contracts/vocabulary.ts';
import { createCounter } from './definition.ts';
import { OTHER, closedSet, withOther } from './labels.ts';

/** What an HTTP request or a scheduled run can fail with; bot updates have `INTERACTION_ERROR_TYPES`. */
export const SERVER_ERROR_TYPES = ['internal', 'unavailable'] as const;
export const ERROR_TYPES = withOther([...INTERACTION_ERROR_TYPES, ...SERVER_ERROR_TYPES]);

export const ERROR_METRICS = {
  errors: {
    name: 'errors_total',
    type: 'counter',
    help: 'Failures by HTTP handler, bot feature or schedule; what a visitor did wrong is not one.',
    unit: 'count',
    labels: { handler: 'configured', error_type: ERROR_TYPES },
  },
} as const;

export interface ErrorMetrics {
  /** Adds handlers to the closed set and starts their series at 0. */
  declareHandlers(handlers: readonly string[]): void;
  recordError(handler: string, errorType: string): void;
}

/** Bot features are known from the start; HTTP handlers and schedules are declared. */
export function createErrorMetrics(registry: Registry): ErrorMetrics {
  const errors = createCounter(registry, ERROR_METRICS.errors);
  const errorTypeLabel = closedSet(ERROR_TYPES);
  const handlers = new Set<string>(BOT_HANDLERS);
  for (const handler of BOT_HANDLERS) {
    for (const errorType of INTERACTION_ERROR_TYPES) errors.inc({ handler, error_type: errorType }, 0);
  }
  return {
    declareHandlers(names) {
      for (const handler of names) {
        handlers.add(handler);
        for (const errorType of SERVER_ERROR_TYPES) errors.inc({ handler, error_type: errorType }, 0);
      }
    },
    recordError(handler, errorType) {
      errors.inc({ handler: handlers.has(handler) ? handler : OTHER, error_type: errorTypeLabel(errorType) });
    },
  };
}
