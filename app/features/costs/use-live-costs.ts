import { useQuery } from '@tanstack/react-query';
import type { Costs, CostsInput } from '#server/contracts/costs.ts';
import { LIVE_QUERY_OPTIONS, type LiveState } from '../../lib/live.ts';
import { isSessionEnded, useTRPC } from '../../lib/trpc.ts';

/** The costs as the loader read them, then refreshed; the last good figures stay when a refresh fails. */
export function useLiveCosts(input: CostsInput, initial: Costs): { report: Costs; state: LiveState } {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.costs.get.queryOptions(input), ...LIVE_QUERY_OPTIONS, initialData: initial });
  const failed: LiveState = isSessionEnded(query.error) ? 'session_ended' : 'stale';
  return { report: query.data, state: query.isError ? failed : 'live' };
}
