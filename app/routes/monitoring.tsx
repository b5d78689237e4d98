import type { LoaderFunctionArgs } from '@remix-run/node';
import { Outlet, useLoaderData } from '@remix-run/react';
import { BudgetBanners } from '../features/budgets/budget-banners.tsx';
import { OPEN_INCIDENTS } from '../features/health/health-data.ts';
import { IncidentBanners } from '../features/health/incident-banners.tsx';
import { callApi, requireSession } from '../lib/guard.server.ts';

/** What every page of the cockpit shows above its own: outages that nobody has acknowledged, and budgets whose steps are in force. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  requireSession(context, request);
  const { api } = context;
  const [banners, open] = await callApi(request, () => Promise.all([api.budgets.banners(), api.incidents.list(OPEN_INCIDENTS)]));
  return { banners, open };
}

export default function MonitoringLayout() {
  const { banners, open } = useLoaderData<typeof loader>();
  return (
    <>
      <IncidentBanners open={open} />
      <BudgetBanners banners={banners} />
      <Outlet />
    </>
  );
}
