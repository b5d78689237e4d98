import type { ErrorRequestHandler } from 'express';
import type { Logger } from '#server/lib/logger.ts';
import { AppError, describeError, framesOf } from '#server/errors.ts';
import { requestState } from './request-state.ts';

const UNAVAILABLE_STATUS = 503;
/** What is away is looked for twice a second. */
const RETRY_AFTER_SECONDS = '2';
const INTERNAL_MESSAGE = 'Something went wrong on our side.';

/** Express' own errors (a bad range, a malformed escape) say their status. */
function clientStatusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  return error.status >= 400 && error.status < 500 ? error.status : null;
}

/**
 * The last stop of every error. Visitors get its public words or generic ones, and the id under which the rest is
 * logged, once. It is counted at the end of the response, by its status.
 */
export function createErrorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const { requestId } = requestState(res);
    const clientStatus = clientStatusOf(error);
    const status = error instanceof AppError ? error.httpStatus : (clientStatus ?? 500);
    // Of an outage its beginning is logged, not every request that meets it.
    const isOutage = error instanceof AppError && error.code === 'unavailable' && error.cause === undefined;
    if (status >= 500 && !isOutage) logger.error({ requestId, err: describeError(error), stack: framesOf(error) }, 'request failed');
    if (res.headersSent) {
      // Too late for words: break the connection, so that a half response is not taken for a whole one.
      next(error);
      return;
    }
    const message = error instanceof AppError ? error.message : clientStatus === null ? INTERNAL_MESSAGE : 'This request is not valid.';
    res.status(status).setHeader('Cache-Control', 'no-store');
    if (status === UNAVAILABLE_STATUS) res.setHeader('Retry-After', RETRY_AFTER_SECONDS);
    if ((req.get('accept') ?? '').includes('text/html')) res.type('text/plain').send(`${message}\n\nReference: ${requestId}\n`);
    else res.json({ error: { message, requestId } });
  };
}
