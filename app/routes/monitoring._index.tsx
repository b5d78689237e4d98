import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { HealthPanel } from '../features/health/health-panel.tsx';
import { OverviewPage } from '../features/overview/overview-page.tsx';
import { callApi, requireSession } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';
import { parseRangeQuery, type RefusedRange } from '../lib/range-query.ts';

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

export { RangeErrorBoundary as ErrorBoundary } from '../components/range-error-boundary.tsx';
