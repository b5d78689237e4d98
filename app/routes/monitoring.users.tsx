import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { UsersPage } from '../features/users/users-page.tsx';
import { callApi, requireSession } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';
import { parseRangeQuery, type RefusedRange } from '../lib/range-query.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.users.title);

export async function loader({ request, context }: LoaderFunctionArgs) {
  requireSession(context, request);
  const query = parseRangeQuery(new URL(request.url).searchParams);
  if (!query.isValid) throw data<RefusedRange>(query.refused, { status: 400 });
  const { input } = query;
  return { input, report: await callApi(request, () => context.api.users.get(input)) };
}

export default function UsersRoute() {
  const { input, report } = useLoaderData<typeof loader>();
  return <UsersPage input={input} initial={report} />;
}

export { RangeErrorBoundary as ErrorBoundary } from '../components/range-error-boundary.tsx';
