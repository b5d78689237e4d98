import type { RequestHandler, Response } from 'express';
import type { HttpStatusClass } from '#server/contracts/vocabulary.ts';
import type { Logger } from '#server/lib/logger.ts';
import type { ErrorMetrics } from '#server/metrics/errors.ts';
import { UNMATCHED_HANDLER, type HttpMetrics } from '#server/metrics/http.ts';
import { normalisePath } from './normalise-path.ts';
import { requestState, type RequestState } from './request-state.ts';

export interface MeasureDeps {
  readonly http: HttpMetrics;
  readonly errors: Pick<ErrorMetrics, 'recordError'>;
  /** Handlers that a path counts for; null when it is not counted. */
  readonly match: (path: string) => readonly string[] | null;
  readonly logger: Logger;
}

/** The group of a status code, as the metric's label. */
export function classifyStatus(status: number): HttpStatusClass {
  if (status >= 500) return '5xx';
  if (status >= 400) return '4xx';
  return status >= 300 ? '3xx' : '2xx';
}

/** Statuses of the handlers: that of the response, except for procedures of a batch that failed by themselves. */
function statusesOf(handlers: readonly string[], status: number, state: RequestState): number[] {
  if (state.failedProcedures.length === 0) return handlers.map(() => status);
  const failures = [...state.failedProcedures];
  return handlers.map((handler) => {
    const index = failures.findIndex(({ path }) => `trpc.${path}` === handler);
    const [failure] = index === -1 ? [] : failures.splice(index, 1);
    return failure?.httpStatus ?? status;
  });
}

/** Whether a response is a stream of events, which ends when its reader wants. */
export function isEventStream(res: Response): boolean {
  return String(res.getHeader('content-type') ?? '').startsWith('text/event-stream');
}

/**
 * Counts every request at its end, the last byte included, and each procedure of a batch on its own. Sizes are of what
 * went over the connection: body as announced on the way in, headers included on the way out.
 */
export function measureRequests({ http, errors, match, logger }: MeasureDeps): RequestHandler {
  return (req, res, next) => {
    const path = normalisePath(req.url.split('?', 1)[0] ?? '');
    const handlers = path === null ? [UNMATCHED_HANDLER] : match(path);
    if (handlers === null) return next();
    const startedMs = performance.now();
    const { method, socket } = req;
    const bytesBefore = socket.bytesWritten;
    const ends = handlers.map((handler) => http.recordStarted(handler, method));

    res.once('close', () => {
      const state = requestState(res);
      const durationMs = performance.now() - startedMs;
      const statuses = statusesOf(handlers, state.hasFaulted ? Math.max(res.statusCode, 500) : res.statusCode, state);
      const requestSizeBytes = Number(req.headers['content-length'] ?? 0);
      const responseSizeBytes = Math.max(0, socket.bytesWritten - bytesBefore);
      ends.forEach((end) => end());
      handlers.forEach((handler, index) => {
        const status = statuses[index] ?? res.statusCode;
        http.recordFinished({
          handler,
          method,
          status: res.headersSent ? classifyStatus(status) : 'aborted',
          durationMs: isEventStream(res) ? null : durationMs,
          requestSizeBytes,
          responseSizeBytes,
        });
        if (res.headersSent && status >= 500) errors.recordError(handler, status === 503 ? 'unavailable' : 'internal');
      });
      if (!logger.isLevelEnabled('info')) return;
      logger.info({ requestId: state.requestId, method, handlers, status: res.statusCode, durationMs: Math.round(durationMs) }, 'request');
    });
    return next();
  };
}
