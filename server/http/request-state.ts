import { randomBytes, randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { SessionInfo } from '#server/contracts/login.ts';
import { invariant } from '#server/errors.ts';

/** A procedure of a tRPC batch that failed. */
export interface FailedProcedure {
  readonly path: string;
  readonly httpStatus: number;
}

/** What the middlewares know of a request, one after the other. */
export interface RequestState {
  readonly requestId: string;
  /** Lets scripts of this response run, and no others that stand in its HTML. */
  readonly cspNonce: string;
  /** The path that authorisation, metrics and routing agree on; set once it is known to be well-formed. */
  path: string | null;
  session: SessionInfo | null;
  sessionToken: string | null;
  /** Something threw that should not have; the response counts as an error whatever its status. */
  hasFaulted: boolean;
  readonly failedProcedures: FailedProcedure[];
}

const states = new WeakMap<Response, RequestState>();

/** The state of the request that this response answers. */
export function requestState(res: Response): RequestState {
  const state = states.get(res);
  invariant(state, 'a request has its state from the first middleware on');
  return state;
}

/** The first middleware: gives every request its state and its id, which the response carries too. */
export function createRequestState(): RequestHandler {
  return (_req, res, next) => {
    const requestId = randomUUID();
    states.set(res, {
      requestId,
      cspNonce: randomBytes(16).toString('base64'),
      path: null,
      session: null,
      sessionToken: null,
      hasFaulted: false,
      failedProcedures: [],
    });
    res.setHeader('X-Request-Id', requestId);
    next();
  };
}
