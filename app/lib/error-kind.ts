import { isRouteErrorResponse } from '@remix-run/react';
import { isUnreachable } from './unreachable.ts';

const KINDS_BY_STATUS = {
  400: 'badRequest',
  401: 'forbidden',
  403: 'forbidden',
  404: 'notFound',
  405: 'badRequest',
  429: 'throttled',
  503: 'unavailable',
} as const;

export type ErrorKind = (typeof KINDS_BY_STATUS)[keyof typeof KINDS_BY_STATUS] | 'unreachable' | 'internal';

/** Instead of data came what no page of ours says: a refusal of the server as a whole, or of a proxy in front of it. */
function isForeign(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Unable to decode turbo-stream response');
}

/** What kind of trouble a page has, of those for which there are words. */
export function findErrorKind(error: unknown): ErrorKind {
  if (!isRouteErrorResponse(error)) return isUnreachable(error) ? 'unreachable' : isForeign(error) ? 'unavailable' : 'internal';
  const known = Object.entries(KINDS_BY_STATUS).find(([status]) => Number(status) === error.status);
  return known?.[1] ?? (error.status < 500 ? 'badRequest' : 'internal');
}
