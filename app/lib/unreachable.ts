/** What `fetch` rejects with in the browsers when no answer comes at all; they have no code for it. */
const NETWORK_FAILURE = /failed to fetch|networkerror|load failed|network error|network connection was lost/i;

/** Whether a request got no answer: the server is down, or the network between. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof TypeError && NETWORK_FAILURE.test(error.message);
}
