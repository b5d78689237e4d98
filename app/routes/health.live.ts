import type { LoaderFunctionArgs } from '@remix-run/node';
import { textResponse } from '../lib/resource-response.ts';

/** Liveness: the event loop turns, and so do the loops that must go on by themselves. Looks at nothing outside the process. */
export function loader({ context }: LoaderFunctionArgs): Response {
  return context.health.isLive() ? textResponse('ok') : textResponse('not live', 503);
}
