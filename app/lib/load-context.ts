import type { ServerLoadContext } from '#server/contracts/load-context.ts';
import type { ApiCaller } from '#server/trpc/router.ts';

declare module '@remix-run/node' {
  /** What loaders, actions and resource routes get from the server. */
  interface AppLoadContext extends ServerLoadContext<ApiCaller> {}
  interface Future {
    v3_singleFetch: true;
  }
}
