import { useQuery } from '@tanstack/react-query';
import type { Users, UsersInput } from '#server/contracts/users.ts';
import { LIVE_QUERY_OPTIONS, liveStateOf, type LiveState } from '../../lib/live.ts';
import { useTRPC } from '../../lib/trpc.ts';

/** The users as the loader read them, then refreshed; the last good figures stay when a refresh fails. */
export function useLiveUsers(input: UsersInput, initial: Users): { report: Users; state: LiveState } {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.users.get.queryOptions(input), ...LIVE_QUERY_OPTIONS, initialData: initial });
  return { report: query.data, state: liveStateOf(query) };
}
