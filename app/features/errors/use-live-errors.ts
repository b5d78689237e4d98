import { useQuery } from '@tanstack/react-query';
import type { ErrorsInput, ErrorsReport } from '#server/contracts/errors.ts';
import { LIVE_QUERY_OPTIONS, liveStateOf, type LiveState } from '../../lib/live.ts';
import { useTRPC } from '../../lib/trpc.ts';

/** The errors as the loader read them, then refreshed; the last good figures stay when a refresh fails. */
export function useLiveErrors(input: ErrorsInput, initial: ErrorsReport): { report: ErrorsReport; state: LiveState } {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.errors.get.queryOptions(input), ...LIVE_QUERY_OPTIONS, initialData: initial });
  return { report: query.data, state: liveStateOf(query) };
}
