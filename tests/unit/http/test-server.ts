import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActionFunctionArgs, LoaderFunctionArgs, ServerBuild } from '@remix-run/node';
import { initTRPC, TRPCError } from '@trpc/server';
import { z } from 'zod';
import * as webhookRoute from '#app/routes/telegram.webhook.ts';
import { loader as loadCheck } from '#app/routes/health.$check.ts';
import { loader as loadReport } from '#app/routes/health._index.ts';
import { loader as loadLiveness } from '#app/routes/health.live.ts';
import { loader as loadReadiness } from '#app/routes/health.ready.ts';
import { loader as loadMetrics } from '#app/routes/metrics.ts';
import { loader as loadExport } from '#app/routes/monitoring.export.$report.ts';
import { openDatabase } from '#db/client.ts';
import { loadConfig } from '#server/config.ts';
import type { SessionInfo } from '#server/contracts/login.ts';
import type { HealthPort, IntakePort } from '#server/contracts/load-context.ts';
import type { OpenExport } from '#server/http/build-load-context.ts';
import { createHttpServer, type HttpOptions } from '#server/http/create-http-server.ts';
import type { HttpAuth } from '#server/http/gate.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createMetrics, type Metrics } from '#server/metrics/create-metrics.ts';
import { createCaller } from '#server/trpc/router.ts';
import { fakeHealth } from '#tests/support/health.ts';

export const GOOD_TOKEN = 'good-token';
export const COOKIE = `adtrobot=${GOOD_TOKEN}`;
export const SECRET = 'secret-of-the-database';
const OWNER: SessionInfo = { adminId: 1, email: 'owner@example.org', role: 'owner' };

const t = initTRPC.context<{ session: SessionInfo | null }>().create({
  isDev: false,
  errorFormatter: ({ shape, error }) => ({ ...shape, message: error.code === 'INTERNAL_SERVER_ERROR' ? 'Something went wrong.' : shape.message }),
});

/** Procedures that show what the adapter hands over. */
export function createTestRouter() {
  return t.router({
    whoami: t.procedure.query(({ ctx }) => ctx.session?.email ?? null),
    nested: t.router({ save: t.procedure.input(z.object({ name: z.string() })).mutation(({ input }) => input.name) }),
    broken: t.procedure.query(() => {
      throw new Error(SECRET);
    }),
    forbidden: t.procedure.query(() => {
      throw new TRPCError({ code: 'FORBIDDEN' });
    }),
  });
}

type Args = LoaderFunctionArgs | ActionFunctionArgs;
const page = (path: string, run: (args: Args) => unknown = () => ({})) => ({ path, module: { default: () => null, loader: run, action: run } });
const resource = (path: string, run: (args: Args) => unknown) => ({ path, module: { loader: run, action: run } });

const ROUTES: Record<string, { path: string; module: { default?: () => null; loader: (args: Args) => unknown; action: (args: Args) => unknown } }> = {
  'routes/login': page('login'),
  'routes/setup': page('setup'),
  'routes/preferences': page('preferences'),
  'routes/monitoring': page('monitoring', ({ context }) => ({ email: context.session?.email, address: context.clientAddress, token: context.sessionToken })),
  'routes/monitoring.export.$report': resource('monitoring/export/:report', (args) => loadExport(args)),
  'routes/users.$id': page('users/:id'),
  'routes/broken': page('broken', () => {
    throw new Error(SECRET);
  }),
  'routes/metrics': resource('metrics', loadMetrics),
  'routes/health._index': resource('health', (args) => loadReport(args)),
  'routes/health.$check': resource('health/:check', (args) => loadCheck(args)),
  'routes/health.live': resource('health/live', (args) => loadLiveness(args)),
  'routes/health.ready': resource('health/ready', (args) => loadReadiness(args)),
  'routes/trpc.$': resource('trpc/*', ({ context, request }) => context.handleTrpc(request)),
  'routes/telegram.webhook': { path: 'telegram/webhook', module: webhookRoute },
  'routes/stream': resource('stream', () => new Response('data: 1\n\n'.repeat(500), { headers: { 'Content-Type': 'text/event-stream' } })),
  'routes/hang': resource('hang', () => new Promise(() => undefined)),
  'routes/$': resource('*', () => new Response('Not found', { status: 404 })),
};

