import type { RequestHandler } from 'express';
import { AppError } from '#server/errors.ts';
import { isForMachines } from './gate.ts';
import { requestState } from './request-state.ts';

/** Pages and procedures answered at the same time. One more would only make all of them wait longer. */
const IN_PROGRESS_MAX = 32;

/**
 * Refuses what people ask for, with 503 and at once, while too much of it is being answered already: work that is taken on
 * gets done, and probes are not kept waiting behind it. Probes, scrapes and updates of Telegram always pass.
 */
export function shedLoad(inProgressMax = IN_PROGRESS_MAX): RequestHandler {
  let inProgressCount = 0;
  return (_req, res, next) => {
    if (isForMachines(requestState(res).path ?? '')) return next();
    if (inProgressCount >= inProgressMax) return next(new AppError('unavailable', 'There is too much to do at the moment. Try again soon.'));
    inProgressCount += 1;
    res.once('close', () => {
      inProgressCount -= 1;
    });
    return next();
  };
}
