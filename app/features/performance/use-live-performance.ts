import { useQuery } from '@tanstack/react-query';
import type { PerformanceInput, PerformanceReport } from '#server/contracts/performance.ts';
import { LIVE_QUERY_OPTIONS, liveStateOf, type LiveState } from '../../lib/live.ts';
import { useTRPC } from '../../lib/trpc.ts';

/** The performance as the loader read it, then refreshed; the last good figures stay when a refresh fails. */
export function useLivePerformance(input: PerformanceInput, initial: PerformanceReport): { report: PerformanceReport; state: LiveState } {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.performance.get.queryOptions(input), ...LIVE_QUERY_OPTIONS, initialData: initial });
  return { report: query.data, state: liveStateOf(query) };
}
