import type { Registry } from 'prom-client';
import { createCounter, createGauge, createHistogram } from './definition.ts';
import { OTHER } from './labels.ts';

export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', OTHER] as const;
/** `aborted`: the client left before a single byte was sent. */
export const HTTP_STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx', 'aborted'] as const;
export type HttpStatusClass = (typeof HTTP_STATUS_CLASSES)[number];
/** The handler of every path that no route answers. */
export const UNMATCHED_HANDLER = 'unmatched';

const DURATION_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SIZE_BUCKETS_BYTES = [100, 1_000, 10_000, 100_000, 1_000_000];

export const HTTP_METRICS = {
  requests: {
    name: 'requests_total',
    type: 'counter',
    help: 'HTTP requests answered, by route template or tRPC procedure.',
    unit: 'count',
    labels: { handler: 'configured', method: HTTP_METHODS, status: HTTP_STATUS_CLASSES },
  },
  duration: {
    name: 'request_duration_seconds',
    type: 'histogram',
    help: 'Time from a request to the last byte of its response; event streams are left out.',
    unit: 'seconds',
    labels: { handler: 'configured', method: HTTP_METHODS },
    buckets: DURATION_BUCKETS_SECONDS,
  },
  inProgress: {
    name: 'requests_in_progress',
    type: 'gauge',
    help: 'HTTP requests being answered.',
    unit: 'count',
    labels: { handler: 'configured', method: HTTP_METHODS },
  },
  requestSize: {
    name: 'request_size_bytes',
    type: 'histogram',
    help: 'Size of request bodies.',
    unit: 'bytes',
    labels: { handler: 'configured' },
    buckets: SIZE_BUCKETS_BYTES,
  },
  responseSize: {
    name: 'response_size_bytes',
    type: 'histogram',
    help: 'Size of response bodies as sent, compression included.',
    unit: 'bytes',
    labels: { handler: 'configured' },
    buckets: SIZE_BUCKETS_BYTES,
  },
} as const;

/** One answered request, or one procedure of a batch. */
export interface FinishedRequest {
  readonly handler: string;
  readonly method: string;
  readonly status: HttpStatusClass;
  /** Null for event streams, whose end says nothing about speed. */
  readonly durationMs: number | null;
  readonly requestSizeBytes: number;
  readonly responseSizeBytes: number;
}

export interface HttpMetrics {
  /** Closes the set of handlers and starts their series at 0. Until then every handler is `other`. */
  declareHandlers(handlers: readonly string[]): void;
  /** Counts a request as in progress until the returned function is called (once counts). */
  recordStarted(handler: string, method: string): () => void;
  recordFinished(request: FinishedRequest): void;
}

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const requests = createCounter(registry, HTTP_METRICS.requests);
  const duration = createHistogram(registry, HTTP_METRICS.duration);
  const inProgress = createGauge(registry, HTTP_METRICS.inProgress);
  const requestSize = createHistogram(registry, HTTP_METRICS.requestSize);
  const responseSize = createHistogram(registry, HTTP_METRICS.responseSize);
  const handlers = new Set<string>([UNMATCHED_HANDLER]);
  const methods = new Set<string>(HTTP_METHODS);
  const handlerLabel = (handler: string) => (handlers.has(handler) ? handler : OTHER);
  const methodLabel = (method: string) => (methods.has(method) ? method : OTHER);

  return {
    declareHandlers(names) {
      for (const handler of [...names, UNMATCHED_HANDLER]) {
        handlers.add(handler);
        for (const status of ['2xx', '3xx', '4xx', '5xx']) requests.inc({ handler, method: 'GET', status }, 0);
        duration.zero({ handler, method: 'GET' });
        inProgress.inc({ handler, method: 'GET' }, 0);
      }
    },
    recordStarted(handler, method) {
      const labels = { handler: handlerLabel(handler), method: methodLabel(method) };
      inProgress.inc(labels);
      let isOpen = true;
      return () => {
        if (isOpen) inProgress.dec(labels);
        isOpen = false;
      };
    },
    recordFinished(request) {
      const handler = handlerLabel(request.handler);
      const method = methodLabel(request.method);
      requests.inc({ handler, method, status: request.status });
      if (request.durationMs !== null) duration.observe({ handler, method }, request.durationMs / 1_000);
      requestSize.observe({ handler }, request.requestSizeBytes);
      responseSize.observe({ handler }, request.responseSizeBytes);
    },
  };
}