/** A Remix build made by hand: the smallest that the real adapter accepts. */
function createTestBuild(): ServerBuild {
  const routes: ServerBuild['routes'] = { root: { id: 'root', path: '', module: { default: () => null } } };
  const assetRoutes: ServerBuild['assets']['routes'] = {};
  for (const [id, { path, module }] of Object.entries(ROUTES)) {
    const serverModule = {
      default: module.default,
      loader: async (args: Args) => (await module.loader(args)) ?? null,
      action: async (args: Args) => (await module.action(args)) ?? null,
    };
    routes[id] = { id, parentId: 'root', path, module: serverModule };
    assetRoutes[id] = { id, parentId: 'root', path, hasAction: true, hasLoader: true, hasClientAction: false, hasClientLoader: false, hasErrorBoundary: false, module: '' };
  }
  return {
    mode: 'production',
    entry: {
      module: {
        default: (_request, status, headers, context, loadContext) => {
          headers.set('Content-Type', 'text/html');
          const data = JSON.stringify(context.staticHandlerContext.loaderData);
          return new Response(`<script nonce="${loadContext.cspNonce}"></script>${data}`, { status, headers });
        },
        handleError: (error, { context }) => context.reportError(error),
      },
    },
    routes,
    assets: { entry: { imports: [], module: '' }, routes: assetRoutes, url: '', version: '1' },
    publicPath: '/',
    assetsBuildDirectory: '',
    future: { v3_fetcherPersist: true, v3_relativeSplatPath: true, v3_throwAbortReason: true, v3_singleFetch: true, v3_lazyRouteDiscovery: true },
    isSpaMode: false,
  };
}

function createClientDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'adtrobot-client-'));
  mkdirSync(join(dir, 'assets'));
  mkdirSync(join(dir, '.vite'));
  writeFileSync(join(dir, 'assets', 'app-abc.js'), 'export {};'.repeat(500));
  writeFileSync(join(dir, 'assets', 'app-abc.js.map'), '{}');
  writeFileSync(join(dir, '.vite', 'manifest.json'), '{}');
  writeFileSync(join(dir, 'favicon.svg'), '<svg/>');
  return dir;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TestServer {
  readonly port: number;
  readonly metrics: Metrics;
  /** Tokens that were looked up. */
  readonly lookups: string[];
  /** Lines that were logged, as objects. */
  readonly logged: readonly string[];
  request(path: string, options?: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Answer>;
  close(): Promise<void>;
}

/** The real server over a hand-made build, on a free port. Paths go over the wire exactly as given. */
export async function startTestServer(options: Partial<HttpOptions> = {}, findSession?: HttpAuth['findSession'], intake: IntakePort | null = null, healthParts: Partial<HealthPort> = {}, openExport: OpenExport = () => Promise.reject(new Error('unused'))): Promise<TestServer> {
  const lookups: string[] = [];
  const logged: string[] = [];
  const logger = createLogger('error');
  logger.error = (...args: unknown[]) => void logged.push(JSON.stringify(args));
  const metrics = createMetrics({ version: '1', commit: 'abc', nodeVersion: 'v24', models: [], schedules: [] });
  const health = fakeHealth(healthParts);
  const auth: HttpAuth = {
    login: () => Promise.reject(new Error('unused')),
    logout: () => Promise.resolve(),
    setup: () => Promise.reject(new Error('unused')),
    hasOwner: () => Promise.resolve(true),
    serializeCookie: () => '',
    readSessionToken: (header) => /adtrobot=([^;]+)/.exec(header ?? '')?.[1] ?? null,
    findSession(token) {
      lookups.push(token);
      return findSession ? findSession(token) : Promise.resolve(token === GOOD_TOKEN ? OWNER : null);
    },
  };
  const clientDir = createClientDir();
  // Never asked: no route of this build calls the API.
  const { db } = openDatabase({ url: 'postgres://127.0.0.1:1/none' });
  const clock = { now: () => new Date() };
  const http = createHttpServer({
    remixBuild: createTestBuild(),
    clientDir,
    trpc: {
      router: createTestRouter(),
      createContext: (session) => ({ session }),
      createApi: (session) => createCaller({ session, health, drift: null, parity: null, sandboxChat: null, models: loadConfig({}).models, reports: { db, clock, reportingTimeZone: 'UTC' } }),
    },
    auth,
    health,
    intake,
    openExport,
    metrics,
    logger,
    options: { host: '127.0.0.1', port: 0, publicUrl: null, metricsToken: null, trustProxyCount: 0, isSandbox: true, version: '1', drainMs: 300, ...options },
  });
  const { port } = await http.listen();
  return {
    port,
    metrics,
    lookups,
    logged,
    request: (path, sent = {}) => send(port, path, sent),
    close: async () => {
      await http.close();
      rmSync(clientDir, { recursive: true, force: true });
    },
  };
}

function send(port: number, path: string, { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const lengthHeader = body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const req = httpRequest({ host: '127.0.0.1', port, path, method, agent: false, headers: { ...lengthHeader, ...headers } }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }));
      res.on('error', reject);
    });
    req.on('error', reject);
    req.end(body);
  });
}
