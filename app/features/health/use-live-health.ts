import { useQuery } from '@tanstack/react-query';
import { LIVE_QUERY_OPTIONS, type LiveState } from '../../lib/live.ts';
import { isSessionEnded, useTRPC } from '../../lib/trpc.ts';
import { LATEST_INCIDENTS, type HealthData, type HealthQuery } from './health-data.ts';

/** What a form has just changed is in what the loader read, before the next refresh brings it. */
function newer<Told extends { readonly generatedAt: string }>(refreshed: Told, loaded: Told): Told {
  return Date.parse(loaded.generatedAt) > Date.parse(refreshed.generatedAt) ? loaded : refreshed;
}

/** The page as the loader read it, then refreshed; what was known stays when a refresh fails. The report has a refresh of its own. */
export function useLiveHealth({ range, incidents, windows }: HealthQuery, loaded: HealthData): { data: HealthData; state: LiveState } {
  const trpc = useTRPC();
  const history = useQuery({ ...trpc.healthHistory.get.queryOptions(range), ...LIVE_QUERY_OPTIONS, initialData: loaded.history });
  const listed = useQuery({ ...trpc.incidents.list.queryOptions(incidents), ...LIVE_QUERY_OPTIONS, initialData: loaded.incidents });
  const latest = useQuery({ ...trpc.incidents.list.queryOptions(LATEST_INCIDENTS), ...LIVE_QUERY_OPTIONS, initialData: loaded.latest });
  const planned = useQuery({ ...trpc.maintenance.list.queryOptions(windows), ...LIVE_QUERY_OPTIONS, initialData: loaded.windows });
  const parity = useQuery({ ...trpc.parity.get.queryOptions(), ...LIVE_QUERY_OPTIONS, initialData: loaded.parity });
  const failed = [history, listed, latest, planned, parity].find(({ isError }) => isError);
  const data = {
    report: loaded.report,
    history: newer(history.data, loaded.history),
    incidents: newer(listed.data, loaded.incidents),
    latest: newer(latest.data, loaded.latest),
    windows: newer(planned.data, loaded.windows),
    parity: parity.data,
  };
  if (!failed) return { data, state: 'live' };
  return { data, state: isSessionEnded(failed.error) ? 'session_ended' : 'stale' };
}
