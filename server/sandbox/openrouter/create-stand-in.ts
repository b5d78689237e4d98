import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { type Clock, systemClock } from '#server/lib/clock.ts';
import { answerCredits, answerGeneration, answerKey } from './account-endpoints.ts';
import { answerActivity } from './activity-endpoint.ts';
import { requireKey, requireManagementKey } from './authentication.ts';
import { answerChat } from './chat-endpoint.ts';
import type { StandInContext } from './context.ts';
import { createControlApi } from './control-api.ts';
import { sendError } from './errors.ts';
import { FaultQueue } from './fault-queue.ts';
import { Journal } from './journal.ts';
import { answerModelCount, answerModels } from './models-endpoint.ts';
import { strikePlainFaults } from './plain-faults.ts';

export interface OpenRouterStandInOptions {
  /** On loopback; 0 takes any free one. */
  readonly port: number;
  /** Equal seeds give equal answers to equal requests. */
  readonly seed: number;
  /** 0: answers at once; 1: as long as real models take. */
  readonly latencyScale: number;
  /** JSON lines; read at start, appended to. Without it the journal lives in memory. */
  readonly journalFile?: string;
  /** Limit of every key in decimal US dollars; null or absent: none. */
  readonly keyLimitUsd?: string | null;
  readonly clock?: Clock;
}

/** A stand-in that listens; `close` is idempotent and breaks what still hangs. */
export interface OpenRouterStandIn {
  /** The base URL to give to a client. */
  readonly url: string;
  readonly controlUrl: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const REQUEST_SIZE_MAX = '4mb';

/** Starts a stand-in for OpenRouter: same wire, same prices, same faults. Rejects when the port is taken. */
export async function startOpenRouterStandIn(options: OpenRouterStandInOptions): Promise<OpenRouterStandIn> {
  const server = createServer(
    createApp({
      seed: options.seed,
      latencyScale: options.latencyScale,
      clock: options.clock ?? systemClock,
      journal: new Journal(options.journalFile ?? null),
      faults: new FaultQueue(),
      keyLimitUsd: options.keyLimitUsd ?? null,
    }),
  );
  server.listen(options.port, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | null = null;
  return {
    url: `http://${HOST}:${port}/api/v1`,
    controlUrl: `http://${HOST}:${port}/control`,
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}

function createApp(context: StandInContext): Express {
  const { faults } = context;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use('/control', createControlApi(context));
  const api = express.Router();
  api.post('/chat/completions', requireKey, express.json({ limit: REQUEST_SIZE_MAX }), answerChat(context));
  api.get('/generation', requireKey, strikePlainFaults(faults, 'generation'), answerGeneration(context));
  api.get(['/key', '/auth/key'], requireKey, strikePlainFaults(faults, 'key'), answerKey(context));
  api.get('/credits', requireKey, requireManagementKey, answerCredits(context));
  api.get('/activity', requireKey, requireManagementKey, strikePlainFaults(faults, 'activity'), answerActivity(context));
  api.get('/models', strikePlainFaults(faults, 'models'), answerModels);
  api.get('/models/count', strikePlainFaults(faults, 'models'), answerModelCount);
  app.use('/api/v1', api);
  app.use((_req, res) => sendError(res, 404, 'Not Found'));
  app.use(answerBrokenRequest);
  return app;
}

/** A body that is no JSON is the client's fault, the rest is ours. */
const answerBrokenRequest: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) return next(error);
  if (error instanceof Error && 'status' in error && error.status === 413) return sendError(res, 413, 'Payload too large');
  const isTheirs = error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500;
  if (isTheirs) return sendError(res, 400, 'Invalid JSON in the request body');
  sendError(res, 500);
};
