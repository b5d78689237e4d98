import type { LoaderFunctionArgs } from '@remix-run/node';
import { respondWithReport } from '../features/health/respond-with-report.ts';

/** The whole report: 200 if no check is unhealthy, else 503. */
export function loader({ request, context }: LoaderFunctionArgs): Response {
  return respondWithReport({ request, health: context.health, isDetailed: context.session !== null, version: context.version });
}
