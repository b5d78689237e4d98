import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { isRouteErrorResponse, useLoaderData, useRouteError } from '@remix-run/react';
import { ErrorPage } from '../components/error-page.tsx';
import { RefusedRangePage } from '../components/refused-range-page.tsx';
import { HealthPanel } from '../features/health/health-panel.tsx';
import { OverviewPage } from '../features/overview/overview-page.tsx';
import { callApi, requireSession } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';
import { parseRangeQuery, RefusedRange } from '../lib/range-query.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.nav.monitoring);

export async function loader({ request, context }: LoaderFunctionArgs) {
  requireSession(context, request);
  const query = parseRangeQuery(new URL(request.url).searchParams);
  if (!query.isValid) throw data<RefusedRange>(query.refused, { status: 400 });
  const { input } = query;
  const [overview, health] = await callApi(request, () => Promise.all([context.api.overview.get(input), context.api.health.get()]));
  return { input, overview, health };
}

export default function MonitoringPage() {
  const { input, overview, health } = useLoaderData<typeof loader>();
  return <OverviewPage input={input} initial={overview} healthPanel={<HealthPanel initial={health} />} />;
}

export function ErrorBoundary() {
  const error = useRouteError();
  const refused = isRouteErrorResponse(error) ? RefusedRange.safeParse(error.data).data : undefined;
  return refused ? <RefusedRangePage issues={refused.issues} /> : <ErrorPage error={error} />;
}
