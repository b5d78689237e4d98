import { isSessionEnded } from './trpc.ts';

/** How often a live page asks for new figures while it is visible. */
export const LIVE_REFRESH_MS = 5_000;

/**
 * Options of a live query: ask while the page is visible, keep the last data when an attempt fails (the next refresh
 * is the retry), and hold no copy of a range that was left, so that coming back shows what the loader read.
 */
export const LIVE_QUERY_OPTIONS = {
  refetchInterval: LIVE_REFRESH_MS,
  refetchIntervalInBackground: false,
  staleTime: LIVE_REFRESH_MS,
  gcTime: 0,
  retry: false,
  networkMode: 'always',
} as const;

/** How current the data of a live query are. */
export type LiveState = 'live' | 'stale' | 'session_ended';

/** How current the data of a live query are: the last good ones stay when a refresh fails. */
export function liveStateOf({ isError, error }: { readonly isError: boolean; readonly error: unknown }): LiveState {
  if (!isError) return 'live';
  return isSessionEnded(error) ? 'session_ended' : 'stale';
}
