import type { LoaderFunctionArgs } from '@remix-run/node';
import { respondWithCheck, toHealthRequest } from '../features/health/respond-with-report.ts';

/** One check of the report under its own address. */
export function loader(input: LoaderFunctionArgs): Response {
  return respondWithCheck(toHealthRequest(input), input.params.check ?? '');
}
