import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter } from '#server/trpc/router.ts';

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

/** Longest wait for an answer of the API; the next refresh tries again. */
const API_TIMEOUT_MS = 10_000;
/** The server refuses larger batches. */
const BATCH_SIZE_MAX = 10;

/** The typed client of `/trpc`, for the browser. */
export function createApiClient() {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: '/trpc',
        maxItems: BATCH_SIZE_MAX,
        fetch: (url, options) => {
          const timeout = AbortSignal.timeout(API_TIMEOUT_MS);
          return fetch(url, { ...options, signal: options?.signal ? AbortSignal.any([options.signal, timeout]) : timeout });
        },
      }),
    ],
  });
}

/** True if the API refused because nobody is logged in (any more). */
export function isSessionEnded(error: unknown): boolean {
  if (!(error instanceof TRPCClientError)) return false;
  const shape: unknown = error.data;
  return typeof shape === 'object' && shape !== null && 'code' in shape && shape.code === 'UNAUTHORIZED';
}
