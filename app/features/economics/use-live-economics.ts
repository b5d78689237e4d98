import { useQuery } from '@tanstack/react-query';
import type { Economics, EconomicsInput } from '#server/contracts/economics.ts';
import { LIVE_QUERY_OPTIONS, liveStateOf, type LiveState } from '../../lib/live.ts';
import { useTRPC } from '../../lib/trpc.ts';

/** The economics as the loader read them, then refreshed; the last good figures stay when a refresh fails. */
export function useLiveEconomics(input: EconomicsInput, initial: Economics): { report: Economics; state: LiveState } {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.economics.get.queryOptions(input), ...LIVE_QUERY_OPTIONS, initialData: initial });
  return { report: query.data, state: liveStateOf(query) };
}
