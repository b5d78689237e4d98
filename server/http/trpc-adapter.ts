import type { AnyRouter, TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { SessionInfo } from '#server/contracts/login.ts';
import type { Logger } from '#server/lib/logger.ts';
import { describeError, framesOf } from '#server/errors.ts';
import type { FailedProcedure } from './request-state.ts';

const ENDPOINT = '/trpc';
const BATCH_SIZE_MAX = 10;

export interface TrpcAdapterDeps {
  readonly router: AnyRouter;
  /** Makes the context that the router's procedures get. */
  readonly createContext: (session: SessionInfo | null) => object;
  readonly logger: Logger;
}

export interface TrpcCaller {
  readonly requestId: string;
  readonly session: SessionInfo | null;
  readonly onFailure: (failure: FailedProcedure) => void;
}

/** The names of all procedures of a router, as they stand in URLs. */
export function listProcedures(router: AnyRouter): readonly string[] {
  return Object.keys(router._def.procedures);
}

/** Answers requests under `/trpc`. A batch of more than ten is refused whole, with 400, before anything of it runs. */
export function createTrpcAdapter({ router, createContext, logger }: TrpcAdapterDeps) {
  return (request: Request, caller: TrpcCaller): Promise<Response> => {
    const names = new URL(request.url).pathname.slice(ENDPOINT.length + 1).split(',');
    if (names.length > BATCH_SIZE_MAX) {
      const message = `A batch may hold at most ${BATCH_SIZE_MAX} calls.`;
      const body = { error: { message, code: -32_600, data: { code: 'BAD_REQUEST', httpStatus: 400 } } };
      return Promise.resolve(Response.json(body, { status: 400 }));
    }
    const onError = ({ error, path }: { error: TRPCError; path: string | undefined }) => {
      const httpStatus = getHTTPStatusCodeFromError(error);
      if (path !== undefined) caller.onFailure({ path, httpStatus });
      if (httpStatus >= 500) logger.error({ requestId: caller.requestId, procedure: path, err: describeError(error), stack: framesOf(error.cause) }, 'procedure failed');
    };
    return fetchRequestHandler({ endpoint: ENDPOINT, req: request, router, createContext: () => createContext(caller.session), onError });
  };
}
