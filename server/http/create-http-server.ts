import { createServer, type Server } from 'node:http';
import { createRequestHandler, type GetLoadContextFunction } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import type { AnyRouter } from '@trpc/server';
import compression from 'compression';
import express, { type Express } from 'express';
import type { HealthPort, IntakePort } from '#server/contracts/load-context.ts';
import type { SessionInfo } from '#server/contracts/login.ts';
import type { Logger } from '#server/lib/logger.ts';
import type { Metrics } from '#server/metrics/create-metrics.ts';
import { UNMATCHED_HANDLER } from '#server/metrics/http.ts';
import type { ApiCaller } from '#server/trpc/router.ts';
import { createLoadContextBuilder, type OpenExport } from './build-load-context.ts';
import { checkBodySize, checkMethod, checkOrigin, refuseToWriteHealth } from './check-request.ts';
import { createGate, type HttpAuth } from './gate.ts';
import { createErrorHandler } from './handle-error.ts';
import { limitConnections } from './limit-connections.ts';
import { isScrape, limitScrapes, refuseToWriteMetrics, type ScrapeLimits } from './limit-scrapes.ts';
import { createHandlerMatcher } from './match-handler.ts';
import { isEventStream, measureRequests } from './measure-requests.ts';
import { normaliseRequestPath } from './normalise-path.ts';
import { createRequestState } from './request-state.ts';
import { closeConnectionsAtStop, drain, listen } from './run-server.ts';
import { createSecurityHeaders } from './security-headers.ts';
import { shedLoad } from './shed-load.ts';
import { createStaticAssets } from './static-assets.ts';
import { createTrpcAdapter, listProcedures } from './trpc-adapter.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Other processes listen on the port too. */
  readonly isShared?: boolean;
  /** Where people reach the site; null when that is not configured. https turns HSTS on. */
  readonly publicUrl: string | null;
  /** Null: `/metrics` is open. */
  readonly metricsToken: string | null;
  /** How many proxies in front of us may be believed about the client's address. */
  readonly trustProxyCount: number;
  readonly isSandbox: boolean;
  readonly version: string;
  /** Connections held at the same time. */
  readonly connectionsMax?: number;
  readonly scrapeLimits?: ScrapeLimits;
  /** Longest wait for running requests at a stop. */
  readonly drainMs?: number;
}

export interface HttpDeps {
  readonly remixBuild: ServerBuild;
  /** The folder of the client build. */
  readonly clientDir: string;
  readonly trpc: {
    readonly router: AnyRouter;
    /** Makes the context that procedures get. */
    readonly createContext: (session: SessionInfo | null) => object;
    /** Makes the caller that loaders get. */
    readonly createApi: (session: SessionInfo | null) => ApiCaller;
  };
  readonly auth: HttpAuth;
  readonly health: HealthPort;
  /** Null: Telegram does not bring updates here. */
  readonly intake: IntakePort | null;
  readonly openExport: OpenExport;
  readonly metrics: Pick<Metrics, 'http' | 'errors' | 'render'>;
  readonly logger: Logger;
  readonly options: HttpOptions;
}

export interface HttpServer {
  readonly server: Server;
  /** Rejects when the port cannot be had. */
  listen(): Promise<{ port: number }>;
  /** Accepts nothing new, waits for running requests, then cuts the rest. Idempotent. */
  close(): Promise<void>;
}

/** Slow senders hold a socket, not a request. */
const LIMITS = { maxHeaderSize: 16_384, headersTimeout: 5_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000 };
/** Longer than the idle time of usual load balancers (60 s), so that they never send into a closing connection. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const DRAIN_MS = 5_000;

function createApp(deps: HttpDeps): Express {
  const { trpc, metrics, logger, options } = deps;
  const matcher = createHandlerMatcher(deps.remixBuild.routes, listProcedures(trpc.router));
  metrics.http.declareHandlers(matcher.handlers);
  metrics.errors.declareHandlers([...matcher.handlers, UNMATCHED_HANDLER]);

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustProxyCount === 0 ? false : options.trustProxyCount);
  app.use(createRequestState(), closeConnectionsAtStop(deps.health));
  app.use(createSecurityHeaders({ isHttps: options.publicUrl?.startsWith('https:') ?? false }));
  app.use(measureRequests({ http: metrics.http, errors: metrics.errors, match: matcher.match, logger }));
  app.use(normaliseRequestPath(), checkMethod(), checkBodySize(), refuseToWriteMetrics(), refuseToWriteHealth());
  // Event streams must not wait in a buffer for more to compress; metrics come compressed, once for all scrapes.
  app.use(compression({ filter: (req, res) => !isEventStream(res) && !isScrape(res) && compression.filter(req, res) }));
  app.use(createStaticAssets(deps.clientDir));
  app.use(shedLoad(), checkOrigin({ isProxyTrusted: options.trustProxyCount > 0 }), createGate(deps.auth, deps.health));
  const buildLoadContext = createLoadContextBuilder({
    ...deps,
    ...options,
    createApi: trpc.createApi,
    renderMetrics: (accept, acceptEncoding) => metrics.render(accept, acceptEncoding),
    handleTrpc: createTrpcAdapter({ router: trpc.router, createContext: trpc.createContext, logger }),
  });
  // Spread, because Remix's type has an index signature that no interface fits.
  const getLoadContext: GetLoadContextFunction = (req, res) => ({ ...buildLoadContext(req, res) });
  const answerByRemix = createRequestHandler({ build: deps.remixBuild, mode: deps.remixBuild.mode, getLoadContext });
  // It never rejects: its errors go to `next`.
  app.all('*', (req, res, next) => void answerByRemix(req, res, next));
  app.use(createErrorHandler(logger));
  return app;
}

/** The web server: everything between a socket and a Remix route. Listens only when told to. */
export function createHttpServer(deps: HttpDeps): HttpServer {
  const server = createServer({ ...LIMITS, keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS }, limitScrapes(createApp(deps), deps.options.scrapeLimits));
  if (deps.options.connectionsMax !== undefined) limitConnections(server, deps.options.connectionsMax, deps.logger);
  let closing: Promise<void> | undefined;
  return {
    server,
    listen: () => listen(server, deps.options),
    close: () => (closing ??= drain(server, deps.options.drainMs ?? DRAIN_MS)),
  };
}
