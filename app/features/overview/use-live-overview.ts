import { useQuery } from '@tanstack/react-query';
import type { Overview } from '#server/contracts/overview.ts';
import type { RangeInput } from '#server/contracts/time-range.ts';
import { LIVE_QUERY_OPTIONS, liveStateOf, type LiveState } from '../../lib/live.ts';
import { useTRPC } from '../../lib/trpc.ts';

/** The overview as the loader read it, then refreshed; the last good figures stay when a refresh fails. */
export function useLiveOverview(input: RangeInput, initial: Overview): { overview: Overview; state: LiveState } {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.overview.get.queryOptions(input), ...LIVE_QUERY_OPTIONS, initialData: initial });
  return { overview: query.data, state: liveStateOf(query) };
}
