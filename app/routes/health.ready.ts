import type { LoaderFunctionArgs } from '@remix-run/node';
import { respondWithReadiness, toHealthRequest } from '../features/health/respond-with-report.ts';

/** Readiness: whether this process should get traffic now. Reads memory only. */
export function loader(input: LoaderFunctionArgs): Response {
  return respondWithReadiness(toHealthRequest(input));
}
