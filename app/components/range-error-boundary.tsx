import { isRouteErrorResponse, useRouteError } from '@remix-run/react';
import { RefusedRange } from '../lib/range-query.ts';
import { ErrorPage } from './error-page.tsx';
import { RefusedRangePage } from './refused-range-page.tsx';

/** The error boundary of a page that takes a range: a refused one is told in words, anything else as everywhere. */
export function RangeErrorBoundary() {
  const error = useRouteError();
  const refused = isRouteErrorResponse(error) ? RefusedRange.safeParse(error.data).data : undefined;
  return refused ? <RefusedRangePage issues={refused.issues} /> : <ErrorPage error={error} />;
}
