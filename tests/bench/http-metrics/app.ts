import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler } from 'express';
import { Registry } from 'prom-client';
import { createHandlerMatcher } from '#server/http/match-handler.ts';
import { measureRequests } from '#server/http/measure-requests.ts';
import { createRequestState } from '#server/http/request-state.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createErrorMetrics } from '#server/metrics/errors.ts';
import { createHttpMetrics } from '#server/metrics/http.ts';

/*
 * A minimal app as a process of its own, with our instrumentation, with that of express-prom-bundle, or with none. It tells
 * its parent the port, and, whenever asked, the processor time that it has used so far, in microseconds.
 */
// Required, because its types are those of another express than ours.
const createPromBundle: (options: object) => RequestHandler = createRequire(import.meta.url)('express-prom-bundle');
const MANIFEST = {
  home: { id: 'home', path: '/', index: true },
  items: { id: 'items', path: 'items' },
  item: { id: 'item', path: 'items/:id' },
};

function instrument(by: string): RequestHandler[] {
  const registry = new Registry();
  if (by === 'peer') return [createPromBundle({ includeMethod: true, includePath: true, promRegistry: registry })];
  if (by !== 'ours') return [];
  const { handlers, match } = createHandlerMatcher(MANIFEST, []);
  const [http, errors] = [createHttpMetrics(registry), createErrorMetrics(registry)];
  http.declareHandlers(handlers);
  errors.declareHandlers(handlers);
  return [measureRequests({ http, errors, match, logger: createLogger('warn') })];
}

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use(createRequestState(), ...instrument(process.argv[2] ?? ''));
app.get('/', (_req, res) => void res.end('home'));
app.get('/items', (_req, res) => void res.end('items'));
app.get('/items/:id', (req, res) => void res.end(req.params.id));
const server = createServer(app).listen(0, '127.0.0.1');
await once(server, 'listening');

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.once('disconnect', () => process.exit(0));
process.send?.((server.address() as AddressInfo).port);
