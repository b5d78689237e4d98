import type { LoaderFunctionArgs } from '@remix-run/node';
import { respondWithReport, toHealthRequest } from '../features/health/respond-with-report.ts';

/** The whole report: 200 if no check is unhealthy, else 503. */
export function loader(input: LoaderFunctionArgs): Response {
  return respondWithReport(toHealthRequest(input));
}
