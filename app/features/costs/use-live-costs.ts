import { useQuery } from '@tanstack/react-query';
import type { Costs, CostsInput } from '#server/contracts/costs.ts';
import type { RangeInput } from '#server/contracts/time-range.ts';
import type { Waste } from '#server/contracts/waste.ts';
import { LIVE_QUERY_OPTIONS, liveStateOf, type LiveState } from '../../lib/live.ts';
import { useTRPC } from '../../lib/trpc.ts';

/** The costs as the loader read them, then refreshed; the last good figures stay when a refresh fails. */
export function useLiveCosts(input: CostsInput, initial: Costs): { report: Costs; state: LiveState } {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.costs.get.queryOptions(input), ...LIVE_QUERY_OPTIONS, initialData: initial });
  return { report: query.data, state: liveStateOf(query) };
}

/** Value and waste of the same range, refreshed with the costs: two sums of one page that part would look like a mistake. */
export function useLiveWaste({ range, from, to, bucket, compare }: RangeInput, initial: Waste): Waste {
  const trpc = useTRPC();
  return useQuery({ ...trpc.waste.get.queryOptions({ range, from, to, bucket, compare }), ...LIVE_QUERY_OPTIONS, initialData: initial }).data;
}
