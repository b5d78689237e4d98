import { useQuery } from '@tanstack/react-query';
import type { ErrorsInput, ErrorsReport } from '#server/contracts/errors.ts';
import { LIVE_QUERY_OPTIONS, type LiveState } from '../../lib/live.ts';
import { isSessionEnded, useTRPC } from '../../lib/trpc.ts';

/** The errors as the loader read them, then refreshed; the last good figures stay when a refresh fails. */
export function useLiveErrors(input: ErrorsInput, initial: ErrorsReport): { report: ErrorsReport; state: LiveState } {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.errors.get.queryOptions(input), ...LIVE_QUERY_OPTIONS, initialData: initial });
  const failed: LiveState = isSessionEnded(query.error) ? 'session_ended' : 'stale';
  return { report: query.data, state: query.isError ? failed : 'live' };
}
