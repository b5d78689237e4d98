import { useQuery } from '@tanstack/react-query';
import type { JobsInput, JobsReport } from '#server/contracts/jobs.ts';
import { LIVE_QUERY_OPTIONS, liveStateOf, type LiveState } from '../../lib/live.ts';
import { useTRPC } from '../../lib/trpc.ts';

/** The jobs as the loader read them, then refreshed; the last good figures stay when a refresh fails. */
export function useLiveJobs(input: JobsInput, initial: JobsReport): { report: JobsReport; state: LiveState } {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.jobs.get.queryOptions(input), ...LIVE_QUERY_OPTIONS, initialData: initial });
  return { report: query.data, state: liveStateOf(query) };
}
