import type { LoaderFunctionArgs } from '@remix-run/node';
import { textResponse } from '../lib/resource-response.ts';

/** Readiness: whether this process should get traffic now. Reads memory only. */
export function loader({ context }: LoaderFunctionArgs): Response {
  return context.health.isReady() ? textResponse('ready') : textResponse('not ready', 503);
}
