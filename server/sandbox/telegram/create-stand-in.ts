import { createServer, type Server } from 'node:http';
import express from 'express';
import { createApiRouter } from './api-routes.ts';
import { ApiError } from './api-error.ts';
import { callMethod, findMethodName } from './call-method.ts';
import { createControlRouter } from './control-routes.ts';
import { FaultPlan } from './fault-plan.ts';
import { Journal } from './journal.ts';
import { keepSnapshot } from './keep-snapshot.ts';
import { findSnapshot } from './snapshot.ts';
import { startWebhookSender, type WaitForRetry } from './webhook-sender.ts';
import { createWorld, type World } from './world.ts';

/** How to start a stand-in. */
export interface TelegramStandInOptions {
  /** 0: any free one. */
  readonly port: number;
  /** `<digits>:<secret>`, as real tokens are. */
  readonly token: string;
  /** Added to every answer but those of polls. */
  readonly latencyMs?: number;
  /** Calls served are appended here as JSON lines. */
  readonly journalFile?: string;
  /** Chats and unconfirmed updates outlive a restart here; without it they are forgotten. */
  readonly stateFile?: string;
  /** Absent: it waits as long as it is told. */
  readonly waitForRetry?: WaitForRetry;
}

/** A stand-in that listens on loopback. */
export interface TelegramStandIn {
  /** Given to grammY as `apiRoot`: no slash at the end. */
  readonly apiRoot: string;
  /** Root of the control API, `.../control`. */
  readonly controlUrl: string;
  /** Ends polls, deliveries and connections, and writes what must outlive a restart. May be called again. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
/** Longer than clients keep an idle connection, so that they never write into one that is being closed. */
const KEEP_ALIVE_TIMEOUT_MS = 120_000;
const TOKEN_PATTERN = /^\d{1,16}:[\w-]{1,64}$/u;

/** Stands in for the Bot API: real answers to real clients, for one bot. Rejects when the port is taken or the token is malformed. */
export async function startTelegramStandIn(options: TelegramStandInOptions): Promise<TelegramStandIn> {
  if (!TOKEN_PATTERN.test(options.token)) throw new Error('the token must look like <digits>:<secret>');
  const world = createWorld(options.token, options.stateFile ? findSnapshot(options.stateFile) : null, Date.now);
  const journal = new Journal(Math.floor(Date.now() / 1000), options.journalFile);
  const faults = new FaultPlan();
  const server = createServer(createApp(options, world, journal, faults));
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  const port = await listen(server, options.port);
  const stopSnapshots = options.stateFile ? keepSnapshot(options.stateFile, world) : () => undefined;
  const stopSender = startWebhookSender(world, (method, values) => {
    const name = findMethodName(method);
    if (name === null) throw new ApiError(404, 'Not Found: method not found');
    return callMethod(world, journal, name, values, new AbortController().signal);
  }, options.waitForRetry);

  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    stopSender();
    world.updates.endWaitingPoll('the server is restarting');
    faults.clear();
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await ended;
    stopSnapshots();
    await journal.close();
  };
  return { apiRoot: `http://${HOST}:${port}`, controlUrl: `http://${HOST}:${port}/control`, close: () => (closing ??= close()) };
}

function createApp(options: TelegramStandInOptions, world: World, journal: Journal, faults: FaultPlan): express.Express {
  let pollCount = 0;
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use('/control', createControlRouter({ world, journal, faults, pollCount: () => pollCount }));
  app.use(
    createApiRouter({ token: options.token, latencyMs: options.latencyMs ?? 0, world, journal, faults, onPoll: () => (pollCount += 1) }),
  );
  return app;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('the server has no port'));
    });
  });
}
