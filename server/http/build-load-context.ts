import type { Request, Response } from 'express';
import type { ExportRequest, ExportResponse, OpenedExport } from '#server/contracts/export.ts';
import type { HealthPort, IntakePort, RenderedMetrics, ServerLoadContext } from '#server/contracts/load-context.ts';
import type { SessionInfo } from '#server/contracts/login.ts';
import { createBearerCheck } from '#server/lib/bearer-check.ts';
import type { Logger } from '#server/lib/logger.ts';
import { acceptsGzip } from '#server/metrics/accept.ts';
import type { ApiCaller } from '#server/trpc/router.ts';
import { AppError, describeError, framesOf } from '#server/errors.ts';
import type { HttpAuth } from './gate.ts';
import { paceBody } from './pace-body.ts';
import { requestState } from './request-state.ts';
import type { TrpcCaller } from './trpc-adapter.ts';

/** Opens an export for who is logged in; rejects as `ExportsPort`. */
export type OpenExport = (request: ExportRequest, session: SessionInfo) => Promise<OpenedExport>;

export interface LoadContextDeps {
  readonly createApi: (session: SessionInfo | null) => ApiCaller;
  readonly auth: HttpAuth;
  readonly health: HealthPort;
  readonly intake: IntakePort | null;
  readonly renderMetrics: (accept: string | null, acceptEncoding: string | null) => Promise<RenderedMetrics>;
  readonly openExport: OpenExport;
  readonly handleTrpc: (request: globalThis.Request, caller: TrpcCaller) => Promise<globalThis.Response>;
  readonly logger: Logger;
  readonly metricsToken: string | null;
  readonly isSandbox: boolean;
  readonly version: string;
}

/** A zip is compressed already. */
const COMPRESSED_TYPE = 'application/zip';

const BEARER = /^\s*Bearer\b/i;

/** Makes what loaders, actions and resource routes get, request by request. */
export function createLoadContextBuilder(deps: LoadContextDeps): (req: Request, res: Response) => ServerLoadContext<ApiCaller> {
  const isMetricsRequestAllowed = createBearerCheck(deps.metricsToken);
  // Where no token is configured, none is right.
  const judgeToken = (authorization: string | null) => (deps.metricsToken !== null && isMetricsRequestAllowed(authorization) ? 'insider' : 'refused');
  return (req, res) => {
    const state = requestState(res);
    const { session, requestId } = state;
    return {
      api: deps.createApi(session),
      auth: deps.auth,
      health: deps.health,
      intake: deps.intake,
      session,
      sessionToken: state.sessionToken,
      clientAddress: req.ip ?? 'unknown',
      cspNonce: state.cspNonce,
      isSandbox: deps.isSandbox,
      version: deps.version,
      isMetricsRequestAllowed,
      judgeHealthReader: (authorization) => (BEARER.test(authorization ?? '') ? judgeToken(authorization) : session === null ? 'public' : 'insider'),
      renderMetrics: deps.renderMetrics,
      exports: { open: (request) => openPaced(deps.openExport, request, req, res) },
      handleTrpc: (request) => deps.handleTrpc(request, { requestId, session, onFailure: (failure) => void state.failedProcedures.push(failure) }),
      reportError(error) {
        state.hasFaulted = true;
        deps.logger.error({ requestId, err: describeError(error), stack: framesOf(error) }, 'page failed');
      },
    };
  };
}

async function openPaced(openExport: OpenExport, request: ExportRequest, req: Request, res: Response): Promise<ExportResponse> {
  const state = requestState(res);
  if (!state.session) throw new AppError('unauthenticated', 'Please log in.');
  const { source, ...file } = await openExport(request, state.session);
  const isCompressed = file.contentType !== COMPRESSED_TYPE && acceptsGzip(req.get('accept-encoding') ?? null);
  const body = paceBody(res, source, { isCompressed, onFault: () => void (state.hasFaulted = true) });
  return { ...file, body, contentEncoding: isCompressed ? 'gzip' : null };
}
