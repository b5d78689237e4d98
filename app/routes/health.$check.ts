import type { LoaderFunctionArgs } from '@remix-run/node';
import { respondWithCheck } from '../features/health/respond-with-report.ts';

/** One check of the report under its own address. */
export function loader({ request, context, params }: LoaderFunctionArgs): Response {
  const caller = { request, health: context.health, isDetailed: context.session !== null, version: context.version };
  return respondWithCheck(caller, params.check ?? '');
}
