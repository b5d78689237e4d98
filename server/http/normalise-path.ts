import type { RequestHandler } from 'express';
import { AppError } from '#server/errors.ts';
import { requestState } from './request-state.ts';

/** Two slashes, a backslash or a control character, dot segments, and all of these percent-encoded. */
const AMBIGUOUS = /\/\/|[\\\u0000-\u0020\u007f]|%(?:00|2f|5c|2e)|\/\.{1,2}(?:\/|$)/i;

/**
 * The one spelling of a path, or null when different readers could read it differently. Such a path is refused rather
 * than repaired; only one slash at the end goes.
 */
export function normalisePath(path: string): string | null {
  if (!path.startsWith('/') || AMBIGUOUS.test(path)) return null;
  try {
    decodeURIComponent(path);
  } catch {
    return null;
  }
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Rewrites the request to its normal path, so that nobody after this sees another; refuses ambiguous ones with 400. */
export function normaliseRequestPath(): RequestHandler {
  return (req, res, next) => {
    const queryAt = req.url.indexOf('?');
    const query = queryAt === -1 ? '' : req.url.slice(queryAt);
    const path = normalisePath(queryAt === -1 ? req.url : req.url.slice(0, queryAt));
    if (path === null) {
      next(new AppError('bad_input', 'This address is not well-formed.'));
      return;
    }
    requestState(res).path = path;
    req.url = path + query;
    req.originalUrl = path + query;
    next();
  };
}
