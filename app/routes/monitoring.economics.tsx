import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { EconomicsPage } from '../features/economics/economics-page.tsx';
import { parseEconomicsQuery } from '../features/economics/economics-query.ts';
import { callApi, requireSession, type Refusal } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';
import { parseRangeQuery, type RefusedRange } from '../lib/range-query.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.economics.title);

export async function loader({ request, context }: LoaderFunctionArgs) {
  requireSession(context, request);
  const { searchParams } = new URL(request.url);
  const query = parseRangeQuery(searchParams);
  if (!query.isValid) throw data<RefusedRange>(query.refused, { status: 400 });
  const input = parseEconomicsQuery(searchParams, query.input);
  if (input === null) throw data<Refusal>({ kind: 'bad_request' }, { status: 400 });
  return { input, report: await callApi(request, () => context.api.economics.get(input)) };
}

export default function EconomicsRoute() {
  const { input, report } = useLoaderData<typeof loader>();
  return <EconomicsPage input={input} initial={report} />;
}

export { RangeErrorBoundary as ErrorBoundary } from '../components/range-error-boundary.tsx';
