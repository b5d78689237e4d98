import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { CostsPage } from '../features/costs/costs-page.tsx';
import { measuredPath, type DriftAnswer } from '../features/costs/drift-answer.ts';
import { parseCostsQuery } from '../features/costs/costs-query.ts';
import { callApi, expectRefusal, requireSession, type Refusal } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';
import { parseRangeQuery, type RefusedRange } from '../lib/range-query.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.costs.title);

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { role } = requireSession(context, request);
  const { searchParams } = new URL(request.url);
  const query = parseRangeQuery(searchParams);
  if (!query.isValid) throw data<RefusedRange>(query.refused, { status: 400 });
  const input = parseCostsQuery(searchParams, query.input);
  if (input === null) throw data<Refusal>({ kind: 'bad_request' }, { status: 400 });
  const model = searchParams.get('history');
  const { api } = context;
  const [report, waste, prices, history, drift] = await callApi(request, () =>
    Promise.all([api.costs.get(input), api.waste.get(query.input), api.prices.list(query.input), model === null ? null : api.prices.history({ model }), api.drift.get()]),
  );
  return { input, report, costs: { waste, prices, history, drift, canMeasure: role !== 'viewer' } };
}

/** Has the drift measured, and leads back to the same range. */
export async function action({ request, context }: ActionFunctionArgs) {
  requireSession(context, request);
  const refusal = await callApi(request, () => context.api.drift.measure().then(() => null, expectRefusal));
  if (refusal) return data<DriftAnswer>({ refusal }, { status: refusal === 'throttled' ? 429 : 503 });
  return redirect(measuredPath(request.url));
}

export default function CostsRoute() {
  const { costs, input, report } = useLoaderData<typeof loader>();
  return <CostsPage costs={costs} input={input} initial={report} />;
}

export { RangeErrorBoundary as ErrorBoundary } from '../components/range-error-boundary.tsx';
