import type { Registry } from 'prom-client';
import { HTTP_STATUS_CLASSES, type HttpStatusClass } from '#server/contracts/vocabulary.ts';
import { createCounter, createGauge } from './definition.ts';
import { HttpSeries } from './http-series.ts';
import { OTHER } from './labels.ts';
import { SeriesHistogram } from './series-histogram.ts';

export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', OTHER] as const;
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

/** The same as it is counted: its labels are of closed sets. */
export type CountedRequest = Pick<FinishedRequest, 'handler' | 'method' | 'status' | 'durationMs'>;

export interface HttpMetrics {
  /** Closes the set of handlers and starts their series at 0. Until then every handler is `other`. */
  declareHandlers(handlers: readonly string[]): void;
  /** Counts a request as in progress until the returned function is called (once counts). */
  recordStarted(handler: string, method: string): () => void;
  recordFinished(request: FinishedRequest): void;
  /** From now on tells of every request that is counted, under the labels it is counted by. */
  observeCounted(listener: (request: CountedRequest) => void): void;
}

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const kept = new HttpSeries([UNMATCHED_HANDLER], HTTP_METHODS);
  createCounter(registry, HTTP_METRICS.requests, function collect() {
    this.reset();
    for (const { labels, statusCounts } of kept.all()) for (const [status, count] of statusCounts) this.inc({ ...labels, status }, count);
  });
  const duration = new SeriesHistogram(registry, HTTP_METRICS.duration);
  createGauge(registry, HTTP_METRICS.inProgress, function collect() {
    for (const { labels, inProgressCount } of kept.all()) this.set(labels, inProgressCount);
  });
  const requestSize = new SeriesHistogram(registry, HTTP_METRICS.requestSize);
  const responseSize = new SeriesHistogram(registry, HTTP_METRICS.responseSize);
  let tellCounted: ((request: CountedRequest) => void) | null = null;

  return {
    declareHandlers(names) {
      for (const handler of [...names, UNMATCHED_HANDLER]) {
        kept.declareHandler(handler);
        const series = kept.ofMethod(kept.ofHandler(handler), 'GET');
        for (const status of ['2xx', '3xx', '4xx', '5xx'] as const) series.statusCounts.set(status, series.statusCounts.get(status) ?? 0);
        series.duration ??= duration.startSeries(series.labels);
      }
    },
    recordStarted(handler, method) {
      const series = kept.ofMethod(kept.ofHandler(handler), method);
      series.inProgressCount += 1;
      let isOpen = true;
      return () => {
        if (isOpen) series.inProgressCount -= 1;
        isOpen = false;
      };
    },
    recordFinished({ handler, method, status, durationMs, requestSizeBytes, responseSizeBytes }) {
      const ofHandler = kept.ofHandler(handler);
      const series = kept.ofMethod(ofHandler, method);
      series.statusCounts.set(status, (series.statusCounts.get(status) ?? 0) + 1);
      if (durationMs !== null) (series.duration ??= duration.startSeries(series.labels)).observe(durationMs / 1_000);
      const labels = { handler: ofHandler.handler };
      ofHandler.sizes ??= { request: requestSize.startSeries(labels), response: responseSize.startSeries(labels) };
      ofHandler.sizes.request.observe(requestSizeBytes);
      ofHandler.sizes.response.observe(responseSizeBytes);
      tellCounted?.({ ...series.labels, status, durationMs });
    },
    observeCounted(listener) {
      tellCounted = listener;
    },
  };
}
