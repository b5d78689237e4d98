import { data, redirect, type AppLoadContext } from '@remix-run/node';
import { TRPCError } from '@trpc/server';
import type { SessionInfo } from '#server/contracts/login.ts';
import { AppError } from '#server/errors.ts';
import { findRefusedRange, type RefusedRange } from './range-query.ts';

/** What an error page may know of a refusal. */
export interface Refusal {
  readonly kind: 'bad_request' | 'refused';
}

const REFUSAL_STATUSES: Partial<Record<TRPCError['code'], number>> = {
  BAD_REQUEST: 400,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  TOO_MANY_REQUESTS: 429,
  SERVICE_UNAVAILABLE: 503,
};

function redirectToLogin(request: Request): Response {
  const { pathname, search } = new URL(request.url);
  return redirect(`/login?${new URLSearchParams({ next: `${pathname}${search}` }).toString()}`);
}

/** The session of the visitor; throws a redirect to the log-in page, which leads back here, when there is none. */
export function requireSession(context: AppLoadContext, request: Request): SessionInfo {
  if (!context.session) throw redirectToLogin(request);
  return context.session;
}

/**
 * Runs calls of the API for a loader or an action. Refusals become what Remix shows: a redirect to the log-in page,
 * the page that tells why a range is refused, or an error page with the status of the refusal; anything else is rethrown and ends as a page with status 500.
 */
export async function callApi<Result>(request: Request, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    if (error.code === 'UNAUTHORIZED') throw redirectToLogin(request);
    const refusedRange = findRefusedRange(error.cause);
    if (refusedRange) throw data<RefusedRange>(refusedRange, { status: 400 });
    const status = REFUSAL_STATUSES[error.code];
    if (status === undefined) throw error;
    throw data<Refusal>({ kind: status === 400 ? 'bad_request' : 'refused' }, { status });
  }
}

/** Whether the API refused because things have changed meanwhile, which a form tells in its own words. */
export function isConflict(error: unknown): boolean {
  return error instanceof TRPCError && error.code === 'CONFLICT';
}

/** Whether the API refused what it was given, for forms that know what it can only have been. */
export function isBadInput(error: unknown): boolean {
  return error instanceof TRPCError && error.code === 'BAD_REQUEST';
}

/** Why something that may be asked for only now and then, or of others, was not done, for pages that tell it in their own words; rethrows any other error. */
export function expectRefusal(error: unknown): 'throttled' | 'unavailable' {
  if (error instanceof TRPCError && error.code === 'TOO_MANY_REQUESTS') return 'throttled';
  if (isConflict(error) || (error instanceof TRPCError && error.code === 'SERVICE_UNAVAILABLE')) return 'unavailable';
  throw error;
}

/** The error as an expected one; rethrows any other. */
export function expectAppError(error: unknown): AppError {
  if (error instanceof AppError && error.code !== 'internal') return error;
  throw error;
}
