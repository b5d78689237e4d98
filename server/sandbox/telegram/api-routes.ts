import { Router, json, raw, urlencoded, type ErrorRequestHandler, type Request, type Response } from 'express';
import { sleep } from '#server/lib/sleep.ts';
import { ApiError } from './api-error.ts';
import { callMethod, failure, findMethodName, recordCall, type MethodResult } from './call-method.ts';
import type { FaultInput } from './control-schemas.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { Journal } from './journal.ts';
import { findChatId, readArguments, type Arguments } from './read-arguments.ts';
import type { World } from './world.ts';

/** What the Bot API side of the stand-in works on. */
export interface ApiDeps {
  readonly token: string;
  readonly latencyMs: number;
  readonly world: World;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  /** Called for each poll; polls are not in the journal. */
  onPoll(): void;
}

const BODY_SIZE_MAX = '1mb';
const BAD_GATEWAY_PAGE = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';
const DESCRIPTION_BY_CODE = new Map([
  [400, 'Bad Request: chat not found'],
  [401, 'Unauthorized'],
  [403, 'Forbidden: bot was blocked by the user'],
  [409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'],
]);

/** `/bot<token>/<method>` with arguments by query, JSON, urlencoded or multipart body. */
export function createApiRouter(deps: ApiDeps): Router {
  const router = Router();
  const limit = BODY_SIZE_MAX;
  const bodies = [json({ limit }), urlencoded({ extended: false, limit }), raw({ type: 'multipart/form-data', limit })];
  router.all(['/bot:token/:method', '/bot:token/test/:method'], ...bodies, (req, res) => void serve(deps, req, res));
  router.use((_req, res) => sendError(res, new ApiError(404, 'Not Found')));
  router.use(answerUnreadable);
  return router;
}

async function serve(deps: ApiDeps, req: Request, res: Response): Promise<void> {
  const ending = new AbortController();
  res.once('close', () => ending.abort());
  try {
    if (req.params['token'] !== deps.token) throw new ApiError(401, 'Unauthorized');
    const name = findMethodName(req.params['method'] ?? '');
    if (name === null) throw new ApiError(404, 'Not Found: method not found');
    const values = await readArguments(req);
    const isPoll = name === 'getUpdates';
    if (isPoll) deps.onPoll();
    else if (deps.latencyMs > 0) await sleep(deps.latencyMs, ending.signal);
    const answer = await callWithFaults(deps, name, values, ending.signal);
    if (answer === 'destroy') res.destroy();
    else if (answer === 'html502') res.status(502).type('html').send(BAD_GATEWAY_PAGE);
    else res.json({ ok: true, ...answer });
  } catch (error) {
    sendError(res, error);
  }
}

async function callWithFaults(
  deps: ApiDeps,
  name: string,
  values: Arguments,
  signal: AbortSignal,
): Promise<MethodResult | 'destroy' | 'html502'> {
  const fault = deps.faults.take(name, findChatId(values));
  const call = (): Promise<MethodResult> => callMethod(deps.world, deps.journal, name, values, signal);
  const skip = (errorCode: number | null, description: string): void =>
    recordCall(deps.journal, name, values, failure(errorCode, description));
  if (!fault) return call();
  const released = Promise.race([deps.faults.released, closed(signal)]);
  switch (fault.kind) {
    case 'error': {
      const error = toApiError(fault);
      skip(error.errorCode, error.message);
      throw error;
    }
    case 'html502':
      skip(502, 'Bad Gateway');
      return 'html502';
    case 'destroy':
      skip(null, 'connection destroyed');
      return 'destroy';
    case 'hang_before':
      skip(null, 'never performed');
      await released;
      return 'destroy';
    case 'hang_after':
      await call();
      await released;
      return 'destroy';
    case 'delay':
      await sleep(fault.delayMs, signal);
      return call();
  }
}

function closed(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function toApiError(fault: FaultInput): ApiError {
  const seconds = fault.retryAfterSeconds ?? (fault.errorCode === 429 ? 1 : undefined);
  const usual = fault.errorCode === 429 ? `Too Many Requests: retry after ${seconds}` : DESCRIPTION_BY_CODE.get(fault.errorCode);
  const description = fault.description ?? usual ?? 'Internal Server Error';
  return new ApiError(fault.errorCode, description, seconds === undefined ? undefined : { retry_after: seconds });
}

function sendError(res: Response, thrown: unknown): void {
  const error = thrown instanceof ApiError ? thrown : new ApiError(500, 'Internal Server Error');
  const parameters = error.parameters;
  if (parameters?.retry_after !== undefined) res.setHeader('retry-after', String(parameters.retry_after));
  res
    .status(error.errorCode)
    .json({ ok: false, error_code: error.errorCode, description: error.message, ...(parameters ? { parameters } : {}) });
}

/** Bodies and paths that express could not read. */
const answerUnreadable: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  const isTooLarge = typeof error === 'object' && error !== null && 'type' in error && error.type === 'entity.too.large';
  sendError(res, isTooLarge ? new ApiError(413, 'Request Entity Too Large') : new ApiError(400, "Bad Request: can't parse request"));
};
