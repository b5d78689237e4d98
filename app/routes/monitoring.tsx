import type { LoaderFunctionArgs } from '@remix-run/node';
import { Outlet, useLoaderData } from '@remix-run/react';
import { BudgetBanners } from '../features/budgets/budget-banners.tsx';
import { callApi, requireSession } from '../lib/guard.server.ts';

/** What every page of the cockpit shows above its own: budgets whose steps are in force. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  requireSession(context, request);
  return { banners: await callApi(request, () => context.api.budgets.banners()) };
}

export default function MonitoringLayout() {
  return (
    <>
      <BudgetBanners banners={useLoaderData<typeof loader>().banners} />
      <Outlet />
    </>
  );
}
