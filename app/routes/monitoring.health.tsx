import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { ListIncidentsInput, ListWindowsInput } from '#server/contracts/health-history.ts';
import { donePath } from '../features/health/health-answer.ts';
import { INCIDENTS_LIMIT, LATEST_INCIDENTS, WINDOWS_LIMIT } from '../features/health/health-data.ts';
import { HealthPage } from '../features/health/health-page.tsx';
import { submitHealthForm } from '../features/health/submit.server.ts';
import { callApi, requireSession } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';
import { parseRangeQuery, type RefusedRange } from '../lib/range-query.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.healthPage.title);

function parseQuery(searchParams: URLSearchParams) {
  const range = parseRangeQuery(searchParams);
  if (!range.isValid) throw data<RefusedRange>(range.refused, { status: 400 });
  const [cursor, before] = [searchParams.get('cursor'), searchParams.get('before')];
  const incidents = ListIncidentsInput.safeParse({ ...range.input, limit: INCIDENTS_LIMIT, ...(cursor === null ? {} : { cursor }) });
  const windows = ListWindowsInput.safeParse({ limit: WINDOWS_LIMIT, ...(before === null ? {} : { before: Number(before) }) });
  if (!incidents.success || !windows.success) throw data(null, { status: 400 });
  return { range: range.input, incidents: incidents.data, windows: windows.data };
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { role } = requireSession(context, request);
  const query = parseQuery(new URL(request.url).searchParams);
  const { api } = context;
  const [report, history, incidents, latest, windows, parity] = await callApi(request, () =>
    Promise.all([
      api.health.get(),
      api.healthHistory.get(query.range),
      api.incidents.list(query.incidents),
      api.incidents.list(LATEST_INCIDENTS),
      api.maintenance.list(query.windows),
      api.parity.get(),
    ]),
  );
  return { query, loaded: { report, history, incidents, latest, windows, parity }, canChange: role !== 'viewer' };
}

/** Acknowledges an incident, or plans, ends or deletes a window; then leads back to the same range. */
export async function action({ request, context }: ActionFunctionArgs) {
  requireSession(context, request);
  const form = await request.formData();
  const submitted = await callApi(request, () => submitHealthForm(context.api, form));
  if (submitted.done) return redirect(donePath(request.url, submitted.done));
  return data(submitted.answer, { status: submitted.status });
}

export default function HealthRoute() {
  return <HealthPage {...useLoaderData<typeof loader>()} answer={useActionData<typeof action>()} />;
}

export { RangeErrorBoundary as ErrorBoundary } from '../components/range-error-boundary.tsx';
