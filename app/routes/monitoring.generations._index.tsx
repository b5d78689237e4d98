import { data, redirect, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { isRouteErrorResponse, useLoaderData, useRouteError } from '@remix-run/react';
import { ErrorPage } from '../components/error-page.tsx';
import { RefusedRangePage } from '../components/refused-range-page.tsx';
import { dropEmptyParameters, hasEmptyParameter, parseFilterQuery, RefusedFilters } from '../features/generations/filter-query.ts';
import { GenerationsPage } from '../features/generations/generations-page.tsx';
import { RefusedFiltersPage } from '../features/generations/refused-filters-page.tsx';
import { callApi, requireSession } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';
import { parseRangeQuery, RefusedRange } from '../lib/range-query.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.generations.title);

export async function loader({ request, context }: LoaderFunctionArgs) {
  requireSession(context, request);
  const { pathname, searchParams } = new URL(request.url);
  if (hasEmptyParameter(searchParams)) throw redirect(`${pathname}?${dropEmptyParameters(searchParams).toString()}`);
  const range = parseRangeQuery(searchParams);
  if (!range.isValid) throw data<RefusedRange>(range.refused, { status: 400 });
  const filters = parseFilterQuery(searchParams);
  if (!filters.isValid) throw data<RefusedFilters>(filters.refused, { status: 400 });
  return { page: await callApi(request, () => context.api.generations.list({ ...range.input, ...filters.input })) };
}

export default function GenerationsRoute() {
  return <GenerationsPage page={useLoaderData<typeof loader>().page} />;
}

export function ErrorBoundary() {
  const error = useRouteError();
  const told: unknown = isRouteErrorResponse(error) ? error.data : undefined;
  const [range, filters] = [RefusedRange.safeParse(told).data, RefusedFilters.safeParse(told).data];
  if (range) return <RefusedRangePage issues={range.issues} />;
  return filters ? <RefusedFiltersPage issues={filters.issues} /> : <ErrorPage error={error} />;
}
